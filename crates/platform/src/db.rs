//! The one door to the database. The same SQL text runs on SQLite and on
//! PostgreSQL; what differs between them is in this file and in `search.rs`.

use anyhow::{Context, Result};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, Executor};
use std::str::FromStr;
use std::time::Duration;

/// A connection to read from or a transaction to write in.
pub type Conn = AnyConnection;
/// A writing transaction.
pub type Tx = sqlx::Transaction<'static, Any>;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// PostgreSQL or what speaks like it.
    Postgres,
}

/// Two pools: SQLite has one writer at a time, so writers queue in here rather
/// than collide in the file; readers never wait for them.
#[derive(Debug, Clone)]
pub struct Db {
    /// Which database it is.
    pub engine: Engine,
    read: AnyPool,
    write: AnyPool,
    url: String,
}

impl Db {
    /// Opens `sqlite:FILE` or `postgres://…`; a missing SQLite file is made.
    pub async fn open(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = AnyConnectOptions::from_str(url).context("reading the database address")?;
            let pool = AnyPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(30))
                .connect_with(options)
                .await
                .context("connecting to PostgreSQL; is it running, and is the address right?")?;
            return Ok(Self {
                engine: Engine::Postgres,
                read: pool.clone(),
                write: pool,
                url: url.to_owned(),
            });
        }
        let file = url.strip_prefix("sqlite:").unwrap_or(url).trim_start_matches("//");
        let file = file.split('?').next().unwrap_or(file);
        let options = AnyConnectOptions::from_str(&format!("sqlite://{file}?mode=rwc"))
            .context("reading the database address")?;
        let pool = |connections: u32| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(Duration::from_mins(1))
                .idle_timeout(None)
                .max_lifetime(None)
                .after_connect(|conn, _| {
                    Box::pin(async move {
                        conn.execute(
                            "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; \
                             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000",
                        )
                        .await?;
                        Ok(())
                    })
                })
        };
        let write = pool(1)
            .connect_with(options.clone())
            .await
            .with_context(|| format!("opening {file}; may this user write there?"))?;
        let read = pool(4).connect_with(options).await.with_context(|| format!("opening {file}"))?;
        Ok(Self { engine: Engine::Sqlite, read, write, url: url.to_owned() })
    }

    /// A transaction that will write. `BEGIN IMMEDIATE` on SQLite: a plain
    /// `BEGIN` that reads first and writes later fails when another writer was
    /// quicker, and waiting does not help it.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await,
            #[expect(clippy::disallowed_methods, reason = "this is the door")]
            Engine::Postgres => self.write.begin().await,
        }
    }

    /// A connection for pages that only look.
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<Any>, sqlx::Error> {
        self.read.acquire().await
    }

    /// Writes a consistent copy of a running SQLite database to a new file.
    pub async fn copy_to(&self, file: &std::path::Path) -> Result<()> {
        let file = file.to_str().context("the path is not UTF-8")?;
        let mut conn = self.read().await?;
        sqlx::query("VACUUM INTO $1").bind(file).execute(&mut *conn).await.context("copying the database")?;
        Ok(())
    }

    /// The SQLite file; none for PostgreSQL.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        file_of(&self.url)
    }

    /// Ends all connections; SQLite's log is folded into its file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// The SQLite file of a database address, opened or not; none for PostgreSQL.
pub fn file_of(url: &str) -> Option<std::path::PathBuf> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return None;
    }
    let path = url.strip_prefix("sqlite:").unwrap_or(url).trim_start_matches("//");
    Some(path.split('?').next().unwrap_or(path).into())
}

/// Takes a number for this transaction: whoever takes the same one waits until
/// it ends. SQLite has one writer at a time, which is enough.
pub async fn take(conn: &mut Conn, number: i64) -> Result<(), sqlx::Error> {
    if conn.backend_name() == "PostgreSQL" {
        // as text, because this driver knows no value of the type void
        sqlx::query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)").bind(number).execute(conn).await?;
    }
    Ok(())
}

/// True when a statement failed because the row is already there.
pub fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Asks the database for nothing, to see that it answers.
pub async fn probe(conn: &mut Conn) -> sqlx::Result<()> {
    sqlx::query("SELECT 1").execute(conn).await?;
    Ok(())
}
