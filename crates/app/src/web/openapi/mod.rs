//! The description of the API, put together from what the folders' `api.rs` say.

mod document;

pub use document::document;

use crate::http::problem::Result;
use crate::http::route::Table;
use crate::http::{Allow, Routes};
use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use std::sync::OnceLock;

/// Routes of this folder.
pub fn routes(app: &App) -> Routes {
    Routes::new(app).get("/api/v1/openapi.json", Allow::Program, openapi)
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "description",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json", body = Object)))]
async fn openapi(Extension(table): Extension<Table>) -> Result<Response> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = if let Some(text) = TEXT.get() {
        text
    } else {
        let text = document(&table, crate::web::apis())?.to_string();
        TEXT.get_or_init(|| text)
    };
    let mut response = text.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
