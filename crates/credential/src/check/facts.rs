//! What comes from outside: the time, documents, whom the reader trusts; and what is still wanted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::did::Scheme;

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
pub struct WantedDocument {
    /// Where it is; also the key to put it under in [`Facts::documents`].
    pub url: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// What came of fetching a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchOutcome {
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

impl FetchOutcome {
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
    pub documents: BTreeMap<String, FetchOutcome>,
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
