//! Who uses which bytes: the only source for keeping and removing them. Every
//! action that names a blob writes its use in the same transaction; bytes that
//! nothing uses any more are removed, and nothing else is.

use crate::blob::ReceivedBlob;
use crate::db::{self, Conn};
use crate::error::{Error, Result};
use crate::platform::Platform;
use cairn_value::id::OrganizationId;

/// What uses bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file of a submission; the owner is the piece of evidence.
    Evidence,
    /// The picture in a draft; the owner is the achievement.
    Draft,
    /// The picture in a published version; the owner is the version.
    Version,
    /// The file that a roster was read from; the owner is the roster.
    Roster,
}

impl Kind {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Draft => "draft",
            Self::Version => "version",
            Self::Roster => "roster",
        }
    }
}

/// One that uses bytes.
#[derive(Debug, Clone)]
pub struct Owner {
    /// In this organisation.
    pub organization: OrganizationId,
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: String,
}

/// Names of bytes that lost a use; give them to [`clean`] after the commit.
#[derive(Debug, Default)]
#[must_use = "bytes that nothing uses any more stay until the nightly sweep; call blob_use::clean after the commit"]
pub struct ReleasedBlobs(Vec<String>);

impl ReleasedBlobs {
    /// These and those.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// Puts an upload in its place, used by this owner from the commit on. The
/// bytes' name is taken for this transaction: nobody removes them meanwhile.
pub async fn keep(conn: &mut Conn, received: ReceivedBlob, owner: &Owner) -> Result<String> {
    take(conn, received.name()).await?;
    let name = received.persist()?;
    insert(conn, &name, owner).await?;
    Ok(name)
}

/// One more use of bytes that the organisation has already, such as a draft's
/// picture in the version made of it. Whoever only knows a name gets nothing.
pub async fn share(conn: &mut Conn, name: &str, owner: &Owner) -> Result<()> {
    take(conn, name).await?;
    let there: i64 =
        sqlx::query_scalar("SELECT count(*) FROM blob_use WHERE blob = $1 AND organization = $2")
            .bind(name)
            .bind(owner.organization.to_string())
            .fetch_one(&mut *conn)
            .await?;
    if there == 0 {
        return Err(Error::NoSuchFile);
    }
    insert(conn, name, owner).await?;
    Ok(())
}

/// The owner uses nothing any more.
pub async fn release(conn: &mut Conn, kind: Kind, id: &str) -> sqlx::Result<ReleasedBlobs> {
    release_others(conn, kind, id, "").await
}

/// The owner uses nothing any more but this.
pub async fn release_others(conn: &mut Conn, kind: Kind, id: &str, but: &str) -> sqlx::Result<ReleasedBlobs> {
    let names = sqlx::query_scalar(
        "DELETE FROM blob_use WHERE kind = $1 AND owner = $2 AND blob <> $3 RETURNING blob",
    )
    .bind(kind.name())
    .bind(id)
    .bind(but)
    .fetch_all(conn)
    .await?;
    Ok(ReleasedBlobs(names))
}

/// Removes those of these bytes that nothing uses. What cannot be removed now
/// the nightly sweep removes.
pub async fn clean(app: &Platform, released: ReleasedBlobs) {
    let mut names = released.0;
    names.sort();
    names.dedup();
    for name in names {
        if let Err(error) = remove_unused(app, &name).await {
            tracing::warn!(
                "Could not remove the unused upload {name}; the nightly sweep tries again: {error:#}"
            );
        }
    }
}

/// Removes these bytes if nothing uses them; true when they are gone.
pub async fn remove_unused(app: &Platform, name: &str) -> anyhow::Result<bool> {
    let mut tx = app.db.begin().await?;
    take(&mut tx, name).await?;
    let uses: i64 = sqlx::query_scalar("SELECT count(*) FROM blob_use WHERE blob = $1")
        .bind(name)
        .fetch_one(&mut *tx)
        .await?;
    if uses == 0 {
        app.blobs.remove(name).await?;
    }
    tx.commit().await?;
    Ok(uses == 0)
}

/// Which of these names something uses.
pub async fn used(conn: &mut Conn, names: &[String]) -> sqlx::Result<Vec<String>> {
    if names.is_empty() {
        return Ok(vec![]);
    }
    let mut query = crate::query::QueryBuilder::new("SELECT DISTINCT blob FROM blob_use WHERE blob IN (");
    let mut list = query.separated(", ");
    for name in names {
        list.push_bind(name.clone());
    }
    query.push(")");
    let rows = query.build().fetch_all(conn).await?;
    Ok(rows.iter().map(|r| sqlx::Row::get(r, 0)).collect())
}

/// Waits for whoever keeps or removes the same bytes.
async fn take(conn: &mut Conn, name: &str) -> sqlx::Result<()> {
    // 60 bits of a hash: two names that share them wait for each other, no more
    let number = name.get(..15).and_then(|digits| i64::from_str_radix(digits, 16).ok()).unwrap_or(0);
    db::take(conn, number).await
}

/// Writes a use; writing it again changes nothing.
pub async fn insert(conn: &mut Conn, name: &str, owner: &Owner) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO blob_use (organization, kind, owner, blob) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (kind, owner, blob) DO NOTHING",
    )
    .bind(owner.organization.to_string())
    .bind(owner.kind.name())
    .bind(&owner.id)
    .bind(name)
    .execute(conn)
    .await?;
    Ok(())
}
