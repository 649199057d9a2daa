//! SQL of reviews.

use crate::error::Result;
use crate::submission::SubmissionRow;
use cairn_domain::review::{Decision, Review};
use cairn_platform::db::Conn;
use cairn_value::id::{PersonId, ReviewId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A review as it is stored.
#[derive(Debug, Clone)]
pub struct ReviewRow {
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
pub async fn of_submission(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<ReviewRow>> {
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

fn kept(r: &AnyRow) -> Result<ReviewRow> {
    let decision: Option<String> = r.get(4);
    Ok(ReviewRow {
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
pub async fn put(conn: &mut Conn, s: &SubmissionRow, new: &Fresh<'_>, now: i64) -> Result<bool> {
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
