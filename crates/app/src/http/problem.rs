//! How what went wrong is told: RFC 9457 problem details to programs, a page with a next step to people.

use crate::http::shape;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::Error;
use cairn_actions::error::FieldError;
use cairn_platform::text::Language;
use cairn_value::refusal::Refusal;

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

/// What may be said of an error: never the inside of an unexpected one.
pub fn details(error: &Error) -> Details {
    let mut details = Details::new(status(error), error.code());
    details.refusal = error.refusal().cloned();
    match error {
        Error::Invalid(fields) => details.fields.clone_from(fields),
        Error::TooMany(seconds) => {
            details.retry_after = Some(*seconds);
            details.refusal = Some(Refusal::new("too-many").with("seconds", *seconds));
        }
        Error::NotFound
        | Error::SignIn
        | Error::Forbidden(_)
        | Error::Refused(_)
        | Error::Conflict(_)
        | Error::TooLarge(_)
        | Error::Malformed(_)
        | Error::UnknownKind(_)
        | Error::Unexpected(_) => {}
    }
    details
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

/// What may be said of an error; kept beside the response so that the outermost layer
/// can make a page of it.
#[derive(Debug, Clone)]
pub struct Details {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable name of the kind, part of the problem's type and of message keys.
    pub code: &'static str,
    /// Why all of it was refused, when there is more to say than the kind.
    pub refusal: Option<Refusal>,
    /// Wrong fields.
    pub fields: Vec<FieldError>,
    /// Seconds after which to come back.
    pub retry_after: Option<i64>,
}

impl Details {
    /// Of a kind, with nothing more to say.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, refusal: None, fields: vec![], retry_after: None }
    }

    /// A sentence; of wrong fields one sentence each; empty when the kind says all.
    pub fn sentence(&self, words: Language) -> String {
        let each: Vec<String> = self.fields.iter().map(|field| words.refusal(&field.refusal)).collect();
        self.refusal.as_ref().map_or_else(|| each.join("; "), |why| words.refusal(why))
    }

    /// RFC 9457; its type is an address of this instance at `base`, where a page says more. `reason` and the
    /// fields' `code` are for programs, `detail` and `message` for whoever reads a log.
    pub fn problem(&self, base: &str) -> Response {
        let sentence = self.sentence(Language::En);
        let body = shape::Problem {
            kind: format!("{base}/problems/{}", self.code),
            title: KINDS.iter().find(|(code, _)| *code == self.code).map_or("", |(_, title)| *title),
            status: self.status.as_u16(),
            code: self.code,
            detail: (!sentence.is_empty()).then_some(sentence),
            reason: self.refusal.as_ref().map(|refusal| refusal.code),
            errors: (!self.fields.is_empty()).then(|| self.fields.iter().cloned().map(Into::into).collect()),
        };
        let mut response = (self.status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Error::Unexpected(error) = &self.0 {
            tracing::error!(error = format!("{error:#}"), "Unexpected: {error:#}");
        }
        let details = details(&self.0);
        // the outermost layer knows the instance's address, and says it
        let mut response = details.problem("");
        response.extensions_mut().insert(details);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_error_tells_nothing_of_the_inside() {
        let details = details(&Error::Unexpected(anyhow::anyhow!("password=hunter2")));
        assert_eq!((details.status.as_u16(), details.sentence(Language::En)), (500, String::new()));
    }
}
