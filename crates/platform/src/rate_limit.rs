//! Fixed windows counted in the database, so that they hold on every node. What may be counted, and how
//! often, stands in [`crate::limit`].

use crate::clock::Clock;
use crate::db::{Conn, Db};
use crate::error::{Error, Result};
use jiff::Timestamp;

/// Milliseconds after which a window is forgotten; none is longer.
const KEPT_MS: i64 = 86_400_000;

/// Counts one use of `key`; refuses when it was used `most` times within the
/// window of `seconds`.
pub async fn take(db: &Db, clock: &Clock, key: &str, most: i64, seconds: i64) -> Result<()> {
    take_all(db, clock, &[(key, most, seconds)]).await
}

/// Counts one use of each key, in this order, and refuses at the first that was used too often: what is
/// shared with others is not used up by somebody who has used up her own.
pub async fn take_all(db: &Db, clock: &Clock, uses: &[(&str, i64, i64)]) -> Result<()> {
    let now = clock.now().as_millisecond();
    let (mut wait, mut is_fresh) = (None, false);
    let mut tx = db.begin().await?;
    for (key, most, seconds) in uses {
        let window = seconds * 1000;
        let (started, used) = count(&mut tx, key, now, window, 1).await?;
        if used > *most {
            wait = Some(((started + window - now) / 1000).max(1));
            break;
        }
        is_fresh |= used == 1;
    }
    if let Some(seconds) = wait {
        // a try that is refused uses up nothing, neither of this key nor of those before it
        tx.rollback().await?;
        return Err(Error::TooMany(seconds));
    }
    tx.commit().await?;
    if is_fresh {
        forget(db, now - KEPT_MS).await?;
    }
    Ok(())
}

/// Counts several uses of `key` in the caller's transaction, so that they count only when what they are for
/// happens; refuses when there would be more than `most`.
pub async fn take_in(
    conn: &mut Conn,
    clock: &Clock,
    key: &str,
    uses: i64,
    most: i64,
    seconds: i64,
) -> Result<()> {
    let (now, window) = (clock.now().as_millisecond(), seconds * 1000);
    let (started, used) = count(conn, key, now, window, uses).await?;
    if used > most {
        return Err(Error::TooMany(((started + window - now) / 1000).max(1)));
    }
    Ok(())
}

/// Takes back one use of each key that was counted at `at`; a window that has begun since is left alone.
pub async fn give_back(db: &Db, keys: &[String], at: Timestamp) -> Result<()> {
    let mut tx = db.begin().await?;
    for key in keys {
        sqlx::query(
            "UPDATE rate SET used = used - 1 WHERE key = $1 AND used > 0 AND window_started_at <= $2",
        )
        .bind(key)
        .bind(at.as_millisecond())
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}

async fn count(conn: &mut Conn, key: &str, now: i64, window: i64, uses: i64) -> sqlx::Result<(i64, i64)> {
    sqlx::query_as(
        "INSERT INTO rate (key, window_started_at, used) VALUES ($1, $2, $4) \
         ON CONFLICT (key) DO UPDATE SET \
           used = CASE WHEN rate.window_started_at + $3 <= $2 THEN $4 ELSE rate.used + $4 END, \
           window_started_at = CASE WHEN rate.window_started_at + $3 <= $2 THEN $2 ELSE rate.window_started_at END \
         RETURNING window_started_at, used",
    )
    .bind(key)
    .bind(now)
    .bind(window)
    .bind(uses)
    .fetch_one(conn)
    .await
}

/// Nobody's windows are kept for longer than a day.
async fn forget(db: &Db, before: i64) -> sqlx::Result<()> {
    let is_old = {
        let mut conn = db.read().await?;
        sqlx::query("SELECT 1 FROM rate WHERE window_started_at <= $1 LIMIT 1")
            .bind(before)
            .fetch_optional(&mut *conn)
            .await?
            .is_some()
    };
    if is_old {
        // in a transaction of its own, so that it waits for nobody with a row in hand
        let mut tx = db.begin().await?;
        sqlx::query("DELETE FROM rate WHERE window_started_at <= $1").bind(before).execute(&mut *tx).await?;
        tx.commit().await?;
    }
    Ok(())
}
