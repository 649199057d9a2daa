//! SQL of invitations. One is closed by its end: its row stays until the night takes it, with the letter that it sent.

use crate::error::Result;
use cairn_domain::permission::Role;
use cairn_platform::db::Conn;
use cairn_value::email::Email;
use cairn_value::id::{InvitationId, OrganizationId, PersonId};
use sqlx::Row as _;

/// Writes an invitation.
pub async fn insert(conn: &mut Conn, new: &NewInvitation<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO invitation (organization, id, address_key, address, role, token_hash, invited_by, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.organization.to_string())
    .bind(new.id.to_string())
    .bind(new.email.key())
    .bind(new.email.as_str())
    .bind(new.role.name())
    .bind(new.token_hash)
    .bind(new.by.to_string())
    .bind(new.at)
    .bind(new.until)
    .execute(conn)
    .await?;
    Ok(())
}

/// An invitation to write.
pub struct NewInvitation<'a> {
    /// Into which organisation.
    pub organization: OrganizationId,
    /// Its id.
    pub id: InvitationId,
    /// Whom.
    pub email: &'a Email,
    /// As what.
    pub role: Role,
    /// Hash of the link's secret.
    pub token_hash: &'a str,
    /// Who invites.
    pub by: PersonId,
    /// Milliseconds UTC.
    pub at: i64,
    /// Until when the link is open; milliseconds UTC.
    pub until: i64,
}

/// An invitation that waits.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// To whom.
    pub address: String,
    /// Stable name of the role.
    pub role: String,
    /// Milliseconds UTC.
    pub expires_at: i64,
}

/// Invitations that wait.
pub async fn waiting(conn: &mut Conn, id: OrganizationId, now: i64) -> sqlx::Result<Vec<Invitation>> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT id, address, role, expires_at FROM invitation WHERE organization = $1 AND accepted_at IS NULL \
         AND expires_at > $2 ORDER BY id DESC",
    )
    .bind(id.to_string())
    .bind(now)
    .fetch_all(conn)
    .await?;
    let invitation = |(id, address, role, expires_at)| Invitation { id, address, role, expires_at };
    Ok(rows.into_iter().map(invitation).collect())
}

/// What an invitation's secret leads to.
#[derive(Debug, Clone)]
pub struct InvitationOffer {
    /// Organisation.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// Its name in addresses.
    pub slug: String,
    /// Invitation.
    pub id: String,
    /// Lower case.
    pub address_key: String,
    /// Stable name of the role.
    pub role: String,
}

/// The open invitation with this secret's hash. It counts as long as whoever has sent it may invite: a member who was
/// removed does not come back by one of her own.
pub async fn invited(conn: &mut Conn, token_hash: &str, now: i64) -> Result<Option<InvitationOffer>> {
    let row = sqlx::query(
        "SELECT i.organization, o.name, o.slug, i.id, i.address_key, i.role FROM invitation i \
         JOIN organization_card o ON o.id = i.organization WHERE i.token_hash = $1 AND i.accepted_at IS NULL \
         AND i.expires_at > $2 AND EXISTS (SELECT 1 FROM member m WHERE m.organization = i.organization \
           AND m.person = i.invited_by AND m.role = 'owner')",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| InvitationOffer {
        organization: r.get(0),
        name: r.get(1),
        slug: r.get(2),
        id: r.get(3),
        address_key: r.get(4),
        role: r.get(5),
    }))
}

/// Uses an invitation up; false when it was used, or is closed.
pub async fn accept(conn: &mut Conn, i: &InvitationOffer, now: i64) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE invitation SET accepted_at = $3 WHERE organization = $1 AND id = $2 AND accepted_at IS NULL \
         AND expires_at > $3",
    )
    .bind(&i.organization)
    .bind(&i.id)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Closes what waits for an address: a newer invitation takes its place. Gives how many there were.
pub async fn close_all(conn: &mut Conn, id: OrganizationId, key: &str, now: i64) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "UPDATE invitation SET expires_at = $3 WHERE organization = $1 AND address_key = $2 AND accepted_at IS NULL \
         AND expires_at > $3",
    )
    .bind(id.to_string())
    .bind(key)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Closes one that waits; false when there is no such one.
pub async fn close(
    conn: &mut Conn,
    id: OrganizationId,
    invitation: InvitationId,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE invitation SET expires_at = $3 WHERE organization = $1 AND id = $2 AND accepted_at IS NULL \
         AND expires_at > $3",
    )
    .bind(id.to_string())
    .bind(invitation.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Closes what somebody has sent who may invite no more; gives how many there were.
pub async fn withdraw_of(conn: &mut Conn, id: OrganizationId, by: PersonId, now: i64) -> sqlx::Result<u64> {
    let done = sqlx::query(
        "UPDATE invitation SET expires_at = $3 WHERE organization = $1 AND invited_by = $2 AND accepted_at IS NULL \
         AND expires_at > $3 AND NOT EXISTS (SELECT 1 FROM member m WHERE m.organization = $1 AND m.person = $2 \
           AND m.role = 'owner')",
    )
    .bind(id.to_string())
    .bind(by.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
