//! Signing keys of an organisation: listed, and ended when somebody else may
//! have used them.

use crate::http::SignedIn;
use crate::http::call::{Call, Path, Query};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, List, Part};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::credential::key::KeyEntry;
use cairn_actions::organization;
use cairn_value::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(list, end, touched))]
pub struct Api;

/// A signing key, as the organisation's DID document names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Key {
    /// What follows the # in its address: `key-1`.
    id: String,
    /// Multibase.
    public_key: String,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339; null while it signs.
    ended_at: Option<String>,
    /// RFC 3339; what it signed from then on does not count. Null while it is trusted.
    distrusted_from: Option<String>,
}

impl From<KeyEntry> for Key {
    fn from(k: KeyEntry) -> Self {
        Self {
            id: k.fragment,
            public_key: k.public_key,
            created_at: shape::instant(k.created_at),
            ended_at: k.ended_at.map(shape::instant),
            distrusted_from: k.distrusted_from.map(shape::instant),
        }
    }
}

/// All signing keys of the organisation, the newest first. For owners and operators.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/keys", tag = "organizations",
    params(("org" = String, Path, description = "The organisation's slug")),
    responses((status = 200, body = List<Key>)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Json<List<Key>>> {
    let items = organization::keys(&app, &actor, &slug).await?.into_iter().map(Key::from).collect();
    Ok(Json(List { items, next: None }))
}

/// From when a key is not trusted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// RFC 3339, in the past. What the key signed before stays valid; what it signed from then on does not count.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Why; it stands in the audit log.
    reason: String,
}

/// What ending a key has touched.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndedKey {
    /// How many badges of this instance do not count any more.
    touched: i64,
}

/// Ends a key from an instant on, because somebody else may have used it. A new
/// key signs at once, and the owners are told. For owners and operators.
#[utoipa::path(post, path = "/api/v1/organizations/{org}/keys/{key}/end", tag = "organizations",
    request_body = Ending,
    params(("org" = String, Path, description = "The organisation's slug"),
        ("key" = String, Path, description = "The key's id: `key-1`")),
    responses((status = 200, body = EndedKey)))]
pub async fn end(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, key)): Path<(String, String)>,
    Call { body, once }: Call<Ending>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let touched = organization::end_key(&app, &actor, &slug, &key, body.from, &body.reason).await?;
        Reply::ok(&EndedKey { touched })
    })
    .await
}

/// A badge that an ended key has signed.
#[derive(Debug, Serialize, ToSchema)]
pub struct TouchedBadge {
    /// Id.
    id: String,
    /// Its page.
    url: String,
    /// RFC 3339.
    issued_at: String,
    /// The holder's name as it was awarded.
    recipient_name: String,
}

/// Badges that do not count any more because their key was ended from an earlier
/// instant on, the newest first. For owners.
#[utoipa::path(get, path = "/api/v1/organizations/{org}/keys/{key}/credentials", tag = "organizations",
    params(("org" = String, Path, description = "The organisation's slug"),
        ("key" = String, Path, description = "The key's id: `key-1`"), Part),
    responses((status = 200, body = List<TouchedBadge>)))]
pub async fn touched(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((slug, key)): Path<(String, String)>,
    Query(part): Query<Part>,
) -> Result<Json<List<TouchedBadge>>> {
    let (limit, base) = (part.limit()?, &app.config.base_url);
    let after = part.after.clone().unwrap_or_default();
    let found = organization::touched(&app, &actor, &slug, &key, &after, limit as i64 + 1).await?;
    let mut badges = found.badges;
    let is_more = badges.len() > limit;
    badges.truncate(limit);
    let path = format!("/api/v1/organizations/{slug}/keys/{key}/credentials");
    let next = badges.last().filter(|_| is_more);
    let next = next.map(|last| shape::next(base, &path, &[("limit", &limit.to_string())], &last.id));
    let badge = |c: cairn_actions::credential::CredentialRow| TouchedBadge {
        url: format!("{base}/c/{}", c.id),
        issued_at: shape::instant(c.issued_at),
        recipient_name: c.recipient_name,
        id: c.id,
    };
    Ok(Json(List { items: badges.into_iter().map(badge).collect(), next }))
}
