//! What a request must look like: JSON, query and path, refused as problem
//! details that name the field.

use crate::http::idempotency::Once;
use crate::http::problem::{Problem, Result};
use crate::http::session::bearer;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use cairn_actions::App;
use cairn_actions::error::{Error, FieldError};
use cairn_actions::person::Actor;
use cairn_platform::id;
use cairn_value::refusal::Refusal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A call with a JSON body: what it says, and the key that makes it count once.
/// A call without a body says `{}`.
pub struct Call<T> {
    /// The body.
    pub body: T,
    /// Runs the action.
    pub once: Once,
}

/// A body without members.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<T: DeserializeOwned> FromRequest<App> for Call<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let kind =
            parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let once = format!("{} {}\n", parts.method, parts.uri.path());
        let headers = parts.headers.clone();
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|e| {
            if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return Error::TooLarge("body-too-large".into());
            }
            Error::Malformed("body-broken".into())
        })?;
        if !bytes.is_empty() && !is_json(&kind) {
            return Err(Error::UnknownKind("body-not-json".into()).into());
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let body = parse(text)?;
        let hash = id::digest(&format!("{once}{}", String::from_utf8_lossy(text)));
        Ok(Self { body, once: Once::new(&headers, hash)? })
    }
}

fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads JSON; what is wrong is said of the member where it is wrong.
fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        field_error(if path == "." { "" } else { &path }, &e.into_inner())
    })?;
    reader.end().map_err(|e| field_error("", &e))?;
    Ok(read)
}

fn field_error(path: &str, error: &serde_json::Error) -> Error {
    let said = error.to_string();
    if !error.is_data() {
        return Error::invalid("body", Refusal::new("body-bad-json").with("why", said));
    }
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
    // serde tells the object; the missing or unknown member stands in its words
    let missing = what.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(name) if path.is_empty() => Error::invalid(name, "member-missing"),
        Some(name) => Error::invalid(&format!("{path}.{name}"), "member-missing"),
        None => {
            let field = if path.is_empty() { "body" } else { path };
            Error::invalid(field, Refusal::new("member-wrong").with("why", what))
        }
    }
}

/// The query, with a problem that names the parameter.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(query) => Ok(Self(query.0)),
            Err(rejection) => {
                let said = rejection.body_text();
                let said = said.strip_prefix("Failed to deserialize query string: ").unwrap_or(&said);
                let (field, why) = said.split_once(": ").unwrap_or(("query", said));
                Err(Error::Invalid(vec![FieldError::new(
                    field,
                    Refusal::new("member-wrong").with("why", why),
                )])
                .into())
            }
        }
    }
}

/// The path's parameters; what cannot be read is not there.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|p| Self(p.0)).map_err(|_| Error::NotFound.into())
    }
}

/// Who reads what is open to everybody: a program that shows a token must show
/// a good one.
pub struct Reader(pub Option<Actor>);

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let headers: &HeaderMap = &parts.headers;
        if !headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        Ok(Self(Some(bearer(app, headers, crate::http::scope::CREDENTIALS_READ).await?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        name: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        people: Vec<Inner>,
    }

    #[test]
    fn what_is_wrong_is_said_of_its_member() {
        let check = |text: &str, field: &str| match parse::<Outer>(text.as_bytes()) {
            Err(Problem(Error::Invalid(fields))) => assert_eq!(fields[0].field, field, "{text}: {fields:?}"),
            other => panic!("{text}: {other:?}"),
        };
        check("{}", "people");
        check(r#"{"people": 1}"#, "people");
        check(r#"{"people": [{"name": "A"}, {}]}"#, "people[1].name");
        check(r#"{"people": [{"name": 7}]}"#, "people[0].name");
        check(r#"{"people": [], "more": 1}"#, "more");
        check(r#"{"people": []} x"#, "body");
        check("{", "body");
        check("[]", "body");
        assert_eq!(parse::<Outer>(br#"{"people": [{"name": "A"}]}"#).unwrap().people[0].name, "A");
        assert!(is_json("application/json; charset=utf-8") && is_json("application/ld+json"));
        assert!(!is_json("text/json") && !is_json(""));
    }
}
