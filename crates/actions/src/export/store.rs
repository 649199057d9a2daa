//! SQL of exports.

use cairn_platform::db::Conn;

/// Ids of what belongs to a person, by which the log tells of it.
pub async fn subjects(conn: &mut Conn, person: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT id FROM credential_fact WHERE person = $1 UNION SELECT id FROM enrollment_fact WHERE learner = $1 \
         UNION SELECT id FROM submission_fact WHERE learner = $1",
    )
    .bind(person)
    .fetch_all(conn)
    .await
}
