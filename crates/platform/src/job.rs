//! Later work: rows in the same database, claimed by lease, retried with backoff.

use crate::db::Conn;
use crate::platform::Platform;
use crate::schedule;
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row as _;
use std::ops::Deref;
use std::pin::Pin;
use std::time::Duration;

/// How a job ended when it did not end well.
#[derive(Debug)]
pub enum JobError {
    /// Try again later.
    Retry(anyhow::Error),
    /// Trying again would not help.
    GiveUp(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::Retry(error.into())
    }
}

/// A job that runs.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send + 'a>>;

/// The work of one kind of job, done for an `A`: the program, of which the [`Platform`] is a part.
pub struct Work<A: 'static> {
    /// The kind, as rows name it.
    pub kind: &'static str,
    /// Puts it into the queue once a night.
    pub is_nightly: bool,
    /// Does it.
    pub run: for<'a> fn(&'a A, &'a Job) -> Running<'a>,
}

impl<A> std::fmt::Debug for Work<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind)
    }
}

/// What runs jobs: the platform, and whoever knows what each kind of job is.
pub trait Runner: Clone + Send + Sync + Deref<Target = Platform> + 'static {
    /// Every kind there is.
    fn works() -> impl Iterator<Item = &'static Work<Self>> + Send;
}

/// Makes a [`Work`] of an `async fn(&A, &Job) -> Result<(), JobError>`.
#[macro_export]
macro_rules! work {
    ($kind:literal, $run:path) => {
        $crate::job::Work { kind: $kind, is_nightly: false, run: |app, job| Box::pin($run(app, job)) }
    };
    (nightly $kind:literal, $run:path) => {
        $crate::job::Work { kind: $kind, is_nightly: true, run: |app, job| Box::pin($run(app, job)) }
    };
}

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Deterministic: the same work has the same id.
    pub id: String,
    /// Which work.
    pub kind: String,
    /// JSON.
    pub body: String,
    /// This is the n-th try, from 1.
    pub attempt: i64,
}

/// Milliseconds for which a claim holds; a worker that dies frees it after that.
const LEASE_MS: i64 = 60_000;
/// Tries before a job is dead.
const MOST_ATTEMPTS: i64 = 8;

/// Puts work into the queue, in the caller's transaction; the same id once.
pub async fn enqueue(
    conn: &mut Conn,
    id: &str,
    kind: &str,
    body: &serde_json::Value,
    run_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO job (id, kind, body, state, run_at, claimed_until, attempts, error, created_at) \
         VALUES ($1, $2, $3, 'queued', $4, 0, 0, '', $4) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id)
    .bind(kind)
    .bind(body.to_string())
    .bind(run_at.as_millisecond())
    .execute(conn)
    .await?;
    Ok(())
}

async fn claim(app: &Platform) -> sqlx::Result<Option<Job>> {
    let now = app.clock.now().as_millisecond();
    let ready: Option<i64> = {
        // a look without the writer's lock first: mostly there is nothing to do
        let mut conn = app.db.read().await?;
        sqlx::query_scalar(
            "SELECT 1 FROM job WHERE state IN ('queued', 'running') AND run_at <= $1 AND claimed_until <= $1 LIMIT 1",
        )
        .bind(now)
        .fetch_optional(&mut *conn)
        .await?
        .map(|n: i32| i64::from(n))
    };
    if ready.is_none() {
        return Ok(None);
    }
    let mut tx = app.db.begin().await?;
    let row = sqlx::query(
        "UPDATE job SET state = 'running', claimed_until = $2, attempts = attempts + 1 WHERE id = \
         (SELECT id FROM job WHERE state IN ('queued', 'running') AND run_at <= $1 AND claimed_until <= $1 \
          ORDER BY run_at, id LIMIT 1) AND claimed_until <= $1 RETURNING id, kind, body, attempts",
    )
    .bind(now)
    .bind(now + LEASE_MS)
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|r| Job { id: r.get(0), kind: r.get(1), body: r.get(2), attempt: r.get(3) }))
}

/// Keeps a long job's claim. Call it between two parts of the work.
pub async fn keep_claim(conn: &mut Conn, id: &str, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query("UPDATE job SET claimed_until = $2 WHERE id = $1")
        .bind(id)
        .bind(now.as_millisecond() + LEASE_MS)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes out of a job's row what it was about: what it had to do is done, in the
/// caller's transaction, and its body holds what should not be kept.
pub async fn forget(conn: &mut Conn, id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE job SET body = '{}' WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// A job's state; none when there is no such job.
pub async fn state(conn: &mut Conn, id: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT state FROM job WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// Puts a job that was given up back into the queue, its tries counted anew.
pub async fn revive(conn: &mut Conn, id: &str, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE job SET state = 'queued', run_at = $2, claimed_until = 0, attempts = 0, ended_at = NULL \
         WHERE id = $1 AND state = 'dead'",
    )
    .bind(id)
    .bind(now.as_millisecond())
    .execute(conn)
    .await?;
    Ok(())
}

/// Seconds before the next try: 5 · 3^(attempt-1), at most six hours.
fn backoff(attempt: i64) -> i64 {
    5_i64.saturating_mul(3_i64.saturating_pow(u32::try_from(attempt - 1).unwrap_or(0))).min(6 * 3600)
}

async fn settle(app: &Platform, job: &Job, result: Result<(), JobError>) -> sqlx::Result<()> {
    let now = app.clock.now().as_millisecond();
    let (state, run_at, error) = match result {
        Ok(()) => ("done", now, String::new()),
        Err(JobError::Retry(e)) if job.attempt < MOST_ATTEMPTS => {
            let delay = backoff(job.attempt);
            tracing::warn!(job.id = %job.id, attempt = job.attempt, "Job {} failed, trying again in {delay} s: {e:#}", job.id);
            ("queued", now + delay * 1000, format!("{e:#}"))
        }
        Err(JobError::Retry(e) | JobError::GiveUp(e)) => {
            tracing::error!(job.id = %job.id, "Job {} is given up: {e:#}", job.id);
            ("dead", now, format!("{e:#}"))
        }
    };
    let ended = (state != "queued").then_some(now);
    let mut tx = app.db.begin().await?;
    sqlx::query(
        "UPDATE job SET state = $2, run_at = $3, claimed_until = 0, error = $4, ended_at = $5 WHERE id = $1",
    )
    .bind(&job.id)
    .bind(state)
    .bind(run_at)
    .bind(error)
    .bind(ended)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Runs one job that is due; false when there was none.
pub async fn run_one<A: Runner>(app: &A) -> sqlx::Result<bool> {
    let Some(job) = claim(app).await? else { return Ok(false) };
    let result = match A::works().find(|work| work.kind == job.kind) {
        Some(work) => (work.run)(app, &job).await,
        None => Err(JobError::GiveUp(anyhow::anyhow!("there is no work called {}", job.kind))),
    };
    settle(app, &job, result).await?;
    Ok(true)
}

/// Runs everything that is due now. For tests and the demo's seeding.
pub async fn run_due<A: Runner>(app: &A) -> sqlx::Result<usize> {
    let mut count = 0;
    while run_one(app).await? {
        count += 1;
    }
    Ok(count)
}

/// Works until `stop` says so. An action that enqueues rings `app.bell`, so
/// that nothing waits for the poll.
pub async fn work<A: Runner>(app: A, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut night = None;
    loop {
        if night != Some(schedule::today(&app)) {
            match plan_night(&app).await {
                Ok(day) => night = Some(day),
                Err(error) => tracing::error!("Could not plan the night's work: {error:#}"),
            }
        }
        match run_one(&app).await {
            Ok(true) => {
                if *stop.borrow() {
                    return;
                }
                continue;
            }
            Ok(false) => {}
            Err(error) => tracing::error!("Could not look for jobs: {error:#}"),
        }
        tokio::select! {
            () = app.bell.notified() => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            _ = stop.changed() => {}
        }
        if *stop.borrow() {
            return;
        }
    }
}

/// Puts this night's jobs into the queue, if they are not there; gives the day.
pub async fn plan_night<A: Runner>(app: &A) -> anyhow::Result<Date> {
    let kinds = A::works().filter(|work| work.is_nightly).map(|work| work.kind);
    schedule::nightly(app, kinds).await
}

/// Numbers for `/metrics`: jobs by state.
pub async fn counts(conn: &mut Conn) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("SELECT state, count(*) FROM job GROUP BY state ORDER BY state").fetch_all(conn).await
}

#[cfg(test)]
mod tests {
    #[test]
    fn backoff_grows_and_stops() {
        assert_eq!([1, 2, 3, 7, 60].map(super::backoff), [5, 15, 45, 3645, 21600]);
    }
}
