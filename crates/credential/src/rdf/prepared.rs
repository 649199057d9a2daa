//! A document expanded once, to be canonicalised many times with other values in a few places.

use serde_json::{Map, Value};

use super::canon::{self, FirstDegrees};
use super::dataset::{Dataset, TermId};
use super::literal::is_absolute_iri;
use super::{Contexts, HashAlgorithm, RdfError, expand};

/// A place whose value differs from document to document.
#[derive(Debug, Clone)]
struct Slot {
    /// `https://`, `urn:`, `did:` … : what an identifier there must begin with, so that no context can
    /// take it for a compact IRI.
    scheme: Option<String>,
    terms: Vec<(TermId, Form)>,
}

/// How a slot's value stands in N-Quads.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Iri,
    /// A literal; what follows the closing quote.
    Literal(String),
}

/// A dataset with slots.
#[derive(Debug, Clone)]
pub(crate) struct PreparedDataset {
    dataset: Dataset,
    slots: Vec<Slot>,
    known: FirstDegrees,
}

/// `scheme:` or `scheme://`, if the value is an absolute IRI.
fn scheme(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(':')?;
    is_absolute_iri(value).then(|| format!("{scheme}:{}", if rest.starts_with("//") { "//" } else { "" }))
}

/// What stands in for a slot's value while the document is prepared.
pub(crate) fn stand_in(value: &str, slot: usize) -> String {
    format!("{}cairn-slot-{slot}-of-a-template", scheme(value).unwrap_or_default())
}

impl PreparedDataset {
    /// Expands a document whose slots hold their stand-ins. `values`: what stood there before. Fails if a
    /// stand-in is not found again as it was, for then the value means something else than itself.
    pub(crate) fn new(
        document: &Map<String, Value>,
        skipped: &str,
        values: &[String],
        contexts: &Contexts,
    ) -> Result<Self, RdfError> {
        let dataset = expand::object_without(document, skipped, contexts)?;
        let mut slots = Vec::with_capacity(values.len());
        for (number, value) in values.iter().enumerate() {
            let stand_in = stand_in(value, number);
            let (iri, literal) = (format!("<{stand_in}>"), format!("\"{stand_in}\""));
            let mut terms = Vec::new();
            for (term, text) in dataset.all_texts() {
                if text == iri {
                    terms.push((term, Form::Iri));
                } else if let Some(rest) = text.strip_prefix(&literal) {
                    terms.push((term, Form::Literal(rest.to_owned())));
                }
            }
            if terms.is_empty() {
                return Err(RdfError::Unsupported("a slot whose value is not signed as it stands"));
            }
            let identifies = terms.iter().any(|(_, form)| *form == Form::Iri);
            slots.push(Slot { scheme: scheme(value).filter(|_| identifies), terms });
        }
        let changing: Vec<TermId> =
            slots.iter().flat_map(|slot| slot.terms.iter().map(|(term, _)| *term)).collect();
        let known = FirstDegrees::of(&dataset, &changing);
        Ok(Self { dataset, slots, known })
    }

    /// Canonical N-Quads (SHA-256) with these values in the slots, in order.
    pub(crate) fn canonicalize(&self, values: &[&str]) -> Result<String, RdfError> {
        let mut dataset = self.dataset.clone();
        for (slot, value) in self.slots.iter().zip(values) {
            if slot.scheme.is_some() && scheme(value) != slot.scheme {
                return Err(RdfError::RelativeIri((*value).to_owned()));
            }
            for (term, form) in &slot.terms {
                match form {
                    Form::Iri => dataset.replace_by_iri(*term, value),
                    Form::Literal(rest) => dataset.replace_by_literal(*term, value, rest),
                }
            }
        }
        dataset.check_size()?;
        Ok(canon::canonicalize_knowing(&dataset, HashAlgorithm::Sha256, &self.known)?.nquads)
    }
}
