//! The desk that one check works at: the facts, what is still missing, and how much may still be looked at.

use std::collections::BTreeSet;

use super::address;
use super::contexts::Shelf;
use super::facts::{Facts, FetchOutcome, Purpose, WantedDocument};
use crate::did::Scheme;

/// More credentials and endorsements than one document should hold, at all levels together.
const MOST_INSIDE: usize = 100;

/// More proofs than all documents of one check should have together: each may take its time.
const MOST_PROOFS: usize = 256;

/// Bytes that are gone through again for the further proofs of documents, in all: each proof takes a document's whole
/// graph, so that many proofs of a large document would take a processor for seconds.
const MOST_AGAIN: usize = 4 << 20;

/// The facts, and what is still missing.
pub(super) struct Desk<'a> {
    pub(super) facts: &'a Facts,
    pub(super) wanted: BTreeSet<WantedDocument>,
    /// What is wanted once nothing else is.
    pub(super) later: BTreeSet<WantedDocument>,
    /// Inside how many documents the one at hand is.
    pub(super) level: usize,
    /// How many credentials inside are still looked at.
    pub(super) left: usize,
    /// Contexts that came with the facts, as far as they were needed.
    pub(super) shelf: Shelf,
    /// How many proofs are still checked.
    pub(super) proofs: usize,
    /// How many bytes are still gone through for further proofs.
    pub(super) again: usize,
}

/// A document that was asked for.
pub(super) enum Answer<'a> {
    Here(&'a [u8]),
    Refused(&'a str),
    NotYet,
}

/// A document that counts because of where it lies.
pub(super) enum Word<'a> {
    Here(&'a [u8]),
    Refused(&'a str),
    NotYet,
    /// The host that was asked sent to another; a sentence that names both.
    Elsewhere(String),
}

/// The code of what another host than the one asked has answered.
pub(super) const ELSEWHERE: &str = "document_from_elsewhere";

impl<'a> Desk<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        Self {
            facts,
            wanted: BTreeSet::new(),
            later: BTreeSet::new(),
            level: 0,
            left: MOST_INSIDE,
            shelf: Shelf::default(),
            proofs: MOST_PROOFS,
            again: MOST_AGAIN,
        }
    }

    pub(super) fn wanted(self) -> Vec<WantedDocument> {
        let wanted = if self.wanted.is_empty() { self.later } else { self.wanted };
        wanted.into_iter().collect()
    }

    pub(super) fn document(&mut self, url: &str, purpose: Purpose) -> Answer<'a> {
        match self.facts.documents.get(url) {
            Some(FetchOutcome::Document { bytes, .. }) => Answer::Here(bytes),
            Some(FetchOutcome::Refused(reason)) => Answer::Refused(reason),
            None => {
                self.wanted.insert(WantedDocument { url: url.to_owned(), purpose });
                Answer::NotYet
            }
        }
    }

    /// A document that is not bound by a proof or digest of its own: that its host says it is all it has.
    pub(super) fn word(&mut self, url: &str, purpose: Purpose) -> Word<'a> {
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
    pub(super) fn moved(&self, url: &str) -> Option<String> {
        let Some(FetchOutcome::Document { from: Some(from), .. }) = self.facts.documents.get(url) else {
            return None;
        };
        let (asked, answered) = address::gone_elsewhere(url, from)?;
        let url = address::plain(url);
        Some(format!(
            "{asked} was asked for the document at {url}, but {answered} answered: that is not the first \
             one's word."
        ))
    }
}

/// True for addresses that may be asked for.
pub(super) fn fetchable(url: &str, scheme: Scheme) -> bool {
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
