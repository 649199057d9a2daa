//! Organisations: founded, described, joined; their keys and their audit log.

pub mod compromise;
mod invitation;
pub mod privacy;
mod store;

pub use crate::confirmation::Profile;
pub use compromise::{TouchedBadges, end_key, keys, touched};
pub use invitation::{Sent, accept, invitation, invite, withdraw_invitation};
pub use store::{Conflict, Counts, Invitation, InvitationOffer, Member};

use crate::app::App;
use crate::confirmation;
use crate::credential::key;
use crate::error::{Error, Result};
use crate::person::{self, Actor, Contact};
use cairn_domain::display_name::{self, NameKind};
use cairn_domain::permission::{Intent, Role};
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_value::email::Email;
use cairn_value::id::{OrganizationId, PersonId};
use cairn_value::slug::is_slug;
use serde_json::json;
use std::collections::HashMap;

/// Kinds of organisations.
pub const KINDS: &[&str] = &["university", "association", "institute", "company", "school", "employer"];

/// What is needed to found an organisation.
#[derive(Debug, Clone)]
pub struct Founding {
    /// Name.
    pub name: String,
    /// Name in addresses; part of its DID, so it never changes.
    pub slug: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// ISO 3166-1.
    pub country: String,
    /// Web site; may be empty.
    pub url: String,
    /// Contact; may be empty.
    pub email: String,
    /// BCP 47.
    pub language: String,
    /// Markdown; may be empty.
    pub description: String,
    /// Texts in other languages, JSON.
    pub translations: serde_json::Value,
    /// Issues credentials.
    pub issues: bool,
}

/// Founds an organisation, with its first signing key when it issues.
pub(crate) async fn found(
    conn: &mut Conn,
    app: &App,
    new: Founding,
    owner: Option<PersonId>,
    actor: &str,
) -> Result<OrganizationId> {
    if !is_slug(&new.slug) || new.slug == "new" {
        return Err(Error::invalid("slug", "organization-slug"));
    }
    let (organization, now) = (OrganizationId(id::fresh()), app.clock.now());
    let translations = new.translations.to_string();
    let profile = Profile {
        name: new.name,
        slug: new.slug,
        kind: new.kind,
        country: new.country,
        url: new.url,
        email: new.email,
        language: new.language,
        description: new.description,
        issues: new.issues,
    };
    display_name::check(NameKind::Organization, &profile.name).map_err(|e| Error::invalid("name", e))?;
    check(&profile)?;
    let at = now.as_millisecond();
    confirmation::found(conn, organization, &profile, &translations, at).await?;
    record(conn, app, organization, actor, "organization.founded", organization.to_string()).await?;
    if profile.issues {
        key::rotate(conn, app, organization, actor).await?;
    }
    if let Some(owner) = owner {
        add_member(conn, app, organization, owner, Role::Owner, actor).await?;
    }
    Ok(organization)
}

/// Refuses what is wrong about all but the name.
fn check(p: &Profile) -> Result<()> {
    if !KINDS.contains(&p.kind.as_str()) {
        return Err(Error::invalid("kind", "organization-kind"));
    }
    if p.country.len() != 2 || !p.country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Error::invalid("country", "organization-country"));
    }
    let is_web =
        |u: &str| url::Url::parse(u).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    if !p.url.is_empty() && !is_web(&p.url) {
        return Err(Error::invalid("url", "url-form"));
    }
    if !p.email.is_empty() {
        Email::parse(&p.email).map_err(|e| Error::invalid("email", e))?;
    }
    Ok(())
}

pub(crate) async fn record(
    conn: &mut Conn,
    app: &App,
    organization: OrganizationId,
    actor: &str,
    kind: &'static str,
    subject: String,
) -> Result<()> {
    let event =
        Event { organization: Some(organization), actor: actor.to_owned(), kind, subject, body: json!({}) };
    event::record(conn, app, event).await?;
    Ok(())
}

/// Gives a person a role.
pub(crate) async fn add_member(
    conn: &mut Conn,
    app: &App,
    organization: OrganizationId,
    person: PersonId,
    role: Role,
    actor: &str,
) -> Result<()> {
    store::add_member(conn, organization, person, role, app.clock.now().as_millisecond()).await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.to_owned(),
        kind: "member.added",
        subject: person.to_string(),
        body: json!({ "role": role.name() }),
    };
    event::record(conn, app, event).await?;
    Ok(())
}

/// Takes a role away; never the last owner's.
pub async fn remove_member(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    person: PersonId,
    role: Role,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    confirmation::hold(&mut tx, organization).await?;
    if role == Role::Owner && store::owners(&mut tx, organization).await? <= 1 {
        return Err(Error::refused("organization-last-owner"));
    }
    if !store::remove_member(&mut tx, organization, person, role).await? {
        return Err(Error::NotFound);
    }
    let withdrawn =
        store::invitation::withdraw_of(&mut tx, organization, person, app.clock.now().as_millisecond())
            .await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "member.removed",
        subject: person.to_string(),
        body: json!({ "role": role.name(), "invitations_withdrawn": withdrawn }),
    };
    event::record(&mut tx, app, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Declares that a reviewer must not judge whoever has an address. Who that is,
/// if anybody, is looked up and kept, and never told: the answer is the same.
pub async fn declare_conflict(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    reviewer: PersonId,
    email: &Email,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !store::members(&mut tx, organization).await?.iter().any(|m| m.person == reviewer.to_string()) {
        return Err(Error::NotFound);
    }
    let learner = person::with_address(&mut tx, email).await?;
    let new = store::NewConflict { reviewer, email, learner, by: actor.person };
    store::declare(&mut tx, organization, &new, app.clock.now().as_millisecond()).await?;
    let kind = "conflict.declared";
    record(&mut tx, app, organization, &actor.log_name(), kind, reviewer.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Those who review in an organisation, but for the learner herself and whoever is in conflict with her.
pub async fn reviewers_to_tell(
    conn: &mut Conn,
    organization: OrganizationId,
    learner: PersonId,
) -> Result<Vec<Contact>> {
    Ok(store::reviewers_to_tell(conn, organization, learner).await?)
}

/// The profile of an organisation, for its members.
pub async fn profile(app: &App, actor: &Actor, slug: &str) -> Result<Profile> {
    let member = actor.member(slug)?;
    let mut conn = app.db.read().await?;
    confirmation::profile(&mut conn, member.organization).await
}

/// How much there is of it, for its members.
pub async fn counts(app: &App, actor: &Actor, slug: &str) -> Result<Counts> {
    let member = actor.member(slug)?;
    let mut conn = app.db.read().await?;
    Ok(store::counts(&mut conn, member.organization).await?)
}

/// The organisation with this name in addresses.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<OrganizationId> {
    store::by_slug(conn, slug).await?.ok_or(Error::NotFound)
}

/// The issuing organisation with this name in addresses.
pub async fn issuing(conn: &mut Conn, slug: &str) -> Result<OrganizationId> {
    store::issuing(conn, slug).await?.ok_or(Error::NotFound)
}

/// Names in addresses by id, of all organisations.
pub async fn slugs(conn: &mut Conn) -> Result<HashMap<String, String>> {
    Ok(store::slugs(conn).await?.into_iter().collect())
}

/// What has become of a profile's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renaming {
    /// The name that was given is in force.
    InForce,
    /// It waits for the operator, and the old one stays.
    Waits(String),
}

/// Changes the profile; another name of a confirmed one waits for the operator. Slug and what it does stay.
pub async fn change_profile(app: &App, actor: &Actor, slug: &str, new: Profile) -> Result<Renaming> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::ManageOrganization)?;
    check(&new)?;
    let mut tx = app.db.begin().await?;
    let wanted = new.name.clone();
    let name = confirmation::describe(&mut tx, organization, new, app.clock.now().as_millisecond()).await?;
    let renaming = if name == wanted { Renaming::InForce } else { Renaming::Waits(wanted) };
    let kind = "organization.changed";
    record(&mut tx, app, organization, &actor.log_name(), kind, organization.to_string()).await?;
    tx.commit().await?;
    Ok(renaming)
}

/// Founds one; its founder owns it.
pub async fn found_by(app: &App, actor: &Actor, founding: Founding) -> Result<()> {
    let mut tx = app.db.begin().await?;
    found(&mut tx, app, founding, Some(actor.person), &actor.log_name()).await?;
    tx.commit().await?;
    Ok(())
}

/// Who is a member and who is invited, and which conflicts are declared.
pub struct People {
    /// A row for each role.
    pub members: Vec<Member>,
    /// Those that wait.
    pub invitations: Vec<Invitation>,
    /// All of them.
    pub conflicts: Vec<Conflict>,
}

/// The people of an organisation, for those who look after its members.
pub async fn people(app: &App, actor: &Actor, slug: &str) -> Result<People> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::ManageMembers)?;
    let mut conn = app.db.read().await?;
    let now = app.clock.now().as_millisecond();
    Ok(People {
        members: store::members(&mut conn, organization).await?,
        invitations: store::invitation::waiting(&mut conn, organization, now).await?,
        conflicts: store::conflicts(&mut conn, organization).await?,
    })
}

/// Takes the declaration of a conflict back; not found when there is none.
pub async fn withdraw_conflict(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    reviewer: PersonId,
    learner: &str,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !store::withdraw(&mut tx, organization, reviewer, learner).await? {
        return Err(Error::NotFound);
    }
    let kind = "conflict.withdrawn";
    record(&mut tx, app, organization, &actor.log_name(), kind, reviewer.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a new signing key; the old one keeps vouching for what it signed.
pub async fn rotate_key(app: &App, actor: &Actor, organization: OrganizationId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    key::rotate(&mut tx, app, organization, &actor.log_name()).await?;
    tx.commit().await?;
    Ok(())
}

/// Organisations of which this person is the only owner; their rows are taken for this transaction.
pub(crate) async fn owned_alone(conn: &mut Conn, person: PersonId) -> Result<Vec<String>> {
    // two owners cannot leave at the same moment
    let owned = store::owned(conn, person).await?;
    confirmation::hold_all(conn, &owned).await?;
    Ok(store::owned_alone(conn, person).await?)
}

/// Conflicts that were declared with an address hold for its owner, also when she gives the address up.
pub(crate) async fn pin_conflicts(conn: &mut Conn, person: PersonId, key: &str) -> Result<()> {
    Ok(store::pin_conflicts(conn, person, key).await?)
}

/// True when a conflict of interest between these two is declared.
pub async fn has_conflict(
    conn: &mut Conn,
    organization: OrganizationId,
    reviewer: PersonId,
    learner: PersonId,
) -> Result<bool> {
    Ok(store::has_conflict(conn, organization, reviewer, learner).await?)
}

/// Learners with whom a reviewer has a declared conflict: organisation and account.
pub async fn conflicts_of(conn: &mut Conn, reviewer: PersonId) -> Result<Vec<(String, String)>> {
    Ok(store::conflicts_of(conn, reviewer).await?)
}
