//! What organisations tell their learners: made and withdrawn by members, read by those it is for, and sent to those
//! who want letters.

pub mod letter;
pub mod privacy;
mod store;

pub use store::{Announcement, News, Source};

use crate::app::App;
use crate::error::{Error, FieldError, Result};
use crate::person::Actor;
use crate::{achievement, confirmation, published};
use cairn_domain::announcement::{AnnouncementId, AnnouncementRefusal, Draft, MOST_A_DAY, SHOWN_DAYS, check};
use cairn_domain::permission::Intent;
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::text::Language;
use cairn_platform::{id, job};
use cairn_value::id::{AchievementId, OrganizationId, PersonId, VersionId};
use serde_json::json;

const DAY_MS: i64 = 86_400_000;
const MOST_CHOICES: i64 = 500;

/// A micro-credential whose people can be told alone.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id.
    pub id: AchievementId,
    /// In addresses.
    pub slug: String,
    /// What it is called in a language.
    pub title: String,
}

/// All of them: what the organisation offers, or has offered.
pub async fn choices(
    conn: &mut Conn,
    organization: OrganizationId,
    language: Language,
) -> Result<Vec<Choice>> {
    let all = achievement::list(conn, organization, "", MOST_CHOICES).await?;
    let versions: Vec<VersionId> = all.iter().filter_map(|row| row.published_version).collect();
    let published = published::find_versions(conn, &versions).await?;
    let title = |id: VersionId| {
        let found = published.iter().find(|p| p.version == id)?;
        Some(found.definition.in_language(language.code()).title.to_owned())
    };
    let choice = |row: achievement::Row| {
        Some(Choice { title: title(row.published_version?)?, id: row.id, slug: row.slug })
    };
    Ok(all.into_iter().filter_map(choice).collect())
}

/// Announces something, now or from an instant on. Who wants letters gets one then.
///
/// # Errors
///
/// Not found for who may not announce here; refused while nobody has confirmed the organisation; invalid by field.
pub async fn make(app: &App, actor: &Actor, slug: &str, draft: Draft) -> Result<AnnouncementId> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::Announce)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    confirmation::require_may_issue(&mut tx, app, organization).await?;
    let mut wrong: Vec<FieldError> =
        check(&draft, now).into_iter().map(|(field, why)| FieldError::new(field, why)).collect();
    let of = match draft.achievement.as_str() {
        "" => Some(String::new()),
        slug => {
            let all = choices(&mut tx, organization, actor.language).await?;
            all.into_iter().find(|choice| choice.slug == slug).map(|choice| choice.id.to_string())
        }
    };
    if of.is_none() {
        wrong.push(FieldError::new("achievement", AnnouncementRefusal::NoAchievement));
    }
    let (true, Some(of)) = (wrong.is_empty(), of) else { return Err(Error::Invalid(wrong)) };
    if store::made_since(&mut tx, organization, now.as_millisecond() - DAY_MS).await? >= MOST_A_DAY {
        return Err(Error::refused(AnnouncementRefusal::TooMany(MOST_A_DAY)));
    }
    let new = AnnouncementId(id::fresh());
    let at = draft.at.unwrap_or(now).max(now);
    store::insert(&mut tx, organization, new, &draft, &of, actor.person, (now, at)).await?;
    let body = json!({ "organization": organization, "announcement": new, "after": "" });
    job::enqueue(&mut tx, &format!("announcement-{new}"), "tell_announcement", &body, at).await?;
    record(&mut tx, app, actor, organization, new, "announcement.made").await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(new)
}

/// Takes an announcement back: nobody finds it any more, and letters that have not been written never are.
pub async fn withdraw(app: &App, actor: &Actor, slug: &str, announcement: AnnouncementId) -> Result<()> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::Announce)?;
    let mut tx = app.db.begin().await?;
    let found = store::find(&mut tx, organization, announcement).await?.ok_or(Error::NotFound)?;
    if found.withdrawn_at.is_some() {
        return Err(Error::refused(AnnouncementRefusal::Withdrawn));
    }
    store::withdraw(&mut tx, organization, announcement, app.clock.now().as_millisecond()).await?;
    record(&mut tx, app, actor, organization, announcement, "announcement.withdrawn").await?;
    tx.commit().await?;
    Ok(())
}

async fn record(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    announcement: AnnouncementId,
    kind: &'static str,
) -> Result<()> {
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind,
        subject: announcement.to_string(),
        body: json!({}),
    };
    event::record(conn, app, event).await?;
    Ok(())
}

/// An organisation's announcements, the newest first, behind one.
pub async fn of_organization(
    app: &App,
    actor: &Actor,
    slug: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Announcement>> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::Announce)?;
    let mut conn = app.db.read().await?;
    Ok(store::of_organization(&mut conn, organization, after, limit).await?)
}

/// What a reader is told now, the newest first: of organisations whose learner or holder she is.
pub async fn news(conn: &mut Conn, app: &App, reader: PersonId) -> Result<Vec<News>> {
    let now = app.clock.now().as_millisecond();
    let all = store::news(conn, reader, now - SHOWN_DAYS * DAY_MS, now).await?;
    Ok(all.into_iter().filter(|news| confirmation::is_offered(app, news.standing)).collect())
}

/// Those of them that she has not marked as read.
pub async fn unread(conn: &mut Conn, app: &App, reader: PersonId) -> Result<Vec<News>> {
    Ok(news(conn, app, reader).await?.into_iter().filter(|news| news.is_new).collect())
}

/// Organisations that may tell a reader something, and whether she gets letters.
pub async fn sources(conn: &mut Conn, reader: PersonId) -> Result<Vec<Source>> {
    Ok(store::sources(conn, reader).await?)
}

/// Marks everything that she is told by now as read.
pub async fn mark_read(app: &App, actor: &Actor) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let now = app.clock.now().as_millisecond();
    for source in store::sources(&mut tx, actor.person).await? {
        store::mark_read(&mut tx, source.organization, actor.person, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whether she wants an organisation's announcements as letters, too.
pub async fn choose_letters(app: &App, actor: &Actor, slug: &str, wants: bool) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let sources = store::sources(&mut tx, actor.person).await?;
    let source = sources.into_iter().find(|source| source.slug == slug).ok_or(Error::NotFound)?;
    let since = wants.then(|| app.clock.now().as_millisecond());
    store::choose_letters(&mut tx, source.organization, actor.person, since).await?;
    tx.commit().await?;
    Ok(())
}

/// Whose letters a way out ends: the organisation's name.
///
/// # Errors
///
/// Not found when the token is not one of ours.
pub async fn way_out(app: &App, token: &str) -> Result<String> {
    let (organization, _) = letter::read_token(app, token).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    store::name_of(&mut conn, organization).await?.ok_or(Error::NotFound)
}

/// Ends an organisation's letters to whoever holds the token; twice is once.
pub async fn stop_letters(app: &App, token: &str) -> Result<()> {
    let (organization, person) = letter::read_token(app, token).ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    store::end_letters(&mut tx, organization, person).await?;
    tx.commit().await?;
    Ok(())
}
