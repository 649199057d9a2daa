//! What the catalogue knows of a micro-credential: a row to filter and sort by,
//! and words to find it under.

use super::store;
use crate::app::App;
use crate::error::Result;
use cairn_domain::achievement::Definition;
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_platform::markdown::plain;
use cairn_platform::search::{self, Text};
use cairn_value::id::{AchievementId, OrganizationId};

/// Something that is published.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its name, to be found under.
    pub organization_name: &'a str,
    /// What it is.
    pub achievement: AchievementId,
    /// What it says.
    pub definition: &'a Definition,
    /// Milliseconds.
    pub published_at: i64,
}

/// Puts it into the catalogue, in place of what was there of it.
pub(crate) async fn offer(conn: &mut Conn, app: &App, offer: &Offer<'_>) -> Result<()> {
    store::put(conn, offer).await?;
    store::renew(conn, &id::secret()).await?;
    search::put(conn, app.db.engine, &offer.achievement.to_string(), &text(offer)).await?;
    Ok(())
}

/// Takes it out of the catalogue.
pub(crate) async fn withdraw(
    conn: &mut Conn,
    organization: OrganizationId,
    achievement: AchievementId,
) -> Result<()> {
    store::remove(conn, organization, achievement).await?;
    store::renew(conn, &id::secret()).await?;
    search::remove(conn, &achievement.to_string()).await?;
    Ok(())
}

/// What it is found under, in all languages.
fn text(offer: &Offer<'_>) -> Text {
    let d = offer.definition;
    let mut text = Text { title: d.title.clone(), ..Text::default() };
    let add = |to: &mut String, what: &str| {
        to.push('\n');
        to.push_str(what);
    };
    for t in d.translations.values() {
        add(&mut text.title, &t.title);
        add(&mut text.summary, &t.summary);
        add(&mut text.body, &plain(&t.description));
        t.outcomes.iter().for_each(|o| add(&mut text.body, o));
    }
    add(&mut text.summary, &d.summary);
    d.tags.iter().for_each(|tag| add(&mut text.summary, tag));
    d.skills.iter().for_each(|skill| add(&mut text.summary, &skill.name));
    add(&mut text.body, &plain(&d.description));
    d.outcomes.iter().for_each(|o| add(&mut text.body, o));
    add(&mut text.body, offer.organization_name);
    text
}
