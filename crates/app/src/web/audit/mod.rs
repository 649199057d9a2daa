//! The audit log's signed heads, served to everybody.

use crate::http::problem::Result;
use crate::http::{Allow, Routes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::audit::ADDRESS;
use cairn_credential::did::{HostedKey, hosted_document};
use cairn_platform::event::head;
use serde_json::{Value, json};

/// Days whose heads are served.
const SHOWN: i64 = 400;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app).get(ADDRESS, Allow::Anyone, heads).get("/.well-known/did.json", Allow::Anyone, did)
}

/// The signed heads, newest first, and where their key is.
async fn heads(State(app): State<App>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let heads = head::published(&mut conn, SHOWN).await?;
    let key = format!("{}#{}", head::did(&app), head::KEY);
    Ok(public("application/json", &json!({ "instance": app.config.base_url, "key": key, "heads": heads })))
}

/// The instance's own DID document: the key of the heads.
async fn did(State(app): State<App>) -> Response {
    let key = head::public_key(&app.keys);
    let hosted = HostedKey { fragment: head::KEY, key: &key, ended: None };
    public("application/did+json", &hosted_document(&head::did(&app), &[hosted]))
}

fn public(kind: &'static str, document: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, document.to_string()).into_response()
}
