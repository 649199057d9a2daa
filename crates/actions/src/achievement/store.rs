//! SQL of drafts and versions.

use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{AchievementId, OrganizationId, VersionId};
use sqlx::Row as _;

/// A row of `achievement`.
#[derive(Debug, Clone)]
pub struct Row {
    /// Id.
    pub id: AchievementId,
    /// Name in addresses.
    pub slug: String,
    /// JSON of the draft; none when nothing has changed since it was published.
    pub draft: Option<String>,
    /// The version that is out.
    pub published_version: Option<VersionId>,
    /// Milliseconds; none while it is offered.
    pub retired_at: Option<i64>,
    /// Optimistic lock.
    pub version: i64,
}

const COLUMNS: &str = "SELECT id, slug, draft, published_version, retired_at, version FROM achievement";

fn row(r: &sqlx::any::AnyRow) -> sqlx::Result<Row> {
    let bad = |e| sqlx::Error::Decode(Box::new(e));
    let published: Option<String> = r.get(3);
    Ok(Row {
        id: r.get::<String, _>(0).parse().map_err(bad)?,
        slug: r.get(1),
        draft: r.get(2),
        published_version: published.map(|p| p.parse()).transpose().map_err(bad)?,
        retired_at: r.get(4),
        version: r.get(5),
    })
}

/// The organisation's achievement with this slug.
pub async fn find(conn: &mut Conn, organization: OrganizationId, slug: &str) -> sqlx::Result<Option<Row>> {
    let sql = format!("{COLUMNS} WHERE organization = $1 AND slug = $2");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(slug)
        .fetch_optional(conn)
        .await?;
    found.as_ref().map(row).transpose()
}

/// A page of the organisation's achievements by slug, after this one.
pub async fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let sql = format!("{COLUMNS} WHERE organization = $1 AND slug > $2 ORDER BY slug LIMIT $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(organization.to_string())
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    rows.iter().map(row).collect()
}

/// Adds a draft.
pub async fn insert(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AchievementId,
    slug: &str,
    draft: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO achievement (organization, id, slug, draft, created_at, version) VALUES ($1, $2, $3, $4, $5, 0)",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(slug)
    .bind(draft)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a draft, or drops it; false when somebody else saved first.
pub async fn save_draft(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AchievementId,
    version: i64,
    draft: Option<&str>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE achievement SET draft = $4, version = version + 1 WHERE organization = $1 AND id = $2 AND version = $3",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(version)
    .bind(draft)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Points to the version that is out, and drops the draft; false when somebody
/// else saved first.
pub async fn put_published(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AchievementId,
    version: i64,
    published: VersionId,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE achievement SET draft = NULL, published_version = $4, version = version + 1 \
         WHERE organization = $1 AND id = $2 AND version = $3",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(version)
    .bind(published.to_string())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Retires, or brings back; false when somebody else saved first.
pub async fn set_retired(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AchievementId,
    version: i64,
    retired_at: Option<i64>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE achievement SET retired_at = $4, version = version + 1 WHERE organization = $1 AND id = $2 AND version = $3",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(version)
    .bind(retired_at)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A version to write; never changed afterwards.
pub struct NewVersion<'a> {
    /// Id.
    pub id: VersionId,
    /// Of this achievement.
    pub achievement: AchievementId,
    /// 1 for the first.
    pub number: i64,
    /// JSON of the definition.
    pub body: &'a str,
    /// Milliseconds.
    pub at: i64,
    /// Person id, or `system`.
    pub by: &'a str,
}

/// Writes a version.
pub async fn insert_version(
    conn: &mut Conn,
    organization: OrganizationId,
    new: &NewVersion<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO achievement_version (organization, id, achievement, number, body, published_at, published_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(organization.to_string())
    .bind(new.id.to_string())
    .bind(new.achievement.to_string())
    .bind(new.number)
    .bind(new.body)
    .bind(new.at)
    .bind(new.by)
    .execute(conn)
    .await?;
    Ok(())
}

/// Number of the newest version; 0 when there is none.
pub async fn newest_number(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> sqlx::Result<i64> {
    let newest: Option<i64> = sqlx::query_scalar(
        "SELECT max(number) FROM achievement_version WHERE organization = $1 AND achievement = $2",
    )
    .bind(organization.to_string())
    .bind(achievement.to_string())
    .fetch_one(conn)
    .await?;
    Ok(newest.unwrap_or(0))
}

/// A version in the list of versions.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Id.
    pub id: VersionId,
    /// 1 for the first.
    pub number: i64,
    /// Milliseconds.
    pub published_at: i64,
}

/// All versions, newest first.
pub async fn versions(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> sqlx::Result<Vec<VersionRow>> {
    let rows = sqlx::query(
        "SELECT id, number, published_at FROM achievement_version WHERE organization = $1 AND achievement = $2 \
         ORDER BY number DESC LIMIT 1000",
    )
    .bind(organization.to_string())
    .bind(achievement.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|r| {
            let id = r.get::<String, _>(0).parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))?;
            Ok(VersionRow { id, number: r.get(1), published_at: r.get(2) })
        })
        .collect()
}

/// How many people hold a credential of each achievement of an organisation.
pub async fn holders(
    conn: &mut Conn,
    organization: OrganizationId,
    achievements: &[AchievementId],
) -> sqlx::Result<Vec<(String, i64)>> {
    let mut query = QueryBuilder::new(
        "SELECT achievement, count(DISTINCT address_key) FROM credential_fact WHERE organization = ",
    );
    query.push_bind(organization.to_string()).push(" AND state = 'active' AND achievement IN (");
    let mut list = query.separated(", ");
    for id in achievements {
        list.push_bind(id.to_string());
    }
    query.push(") GROUP BY achievement");
    if achievements.is_empty() {
        return Ok(vec![]);
    }
    let rows = query.build().fetch_all(conn).await?;
    Ok(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
}

/// The slug of an achievement.
pub async fn slug_of(
    conn: &mut Conn,
    organization: OrganizationId,
    id: AchievementId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT slug FROM achievement WHERE organization = $1 AND id = $2")
        .bind(organization.to_string())
        .bind(id.to_string())
        .fetch_optional(conn)
        .await
}
