//! Everything that people do, for programs: JSON under `/api/v1`, described by
//! an OpenAPI document. Each handler calls the same action as the page; a token
//! carries scopes, and its person's roles are asked all the same.

mod award;
mod credential;
mod document;
mod enrollment;
mod key;
mod me;
mod review;
mod submission;
mod tree;

pub use document::document;

use crate::http::problem::Result;
use crate::http::route::{MOST_LONG_FORM, Table};
use crate::http::scope::{
    CREDENTIALS_ISSUE, CREDENTIALS_MANAGE, CREDENTIALS_READ, ORGANIZATIONS_READ, REVIEWS_WRITE,
    SUBMISSIONS_WRITE,
};
use crate::http::{Allow, Routes};
use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use std::sync::OnceLock;

/// Largest call that awards in bulk.
const MOST_AWARDS: usize = 4 * 1024 * 1024;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let own = Allow::Scope(CREDENTIALS_READ);
    let earn = Allow::Scope(SUBMISSIONS_WRITE);
    let judge = Allow::Scope(REVIEWS_WRITE);
    let manage = Allow::Scope(CREDENTIALS_MANAGE);
    let look = Allow::Scope(ORGANIZATIONS_READ);
    // room for the form around a file of the largest size
    let upload = usize::try_from(app.config.max_upload).unwrap_or(usize::MAX).saturating_add(MOST_LONG_FORM);
    let evidence = "/api/v1/enrollments/{id}/requirements/{leaf}/evidence";
    let awards = "/api/v1/organizations/{org}/awards";
    Routes::new(app)
        .get("/api/v1/openapi.json", Allow::Program, openapi)
        .get("/api/v1/me", Allow::Token, me::me)
        .post("/api/v1/me/token/end", Allow::Token, me::end_token)
        .get("/api/v1/organizations", look, me::organizations)
        .get("/api/v1/organizations/{org}/events", look, me::events)
        .get("/api/v1/organizations/{org}/credentials", own, credential::of_organization)
        .get("/api/v1/organizations/{org}/keys", manage, key::list)
        .post("/api/v1/organizations/{org}/keys/{key}/end", manage, key::end)
        .get("/api/v1/organizations/{org}/keys/{key}/credentials", manage, key::touched)
        .post_up_to(MOST_AWARDS, awards, Allow::Scope(CREDENTIALS_ISSUE), award::create)
        .get("/api/v1/enrollments", own, enrollment::list)
        .post("/api/v1/enrollments", earn, enrollment::create)
        .get("/api/v1/enrollments/{id}", own, enrollment::find)
        .post("/api/v1/enrollments/{id}/withdrawal", earn, enrollment::withdraw)
        .post("/api/v1/enrollments/{id}/requirements/{leaf}/reading", earn, enrollment::read)
        .post("/api/v1/enrollments/{id}/requirements/{leaf}/attempts", earn, enrollment::attempt)
        .post("/api/v1/enrollments/{id}/requirements/{leaf}/badge", earn, enrollment::use_badge)
        .post_up_to(upload, evidence, earn, submission::add)
        .get("/api/v1/submissions/{id}", earn, submission::find)
        .post("/api/v1/submissions/{id}/evidence/{evidence}/removal", earn, submission::remove)
        .post("/api/v1/submissions/{id}/handing-in", earn, submission::hand_in)
        .post("/api/v1/submissions/{id}/appeal", earn, submission::appeal)
        .get("/api/v1/reviews", judge, review::queue)
        .get("/api/v1/reviews/{id}", judge, review::find)
        .get("/api/v1/reviews/{id}/evidence/{evidence}", judge, review::file)
        .post("/api/v1/reviews/{id}/opening", judge, review::open)
        .post_long("/api/v1/reviews/{id}/decision", judge, review::decide)
        .get("/api/v1/credentials", own, credential::mine)
        .get("/api/v1/credentials/{id}", Allow::Program, credential::find)
        .post("/api/v1/credentials/{id}/status", manage, credential::change)
        .post("/api/v1/credentials/{id}/correction", manage, credential::correct)
        .post("/api/v1/credentials/{id}/sharing", manage, credential::share)
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)))]
async fn openapi(Extension(table): Extension<Table>) -> Result<Response> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = if let Some(text) = TEXT.get() {
        text
    } else {
        let text = document(&table)?.to_string();
        TEXT.get_or_init(|| text)
    };
    let mut response = text.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
