//! Brings a database to the newest schema; one text of migrations for both engines.

use crate::db::{Conn, Db};
use crate::key_store::KeyStore;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::pin::Pin;

/// What the program does after a migration's text, in the same transaction.
pub type Step =
    for<'a> fn(&'a mut Conn, &'a KeyStore) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// One change of the schema; never changed once it is released.
#[derive(Debug)]
pub struct Migration {
    /// Its name, by which a database remembers it.
    pub name: &'static str,
    /// Statements, each ended by a semicolon at the end of a line.
    pub sql: &'static str,
    /// What SQL cannot say.
    pub step: Option<Step>,
}

/// Runs what has not run yet, each in its own transaction. Refuses a database
/// that a newer program, or another text of a migration, has touched.
pub async fn migrate(db: &Db, keys: &KeyStore, migrations: &'static [Migration]) -> Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL)")
        .execute(&mut *tx)
        .await?;
    let done: Vec<(String, String)> =
        sqlx::query_as("SELECT name, digest FROM migration ORDER BY name").fetch_all(&mut *tx).await?;
    for (name, digest) in &done {
        let Some(Migration { sql, .. }) = migrations.iter().find(|m| m.name == name) else {
            anyhow::bail!("this database was made by a newer Cairn (it knows {name}); run that one");
        };
        anyhow::ensure!(*digest == hash(sql), "migration {name} has changed since it ran; restore its text");
    }
    for Migration { name, sql, step } in migrations.iter().filter(|m| !done.iter().any(|(d, _)| d == m.name))
    {
        for statement in statements(sql) {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone()))
                .execute(&mut *tx)
                .await
                .with_context(|| format!("running migration {name}: {statement}"))?;
        }
        if let Some(step) = step {
            step(&mut tx, keys).await.with_context(|| format!("running the step of migration {name}"))?;
        }
        sqlx::query("INSERT INTO migration (name, digest) VALUES ($1, $2)")
            .bind(*name)
            .bind(hash(sql))
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    crate::search::prepare(db).await
}

/// How a database stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Migrations that have not run yet; all of them on an empty database.
    pub pending: Vec<&'static str>,
    /// Migrations of a newer program.
    pub unknown: Vec<String>,
}

/// Looks at a database without changing it.
pub async fn standing(db: &Db, migrations: &'static [Migration]) -> Result<Standing> {
    let mut conn = db.read().await?;
    // there is no portable way to ask for a table; an empty database has none
    let done: Vec<String> =
        sqlx::query_scalar("SELECT name FROM migration").fetch_all(&mut *conn).await.unwrap_or_default();
    let names = || migrations.iter().map(|m| m.name);
    Ok(Standing {
        pending: names().filter(|name| !done.iter().any(|d| d == name)).collect(),
        unknown: done.iter().filter(|d| !names().any(|name| name == d.as_str())).cloned().collect(),
    })
}

fn hash(text: &str) -> String {
    crate::id::hex(&Sha256::digest(text.as_bytes()))
}

/// Splits a migration at semicolons that end a line; comments go.
fn statements(text: &str) -> Vec<String> {
    let plain: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
    plain.join("\n").split(";\n").map(str::trim).filter(|s| !s.is_empty()).map(String::from).collect()
}
