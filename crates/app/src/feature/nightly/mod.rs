//! What is done once a day, whatever the number of nodes: jobs whose ids name
//! the day, so that whoever comes second finds them there.

use crate::App;
use crate::platform::job;
use anyhow::Result;
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::json;
use std::time::Duration;
use tokio::sync::watch;

/// Kinds of jobs, in the order in which they begin.
pub const KINDS: &[&str] = &["audit_head"];
/// Minutes after midnight UTC at which the first begins.
const AT: i64 = 150;

/// Puts today's work into the queue, once.
pub async fn enqueue(app: &App) -> Result<()> {
    let day = app.clock.now().to_zoned(TimeZone::UTC).date();
    let midnight = day.to_zoned(TimeZone::UTC)?.timestamp();
    let mut tx = app.db.begin().await?;
    for (n, kind) in KINDS.iter().enumerate() {
        let at = midnight + SignedDuration::from_mins(AT + n as i64);
        job::enqueue(&mut tx, &format!("{kind}-{day}"), kind, &json!({}), at).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Looks every ten minutes whether a new day has begun, until `stop` says so.
pub async fn keep(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match enqueue(&app).await {
            Ok(()) => app.bell.notify_one(),
            Err(error) => tracing::error!("Could not put the nightly work into the queue: {error:#}"),
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_mins(10)) => {}
            _ = stop.changed() => {}
        }
    }
}
