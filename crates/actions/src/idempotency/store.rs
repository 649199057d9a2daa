//! SQL of calls that count once.

use super::{Answer, Call};
use crate::error::Result;
use cairn_platform::db::{Conn, Db};

/// Forgets a person's answers from before an instant.
pub async fn forget(conn: &mut Conn, person: &str, before: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM idempotency WHERE person = $1 AND created_at < $2")
        .bind(person)
        .bind(before)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the key for a call that runs; false when somebody has it. One that has run since before `stale` is given up.
pub async fn take(conn: &mut Conn, call: &Call, now: i64, stale: i64) -> sqlx::Result<bool> {
    let mine = sqlx::query(
        "INSERT INTO idempotency (person, key, request_hash, status, response, created_at) \
         VALUES ($1, $2, $3, 0, '', $4) ON CONFLICT (person, key) DO UPDATE SET created_at = excluded.created_at \
         WHERE idempotency.status = 0 AND idempotency.request_hash = excluded.request_hash \
         AND idempotency.created_at < $5",
    )
    .bind(&call.person)
    .bind(&call.key)
    .bind(&call.hash)
    .bind(now)
    .bind(stale)
    .execute(conn)
    .await?;
    Ok(mine.rows_affected() > 0)
}

/// Hash of the call, status and answer under a key.
pub async fn find(conn: &mut Conn, person: &str, key: &str) -> sqlx::Result<(String, i64, String)> {
    sqlx::query_as("SELECT request_hash, status, response FROM idempotency WHERE person = $1 AND key = $2")
        .bind(person)
        .bind(key)
        .fetch_one(conn)
        .await
}

/// Keeps the answer.
pub async fn keep(db: &Db, call: &Call, answer: &Answer) -> Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "UPDATE idempotency SET status = $4, response = $5 WHERE person = $1 AND key = $2 AND request_hash = $3",
    )
    .bind(&call.person)
    .bind(&call.key)
    .bind(&call.hash)
    .bind(i64::from(answer.status))
    .bind(&answer.body)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

/// Lets the key of a call go that has changed nothing.
pub async fn release(db: &Db, call: &Call) -> Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "DELETE FROM idempotency WHERE person = $1 AND key = $2 AND request_hash = $3 AND status = 0",
    )
    .bind(&call.person)
    .bind(&call.key)
    .bind(&call.hash)
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}
