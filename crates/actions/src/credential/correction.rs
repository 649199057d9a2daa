//! Correcting a badge in force: a new one with the right name, day or evidence
//! takes its place, and the old one is superseded; both in one transaction. What
//! is not corrected is taken over as it was signed.

use crate::app::App;
use crate::confirmation;
use crate::credential::{CredentialRow, document, key, status, store};
use crate::error::{Error, FieldError, Result};
use crate::person::Actor;
use crate::published;
use cairn_credential::proof::{ProofOptions, sign};
use cairn_domain::award::{self, valid_until};
use cairn_domain::display_name::{self, NameKind};
use cairn_domain::permission::Intent;
use cairn_platform::db::{Conn, Tx};
use cairn_platform::event::{self, Event};
use cairn_platform::heavy::Work;
use cairn_platform::id;
use cairn_value::id::{AwardId, CredentialId, OrganizationId};
use cairn_value::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most pieces of evidence.
const MOST_EVIDENCE: usize = 20;

/// What is corrected.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The recipient's name; none leaves it as it is.
    pub name: Option<String>,
    /// The day on which it was earned; none leaves it as it is.
    pub awarded_on: Option<Date>,
    /// All evidence; none leaves it as it is.
    pub evidence: Option<Vec<Piece>>,
    /// Why.
    pub reason: String,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its title.
    pub title: String,
    /// Its address; may be empty.
    pub link: String,
    /// What is to be seen; may be empty.
    pub narrative: String,
}

/// The evidence that a badge has.
pub fn evidence_of(badge: &CredentialRow) -> Result<Vec<Piece>> {
    let document: Value = serde_json::from_str(&badge.document)?;
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let piece =
        |e: &Value| Piece { title: text(&e["name"]), link: text(&e["id"]), narrative: text(&e["narrative"]) };
    Ok(document["evidence"].as_array().into_iter().flatten().map(piece).collect())
}

/// A badge that this actor may correct, or award again; one whose holder's account was erased names nobody, and
/// nobody's name is put there again.
pub async fn find(conn: &mut Conn, actor: &Actor, id: CredentialId) -> Result<CredentialRow> {
    let badge = store::find(conn, id).await?.ok_or(Error::NotFound)?;
    actor.with(badge.organization.parse()?, Intent::Award)?;
    if badge.person.is_none() && badge.address_key.is_empty() {
        return Err(award::Refusal::Erased.into());
    }
    Ok(badge)
}

/// Corrects a badge; gives the new one's id.
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: CredentialId,
    correction: &Correction,
) -> Result<CredentialId> {
    let mut tx = app.db.begin().await?;
    let old = find(&mut tx, actor, id).await?;
    let (organization, now) = (old.organization.parse::<OrganizationId>()?, app.clock.now());
    // whoever awards waits, so that the place is free for nobody else
    confirmation::hold(&mut tx, organization).await?;
    let until = old.valid_until.map(Timestamp::from_millisecond).transpose().map_err(anyhow::Error::from)?;
    let state = award::correct(old.state, until, now, &correction.reason)?;
    let changes = check(app, correction, &old, now)?;
    if !changes.differ(&old)? {
        return Err(Error::refused("correction-nothing"));
    }
    let reason: String = correction.reason.trim().chars().take(1000).collect();
    let new = replace(&mut tx, app, actor, &old, state, changes, &reason).await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "credential.corrected",
        subject: old.id.clone(),
        body: json!({ "reason": reason, "by": new.id, "award": new.award }),
    };
    event::record(&mut tx, app, event).await?;
    super::tell_holder(&mut tx, app, &old, "correct", &reason, &new.id).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(new.id.parse()?)
}

/// Puts a new badge in the place of one, in the caller's transaction; the old one's bit stays set.
pub(crate) async fn replace(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    old: &CredentialRow,
    state: award::State,
    changes: Changes,
    reason: &str,
) -> Result<store::New> {
    let (organization, now) = (old.organization.parse::<OrganizationId>()?, app.clock.now());
    confirmation::require_may_issue(conn, app, organization).await?;
    let new = write(conn, app, actor, old, changes).await?;
    let place = store::place_of(conn, old).await?;
    if !store::supersede(conn, old, state, reason, now.as_millisecond()).await? {
        return Err(Error::Conflict("badge-changed".into()));
    }
    let new = store::New { place, ..new };
    store::insert(conn, organization, &actor.log_name(), now.as_millisecond(), std::slice::from_ref(&new))
        .await?;
    if old.shared_at.is_some() {
        let stored = store::find(conn, new.id.parse()?).await?.ok_or(Error::NotFound)?;
        store::set_shared(conn, &stored, Some(now.as_millisecond())).await?;
    }
    status::touch(conn, organization, &old.status_list, now).await?;
    Ok(new)
}

/// Puts a badge on an old list in force again: others have read its bit as "revoked", which is never taken back,
/// so that a new badge on a newer list takes its place.
pub async fn reinstate(
    mut tx: Tx,
    app: &App,
    actor: &Actor,
    old: &CredentialRow,
    reason: &str,
) -> Result<award::State> {
    if old.valid_until.is_some_and(|until| until < app.clock.now().as_millisecond()) {
        return Err(award::Refusal::RunOut.into());
    }
    let organization: OrganizationId = old.organization.parse()?;
    confirmation::hold(&mut tx, organization).await?;
    let state = award::State::Superseded;
    let new = replace(&mut tx, app, actor, old, state, Changes::default(), reason).await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "credential.reinstated",
        subject: old.id.clone(),
        body: json!({ "reason": reason, "by": new.id, "award": new.award }),
    };
    event::record(&mut tx, app, event).await?;
    super::tell_holder(&mut tx, app, old, "reinstate", reason, &new.id).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(state)
}

/// What a correction comes to, when everything about it is right.
#[derive(Default)]
pub struct Changes {
    name: Option<String>,
    from: Option<Timestamp>,
    evidence: Option<Vec<Piece>>,
}

impl Changes {
    /// False for a correction that says again what the badge says already.
    fn differ(&self, old: &CredentialRow) -> Result<bool> {
        let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        let old_day = day(Timestamp::from_millisecond(old.valid_from).map_err(anyhow::Error::from)?);
        let name = self.name.as_ref().is_some_and(|name| *name != old.recipient_name);
        let from = self.from.is_some_and(|from| day(from) != old_day);
        let evidence = match &self.evidence {
            Some(pieces) => *pieces != evidence_of(old)?,
            None => false,
        };
        Ok(name || from || evidence)
    }
}

fn check(app: &App, correction: &Correction, old: &CredentialRow, now: Timestamp) -> Result<Changes> {
    let mut wrong = vec![];
    let mut say = |field: &str, why: Refusal| wrong.push(FieldError::new(field, why));
    let name = correction.name.as_ref().map(|name| name.trim().to_owned());
    if let Some(name) = &name
        && (name.is_empty()
            || name.chars().count() > 200
            || display_name::check(NameKind::Recipient, name).is_err())
    {
        say("name", "recipient-name".into());
    }
    let from = correction.awarded_on.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|z| z.timestamp());
    // a later day would be a renewal
    let latest = old.issued_at.min(now.as_millisecond());
    if let Some(day) = correction.awarded_on
        && (day.year() < 1900 || from.is_none_or(|from| from.as_millisecond() > latest))
    {
        say("awarded_on", "correction-day".into());
    }
    if let Some(pieces) = &correction.evidence {
        let known = evidence_of(old)?;
        let base = &app.config.base_url;
        if pieces.len() > MOST_EVIDENCE {
            say("evidence", "correction-evidence-most".into());
        }
        for piece in pieces.iter().take(MOST_EVIDENCE) {
            if let Some(why) = fault(piece, &known, base) {
                say("evidence", why);
            }
        }
    }
    if wrong.is_empty() {
        Ok(Changes { name, from, evidence: correction.evidence.clone() })
    } else {
        Err(Error::Invalid(wrong))
    }
}

/// What is wrong with a piece of evidence, if something is.
fn fault(piece: &Piece, known: &[Piece], base: &str) -> Option<Refusal> {
    let is_web = |link: &str| {
        url::Url::parse(link).is_ok_and(|url| ["https", "http"].contains(&url.scheme()) && url.has_host())
    };
    if known.contains(piece) {
        None
    } else if display_name::check(NameKind::Title, &piece.title).is_err() || piece.title.chars().count() > 200
    {
        Some(Refusal::new("correction-evidence-title"))
    } else if piece.link.len() > 2000 || !piece.link.is_empty() && !is_web(&piece.link) {
        Some(Refusal::new("correction-evidence-link"))
    } else if is_file_here(&piece.link, base) && !known.iter().any(|k| k.link == piece.link) {
        Some(Refusal::new("correction-evidence-own"))
    } else if piece.narrative.chars().count() > 5000 {
        Some(Refusal::new("correction-evidence-narrative"))
    } else {
        None
    }
}

/// Whether an address is that of somebody's file on this instance: only its learner can say that it is shown.
fn is_file_here(link: &str, base: &str) -> bool {
    let (Ok(link), Ok(base)) = (url::Url::parse(link), url::Url::parse(base)) else { return false };
    link.origin() == base.origin()
        && link.path_segments().is_some_and(|mut all| all.any(|s| s.eq_ignore_ascii_case("evidence")))
}

/// The new badge, signed; its rows are not written yet.
async fn write(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    old: &CredentialRow,
    changes: Changes,
) -> Result<store::New> {
    let (organization, now) = (old.organization.parse::<OrganizationId>()?, app.clock.now());
    let published = published::find_version(conn, old.version_id.parse()?).await?;
    let issuer = super::issuer_of(conn, app, organization).await?;
    let signer = key::signer(conn, app, organization, &old.organization_slug).await?;
    let place = status::take(conn, organization, 1, now).await?.remove(0);
    let (fresh, award) = (CredentialId(id::fresh()), AwardId(id::fresh()));
    let (from, until) = match changes.from {
        Some(from) => {
            let until = valid_until(from, &published.definition.validity);
            (from.as_millisecond(), until.map(Timestamp::as_millisecond))
        }
        None => (old.valid_from, old.valid_until),
    };
    if until.is_some_and(|until| until < now.as_millisecond()) {
        return Err(Error::invalid("awarded_on", "correction-run-out"));
    }
    let name = changes.name.clone().unwrap_or_else(|| old.recipient_name.clone());
    let base = &app.config.base_url;
    let was = Arc::new(old.clone());
    let ids = Ids {
        old: format!("{base}/c/{}", old.id),
        new: format!("{base}/c/{fresh}"),
        list: status::address(app, &place.list),
        index: place.index,
    };
    let recipient = name.clone();
    let work = move || -> anyhow::Result<String> {
        let mut document: Value = serde_json::from_str(&was.document)?;
        rewrite(&mut document, &ids, &recipient, changes.evidence.as_deref());
        document["issuer"] = document::profile(&issuer);
        put_dates(&mut document, from, until)?;
        sign(&mut document, &signer.key, &ProofOptions::new(&signer.method, now))?;
        Ok(document.to_string())
    };
    let document = app.heavy.run(Work::Sign, work).await??;
    tracing::debug!(credential.id = %fresh, "Signed {fresh} in the place of {}, for {}", old.id, actor.person);
    Ok(store::New {
        award: award.to_string(),
        id: fresh.to_string(),
        achievement: old.achievement.clone(),
        version: old.version_id.clone(),
        person: old.person.clone(),
        address_key: old.address_key.clone(),
        name,
        enrollment: None,
        reason: store::corrected_by(&old.id),
        from,
        until,
        list: place.list,
        index: place.index,
        document,
        place: 0,
    })
}

/// Addresses of the old and the new badge, and the new one's place.
struct Ids {
    old: String,
    new: String,
    list: String,
    index: i64,
}

/// Makes the new document of the old one.
fn rewrite(document: &mut Value, ids: &Ids, name: &str, evidence: Option<&[Piece]>) {
    if let Some(map) = document.as_object_mut() {
        map.remove("proof");
    }
    document["id"] = json!(ids.new);
    if let Some(all) = document["credentialSubject"]["identifier"].as_array_mut() {
        all.retain(|one| one["identityType"] != "name");
        all.push(json!({ "type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": "name" }));
    }
    let files = files_of(document, &ids.old);
    if let Some(pieces) = evidence {
        document["evidence"] = pieces.iter().map(member).collect();
        if let (true, Some(map)) = (pieces.is_empty(), document.as_object_mut()) {
            map.remove("evidence");
        }
    }
    // a file's address lies under its credential's; only what stood there moves on
    for one in document["evidence"].as_array_mut().into_iter().flatten() {
        let Some(id) = one["id"].as_str().filter(|id| files.contains(*id)) else { continue };
        one["id"] = json!(format!("{}{}", ids.new, &id[ids.old.len()..]));
    }
    document["credentialStatus"] = json!({
        "id": format!("{}#{}", ids.list, ids.index),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "suspension",
        "statusListIndex": ids.index.to_string(),
        "statusListCredential": ids.list,
    });
}

/// Addresses of the files that lie under a credential.
fn files_of(document: &Value, credential: &str) -> BTreeSet<String> {
    let below = format!("{credential}/evidence/");
    let ids = document["evidence"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
    ids.filter(|id| id.starts_with(&below)).map(str::to_owned).collect()
}

fn member(piece: &Piece) -> Value {
    let mut out = json!({ "type": ["Evidence"], "name": piece.title });
    for (name, value) in [("id", &piece.link), ("narrative", &piece.narrative)] {
        if !value.is_empty() {
            out[name] = json!(value);
        }
    }
    out
}

fn put_dates(document: &mut Value, from: i64, until: Option<i64>) -> anyhow::Result<()> {
    document["validFrom"] = json!(document::stamp(Timestamp::from_millisecond(from)?));
    match until {
        Some(until) => document["validUntil"] = json!(document::stamp(Timestamp::from_millisecond(until)?)),
        None => {
            document.as_object_mut().and_then(|map| map.remove("validUntil"));
        }
    }
    Ok(())
}

/// The badge that took the place of this one, if it was corrected.
pub async fn successor(conn: &mut Conn, badge: &CredentialRow) -> Result<Option<CredentialId>> {
    let found =
        store::by_reasons(conn, badge.organization.parse()?, &[store::corrected_by(&badge.id)]).await?;
    found.into_iter().next().map(|(_, _, id)| Ok(id.parse()?)).transpose()
}
