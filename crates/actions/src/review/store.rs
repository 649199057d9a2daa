//! SQL of reviews and the queue.

use crate::error::Result;
use crate::submission::{COLUMNS, Stored, stored};
use cairn_domain::review::{Decision, Review};
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{OrganizationId, PersonId, ReviewId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

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
pub struct Queued {
    /// The submission.
    pub submission: Stored,
    /// The learner's name.
    pub learner: String,
}

/// A page of the queue: what waits longest comes first; what is done, newest first.
pub async fn queue(conn: &mut Conn, filter: &Filter, limit: i64) -> Result<Vec<Queued>> {
    let mut query = QueryBuilder::new(format!(
        "SELECT {COLUMNS}, p.name FROM submission s JOIN person_name p ON p.person = s.learner WHERE s.organization IN ("
    ));
    let mut list = query.separated(", ");
    for organization in &filter.organizations {
        list.push_bind(organization.clone());
    }
    query.push(") AND s.learner <> ").push_bind(filter.reviewer.clone());
    let newest_first = filter.view == "done";
    match filter.view.as_str() {
        "appealed" => query.push(" AND s.state = 'appealed'"),
        "done" => query.push(" AND s.state IN ('returned', 'accepted', 'declined')"),
        "mine" => query
            .push(" AND s.state = 'in_review' AND s.body LIKE ")
            .push_bind(format!("%\"by\":\"{}\"%", filter.reviewer)),
        _ => query.push(" AND s.state IN ('submitted', 'in_review', 'appealed')"),
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
    let queued = |r: &AnyRow| Ok(Queued { submission: stored(r)?, learner: r.get(WIDTH) });
    rows.iter().map(queued).collect()
}

/// True when a conflict between these two is declared.
pub async fn has_conflict(
    conn: &mut Conn,
    organization: OrganizationId,
    reviewer: PersonId,
    learner: PersonId,
) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM conflict WHERE organization = $1 AND reviewer = $2 AND learner = $3",
    )
    .bind(organization.to_string())
    .bind(reviewer.to_string())
    .bind(learner.to_string())
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

/// A review as it is stored.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Of which revision.
    pub revision: i64,
    /// Who wrote it.
    pub reviewer: String,
    /// Her name.
    pub name: String,
    /// Scores and words.
    pub review: Review,
    /// What it led to; none while it is a draft.
    pub decision: Option<Decision>,
    /// Milliseconds UTC.
    pub decided_at: Option<i64>,
}

/// All reviews of a submission, the latest first.
pub async fn of_submission(conn: &mut Conn, s: &Stored) -> Result<Vec<Kept>> {
    let rows = sqlx::query(
        "SELECT r.revision, r.reviewer, p.name, r.body, r.decision, r.decided_at FROM review r \
         JOIN person_name p ON p.person = r.reviewer WHERE r.organization = $1 AND r.submission = $2 \
         ORDER BY r.revision DESC, r.id DESC",
    )
    .bind(s.organization.to_string())
    .bind(s.id.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(kept).collect()
}

fn kept(r: &AnyRow) -> Result<Kept> {
    let decision: Option<String> = r.get(4);
    Ok(Kept {
        revision: r.get(0),
        reviewer: r.get(1),
        name: r.get(2),
        review: serde_json::from_str(&r.get::<String, _>(3))?,
        decision: decision.map(|d| serde_json::from_str(&d)).transpose()?,
        decided_at: r.get(5),
    })
}

/// A review to be kept.
pub struct Fresh<'a> {
    /// Its id, unless there is a draft that it replaces.
    pub id: ReviewId,
    /// Who wrote it.
    pub reviewer: PersonId,
    /// Of which revision.
    pub revision: u32,
    /// Scores and words.
    pub review: &'a Review,
    /// What it leads to; none for a draft.
    pub decision: Option<&'a Decision>,
}

/// Writes a reviewer's review of this revision; her draft of it is replaced, a
/// decision never.
pub async fn put(conn: &mut Conn, s: &Stored, new: &Fresh<'_>, now: i64) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO review (organization, id, submission, revision, reviewer, body, decision, created_at, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (organization, submission, revision, reviewer) DO UPDATE SET \
         body = excluded.body, decision = excluded.decision, decided_at = excluded.decided_at \
         WHERE review.decision IS NULL",
    )
    .bind(s.organization.to_string())
    .bind(new.id.to_string())
    .bind(s.id.to_string())
    .bind(i64::from(new.revision))
    .bind(new.reviewer.to_string())
    .bind(serde_json::to_string(new.review)?)
    .bind(new.decision.map(serde_json::to_string).transpose()?)
    .bind(now)
    .bind(new.decision.map(|_| now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
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
