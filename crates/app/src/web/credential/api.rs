//! Badges: one's own, an organisation's, and the public ones.

use crate::http::SignedIn;
use crate::http::call::{Call, Path, Query, Reader};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, Badge, List, Organization, Part};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::confirmation::notice;
use cairn_actions::credential::correction::{self, Correction, Piece};
use cairn_actions::credential::{self, CredentialRow, Filter, Sharing};
use cairn_actions::published;
use cairn_domain::award;
use cairn_domain::permission::Intent;
use cairn_platform::db::Conn;
use cairn_value::id::{AchievementId, CredentialId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(mine, find, change, correct, share, of_organization))]
pub struct Api;

/// What was earned.
#[derive(Debug, Serialize, ToSchema)]
pub struct Earned {
    /// Lasting id.
    id: String,
    /// "organisation.achievement"
    key: String,
    /// Id of the version that was earned.
    version: String,
}

/// A badge.
#[derive(Debug, Serialize, ToSchema)]
pub struct Credential {
    /// Id.
    id: String,
    /// Its page.
    url: String,
    /// active, suspended, revoked or superseded; whether it has run out says
    /// `valid_until`.
    state: String,
    /// Why it is in this state; for its holder and the organisation only.
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<String>,
    /// True when everybody with the address may see it.
    shared: bool,
    /// RFC 3339.
    issued_at: String,
    /// RFC 3339.
    valid_from: String,
    /// RFC 3339; null is for ever.
    valid_until: Option<String>,
    /// The holder's name as it was awarded.
    recipient_name: String,
    /// Who issued it, under the name that it signed.
    organization: Organization,
    /// What to know of who issued it: unconfirmed, not-looked-at or suspended; absent when it is confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    caution: Option<String>,
    /// What was earned.
    achievement: Earned,
    /// The signed Open Badges 3.0 document; left out of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    document: Option<Value>,
}

/// Who looks, and at how much.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// Somebody with the address.
    Public,
    /// Its holder or the organisation.
    Inner,
}

fn shown(c: CredentialRow, key: String, base: &str, view: View) -> Credential {
    Credential {
        url: format!("{base}/c/{}", c.id),
        state: c.state.name().to_owned(),
        state_reason: (view == View::Inner).then_some(c.state_reason),
        shared: c.shared_at.is_some(),
        issued_at: shape::instant(c.issued_at),
        valid_from: shape::instant(c.valid_from),
        valid_until: c.valid_until.map(shape::instant),
        recipient_name: c.recipient_name,
        caution: notice(c.standing).map(|n| n.caution.to_owned()),
        organization: Organization {
            id: c.organization,
            slug: c.organization_slug,
            name: c.organization_name,
        },
        achievement: Earned { id: c.achievement, key, version: c.version_id },
        document: None,
        id: c.id,
    }
}

/// Things of a list, for those who may see all of them.
async fn list(conn: &mut Conn, page: Vec<CredentialRow>, base: &str) -> Result<Vec<Credential>> {
    let ids: Vec<&str> = page.iter().map(|c| c.achievement.as_str()).collect();
    let keys = published::keys(conn, &ids).await?;
    let key = |c: &CredentialRow| keys.get(&c.achievement).cloned().unwrap_or_default();
    Ok(page
        .into_iter()
        .map(|c| {
            let key = key(&c);
            shown(c, key, base, View::Inner)
        })
        .collect())
}

/// The badges of the person whose token it is, newest first.
#[utoipa::path(get, path = "/api/v1/credentials", tag = "credentials", params(Part),
    responses((status = 200, body = List<Credential>)))]
pub async fn mine(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(part): Query<Part>,
) -> Result<Json<List<Credential>>> {
    let (limit, base) = (part.limit()?, &app.config.base_url);
    let mut conn = app.db.read().await?;
    let all = credential::of_person(&mut conn, actor.person).await?;
    let (page, mark) = shape::cut(all, part.after.as_deref().unwrap_or(""), limit, |c| c.id.clone());
    let items = list(&mut conn, page, base).await?;
    let next = mark.map(|m| shape::next(base, "/api/v1/credentials", &[("limit", &limit.to_string())], &m));
    Ok(Json(List { items, next }))
}

/// One badge: public ones for everybody, without a token; with one also one's
/// own and the organisation's. All others are not found.
#[utoipa::path(get, path = "/api/v1/credentials/{id}", tag = "credentials",
    params(("id" = String, Path, description = "Credential id")), responses((status = 200, body = Credential)))]
pub async fn find(
    State(app): State<App>,
    Reader(actor): Reader,
    Path(id): Path<String>,
) -> Result<Json<Credential>> {
    let id: CredentialId = id.parse()?;
    let mut conn = app.db.read().await?;
    let found = credential::find_for(&mut conn, actor.as_ref(), id).await?;
    let organization = found.organization.parse()?;
    let is_inner = actor.is_some_and(|a| {
        found.person.as_deref() == Some(&a.person.to_string())
            || a.with(organization, Intent::SeeCredentials).is_ok()
    });
    let key = published::keys(&mut conn, &[&found.achievement])
        .await?
        .remove(&found.achievement)
        .unwrap_or_default();
    let document = serde_json::from_str(&found.document)?;
    let view = if is_inner { View::Inner } else { View::Public };
    Ok(Json(Credential { document: Some(document), ..shown(found, key, &app.config.base_url, view) }))
}

/// What is looked for among an organisation's badges.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a name or an address.
    #[serde(default)]
    q: String,
    /// active, suspended, revoked or superseded.
    #[serde(default)]
    state: String,
    /// Achievement id or "organisation.achievement".
    #[serde(default)]
    achievement: String,
    /// How many things, 1 to 100; 50 when it is not given.
    limit: Option<i64>,
    /// Where to go on; part of `next`.
    #[serde(default)]
    after: String,
}

/// An organisation's badges, newest first.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/credentials", tag = "organizations",
    params(("org" = String, Path, description = "The organisation's slug"), Search),
    responses((status = 200, body = List<Credential>)))]
pub async fn of_organization(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(search): Query<Search>,
) -> Result<Json<List<Credential>>> {
    let member = actor.member(&slug).ok().filter(|m| m.may(Intent::SeeCredentials)).ok_or(Error::NotFound)?;
    let limit = shape::limit(search.limit)?;
    if !search.state.is_empty() && award::State::parse(&search.state).is_none() {
        return Err(Error::invalid("state", "choose-badge-state").into());
    }
    let mut conn = app.db.read().await?;
    let filter = Filter {
        state: search.state.clone(),
        text: search.q.trim().to_lowercase(),
        achievement: achievement_id(&mut conn, &search.achievement).await?,
        after: search.after.clone(),
    };
    let mut page =
        credential::of_organization(&mut conn, member.organization, &filter, limit as i64 + 1).await?;
    let more = page.len() > limit;
    page.truncate(limit);
    let mark = page.last().filter(|_| more).map(|c| c.id.clone());
    let path = format!("/api/v1/organizations/{slug}/credentials");
    let limit = limit.to_string();
    let query = [
        ("q", search.q.as_str()),
        ("state", &search.state),
        ("achievement", &search.achievement),
        ("limit", &limit),
    ];
    let next = mark.map(|m| shape::next(&app.config.base_url, &path, &query, &m));
    let items = list(&mut conn, page, &app.config.base_url).await?;
    Ok(Json(List { items, next }))
}

/// An achievement's id, given as id or as key; empty stays empty.
pub async fn achievement_id(conn: &mut Conn, text: &str) -> Result<String> {
    if text.is_empty() || text.parse::<AchievementId>().is_ok() {
        return Ok(text.to_owned());
    }
    match published::find_published(conn, text).await {
        Ok(published) => Ok(published.achievement.to_string()),
        Err(Error::NotFound) => Err(Error::invalid("achievement", "achievement-no-key").into()),
        Err(other) => Err(other.into()),
    }
}

/// What happens to a badge.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Not in force for now.
    Suspend,
    /// In force again.
    Reinstate,
    /// Not in force any more, for ever.
    Revoke,
}

/// A change of a badge's status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStatus {
    /// What happens.
    change: Change,
    /// Why; the holder and whoever checks the badge will read it.
    reason: String,
}

/// A badge's status.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// Credential id.
    id: String,
    /// active, suspended, revoked or superseded: a badge on a list from before is put in force again by
    /// another one that takes its place.
    state: String,
}

/// Suspends, reinstates or revokes a badge.
#[utoipa::path(post, path = "/api/v1/credentials/{id}/status", tag = "credentials", request_body = NewStatus,
    params(("id" = String, Path, description = "Credential id")), responses((status = 200, body = Status)))]
pub async fn change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<NewStatus>,
) -> Result<Response> {
    let id: CredentialId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let change = match body.change {
            Change::Suspend => award::Change::Suspend,
            Change::Reinstate => award::Change::Reinstate,
            Change::Revoke => award::Change::Revoke,
        };
        let state = credential::change_status(&app, &actor, id, change, &body.reason).await?;
        Reply::ok(&Status { id: id.to_string(), state: state.name().to_owned() })
    })
    .await
}

/// A piece of evidence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    /// Its title.
    title: String,
    /// Its address, https:// or http://, or that of a file as the badge names it.
    #[serde(default)]
    url: String,
    /// What is to be seen.
    #[serde(default)]
    narrative: String,
}

/// What is right instead; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    /// The recipient's name.
    name: Option<String>,
    /// The day on which it was earned: not after the day it was issued.
    #[schema(value_type = Option<String>, format = Date)]
    awarded_on: Option<Date>,
    /// All evidence.
    evidence: Option<Vec<NewEvidence>>,
    /// Why; the holder and whoever checks the old badge will read it.
    reason: String,
}

/// A badge that took another one's place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Corrected {
    /// The new badge.
    credential: Badge,
    /// Id of the one that is superseded.
    replaces: String,
}

/// Corrects a badge in force: a new one takes its place, and it is superseded.
#[utoipa::path(post, path = "/api/v1/credentials/{id}/correction", tag = "credentials", request_body = NewCorrection,
    params(("id" = String, Path, description = "Credential id")), responses((status = 201, body = Corrected)))]
pub async fn correct(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<NewCorrection>,
) -> Result<Response> {
    let id: CredentialId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let piece = |e: NewEvidence| Piece { title: e.title, link: e.url, narrative: e.narrative };
        let correction = Correction {
            name: body.name,
            awarded_on: body.awarded_on,
            evidence: body.evidence.map(|all| all.into_iter().map(piece).collect()),
            reason: body.reason,
        };
        let new = correction::correct(&app, &actor, id, &correction).await?;
        let url = format!("{}/c/{new}", app.config.base_url);
        Reply::created(&Corrected {
            credential: Badge { id: new.to_string(), url },
            replaces: id.to_string(),
        })
    })
    .await
}

/// Whether a badge is public.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// True: everybody with the address may see it.
    shared: bool,
}

/// The holder makes her badge public or private.
#[utoipa::path(post, path = "/api/v1/credentials/{id}/sharing", tag = "credentials", request_body = Shared,
    params(("id" = String, Path, description = "Credential id")), responses((status = 200, body = Shared)))]
pub async fn share(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<Shared>,
) -> Result<Response> {
    let id: CredentialId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let sharing = if body.shared { Sharing::Public } else { Sharing::Private };
        credential::set_sharing(&app, &actor, id, sharing).await?;
        Reply::ok(&body)
    })
    .await
}
