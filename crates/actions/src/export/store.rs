//! SQL of exports.

use cairn_platform::db::Conn;

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
