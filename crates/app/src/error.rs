//! What can go wrong at the edge, and how it is told: RFC 9457 problem details
//! to programs, a page with a next step to people.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A field of a form or a request, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Name of the field, as in the form or the JSON.
    pub field: String,
    /// A sentence.
    pub message: String,
}

impl FieldError {
    /// A sentence about a field.
    pub fn new(field: &str, message: impl std::fmt::Display) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }
}

/// Everything that ends a request other than well.
#[derive(Debug)]
pub enum Error {
    /// It is not there, or not for this person.
    NotFound,
    /// Signed in, but not allowed, and no secret in saying so.
    Forbidden(&'static str),
    /// Sign in first.
    SignIn,
    /// A rule of the domain says no, in words for the person.
    Refused(String),
    /// Some fields are wrong.
    Invalid(Vec<FieldError>),
    /// Somebody else was quicker.
    Conflict(String),
    /// Come back in this many seconds.
    TooMany(i64),
    /// Too large an upload or body.
    TooLarge(String),
    /// Something that a program must send is missing or cannot be read.
    Malformed(String),
    /// A body of a kind that is not read here.
    UnknownKind(String),
    /// Our fault.
    Unexpected(anyhow::Error),
}

/// What a handler gives when it does not give a page.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with the rule's own words.
    pub fn refused(reason: impl std::fmt::Display) -> Self {
        Self::Refused(reason.to_string())
    }

    /// One wrong field.
    pub fn invalid(field: &str, message: impl std::fmt::Display) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Refused(_) | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::UnknownKind(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is told to the person: never the inside of an unexpected error.
    pub fn told(&self) -> Told {
        let (code, detail) = match self {
            Self::NotFound => ("not-found", String::new()),
            Self::Forbidden(why) => ("forbidden", (*why).to_owned()),
            Self::SignIn => ("sign-in", String::new()),
            Self::Refused(why) => ("refused", why.clone()),
            Self::Invalid(fields) => {
                ("invalid", fields.iter().map(|f| f.message.clone()).collect::<Vec<_>>().join("; "))
            }
            Self::Conflict(why) => ("conflict", why.clone()),
            Self::TooMany(seconds) => ("too-many", seconds.to_string()),
            Self::TooLarge(why) => ("too-large", why.clone()),
            Self::Malformed(why) => ("malformed", why.clone()),
            Self::UnknownKind(why) => ("unknown-kind", why.clone()),
            Self::Unexpected(_) => ("unexpected", String::new()),
        };
        let fields = if let Self::Invalid(fields) = self { fields.clone() } else { vec![] };
        Told { status: self.status(), code, detail, fields }
    }
}

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
    /// RFC 9457.
    pub fn problem(&self) -> Response {
        let title = match self.code {
            "not-found" => "Not found",
            "forbidden" => "Not allowed",
            "sign-in" => "A valid token is needed",
            "refused" => "Not possible now",
            "invalid" => "Some values are not right",
            "conflict" => "Changed in the meantime",
            "too-many" => "Too many requests",
            "too-large" => "Too large",
            "malformed" => "The request cannot be read",
            "unknown-kind" => "A body of this kind is not read here",
            "method" => "This address is not used with this method",
            _ => "Something went wrong on our side",
        };
        let mut body = json!({
            "type": format!("https://cairn.example/problems/{}", self.code),
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

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Unexpected(error) = &self {
            tracing::error!(error = format!("{error:#}"), "Unexpected: {error:#}");
        }
        let told = self.told();
        let mut response = told.problem();
        response.extensions_mut().insert(told);
        response
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            // SQLSTATE 22021: PostgreSQL stores no NUL; only a program sends one
            sqlx::Error::Database(e) if e.code().as_deref() == Some("22021") => {
                Self::Refused("a text must not hold the character NUL".into())
            }
            other => Self::Unexpected(other.into()),
        }
    }
}

impl From<cairn_platform::Error> for Error {
    fn from(error: cairn_platform::Error) -> Self {
        match error {
            cairn_platform::Error::NoSuchFile => {
                Self::refused("this file is not there any more; upload it again")
            }
            cairn_platform::Error::TooMany(seconds) => Self::TooMany(seconds),
            cairn_platform::Error::Database(error) => error.into(),
            cairn_platform::Error::Unexpected(error) => Self::Unexpected(error),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Unexpected(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

macro_rules! refusals {
    ($($refusal:ty),* $(,)?) => {$(
        impl From<$refusal> for Error {
            fn from(refusal: $refusal) -> Self { Self::refused(refusal) }
        }
    )*};
}
refusals!(
    cairn_domain::submission::Refusal,
    cairn_domain::review::Refusal,
    cairn_domain::award::Refusal,
    cairn_domain::enrollment::Refusal,
    cairn_domain::standing::Refusal,
);
impl From<cairn_value::id::NotAnId> for Error {
    fn from(_: cairn_value::id::NotAnId) -> Self {
        Self::NotFound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_error_tells_nothing_of_the_inside() {
        let told = Error::Unexpected(anyhow::anyhow!("password=hunter2")).told();
        assert_eq!((told.status.as_u16(), told.detail.as_str()), (500, ""));
    }
}
