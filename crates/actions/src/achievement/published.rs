//! Published versions, read: by other features on every page, so the parsed
//! definitions are kept; a version never changes.

use super::recent::Recent;
use crate::App;
use crate::confirmation;
use crate::error::{Error, Result};
use cairn_domain::achievement::Definition;
use cairn_domain::standing::Standing;
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{AchievementId, OrganizationId, VersionId};
use cairn_value::slug::is_slug;
use sqlx::Row as _;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One published version.
#[derive(Debug, Clone)]
pub struct Published {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub organization_slug: String,
    /// Its name.
    pub organization_name: String,
    /// How the operator stands to it.
    pub standing: Standing,
    /// What it is a version of.
    pub achievement: AchievementId,
    /// The achievement's name in addresses.
    pub slug: String,
    /// "organisation.achievement", its name in the catalogue.
    pub key: String,
    /// The version.
    pub version: VersionId,
    /// 1 for the first.
    pub number: i64,
    /// Its content.
    pub definition: Arc<Definition>,
}

static DEFINITIONS: Recent<Definition> = Recent::new(200);

/// The version with this id, whether it is the newest or not.
pub async fn find_version(conn: &mut Conn, version: VersionId) -> Result<Published> {
    find_versions(conn, &[version]).await?.pop().ok_or(Error::NotFound)
}

/// Whether everybody may see the picture of a version: when its organisation is public, and also when a badge
/// of it was issued, which stays its holder's.
pub async fn is_picture_public(conn: &mut Conn, app: &App, version: VersionId) -> Result<bool> {
    let (organization, standing) = standing_of(conn, version).await?;
    Ok(confirmation::is_public(app, standing) || has_badges(conn, organization, version).await?)
}

async fn standing_of(conn: &mut Conn, version: VersionId) -> Result<(OrganizationId, Standing)> {
    let organization: String =
        sqlx::query_scalar("SELECT organization FROM achievement_version WHERE id = $1")
            .bind(version.to_string())
            .fetch_optional(&mut *conn)
            .await?
            .ok_or(Error::NotFound)?;
    let organization = organization.parse()?;
    Ok((organization, confirmation::standing(conn, organization).await?))
}

async fn has_badges(conn: &mut Conn, organization: OrganizationId, version: VersionId) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM credential WHERE organization = $1 AND achievement_version = $2 LIMIT 1",
    )
    .bind(organization.to_string())
    .bind(version.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// These versions, in this order; what is not there is left out.
pub async fn find_versions(conn: &mut Conn, versions: &[VersionId]) -> Result<Vec<Published>> {
    if versions.is_empty() {
        return Ok(vec![]);
    }
    let mut query = QueryBuilder::new(
        "SELECT v.id, v.number, v.achievement, a.slug, o.id, o.slug, o.name, o.standing FROM achievement_version v \
         JOIN achievement a ON a.organization = v.organization AND a.id = v.achievement \
         JOIN organization o ON o.id = v.organization WHERE v.id IN (",
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
            Published {
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
    let mut query = QueryBuilder::new("SELECT id, body FROM achievement_version WHERE id IN (");
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

/// The version of "organisation.achievement" (or of an achievement's UUID) that
/// is offered now; a retired one is not found.
pub async fn find_published(conn: &mut Conn, key: &str) -> Result<Published> {
    let (published, offered) = find_current(conn, key).await?;
    match offered {
        Offered::Now => Ok(published),
        Offered::NoMore => Err(Error::NotFound),
    }
}

/// Whether people can enrol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// It is in the catalogue.
    Now,
    /// It was retired.
    NoMore,
}

/// The same, also when it was retired.
pub async fn find_current(conn: &mut Conn, key: &str) -> Result<(Published, Offered)> {
    const BY_ID: &str = "SELECT published_version, retired_at FROM achievement WHERE id = $1";
    const BY_KEY: &str = "SELECT a.published_version, a.retired_at FROM achievement a \
         JOIN organization o ON o.id = a.organization WHERE o.slug = $1 AND a.slug = $2";
    let query = if let Ok(id) = key.parse::<AchievementId>() {
        sqlx::query(BY_ID).bind(id.to_string())
    } else {
        let (organization, slug) = split_key(key).ok_or(Error::NotFound)?;
        sqlx::query(BY_KEY).bind(organization.to_owned()).bind(slug.to_owned())
    };
    let row = query.fetch_optional(&mut *conn).await?.ok_or(Error::NotFound)?;
    let version: Option<String> = row.get(0);
    let version = version.ok_or(Error::NotFound)?.parse()?;
    let offered = if row.get::<Option<i64>, _>(1).is_some() { Offered::NoMore } else { Offered::Now };
    Ok((find_version(conn, version).await?, offered))
}

/// "organisation.achievement" taken apart; slugs have no dots.
pub fn split_key(key: &str) -> Option<(&str, &str)> {
    key.split_once('.').filter(|(o, a)| is_slug(o) && is_slug(a))
}
