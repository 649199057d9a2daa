//! A document as a list of statements (quads) that are signed one by one, and which of them some JSON
//! Pointers choose (VC-DI-ECDSA, 3.4.4, 3.4.14 and 3.4.16).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::SdError;
use super::select::{Choice, Ids};
use super::value::FixedBytes;
use crate::rdf::{Contexts, Part, RdfError, TracedDocument};

/// A document's statements, sorted, its blank nodes called what only the issuer and the holder know.
#[derive(Debug)]
pub(super) struct Statements<'d> {
    traced: TracedDocument<'d>,
    /// What each blank node is called.
    labels: Vec<FixedBytes<32>>,
    names: Vec<String>,
    lines: Vec<String>,
}

/// Some of a document's statements.
#[derive(Debug)]
pub(super) struct Group {
    choice: Choice,
    part: Option<Part>,
    /// Places among the document's statements.
    pub places: BTreeSet<usize>,
}

/// The name of a blank node that is called so.
pub(super) fn name(label: &FixedBytes<32>) -> String {
    format!("_:u{}", URL_SAFE_NO_PAD.encode(label.0))
}

/// The hash of statements, one after the other.
pub(super) fn digest<'a>(lines: impl Iterator<Item = &'a String>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(line.as_bytes());
    }
    hasher.finalize().into()
}

impl<'d> Statements<'d> {
    pub(super) fn of(
        document: &'d Map<String, Value>,
        hmac_key: &[u8; 32],
        contexts: &'d Contexts,
    ) -> Result<Self, RdfError> {
        let traced = TracedDocument::new(document, contexts)?;
        let label = |number: &u32| {
            let mut mac = Hmac::<Sha256>::new_from_slice(hmac_key).expect("HMAC takes keys of any length");
            mac.update(format!("c14n{number}").as_bytes());
            FixedBytes(mac.finalize().into_bytes().into())
        };
        let labels: Vec<FixedBytes<32>> = traced.canonical_labels()?.iter().map(label).collect();
        let names: Vec<String> = labels.iter().map(name).collect();
        let lines = traced.lines(&names);
        Ok(Self { traced, labels, names, lines })
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The statements that what the pointers point at makes.
    pub(super) fn choose(&self, pointers: &[&str]) -> Result<Group, SdError> {
        let choice = Choice::of(self.traced.document(), pointers)?;
        if choice.is_empty() {
            return Ok(Group { choice, part: None, places: BTreeSet::new() });
        }
        let part = self.traced.part(&choice.render(&self.traced, Ids::Given))?.ok_or(SdError::Torn)?;
        let place = |line: &String| self.lines.binary_search(line).map_err(|_| SdError::Torn);
        let places = part.lines(&self.names).iter().map(place).collect::<Result<_, _>>()?;
        Ok(Group { choice, part: Some(part), places })
    }

    /// The part of the document that makes these statements.
    pub(super) fn reveal(&self, group: &Group) -> Map<String, Value> {
        group.choice.render(&self.traced, Ids::AsWritten)
    }

    /// At n: what the blank node is called that has the canonical label `c14n<n>` in the part alone.
    pub(super) fn labels(&self, group: &Group) -> Result<Vec<FixedBytes<32>>, RdfError> {
        let Some(part) = &group.part else { return Ok(Vec::new()) };
        Ok(part.canonical()?.into_iter().map(|blank| self.labels[blank]).collect())
    }

    /// The statements at these places, and all others.
    pub(super) fn split(&self, places: &BTreeSet<usize>) -> (Vec<&String>, Vec<&String>) {
        split(&self.lines, places)
    }
}

/// The lines at these places, and all others, in their order.
pub(super) fn split<'l>(lines: &'l [String], places: &BTreeSet<usize>) -> (Vec<&'l String>, Vec<&'l String>) {
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for (place, line) in lines.iter().enumerate() {
        if places.contains(&place) { inside.push(line) } else { outside.push(line) }
    }
    (inside, outside)
}
