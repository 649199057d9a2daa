//! Publishing a version, retiring, bringing back.

use super::draft::{Editing, open};
use super::store::{self, NewVersion};
use crate::app::App;
use crate::error::{Error, Result};
use crate::person::Actor;
use crate::{catalog, confirmation};
use cairn_platform::blob_use::{self, Kind, Owner};
use cairn_platform::db::Tx;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_value::id::VersionId;
use serde_json::{Value, json};

/// Publishes the draft as the next version. What was awarded under an earlier
/// one stays under it.
pub async fn publish(app: &App, actor: &Actor, org_slug: &str, slug: &str) -> Result<VersionId> {
    publish_seen(app, actor, org_slug, slug, None).await
}

/// The same, only if the draft is still the one that was seen.
pub async fn publish_seen(
    app: &App,
    actor: &Actor,
    org_slug: &str,
    slug: &str,
    seen: Option<i64>,
) -> Result<VersionId> {
    let mut tx = app.db.begin().await?;
    let editing = open(&mut tx, actor, org_slug, slug).await?;
    confirmation::require_may_issue(&mut tx, app, editing.organization).await?;
    if seen.is_some_and(|seen| seen != editing.version) {
        return Err(conflict());
    }
    if editing.is_retired {
        return Err(Error::refused("achievement-retired"));
    }
    editing.definition.publishable(editing.published.as_deref()).map_err(Error::refused)?;
    let (version, now) = (VersionId(id::fresh()), app.clock.now());
    let number = store::newest_number(&mut tx, editing.organization, editing.achievement).await? + 1;
    let new = NewVersion {
        id: version,
        achievement: editing.achievement,
        number,
        body: &serde_json::to_string(&editing.definition)?,
        at: now.as_millisecond(),
        by: &actor.log_name(),
    };
    store::insert_version(&mut tx, editing.organization, &new).await?;
    let kept =
        store::put_published(&mut tx, editing.organization, editing.achievement, editing.version, version)
            .await?;
    if !kept {
        return Err(conflict());
    }
    if let Some(image) = &editing.definition.image {
        let owner =
            Owner { organization: editing.organization, kind: Kind::Version, id: version.to_string() };
        blob_use::share(&mut tx, image, &owner).await?;
    }
    let released = blob_use::release(&mut tx, Kind::Draft, &editing.achievement.to_string()).await?;
    catalog::offer(&mut tx, app, &editing.offer(now.as_millisecond())).await?;
    let body = json!({ "version": version, "number": number });
    record(&mut tx, app, actor, &editing, "achievement.published", body).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(version)
}

/// Takes it out of the catalogue. Enrolments go on, badges stay.
pub async fn retire(app: &App, actor: &Actor, org_slug: &str, slug: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let editing = open(&mut tx, actor, org_slug, slug).await?;
    if editing.published.is_none() || editing.is_retired {
        return Err(Error::refused("achievement-not-published"));
    }
    let now = app.clock.now().as_millisecond();
    set_retired(&mut tx, &editing, Some(now)).await?;
    catalog::withdraw(&mut tx, editing.organization, editing.achievement).await?;
    record(&mut tx, app, actor, &editing, "achievement.retired", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a retired one back into the catalogue.
pub async fn restore(app: &App, actor: &Actor, org_slug: &str, slug: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let editing = open(&mut tx, actor, org_slug, slug).await?;
    let Some(published) = editing.published.clone().filter(|_| editing.is_retired) else {
        return Err(Error::refused("achievement-not-retired"));
    };
    confirmation::require_may_issue(&mut tx, app, editing.organization).await?;
    set_retired(&mut tx, &editing, None).await?;
    let now = app.clock.now().as_millisecond();
    let offer = catalog::Offer { definition: &published, ..editing.offer(now) };
    catalog::offer(&mut tx, app, &offer).await?;
    record(&mut tx, app, actor, &editing, "achievement.restored", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Drops the draft: what is published is edited from then on.
pub async fn discard(app: &App, actor: &Actor, org_slug: &str, slug: &str, version: i64) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let editing = open(&mut tx, actor, org_slug, slug).await?;
    if editing.published.is_none() || !editing.is_changed {
        return Err(Error::refused("achievement-no-changes"));
    }
    let kept = store::save_draft(&mut tx, editing.organization, editing.achievement, version, None).await?;
    if !kept {
        return Err(conflict());
    }
    let released = blob_use::release(&mut tx, Kind::Draft, &editing.achievement.to_string()).await?;
    record(&mut tx, app, actor, &editing, "achievement.discarded", json!({})).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(())
}

impl Editing {
    fn offer(&self, published_at: i64) -> catalog::Offer<'_> {
        catalog::Offer {
            organization: self.organization,
            organization_name: &self.organization_name,
            achievement: self.achievement,
            definition: &self.definition,
            published_at,
        }
    }
}

async fn set_retired(tx: &mut Tx, editing: &Editing, at: Option<i64>) -> Result<()> {
    let kept = store::set_retired(tx, editing.organization, editing.achievement, editing.version, at).await?;
    if kept { Ok(()) } else { Err(conflict()) }
}

async fn record(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    editing: &Editing,
    kind: &'static str,
    body: Value,
) -> Result<()> {
    let event = Event {
        organization: Some(editing.organization),
        actor: actor.log_name(),
        kind,
        subject: editing.achievement.to_string(),
        body,
    };
    event::record(tx, app, event).await?;
    Ok(())
}

fn conflict() -> Error {
    Error::Conflict("achievement-stale".into())
}
