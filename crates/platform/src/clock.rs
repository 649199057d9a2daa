//! The one door to the time of day, so that tests and the demo's seeding set it.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where "now" comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's.
    System,
    /// Set by hand, milliseconds UTC.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(at.as_millisecond())))
    }

    /// Now, to the millisecond.
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn now(&self) -> Timestamp {
        let ms = match self {
            Self::System => Timestamp::now().as_millisecond(),
            Self::Set(ms) => ms.load(Ordering::Relaxed),
        };
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a clock that is set by hand; the machine's is left alone.
    pub fn set(&self, at: Timestamp) {
        if let Self::Set(ms) = self {
            ms.store(at.as_millisecond(), Ordering::Relaxed);
        }
    }
}
