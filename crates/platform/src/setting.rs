//! Values that the instance remembers under a name.

use crate::db::{Conn, Db};
use crate::query::QueryBuilder;
use sqlx::Row as _;

/// The value under this name; none before it was kept.
pub async fn read(conn: &mut Conn, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM setting WHERE name = $1").bind(name).fetch_optional(conn).await
}

/// The values under these names, in the order of the names; what was never kept is left out.
pub async fn read_all(conn: &mut Conn, names: &[&str]) -> sqlx::Result<Vec<String>> {
    let mut query = QueryBuilder::new("SELECT value FROM setting WHERE name IN (");
    let mut list = query.separated(", ");
    for name in names {
        list.push_bind((*name).to_owned());
    }
    query.push(") ORDER BY name");
    Ok(query.build().fetch_all(conn).await?.iter().map(|row| row.get(0)).collect())
}

/// True the first time that it is asked for this name.
pub async fn once(conn: &mut Conn, name: &str) -> sqlx::Result<bool> {
    let done =
        sqlx::query("INSERT INTO setting (name, value) VALUES ($1, 'done') ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() > 0)
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
