//! Fixed windows counted in the database, so that they hold on every node.

use crate::platform::clock::Clock;
use crate::platform::db::Db;
use crate::platform::error::{Error, Result};

/// Counts one use of `key`; refuses when it was used `most` times within the
/// window of `seconds`.
pub async fn take(db: &Db, clock: &Clock, key: &str, most: i64, seconds: i64) -> Result<()> {
    let now = clock.now().as_millisecond();
    let window = seconds * 1000;
    let mut tx = db.begin().await?;
    let (started, used): (i64, i64) = sqlx::query_as(
        "INSERT INTO rate (key, window_started_at, used) VALUES ($1, $2, 1) \
         ON CONFLICT (key) DO UPDATE SET \
           used = CASE WHEN rate.window_started_at + $3 <= $2 THEN 1 ELSE rate.used + 1 END, \
           window_started_at = CASE WHEN rate.window_started_at + $3 <= $2 THEN $2 ELSE rate.window_started_at END \
         RETURNING window_started_at, used",
    )
    .bind(key)
    .bind(now)
    .bind(window)
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    if used > most {
        return Err(Error::TooMany(((started + window - now) / 1000).max(1)));
    }
    Ok(())
}
