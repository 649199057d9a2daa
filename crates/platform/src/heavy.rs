//! The one place for work that takes a processor for long: a few at a time of each kind, on threads of
//! their own, so that pages and health checks are answered meanwhile.
//!
//! Pictures have turns of their own, one for each person.
//!
//! A time limit round such work would stop nothing; the work itself counts its steps and gives up.

use anyhow::{Context as _, Result};
use cairn_value::steps;
use tokio::sync::Semaphore;

/// What the work is. Each kind has its own places, so that none waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Checking a badge.
    Check,
    /// Reading or writing a file of many rows.
    Read,
    /// Signing badges and lists.
    Sign,
    /// Packing what somebody takes away.
    Pack,
}

/// Places for heavy work.
#[derive(Debug)]
pub struct Heavy {
    check: Semaphore,
    read: Semaphore,
    sign: Semaphore,
    pack: Semaphore,
}

impl Default for Heavy {
    /// As many checks and signatures at once as there are processors, at least two; of the rest two.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        Self {
            check: Semaphore::new(cores),
            read: Semaphore::new(2),
            sign: Semaphore::new(cores),
            pack: Semaphore::new(2),
        }
    }
}

impl Heavy {
    /// Waits for a place and does the work there.
    pub async fn run<R: Send + 'static>(
        &self,
        kind: Work,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R> {
        let places = match kind {
            Work::Check => &self.check,
            Work::Read => &self.read,
            Work::Sign => &self.sign,
            Work::Pack => &self.pack,
        };
        let _place = places.acquire().await.context("heavy work")?;
        detached(work).await
    }
}

/// The same for whoever has no instance: the command line does one thing at a time.
pub async fn detached<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Result<R> {
    let (done, taken) = tokio::task::spawn_blocking(|| steps::counted(work)).await.context("heavy work")?;
    // what it cost is on the account of whoever asked
    steps::take(usize::try_from(taken).unwrap_or(usize::MAX));
    Ok(done)
}
