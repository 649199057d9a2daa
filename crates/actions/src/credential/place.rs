//! One badge in force for each person and version: whoever has one is answered
//! with it when she is awarded another.
//!
//! "In force" is active or suspended, and not run out. A person is her account,
//! or her address while there is none. Renewal takes the place of a badge that
//! has run out, correction that of the one it corrects. A revocation stands for
//! person and version, whatever the way in which the badge had been awarded (a
//! call, a list): whoever's latest badge was revoked is awarded nothing, and the
//! answer is that badge, unless [`Again`] says otherwise. When an address joins an account and both have a badge of the
//! same version, both stay valid (nobody loses a badge by proving an address);
//! the account's keeps the place, and the audit log names the other.

use crate::app::App;
use crate::credential::{NewAward, Origin, store};
use crate::error::Result;
use crate::person;
use crate::published::PublishedVersion;
use cairn_domain::award::State;
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_value::email::Email;
use cairn_value::id::{CredentialId, PersonId};
use serde_json::json;
use std::collections::HashMap;

/// Whom a badge is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Holder {
    Account(PersonId),
    Address(String),
}

impl Holder {
    fn of(award: &NewAward) -> Self {
        award.person.map_or_else(|| Self::Address(Email::key_of(&award.address)), Self::Account)
    }
}

/// Finds the accounts of those who are named by a verified address only.
pub async fn find_people(conn: &mut Conn, awards: &mut [NewAward]) -> Result<()> {
    let nameless = |a: &&mut NewAward| a.person.is_none();
    let keys: Vec<String> =
        awards.iter().filter(|a| a.person.is_none()).map(|a| Email::key_of(&a.address)).collect();
    let accounts = person::with_keys(conn, &keys).await?;
    for award in awards.iter_mut().filter(nameless) {
        award.person = accounts.get(&Email::key_of(&award.address)).copied();
    }
    Ok(())
}

/// Whether somebody whose badge was revoked may get another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// No: the revocation stands.
    No,
    /// Yes, on purpose.
    Yes,
    /// Yes, once: it was earned anew, or is awarded again on the revoked badge's page. What this very reason has
    /// led to must not have been revoked since.
    Anew,
}

/// The last badge of a reason.
#[derive(Debug, Clone, Copy)]
struct Last {
    credential: CredentialId,
    is_revoked: bool,
}

/// Which of some awards have led to a badge already.
pub struct Places {
    /// By reason, as it was asked for.
    reasons: HashMap<String, Last>,
    /// By holder.
    held: HashMap<Holder, CredentialId>,
    /// Badges of holders whose latest one was revoked.
    ended: HashMap<Holder, CredentialId>,
    /// Reason of the award of this call that a holder gets her badge from: as it was asked for, and as it is written.
    fresh: HashMap<Holder, (String, String)>,
}

impl Places {
    pub async fn find(
        conn: &mut Conn,
        app: &App,
        published: &PublishedVersion,
        awards: &[NewAward],
    ) -> Result<Self> {
        let (organization, now) = (published.organization, app.clock.now().as_millisecond());
        let reasons: Vec<String> = awards.iter().map(|a| a.reason.clone()).collect();
        let mut out = Self {
            reasons: HashMap::new(),
            held: HashMap::new(),
            ended: HashMap::new(),
            fresh: HashMap::new(),
        };
        for (reason, _, credential) in store::by_reasons(conn, organization, &reasons).await? {
            let (last, state) = store::last_of(conn, organization, credential).await?;
            let is_revoked = state == State::Revoked;
            out.reasons.insert(reason, Last { credential: last.parse()?, is_revoked });
        }
        let whose = whose(awards);
        for held in store::in_force(conn, organization, published.version, &whose, now).await? {
            // oldest first: the first badge is the answer
            out.held.entry(holder_of(held.person, held.address_key)?).or_insert(held.credential.parse()?);
        }
        for (badge, state) in store::all_of(conn, organization, published.version, &whose).await? {
            let holder = holder_of(badge.person, badge.address_key)?;
            // oldest first: the last word counts
            match state {
                State::Revoked => out.ended.insert(holder, badge.credential.parse()?),
                State::Active | State::Suspended | State::Superseded => out.ended.remove(&holder),
            };
        }
        Ok(out)
    }

    /// By account, or by the address while the badge is not an account's yet.
    fn of_holder(among: &HashMap<Holder, CredentialId>, award: &NewAward) -> Option<CredentialId> {
        let address = Holder::Address(Email::key_of(&award.address));
        among.get(&Holder::of(award)).or_else(|| among.get(&address)).copied()
    }

    fn before(&self, award: &NewAward) -> Option<CredentialId> {
        let held = Self::of_holder(&self.held, award);
        let last = self.reasons.get(&award.reason);
        last.filter(|last| !last.is_revoked).map(|last| last.credential).or(held)
    }

    /// The revoked badge that stands in the way of this award.
    pub fn revoked(&self, award: &NewAward) -> Option<CredentialId> {
        if self.before(award).is_some() {
            return None;
        }
        let last = self.reasons.get(&award.reason).filter(|last| last.is_revoked).map(|last| last.credential);
        match award.again {
            Again::No => last.or_else(|| Self::of_holder(&self.ended, award)),
            Again::Yes => None,
            Again::Anew => last,
        }
    }

    /// The reason under which an award is written: after a revoked badge one that leads on from it.
    fn written(&self, award: &NewAward) -> String {
        let last = self.reasons.get(&award.reason).map(|last| last.credential);
        let last = last.or_else(|| match award.again {
            Again::Yes => Self::of_holder(&self.ended, award),
            Again::No | Again::Anew => None,
        });
        last.map_or_else(|| award.reason.clone(), |last| store::awarded_after(&last.to_string()))
    }

    /// The award to write when this one leads to a badge of its own.
    pub fn take(&mut self, award: &NewAward) -> Option<NewAward> {
        let holder = Holder::of(award);
        if self.before(award).is_some() || self.revoked(award).is_some() || self.fresh.contains_key(&holder) {
            return None;
        }
        let reason = self.written(award);
        self.fresh.insert(holder, (award.reason.clone(), reason.clone()));
        Some(NewAward { reason, ..award.clone() })
    }

    /// The badge that an award has led to, and whether by this call.
    pub fn answer(
        &self,
        award: &NewAward,
        made: &HashMap<String, CredentialId>,
    ) -> Result<(CredentialId, Origin)> {
        if let Some(before) = self.before(award) {
            return Ok((before, Origin::Before));
        }
        if let Some(revoked) = self.revoked(award) {
            return Ok((revoked, Origin::Revoked));
        }
        let fresh = self.fresh.get(&Holder::of(award));
        let credential = fresh.and_then(|(_, written)| made.get(written)).copied();
        let credential = credential.ok_or_else(|| anyhow::anyhow!("an award was not written"))?;
        let is_this = fresh.is_some_and(|(asked, _)| *asked == award.reason);
        Ok((credential, if is_this { Origin::New } else { Origin::Before }))
    }
}

fn holder_of(person: Option<String>, address_key: String) -> Result<Holder> {
    Ok(match person {
        Some(person) => Holder::Account(person.parse()?),
        None => Holder::Address(address_key),
    })
}

fn whose(awards: &[NewAward]) -> store::Whose {
    store::Whose {
        people: awards.iter().filter_map(|a| a.person).map(|p| p.to_string()).collect(),
        addresses: awards.iter().map(|a| Email::key_of(&a.address)).collect(),
    }
}

/// Badges that have run out give their place to the ones that are awarded now.
pub(crate) async fn give_up(
    conn: &mut Conn,
    app: &App,
    published: &PublishedVersion,
    awards: &[NewAward],
) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    Ok(store::give_up(conn, published.organization, published.version, &whose(awards), now).await?)
}

/// What was awarded to an address becomes its owner's; in the caller's transaction.
pub(crate) async fn claim(conn: &mut Conn, app: &App, holder: PersonId, key: &str) -> Result<()> {
    // two addresses of one account, one after the other
    person::hold(conn, holder).await?;
    for second in store::claim(conn, holder, key).await? {
        let event = Event {
            organization: Some(second.organization.parse()?),
            actor: holder.to_string(),
            kind: "credential.second_held",
            subject: second.credential,
            body: json!({}),
        };
        event::record(conn, app, event).await?;
    }
    Ok(())
}
