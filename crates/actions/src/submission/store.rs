//! SQL of submissions and evidence.

use crate::error::{Error, Result};
use cairn_domain::submission::{EvidenceKind, Submission, WAITING};
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{EnrollmentId, EvidenceId, OrganizationId, PersonId, SubmissionId, VersionId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A submission as it is stored.
#[derive(Debug, Clone)]
pub struct SubmissionRow {
    /// Whose micro-credential.
    pub organization: OrganizationId,
    /// Id.
    pub id: SubmissionId,
    /// Part of which enrolment.
    pub enrollment: EnrollmentId,
    /// Achievement id.
    pub achievement: String,
    /// Version id.
    pub version_id: VersionId,
    /// For which leaf.
    pub requirement: String,
    /// Learner, revision and state.
    pub inner: Submission,
    /// What the learner writes to the reviewer.
    pub message: String,
    /// The learner agrees to show the evidence on the badge.
    pub show_evidence: bool,
    /// Milliseconds UTC of the latest handing-in.
    pub submitted_at: Option<i64>,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// Optimistic lock.
    pub version: i64,
}

/// Columns of [`stored`], in its order, for tables named `s`.
pub const COLUMNS: &str = "s.organization, s.id, s.enrollment, s.achievement, s.achievement_version, s.requirement, \
    s.learner, s.revision, s.body, s.message, s.show_evidence, s.submitted_at, s.created_at, s.version";

/// A row that begins with [`COLUMNS`].
pub fn stored(r: &AnyRow) -> Result<SubmissionRow> {
    let text = |i: usize| r.get::<String, _>(i);
    let learner: PersonId = text(6).parse()?;
    let revision = u32::try_from(r.get::<i64, _>(7)).unwrap_or(1);
    Ok(SubmissionRow {
        organization: text(0).parse()?,
        id: text(1).parse()?,
        enrollment: text(2).parse()?,
        achievement: text(3),
        version_id: text(4).parse()?,
        requirement: text(5),
        inner: Submission { learner, revision, state: serde_json::from_str(&text(8))? },
        message: text(9),
        show_evidence: r.get::<i64, _>(10) != 0,
        submitted_at: r.get(11),
        created_at: r.get(12),
        version: r.get(13),
    })
}

/// One submission, whoever asks; the caller decides who may see it.
pub async fn find(conn: &mut Conn, id: SubmissionId) -> Result<Option<SubmissionRow>> {
    let sql = format!("SELECT {COLUMNS} FROM submission s WHERE s.id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.to_string()).fetch_optional(conn).await?;
    row.as_ref().map(stored).transpose()
}

/// The submissions of an enrolment.
pub async fn of_enrollment(
    conn: &mut Conn,
    organization: OrganizationId,
    enrollment: EnrollmentId,
) -> Result<Vec<SubmissionRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM submission s WHERE s.organization = $1 AND s.enrollment = $2 ORDER BY s.id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(enrollment.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(stored).collect()
}

/// Writes a new draft, unless there is one for the requirement.
pub async fn begin(conn: &mut Conn, s: &SubmissionRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO submission (organization, id, enrollment, achievement, achievement_version, requirement, learner, \
         state, body, revision, message, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (organization, enrollment, requirement) DO NOTHING",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .bind(s.enrollment.to_string())
    .bind(&s.achievement)
    .bind(s.version_id.to_string())
    .bind(&s.requirement)
    .bind(s.inner.learner.to_string())
    .bind(s.inner.state.name())
    .bind(serde_json::to_string(&s.inner.state)?)
    .bind(i64::from(s.inner.revision))
    .bind(&s.message)
    .bind(s.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// The submission for a requirement, and its row for this transaction: what is
/// added to it and handing it in follow one another.
pub async fn take(
    conn: &mut Conn,
    organization: OrganizationId,
    enrollment: EnrollmentId,
    leaf: &str,
) -> Result<SubmissionRow> {
    sqlx::query(
        "UPDATE submission SET version = version WHERE organization = $1 AND enrollment = $2 AND requirement = $3",
    )
    .bind(organization.to_string())
    .bind(enrollment.to_string())
    .bind(leaf)
    .execute(&mut *conn)
    .await?;
    let all = of_enrollment(conn, organization, enrollment).await?;
    all.into_iter().find(|s| s.requirement == leaf).ok_or(Error::NotFound)
}

/// False when somebody else saved first.
pub async fn save(conn: &mut Conn, s: &SubmissionRow) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE submission SET state = $3, body = $4, revision = $5, message = $6, show_evidence = $7, \
         submitted_at = $8, version = version + 1 WHERE organization = $1 AND id = $2 AND version = $9",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .bind(s.inner.state.name())
    .bind(serde_json::to_string(&s.inner.state)?)
    .bind(i64::from(s.inner.revision))
    .bind(&s.message)
    .bind(i64::from(s.show_evidence))
    .bind(s.submitted_at)
    .bind(s.version)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps what was handed in with a revision.
pub async fn keep_revision(conn: &mut Conn, s: &SubmissionRow, at: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO submission_revision (organization, submission, revision, message, submitted_at) \
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .bind(i64::from(s.inner.revision))
    .bind(&s.message)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// A revision that was handed in.
#[derive(Debug, Clone)]
pub struct Revision {
    /// 1 for the first.
    pub number: i64,
    /// What the learner wrote.
    pub message: String,
    /// Milliseconds UTC.
    pub submitted_at: i64,
}

/// All that was handed in, the latest first.
pub async fn revisions(conn: &mut Conn, s: &SubmissionRow) -> sqlx::Result<Vec<Revision>> {
    let rows: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT revision, message, submitted_at FROM submission_revision WHERE organization = $1 AND submission = $2 \
         ORDER BY revision DESC",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(number, message, submitted_at)| Revision { number, message, submitted_at })
        .collect())
}

/// One artefact.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Id.
    pub id: EvidenceId,
    /// What it is.
    pub kind: EvidenceKind,
    /// What it is called.
    pub title: String,
    /// Name of a file.
    pub file_name: String,
    /// Kind of a file, told by content.
    pub media_type: String,
    /// Bytes of a file.
    pub size: i64,
    /// Where a file's bytes are.
    pub blob: String,
    /// Address of a link.
    pub url: String,
    /// Words of a text.
    pub body: String,
    /// First revision it belongs to.
    pub added_revision: i64,
    /// First revision it does not belong to any more.
    pub removed_revision: Option<i64>,
}

impl Evidence {
    /// True when it belongs to this revision.
    pub fn belongs_to(&self, revision: i64) -> bool {
        self.added_revision <= revision && self.removed_revision.is_none_or(|r| revision < r)
    }
}

const EVIDENCE: &str = "SELECT id, kind, title, file_name, media_type, size, blob, url, body, added_revision, removed_revision FROM evidence";

fn artefact(r: &AnyRow) -> Result<Evidence> {
    Ok(Evidence {
        id: r.get::<String, _>(0).parse()?,
        // what nobody knows is shown as words, never opened
        kind: EvidenceKind::parse(&r.get::<String, _>(1)).unwrap_or(EvidenceKind::Text),
        title: r.get(2),
        file_name: r.get(3),
        media_type: r.get(4),
        size: r.get(5),
        blob: r.get(6),
        url: r.get(7),
        body: r.get(8),
        added_revision: r.get(9),
        removed_revision: r.get(10),
    })
}

/// All evidence of a submission, in the order it was added.
pub async fn evidence(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<Evidence>> {
    let sql = format!("{EVIDENCE} WHERE organization = $1 AND submission = $2 ORDER BY id");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(s.organization.to_string())
        .bind(s.id.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(artefact).collect()
}

/// One artefact and the submission it belongs to.
pub async fn one(
    conn: &mut Conn,
    organization: Option<OrganizationId>,
    id: EvidenceId,
) -> Result<Option<(Evidence, SubmissionId)>> {
    let sql = format!("{EVIDENCE} WHERE id = $1 AND ($2 = '' OR organization = $2)");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id.to_string())
        .bind(organization.map_or_else(String::new, |o| o.to_string()))
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let submission: String = sqlx::query_scalar("SELECT submission FROM evidence WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(conn)
        .await?;
    Ok(Some((artefact(&row)?, submission.parse()?)))
}

/// Whether this piece of an enrolment's evidence was accepted and is shown by its learner.
pub async fn is_shown(
    conn: &mut Conn,
    organization: OrganizationId,
    enrollment: EnrollmentId,
    id: EvidenceId,
) -> sqlx::Result<bool> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT id FROM shown_evidence WHERE organization = $1 AND enrollment = $2 AND id = $3",
    )
    .bind(organization.to_string())
    .bind(enrollment.to_string())
    .bind(id.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Writes an artefact.
pub async fn insert_evidence(conn: &mut Conn, s: &SubmissionRow, e: &Evidence, at: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO evidence (organization, id, submission, kind, title, file_name, media_type, size, blob, url, body, \
         added_revision, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(s.organization.to_string())
    .bind(e.id.to_string())
    .bind(s.id.to_string())
    .bind(e.kind.name())
    .bind(&e.title)
    .bind(&e.file_name)
    .bind(&e.media_type)
    .bind(e.size)
    .bind(&e.blob)
    .bind(&e.url)
    .bind(&e.body)
    .bind(e.added_revision)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes an artefact out of this and later revisions; what was handed in before
/// keeps it.
pub async fn remove_evidence(conn: &mut Conn, s: &SubmissionRow, id: EvidenceId) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE evidence SET removed_revision = $4 WHERE organization = $1 AND submission = $2 AND id = $3 \
         AND removed_revision IS NULL",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .bind(id.to_string())
    .bind(i64::from(s.inner.revision))
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the file of an artefact that no revision has: it was taken out before
/// it was handed in. False when there is none.
pub async fn forget_file(conn: &mut Conn, s: &SubmissionRow, id: EvidenceId) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE evidence SET blob = '' WHERE organization = $1 AND submission = $2 AND id = $3 \
         AND removed_revision <= added_revision AND blob <> ''",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .bind(id.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps the reason of an appeal.
pub async fn insert_appeal(conn: &mut Conn, s: &SubmissionRow, reason: &str, at: i64) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO appeal (organization, submission, revision, reason, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(s.organization.to_string())
        .bind(s.id.to_string())
        .bind(i64::from(s.inner.revision))
        .bind(reason)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Reasons of appeals, the latest first.
pub async fn appeals(conn: &mut Conn, s: &SubmissionRow) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("SELECT reason, created_at FROM appeal WHERE organization = $1 AND submission = $2 ORDER BY revision DESC")
        .bind(s.organization.to_string())
        .bind(s.id.to_string())
        .fetch_all(conn)
        .await
}

/// How many wait for a review.
pub async fn count_waiting(conn: &mut Conn) -> sqlx::Result<i64> {
    let sql = format!("SELECT count(*) FROM submission WHERE state IN ({WAITING})");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(conn).await
}

/// Columns that [`COLUMNS`] has.
const WIDTH: usize = 14;

/// What a reviewer looks for in the queue.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Organisation ids in which the reviewer may look; at least one.
    pub organizations: Vec<String>,
    /// `waiting`, `mine`, `appealed` or `done`.
    pub view: String,
    /// Achievement id; empty is all.
    pub achievement: String,
    /// The reviewer.
    pub reviewer: String,
    /// Page mark: handed in at (milliseconds) and id of the last row before.
    pub after: Option<(i64, String)>,
}

/// A submission in the queue, with the learner's name.
#[derive(Debug, Clone)]
pub struct QueueEntry {
    /// The submission.
    pub submission: SubmissionRow,
    /// The learner's name.
    pub learner: String,
}

/// A page of the queue: what waits longest comes first; what is done, newest first.
pub async fn queue(
    conn: &mut Conn,
    filter: &Filter,
    conflicts: &[(String, String)],
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    let mut query = QueryBuilder::new(format!(
        "SELECT {COLUMNS}, p.name FROM submission s JOIN person_name p ON p.person = s.learner WHERE s.organization IN ("
    ));
    let mut list = query.separated(", ");
    for organization in &filter.organizations {
        list.push_bind(organization.clone());
    }
    query.push(") AND s.learner <> ").push_bind(filter.reviewer.clone());
    if !conflicts.is_empty() {
        query.push(" AND s.organization || '/' || s.learner NOT IN (");
        let mut list = query.separated(", ");
        for (organization, learner) in conflicts {
            list.push_bind(format!("{organization}/{learner}"));
        }
        query.push(")");
    }
    let newest_first = filter.view == "done";
    match filter.view.as_str() {
        "appealed" => query.push(" AND s.state = 'appealed'"),
        "done" => query.push(" AND s.state IN ('returned', 'accepted', 'declined')"),
        "mine" => query
            .push(" AND s.state = 'in_review' AND s.body LIKE ")
            .push_bind(format!("%\"by\":\"{}\"%", filter.reviewer)),
        _ => query.push(format!(" AND s.state IN ({WAITING})")),
    };
    if !filter.achievement.is_empty() {
        query.push(" AND s.achievement = ").push_bind(filter.achievement.clone());
    }
    if let Some((at, id)) = &filter.after {
        let than = if newest_first { "<" } else { ">" };
        query.push(format!(" AND (s.submitted_at {than} ")).push_bind(*at);
        query.push(" OR (s.submitted_at = ").push_bind(*at);
        query.push(format!(" AND s.id {than} ")).push_bind(id.clone()).push("))");
    }
    let way = if newest_first { "DESC" } else { "ASC" };
    query.push(format!(" ORDER BY s.submitted_at {way}, s.id {way} LIMIT ")).push_bind(limit);
    let rows = query.build().fetch_all(conn).await?;
    let queued = |r: &AnyRow| Ok(QueueEntry { submission: stored(r)?, learner: r.get(WIDTH) });
    rows.iter().map(queued).collect()
}

/// Achievements that have evidence in these organisations' queues: id and title's version.
pub async fn achievements(conn: &mut Conn, organizations: &[String]) -> Result<Vec<(String, String)>> {
    let mut query = QueryBuilder::new(
        "SELECT s.achievement, max(s.achievement_version) FROM submission s WHERE s.organization IN (",
    );
    let mut list = query.separated(", ");
    for organization in organizations {
        list.push_bind(organization.clone());
    }
    query.push(") AND s.state <> 'draft' GROUP BY s.achievement ORDER BY s.achievement");
    let rows = query.build().fetch_all(conn).await?;
    Ok(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
}
