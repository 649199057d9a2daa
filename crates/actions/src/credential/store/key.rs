//! SQL of signing keys.

use cairn_platform::db::Conn;
use cairn_value::id::{KeyId, OrganizationId};
use sqlx::Row as _;

/// A key as the organisation's page shows it.
#[derive(Debug, Clone)]
pub struct KeyEntry {
    /// Its name in the DID document: `key-1`.
    pub fragment: String,
    /// Multibase.
    pub public_key: String,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// Milliseconds UTC; none while it signs.
    pub ended_at: Option<i64>,
    /// Milliseconds UTC; from then on what it signed does not count.
    pub distrusted_from: Option<i64>,
    /// Why not.
    pub distrust_reason: String,
}

/// How many keys an organisation has had.
pub async fn count_keys(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM signing_key WHERE organization = $1")
        .bind(organization.to_string())
        .fetch_one(conn)
        .await
}

/// Ends the key that signs.
pub async fn end_keys(conn: &mut Conn, organization: OrganizationId, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE signing_key SET ended_at = $2 WHERE organization = $1 AND ended_at IS NULL")
        .bind(organization.to_string())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A key to write.
pub struct NewKey<'a> {
    /// Id.
    pub id: KeyId,
    /// Its name in the DID document.
    pub fragment: &'a str,
    /// Multibase.
    pub public_key: &'a str,
    /// Under the master key.
    pub sealed_seed: &'a str,
    /// Milliseconds UTC.
    pub at: i64,
}

/// Writes a key, which signs from now on.
pub async fn insert_key(conn: &mut Conn, organization: OrganizationId, new: &NewKey<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO signing_key (organization, id, fragment, public_key, sealed_seed, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(organization.to_string())
    .bind(new.id.to_string())
    .bind(new.fragment)
    .bind(new.public_key)
    .bind(new.sealed_seed)
    .bind(new.at)
    .execute(conn)
    .await?;
    Ok(())
}

/// What a key signed from an instant on does not count.
pub async fn distrust(
    conn: &mut Conn,
    organization: OrganizationId,
    fragment: &str,
    from: i64,
    reason: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE signing_key SET distrusted_from = $3, distrusted_at = $4, distrust_reason = $5 \
         WHERE organization = $1 AND fragment = $2",
    )
    .bind(organization.to_string())
    .bind(fragment)
    .bind(from)
    .bind(now)
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(())
}

/// A key as it lies: id, fragment, sealed seed.
pub type Sealed = (String, String, String);

/// The key that signs now.
pub async fn sealed_key(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Option<Sealed>> {
    sqlx::query_as(
        "SELECT id, fragment, sealed_seed FROM signing_key WHERE organization = $1 AND ended_at IS NULL",
    )
    .bind(organization.to_string())
    .fetch_optional(conn)
    .await
}

/// Ids and sealed seeds of all keys of the instance.
pub async fn sealed_seeds(conn: &mut Conn) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT id, sealed_seed FROM signing_key").fetch_all(conn).await
}

/// All keys, the newest first.
pub async fn keys(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Vec<KeyEntry>> {
    let rows = sqlx::query(
        "SELECT fragment, public_key, created_at, ended_at, distrusted_from, distrust_reason FROM signing_key \
         WHERE organization = $1 ORDER BY id DESC",
    )
    .bind(organization.to_string())
    .fetch_all(conn)
    .await?;
    let shown = |r: &sqlx::any::AnyRow| KeyEntry {
        fragment: r.get(0),
        public_key: r.get(1),
        created_at: r.get(2),
        ended_at: r.get(3),
        distrusted_from: r.get(4),
        distrust_reason: r.get(5),
    };
    Ok(rows.iter().map(shown).collect())
}
