//! Does the credential say who it is about?

use serde_json::{Map, Value};

use super::member::{several, text};
use super::schema::Extent;
use super::{Check, Outcome};

pub(super) fn check(credential: &Map<String, Value>, shown: Extent) -> Check {
    let subjects = several(credential.get("credentialSubject"));
    let known = |subject: &Value| {
        let identity = |entry: &Value| text(entry.get("identityHash")).is_some_and(|hash| !hash.is_empty());
        text(subject.get("id")).is_some_and(|id| !id.is_empty())
            || several(subject.get("identifier")).iter().any(identity)
    };
    if shown == Extent::Part && !subjects.iter().any(known) {
        let message = "Who earned the credential is not shown: ask the holder to prove that it is theirs.";
        return Check::new("subject", Outcome::Warning, "subject_not_shown", message);
    }
    if subjects.is_empty() || !subjects.iter().all(known) {
        let message =
            "The credential does not say who earned it: its subject has neither an id nor an identifier.";
        return Check::new("subject", Outcome::Warning, "subject_missing", message);
    }
    Check::new("subject", Outcome::Passed, "subject_present", "The credential says who earned it.")
}
