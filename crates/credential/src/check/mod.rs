//! Verification: a badge and the facts in, a report out. Never a bare yes or no.
//!
//! Nothing is fetched here. [`check`] says which documents it wants; the caller fetches them (with limits
//! on size, time, redirects and private addresses), puts them into [`Facts`] and calls again, until
//! nothing more is wanted. Following Open Badges 3.0, section 9.1, and VC Data Integrity 1.0, section 4.
//!
//! ```
//! use cairn_credential::check::{Facts, Fetched, Verdict, check};
//!
//! let badge = br#"{"@context": "https://w3id.org/openbadges/v2", "type": "Assertion",
//!     "id": "https://a.example/assertions/1", "badge": "https://a.example/badges/1"}"#;
//! let mut facts = Facts::new("2026-01-15T09:00:00Z".parse()?);
//! let report = loop {
//!     let checked = check(badge, &facts);
//!     if checked.wanted.is_empty() {
//!         break checked.report;
//!     }
//!     for wanted in checked.wanted {
//!         // here a program fetches the document
//!         facts.documents.insert(wanted.url, Fetched::Refused("the server did not answer".into()));
//!     }
//! };
//! assert_eq!(report.verdict, Verdict::Unknown);
//! assert_eq!(report.checks[1].code, "document_unavailable");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
mod contexts;
mod dates;
mod digest;
mod embedded;
mod endorsements;
mod expected;
mod foreign;
mod input;
mod issuer;
mod json_schema;
mod kept_back;
mod keys;
mod merkle;
mod metadata;
mod open_badges_2;
mod presentation;
mod presented;
mod proofs;
mod related;
mod report;
mod revocation_list;
mod schema;
mod schema_clr;
mod schema_context;
mod schema_ob;
mod sd_jwt_vc;
mod second;
mod signatures;
mod status;
mod subject;
mod token_status;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::did::Scheme;
use contexts::Shelf;
pub use expected::check_expected;
use input::{Input, Read};
use kept_back::Hidden;
pub use presentation::{
    CheckedPresentation, Expected, PresentationReport, PresentationSummary, check_presentation,
    is_presentation,
};
use proofs::Controllers;
pub use report::{Check, Findings, Outcome, Report, Summary, Verdict};
use report::{verdict, weight};
use schema::Shown;

/// What a wanted document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A DID document or issuer profile with keys.
    Keys,
    /// A status list credential.
    StatusList,
    /// A JSON Schema the credential names.
    Schema,
    /// A document of an Open Badges 2.0 badge: assertion, badge class, issuer, key or revocation list.
    #[serde(rename = "open_badges_2")]
    OpenBadges2,
    /// A JSON-LD context that is not bundled.
    Context,
    /// A document whose digest the credential gives.
    RelatedResource,
}

/// A document the check needs and does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Wanted {
    /// Where it is; also the key to put it under in [`Facts::documents`].
    pub url: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// What came of fetching a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A document.
    Document {
        /// Its bytes.
        bytes: Vec<u8>,
        /// The address it came from in the end, if the one that was asked sent elsewhere.
        from: Option<String>,
    },
    /// It could not be had; a reason for people, without a full stop.
    Refused(String),
}

impl Fetched {
    /// A document that came from the very address that was asked for.
    pub fn here(bytes: Vec<u8>) -> Self {
        Self::Document { bytes, from: None }
    }

    /// A document that came from this address in the end, after redirects.
    pub fn redirected(bytes: Vec<u8>, from: String) -> Self {
        Self::Document { bytes, from: Some(from) }
    }
}

/// Everything from outside.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The time it is.
    pub now: Timestamp,
    /// Documents by URL.
    pub documents: BTreeMap<String, Fetched>,
    /// Issuer ids (DIDs or URLs) the reader trusts for reasons of their own.
    pub trusted_issuers: BTreeSet<String>,
    /// Over which scheme `did:web` documents are wanted.
    pub scheme: Scheme,
    /// What becomes of status lists with fewer entries than the specification asks for.
    pub short_lists: ShortLists,
}

/// What becomes of status lists that are too short to hide anybody (Bitstring Status List 1.0, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortLists {
    /// They are read, with a warning: their holder is not to blame.
    Read,
    /// They are refused, as the specification's algorithm does.
    Refused,
}

impl Facts {
    /// Facts that are only the time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            documents: BTreeMap::new(),
            trusted_issuers: BTreeSet::new(),
            scheme: Scheme::Https,
            short_lists: ShortLists::Read,
        }
    }
}

/// What [`check`] gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The report as far as the facts go.
    pub report: Report,
    /// Documents to fetch before calling again; empty when the report is final.
    pub wanted: Vec<Wanted>,
}

/// Verifies a badge: JSON, a compact JWS, an SD-JWT, a COSE_Sign1 (its bytes, or base64), an enveloped
/// credential, or a PNG or SVG picture with one of these inside. Of an SD-JWT, what it discloses is checked.
pub fn check(input: &[u8], facts: &Facts) -> Checked {
    let mut desk = Desk::new(facts);
    let (mut checks, summary) = whole(&mut desk, input::read(input));
    checks.extend(second::check(&mut desk, input));
    Checked { report: Report::new(checks, summary), wanted: desk.wanted() }
}

/// All checks of what was read.
fn whole(desk: &mut Desk<'_>, (format, read): (Check, Option<Read>)) -> (Vec<Check>, Option<Summary>) {
    let (more, summary) = match &read {
        None => (Vec::new(), None),
        Some(Read::Credential(input)) => {
            if let Some(refusal) = input.refusal() {
                return (vec![refusal], None);
            }
            let (checks, summary) = examine(desk, input, None);
            (checks, Some(summary))
        }
        Some(Read::Legacy(legacy)) => open_badges_2::check(desk, legacy),
        // what it is, is said with what can be said of it
        Some(Read::Foreign(foreign)) => return foreign::check(desk, foreign),
        Some(Read::Claims(disclosing)) => {
            let (checks, summary) = sd_jwt_vc::check(desk, disclosing);
            (checks, Some(summary))
        }
    };
    ([vec![format], more].concat(), summary)
}

/// Who proved to be presenting a credential. What they issued themselves needs no proof besides the
/// presentation's (VC Data Model 2.0, 4.13.2).
#[derive(Debug, Clone, Copy)]
struct Presenter<'a> {
    holder: &'a str,
    controllers: &'a Controllers,
}

/// All checks of a credential but `format`.
fn examine(desk: &mut Desk<'_>, input: &Input, presenter: Option<Presenter<'_>>) -> (Vec<Check>, Summary) {
    let credential = input.credential();
    let shown = shown(input);
    let mut checks = vec![schema::check(credential, shown)];
    checks.extend(json_schema::check(desk, credential));
    let (mut proof, mut controllers) = proofs::check(desk, input, "proof");
    if let (Some(presenter), Input::Json(document)) = (presenter, input)
        && several(document.get("proof")).is_empty()
        && issuer_id(credential) == Some(presenter.holder)
    {
        let message = "The holder says this of their own accord: it is signed as part of the presentation.";
        proof = Check::new("proof", Outcome::Warning, "self_asserted", message);
        controllers = presenter.controllers.clone();
    }
    let proven = proof.outcome;
    checks.push(proof);
    checks.extend(controllers.others.take());
    checks.extend(controllers.revoked_since());
    checks.push(issuer::check(desk, credential, proven, &controllers));
    let hidden = Hidden::of(input, shown);
    let mut status = status::check(desk, credential);
    // an SD-JWT VC may have its status in its own way, or in both
    if let Input::SdJwt(_) = input
        && let Some(token) = token_status::check(desk, credential)
        && (status.code == "no_status" || weight(token.outcome) > weight(status.outcome))
    {
        status = token;
    }
    let has_status = !several(credential.get("credentialStatus")).is_empty();
    checks.push(hidden.status(status, has_status));
    checks.push(hidden.dates(dates::check(credential, desk.facts.now), ends(credential)));
    let subject = subject::check(credential, shown);
    checks.push(match input {
        Input::SdJwt(disclosing) => {
            hidden.holder(subject, disclosing, presenter.map(|presenter| presenter.controllers))
        }
        Input::Json(_) | Input::Jws(_) | Input::Cose(_) => subject,
    });
    checks.extend(related::check(desk, credential));
    checks.extend(embedded::check_record(desk, credential));
    checks.extend(endorsements::check(desk, credential));
    let mut summary = summary(credential);
    if by_graph(input) {
        summary.types.retain(|kind| crate::rdf::is_read_type(kind));
    }
    (checks, summary)
}

/// True if a signature covers the graph: then names that a context of the holder's choice defines are not the
/// issuer's words, while those that are read mean what they must.
fn by_graph(input: &Input) -> bool {
    let Input::Json(map) = input else { return false };
    let suites =
        several(map.get("proof")).iter().filter_map(|proof| crate::proof::Suite::of(proof.as_object()?));
    suites.into_iter().any(crate::proof::Suite::covers_graph)
}

/// Whether a credential is shown as a whole.
fn shown(input: &Input) -> Shown {
    let of_chosen_parts = |proof: &Value| {
        proof.as_object().and_then(crate::proof::Suite::of) == Some(crate::proof::Suite::EcdsaSd2023)
    };
    match input {
        Input::SdJwt(_) => Shown::Part,
        Input::Json(map) if several(map.get("proof")).iter().any(of_chosen_parts) => Shown::Part,
        Input::Json(_) | Input::Jws(_) | Input::Cose(_) => Shown::All,
    }
}

fn ends(credential: &Map<String, Value>) -> bool {
    ["validUntil", "expirationDate"].iter().any(|name| credential.contains_key(*name))
}

/// More credentials and endorsements than one document should hold, at all levels together.
const MOST_INSIDE: usize = 100;

/// More proofs than all documents of one check should have together: each may take its time.
const MOST_PROOFS: usize = 256;

/// The facts, and what is still missing.
struct Desk<'a> {
    facts: &'a Facts,
    wanted: BTreeSet<Wanted>,
    /// What is wanted once nothing else is.
    later: BTreeSet<Wanted>,
    /// Inside how many documents the one at hand is.
    level: usize,
    /// How many credentials inside are still looked at.
    left: usize,
    /// Contexts that came with the facts, as far as they were needed.
    shelf: Shelf,
    /// How many proofs are still checked.
    proofs: usize,
}

/// A document that was asked for.
enum Answer<'a> {
    Here(&'a [u8]),
    Refused(&'a str),
    NotYet,
}

/// A document that counts because of where it lies.
enum Word<'a> {
    Here(&'a [u8]),
    Refused(&'a str),
    NotYet,
    /// The host that was asked sent to another; a sentence that names both.
    Elsewhere(String),
}

/// The code of what another host than the one asked has answered.
const ELSEWHERE: &str = "document_from_elsewhere";

impl<'a> Desk<'a> {
    fn new(facts: &'a Facts) -> Self {
        Self {
            facts,
            wanted: BTreeSet::new(),
            later: BTreeSet::new(),
            level: 0,
            left: MOST_INSIDE,
            shelf: Shelf::default(),
            proofs: MOST_PROOFS,
        }
    }

    fn wanted(self) -> Vec<Wanted> {
        let wanted = if self.wanted.is_empty() { self.later } else { self.wanted };
        wanted.into_iter().collect()
    }

    fn document(&mut self, url: &str, purpose: Purpose) -> Answer<'a> {
        match self.facts.documents.get(url) {
            Some(Fetched::Document { bytes, .. }) => Answer::Here(bytes),
            Some(Fetched::Refused(reason)) => Answer::Refused(reason),
            None => {
                self.wanted.insert(Wanted { url: url.to_owned(), purpose });
                Answer::NotYet
            }
        }
    }

    /// A document that is not bound by a proof or digest of its own: that its host says it is all it has.
    fn word(&mut self, url: &str, purpose: Purpose) -> Word<'a> {
        match self.document(url, purpose) {
            Answer::Refused(reason) => Word::Refused(reason),
            Answer::NotYet => Word::NotYet,
            Answer::Here(bytes) => match self.moved(url) {
                None => Word::Here(bytes),
                Some(sentence) => Word::Elsewhere(sentence),
            },
        }
    }

    /// A sentence, if the document at this address came from another host.
    fn moved(&self, url: &str) -> Option<String> {
        let Some(Fetched::Document { from: Some(from), .. }) = self.facts.documents.get(url) else {
            return None;
        };
        let (asked, answered) = address::gone_elsewhere(url, from)?;
        Some(format!(
            "{asked} was asked for the document at {url}, but {answered} answered: that is not the first \
             one's word."
        ))
    }
}

/// What is wrong with the shape of a credential, as [`check`] sees it.
pub(crate) fn schema_problems(credential: &Map<String, Value>) -> Vec<String> {
    schema::problems(credential).into_list()
}

/// True for addresses that may be asked for.
fn fetchable(url: &str, scheme: Scheme) -> bool {
    if address::Address::parse(url).is_none() {
        return false;
    }
    let loopback = ["http://localhost", "http://127.0.0.1"];
    let trying = scheme == Scheme::HttpOnLoopback
        && loopback.iter().any(|start| {
            url.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
    url.starts_with("https://") || trying
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

/// A value that may be one or a list.
fn several(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

fn types(value: &Map<String, Value>) -> Vec<&str> {
    several(value.get("type")).iter().filter_map(Value::as_str).collect()
}

/// The id of an issuer, which may be text or an object.
fn issuer_id(credential: &Map<String, Value>) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer.as_str().or_else(|| text(issuer.get("id")))
}

/// A name, which may be text or a language value.
fn name(value: Option<&Value>) -> Option<String> {
    let first = several(value).first()?;
    first.as_str().or_else(|| text(first.get("@value"))).map(str::to_owned)
}

fn summary(credential: &Map<String, Value>) -> Summary {
    let own = |member: &str| text(credential.get(member)).map(str::to_owned);
    let subject = several(credential.get("credentialSubject")).first();
    let achievement = subject.and_then(|subject| several(subject.get("achievement")).first());
    Summary {
        id: own("id"),
        name: name(credential.get("name")),
        issuer_id: issuer_id(credential).map(str::to_owned),
        issuer_name: credential.get("issuer").and_then(|issuer| name(issuer.get("name"))),
        achievement: achievement.and_then(|achievement| name(achievement.get("name"))),
        valid_from: own("validFrom").or_else(|| own("issuanceDate")),
        valid_until: own("validUntil").or_else(|| own("expirationDate")),
        types: types(credential).into_iter().map(str::to_owned).collect(),
    }
}
