//! Proofs: does each one hold, with a key that was entitled to make it?

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::input::Input;
use super::keys::{self, Controller, End, Missing, Relationship};
use super::member::{several, text};
use super::signatures::{self, SignedForm};
use super::{Check, Outcome, contexts, merkle};
use crate::jiff_time::parse_date_time_stamp;
use crate::proof::{self, Expectations, ProofError, Suite, sd};
use crate::rdf::{Contexts, RdfError};

/// More proofs than any document needs.
const MOST_PROOFS: usize = 16;
/// How far the clocks of honest machines are apart.
const CLOCKS_APART: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);
const NOT_DERIVED: &str = "The credential carries a base proof, which is for its holder only: the holder \
    has to derive a proof from it that discloses what is needed.";

/// Whose proofs hold, and whose were found but do not count yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Controllers {
    /// Controllers of keys whose proofs hold.
    pub proven: Vec<Controller>,
    /// What is worth knowing about proofs beside one that holds.
    pub others: Option<Check>,
    /// Proofs that hold, made with keys that have ended since.
    pub ended: Vec<EndedKey>,
}

/// A proof that holds, by a key that has ended since it says it was made.
#[derive(Debug, Clone)]
pub(super) struct EndedKey {
    key: String,
    end: End,
    /// Its value, if it stands in the document.
    value: Option<String>,
}

impl EndedKey {
    pub(super) fn new(key: &str, end: End, value: Option<&str>) -> Self {
        Self { key: key.to_owned(), end, value: value.map(str::to_owned) }
    }

    fn detail(&self) -> Value {
        json!({"key": self.key, "at": self.end.at.to_string(), "revoked": self.end.revoked, "proofValue": self.value})
    }
}

impl Controllers {
    /// True if one of them is the issuer with this id.
    pub(super) fn include(&self, issuer: &str) -> bool {
        self.proven.iter().any(|controller| controller.is(issuer))
    }

    /// True if nothing but a key that lies somewhere on its host speaks for the issuer.
    pub(super) fn are_beside(&self, issuer: &str) -> bool {
        self.proven.iter().filter(|c| c.is(issuer)).all(|c| matches!(c, Controller::Beside(_)))
    }

    /// For the detail of the check of the proof: keys that have ended since.
    pub(super) fn put_ended(&self, detail: &mut Value) {
        if !self.ended.is_empty() {
            detail["ended_keys"] = self.ended.iter().map(EndedKey::detail).collect();
        }
    }

    /// A warning, if a key that made one of the proofs was revoked since.
    pub(super) fn revoked_since(&self) -> Option<Check> {
        let end = self.ended.iter().map(|ended| ended.end).find(|end| end.revoked)?;
        let message = format!(
            "The key was revoked from {} on. The proof says that it was made before, and only the proof says \
             so: whoever had the key could have dated it back.",
            end.at
        );
        Some(Check::new("key", Outcome::Warning, "key_revoked_since", message))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.proven.iter().map(Controller::name).collect()
    }
}

/// How one proof came out.
pub(super) struct Single {
    pub outcome: Outcome,
    pub code: &'static str,
    pub message: String,
    /// The contexts it was checked with that are not bundled.
    contexts: Vec<String>,
}

impl Single {
    pub(super) fn new(outcome: Outcome, code: &'static str, message: impl Into<String>) -> Self {
        Self { outcome, code, message: message.into(), contexts: Vec::new() }
    }

    pub(super) fn failed(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Outcome::Failed, code, message)
    }
}

impl From<Missing> for Single {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Unavailable { code, message } => Self::new(Outcome::Unknown, code, message),
            Missing::Wrong { code, message } => Self::failed(code, message),
        }
    }
}

/// Checks the proofs of a credential in any form. `name`: of the check it belongs to.
pub(super) fn check(desk: &mut Desk<'_>, input: &Input, name: &'static str) -> (Check, Controllers) {
    match (input, SignedForm::of(input)) {
        (_, Some(signed)) => signatures::check(desk, signed, name),
        (input, None) => check_document(desk, input.credential(), name, Relationship::AssertionMethod),
    }
}

/// Checks every proof of a document. Passed if one holds and none is wrong: proofs of kinds that cannot
/// be checked may stand beside one that can. Credentials are signed with keys for assertions,
/// presentations with keys for authentication.
pub(super) fn check_document(
    desk: &mut Desk<'_>,
    document: &Map<String, Value>,
    name: &'static str,
    relationship: Relationship,
) -> (Check, Controllers) {
    let mut controllers = Controllers::default();
    let what = match relationship {
        Relationship::AssertionMethod => "credential",
        Relationship::Authentication => "presentation",
    };
    let all = several(document.get("proof"));
    if all.is_empty() {
        let message = format!("The {what} is not signed: anyone could have written it.");
        return (Check::new(name, Outcome::Failed, "unsigned", message), controllers);
    }
    if all.len() > MOST_PROOFS {
        let message = format!("The {what} has more than {MOST_PROOFS} proofs.");
        return (Check::new(name, Outcome::Failed, "too_many_proofs", message), controllers);
    }
    let Some(left) = desk.proofs.checked_sub(all.len()) else {
        let message = format!("The {what} was not looked at: there are too many proofs in all.");
        return (Check::new(name, Outcome::Unknown, "too_many_inside", message), controllers);
    };
    desk.proofs = left;
    let mut results: Vec<Single> = Vec::with_capacity(all.len());
    let length = if all.len() > 1 { length_of(document) } else { 0 };
    for (n, proof) in all.iter().enumerate() {
        if n > 0 {
            let Some(left) = desk.again.checked_sub(length) else {
                let message = format!("The {what} is too large for so many proofs.");
                results.push(Single::new(Outcome::Unknown, "too_many_inside", message));
                break;
            };
            desk.again = left;
        }
        let single = check_one(desk, document, proof, relationship, &mut controllers);
        // the other proofs would not fare better, and finding that out may take long
        let hopeless = single.code == "not_signable";
        results.push(single);
        if hopeless {
            break;
        }
    }
    let suites: Vec<String> = all.iter().filter_map(Value::as_object).map(proof::suite_name).collect();
    let find = |outcome| results.iter().find(|single| single.outcome == outcome);
    let decisive = find(Outcome::Failed).or_else(|| find(Outcome::Passed)).or_else(|| results.first());
    let Some(decisive) = decisive else {
        let message = format!("The {what} is not signed.");
        return (Check::new(name, Outcome::Failed, "unsigned", message), controllers);
    };
    if decisive.outcome == Outcome::Passed {
        controllers.others = others(&results, all);
    }
    let check = Check::new(name, decisive.outcome, decisive.code, decisive.message.clone());
    let mut detail = json!({"cryptosuites": suites});
    if !decisive.contexts.is_empty() {
        detail["contexts"] = json!(decisive.contexts);
    }
    controllers.put_ended(&mut detail);
    (check.with(detail), controllers)
}

/// Bytes of a document as it is written, without white space.
fn length_of(document: &Map<String, Value>) -> usize {
    serde_json::to_string(document).map_or(usize::MAX, |text| text.len())
}

/// Members that say of a proof how it was made; one that has no others proves nothing.
const ABOUT_IT: [&str; 9] =
    ["id", "type", "cryptosuite", "created", "expires", "proofPurpose", "domain", "challenge", "nonce"];

/// Names the proofs that could not be checked; `None` if there are none.
fn others(results: &[Single], all: &[Value]) -> Option<Check> {
    let open: Vec<(&Single, &Map<String, Value>)> = results
        .iter()
        .zip(all.iter().filter_map(Value::as_object))
        .filter(|(single, _)| single.outcome != Outcome::Passed)
        .collect();
    let is_empty = |proof: &Map<String, Value>| proof.keys().all(|name| ABOUT_IT.contains(&name.as_str()));
    let (first, proof) = open.iter().find(|(_, proof)| !is_empty(proof)).or(open.first())?;
    let suite = proof::suite_name(proof);
    let (outcome, code, message) = if is_empty(proof) {
        let message = format!("A further proof, of the kind \"{suite}\", has no value: it proves nothing.");
        (Outcome::Passed, "proof_without_value", message)
    } else if first.code == "suite_unknown" {
        let message = format!("A further proof is of the kind \"{suite}\", which cannot be checked here.");
        (Outcome::Warning, "proof_kind_unknown", message)
    } else {
        let message = format!("A further proof could not be checked. {}", first.message);
        (Outcome::Warning, first.code, message)
    };
    let kinds: Vec<String> = open.iter().map(|(_, proof)| proof::suite_name(proof)).collect();
    Some(Check::new("other_proofs", outcome, code, message).with(json!({"cryptosuites": kinds})))
}

fn check_one(
    desk: &mut Desk<'_>,
    document: &Map<String, Value>,
    proof: &Value,
    relationship: Relationship,
    controllers: &mut Controllers,
) -> Single {
    let Some(map) = proof.as_object() else {
        return Single::failed("proof_malformed", "A proof is not an object.");
    };
    if proof::suite_name(map) == "MerkleProof2019" {
        return merkle::blockcerts_3(desk, document, map);
    }
    if Suite::of(map).is_none() {
        let message =
            format!("The proof is of the kind \"{}\", which cannot be checked here.", proof::suite_name(map));
        return Single::new(Outcome::Unknown, "suite_unknown", message);
    }
    if sd::is_base(map) {
        return Single::failed("proof_not_derived", NOT_DERIVED);
    }
    let created = match times(map, desk.facts.now) {
        Ok(created) => created,
        Err(single) => return single,
    };
    if let Err(error) = Expectations::new(relationship.name()).check(map) {
        return explain(&error);
    }
    let Some(method) = text(map.get("verificationMethod")) else {
        return Single::failed(
            "proof_malformed",
            "The proof does not say which key made it (verificationMethod).",
        );
    };
    let found = match keys::find_for(desk, method, relationship) {
        Ok(found) => found,
        Err(missing) => return missing.into(),
    };
    if found.ended.is_some_and(|end| created.unwrap_or(desk.facts.now) >= end.at) {
        return Single::failed("key_ended", "The proof was made after its key had been withdrawn.");
    }
    let verify = |contexts: &Contexts| proof::verify_map(document, map, &found.key, contexts);
    let mut known = Vec::new();
    let mut result = verify(Contexts::bundled());
    if let Err(ProofError::Transformation(RdfError::UnknownContext(_))) = &result {
        match contexts::gather(desk, document) {
            Ok((contexts, names)) => (result, known) = (verify(&contexts), names),
            Err(message) => return Single::new(Outcome::Unknown, "context_unknown", message),
        }
    }
    let mut single = match result {
        Ok(()) => {
            controllers.proven.push(found.controller);
            let value = text(map.get("proofValue"));
            controllers.ended.extend(found.ended.map(|end| EndedKey::new(method, end, value)));
            Single::new(Outcome::Passed, "proof_valid", "The signature is right: nothing was changed since.")
        }
        Err(ProofError::Transformation(RdfError::UnknownContext(url))) => {
            Single::new(Outcome::Unknown, "context_unknown", contexts::unknown(desk, &url))
        }
        Err(error) => explain(&error),
    };
    single.contexts = known;
    single
}

/// When the proof was made, if it says so; an error if it is out of time.
fn times(proof: &Map<String, Value>, now: Timestamp) -> Result<Option<Timestamp>, Single> {
    let time = |member: &str| match proof.get(member) {
        None => Ok(None),
        Some(value) => match value.as_str().and_then(parse_date_time_stamp) {
            Some(time) => Ok(Some(time)),
            None => {
                Err(Single::failed("proof_malformed", format!("The proof's \"{member}\" is not a time.")))
            }
        },
    };
    if time("expires")?.is_some_and(|expires| expires <= now) {
        return Err(Single::failed("proof_expired", "The proof has expired."));
    }
    let created = time("created")?;
    if created.is_some_and(|created| created.duration_since(now) > CLOCKS_APART) {
        let message = "The proof says that it was made in the future.";
        return Err(Single::failed("proof_from_future", message));
    }
    Ok(created)
}

fn explain(error: &ProofError) -> Single {
    match error {
        ProofError::UnknownSuite(_) => Single::new(Outcome::Unknown, "suite_unknown", format!("{error}.")),
        ProofError::Transformation(RdfError::UnknownContext(_)) => {
            Single::new(Outcome::Unknown, "context_unknown", format!("{error}."))
        }
        ProofError::Transformation(RdfError::Unsupported(_)) => Single::new(
            Outcome::Unknown,
            "json_ld_unsupported",
            format!("The signature cannot be checked: {error}."),
        ),
        ProofError::Transformation(_) => Single::failed(
            "not_signable",
            format!("The signature cannot cover all of the document: {error}."),
        ),
        ProofError::NotDerived => Single::failed("proof_not_derived", NOT_DERIVED),
        ProofError::NotPlain(what) => Single::new(
            Outcome::Unknown,
            "not_plainly_said",
            format!(
                "The signature fits, but what it covers cannot be read off the document as it is written \
                 (\"{what}\"): ask for the document as it was issued."
            ),
        ),
        ProofError::Purpose(_) => Single::failed(
            "proof_purpose",
            format!("The proof was made for something else (proofPurpose): {error}."),
        ),
        ProofError::Challenge | ProofError::Domain => Single::failed(error.code(), format!("{error}.")),
        ProofError::WrongKey | ProofError::Malformed(_) => {
            Single::failed("proof_malformed", format!("The proof is malformed: {error}."))
        }
        ProofError::Signature => {
            let message = "The signature does not fit: the document was changed, or signed with another key.";
            Single::failed("signature_invalid", message)
        }
    }
}
