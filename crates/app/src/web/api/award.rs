//! Awarding directly: a program says who has earned what, and the badges are
//! issued in one transaction.

use crate::http::SignedIn;
use crate::http::call::{Call, Path};
use crate::http::idempotency::Reply;
use crate::http::problem::{Problem, Result};
use crate::http::shape::Badge;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::credential::{self, Again, Came, Issued, NewAward};
use cairn_actions::error::{Error, FieldError};
use cairn_actions::person::Actor;
use cairn_actions::published;
use cairn_actions::published::Published;
use cairn_domain::display_name::{self, NameKind};
use cairn_domain::permission::Intent;
use cairn_platform::db::is_duplicate;
use cairn_value::email::Email;
use cairn_value::id::OrganizationId;
use cairn_value::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

/// Most people in one call.
const MOST: usize = 1000;
/// Most wrong members that are told at once.
const MOST_TOLD: usize = 100;

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
        let issued = award(&app, &actor, &slug, &body.achievement, &body.recipients).await?;
        let is_new = issued.iter().any(Issued::is_new);
        let awarded = |i: &Issued| {
            let credential = Badge::of(&app.config.base_url, Some(i))?;
            Some(Awarded { email: i.address.clone(), credential, is_new: i.is_new() })
        };
        let awards = Awards { items: issued.iter().filter_map(awarded).collect(), next: None };
        if is_new { Reply::created(&awards) } else { Reply::ok(&awards) }
    })
    .await
}

/// Awards an organisation's micro-credential to people, matched to accounts by
/// verified address; in one transaction all or none.
pub async fn award(
    app: &App,
    actor: &Actor,
    slug: &str,
    key: &str,
    recipients: &[Receiver],
) -> Result<Vec<Issued>> {
    let member = actor.member(slug).ok().filter(|m| m.may(Intent::Award)).ok_or(Error::NotFound)?;
    let addresses = check(recipients, app.clock.now())?;
    match write(app, actor, member.organization, key, recipients, &addresses).await {
        // somebody else was awarding the same at this moment; now it is there to be found
        Err(Problem(Error::Unexpected(e))) if e.downcast_ref::<sqlx::Error>().is_some_and(is_duplicate) => {
            write(app, actor, member.organization, key, recipients, &addresses).await
        }
        other => other,
    }
}

async fn write(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    key: &str,
    recipients: &[Receiver],
    addresses: &[Email],
) -> Result<Vec<Issued>> {
    let mut tx = app.db.begin().await?;
    let published = match published::find_published(&mut tx, key).await {
        Ok(found) if found.organization == organization => found,
        Ok(_) | Err(Error::NotFound) => {
            let why = "this organisation offers no micro-credential under this key";
            return Err(Error::invalid("achievement", why).into());
        }
        Err(other) => return Err(other.into()),
    };
    let now = app.clock.now();
    let awards = recipients.iter().zip(addresses).map(|(r, address)| NewAward {
        reason: reason(&published, address),
        person: None,
        name: r.name.trim().to_owned(),
        address: address.as_str().to_owned(),
        enrollment: None,
        at: r.awarded_on.and_then(midnight).unwrap_or(now),
        outcomes: vec![],
        evidence: vec![],
        again: if r.again { Again::Yes } else { Again::No },
    });
    let issued = credential::issue(&mut tx, app, &published, &actor.log_name(), awards.collect()).await?;
    refuse_revoked(&issued)?;
    credential::tell(&mut tx, app, &published, &issued).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(issued)
}

/// A revocation stands until somebody says otherwise on purpose: nothing is awarded then.
fn refuse_revoked(issued: &[Issued]) -> Result<()> {
    let revoked = issued.iter().enumerate().filter(|(_, one)| one.came == Came::Revoked);
    let told = revoked.take(MOST_TOLD).map(|(n, one)| {
        let why = format!(
            "the badge of this person, {}, was revoked; to award it again all the same, set again to true",
            one.credential
        );
        FieldError::new(&format!("recipients[{n}].email"), why)
    });
    let told: Vec<FieldError> = told.collect();
    if told.is_empty() { Ok(()) } else { Err(Error::Invalid(told).into()) }
}

/// The same person and version are awarded once.
fn reason(published: &Published, address: &Email) -> String {
    format!("api:{}:{}", published.version, address.key())
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
}

/// The addresses, when everything about the recipients is right.
fn check(recipients: &[Receiver], now: Timestamp) -> Result<Vec<Email>> {
    if recipients.is_empty() || recipients.len() > MOST {
        return Err(Error::invalid("recipients", "name 1 to 1000 people in one call").into());
    }
    let (mut wrong, mut addresses, mut seen) = (vec![], vec![], HashMap::new());
    for (n, one) in recipients.iter().enumerate() {
        let mut say = |member: &str, message: String| {
            wrong.push(FieldError::new(&format!("recipients[{n}].{member}"), message));
        };
        if one.name.trim().is_empty()
            || one.name.chars().count() > 200
            || one.name.chars().any(char::is_control)
            || display_name::check(NameKind::Recipient, &one.name).is_err()
        {
            say("name", "a name has 1 to 200 characters and no web or mail address in it".into());
        }
        if let Some(day) = one.awarded_on
            && midnight(day).is_none_or(|at| at > now || day.year() < 1900)
        {
            say("awarded_on", "this day has not come yet, or is too long ago".into());
        }
        match Email::parse(&one.email) {
            Ok(address) => {
                if let Some(before) = seen.insert(address.key(), n) {
                    say("email", format!("this address stands at recipients[{before}] too"));
                }
                addresses.push(address);
            }
            Err(e) => say("email", e.to_string()),
        }
    }
    wrong.truncate(MOST_TOLD);
    if wrong.is_empty() { Ok(addresses) } else { Err(Error::Invalid(wrong).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_checked_one_by_one() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let one = |name: &str, email: &str, day: Option<&str>| Receiver {
            name: name.into(),
            email: email.into(),
            awarded_on: day.map(|d| d.parse().unwrap()),
            again: false,
        };
        let check = |people: &[Receiver], want: &[&str]| {
            let fields = match check(people, now) {
                Ok(_) => vec![],
                Err(Problem(Error::Invalid(fields))) => fields,
                Err(other) => panic!("{other:?}"),
            };
            let fields: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
            assert_eq!(fields, want, "{people:?}");
        };
        let amy = one("Amy", "amy@people.example", Some("2026-11-22"));
        check(std::slice::from_ref(&amy), &[]);
        check(&[], &["recipients"]);
        check(&vec![amy.clone(); 1001], &["recipients"]);
        check(
            &[amy, one(" ", "AMY@people.example", Some("2026-11-23"))],
            &["recipients[1].name", "recipients[1].awarded_on", "recipients[1].email"],
        );
        check(&[one("Ann\n", "ann", None)], &["recipients[0].name", "recipients[0].email"]);
    }
}
