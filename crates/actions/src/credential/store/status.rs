//! SQL of status lists.

use crate::error::Result;
use cairn_platform::db::Conn;
use cairn_value::id::{OrganizationId, StatusListId};

/// A list with room.
pub struct OpenList {
    /// Its id.
    pub list: String,
    /// By which positions are shuffled.
    pub seed: String,
    /// Positions that are taken.
    pub used: i64,
}

/// The newest list with room.
pub async fn open_list(
    conn: &mut Conn,
    organization: OrganizationId,
    purpose: &str,
) -> sqlx::Result<Option<OpenList>> {
    let row: Option<(String, String, i64)> = sqlx::query_as(
        "SELECT id, seed, used FROM status_list WHERE organization = $1 AND purpose = $2 AND used < length \
         ORDER BY id DESC LIMIT 1",
    )
    .bind(organization.to_string())
    .bind(purpose)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(list, seed, used)| OpenList { list, seed, used }))
}

/// Takes positions of a list; false when another writer has taken the same ones.
pub async fn take_places(
    conn: &mut Conn,
    organization: OrganizationId,
    list: &str,
    used: i64,
    part: i64,
) -> sqlx::Result<bool> {
    let taken = sqlx::query(
        "UPDATE status_list SET used = used + $3 WHERE organization = $1 AND id = $2 AND used = $4",
    )
    .bind(organization.to_string())
    .bind(list)
    .bind(part)
    .bind(used)
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() > 0)
}

/// A list to write.
pub struct NewList<'a> {
    /// By which positions are shuffled.
    pub seed: &'a str,
    /// How many positions it has.
    pub length: i64,
    /// What it is for.
    pub purpose: &'a str,
    /// Milliseconds UTC.
    pub at: i64,
}

/// Writes a new list.
pub async fn insert_list(
    conn: &mut Conn,
    organization: OrganizationId,
    id: StatusListId,
    new: &NewList<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO status_list (organization, id, seed, length, used, changed_at, created_at, purpose) \
         VALUES ($1, $2, $3, $4, 0, $5, $5, $6)",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(new.seed)
    .bind(new.length)
    .bind(new.at)
    .bind(new.purpose)
    .execute(conn)
    .await?;
    Ok(())
}

/// What a list is for.
pub async fn purpose_of(conn: &mut Conn, organization: &str, list: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT purpose FROM status_list WHERE organization = $1 AND id = $2")
        .bind(organization)
        .bind(list)
        .fetch_optional(conn)
        .await
}

/// Says that something on the list has changed.
pub async fn touch_list(
    conn: &mut Conn,
    organization: OrganizationId,
    list: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE status_list SET version = version + 1, changed_at = $3 WHERE organization = $1 AND id = $2",
    )
    .bind(organization.to_string())
    .bind(list)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The same of all lists of an organisation.
pub async fn touch_lists(conn: &mut Conn, organization: OrganizationId, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE status_list SET version = version + 1, changed_at = $2 WHERE organization = $1")
        .bind(organization.to_string())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A list as it is served.
pub struct List {
    /// Whose.
    pub organization: OrganizationId,
    /// Counts its changes.
    pub version: i64,
    /// The organisation's name in addresses.
    pub slug: String,
    /// What it is for.
    pub purpose: String,
}

/// A list by its id.
pub async fn list_of(conn: &mut Conn, list: StatusListId) -> Result<Option<List>> {
    let row: Option<(String, i64, String, String)> = sqlx::query_as(
        "SELECT l.organization, l.version, o.slug, l.purpose FROM status_list l \
         JOIN organization_card o ON o.id = l.organization WHERE l.id = $1",
    )
    .bind(list.to_string())
    .fetch_optional(conn)
    .await?;
    let list = |(organization, version, slug, purpose): (String, i64, String, String)| {
        Ok(List { organization: organization.parse()?, version, slug, purpose })
    };
    row.map(list).transpose()
}

/// Positions whose badges are not in force.
pub async fn stopped(conn: &mut Conn, list: StatusListId) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar("SELECT status_index FROM credential WHERE status_list = $1 AND state <> 'active'")
        .bind(list.to_string())
        .fetch_all(conn)
        .await
}
