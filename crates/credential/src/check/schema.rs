//! The shape of a credential: what VC Data Model 2.0 (or 1.1) and Open Badges 3.0 require. Structure
//! only; whether every term has a meaning is found out when the proof is checked.

use serde_json::{Map, Value, json};

use super::member::{issuer_id, several, text, types};
use super::{Check, Outcome};
use crate::jiff_time::parse_date_time_stamp;
use crate::rdf::is_absolute_iri;

pub(super) const V1: &str = "https://www.w3.org/2018/credentials/v1";
pub(super) const V2: &str = "https://www.w3.org/ns/credentials/v2";
/// More problems than anybody reads.
const MOST_PROBLEMS: usize = 32;

/// What is wrong, each with the place.
#[derive(Default)]
pub(super) struct Problems {
    wrong: Vec<String>,
    /// Members that should be there and are not, as sentences like the others.
    absent: Vec<String>,
}

/// Whether a document shows all it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    All,
    /// Its holder chose what to disclose.
    Part,
}

impl Problems {
    pub(super) fn add(&mut self, place: &str, problem: &str) {
        if self.wrong.len() < MOST_PROBLEMS {
            self.wrong.push(format!("{place} {problem}"));
        }
    }

    /// A member that should be there and is not.
    pub(super) fn absent(&mut self, place: &str) {
        if self.absent.len() < MOST_PROBLEMS {
            self.absent.push(format!("{place} is missing"));
        }
    }

    pub(super) fn into_list(mut self) -> Vec<String> {
        self.wrong.append(&mut self.absent);
        self.wrong
    }

    /// Like [`Self::into_check`] for a credential of which a part is shown: what is missing may have been
    /// kept back.
    fn into_check_of(self, shown: Extent, is_version_1: bool) -> Check {
        if shown == Extent::All || !self.wrong.is_empty() || self.absent.is_empty() {
            return self.into_check("credential", is_version_1);
        }
        let message =
            "The holder shows a part of the credential only; what is shown has the shape it should have.";
        Check::new("schema", Outcome::Warning, "partly_disclosed", message)
            .with(json!({"kept_back": self.absent}))
    }

    /// The check these problems come to. `what`: a credential or a presentation.
    pub(super) fn into_check(self, what: &str, is_version_1: bool) -> Check {
        let problems = self.into_list();
        if let Some(problem) = problems.first() {
            let message = format!("The {what} does not have the shape it should have: {problem}.");
            return Check::new("schema", Outcome::Failed, "schema_invalid", message)
                .with(json!({"problems": problems}));
        }
        if is_version_1 {
            let message =
                format!("The {what} is of an older data model (VC 1.1); it has the shape that has.");
            return Check::new("schema", Outcome::Warning, "data_model_1_1", message);
        }
        let message = format!("The {what} has the shape it should have.");
        Check::new("schema", Outcome::Passed, "schema_valid", message)
    }
}

pub(super) fn check(credential: &Map<String, Value>, shown: Extent) -> Check {
    problems(credential).into_check_of(shown, first_context(credential) == Some(V1))
}

fn first_context(credential: &Map<String, Value>) -> Option<&str> {
    several(credential.get("@context")).first().and_then(Value::as_str)
}

pub(super) fn problems(credential: &Map<String, Value>) -> Problems {
    let mut problems = Problems::default();
    match first_context(credential) {
        Some(V2) => version_2(credential, &mut problems),
        Some(V1) => version_1(credential, &mut problems),
        _ => problems.add("@context", &format!("does not begin with {V2}")),
    }
    common(credential, &mut problems);
    super::schema_context::check(credential, &mut problems);
    let kinds = types(credential);
    if kinds.iter().any(|kind| matches!(*kind, "OpenBadgeCredential" | "AchievementCredential")) {
        super::schema_ob::achievement_credential(credential, &mut problems);
    }
    if kinds.contains(&"ClrCredential") {
        super::schema_clr::clr_credential(credential, &mut problems);
    }
    if kinds.contains(&"EndorsementCredential") {
        super::schema_ob::endorsement_credential(credential, &mut problems);
    }
    problems
}

fn version_2(credential: &Map<String, Value>, problems: &mut Problems) {
    for old in ["issuanceDate", "expirationDate"] {
        if credential.contains_key(old) {
            problems.add(old, "belongs to an older data model");
        }
    }
    let mut times = Vec::new();
    for name in ["validFrom", "validUntil"] {
        if let Some(value) = credential.get(name) {
            match value.as_str().and_then(parse_date_time_stamp) {
                Some(time) => times.push(time),
                None => problems.add(name, "is not a date and time with a time zone"),
            }
        }
    }
    if let [from, until] = times[..]
        && from > until
    {
        problems.add("validUntil", "is before validFrom");
    }
    for name in ["name", "description"] {
        for (place, owner) in
            [("", Some(credential)), ("issuer.", credential.get("issuer").and_then(Value::as_object))]
        {
            if owner.and_then(|owner| owner.get(name)).is_some_and(|value| !is_language_text(value)) {
                problems.add(&format!("{place}{name}"), "is neither text nor a text with a language");
            }
        }
    }
}

fn version_1(credential: &Map<String, Value>, problems: &mut Problems) {
    match credential.get("issuanceDate") {
        None => problems.absent("issuanceDate"),
        Some(value) if value.as_str().and_then(parse_date_time_stamp).is_none() => {
            problems.add("issuanceDate", "is not a date and time with a time zone");
        }
        Some(_) => {}
    }
    if credential
        .get("expirationDate")
        .is_some_and(|value| value.as_str().and_then(parse_date_time_stamp).is_none())
    {
        problems.add("expirationDate", "is not a date and time with a time zone");
    }
}

/// Text, or `@value` with `@language` and `@direction`, or a list of these.
fn is_language_text(value: &Value) -> bool {
    let one = |value: &Value| match value {
        Value::String(_) => true,
        Value::Object(map) => {
            map.get("@value").is_some_and(Value::is_string)
                && map.iter().all(|(name, value)| match name.as_str() {
                    "@value" | "@language" => value.is_string(),
                    "@direction" => matches!(value.as_str(), Some("ltr" | "rtl")),
                    _ => false,
                })
        }
        _ => false,
    };
    match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(one),
        other => one(other),
    }
}

fn common(credential: &Map<String, Value>, problems: &mut Problems) {
    if several(credential.get("@context")).iter().any(|value| !value.is_string() && !value.is_object()) {
        problems.add("@context", "holds something that is neither a URL nor an object");
    }
    if credential.get("id").is_some_and(|id| !id.as_str().is_some_and(is_absolute_iri)) {
        problems.add("id", "is not a URL");
    }
    let kinds = several(credential.get("type"));
    if !kinds.iter().any(|kind| kind == "VerifiableCredential") || !kinds.iter().all(Value::is_string) {
        problems.add("type", "does not hold VerifiableCredential");
    }
    if !issuer_id(credential).is_some_and(is_absolute_iri) {
        problems.add("issuer", "is not, and has no id that is, a URL");
    }
    let subjects = several(credential.get("credentialSubject"));
    let empty = |value: &Value| value.as_object().is_none_or(Map::is_empty);
    if subjects.is_empty() {
        problems.absent("credentialSubject");
    }
    if subjects.iter().any(empty) {
        problems.add("credentialSubject", "says nothing");
    }
    if subjects
        .iter()
        .any(|subject| subject.get("id").is_some_and(|id| !id.as_str().is_some_and(is_absolute_iri)))
    {
        problems.add("credentialSubject.id", "is not a URL");
    }
    for name in ["credentialStatus", "termsOfUse", "evidence", "refreshService", "proof", "credentialSchema"]
    {
        for value in several(credential.get(name)) {
            typed(name, value, problems);
        }
    }
    for value in several(credential.get("credentialSchema")) {
        if !text(value.get("id")).is_some_and(is_absolute_iri) {
            problems.add("credentialSchema", "has no id that is a URL");
        }
    }
    related_resources(credential, problems);
}

pub(super) fn typed(name: &str, value: &Value, problems: &mut Problems) {
    let Value::Object(map) = value else { return problems.add(name, "is not an object") };
    let kinds = several(map.get("type"));
    if kinds.is_empty() || !kinds.iter().all(Value::is_string) {
        problems.add(name, "has no type");
    }
    if map.get("id").is_some_and(|id| !id.as_str().is_some_and(is_absolute_iri)) {
        problems.add(name, "has an id that is not a URL");
    }
}

fn related_resources(credential: &Map<String, Value>, problems: &mut Problems) {
    let mut seen = Vec::new();
    for value in several(credential.get("relatedResource")) {
        let id = text(value.get("id")).filter(|id| is_absolute_iri(id));
        if id.is_none() || value.get("digestSRI").is_none() && value.get("digestMultibase").is_none() {
            problems.add("relatedResource", "has no id or no digest");
        }
        if id.is_some() && seen.contains(&id) {
            problems.add("relatedResource", "names the same resource twice");
        }
        seen.push(id);
    }
}
