//! What cannot be put into a document.

use crate::rdf::is_absolute_iri;

/// A value that would make a document invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {problem}")]
pub struct Invalid {
    /// The member it was for.
    pub member: String,
    /// What is wrong with it, for people.
    pub problem: String,
}

impl Invalid {
    pub(crate) fn new(member: &str, problem: impl Into<String>) -> Self {
        Self { member: member.to_owned(), problem: problem.into() }
    }
}

/// A URL, DID or `urn:uuid:`.
pub(crate) fn url(member: &str, text: &str) -> Result<String, Invalid> {
    if is_absolute_iri(text) {
        return Ok(text.to_owned());
    }
    Err(Invalid::new(member, format!("\"{text}\" is not a whole URL, DID or urn:uuid:")))
}

/// A text that says something.
pub(crate) fn said(member: &str, text: &str) -> Result<String, Invalid> {
    if text.trim().is_empty() { Err(Invalid::new(member, "says nothing")) } else { Ok(text.to_owned()) }
}
