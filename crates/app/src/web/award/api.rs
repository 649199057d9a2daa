//! Awarding directly: a program says who has earned what, and the badges are
//! issued in one transaction.

use crate::http::SignedIn;
use crate::http::call::{Call, Path};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::Badge;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::award;
use cairn_actions::credential::{Again, Issuance};
use cairn_actions::error::Error;
use cairn_domain::permission::Intent;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(create))]
pub struct Api;

/// Who gets a badge.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// Name as it will stand on the badge.
    name: String,
    /// Address; an account with this verified address gets the badge at once,
    /// everybody else can claim it.
    email: String,
    /// Day on which it was earned, `2026-11-22`; today when it is not given.
    #[schema(value_type = Option<String>, format = Date)]
    awarded_on: Option<Date>,
    /// True awards it once more to somebody whose badge was revoked; without it
    /// that is refused.
    #[serde(default)]
    again: bool,
}

impl From<&Receiver> for award::Receiver {
    fn from(r: &Receiver) -> Self {
        Self {
            name: r.name.clone(),
            email: r.email.clone(),
            awarded_on: r.awarded_on,
            again: if r.again { Again::Yes } else { Again::No },
        }
    }
}

/// What is awarded, and to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAwards {
    /// "organisation.achievement" of this organisation's micro-credential.
    achievement: String,
    /// 1 to 1000 people.
    recipients: Vec<Receiver>,
}

/// A badge that was awarded.
#[derive(Debug, Serialize, ToSchema)]
pub struct Awarded {
    /// The address that was given.
    email: String,
    /// The badge.
    credential: Badge,
    /// False when this person has this version already, whoever awarded it and
    /// to which of her addresses; it is that badge then.
    is_new: bool,
}

/// Badges, in the order of the recipients.
#[derive(Debug, Serialize, ToSchema)]
pub struct Awards {
    /// One for each recipient.
    items: Vec<Awarded>,
    /// Always null: all are here.
    next: Option<String>,
}

/// Awards a micro-credential: badges are issued and their holders told. The same
/// person gets the same version once, however often it is asked for; a badge that
/// was corrected is answered with the one that took its place, and one that was
/// revoked is refused unless `again` is true.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/awards", tag = "organizations", request_body = NewAwards,
    params(("org" = String, Path, description = "The organisation's slug")),
    responses((status = 201, description = "Badges were issued", body = Awards),
        (status = 200, description = "All had been issued before", body = Awards)))]
pub async fn create(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Call { body, once }: Call<NewAwards>,
) -> Result<Response> {
    actor.member(&slug).ok().filter(|m| m.may(Intent::Award)).ok_or(Error::NotFound)?;
    once.must_have_key()?;
    once.run(&app, &actor, move |app, actor| async move {
        let receivers: Vec<award::Receiver> = body.recipients.iter().map(award::Receiver::from).collect();
        let issued = award::award_all(&app, &actor, &slug, &body.achievement, &receivers).await?;
        let is_new = issued.iter().any(Issuance::is_new);
        let awarded = |i: &Issuance| {
            let credential = Badge::of(&app.config.base_url, Some(i))?;
            Some(Awarded { email: i.address.clone(), credential, is_new: i.is_new() })
        };
        let awards = Awards { items: issued.iter().filter_map(awarded).collect(), next: None };
        if is_new { Reply::created(&awards) } else { Reply::ok(&awards) }
    })
    .await
}
