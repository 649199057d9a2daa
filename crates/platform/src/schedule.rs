//! Work that comes round by itself. Its jobs have deterministic ids, so that
//! several nodes do it once.

use crate::job;
use crate::platform::Platform;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

/// Milliseconds after midnight UTC at which they begin.
const AT_MS: i64 = 2 * 3_600_000;

/// Puts a night's jobs of these kinds into the queue, if they are not there; gives
/// the day, so that one asks once a day.
pub async fn nightly(
    app: &Platform,
    kinds: impl Iterator<Item = &'static str> + Send,
) -> anyhow::Result<Date> {
    let midnight = app.clock.now().to_zoned(TimeZone::UTC).start_of_day()?;
    let at = Timestamp::from_millisecond(midnight.timestamp().as_millisecond() + AT_MS)?;
    let mut tx = app.db.begin().await?;
    for kind in kinds {
        job::enqueue(&mut tx, &format!("{kind}-{}", midnight.date()), kind, &json!({}), at).await?;
    }
    tx.commit().await?;
    Ok(midnight.date())
}

/// Today, UTC.
pub fn today(app: &Platform) -> Date {
    app.clock.now().to_zoned(TimeZone::UTC).date()
}
