//! Work that comes round by itself. Its jobs have deterministic ids, so that
//! several nodes do it once.

use crate::App;
use crate::platform::job;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

/// Kinds of jobs that run once a night.
const NIGHTLY: &[&str] = &["audit_head", "check_domains", "retention", "sweep_uploads"];
/// Milliseconds after midnight UTC at which they begin.
const AT_MS: i64 = 2 * 3_600_000;

/// Puts this night's jobs into the queue, if they are not there; gives the day,
/// so that one asks once a day.
pub async fn nightly(app: &App) -> anyhow::Result<Date> {
    let midnight = app.clock.now().to_zoned(TimeZone::UTC).start_of_day()?;
    let at = Timestamp::from_millisecond(midnight.timestamp().as_millisecond() + AT_MS)?;
    let mut tx = app.db.begin().await?;
    for kind in NIGHTLY {
        job::enqueue(&mut tx, &format!("{kind}-{}", midnight.date()), kind, &json!({}), at).await?;
    }
    tx.commit().await?;
    Ok(midnight.date())
}

/// Today, UTC.
pub fn today(app: &App) -> Date {
    app.clock.now().to_zoned(TimeZone::UTC).date()
}
