//! Calls that count once. A program gives a call a key in the header
//! `Idempotency-Key` and may then send it again as often as it likes, for
//! instance when it did not hear the answer: the first answer comes back, with
//! `Idempotency-Replayed: true`.
//!
//! The key is written down before the action runs, the answer right after it
//! has committed. Should the program die between the two, the key is free again
//! after [`LEASE`], and the call runs a second time. That issues nothing twice:
//! `credential::issue` awards each reason once and gives the credential of the
//! first time, and a decision that has been made is refused.

use crate::App;
use crate::error::{Error, Result};
use crate::http::Actor;
use anyhow::Context as _;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Milliseconds for which a call may run before its key is free again.
const LEASE: i64 = 2 * 60_000;
/// Milliseconds for which an answer is kept.
const KEPT: i64 = 7 * 86_400_000;
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
            return Err(Error::Malformed(
                "the header Idempotency-Key must have 1 to 200 visible ASCII characters and no spaces".into(),
            ));
        }
        Ok(Self { key: Some(key), hash })
    }

    /// Refuses a call without a key.
    pub fn must_have_key(&self) -> Result<()> {
        if self.key.is_some() {
            return Ok(());
        }
        Err(Error::Malformed(
            "this call issues credentials; send the header Idempotency-Key with a value of your own, such as a \
             UUID, and the same value again when you repeat the call"
                .into(),
        ))
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
            let call = Named { app: app.clone(), person: actor.person.to_string(), key, hash };
            if let Some(reply) = call.take().await? {
                let mut response = reply.into_response();
                response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
                return Ok(response);
            }
            match action(app, actor).await {
                Ok(reply) => {
                    call.keep(&reply).await;
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

/// A call with a key.
struct Named {
    app: App,
    person: String,
    key: String,
    hash: String,
}

impl Named {
    /// Takes the key, or gives the answer that is kept under it. A status of 0
    /// is a call that runs.
    async fn take(&self) -> Result<Option<Reply>> {
        let now = self.app.clock.now().as_millisecond();
        let mut tx = self.app.db.begin().await?;
        sqlx::query("DELETE FROM idempotency WHERE person = $1 AND created_at < $2")
            .bind(&self.person)
            .bind(now - KEPT)
            .execute(&mut *tx)
            .await?;
        let mine = sqlx::query(
            "INSERT INTO idempotency (person, key, request_hash, status, response, created_at) \
             VALUES ($1, $2, $3, 0, '', $4) ON CONFLICT (person, key) DO UPDATE SET created_at = excluded.created_at \
             WHERE idempotency.status = 0 AND idempotency.request_hash = excluded.request_hash \
             AND idempotency.created_at < $5",
        )
        .bind(&self.person)
        .bind(&self.key)
        .bind(&self.hash)
        .bind(now)
        .bind(now - LEASE)
        .execute(&mut *tx)
        .await?;
        if mine.rows_affected() > 0 {
            tx.commit().await?;
            return Ok(None);
        }
        let (hash, status, body): (String, i64, String) = sqlx::query_as(
            "SELECT request_hash, status, response FROM idempotency WHERE person = $1 AND key = $2",
        )
        .bind(&self.person)
        .bind(&self.key)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        if hash != self.hash {
            return Err(Error::invalid(
                "Idempotency-Key",
                "another call has been made with this key; give each call a key of its own",
            ));
        }
        match u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok()) {
            Some(status) => Ok(Some(Reply { status, body })),
            None => Err(Error::Conflict("this very call is running; send it again in a moment".into())),
        }
    }

    async fn keep(&self, reply: &Reply) {
        let kept = self.finish(
            "UPDATE idempotency SET status = $4, response = $5 WHERE person = $1 AND key = $2 AND request_hash = $3",
            Some(reply),
        );
        note(kept.await);
    }

    async fn release(&self) {
        let released = self.finish(
            "DELETE FROM idempotency WHERE person = $1 AND key = $2 AND request_hash = $3 AND status = 0",
            None,
        );
        note(released.await);
    }

    async fn finish(&self, sql: &'static str, reply: Option<&Reply>) -> sqlx::Result<()> {
        let mut tx = self.app.db.begin().await?;
        let mut query = sqlx::query(sql).bind(&self.person).bind(&self.key).bind(&self.hash);
        if let Some(reply) = reply {
            query = query.bind(i64::from(reply.status.as_u16())).bind(&reply.body);
        }
        query.execute(&mut *tx).await?;
        tx.commit().await
    }
}

/// The action has been done or not; that its key was not brought up to date
/// does not change it.
fn note(outcome: sqlx::Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!("Could not note the end of a call, its key is free in two minutes: {error}");
    }
}
