//! Calls that count once: the key that a program gave a call, and the answer that it got.

pub mod privacy;

use crate::app::App;
use crate::error::{Error, Result};

/// Milliseconds for which a call may run before its key is free again.
const LEASE: i64 = 2 * 60_000;
/// Milliseconds for which an answer is kept.
const KEPT: i64 = 7 * 86_400_000;

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its JSON.
    pub body: String,
}

/// A call with a key.
pub struct Call {
    /// Everything.
    pub app: App,
    /// Whose token it is.
    pub person: String,
    /// What the program named it.
    pub key: String,
    /// Over method, path and body.
    pub hash: String,
}

impl Call {
    /// Takes the key, or gives the answer that is kept under it. A status of 0
    /// is a call that runs.
    pub async fn take(&self) -> Result<Option<Answer>> {
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
        match u16::try_from(status) {
            Ok(status) if status > 0 => Ok(Some(Answer { status, body })),
            Ok(_) | Err(_) => {
                Err(Error::Conflict("this very call is running; send it again in a moment".into()))
            }
        }
    }

    /// Keeps the answer for whoever asks again.
    pub async fn keep(&self, answer: &Answer) {
        let kept = self.finish(
            "UPDATE idempotency SET status = $4, response = $5 WHERE person = $1 AND key = $2 AND request_hash = $3",
            Some(answer),
        );
        note(kept.await);
    }

    /// Nothing was changed: the same call may be tried again.
    pub async fn release(&self) {
        let released = self.finish(
            "DELETE FROM idempotency WHERE person = $1 AND key = $2 AND request_hash = $3 AND status = 0",
            None,
        );
        note(released.await);
    }

    async fn finish(&self, sql: &'static str, answer: Option<&Answer>) -> sqlx::Result<()> {
        let mut tx = self.app.db.begin().await?;
        let mut query = sqlx::query(sql).bind(&self.person).bind(&self.key).bind(&self.hash);
        if let Some(answer) = answer {
            query = query.bind(i64::from(answer.status)).bind(&answer.body);
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
