//! Status lists: random positions, used once; the signed list as it stands now.

use crate::app::App;
use crate::credential::key;
use crate::credential::store;
use crate::error::{Error, Result};
use anyhow::Context as _;
use cairn_credential::proof::{ProofOptions, sign};
use cairn_credential::status_list::{StatusList, credential};
use cairn_domain::award::status_position;
use cairn_platform::db::Conn;
use cairn_platform::heavy::Work;
use cairn_platform::id;
use cairn_value::id::{OrganizationId, StatusListId};
use jiff::Timestamp;
use std::sync::Arc;

/// Positions of a list: the least that the standard allows, so that a holder
/// hides among 131,072.
pub const LENGTH: i64 = 131_072;
/// Milliseconds for which others may keep a list. Short: a revocation counts at once.
pub const TTL_MS: u64 = 60_000;

/// A position in a list.
#[derive(Debug, Clone)]
pub struct Place {
    /// The list.
    pub list: String,
    /// From 0.
    pub index: i64,
}

/// Takes `count` positions that nobody had before. A full list is followed by a new one.
pub(crate) async fn take(
    conn: &mut Conn,
    organization: OrganizationId,
    count: usize,
    now: Timestamp,
) -> Result<Vec<Place>> {
    let mut places = Vec::with_capacity(count);
    while places.len() < count {
        let purpose = Purpose::Suspension.name();
        let Some(store::OpenList { list, seed, used }) =
            store::open_list(conn, organization, purpose).await?
        else {
            let new =
                store::NewList { seed: &id::secret(), length: LENGTH, purpose, at: now.as_millisecond() };
            store::insert_list(conn, organization, StatusListId(id::fresh()), &new).await?;
            continue;
        };
        let part = (LENGTH - used).min((count - places.len()) as i64);
        // the optimistic lock: another writer may have taken the same ones
        if !store::take_places(conn, organization, &list, used, part).await? {
            continue;
        }
        for n in used..used + part {
            places.push(Place { list: list.clone(), index: i64::from(status_position(&seed, n as u32)) });
        }
    }
    Ok(places)
}

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Badges name it with the purpose `suspension`. A bit is set while a badge is suspended, and for good
    /// once it is revoked or replaced: `docs/decisions/0004`.
    Suspension,
    /// From before: badges name it with the purpose `revocation`, and it says both. It is served for as long as
    /// such a badge can be valid, no new badge gets a place on it, and its bits are never cleared: a badge
    /// that is reinstated is replaced by one on a newer list.
    Both,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Suspension => "suspension",
            Self::Both => "both",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        let known = [Self::Suspension, Self::Both];
        let found = known.into_iter().find(|purpose| purpose.name() == name);
        Ok(found.with_context(|| format!("a status list for {name}"))?)
    }

    /// `statusPurpose` of the list.
    fn said(self) -> &'static [&'static str] {
        match self {
            Self::Suspension => &["suspension"],
            Self::Both => &["revocation", "suspension"],
        }
    }
}

/// True if bits of this list say "revoked" to others, and so are never cleared.
pub async fn is_for_good(conn: &mut Conn, organization: &str, list: &str) -> Result<bool> {
    let purpose = store::purpose_of(conn, organization, list).await?;
    Ok(purpose.map(|purpose| Purpose::parse(&purpose)).transpose()? == Some(Purpose::Both))
}

/// Says that something on the list has changed, so that it is signed anew.
pub(crate) async fn touch(
    conn: &mut Conn,
    organization: OrganizationId,
    list: &str,
    now: Timestamp,
) -> Result<()> {
    Ok(store::touch_list(conn, organization, list, now.as_millisecond()).await?)
}

/// All lists of an organisation are signed anew.
pub(crate) async fn touch_all(conn: &mut Conn, organization: OrganizationId, now: Timestamp) -> Result<()> {
    Ok(store::touch_lists(conn, organization, now.as_millisecond()).await?)
}

/// `BASE/status/LIST`
pub fn address(app: &App, list: &str) -> String {
    format!("{}/status/{list}", app.config.base_url)
}

/// The signed list: made from the rows that are not in force, so that list, page
/// and verifier cannot disagree. Kept until something on it changes.
pub async fn signed(app: &App, conn: &mut Conn, list: StatusListId) -> Result<Arc<String>> {
    let store::List { organization, version, slug, purpose } =
        store::list_of(conn, list).await?.ok_or(Error::NotFound)?;
    let purpose = Purpose::parse(&purpose)?;
    let now = app.clock.now();
    // a day: the list's own dates move on even when nothing changes
    let oldest = now.as_millisecond() - 86_400_000;
    if let Some(document) = app.cache.list(&list.to_string(), version, oldest) {
        return Ok(document);
    }
    let stopped = store::stopped(conn, list).await?;
    let signer = key::signer(conn, app, organization, &slug).await?;
    let (url, did) = (address(app, &list.to_string()), key::did(app, &slug));
    // clocks differ, and whoever checks read hers before she asked for the list
    let in_force = Timestamp::from_millisecond(now.as_millisecond() - 5 * 60_000).unwrap_or(now);
    let signing = move || -> anyhow::Result<String> {
        let mut bits = StatusList::new(LENGTH as usize);
        for index in stopped {
            bits.set(usize::try_from(index)?, true)?;
        }
        let mut document = credential(&url, &did, purpose.said(), &bits.encode(), in_force, Some(TTL_MS));
        sign(&mut document, &signer.key, &ProofOptions::new(&signer.method, now))?;
        Ok(document.to_string())
    };
    let document = Arc::new(app.heavy.run(Work::Sign, signing).await?.context("signing a status list")?);
    app.cache.keep_list(&list.to_string(), version, now.as_millisecond(), document.clone());
    Ok(document)
}
