//! SQL of what a key has signed.

use super::{COLUMNS, CredentialRow, stored};
use cairn_platform::db::Conn;
use cairn_value::id::OrganizationId;

/// Badges that a key has signed from an instant on.
pub struct SignedBy<'a> {
    /// Whose.
    pub organization: OrganizationId,
    /// `did:web:…#key-1`
    pub method: &'a str,
    /// Milliseconds UTC.
    pub from: i64,
}

impl SignedBy<'_> {
    /// The proof's member as it stands in the document.
    fn pattern(&self) -> String {
        let method = self.method.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%\"verificationMethod\":\"{method}\"%")
    }
}

/// How many there are.
pub async fn count_signed(conn: &mut Conn, by: &SignedBy<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT count(*) FROM credential WHERE organization = $1 AND issued_at >= $2 AND document LIKE $3 ESCAPE '\\'",
    )
    .bind(by.organization.to_string())
    .bind(by.from)
    .bind(by.pattern())
    .fetch_one(conn)
    .await
}

/// A page of them, the newest first (ids are time-ordered). `after`: id of the
/// last one of the page before; empty for the first page.
pub async fn signed(
    conn: &mut Conn,
    by: &SignedBy<'_>,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<CredentialRow>> {
    let sql = format!(
        "{COLUMNS} WHERE c.organization = $1 AND c.issued_at >= $2 AND c.document LIKE $3 ESCAPE '\\' \
         AND ($4 = '' OR c.id < $4) ORDER BY c.id DESC LIMIT $5"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(by.organization.to_string())
        .bind(by.from)
        .bind(by.pattern())
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().map(stored).collect())
}
