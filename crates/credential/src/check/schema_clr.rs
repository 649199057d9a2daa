//! The shape of a Comprehensive Learner Record (1EdTech CLR Standard 2.0, `ClrCredential`).

use serde_json::{Map, Value};

use super::member::{several, text};
use super::schema::Problems;
use super::schema_ob::{check_achievement, check_identifier, has_type};
use crate::clr::AssociationType;
use crate::rdf::is_absolute_iri;

/// More of anything than a record needs; the rest is not looked at, and a problem of its own.
const MOST: usize = 2000;

pub(super) fn clr_credential(record: &Map<String, Value>, problems: &mut Problems) {
    let contexts = several(record.get("@context"));
    if !contexts.iter().filter_map(Value::as_str).any(is_clr_context) {
        problems.add("@context", "does not hold the context of CLR 2.0");
    }
    if !record.contains_key("id") {
        problems.add("id", "is missing");
    }
    if text(record.get("name")).is_none() {
        problems.add("name", "is missing or not text");
    }
    if record.get("issuer").is_some_and(Value::is_object) {
        has_type("issuer", record.get("issuer"), "Profile", problems);
    }
    if record.get("partial").is_some_and(|partial| !partial.is_boolean()) {
        problems.add("partial", "is neither true nor false");
    }
    for subject in several(record.get("credentialSubject")) {
        clr_subject(subject, problems);
    }
}

fn clr_subject(subject: &Value, problems: &mut Problems) {
    const PLACE: &str = "credentialSubject";
    has_type(PLACE, Some(subject), "ClrSubject", problems);
    let list = |name: &str| several(subject.get(name));
    if list("verifiableCredential").is_empty() {
        problems.add(&format!("{PLACE}.verifiableCredential"), "is missing or empty");
    }
    for name in ["verifiableCredential", "achievement", "association", "identifier"] {
        if list(name).len() > MOST {
            problems.add(&format!("{PLACE}.{name}"), "is too long");
        }
    }
    for credential in list("verifiableCredential").iter().take(MOST) {
        let kinds = several(credential.get("type"));
        let known = |kind: &Value| kind == "VerifiableCredential" || kind == crate::document::ENVELOPED;
        if !kinds.iter().any(known) {
            problems.add(&format!("{PLACE}.verifiableCredential"), "holds something that is no credential");
        }
    }
    for achievement in list("achievement").iter().take(MOST) {
        check_achievement(&format!("{PLACE}.achievement"), achievement, problems);
    }
    for identifier in list("identifier").iter().take(MOST) {
        check_identifier(identifier, problems);
    }
    for association in list("association").iter().take(MOST) {
        check_association(association, problems);
    }
}

fn check_association(association: &Value, problems: &mut Problems) {
    const PLACE: &str = "credentialSubject.association";
    has_type(PLACE, Some(association), "Association", problems);
    if text(association.get("associationType")).and_then(AssociationType::parse).is_none() {
        problems.add(PLACE, "has an associationType that is not one of the specification's");
    }
    for name in ["sourceId", "targetId"] {
        if !text(association.get(name)).is_some_and(is_absolute_iri) {
            problems.add(PLACE, &format!("has no {name} that is a URL"));
        }
    }
}

/// `…/context.json` and `…/context-2.N.N.json`.
fn is_clr_context(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://purl.imsglobal.org/spec/clr/v2p0/context") else {
        return false;
    };
    let Some(version) = rest.strip_suffix(".json") else { return false };
    version.is_empty()
        || version
            .strip_prefix("-2.")
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
}
