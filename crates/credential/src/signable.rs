//! Documents that are ready to be signed: made of the types, and shown to have the shape that verifiers check.
//! Above types and checks, so that neither leads to the other.

use crate::check::schema_problems;
use crate::clr::ClrCredential;
use crate::open_badge::{Achievement, EndorsementCredential, IdentityObject, Invalid, OpenBadgeCredential};
use crate::rdf;
use serde_json::Value;

impl OpenBadgeCredential {
    /// The JSON document, ready to be signed, and shown to be valid and signable: it has the shape that
    /// verifiers check, and every term has a meaning.
    pub fn document(&self) -> Result<Value, Invalid> {
        self.validate()?;
        signable(self.to_value())
    }
}

impl EndorsementCredential {
    /// The JSON document, ready to be signed, and shown to be valid and signable.
    pub fn document(&self) -> Result<Value, Invalid> {
        self.validate()?;
        signable(self.to_value())
    }
}

impl ClrCredential {
    /// The JSON document, ready to be signed, and shown to be valid and signable.
    pub fn document(&self) -> Result<Value, Invalid> {
        self.issuer.validate()?;
        if self.credential_subject.id.is_none() && self.credential_subject.identifier.is_empty() {
            return Err(Invalid::new("credentialSubject", "names nobody: it needs an id or an identifier"));
        }
        self.credential_subject.achievement.iter().try_for_each(Achievement::validate)?;
        self.credential_subject.identifier.iter().try_for_each(IdentityObject::validate)?;
        signable(self.to_value())
    }
}

/// The document, if its shape is right and every term has a meaning.
fn signable(document: Value) -> Result<Value, Invalid> {
    if let Some(problem) = document.as_object().and_then(|map| schema_problems(map).into_iter().next()) {
        return Err(Invalid::new("the document", problem));
    }
    match rdf::canonicalize(&document) {
        Ok(_) => Ok(document),
        Err(error) => Err(Invalid::new("the document", error.to_string())),
    }
}
