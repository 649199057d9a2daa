//! SQL of enrolments and attempts.

use crate::credential::document::ShownEvidence;
use crate::error::Result;
use cairn_domain::assessment::{Grade, Response};
use cairn_domain::enrollment::{Occasion, State};
use cairn_domain::requirement::Progress;
use cairn_domain::submission::EvidenceKind;
use cairn_platform::db::Conn;
use cairn_value::id::{AchievementId, AttemptId, EnrollmentId, OrganizationId, PersonId, VersionId};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeSet;

/// An enrolment as it is stored.
#[derive(Debug, Clone)]
pub struct EnrollmentRow {
    /// Whose micro-credential.
    pub organization: OrganizationId,
    /// Id.
    pub id: EnrollmentId,
    /// Who works on it.
    pub learner: PersonId,
    /// On what.
    pub achievement: AchievementId,
    /// On which version of it.
    pub version_id: VersionId,
    /// Where it stands.
    pub state: State,
    /// What is met.
    pub progress: Progress,
    /// What it is for.
    pub occasion: Occasion,
    /// Milliseconds UTC.
    pub started_at: i64,
    /// Optimistic lock.
    pub version: i64,
}

impl EnrollmentRow {
    /// The series in which its attempts are counted.
    fn series(&self) -> String {
        self.occasion.series(self.learner, self.version_id)
    }
}

const COLUMNS: &str = "SELECT organization, id, learner, achievement, achievement_version, state, progress, started_at, \
    version, occasion FROM enrollment";

fn enrolled(r: &AnyRow) -> Result<EnrollmentRow> {
    let text = |i: usize| r.get::<String, _>(i);
    Ok(EnrollmentRow {
        organization: text(0).parse()?,
        id: text(1).parse()?,
        learner: text(2).parse()?,
        achievement: text(3).parse()?,
        version_id: text(4).parse()?,
        state: State::parse(&text(5)).unwrap_or(State::Withdrawn),
        progress: serde_json::from_str(&text(6))?,
        started_at: r.get(7),
        version: r.get(8),
        occasion: Occasion::parse(&text(9)),
    })
}

/// One enrolment of this learner.
pub async fn find_of(conn: &mut Conn, learner: PersonId, id: EnrollmentId) -> Result<Option<EnrollmentRow>> {
    let sql = format!("{COLUMNS} WHERE id = $1 AND learner = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id.to_string())
        .bind(learner.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(enrolled).transpose()
}

/// One enrolment of this organisation.
pub async fn find_in(
    conn: &mut Conn,
    organization: OrganizationId,
    id: EnrollmentId,
) -> Result<Option<EnrollmentRow>> {
    let sql = format!("{COLUMNS} WHERE organization = $1 AND id = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(enrolled).transpose()
}

/// All enrolments of a learner, newest first.
pub async fn of_learner(conn: &mut Conn, learner: PersonId) -> Result<Vec<EnrollmentRow>> {
    let sql = format!("{COLUMNS} WHERE learner = $1 ORDER BY started_at DESC, id DESC LIMIT 200");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(learner.to_string()).fetch_all(conn).await?;
    rows.iter().map(enrolled).collect()
}

/// The open enrolment of a learner for an achievement.
pub async fn open_of(
    conn: &mut Conn,
    learner: PersonId,
    achievement: AchievementId,
) -> Result<Option<EnrollmentRow>> {
    let sql = format!("{COLUMNS} WHERE learner = $1 AND achievement = $2 AND state = 'active'");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(learner.to_string())
        .bind(achievement.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(enrolled).transpose()
}

/// Writes a new enrolment.
pub async fn insert(conn: &mut Conn, e: &EnrollmentRow) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO enrollment (organization, id, learner, achievement, achievement_version, state, progress, started_at, \
         occasion) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(e.organization.to_string())
    .bind(e.id.to_string())
    .bind(e.learner.to_string())
    .bind(e.achievement.to_string())
    .bind(e.version_id.to_string())
    .bind(e.state.name())
    .bind("{}")
    .bind(e.started_at)
    .bind(e.occasion.stored())
    .execute(conn)
    .await?;
    Ok(())
}

/// False when somebody else changed it first.
pub async fn save(conn: &mut Conn, e: &EnrollmentRow, ended_at: Option<i64>) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE enrollment SET state = $3, progress = $4, ended_at = $5, version = version + 1 \
         WHERE organization = $1 AND id = $2 AND version = $6",
    )
    .bind(e.organization.to_string())
    .bind(e.id.to_string())
    .bind(e.state.name())
    .bind(serde_json::to_string(&e.progress)?)
    .bind(ended_at)
    .bind(e.version)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// An attempt as it is stored.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// 1 for the first.
    pub number: i64,
    /// Milliseconds UTC.
    pub finished_at: i64,
    /// What was answered.
    pub responses: Vec<Response>,
    /// How it was graded.
    pub grade: Grade,
}

/// Attempts at one quiz, the latest first.
pub async fn attempts(conn: &mut Conn, e: &EnrollmentRow, leaf: &str) -> Result<Vec<Attempt>> {
    let rows = sqlx::query(
        "SELECT number, finished_at, responses, grade FROM attempt \
         WHERE organization = $1 AND enrollment = $2 AND requirement = $3 ORDER BY number DESC",
    )
    .bind(e.organization.to_string())
    .bind(e.id.to_string())
    .bind(leaf)
    .fetch_all(conn)
    .await?;
    let attempt = |r: &AnyRow| {
        Ok(Attempt {
            number: r.get(0),
            finished_at: r.get(1),
            responses: serde_json::from_str(&r.get::<String, _>(2))?,
            grade: serde_json::from_str(&r.get::<String, _>(3))?,
        })
    };
    rows.iter().map(attempt).collect()
}

/// Attempts at one quiz on this occasion, those of enrolments that were given up among them.
pub async fn used_attempts(conn: &mut Conn, e: &EnrollmentRow, leaf: &str) -> sqlx::Result<u32> {
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM attempt WHERE series = $1 AND requirement = $2")
            .bind(e.series())
            .bind(leaf)
            .fetch_one(conn)
            .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Writes an attempt, the one after `used` others on this occasion; fails when
/// somebody was quicker.
pub async fn insert_attempt(
    conn: &mut Conn,
    e: &EnrollmentRow,
    id: AttemptId,
    leaf: &str,
    used: u32,
    a: &Attempt,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO attempt (organization, id, enrollment, requirement, number, started_at, finished_at, responses, grade, \
         series, turn) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)",
    )
    .bind(e.organization.to_string())
    .bind(id.to_string())
    .bind(e.id.to_string())
    .bind(leaf)
    .bind(a.number)
    .bind(a.finished_at)
    .bind(serde_json::to_string(&a.responses)?)
    .bind(serde_json::to_string(&a.grade)?)
    .bind(e.series())
    .bind(i64::from(used) + 1)
    .execute(conn)
    .await?;
    Ok(())
}

/// A valid badge of this person for this achievement, if she has one now.
pub async fn valid_badge(
    conn: &mut Conn,
    person: PersonId,
    achievement: AchievementId,
    now: i64,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT id FROM credential_fact WHERE person = $1 AND achievement = $2 AND state = 'active' \
         AND valid_from <= $3 AND (valid_until IS NULL OR valid_until >= $3) ORDER BY issued_at DESC LIMIT 1",
    )
    .bind(person.to_string())
    .bind(achievement.to_string())
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// The badge of this version that an enrolment would renew: the newest of hers
/// that has run out, when none is in force.
pub async fn run_out(
    conn: &mut Conn,
    person: PersonId,
    version: VersionId,
    now: i64,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT c.id FROM credential_fact c WHERE c.person = $1 AND c.achievement_version = $2 AND c.state = 'active' \
         AND c.valid_until < $3 AND NOT EXISTS (SELECT f.id FROM credential_fact f WHERE f.person = $1 \
         AND f.achievement_version = $2 AND f.state IN ('active', 'suspended') \
         AND (f.valid_until IS NULL OR f.valid_until >= $3)) ORDER BY c.valid_until DESC, c.id DESC LIMIT 1",
    )
    .bind(person.to_string())
    .bind(version.to_string())
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// The judged evidence that the learner shows, in the order of the tree and of its adding.
pub async fn shown(conn: &mut Conn, e: &EnrollmentRow) -> Result<Vec<ShownEvidence>> {
    let judged: BTreeSet<String> =
        e.progress.values().flat_map(|met| &met.evidence).map(ToString::to_string).collect();
    let rows = sqlx::query(
        "SELECT id, kind, title, url, body FROM shown_evidence WHERE organization = $1 AND enrollment = $2 ORDER BY id",
    )
    .bind(e.organization.to_string())
    .bind(e.id.to_string())
    .fetch_all(conn)
    .await?;
    let shown = |r: &AnyRow| {
        let id: String = r.get(0);
        let url = match EvidenceKind::parse(&r.get::<String, _>(1)) {
            Some(EvidenceKind::File) => Some(format!("evidence:{id}")),
            Some(EvidenceKind::Link) => Some(r.get(3)),
            Some(EvidenceKind::Text) | None => None,
        };
        judged.contains(&id).then(|| ShownEvidence { url, title: r.get(2), narrative: r.get(4) })
    };
    Ok(rows.iter().filter_map(shown).collect())
}

/// How many there are.
pub async fn count(conn: &mut Conn) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM enrollment").fetch_one(conn).await
}
