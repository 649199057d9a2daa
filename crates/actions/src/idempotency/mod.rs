//! Calls that count once: the key that a program gave a call, and the answer that it got.

pub mod privacy;
mod store;

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
        store::forget(&mut tx, &self.person, now - KEPT).await?;
        let is_mine = store::take(&mut tx, self, now, now - LEASE).await?;
        let found = if is_mine { None } else { Some(store::find(&mut tx, &self.person, &self.key).await?) };
        tx.commit().await?;
        let Some((hash, status, body)) = found else { return Ok(None) };
        if hash != self.hash {
            return Err(Error::invalid("Idempotency-Key", "idempotency-other-call"));
        }
        match u16::try_from(status) {
            Ok(status) if status > 0 => Ok(Some(Answer { status, body })),
            Ok(_) | Err(_) => Err(Error::Conflict("idempotency-running".into())),
        }
    }

    /// Keeps the answer for whoever asks again.
    pub async fn keep(&self, answer: &Answer) {
        let kept = store::keep(&self.app.db, self, answer);
        note(kept.await);
    }

    /// Nothing was changed: the same call may be tried again.
    pub async fn release(&self) {
        let released = store::release(&self.app.db, self);
        note(released.await);
    }
}

/// The action has been done or not; that its key was not brought up to date
/// does not change it.
fn note(outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::warn!("Could not note the end of a call, its key is free in two minutes: {error}");
    }
}
