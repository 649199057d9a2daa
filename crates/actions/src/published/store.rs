//! SQL of published versions, read. What was read is kept: a version never changes.

use super::recent::Recent;
use super::{Availability, PublishedVersion};
use crate::confirmation;
use crate::error::Result;
use cairn_domain::achievement::Definition;
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{AchievementId, OrganizationId, VersionId};
use sqlx::Row as _;
use std::collections::BTreeMap;
use std::sync::Arc;

static DEFINITIONS: Recent<Definition> = Recent::new(200);

/// These versions, in this order; what is not there is left out.
pub async fn versions(conn: &mut Conn, versions: &[VersionId]) -> Result<Vec<PublishedVersion>> {
    if versions.is_empty() {
        return Ok(vec![]);
    }
    let mut query = QueryBuilder::new(
        "SELECT v.id, v.number, v.achievement, a.slug, o.id, o.slug, o.name, o.standing FROM version_text v \
         JOIN achievement_card a ON a.organization = v.organization AND a.id = v.achievement \
         JOIN organization_card o ON o.id = v.organization WHERE v.id IN (",
    );
    push_ids(&mut query, versions);
    let rows = query.build().fetch_all(&mut *conn).await?;
    let mut definitions = load_definitions(conn, versions).await?;
    let mut found = BTreeMap::new();
    for r in rows {
        let version: VersionId = r.get::<String, _>(0).parse()?;
        let Some(definition) = definitions.remove(&version) else { continue };
        let (slug, organization_slug): (String, String) = (r.get(3), r.get(5));
        found.insert(
            version,
            PublishedVersion {
                organization: r.get::<String, _>(4).parse()?,
                key: format!("{organization_slug}.{slug}"),
                organization_slug,
                organization_name: r.get(6),
                standing: confirmation::read_standing(&r.get::<String, _>(7)),
                achievement: r.get::<String, _>(2).parse()?,
                slug,
                version,
                number: r.get(1),
                definition,
            },
        );
    }
    Ok(versions.iter().filter_map(|v| found.remove(v)).collect())
}

async fn load_definitions(
    conn: &mut Conn,
    versions: &[VersionId],
) -> Result<BTreeMap<VersionId, Arc<Definition>>> {
    let mut out: BTreeMap<_, _> = versions.iter().filter_map(|v| Some((*v, DEFINITIONS.get(*v)?))).collect();
    let missing: Vec<VersionId> = versions.iter().copied().filter(|v| !out.contains_key(v)).collect();
    if missing.is_empty() {
        return Ok(out);
    }
    let mut query = QueryBuilder::new("SELECT id, body FROM version_text WHERE id IN (");
    push_ids(&mut query, &missing);
    for r in query.build().fetch_all(conn).await? {
        let version: VersionId = r.get::<String, _>(0).parse()?;
        let definition: Definition = serde_json::from_str(&r.get::<String, _>(1))?;
        out.insert(version, DEFINITIONS.put(version, definition));
    }
    Ok(out)
}

fn push_ids(query: &mut QueryBuilder, versions: &[VersionId]) {
    let mut list = query.separated(", ");
    for version in versions {
        list.push_bind(version.to_string());
    }
    query.push(")");
}

/// The version that is offered, or was last, of what has this id, or these names in addresses.
pub async fn current(
    conn: &mut Conn,
    what: &AchievementName<'_>,
) -> Result<Option<(VersionId, Availability)>> {
    const BY_ID: &str = "SELECT published_version, retired_at FROM achievement_card WHERE id = $1";
    const BY_KEY: &str = "SELECT a.published_version, a.retired_at FROM achievement_card a \
         JOIN organization_card o ON o.id = a.organization WHERE o.slug = $1 AND a.slug = $2";
    let query = match *what {
        AchievementName::Id(id) => sqlx::query(BY_ID).bind(id.to_string()),
        AchievementName::Key(organization, slug) => {
            sqlx::query(BY_KEY).bind(organization.to_owned()).bind(slug.to_owned())
        }
    };
    let Some(row) = query.fetch_optional(&mut *conn).await? else { return Ok(None) };
    let Some(version) = row.get::<Option<String>, _>(0) else { return Ok(None) };
    let offered =
        if row.get::<Option<i64>, _>(1).is_some() { Availability::NoMore } else { Availability::Now };
    Ok(Some((version.parse()?, offered)))
}

/// How an achievement is named.
pub enum AchievementName<'a> {
    /// By its id.
    Id(AchievementId),
    /// By its organisation's and its own name in addresses.
    Key(&'a str, &'a str),
}

/// Whose a version is.
pub async fn organization_of(conn: &mut Conn, version: VersionId) -> Result<Option<OrganizationId>> {
    let found: Option<String> = sqlx::query_scalar("SELECT organization FROM version_text WHERE id = $1")
        .bind(version.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(found.map(|id| id.parse()).transpose()?)
}

/// Keys, "organisation.achievement", by achievement id.
pub async fn keys(conn: &mut Conn, achievements: &[&str]) -> sqlx::Result<BTreeMap<String, String>> {
    if achievements.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = QueryBuilder::new(
        "SELECT a.id, o.slug, a.slug FROM achievement_card a JOIN organization_card o ON o.id = a.organization WHERE a.id IN (",
    );
    let mut list = query.separated(", ");
    for id in achievements {
        list.push_bind((*id).to_owned());
    }
    query.push(")");
    let rows = query.build().fetch_all(conn).await?;
    let key = |r: &sqlx::any::AnyRow| format!("{}.{}", r.get::<String, _>(1), r.get::<String, _>(2));
    Ok(rows.iter().map(|r| (r.get(0), key(r))).collect())
}

/// True when a badge of a version was issued.
pub async fn has_badges(conn: &mut Conn, organization: OrganizationId, version: VersionId) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM credential_fact WHERE organization = $1 AND achievement_version = $2 LIMIT 1",
    )
    .bind(organization.to_string())
    .bind(version.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}
