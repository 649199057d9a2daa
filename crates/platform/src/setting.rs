//! Values that the instance remembers under a name.

use crate::db::{Conn, Db};

/// The value under this name; none before it was kept.
pub async fn read(conn: &mut Conn, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM setting WHERE name = $1").bind(name).fetch_optional(conn).await
}

/// Keeps a value in a transaction of its own, in place of the one before.
pub async fn keep(db: &Db, name: &str, value: &str) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    put(&mut tx, name, value).await?;
    tx.commit().await
}

/// The same in the caller's transaction.
pub async fn put(conn: &mut Conn, name: &str, value: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(conn)
    .await?;
    Ok(())
}
