//! Defining: drafts, their editor, versions, badge pictures.

pub mod draft;
pub mod privacy;
pub mod publish;
mod store;

pub use draft::{Editing, create, save};
pub use publish::{discard, publish, restore, retire};
pub use store::{Row, VersionRow};

use crate::error::{Error, Result};
use cairn_platform::db::Conn;
use cairn_value::id::{AchievementId, OrganizationId};

/// A page of an organisation's micro-credentials behind a name in addresses.
pub async fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    after: &str,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(store::list(conn, organization, after, limit).await?)
}

/// How many people hold each of these, by its id.
pub async fn holders(
    conn: &mut Conn,
    organization: OrganizationId,
    achievements: &[AchievementId],
) -> Result<Vec<(String, i64)>> {
    Ok(store::holders(conn, organization, achievements).await?)
}

/// All versions, the newest first.
pub async fn versions(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> Result<Vec<VersionRow>> {
    Ok(store::versions(conn, organization, achievement).await?)
}

/// Its name in addresses.
pub async fn slug_of(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> Result<String> {
    store::slug_of(conn, organization, achievement).await?.ok_or(Error::NotFound)
}
