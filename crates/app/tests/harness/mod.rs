//! An app of its own for every test: a fresh database, a folder that goes away,
//! a clock that stands still, people as values.

mod browser;
mod html;
mod page;
mod people;
mod program;

pub use browser::Browser;
pub use cairn_domain::permission::Role;
pub use page::Page;
pub use program::Program;

use cairn_actions::App;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::{job, mail};
use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection as _, Executor as _};
use std::sync::atomic::{AtomicBool, Ordering};

/// What the clock of a fresh app shows.
pub const NOW: &str = "2026-11-22T12:00:00Z";

/// A Cairn of one test. Gives everything that [`App`] gives.
pub struct TestApp {
    app: App,
    router: axum::Router,
    leave_jobs: AtomicBool,
    /// The server's address and the database made there.
    postgres: Option<(String, String)>,
    /// Goes away with the app.
    _folder: tempfile::TempDir,
}

impl std::ops::Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// On SQLite, or on the PostgreSQL server that `CAIRN_TEST_POSTGRES` names.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same with some settings changed: `TestApp::with(|c| c.demo = true)`.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut config = Config {
            data: folder.path().to_owned(),
            base_url: "http://cairn.test".into(),
            ..Config::default()
        };
        let postgres = match server() {
            Some(server) => Some(fresh_database(server, &mut config).await),
            None => None,
        };
        change(&mut config);
        let clock = Clock::at(NOW.parse().expect("NOW is an instant"));
        let app = cairn::open(config, clock).await.expect("the app opens");
        let router = cairn::router(app.clone());
        Self { app, router, leave_jobs: AtomicBool::new(false), postgres, _folder: folder }
    }

    /// Moves the clock to an instant: `app.set_clock("2027-01-31T08:00:00Z")`.
    pub fn set_clock(&self, at: &str) {
        self.clock.set(at.parse().expect("an instant like 2027-01-31T08:00:00Z"));
    }

    /// Moves the clock on by whole days.
    pub fn pass_days(&self, days: i64) {
        self.pass(SignedDuration::from_hours(24 * days));
    }

    /// Moves the clock on.
    pub fn pass(&self, time: SignedDuration) {
        let now: Timestamp = self.clock.now();
        self.clock.set(now + time);
    }

    /// Letters to an address, newest first, sent or not.
    pub async fn mails_to(&self, address: &str) -> Vec<mail::LetterView> {
        let mut conn = self.db.read().await.unwrap();
        mail::newest(&mut conn, &self.keys, address, 100).await.unwrap()
    }

    /// Runs the jobs that are due, and what they enqueue; gives how many.
    pub async fn run_jobs(&self) -> usize {
        job::run_due(&self.app).await.unwrap()
    }

    /// Lets this app end with jobs that are due and were not run.
    pub fn leave_jobs(&self) {
        self.leave_jobs.store(true, Ordering::Relaxed);
    }

    /// Counts rows: `app.count("SELECT count(*) FROM award").await`.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut conn = self.db.read().await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap()
    }

    /// Runs a statement behind the app's back, to bring about what no action would.
    pub async fn execute(&self, sql: &'static str) -> u64 {
        let mut tx = self.db.begin().await.unwrap();
        let done = sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        done.rows_affected()
    }

    async fn due_jobs(&self) -> Vec<String> {
        let Ok(mut conn) = self.db.read().await else { return vec![] };
        sqlx::query_scalar("SELECT id FROM job WHERE state = 'queued' AND run_at <= $1 ORDER BY id")
            .bind(self.clock.now().as_millisecond())
            .fetch_all(&mut *conn)
            .await
            .unwrap_or_default()
    }
}

impl Drop for TestApp {
    /// Ends the connections, drops a database that was made on a server, and
    /// fails the test when it left work undone.
    fn drop(&mut self) {
        let handle = tokio::runtime::Handle::current();
        let left = tokio::task::block_in_place(|| {
            handle.block_on(async {
                let left = self.due_jobs().await;
                self.db.close().await;
                if let Some((server, name)) = &self.postgres {
                    drop_database(server, name).await;
                }
                left
            })
        });
        if !std::thread::panicking() && !self.leave_jobs.load(Ordering::Relaxed) {
            assert!(
                left.is_empty(),
                "the test ends with jobs that are due: {left:?}; call app.run_jobs(), or app.leave_jobs()"
            );
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own setting, not the program's")]
fn server() -> Option<String> {
    std::env::var("CAIRN_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// Makes a database on the server and points the settings at it.
async fn fresh_database(server: String, config: &mut Config) -> (String, String) {
    let name = format!("cairn_test_{}", cairn_platform::id::fresh().simple());
    let mut conn = sqlx::PgConnection::connect(&server)
        .await
        .unwrap_or_else(|e| panic!("CAIRN_TEST_POSTGRES must name a running server: {e}"));
    conn.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database is made");
    conn.close().await.expect("the connection ends");
    let mut url = url::Url::parse(&server).expect("CAIRN_TEST_POSTGRES is an address");
    url.set_path(&name);
    config.database = url.into();
    (server, name)
}

/// As far as it goes: a server that stops first takes its databases with it.
async fn drop_database(server: &str, name: &str) {
    if let Ok(mut conn) = sqlx::PgConnection::connect(server).await {
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let _ = conn.execute(sqlx::AssertSqlSafe(sql)).await;
    }
}
