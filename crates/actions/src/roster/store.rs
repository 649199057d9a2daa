//! Rows of rosters. Every statement names the organisation.

use crate::roster::csv::{Problem, Row};
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{OrganizationId, PersonId, RosterId};
use cairn_value::words;
use jiff::tz::TimeZone;
use sqlx::Row as _;

words! {
    /// How far a roster has come.
    State {
        /// Its rows are being read.
        Reading = "reading",
        /// It can be awarded.
        Ready = "ready",
        /// It is being awarded.
        Running = "running",
        /// All of it was awarded.
        Done = "done",
    }
}

/// A roster as stored.
#[derive(Debug, Clone)]
pub struct SavedRoster {
    /// Its id.
    pub id: RosterId,
    /// Achievement id.
    pub achievement: String,
    /// Its slug.
    pub slug: String,
    /// Its title in its own language.
    pub title: String,
    /// The version that is awarded.
    pub version: String,
    /// As the browser named it.
    pub file_name: String,
    /// Content hash of the file; empty for a copy.
    pub blob: String,
    /// utf-8 or windows-1252.
    pub encoding: String,
    /// How far it has come.
    pub state: State,
    /// Rows below the header.
    pub total: i64,
    /// Rows with a problem.
    pub bad: i64,
    /// Rows that were awarded.
    pub done: i64,
    /// Rows whose people had the badge.
    pub skipped: i64,
    /// Who uploaded it.
    pub created_by: String,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// Milliseconds UTC.
    pub started_at: Option<i64>,
    /// Milliseconds UTC.
    pub finished_at: Option<i64>,
}

impl SavedRoster {
    /// Rows without a problem.
    pub fn good(&self) -> i64 {
        self.total - self.bad
    }
}

const COLUMNS: &str = "SELECT r.id, r.achievement, COALESCE(a.slug, ''), COALESCE(e.title, a.slug, ''), r.achievement_version, \
     r.file_name, r.blob, r.encoding, r.state, r.total, r.bad, r.done, r.skipped, r.created_by, r.created_at, r.started_at, \
     r.finished_at FROM roster r \
     LEFT JOIN achievement_card a ON a.organization = r.organization AND a.id = r.achievement \
     LEFT JOIN catalog_title e ON e.organization = r.organization AND e.achievement = r.achievement";

fn stored(r: &sqlx::any::AnyRow) -> sqlx::Result<SavedRoster> {
    let id: String = r.get(0);
    Ok(SavedRoster {
        id: id.parse().map_err(|e: cairn_value::id::NotAnId| sqlx::Error::Decode(e.into()))?,
        achievement: r.get(1),
        slug: r.get(2),
        title: r.get(3),
        version: r.get(4),
        file_name: r.get(5),
        blob: r.get(6),
        encoding: r.get(7),
        // what nobody knows is not awarded
        state: State::parse(&r.get::<String, _>(8)).unwrap_or(State::Reading),
        total: r.get(9),
        bad: r.get(10),
        done: r.get(11),
        skipped: r.get(12),
        created_by: r.get(13),
        created_at: r.get(14),
        started_at: r.get(15),
        finished_at: r.get(16),
    })
}

/// An organisation's roster; one that is still being read is not there yet.
pub async fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
) -> sqlx::Result<Option<SavedRoster>> {
    let sql = format!("{COLUMNS} WHERE r.organization = $1 AND r.id = $2 AND r.state <> 'reading'");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(stored).transpose()
}

/// A page of an organisation's rosters, newest first (ids are time-ordered).
pub async fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    before: Option<RosterId>,
    limit: i64,
) -> sqlx::Result<Vec<SavedRoster>> {
    let mut query = QueryBuilder::new(COLUMNS);
    query.push(" WHERE r.organization = ").push_bind(organization.to_string());
    query.push(" AND r.state <> 'reading'");
    if let Some(before) = before {
        query.push(" AND r.id < ").push_bind(before.to_string());
    }
    query.push(" ORDER BY r.id DESC LIMIT ").push_bind(limit);
    query.build().fetch_all(conn).await?.iter().map(stored).collect()
}

/// What can be awarded.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Achievement id.
    pub id: String,
    /// In addresses.
    pub slug: String,
    /// In its own language.
    pub title: String,
    /// Published version.
    pub version: String,
}

/// An organisation's published achievements, by title.
pub async fn choices(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query(
        "SELECT a.id, a.slug, COALESCE(e.title, a.slug), a.published_version FROM achievement_card a \
         LEFT JOIN catalog_title e ON e.organization = a.organization AND e.achievement = a.id \
         WHERE a.organization = $1 AND a.published_version IS NOT NULL AND a.retired_at IS NULL \
         ORDER BY COALESCE(e.sort_key, a.slug), a.slug LIMIT 1000",
    )
    .bind(organization.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows
        .iter()
        .map(|r| Choice { id: r.get(0), slug: r.get(1), title: r.get(2), version: r.get(3) })
        .collect())
}

/// A roster without rows yet.
#[derive(Debug, Clone)]
pub struct New {
    /// Its id.
    pub id: RosterId,
    /// What is awarded.
    pub choice: Choice,
    /// As the browser named it.
    pub file_name: String,
    /// Content hash of the file.
    pub blob: String,
    /// Who uploads it.
    pub created_by: PersonId,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// Writes a roster that is being read.
pub async fn insert(conn: &mut Conn, organization: OrganizationId, new: &New) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO roster (organization, id, achievement, achievement_version, file_name, blob, state, total, bad, \
         done, skipped, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'reading', 0, 0, 0, 0, $7, $8)",
    )
    .bind(organization.to_string())
    .bind(new.id.to_string())
    .bind(&new.choice.id)
    .bind(&new.choice.version)
    .bind(&new.file_name)
    .bind(&new.blob)
    .bind(new.created_by.to_string())
    .bind(new.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds rows, good ones ready, others bad.
pub async fn insert_rows(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    rows: Vec<Row>,
) -> crate::error::Result<()> {
    let mut values = Vec::with_capacity(rows.len());
    for row in rows {
        let problem =
            if row.problems.is_empty() { String::new() } else { serde_json::to_string(&row.problems)? };
        let day = row.awarded_on.and_then(|d| d.to_zoned(TimeZone::UTC).ok());
        values.push((row, problem, day.map(|d| d.timestamp().as_millisecond())));
    }
    let mut insert = QueryBuilder::new(
        "INSERT INTO roster_row (organization, roster, number, name, address, address_key, awarded_on, state, problem) ",
    );
    insert.push_values(values, |mut to, (row, problem, day)| {
        to.push_bind(organization.to_string())
            .push_bind(id.to_string())
            .push_bind(i64::from(row.number))
            .push_bind(row.name)
            .push_bind(row.address)
            .push_bind(row.key)
            .push_bind(day)
            .push_bind(if problem.is_empty() { "ready" } else { "bad" }.to_owned())
            .push_bind(problem);
    });
    insert.build().execute(conn).await?;
    Ok(())
}

/// Everything has been read: people see it from now on.
pub async fn set_read(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    (total, bad): (i64, i64),
    encoding: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE roster SET state = 'ready', total = $3, bad = $4, encoding = $5 WHERE organization = $1 AND id = $2",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(total)
    .bind(bad)
    .bind(encoding)
    .execute(conn)
    .await?;
    Ok(())
}

/// Copies the good rows of another roster, without their dates; gives how many.
pub async fn copy_rows(
    conn: &mut Conn,
    organization: OrganizationId,
    from: RosterId,
    to: RosterId,
) -> sqlx::Result<i64> {
    let done = sqlx::query(
        "INSERT INTO roster_row (organization, roster, number, name, address, address_key, state, problem) \
         SELECT organization, $3, number, name, address, address_key, 'ready', '' FROM roster_row \
         WHERE organization = $1 AND roster = $2 AND state IN ('ready', 'awarded', 'skipped', 'revoked')",
    )
    .bind(organization.to_string())
    .bind(from.to_string())
    .bind(to.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() as i64)
}

/// Removes a roster that nobody was awarded from. False when it was started.
pub async fn remove(conn: &mut Conn, organization: OrganizationId, id: RosterId) -> sqlx::Result<bool> {
    let gone = sqlx::query(
        "DELETE FROM roster WHERE organization = $1 AND id = $2 AND state IN ('reading', 'ready')",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .execute(&mut *conn)
    .await?;
    if gone.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM roster_row WHERE organization = $1 AND roster = $2")
        .bind(organization.to_string())
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(true)
}

/// Rosters whose reading ended with the program, before this instant.
pub async fn half_read(
    conn: &mut Conn,
    organization: OrganizationId,
    before: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT id FROM roster WHERE organization = $1 AND state = 'reading' AND created_at < $2",
    )
    .bind(organization.to_string())
    .bind(before)
    .fetch_all(conn)
    .await
}

/// From ready to running; false when it was not ready.
pub async fn set_running(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE roster SET state = 'running', started_at = $3 WHERE organization = $1 AND id = $2 AND state = 'ready'",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// From running to done; false when it was not running.
pub async fn set_done(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE roster SET state = 'done', finished_at = $3 WHERE organization = $1 AND id = $2 AND state = 'running'",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// A row of a roster as stored.
#[derive(Debug, Clone)]
pub struct StoredRow {
    /// As a spreadsheet counts.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Address as it is compared.
    pub key: String,
    /// Day it was earned, milliseconds UTC.
    pub awarded_on: Option<i64>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The badge that it led to, or that its person had already.
    pub credential: Option<String>,
}

/// Rows in a state, in their order.
pub async fn rows(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    state: &str,
    limit: i64,
) -> sqlx::Result<Vec<StoredRow>> {
    let rows = sqlx::query(
        "SELECT number, name, address, address_key, awarded_on, problem, credential FROM roster_row \
         WHERE organization = $1 AND roster = $2 AND state = $3 ORDER BY number LIMIT $4",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(state)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let row = |r: &sqlx::any::AnyRow| StoredRow {
        number: r.get(0),
        name: r.get(1),
        address: r.get(2),
        key: r.get(3),
        awarded_on: r.get(4),
        problems: serde_json::from_str(&r.get::<String, _>(5)).unwrap_or_default(),
        credential: r.get(6),
    };
    Ok(rows.iter().map(row).collect())
}

/// What a roster's people had before it was started. Addresses only: that two belong to one account is not told.
const READY: &str =
    "SELECT count(*) FROM roster_row r WHERE r.organization = $1 AND r.roster = $2 AND r.state = 'ready'";

const IN_FORCE: &str = "EXISTS (SELECT c.id FROM credential_fact c WHERE c.organization = r.organization \
    AND c.address_key = r.address_key AND c.achievement_version = $4 AND c.state IN ('active', 'suspended') \
    AND (c.valid_until IS NULL OR c.valid_until >= $5))";

/// A revocation stands whatever the way in which the badge had been awarded; the last badge says.
const ENDED: &str = "(SELECT c.state FROM credential_fact c WHERE c.organization = r.organization \
    AND c.address_key = r.address_key AND c.achievement_version = $4 ORDER BY c.id DESC LIMIT 1) = 'revoked'";

/// Ready rows whose addresses were awarded this version before, by a roster or
/// otherwise, and have it in force or had it revoked.
pub async fn count_awarded_before(
    conn: &mut Conn,
    organization: OrganizationId,
    roster: &SavedRoster,
    now: i64,
) -> sqlx::Result<i64> {
    let sql = format!(
        "{READY} AND (EXISTS (SELECT a.id FROM award_reason a WHERE a.organization = r.organization \
         AND a.reason = $3 || r.address_key) OR {IN_FORCE} OR {ENDED})"
    );
    count(conn, sql, organization, roster, now).await
}

/// Rows that are ready and name people whose badge was revoked, and who have no other in force.
pub async fn count_revoked_before(
    conn: &mut Conn,
    organization: OrganizationId,
    roster: &SavedRoster,
    now: i64,
) -> sqlx::Result<i64> {
    let sql = format!(
        "{READY} AND (EXISTS (SELECT a.id FROM award_reason a JOIN credential_fact c ON c.organization = a.organization \
         AND c.award = a.id WHERE a.organization = r.organization AND a.reason = $3 || r.address_key \
         AND c.state = 'revoked') OR {ENDED}) AND NOT {IN_FORCE}"
    );
    count(conn, sql, organization, roster, now).await
}

async fn count(
    conn: &mut Conn,
    sql: String,
    organization: OrganizationId,
    roster: &SavedRoster,
    now: i64,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(roster.id.to_string())
        .bind(super::reason(&roster.version, ""))
        .bind(&roster.version)
        .bind(now)
        .fetch_one(conn)
        .await
}

/// The first ready row with one of these addresses.
pub async fn row_of(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    keys: &[String],
) -> sqlx::Result<Option<i64>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let mut query =
        QueryBuilder::new("SELECT min(number) FROM roster_row WHERE state = 'ready' AND organization = ");
    query.push_bind(organization.to_string()).push(" AND roster = ").push_bind(id.to_string());
    query.push(" AND address_key IN (");
    let mut list = query.separated(", ");
    for key in keys {
        list.push_bind(key.clone());
    }
    query.push(")");
    Ok(query.build().fetch_one(conn).await?.get(0))
}

/// How many rows are in a state.
pub async fn count_rows(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    state: &str,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT count(*) FROM roster_row WHERE organization = $1 AND roster = $2 AND state = $3",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(state)
    .fetch_one(conn)
    .await
}

/// What became of rows: number and credential.
pub async fn settle(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    state: &str,
    rows: &[(i64, String)],
) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::new("UPDATE roster_row SET state = ");
    query.push_bind(state.to_owned()).push(", credential = CASE number");
    for (number, credential) in rows {
        query.push(" WHEN ").push_bind(*number).push(" THEN ").push_bind(credential.clone());
    }
    query.push(" END WHERE organization = ").push_bind(organization.to_string());
    query.push(" AND roster = ").push_bind(id.to_string()).push(" AND number IN (");
    let mut list = query.separated(", ");
    for (number, _) in rows {
        list.push_bind(*number);
    }
    query.push(")");
    query.build().execute(conn).await?;
    Ok(())
}

/// Counts what a part of the work has brought.
pub async fn add_done(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
    done: i64,
    skipped: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE roster SET done = done + $3, skipped = skipped + $4 WHERE organization = $1 AND id = $2",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(done)
    .bind(skipped)
    .execute(conn)
    .await?;
    Ok(())
}
