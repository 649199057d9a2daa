//! Answers that are not what was asked for: RFC 9457 problem details.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cairn_credential::document;
use serde_json::{Map, Value, json};

/// What ends a request other than well.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    /// The specification's name, such as `MALFORMED_VALUE_ERROR`.
    code: &'static str,
    detail: String,
}

impl Problem {
    /// The request is not what it should be.
    pub fn bad(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "MALFORMED_VALUE_ERROR", detail: detail.into() }
    }

    /// What was asked about is not there.
    pub fn missing(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "NOT_FOUND_ERROR", detail: detail.into() }
    }

    /// The document is fine, but cannot be signed as it is.
    pub fn unsignable(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "PROOF_GENERATION_ERROR", detail: detail.into() }
    }

    /// Our fault.
    pub fn ours(error: &anyhow::Error) -> Self {
        tracing::error!("{error:#}");
        let detail = "something went wrong on our side".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "INTERNAL_ERROR", detail }
    }
}

/// One problem, as the lists of an answer hold it.
pub fn detail(code: &str, detail: &str) -> Value {
    json!({
        "type": format!("https://www.w3.org/TR/vc-data-model#{code}"),
        "title": code,
        "detail": detail,
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = detail(self.code, &self.detail);
        body["status"] = json!(self.status.as_u16());
        body["errors"] = json!([self.detail]);
        body["problemDetails"] = json!([detail(self.code, &self.detail)]);
        (self.status, Json(body)).into_response()
    }
}

/// Reads a request's body: a JSON object, no member said twice.
pub fn read(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match document::parse(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::bad("the body is JSON, but not an object")),
        Err(error) => Err(Problem::bad(error.to_string())),
    }
}

/// A member that must be an object.
pub fn object<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a Value, Problem> {
    let value = body.get(name).filter(|value| value.is_object());
    value.ok_or_else(|| Problem::bad(format!("the body has no object \"{name}\"")))
}

/// A member of `options` that is text.
pub fn option<'a>(body: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Problem> {
    match body.get("options").and_then(|options| options.get(name)) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::bad(format!("options.{name} is not text"))),
    }
}

/// A member of `options` that is a list of texts; `None` where it is absent.
pub fn strings<'a>(body: &'a Map<String, Value>, name: &str) -> Result<Option<Vec<&'a str>>, Problem> {
    let Some(value) = body.get("options").and_then(|options| options.get(name)) else { return Ok(None) };
    let list = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    list.map(Some).ok_or_else(|| Problem::bad(format!("options.{name} is not a list of texts")))
}

/// A credential in a token (JWS or SD-JWT). JSON in quotes is none: it is another document than it looks.
pub fn token(text: &str) -> Result<String, Problem> {
    let of_a_token = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
    if text.contains('.') && text.chars().all(of_a_token) {
        return Ok(text.to_owned());
    }
    Err(Problem::bad("a credential that is given as text is a JWT or an SD-JWT; give JSON as an object"))
}
