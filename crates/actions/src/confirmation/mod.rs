//! Who an organisation is: what it says of itself, the operator's word on its name, and the domains
//! that it has proved. The one place that says whether it may issue.

pub mod domain;
mod letter;
pub mod privacy;
mod store;

pub use letter::tell_waiting;
pub use store::{Applicant, Domain, Profile, Waiting};

use crate::app::App;
use crate::error::{Error, Result};
use crate::person::{Actor, Contact};
use cairn_domain::display_name::{NameKind, check_with, look};
use cairn_domain::permission::Intent;
use cairn_domain::standing::{Caution, Decision, Standing};
use cairn_platform::db::{Conn, is_duplicate};
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_platform::mail::{self, Letter};
use cairn_value::id::OrganizationId;
use cairn_value::refusal::Refusal;
use serde_json::{Value, json};

/// Whose standing readers are warned of, in words for a page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Stable name, part of message keys.
    pub caution: &'static str,
}

/// Reads what a row says; a standing that nobody knows must never let anybody issue.
pub fn read_standing(text: &str) -> Standing {
    store::parse(text)
}

/// The standing of an organisation.
pub async fn standing(conn: &mut Conn, organization: OrganizationId) -> Result<Standing> {
    store::standing(conn, organization).await?.ok_or(Error::NotFound)
}

/// True while nobody has confirmed who it is.
pub async fn is_unconfirmed(conn: &mut Conn, organization: OrganizationId) -> Result<bool> {
    Ok(standing(conn, organization).await?.caution() == Some(Caution::Unconfirmed))
}

/// True when it has issued at least one badge.
pub async fn has_issued(conn: &mut Conn, organization: OrganizationId) -> Result<bool> {
    Ok(store::issued(conn, organization).await? > 0)
}

/// The same by name in addresses; none when there is no such organisation.
pub async fn standing_of(conn: &mut Conn, slug: &str) -> Result<Option<Standing>> {
    Ok(store::find(conn, slug).await?.map(|known| known.standing))
}

/// True for a name that is, or looks like, that of an organisation confirmed here.
pub async fn is_confirmed_name(conn: &mut Conn, name: &str) -> Result<bool> {
    Ok(store::confirmed_alike(conn, &look(name)).await? > 0)
}

/// What the pages about an organisation warn of; none when it is confirmed.
pub fn notice(standing: Standing) -> Option<Notice> {
    standing.caution().map(|caution| Notice { caution: key_of(caution) })
}

fn key_of(caution: Caution) -> &'static str {
    match caution {
        Caution::Unconfirmed => "unconfirmed",
        Caution::NotLookedAt => "not-looked-at",
        Caution::Suspended => "suspended",
    }
}

/// Refuses for an organisation that may not award, offer or publish now. Every
/// credential is issued behind this, and nothing is offered without it.
pub async fn require_may_issue(conn: &mut Conn, app: &App, organization: OrganizationId) -> Result<()> {
    let standing = standing(conn, organization).await?;
    if standing.may_issue(app.config.organizations) {
        return Ok(());
    }
    Err(Error::refused(match standing {
        Standing::Suspended => Refusal::new("issuer-suspended"),
        Standing::Declined => Refusal::new("issuer-declined"),
        Standing::Unconfirmed
        | Standing::Contested
        | Standing::Held
        | Standing::NotLookedAt
        | Standing::Confirmed => Refusal::new("issuer-unconfirmed"),
    }))
}

/// Not found where others must not see anything of the organisation.
pub fn require_public(app: &App, standing: Standing) -> Result<()> {
    if is_public(app, standing) { Ok(()) } else { Err(Error::NotFound) }
}

/// True when others may see its pages.
pub fn is_public(app: &App, standing: Standing) -> bool {
    standing.is_public(app.config.organizations)
}

/// True when its micro-credentials are offered.
pub fn is_offered(app: &App, standing: Standing) -> bool {
    standing.may_issue(app.config.organizations)
}

/// Writes a new organisation.
pub(crate) async fn found(
    conn: &mut Conn,
    organization: OrganizationId,
    profile: &Profile,
    translations: &str,
    now: i64,
) -> Result<()> {
    store::insert(conn, organization, profile, translations, now).await.map_err(|e| {
        if is_duplicate(&e) { Error::invalid("slug", "organization-slug-taken") } else { e.into() }
    })?;
    begin(conn, organization, &profile.name, now).await
}

/// What an organisation says of itself.
pub async fn profile(conn: &mut Conn, organization: OrganizationId) -> Result<Profile> {
    Ok(store::profile(conn, organization).await?)
}

/// Takes what an owner says anew; of the name as [`rename`] has it. Gives the name that stands.
pub(crate) async fn describe(
    conn: &mut Conn,
    organization: OrganizationId,
    new: Profile,
    now: i64,
) -> Result<String> {
    let old = store::profile(conn, organization).await?;
    let name = rename(conn, organization, &old.name, &new.name, now).await?;
    store::describe(conn, organization, &Profile { name: name.clone(), ..new }).await?;
    Ok(name)
}

/// Takes an organisation's row for this transaction: whoever awards, changes its keys or its owners, waits for whoever
/// does.
pub(crate) async fn hold(conn: &mut Conn, organization: OrganizationId) -> Result<()> {
    hold_all(conn, &[organization.to_string()]).await
}

/// The same of several.
pub(crate) async fn hold_all(conn: &mut Conn, organizations: &[String]) -> Result<()> {
    Ok(store::hold(conn, organizations).await?)
}

/// What an organisation begins with: one whose name looks like another's
/// waits for the operator even on an open instance.
async fn begin(conn: &mut Conn, organization: OrganizationId, name: &str, now: i64) -> Result<()> {
    let look = look(name);
    let is_like = !store::alike(conn, organization, &look).await?.is_empty();
    Ok(store::begin(conn, organization, Standing::first(is_like), &look, now).await?)
}

/// What one that waits comes to when its owners give it this name, or ask again with it.
async fn asked(
    conn: &mut Conn,
    organization: OrganizationId,
    standing: Standing,
    name: &str,
    now: i64,
) -> Result<()> {
    let look = look(name);
    let is_like = !store::alike(conn, organization, &look).await?.is_empty();
    store::begin(conn, organization, standing.asked(is_like), &look, now).await?;
    Ok(())
}

/// Takes an owner's new name: at once while nobody has confirmed the old one;
/// otherwise it waits for the operator, and the old one stays. Gives the name
/// that the profile shows. A name that stays is not looked at again.
async fn rename(
    conn: &mut Conn,
    organization: OrganizationId,
    old: &str,
    new: &str,
    now: i64,
) -> Result<String> {
    if old == new {
        store::want_name(conn, organization, "", now).await?;
        return Ok(new.to_owned());
    }
    let proved = domain::proved(conn, organization).await?;
    check_with(NameKind::Organization, new, &proved).map_err(|e| Error::invalid("name", e))?;
    let standing = standing(conn, organization).await?;
    if standing.is_waiting() {
        asked(conn, organization, standing, new, now).await?;
        return Ok(new.to_owned());
    }
    store::want_name(conn, organization, new, now).await?;
    Ok(old.to_owned())
}

/// A page of organisations for the operator, behind a name in addresses.
pub async fn list(
    app: &App,
    actor: &Actor,
    waiting: Waiting,
    after: &str,
    limit: i64,
) -> Result<Vec<Applicant>> {
    require_operator(actor)?;
    let mut conn = app.db.read().await?;
    Ok(store::list(&mut conn, waiting, after, limit).await?)
}

/// What is known of an organisation when the operator decides on it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The organisation.
    pub known: Applicant,
    /// Its owners.
    pub owners: Vec<Contact>,
    /// Its domains.
    pub domains: Vec<Domain>,
    /// Name and slug of others whose name looks the same.
    pub alike: Vec<(String, String)>,
    /// Badges that it has issued.
    pub issued: i64,
    /// What was decided before, newest first.
    pub past: Vec<Past>,
}

/// A decision of the operator.
#[derive(Debug, Clone)]
pub struct Past {
    /// Milliseconds UTC.
    pub at: i64,
    /// `organization.suspended` and so on.
    pub kind: String,
    /// May be empty.
    pub reason: String,
}

/// Kinds of events that decisions leave.
const DECISIONS: &[&str] =
    &["organization.confirmed", "organization.declined", "organization.suspended", "organization.lifted"];

/// What the operator has decided on an organisation, newest first: a later decision does not take the reason of an
/// earlier one away.
async fn past(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Past>> {
    let lines = event::of_kinds(conn, organization, DECISIONS, 50).await?;
    let past = |line: event::Line| {
        let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
        Past { at: line.at, reason: body["reason"].as_str().unwrap_or("").to_owned(), kind: line.kind }
    };
    Ok(lines.into_iter().map(past).collect())
}

/// An organisation as the operator decides on it.
pub async fn case(app: &App, actor: &Actor, slug: &str) -> Result<Case> {
    require_operator(actor)?;
    let mut conn = app.db.read().await?;
    let known = store::find(&mut conn, slug).await?.ok_or(Error::NotFound)?;
    Ok(Case {
        owners: store::owners(&mut conn, known.id).await?,
        domains: store::domains(&mut conn, known.id).await?,
        alike: store::alike(&mut conn, known.id, &look(known.asked_name())).await?,
        issued: store::issued(&mut conn, known.id).await?,
        past: past(&mut conn, known.id).await?,
        known,
    })
}

/// What the operator has decided on an organisation, for its owners.
pub async fn decisions(app: &App, actor: &Actor, slug: &str) -> Result<Vec<Past>> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::ManageOrganization)?;
    let mut conn = app.db.read().await?;
    past(&mut conn, organization).await
}

/// An organisation and its domains, for its owners.
pub async fn own(app: &App, actor: &Actor, slug: &str) -> Result<(Applicant, Vec<Domain>)> {
    let member = actor.member(slug)?;
    actor.with(member.organization, Intent::ManageOrganization)?;
    let mut conn = app.db.read().await?;
    let known = store::find(&mut conn, slug).await?.ok_or(Error::NotFound)?;
    let domains = store::domains(&mut conn, known.id).await?;
    Ok((known, domains))
}

fn require_operator(actor: &Actor) -> Result<()> {
    if actor.operator { Ok(()) } else { Err(Error::NotFound) }
}

/// The operator's decision, with a letter to each owner. `seen` is the name that
/// the operator has read: a name that was changed meanwhile is not decided on.
pub async fn decide(
    app: &App,
    actor: &Actor,
    slug: &str,
    decision: Decision,
    reason: &str,
    seen: &str,
) -> Result<Standing> {
    require_operator(actor)?;
    let mut tx = app.db.begin().await?;
    store::hold_named(&mut tx, slug).await?;
    let known = store::find(&mut tx, slug).await?.ok_or(Error::NotFound)?;
    if known.asked_name() != seen {
        return Err(Error::Conflict("organization-renamed".into()));
    }
    let next = known.place().decide(decision, reason)?;
    let name = match decision {
        Decision::Confirm => known.asked_name().to_owned(),
        Decision::Decline | Decision::Suspend | Decision::Lift => known.name.clone(),
    };
    let now = app.clock.now().as_millisecond();
    let reason: String = reason.trim().to_owned();
    store::put(&mut tx, &known, &next, &name, &look(&name), &reason, &actor.log_name(), now).await?;
    store::renew(&mut tx, &id::secret()).await?;
    let kind = match decision {
        Decision::Confirm => "organization.confirmed",
        Decision::Decline => "organization.declined",
        Decision::Suspend => "organization.suspended",
        Decision::Lift => "organization.lifted",
    };
    let body = json!({ "reason": reason, "standing": next.standing.name() });
    note(&mut tx, app, Some(known.id), &actor.log_name(), kind, known.id.to_string(), body).await?;
    let letter = match decision {
        Decision::Confirm => "organization-confirmed",
        Decision::Decline => "organization-declined",
        Decision::Suspend => "organization-suspended",
        Decision::Lift => "organization-lifted",
    };
    let values = [("organization", name.as_str()), ("reason", reason.as_str())];
    tell_owners(&mut tx, app, known.id, letter, &format!("{letter}-{}", id::fresh()), &values, slug).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(next.standing)
}

/// An owner of a declined organisation asks again.
pub async fn ask_again(app: &App, actor: &Actor, organization: OrganizationId) -> Result<()> {
    actor.with(organization, Intent::ManageOrganization)?;
    let mut tx = app.db.begin().await?;
    if standing(&mut tx, organization).await? != Standing::Declined {
        return Err(Error::refused("organization-asked-already"));
    }
    let name = store::name(&mut tx, organization).await?;
    asked(&mut tx, organization, Standing::Declined, &name, app.clock.now().as_millisecond()).await?;
    let (actor, subject) = (actor.log_name(), organization.to_string());
    note(&mut tx, app, Some(organization), &actor, "organization.asked_again", subject, json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// One line in an organisation's log, or in the instance's.
pub(crate) async fn note(
    conn: &mut Conn,
    app: &App,
    organization: Option<OrganizationId>,
    actor: &str,
    kind: &'static str,
    subject: String,
    body: Value,
) -> Result<()> {
    let event = Event { organization, actor: actor.to_owned(), kind, subject, body };
    event::record(conn, app, event).await?;
    Ok(())
}

/// A letter to each owner; `id` is the same for the same news.
async fn tell_owners(
    conn: &mut Conn,
    app: &App,
    organization: OrganizationId,
    kind: &'static str,
    id: &str,
    values: &[(&str, &str)],
    slug: &str,
) -> Result<()> {
    for owner in store::owners(conn, organization).await? {
        let values: Vec<(&str, &str)> =
            values.iter().copied().chain([("name", owner.name.as_str())]).collect();
        let letter = Letter {
            id: format!("{id}-{}", owner.person),
            kind,
            address: &owner.address,
            language: owner.language,
            person: Some(owner.person.clone()),
            values: &values,
            link: Some(format!("{}/organizations/{slug}/confirmation", app.config.base_url)),
        };
        mail::write(conn, app, letter).await?;
    }
    Ok(())
}
