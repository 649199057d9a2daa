//! Announcements for programs, and the one request that ends an organisation's letters (RFC 8058).

use crate::http::SignedIn;
use crate::http::call::{Call, Nothing, Path, Query};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, List, Part};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::announcement::{self, Announcement};
use cairn_actions::error::Error;
use cairn_domain::announcement::{AnnouncementId, Audience, Draft};
use cairn_value::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(news, stop, list, make, withdraw))]
pub struct Api;

/// Something that an organisation tells a reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewsItem {
    /// Lasting id.
    id: String,
    /// Slug of the organisation.
    organization: String,
    /// A line.
    title: String,
    /// Markdown.
    text: String,
    /// RFC 3339.
    appeared_at: String,
    /// True until it is marked as read.
    is_new: bool,
    /// What is to be known of the organisation: `unconfirmed`, `not_looked_at`, `suspended`; null when nothing is.
    caution: Option<&'static str>,
}

/// What the token's person is told, the newest first; at most a hundred of the last 90 days.
#[utoipa::path(get, path = "/api/v1/announcements", tag = "announcements",
    responses((status = 200, body = List<NewsItem>)))]
pub async fn news(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<List<NewsItem>>> {
    let mut conn = app.db.read().await?;
    let all = announcement::news(&mut conn, &app, actor.person).await?;
    let item = |n: announcement::News| NewsItem {
        id: n.id,
        organization: n.slug,
        title: n.title,
        text: n.body,
        appeared_at: shape::instant(n.appears_at),
        is_new: n.is_new,
        caution: cairn_actions::confirmation::notice(n.standing).map(|notice| notice.caution),
    };
    Ok(Json(List { items: all.into_iter().map(item).collect(), next: None }))
}

/// Ends an organisation's letters to whoever got this token in one, as `List-Unsubscribe` names it (RFC 8058).
#[utoipa::path(post, path = "/api/v1/announcements/letters/{token}", tag = "announcements",
    params(("token" = String, Path, description = "From the letter's header")), responses((status = 204)))]
pub async fn stop(State(app): State<App>, Path(token): Path<String>) -> Result<StatusCode> {
    announcement::stop_letters(&app, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An announcement as its organisation sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnAnnouncement {
    /// Lasting id.
    id: String,
    /// A line.
    title: String,
    /// Markdown.
    text: String,
    /// `everyone`, `learners` (who works on something now), `holders` (who has a badge).
    audience: String,
    /// Slug of the micro-credential whose people are told; null for all of the organisation.
    achievement: Option<String>,
    /// RFC 3339; from then on it is seen.
    appears_at: String,
    /// RFC 3339; null while it stands.
    withdrawn_at: Option<String>,
}

impl From<Announcement> for OwnAnnouncement {
    fn from(a: Announcement) -> Self {
        Self {
            id: a.id,
            title: a.title,
            text: a.body,
            audience: a.audience.name().to_owned(),
            achievement: (!a.achievement.is_empty()).then_some(a.achievement),
            appears_at: shape::instant(a.appears_at),
            withdrawn_at: a.withdrawn_at.map(shape::instant),
        }
    }
}

/// An organisation's announcements, the newest first. For those who may announce.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/announcements", tag = "announcements",
    params(("org" = String, Path, description = "The organisation's slug"), Part),
    responses((status = 200, body = List<OwnAnnouncement>)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<List<OwnAnnouncement>>> {
    let limit = part.limit()?;
    let after = part.after.as_deref().unwrap_or("");
    let mut found = announcement::of_organization(&app, &actor, &slug, after, limit as i64 + 1).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let path = format!("/api/v1/organizations/{slug}/announcements");
    let text = limit.to_string();
    let next = found
        .last()
        .filter(|_| is_more)
        .map(|last| shape::next(&app.config.base_url, &path, &[("limit", text.as_str())], &last.id));
    Ok(Json(List { items: found.into_iter().map(OwnAnnouncement::from).collect(), next }))
}

/// What is to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnnouncement {
    /// A line of at most 120 characters.
    title: String,
    /// Markdown of at most 5000 characters.
    text: String,
    /// `everyone` (as when it is not given), `learners`, `holders`.
    audience: Option<String>,
    /// Slug of a published micro-credential, to tell its people alone.
    #[serde(default)]
    achievement: String,
    /// RFC 3339; at once when it is not given.
    #[schema(value_type = Option<String>, format = DateTime)]
    appears_at: Option<Timestamp>,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnnouncementReference {
    /// Lasting id.
    id: String,
}

/// Tells learners something, now or later; those who want letters get one then. For those who may announce.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/announcements", tag = "announcements",
    request_body = NewAnnouncement,
    params(("org" = String, Path, description = "The organisation's slug")),
    responses((status = 201, body = AnnouncementReference)))]
pub async fn make(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Call { body, once }: Call<NewAnnouncement>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let audience = body.audience.as_deref().unwrap_or("everyone");
        let draft = Draft {
            title: body.title,
            text: body.text,
            audience: Audience::parse(audience)
                .ok_or_else(|| Error::invalid("audience", "announcement-audience"))?,
            achievement: body.achievement,
            at: body.appears_at,
        };
        let id = announcement::make(&app, &actor, &slug, draft).await?;
        Reply::created(&AnnouncementReference { id: id.to_string() })
    })
    .await
}

/// Takes an announcement back; letters that were sent stay where they are. For those who may announce.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/announcements/{id}/withdrawal", tag = "announcements",
    request_body = Nothing,
    params(("org" = String, Path, description = "The organisation's slug"),
        ("id" = String, Path, description = "The announcement's id")),
    responses((status = 200, body = AnnouncementReference)))]
pub async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, id)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let id: AnnouncementId = id.parse().map_err(Error::from)?;
        announcement::withdraw(&app, &actor, &slug, id).await?;
        Reply::ok(&AnnouncementReference { id: id.to_string() })
    })
    .await
}
