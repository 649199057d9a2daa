//! Whose token it is, and its end.

use crate::http::SignedIn;
use crate::http::problem::Result;
use crate::http::session::token_hash;
use crate::http::shape::{self};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use cairn_actions::App;
use cairn_actions::account;
use cairn_actions::account::session::Scopes;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(me, end_token))]
pub struct Api;

/// The person whose token it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Id.
    id: String,
    /// Name.
    name: String,
    /// `en` or `de`.
    language: String,
    /// What this token may be used for.
    scopes: Vec<String>,
    /// This token.
    token: Token,
}

/// The token that is used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// Id.
    id: String,
    /// What it is for.
    name: String,
    /// RFC 3339; from then on it opens nothing.
    expires_at: String,
}

/// Whose token this is, what it may be used for, and until when.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses((status = 200, body = Me)))]
pub async fn me(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Extension(scopes): Extension<Scopes>,
    headers: HeaderMap,
) -> Result<Json<Me>> {
    let mut conn = app.db.read().await?;
    let key = account::key_in_use(&mut conn, &token_hash(&headers)?).await?;
    Ok(Json(Me {
        id: actor.person.to_string(),
        name: actor.name,
        language: actor.language.code().to_owned(),
        scopes: scopes.0,
        token: Token { id: key.id, name: key.name, expires_at: shape::instant(key.expires_at) },
    }))
}

/// Ends the token that is used: one that has become known, or is not needed any
/// more, opens nothing from then on. It ends no other.
#[utoipa::path(post, path = "/api/v1/me/token/end", tag = "account",
    responses((status = 204, description = "This token has ended")))]
pub async fn end_token(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    headers: HeaderMap,
) -> Result<StatusCode> {
    let key = {
        let mut conn = app.db.read().await?;
        account::key_in_use(&mut conn, &token_hash(&headers)?).await?
    };
    account::end_token(&app, actor.person, &key.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
