//! `1EdTechRevocationList`: a plain list of revoked credentials, from before Bitstring Status Lists
//! (1EdTech Verifiable Credential Revocation List 1.0). It is not signed: that its address stands in the
//! signed credential, and https, is what makes it the issuer's.

use serde_json::{Map, Value, json};

use super::desk::{Desk, ELSEWHERE, Word, fetchable};
use super::member::{issuer_id, several, text};
use super::status::{failed, unknown};
use super::{Check, Outcome, Purpose};
use crate::document;

pub(super) fn check(
    desk: &mut Desk<'_>,
    credential: &Map<String, Value>,
    entry: &Map<String, Value>,
) -> Check {
    let Some(url) = text(entry.get("id")) else {
        return failed("MALFORMED_VALUE_ERROR", "The credential's status entry has no id.");
    };
    if !fetchable(url, desk.facts.scheme) {
        let message =
            format!("The revocation list at {url} cannot be relied on: it is not at an https address.");
        return unknown("STATUS_RETRIEVAL_ERROR", message);
    }
    let bytes = match desk.word(url, Purpose::StatusList) {
        Word::Here(bytes) => bytes,
        Word::Elsewhere(message) => return unknown(ELSEWHERE, message),
        Word::Refused(reason) => {
            let message = format!("The revocation list at {url} could not be read: {reason}.");
            return unknown("STATUS_RETRIEVAL_ERROR", message);
        }
        Word::NotYet => {
            let message = format!("The revocation list at {url} has not been fetched yet.");
            return unknown("status_not_fetched", message);
        }
    };
    let Ok(Value::Object(list)) = document::parse(bytes) else {
        return unknown("STATUS_RETRIEVAL_ERROR", format!("The document at {url} is not a revocation list."));
    };
    if list.get("id").is_some_and(|id| id != url) {
        let message = format!("The list at {url} is another list than the one the credential names.");
        return failed("STATUS_VERIFICATION_ERROR", message).with(json!({"list": url}));
    }
    judge(credential, &list).with(json!({"list": url}))
}

fn judge(credential: &Map<String, Value>, list: &Map<String, Value>) -> Check {
    let revoked = list.get("revokedCredential").or_else(|| list.get("revokedCredentials"));
    if revoked.is_none() || issuer_id(list).is_none() {
        return unknown("STATUS_RETRIEVAL_ERROR", "The revocation list is malformed.");
    }
    if issuer_id(list) != issuer_id(credential) {
        let message = "The revocation list is kept by somebody other than the issuer.";
        return failed("STATUS_VERIFICATION_ERROR", message);
    }
    let Some(id) = text(credential.get("id")) else {
        return unknown(
            "status_not_listed",
            "The credential has no id, so the revocation list cannot name it.",
        );
    };
    let named = |entry: &&Value| text(entry.get("id")).or(entry.as_str()) == Some(id);
    match several(revoked).iter().find(named) {
        None => {
            let message = "The issuer has not taken the credential back.";
            Check::new("status", Outcome::Passed, "in_force", message)
        }
        Some(entry) => match text(entry.get("revocationReason")) {
            Some(reason) => failed("revoked", format!("The issuer has revoked the credential: {reason}")),
            None => failed("revoked", "The issuer has revoked the credential."),
        },
    }
}
