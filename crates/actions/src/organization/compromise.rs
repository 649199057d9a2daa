//! A key that somebody else may have used: it is ended "from an instant". What
//! it signed before stays valid, what it signed from then on does not count, a
//! new key signs at once, and the badges that are touched are listed.

use crate::app::App;
use crate::confirmation;
use crate::credential::{self, CredentialRow, SignedBy, key, status};
use crate::error::{Error, Result};
use crate::organization::store;
use crate::person::Actor;
use cairn_domain::permission::Intent;
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::mail::{self, Letter};
use cairn_value::id::OrganizationId;
use jiff::Timestamp;
use serde_json::json;

/// Badges on one page.
pub const PAGE: i64 = 50;

/// The organisation with this slug, for its owners and for operators.
async fn answerable(conn: &mut Conn, actor: &Actor, slug: &str) -> Result<OrganizationId> {
    match actor.member(slug).and_then(|m| actor.with(m.organization, Intent::ManageOrganization)) {
        Ok(member) => Ok(member.organization),
        Err(_) if actor.operator => store::by_slug(conn, slug).await?.ok_or(Error::NotFound),
        Err(not_found) => Err(not_found),
    }
}

/// The badges that an ended key touches.
#[derive(Debug)]
pub struct TouchedBadges {
    /// The key.
    pub key: key::KeyEntry,
    /// How many there are.
    pub count: i64,
    /// A page of them; of an operator who is no owner the count is enough.
    pub badges: Vec<CredentialRow>,
}

/// All keys of an organisation, for its owners and for operators.
pub async fn keys(app: &App, actor: &Actor, slug: &str) -> Result<Vec<key::KeyEntry>> {
    let mut conn = app.db.read().await?;
    let organization = answerable(&mut conn, actor, slug).await?;
    key::list(&mut conn, organization).await
}

/// A key and the badges that it touches; none while it is trusted.
pub async fn touched(
    app: &App,
    actor: &Actor,
    slug: &str,
    fragment: &str,
    after: &str,
    limit: i64,
) -> Result<TouchedBadges> {
    let mut conn = app.db.read().await?;
    let organization = answerable(&mut conn, actor, slug).await?;
    let all = key::list(&mut conn, organization).await?;
    let key = all.into_iter().find(|k| k.fragment == fragment).ok_or(Error::NotFound)?;
    let Some(from) = key.distrusted_from else { return Ok(TouchedBadges { key, count: 0, badges: vec![] }) };
    let method = format!("{}#{fragment}", key::did(app, slug));
    let by = SignedBy { organization, method: &method, from };
    let count = credential::count_signed(&mut conn, &by).await?;
    let badges = match actor.with(organization, Intent::SeeCredentials) {
        Ok(_) => credential::signed(&mut conn, &by, after, limit).await?,
        Err(_) => vec![],
    };
    Ok(TouchedBadges { key, count, badges })
}

/// Ends a key from an instant on. The instant can be put earlier later on, not
/// later: what was once said to be worthless does not become good again.
pub async fn end_key(
    app: &App,
    actor: &Actor,
    slug: &str,
    fragment: &str,
    from: Timestamp,
    reason: &str,
) -> Result<i64> {
    let mut tx = app.db.begin().await?;
    let organization = answerable(&mut tx, actor, slug).await?;
    confirmation::hold(&mut tx, organization).await?;
    let now = app.clock.now();
    let all = key::list(&mut tx, organization).await?;
    let key = all.into_iter().find(|k| k.fragment == fragment).ok_or(Error::NotFound)?;
    let (from, reason) = checked(&key, from, reason, now)?;
    if key.ended_at.is_none() {
        key::rotate(&mut tx, app, organization, &actor.log_name()).await?;
    }
    key::distrust(&mut tx, organization, fragment, from, &reason, now).await?;
    // lists that this key has signed would not count either
    status::touch_all(&mut tx, organization, now).await?;
    let method = format!("{}#{fragment}", key::did(app, slug));
    let by = SignedBy { organization, method: &method, from: from.as_millisecond() };
    let count = credential::count_signed(&mut tx, &by).await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "key.distrusted",
        subject: fragment.to_owned(),
        body: json!({ "from": from.to_string(), "reason": reason, "badges": count }),
    };
    event::record(&mut tx, app, event).await?;
    tell(&mut tx, app, organization, slug, &key, from, count).await?;
    tx.commit().await?;
    app.cache.forget_reports();
    app.bell.notify_one();
    Ok(count)
}

/// Whole seconds, as proofs have them, and a reason.
fn checked(
    key: &key::KeyEntry,
    from: Timestamp,
    reason: &str,
    now: Timestamp,
) -> Result<(Timestamp, String)> {
    if from > now {
        return Err(Error::invalid("from", "compromise-instant"));
    }
    let from = Timestamp::from_second(from.as_second()).map_err(anyhow::Error::from)?;
    let reason: String = reason.trim().chars().take(1000).collect();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "compromise-reason"));
    }
    if key.distrusted_from.is_some_and(|before| before <= from.as_millisecond()) {
        return Err(Error::invalid("from", "compromise-earlier"));
    }
    Ok((from, reason))
}

/// Writes to all owners.
async fn tell(
    conn: &mut Conn,
    app: &App,
    organization: OrganizationId,
    slug: &str,
    key: &key::KeyEntry,
    from: Timestamp,
    count: i64,
) -> Result<()> {
    let name = confirmation::profile(conn, organization).await?.name;
    for owner in store::owners_to_tell(conn, organization).await? {
        let language = owner.language;
        let (from, count) = (from.as_millisecond(), language.number(count));
        let date = language.date_time(from);
        let values = [
            ("name", owner.name.as_str()),
            ("organization", &name),
            ("key", &key.fragment),
            ("date", &date),
            ("count", &count),
        ];
        let letter = Letter {
            id: format!("key-ended-{organization}-{}-{from}-{}", key.fragment, owner.person),
            kind: "key-ended",
            address: &owner.address,
            person: Some(owner.person.clone()),
            language,
            values: &values,
            link: Some(format!("{}/organizations/{slug}/keys/{}", app.config.base_url, key.fragment)),
        };
        mail::write(conn, app, letter).await?;
    }
    Ok(())
}
