//! Invitations for programs of whoever looks after the members: what waits, invite, withdraw.

use crate::http::SignedIn;
use crate::http::call::{Call, Nothing, Path, Query};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, List, Part, cut};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::organization::{self, Sent};
use cairn_actions::person::Actor;
use cairn_domain::permission::Role;
use cairn_value::email::Email;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(list, invite, withdraw))]
pub struct Api;

/// An invitation that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// Id.
    id: String,
    /// To whom.
    email: String,
    /// `owner`, `designer`, `reviewer`, `awarder`, `manager`, `analyst`.
    role: String,
    /// RFC 3339; from then on its link opens nothing.
    expires_at: String,
}

async fn waiting(app: &App, actor: &Actor, slug: &str) -> Result<Vec<Invitation>> {
    let invitation = |i: organization::Invitation| Invitation {
        id: i.id,
        email: i.address,
        role: i.role,
        expires_at: shape::instant(i.expires_at),
    };
    let people = organization::people(app, actor, slug).await?;
    Ok(people.invitations.into_iter().map(invitation).collect())
}

/// Invitations that wait, newest first. For those who look after the members.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/invitations", tag = "organizations",
    params(("org" = String, Path, description = "The organisation's slug"), Part),
    responses((status = 200, body = List<Invitation>)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<List<Invitation>>> {
    let limit = part.limit()?;
    let after = part.after.as_deref().unwrap_or("");
    let (items, mark) = cut(waiting(&app, &actor, &slug).await?, after, limit, |i| i.id.clone());
    let (path, size) = (format!("/api/v1/organizations/{slug}/invitations"), limit.to_string());
    let next = mark.map(|mark| shape::next(&app.config.base_url, &path, &[("limit", &size)], &mark));
    Ok(Json(List { items, next }))
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// The letter goes there.
    email: String,
    /// `owner`, `designer`, `reviewer`, `awarder`, `manager`, `analyst`.
    role: String,
}

/// What inviting has led to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invited {
    /// True when it takes the place of one that waited for this address; the link of that one opens nothing now.
    renewed: bool,
}

/// Invites an address by a letter whose link is open for 14 days; one that waits is renewed. For those who look
/// after the members.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/invitations", tag = "organizations",
    request_body = NewInvitation,
    params(("org" = String, Path, description = "The organisation's slug")),
    responses((status = 200, body = Invited)))]
pub async fn invite(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Call { body, once }: Call<NewInvitation>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let role = Role::parse(&body.role).ok_or_else(|| Error::invalid("role", "choose-role"))?;
        let email = Email::parse(&body.email).map_err(|wrong| Error::invalid("email", wrong))?;
        let sent = organization::invite(&app, &actor, &slug, &email, role).await?;
        Reply::ok(&Invited { renewed: sent == Sent::Renewed })
    })
    .await
}

/// Withdraws an invitation that waits: its link opens nothing from then on. For those who look after the members.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/invitations/{id}/withdrawal", tag = "organizations",
    request_body = Nothing,
    params(("org" = String, Path, description = "The organisation's slug"),
        ("id" = String, Path, description = "The invitation")),
    responses((status = 200, description = "What still waits", body = List<Invitation>)))]
pub async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        organization::withdraw_invitation(&app, &actor, &slug, id.parse()?).await?;
        let items = waiting(&app, &actor, &slug).await.map_err(|problem| problem.0)?;
        Reply::ok(&List { items, next: None })
    })
    .await
}
