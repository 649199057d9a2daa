//! Brings a database to the newest schema; one folder of migrations for both engines.

use crate::platform::db::{Conn, Db};
use crate::platform::key_store::KeyStore;
use crate::platform::migration_step;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// In the order they run; a migration is never changed once it is released.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_people", include_str!("../../migrations/0001_people.sql")),
    ("0002_earning", include_str!("../../migrations/0002_earning.sql")),
    ("0003_credentials", include_str!("../../migrations/0003_credentials.sql")),
    ("0004_floor", include_str!("../../migrations/0004_floor.sql")),
    ("0005_catalog", include_str!("../../migrations/0005_catalog.sql")),
    ("0006_roster", include_str!("../../migrations/0006_roster.sql")),
    ("0010_standing", include_str!("../../migrations/0010_standing.sql")),
    ("0011_domain", include_str!("../../migrations/0011_domain.sql")),
    ("0020_blob_use", include_str!("../../migrations/0020_blob_use.sql")),
    ("0021_sealed_link", include_str!("../../migrations/0021_sealed_link.sql")),
    ("0030_audit", include_str!("../../migrations/0030_audit.sql")),
    ("0031_mail_key", include_str!("../../migrations/0031_mail_key.sql")),
    ("0040_accounts", include_str!("../../migrations/0040_accounts.sql")),
    ("0060_status_purpose", include_str!("../../migrations/0060_status_purpose.sql")),
    ("0041_places", include_str!("../../migrations/0041_places.sql")),
    ("0042_keys", include_str!("../../migrations/0042_keys.sql")),
    ("0050_rate", include_str!("../../migrations/0050_rate.sql")),
];

/// What the program does after a migration's text, in the same transaction.
async fn step(name: &str, conn: &mut Conn, keys: &KeyStore) -> Result<()> {
    match name {
        "0010_standing" => migration_step::fill_looks(conn).await,
        "0020_blob_use" => migration_step::fill_blob_use(conn).await,
        "0031_mail_key" => migration_step::fill_mail_key(conn).await,
        "0021_sealed_link" => migration_step::seal_links(conn, keys).await,
        _ => Ok(()),
    }
}

/// Runs what has not run yet, each in its own transaction. Refuses a database
/// that a newer program, or another text of a migration, has touched.
pub async fn migrate(db: &Db, keys: &KeyStore) -> Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL)")
        .execute(&mut *tx)
        .await?;
    let done: Vec<(String, String)> =
        sqlx::query_as("SELECT name, digest FROM migration ORDER BY name").fetch_all(&mut *tx).await?;
    for (name, digest) in &done {
        let Some((_, text)) = MIGRATIONS.iter().find(|(n, _)| n == name) else {
            anyhow::bail!("this database was made by a newer Cairn (it knows {name}); run that one");
        };
        anyhow::ensure!(*digest == hash(text), "migration {name} has changed since it ran; restore its text");
    }
    for (name, text) in MIGRATIONS.iter().filter(|(n, _)| !done.iter().any(|(d, _)| d == n)) {
        for statement in statements(text) {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone()))
                .execute(&mut *tx)
                .await
                .with_context(|| format!("running migration {name}: {statement}"))?;
        }
        step(name, &mut tx, keys).await.with_context(|| format!("running the step of migration {name}"))?;
        sqlx::query("INSERT INTO migration (name, digest) VALUES ($1, $2)")
            .bind(*name)
            .bind(hash(text))
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    crate::platform::search::prepare(db).await
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
pub async fn standing(db: &Db) -> Result<Standing> {
    let mut conn = db.read().await?;
    // there is no portable way to ask for a table; an empty database has none
    let done: Vec<String> =
        sqlx::query_scalar("SELECT name FROM migration").fetch_all(&mut *conn).await.unwrap_or_default();
    let names = || MIGRATIONS.iter().map(|(name, _)| *name);
    Ok(Standing {
        pending: names().filter(|name| !done.iter().any(|d| d == name)).collect(),
        unknown: done.iter().filter(|d| !names().any(|name| name == d.as_str())).cloned().collect(),
    })
}

fn hash(text: &str) -> String {
    crate::platform::id::hex(&Sha256::digest(text.as_bytes()))
}

/// Splits a migration at semicolons that end a line; comments go.
fn statements(text: &str) -> Vec<String> {
    let plain: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
    plain.join("\n").split(";\n").map(str::trim).filter(|s| !s.is_empty()).map(String::from).collect()
}
