//! Calls that count once. A program gives a call a key in the header
//! `Idempotency-Key` and may then send it again as often as it likes, for
//! instance when it did not hear the answer: the first answer comes back, with
//! `Idempotency-Replayed: true`.
//!
//! The key is written down before the action runs, the answer right after it
//! has committed. Should the program die between the two, the key is free again
//! after two minutes, and the call runs a second time. That issues nothing twice:
//! `credential::issue` awards each reason once and gives the credential of the
//! first time, and a decision that has been made is refused.

use crate::http::problem::Result;
use anyhow::Context as _;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::idempotency::{Answer, Call};
use cairn_actions::person::Actor;
use serde::Serialize;

/// Longest key.
pub const MOST_KEY: usize = 200;
/// The header that names a call.
const HEADER: &str = "idempotency-key";

/// What an action is answered with.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    body: String,
}

impl Reply {
    /// Done.
    pub fn ok(body: &impl Serialize) -> Result<Self> {
        Ok(Self { status: StatusCode::OK, body: serde_json::to_string(body)? })
    }

    /// Something new is there.
    pub fn created(body: &impl Serialize) -> Result<Self> {
        Ok(Self { status: StatusCode::CREATED, ..Self::ok(body)? })
    }
}

impl Reply {
    fn answer(&self) -> Answer {
        Answer { status: self.status.as_u16(), body: self.body.clone() }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, body: answer.body }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}

/// The key of a call, if it has one, and what it asks for.
#[derive(Debug)]
pub struct Once {
    key: Option<String>,
    /// Over method, path and body: the same key must not ask for something else.
    hash: String,
}

impl Once {
    /// Reads the header.
    pub fn new(headers: &HeaderMap, hash: String) -> Result<Self> {
        let Some(value) = headers.get(HEADER) else { return Ok(Self { key: None, hash }) };
        let key = value.to_str().unwrap_or("").to_owned();
        let is_good = (1..=MOST_KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if !is_good {
            return Err(Error::Malformed("idempotency-key-form".into()).into());
        }
        Ok(Self { key: Some(key), hash })
    }

    /// Refuses a call without a key.
    pub fn must_have_key(&self) -> Result<()> {
        if self.key.is_some() {
            return Ok(());
        }
        Err(Error::Malformed("idempotency-key-missing".into()).into())
    }

    /// Runs the action, or gives the answer that it was given before. With a key
    /// the action runs to its end even when the program hangs up.
    pub async fn run<F, Fut>(self, app: &App, actor: &Actor, action: F) -> Result<Response>
    where
        F: FnOnce(App, Actor) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Reply>> + Send + 'static,
    {
        let (app, actor) = (app.clone(), actor.clone());
        let Self { key: Some(key), hash } = self else {
            return Ok(action(app, actor).await?.into_response());
        };
        let work = tokio::spawn(async move {
            let call = Call { app: app.clone(), person: actor.person.to_string(), key, hash };
            if let Some(answer) = call.take().await? {
                let mut response = Reply::from(answer).into_response();
                response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
                return Ok(response);
            }
            match action(app, actor).await {
                Ok(reply) => {
                    call.keep(&reply.answer()).await;
                    Ok(reply.into_response())
                }
                Err(error) => {
                    // nothing was changed, so that the same call may be tried again
                    call.release().await;
                    Err(error)
                }
            }
        });
        work.await.context("running a call")?
    }
}
