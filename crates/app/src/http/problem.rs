//! How what went wrong is told: RFC 9457 problem details to programs, a page with a next step to people.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::Error;
use cairn_actions::error::FieldError;
use serde_json::json;

/// What a handler gives when it does not give a page.
#[derive(Debug)]
pub struct Problem(pub Error);

/// What handlers give.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl<E> From<E> for Problem
where
    Error: From<E>,
{
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// A page that cannot be rendered is our fault.
pub(super) fn unrendered(error: askama::Error) -> Problem {
    Problem(Error::Unexpected(error.into()))
}

/// The HTTP status.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::SignIn => StatusCode::UNAUTHORIZED,
        Error::Refused(_) | Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::UnknownKind(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Error::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What is told to the person: never the inside of an unexpected error.
pub fn told(error: &Error) -> Told {
    let detail = match error {
        Error::NotFound | Error::SignIn | Error::Unexpected(_) => String::new(),
        Error::Forbidden(why) => (*why).to_owned(),
        Error::Invalid(fields) => fields.iter().map(|f| f.message.clone()).collect::<Vec<_>>().join("; "),
        Error::TooMany(seconds) => seconds.to_string(),
        Error::Refused(why)
        | Error::Conflict(why)
        | Error::TooLarge(why)
        | Error::Malformed(why)
        | Error::UnknownKind(why) => why.clone(),
    };
    let fields = if let Error::Invalid(fields) = error { fields.clone() } else { vec![] };
    Told { status: status(error), code: error.code(), detail, fields }
}

/// Every kind of problem with its title, as programs read it; the last part of its type's address.
pub const KINDS: &[(&str, &str)] = &[
    ("not-found", "Not found"),
    ("forbidden", "Not allowed"),
    ("sign-in", "A valid token is needed"),
    ("refused", "Not possible now"),
    ("invalid", "Some values are not right"),
    ("conflict", "Changed in the meantime"),
    ("too-many", "Too many requests"),
    ("too-large", "Too large"),
    ("malformed", "The request cannot be read"),
    ("unknown-kind", "A body of this kind is not read here"),
    ("method", "This address is not used with this method"),
    ("unexpected", "Something went wrong on our side"),
];

/// An error as it is told; kept beside the response so that the outermost layer
/// can make a page of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable name, part of the problem's type and of message keys.
    pub code: &'static str,
    /// A sentence; may be empty.
    pub detail: String,
    /// Wrong fields.
    pub fields: Vec<FieldError>,
}

impl Told {
    /// RFC 9457; its type is an address of this instance at `base`, where a page says more.
    pub fn problem(&self, base: &str) -> Response {
        let title = KINDS.iter().find(|(code, _)| *code == self.code).map_or("", |(_, title)| *title);
        let mut body = json!({
            "type": format!("{base}/problems/{}", self.code),
            "title": title,
            "status": self.status.as_u16(),
            "code": self.code,
        });
        if !self.detail.is_empty() {
            body["detail"] = json!(self.detail);
        }
        if !self.fields.is_empty() {
            body["errors"] = json!(self.fields);
        }
        let mut response = (self.status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let (StatusCode::TOO_MANY_REQUESTS, Ok(seconds)) =
            (self.status, HeaderValue::from_str(&self.detail))
        {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Error::Unexpected(error) = &self.0 {
            tracing::error!(error = format!("{error:#}"), "Unexpected: {error:#}");
        }
        let told = told(&self.0);
        // the outermost layer knows the instance's address, and says it
        let mut response = told.problem("");
        response.extensions_mut().insert(told);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_error_tells_nothing_of_the_inside() {
        let told = told(&Error::Unexpected(anyhow::anyhow!("password=hunter2")));
        assert_eq!((told.status.as_u16(), told.detail.as_str()), (500, ""));
    }
}
