//! Published versions, read: by other subjects on every page, so the parsed definitions are kept. Beneath
//! `achievement`, which writes them, and `catalog`, which finds them.

mod recent;
mod store;

pub use recent::Recent;

use crate::app::App;
use crate::confirmation;
use crate::error::{Error, Result};
use cairn_domain::achievement::Definition;
use cairn_domain::standing::Standing;
use cairn_platform::db::Conn;
use cairn_value::id::{AchievementId, OrganizationId, VersionId};
use cairn_value::slug::is_slug;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One published version.
#[derive(Debug, Clone)]
pub struct PublishedVersion {
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

/// Whether people can enrol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It is in the catalogue.
    Now,
    /// It was retired.
    NoMore,
}

/// The version with this id, whether it is the newest or not.
pub async fn find_version(conn: &mut Conn, version: VersionId) -> Result<PublishedVersion> {
    store::versions(conn, &[version]).await?.pop().ok_or(Error::NotFound)
}

/// These versions, in this order; what is not there is left out.
pub async fn find_versions(conn: &mut Conn, versions: &[VersionId]) -> Result<Vec<PublishedVersion>> {
    store::versions(conn, versions).await
}

/// The version of "organisation.achievement" (or of an achievement's UUID) that
/// is offered now; a retired one is not found.
pub async fn find_published(conn: &mut Conn, key: &str) -> Result<PublishedVersion> {
    let (published, offered) = find_current(conn, key).await?;
    match offered {
        Availability::Now => Ok(published),
        Availability::NoMore => Err(Error::NotFound),
    }
}

/// The same, also when it was retired.
pub async fn find_current(conn: &mut Conn, key: &str) -> Result<(PublishedVersion, Availability)> {
    let what = match key.parse::<AchievementId>() {
        Ok(id) => store::AchievementName::Id(id),
        Err(_) => split_key(key).map(|(o, a)| store::AchievementName::Key(o, a)).ok_or(Error::NotFound)?,
    };
    let (version, offered) = store::current(conn, &what).await?.ok_or(Error::NotFound)?;
    Ok((find_version(conn, version).await?, offered))
}

/// "organisation.achievement" taken apart; slugs have no dots.
pub fn split_key(key: &str) -> Option<(&str, &str)> {
    key.split_once('.').filter(|(o, a)| is_slug(o) && is_slug(a))
}

/// Keys, "organisation.achievement", by achievement id.
pub async fn keys(conn: &mut Conn, achievements: &[&str]) -> Result<BTreeMap<String, String>> {
    Ok(store::keys(conn, achievements).await?)
}

/// Whether everybody may see the picture of a version: when its organisation is public, and also when a badge
/// of it was issued, which stays its holder's.
pub async fn is_picture_public(conn: &mut Conn, app: &App, version: VersionId) -> Result<bool> {
    let organization = store::organization_of(conn, version).await?.ok_or(Error::NotFound)?;
    let standing = confirmation::standing(conn, organization).await?;
    Ok(confirmation::is_public(app, standing) || store::has_badges(conn, organization, version).await?)
}
