//! The description of the API, put together from what the folders' `api.rs` say.

mod document;

pub use document::document;

use crate::http::problem::Result;
use crate::http::route::Table;
use crate::http::{Allow, Routes};
use crate::web::{
    account, award, catalog, confirmation, credential, enrollment, organization, review, roster, submission,
    verification,
};
use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use std::sync::OnceLock;
use utoipa::OpenApi as _;

/// Routes of this folder.
pub fn routes(app: &App) -> Routes {
    Routes::new(app).get("/api/v1/openapi.json", Allow::Program, openapi)
}

/// One line for each `api.rs`.
fn parts() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        account::api::Api::openapi(),
        award::api::Api::openapi(),
        catalog::api::Api::openapi(),
        confirmation::api::Api::openapi(),
        credential::api::Api::openapi(),
        enrollment::api::Api::openapi(),
        organization::api::Api::openapi(),
        organization::key_api::Api::openapi(),
        review::api::Api::openapi(),
        roster::api::Api::openapi(),
        submission::api::Api::openapi(),
        verification::api::Api::openapi(),
    ]
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)))]
async fn openapi(Extension(table): Extension<Table>) -> Result<Response> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = if let Some(text) = TEXT.get() {
        text
    } else {
        let text = document(&table, parts())?.to_string();
        TEXT.get_or_init(|| text)
    };
    let mut response = text.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
