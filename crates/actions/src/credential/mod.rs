//! Signed badges: issued, shown, shared, suspended, revoked.

pub mod again;
pub mod batch;
pub mod correction;
pub mod document;
pub mod key;
pub mod place;
pub mod privacy;
pub mod reach;
pub mod status;
mod store;

pub use again::award_again;
pub use place::Again;
pub use store::{CredentialRow, Filter, SignedBy};

use crate::app::App;
use crate::confirmation;
use crate::error::{Error, Result};
use crate::person::{self, Actor};
use crate::published::PublishedVersion;
use batch::Batch;
use cairn_domain::award::{self, Change, valid_until};
use cairn_domain::permission::Intent;
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::heavy::Work;
use cairn_platform::id;
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;
use cairn_value::email::Email;
use cairn_value::id::{AwardId, CredentialId, EnrollmentId, OrganizationId, PersonId};
use document::{Facts, Issuer, Outcome, Recipient, ShownEvidence, Template, Version};
use jiff::Timestamp;
use serde_json::json;
use std::collections::HashMap;

/// One badge to award.
#[derive(Debug, Clone)]
pub struct NewAward {
    /// What for; the same reason in the same organisation awards once.
    pub reason: String,
    /// Account, when it is known; otherwise the one with this verified address gets it.
    pub person: Option<PersonId>,
    /// Name as it stands on the badge.
    pub name: String,
    /// Address whose hash stands in the badge.
    pub address: String,
    /// Enrolment it comes from.
    pub enrollment: Option<EnrollmentId>,
    /// When it was earned.
    pub at: Timestamp,
    /// Results.
    pub outcomes: Vec<Outcome>,
    /// Evidence that the learner agreed to show.
    pub evidence: Vec<ShownEvidence>,
    /// Whether a badge that was revoked stands in the way.
    pub again: Again,
}

/// Where the badge of an award comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was issued now.
    New,
    /// She had it already.
    Before,
    /// It was revoked; nothing was awarded.
    Revoked,
}

/// What an award has led to.
#[derive(Debug, Clone)]
pub struct Issuance {
    /// The reason that was asked for.
    pub reason: String,
    /// The credential.
    pub credential: CredentialId,
    /// Where it comes from.
    pub came: Origin,
    /// Holder, when she has an account.
    pub person: Option<PersonId>,
    /// Holder's name.
    pub name: String,
    /// Holder's address.
    pub address: String,
}

impl Issuance {
    /// False when it had been issued before.
    pub fn is_new(&self) -> bool {
        self.came == Origin::New
    }
}

/// Awards and issues, in the caller's transaction: award, signed credential,
/// status-list position and audit events are written together or not at all.
/// Whoever awards does it through here. A reason that was awarded before gives
/// the credential of that time, whose latest badge was revoked gets none (see [`Again`]), and a person who has a badge of this version in
/// force gets no second one: she is answered with hers (see [`place`]).
pub async fn issue(
    conn: &mut Conn,
    app: &App,
    published: &PublishedVersion,
    actor: &str,
    mut awards: Vec<NewAward>,
) -> Result<Vec<Issuance>> {
    let organization = published.organization;
    // one after the other in an organisation, so that nobody awards the same beside us
    confirmation::hold(conn, organization).await?;
    place::find_people(conn, &mut awards).await?;
    let mut taken = place::Places::find(conn, app, published, &awards).await?;
    let fresh: Vec<NewAward> = awards.iter().filter_map(|award| taken.take(award)).collect();
    place::give_up(conn, app, published, &fresh).await?;
    let made = write(conn, app, published, actor, fresh).await?;
    let mut out = Vec::with_capacity(awards.len());
    for award in awards {
        let (credential, came) = taken.answer(&award, &made)?;
        out.push(Issuance {
            reason: award.reason,
            credential,
            came,
            person: award.person,
            name: award.name,
            address: award.address,
        });
    }
    Ok(out)
}

/// Signs and writes what is new; credential ids by reason.
async fn write(
    conn: &mut Conn,
    app: &App,
    published: &PublishedVersion,
    actor: &str,
    awards: Vec<NewAward>,
) -> Result<HashMap<String, CredentialId>> {
    if awards.is_empty() {
        return Ok(HashMap::new());
    }
    let (organization, now) = (published.organization, app.clock.now());
    confirmation::require_may_issue(conn, app, organization).await?;
    let template = template(conn, app, published).await?;
    let signer = key::signer(conn, app, organization, &published.organization_slug).await?;
    let places = status::take(conn, organization, awards.len(), now).await?;
    let base = app.config.base_url.clone();
    let validity = published.definition.validity.clone();
    let (achievement, version) = (published.achievement.to_string(), published.version.to_string());
    let work = move || -> anyhow::Result<Vec<store::New>> {
        let mut batch = Batch::new(&template, &signer, now, awards.len());
        awards
            .into_iter()
            .zip(places)
            .map(|(award, place)| {
                let (credential, award_id) = (CredentialId(id::fresh()), AwardId(id::fresh()));
                let until = valid_until(award.at, &validity);
                let recipient = Recipient {
                    name: award.name.clone(),
                    address: award.address.clone(),
                    salt: id::hex(&id::random::<16>()),
                };
                let address = format!("{base}/c/{credential}");
                let evidence: Vec<ShownEvidence> =
                    award.evidence.into_iter().map(|e| with_address(e, &address)).collect();
                let document = batch.sign(&Facts {
                    recipient: &recipient,
                    from: award.at,
                    until,
                    status_list: format!("{base}/status/{}", place.list),
                    status_index: place.index,
                    outcomes: &award.outcomes,
                    evidence: &evidence,
                    address,
                })?;
                Ok(store::New {
                    award: award_id.to_string(),
                    id: credential.to_string(),
                    achievement: achievement.clone(),
                    version: version.clone(),
                    person: award.person.map(|p| p.to_string()),
                    address_key: Email::key_of(&award.address),
                    name: award.name,
                    enrollment: award.enrollment.map(|e| e.to_string()),
                    reason: award.reason,
                    from: award.at.as_millisecond(),
                    until: until.map(Timestamp::as_millisecond),
                    list: place.list,
                    index: place.index,
                    document,
                    place: 1,
                })
            })
            .collect()
    };
    let rows = app.heavy.run(Work::Sign, work).await??;
    store::insert(conn, organization, actor, now.as_millisecond(), &rows).await?;
    let events = rows.iter().map(|row| Event {
        organization: Some(organization),
        actor: actor.to_owned(),
        kind: "credential.issued",
        subject: row.id.clone(),
        body: json!({ "achievement": row.achievement, "version": row.version, "award": row.award }),
    });
    event::record_all(conn, app, Some(organization), events.collect()).await?;
    rows.into_iter().map(|row| Ok((row.reason, row.id.parse()?))).collect()
}

/// A file's address lies under its credential's.
fn with_address(mut shown: ShownEvidence, address: &str) -> ShownEvidence {
    if let Some(id) = shown.url.as_deref().and_then(|u| u.strip_prefix("evidence:")) {
        shown.url = Some(format!("{address}/evidence/{id}"));
    }
    shown
}

async fn template(conn: &mut Conn, app: &App, published: &PublishedVersion) -> Result<Template> {
    let issuer = issuer_of(conn, app, published.organization).await?;
    let version = Version {
        key: published.key.clone(),
        number: published.number,
        id: published.version.to_string(),
        definition: (*published.definition).clone(),
    };
    Ok(Template::new(&app.config.base_url, &issuer, version))
}

/// The organisation as documents name it.
pub async fn issuer_of(conn: &mut Conn, app: &App, organization: OrganizationId) -> Result<Issuer> {
    let (name, slug, url, email, description) =
        store::issuer(conn, organization).await?.ok_or(Error::NotFound)?;
    let description = cairn_platform::markdown::plain(&description);
    Ok(Issuer { did: key::did(app, &slug), name, url, email, description })
}

/// Writes the letters to the holders of new credentials, in the caller's transaction.
pub async fn tell(
    conn: &mut Conn,
    app: &App,
    published: &PublishedVersion,
    issued: &[Issuance],
) -> Result<()> {
    let is_unconfirmed = confirmation::is_unconfirmed(conn, published.organization).await?;
    for one in issued.iter().filter(|i| i.is_new()) {
        let holder = match one.person {
            Some(person) => person::contact(conn, person).await?,
            None => None,
        };
        let own = Language::parse(&published.definition.language).unwrap_or_default();
        let language = holder.map_or(own, |h| h.language);
        let kind = reach::letter(one.person, is_unconfirmed);
        let link = match one.person {
            Some(_) => format!("/c/{}", one.credential),
            None => "/sign-up".to_owned(),
        };
        let title = published.definition.in_language(language.code()).title;
        let values =
            [("name", one.name.as_str()), ("organization", &published.organization_name), ("title", title)];
        let letter = Letter {
            id: format!("award-{}", one.credential),
            kind,
            address: &one.address,
            person: one.person.map(|p| p.to_string()),
            language,
            values: &values,
            link: Some(format!("{}{link}", app.config.base_url)),
        };
        mail::write(conn, app, letter).await?;
    }
    Ok(())
}

/// A credential for whoever may see it: everybody when it is shared, its
/// holder, and members of the organisation who look after credentials.
pub async fn find_for(conn: &mut Conn, actor: Option<&Actor>, id: CredentialId) -> Result<CredentialRow> {
    let credential = store::find(conn, id).await?.ok_or(Error::NotFound)?;
    let is_holder = actor.is_some_and(|a| credential.person.as_deref() == Some(&a.person.to_string()));
    let organization: OrganizationId = credential.organization.parse()?;
    let is_member = actor.is_some_and(|a| a.with(organization, Intent::SeeCredentials).is_ok());
    // whatever the operator thinks of the issuer now: it is her badge, and its check says what to think
    let is_shared = credential.shared_at.is_some();
    if is_shared || is_holder || is_member { Ok(credential) } else { Err(Error::NotFound) }
}

/// A person's own credentials, newest first.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<CredentialRow>> {
    Ok(store::of_person(conn, person).await?)
}

/// A page of an organisation's credentials.
pub async fn of_organization(
    conn: &mut Conn,
    organization: OrganizationId,
    filter: &store::Filter,
    limit: i64,
) -> Result<Vec<CredentialRow>> {
    Ok(store::of_organization(conn, organization, filter, limit).await?)
}

/// Whether a badge is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody who has the address.
    Public,
    /// Its holder and the organisation.
    Private,
}

/// The holder makes her badge public or private.
pub async fn set_sharing(app: &App, actor: &Actor, id: CredentialId, sharing: Sharing) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let credential = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if credential.person.as_deref() != Some(&actor.person.to_string()) {
        return Err(Error::NotFound);
    }
    let now = app.clock.now();
    let (at, kind) = match sharing {
        Sharing::Public => (Some(now.as_millisecond()), "credential.shared"),
        Sharing::Private => (None, "credential.hidden"),
    };
    store::set_shared(&mut tx, &credential, at).await?;
    let event = Event {
        organization: Some(credential.organization.parse()?),
        actor: actor.log_name(),
        kind,
        subject: credential.id,
        body: json!({}),
    };
    event::record(&mut tx, app, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Suspends, reinstates or revokes; list, page and verifier agree at once,
/// because all of them look at this row.
pub async fn change_status(
    app: &App,
    actor: &Actor,
    id: CredentialId,
    change: Change,
    reason: &str,
) -> Result<award::State> {
    let mut tx = app.db.begin().await?;
    let credential = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let organization: OrganizationId = credential.organization.parse()?;
    actor.with(organization, Intent::ChangeStatus)?;
    let state = award::change(credential.state, change, reason)?;
    let now = app.clock.now();
    let reason: String = reason.trim().chars().take(1000).collect();
    if change == Change::Reinstate
        && status::is_for_good(&mut tx, &credential.organization, &credential.status_list).await?
    {
        return correction::reinstate(tx, app, actor, &credential, &reason).await;
    }
    if !store::set_state(&mut tx, &credential, state, &reason, now.as_millisecond()).await? {
        return Err(Error::Conflict("badge-changed".into()));
    }
    status::touch(&mut tx, organization, &credential.status_list, now).await?;
    let kind = match change {
        Change::Suspend => "credential.suspended",
        Change::Reinstate => "credential.reinstated",
        Change::Revoke => "credential.revoked",
    };
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind,
        subject: credential.id.clone(),
        body: json!({ "reason": reason }),
    };
    event::record(&mut tx, app, event).await?;
    tell_holder(&mut tx, app, &credential, change.name(), &reason, &credential.id).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(state)
}

/// Tells the holder what became of a badge; the letter leads to one of hers.
async fn tell_holder(
    conn: &mut Conn,
    app: &App,
    credential: &CredentialRow,
    kind: &'static str,
    reason: &str,
    leads_to: &str,
) -> Result<()> {
    let Some(person) = &credential.person else { return Ok(()) };
    let person: PersonId = person.parse()?;
    let Some(holder) = person::contact(conn, person).await? else { return Ok(()) };
    let title = serde_json::from_str::<serde_json::Value>(&credential.document)
        .ok()
        .and_then(|d| d["name"].as_str().map(String::from))
        .unwrap_or_default();
    let standing = confirmation::standing(conn, credential.organization.parse()?).await?;
    // a badge can be suspended more than once; each time is a letter of its own
    let (mut reason, mut time) = (reason.to_owned(), credential.version);
    // whom nobody has confirmed, or who was stopped, writes no words of her own to people, and once a day
    if let Some(notice) = confirmation::notice(standing) {
        let caution = holder.language.text(&format!("caution-{}", notice.caution), &[]);
        reason = holder.language.text("credential-reason-on-page", &[("caution", &caution)]);
        time = app.clock.now().as_millisecond() / 86_400_000;
    }
    let values = [
        ("name", credential.recipient_name.as_str()),
        ("organization", &credential.organization_name),
        ("title", &title),
        ("reason", &reason),
    ];
    let letter = Letter {
        id: format!("{kind}-{}-{time}", credential.id),
        kind,
        address: &holder.address,
        person: Some(holder.person.clone()),
        language: holder.language,
        values: &values,
        link: Some(format!("{}/c/{leads_to}", app.config.base_url)),
    };
    mail::write(conn, app, letter).await?;
    Ok(())
}

/// Addresses' ids of public badges with state and end, the newest first; for the demo.
pub async fn shared(conn: &mut Conn, limit: i64) -> Result<Vec<(CredentialId, award::State, Option<i64>)>> {
    store::shared(conn, limit).await
}

/// The badge that an enrolment of hers has led to.
pub async fn of_enrollment(
    conn: &mut Conn,
    holder: PersonId,
    enrollment: EnrollmentId,
) -> Result<Option<CredentialId>> {
    store::of_enrollment(conn, holder, enrollment).await
}

/// The enrolment that a badge, or the one that it corrects, comes from.
pub async fn earned_by(conn: &mut Conn, badge: &CredentialRow) -> Result<Option<EnrollmentId>> {
    store::earned_by(conn, badge).await
}

/// How many badges a key has signed from an instant on.
pub async fn count_signed(conn: &mut Conn, by: &SignedBy<'_>) -> Result<i64> {
    Ok(store::count_signed(conn, by).await?)
}

/// A page of them, the newest first, behind a credential's id.
pub async fn signed(
    conn: &mut Conn,
    by: &SignedBy<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<CredentialRow>> {
    Ok(store::signed(conn, by, after, limit).await?)
}

/// How many were issued.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Ok(store::count(conn).await?)
}

/// A stored credential for the verifier, which tells its status to everybody
/// who has the document anyway.
pub async fn find_stored(conn: &mut Conn, id: CredentialId) -> Result<Option<CredentialRow>> {
    Ok(store::find(conn, id).await?)
}
