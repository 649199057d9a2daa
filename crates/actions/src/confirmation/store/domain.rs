//! SQL of the domains that organisations prove.

use cairn_domain::web_domain::{MissingProof, Proof};
use cairn_platform::db::Conn;
use cairn_value::id::OrganizationId;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A domain with its proof.
#[derive(Debug, Clone)]
pub struct Domain {
    /// "example.org"
    pub domain: String,
    /// What stands in the record or file.
    pub token: String,
    /// Its proof.
    pub proof: Proof,
    /// What the last look found instead of the proof; none when nothing is wrong.
    pub missed: Option<MissingProof>,
}

/// All domains of an organisation.
pub async fn domains(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Vec<Domain>> {
    let rows = sqlx::query(
        "SELECT domain, token, proved_at, checked_at, failing_since, found FROM organization_domain \
         WHERE organization = $1 ORDER BY domain",
    )
    .bind(organization.to_string())
    .fetch_all(conn)
    .await?;
    let domain = |r: &AnyRow| Domain {
        domain: r.get(0),
        token: r.get(1),
        proof: Proof { proved_at: r.get(2), checked_at: r.get(3), failing_since: r.get(4) },
        missed: MissingProof::parse(&r.get::<String, _>(5)),
    };
    Ok(rows.iter().map(domain).collect())
}

/// One more domain; one that is there already stays.
pub async fn add_domain(
    conn: &mut Conn,
    organization: OrganizationId,
    domain: &str,
    token: &str,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO organization_domain (organization, domain, token, found, created_at) \
         VALUES ($1, $2, $3, '', $4) ON CONFLICT DO NOTHING",
    )
    .bind(organization.to_string())
    .bind(domain)
    .bind(token)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes a domain out; false when it was not there.
pub async fn remove_domain(
    conn: &mut Conn,
    organization: OrganizationId,
    domain: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM organization_domain WHERE organization = $1 AND domain = $2")
        .bind(organization.to_string())
        .bind(domain)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps what a look has found.
pub async fn put_proof(
    conn: &mut Conn,
    organization: OrganizationId,
    domain: &str,
    proof: &Proof,
    missed: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE organization_domain SET proved_at = $3, checked_at = $4, failing_since = $5, found = $6 \
         WHERE organization = $1 AND domain = $2",
    )
    .bind(organization.to_string())
    .bind(domain)
    .bind(proof.proved_at)
    .bind(proof.checked_at)
    .bind(proof.failing_since)
    .bind(missed)
    .execute(conn)
    .await?;
    Ok(())
}

/// Organisations and domains that are proved and were last looked at before an
/// instant; the rule says which of them are due.
pub async fn proved_before(
    conn: &mut Conn,
    checked: i64,
    limit: i64,
) -> sqlx::Result<Vec<(String, String, String)>> {
    sqlx::query_as(
        "SELECT d.organization, o.slug, d.domain FROM organization_domain d \
         JOIN organization o ON o.id = d.organization \
         WHERE d.proved_at IS NOT NULL AND d.checked_at <= $1 ORDER BY d.checked_at, d.organization, d.domain LIMIT $2",
    )
    .bind(checked)
    .bind(limit)
    .fetch_all(conn)
    .await
}
