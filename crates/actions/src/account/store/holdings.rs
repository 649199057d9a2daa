//! What is stored about a person, row by row, as her export has it.

use cairn_platform::db::Conn;
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{Column as _, Row as _, ValueRef as _};

/// File by file; `$1` is the person. Hashes of secrets are left out.
pub const HOLDINGS: &[(&str, &str)] = &[
    (
        "sessions.json",
        "SELECT agent, created_at, expires_at FROM session WHERE person = $1 ORDER BY created_at",
    ),
    (
        "links.json",
        "SELECT kind, address, address_key, name, created_at, expires_at, used_at FROM email_link WHERE person = $1 \
         OR address_key IN (SELECT key FROM email WHERE person = $1) ORDER BY created_at",
    ),
    (
        "tokens.json",
        "SELECT id, name, scopes, created_at, expires_at, revoked_at FROM api_token WHERE person = $1 ORDER BY id",
    ),
    (
        "memberships.json",
        "SELECT o.name AS organization, m.role, m.created_at FROM member m JOIN organization o \
         ON o.id = m.organization WHERE m.person = $1 ORDER BY m.created_at, m.role",
    ),
    (
        "invitations.json",
        "SELECT o.name AS organization, i.address, i.address_key, i.role, i.created_at, i.expires_at, i.accepted_at \
         FROM invitation i JOIN organization o ON o.id = i.organization WHERE i.invited_by = $1 OR i.address_key IN \
         (SELECT key FROM email WHERE person = $1) ORDER BY i.created_at",
    ),
    (
        "conflicts.json",
        // the reviewer's export does not name the learner's address
        "SELECT o.name AS organization, c.reviewer, c.learner, c.created_at, \
         CASE WHEN c.learner = $1 THEN c.address ELSE '' END AS address, \
         CASE WHEN c.learner = $1 THEN c.address_key ELSE '' END AS address_key FROM conflict c JOIN organization o \
         ON o.id = c.organization WHERE c.reviewer = $1 OR c.learner = $1 ORDER BY c.created_at",
    ),
    (
        "letters.json",
        "SELECT m.address, m.address_key, m.subject, m.plain, m.html, m.created_at, m.sent_at, m.error, \
         j.error AS job_error FROM mail m LEFT JOIN job j ON j.id = 'mail-' || m.id WHERE m.person = $1 \
         OR m.address_key IN (SELECT key FROM email WHERE person = $1) ORDER BY m.created_at, m.id",
    ),
    (
        "messages.json",
        "SELECT r.submission, r.revision, r.message, r.submitted_at FROM submission_revision r JOIN submission s \
         ON s.organization = r.organization AND s.id = r.submission WHERE s.learner = $1 \
         ORDER BY r.submission, r.revision",
    ),
    (
        "appeals.json",
        "SELECT a.submission, a.revision, a.reason, a.created_at FROM appeal a JOIN submission s \
         ON s.organization = a.organization AND s.id = a.submission WHERE s.learner = $1 \
         ORDER BY a.submission, a.revision",
    ),
    (
        "reviews.json",
        "SELECT submission, revision, body, decision, created_at, decided_at FROM review WHERE reviewer = $1 \
         ORDER BY id",
    ),
    (
        "credentials.json",
        "SELECT c.id, c.recipient_name, c.address_key, c.state, c.state_reason, c.state_at, c.shared_at, c.issued_at, \
         c.valid_from, c.valid_until, a.reason, a.awarded_at, c.document FROM credential c JOIN award a \
         ON a.organization = c.organization AND a.id = c.award WHERE c.person = $1 OR c.address_key IN \
         (SELECT key FROM email WHERE person = $1) ORDER BY c.id",
    ),
    (
        "rosters.json",
        "SELECT r.roster, r.number, r.name, r.address, r.address_key, r.awarded_on, r.state, r.problem, r.credential \
         FROM roster_row r WHERE r.address_key IN (SELECT key FROM email WHERE person = $1) \
         ORDER BY r.roster, r.number",
    ),
    (
        "answers.json",
        "SELECT status, response, created_at FROM idempotency WHERE person = $1 ORDER BY created_at",
    ),
];

/// The rows of one of them.
pub async fn rows(conn: &mut Conn, sql: &'static str, person: &str) -> sqlx::Result<Vec<Value>> {
    let rows = sqlx::query(sql).bind(person).fetch_all(conn).await?;
    rows.iter().map(row).collect()
}

/// A row by its columns' names; texts that are JSON as what they say.
fn row(row: &AnyRow) -> sqlx::Result<Value> {
    let mut members = Map::new();
    for (n, column) in row.columns().iter().enumerate() {
        let value = if row.try_get_raw(n)?.is_null() {
            Value::Null
        } else if let Ok(number) = row.try_get::<i64, _>(n) {
            number.into()
        } else {
            let text: String = row.try_get(n)?;
            match text.chars().next() {
                Some('{' | '[') => serde_json::from_str(&text).unwrap_or(Value::String(text)),
                _ => Value::String(text),
            }
        };
        members.insert(column.name().to_owned(), value);
    }
    Ok(Value::Object(members))
}

/// Ids of what belongs to a person, by which the log tells of it.
pub async fn subjects(conn: &mut Conn, person: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT id FROM credential WHERE person = $1 UNION SELECT id FROM enrollment WHERE learner = $1 \
         UNION SELECT id FROM submission WHERE learner = $1",
    )
    .bind(person)
    .fetch_all(conn)
    .await
}
