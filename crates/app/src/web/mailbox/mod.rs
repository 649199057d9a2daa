//! Letters: the job that sends them, and the demo's page that shows them.

use crate::http::problem::Result;
use crate::http::{Allow, Routes, Ui, page};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_platform::mail;
use serde::Deserialize;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app).get("/mailbox", Allow::Demo, list).get("/mailbox/{id}", Allow::Demo, letter).get(
        "/mailbox/{id}/html",
        Allow::Demo,
        html,
    )
}

#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct List {
    ui: Ui,
    address: String,
    letters: Vec<mail::LetterView>,
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    address: String,
}

async fn list(State(app): State<App>, ui: Ui, Query(filter): Query<Filter>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let letters = mail::newest(&mut conn, &app.keys, filter.address.trim(), 100).await?;
    page(&List { ui, address: filter.address, letters })
}

#[derive(Template)]
#[template(path = "mailbox/letter.html")]
struct Letter {
    ui: Ui,
    letter: mail::LetterView,
    links: Vec<String>,
}

async fn letter(State(app): State<App>, ui: Ui, Path(id): Path<String>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let letter = mail::find(&mut conn, &app.keys, &id).await?.ok_or(Error::NotFound)?;
    // links to this instance, so that a click is enough; the text shows them as they were sent
    let own = |line: &str| line.trim().strip_prefix(app.config.base_url.as_str()).map(String::from);
    let mut links: Vec<String> =
        letter.plain.lines().filter_map(own).filter(|l| l.starts_with('/')).collect();
    links.dedup();
    page(&Letter { ui, letter, links })
}

/// The letter's own page, for a frame that may run nothing.
async fn html(State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let letter = mail::find(&mut conn, &app.keys, &id).await?.ok_or(Error::NotFound)?;
    let mut response = axum::response::Html(letter.html).into_response();
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-top-navigation-by-user-activation; frame-ancestors 'self'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}
