//! The audit log's signed heads: made daily, served to everybody, written to
//! the operators, so that a log that was cut or rewritten is found out.

use crate::App;
use crate::error::Result;
use crate::http::{Allow, Routes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cairn_credential::did::{HostedKey, hosted_document};
use cairn_platform::event::head;
use cairn_platform::job::{Job, JobError};
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;
use serde_json::{Value, json};

/// Where the heads are served.
pub const ADDRESS: &str = "/.well-known/cairn/audit-heads";
/// Days whose heads are served.
const SHOWN: i64 = 400;

/// Routes of this feature.
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

/// The job: signs the day's head and writes to the operators when anything has
/// happened. The demo writes to nobody.
pub async fn sign(app: &App, _: &Job) -> Result<(), JobError> {
    let signed = head::sign(app).await?;
    if !signed.is_new || app.config.demo {
        return Ok(());
    }
    let day = signed.document["day"].as_str().unwrap_or_default().to_owned();
    let (line, address) = (signed.line.to_string(), format!("{}{ADDRESS}", app.config.base_url));
    let mut tx = app.db.begin().await?;
    let operators: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT p.id, p.language, e.address FROM person p JOIN email e ON e.person = p.id \
         WHERE p.operator = 1 AND p.deleted_at IS NULL AND e.is_primary = 1 ORDER BY p.id",
    )
    .fetch_all(&mut *tx)
    .await?;
    for (person, language, to) in operators {
        let document = signed.document.to_string();
        let values = [("day", day.as_str()), ("line", &line), ("hash", &signed.hash), ("head", &document)];
        let letter = Letter {
            id: format!("audit-head-{day}-{person}"),
            kind: "audit-head",
            address: &to,
            person: Some(person),
            language: Language::parse(&language).unwrap_or_default(),
            values: &values,
            link: Some(address.clone()),
        };
        mail::write(&mut tx, app, letter).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}
