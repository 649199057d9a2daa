//! Drafts: made, read, and kept unless somebody else saved first.

use super::store::{self, Row};
use crate::app::App;
use crate::error::{Error, FieldError, Result};
use crate::person::Actor;
use crate::published::find_version;
use cairn_domain::achievement::Definition;
use cairn_domain::permission::Intent;
use cairn_domain::short_text::BadText;
use cairn_platform::blob::{Place, ReceivedBlob};
use cairn_platform::blob_use::{self, Kind, Owner, ReleasedBlobs};
use cairn_platform::db::{Conn, is_duplicate};
use cairn_platform::event::{self, Event};
use cairn_platform::{id, picture};
use cairn_value::id::{AchievementId, OrganizationId};
use cairn_value::slug::{is_slug, slug as slug_of};
use serde_json::json;
use std::sync::Arc;

/// Slugs that are words of addresses.
const RESERVED: &[&str] = &["new"];

/// What somebody works on: the draft, or the published content while there is none.
#[derive(Debug, Clone)]
pub struct Editing {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub organization_slug: String,
    /// Its name.
    pub organization_name: String,
    /// The achievement.
    pub achievement: AchievementId,
    /// Its name in addresses.
    pub slug: String,
    /// What it says now.
    pub definition: Definition,
    /// What the published version says.
    pub published: Option<Arc<Definition>>,
    /// Number of the published version; 0 when there is none.
    pub number: i64,
    /// True when something changed since it was published.
    pub is_changed: bool,
    /// True when it is retired.
    pub is_retired: bool,
    /// Optimistic lock.
    pub version: i64,
}

impl Editing {
    /// Name of the state.
    pub fn state(&self) -> &'static str {
        match (self.is_retired, self.published.is_some()) {
            (true, _) => "retired",
            (false, true) => "published",
            (false, false) => "draft",
        }
    }

    /// Where it is edited.
    pub fn path(&self) -> String {
        format!("/organizations/{}/achievements/{}", self.organization_slug, self.slug)
    }

    /// Room for its picture: whoever has this may edit.
    pub fn place_for_picture(&self) -> Place {
        Place::granted(picture::MOST_STORED)
    }

    /// Its name in the catalogue.
    pub fn key(&self) -> String {
        format!("{}.{}", self.organization_slug, self.slug)
    }
}

/// What the actor may edit; what is not hers to edit is not found.
pub async fn open(conn: &mut Conn, actor: &Actor, org_slug: &str, slug: &str) -> Result<Editing> {
    let member = actor.member(org_slug)?;
    let member = actor.with(member.organization, Intent::Define)?;
    let row = store::find(conn, member.organization, slug).await?.ok_or(Error::NotFound)?;
    editing(conn, member, row).await
}

/// All that is known of a row.
pub async fn editing(conn: &mut Conn, member: &crate::person::Membership, row: Row) -> Result<Editing> {
    let published = match row.published_version {
        Some(version) => Some(find_version(conn, version).await?),
        None => None,
    };
    let number = published.as_ref().map_or(0, |p| p.number);
    let published = published.map(|p| p.definition);
    let definition = match (&row.draft, &published) {
        (Some(draft), _) => serde_json::from_str(draft)?,
        (None, Some(published)) => Definition::clone(published),
        (None, None) => return Err(Error::Unexpected(anyhow::anyhow!("achievement {} is empty", row.id))),
    };
    Ok(Editing {
        organization: member.organization,
        organization_slug: member.slug.clone(),
        organization_name: member.name.clone(),
        achievement: row.id,
        slug: row.slug,
        definition,
        published,
        number,
        is_changed: row.draft.is_some(),
        is_retired: row.retired_at.is_some(),
        version: row.version,
    })
}

/// Makes a draft. Without a slug the title gives one.
pub async fn create(
    app: &App,
    actor: &Actor,
    org_slug: &str,
    slug: Option<&str>,
    definition: Definition,
) -> Result<AchievementId> {
    let member = actor.with(actor.member(org_slug)?.organization, Intent::Define)?;
    if !member.issues {
        return Err(Error::refused("organization-no-issuer"));
    }
    named_well(definition.bad_texts())?;
    let organization = member.organization;
    let (achievement, now) = (AchievementId(id::fresh()), app.clock.now());
    let draft = serde_json::to_string(&definition)?;
    let mut tx = app.db.begin().await?;
    let slug = free_slug(&mut tx, organization, slug, &definition.title).await?;
    store::insert(&mut tx, organization, achievement, &slug, &draft, now.as_millisecond())
        .await
        .map_err(|e| if is_duplicate(&e) { Error::invalid("slug", "slug-taken") } else { e.into() })?;
    if let Some(image) = &definition.image {
        blob_use::share(&mut tx, image, &drawn_in(organization, achievement)).await?;
    }
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "achievement.created",
        subject: achievement.to_string(),
        body: json!({ "slug": slug }),
    };
    event::record(&mut tx, app, event).await?;
    tx.commit().await?;
    Ok(achievement)
}

async fn free_slug(
    conn: &mut Conn,
    organization: OrganizationId,
    wanted: Option<&str>,
    title: &str,
) -> Result<String> {
    if let Some(wanted) = wanted {
        if !is_slug(wanted) || RESERVED.contains(&wanted) {
            return Err(Error::invalid("slug", "slug-form"));
        }
        if store::find(conn, organization, wanted).await?.is_some() {
            return Err(Error::invalid("slug", "slug-taken"));
        }
        return Ok(wanted.to_owned());
    }
    let mut first = slug_of(title);
    if first.is_empty() {
        first = "badge".into();
    }
    // room for a number behind it
    first.truncate(55);
    let first = first.trim_end_matches('-');
    for n in 1..1000 {
        let slug = if n == 1 { first.to_owned() } else { format!("{first}-{n}") };
        if !RESERVED.contains(&slug.as_str()) && store::find(conn, organization, &slug).await?.is_none() {
            return Ok(slug);
        }
    }
    Err(Error::invalid("title", "title-used"))
}

/// Keeps what somebody wrote. `version` is the draft's version that it was
/// written on; a conflict when somebody else saved since.
pub async fn save(
    app: &App,
    actor: &Actor,
    org_slug: &str,
    slug: &str,
    version: i64,
    definition: &Definition,
) -> Result<()> {
    save_with(app, actor, org_slug, slug, version, definition, None).await
}

/// The same with a picture that has just arrived and that the definition names.
pub async fn save_with(
    app: &App,
    actor: &Actor,
    org_slug: &str,
    slug: &str,
    version: i64,
    definition: &Definition,
    picture: Option<ReceivedBlob>,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let editing = open(&mut tx, actor, org_slug, slug).await?;
    named_well(definition.new_bad_texts(&editing.definition))?;
    // a draft that says what is published is none
    let draft = match &editing.published {
        Some(published) if **published == *definition => None,
        _ => Some(serde_json::to_string(definition)?),
    };
    let kept =
        store::save_draft(&mut tx, editing.organization, editing.achievement, version, draft.as_deref())
            .await?;
    if !kept {
        return Err(Error::Conflict("achievement-stale".into()));
    }
    let image = definition.image.as_deref().filter(|_| draft.is_some());
    let released = note_picture(&mut tx, &editing, image, picture).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(())
}

/// Writes down which picture the draft uses, and that it uses no other.
async fn note_picture(
    conn: &mut Conn,
    editing: &Editing,
    image: Option<&str>,
    new: Option<ReceivedBlob>,
) -> Result<ReleasedBlobs> {
    let owner = drawn_in(editing.organization, editing.achievement);
    match (image, new) {
        (Some(image), Some(new)) if new.name() == image => {
            blob_use::keep(conn, new, &owner).await?;
        }
        (Some(image), _) => blob_use::share(conn, image, &owner).await?,
        (None, _) => {}
    }
    Ok(blob_use::release_others(conn, owner.kind, &owner.id, image.unwrap_or("")).await?)
}

/// Refuses short texts that do not follow the rule for names; says which, by pointer.
fn named_well(bad: Vec<BadText>) -> Result<()> {
    if bad.is_empty() {
        return Ok(());
    }
    Err(Error::Invalid(bad.into_iter().map(|b| FieldError::new(&b.pointer, b.fault)).collect()))
}

/// The draft as the one that uses a picture.
fn drawn_in(organization: OrganizationId, achievement: AchievementId) -> Owner {
    Owner { organization, kind: Kind::Draft, id: achievement.to_string() }
}
