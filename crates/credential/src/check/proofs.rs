//! Proofs: does each one hold, with a key that was entitled to make it?

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::input::Input;
use super::keys::{self, Controller, Missing};
use super::{Check, Desk, Outcome, contexts, several, text};
use crate::jiff_time::parse_date_time_stamp;
use crate::jose::{JoseError, Jws};
use crate::proof::{self, ProofError, Suite};
use crate::rdf::{Contexts, RdfError};

/// More proofs than any document needs.
const MOST_PROOFS: usize = 16;

/// Whose proofs hold, and whose were found but do not count yet.
#[derive(Debug, Default)]
pub(super) struct Controllers {
    /// Controllers of keys whose proofs hold.
    pub proven: Vec<Controller>,
}

impl Controllers {
    /// True if one of them is the issuer with this id.
    pub(super) fn include(&self, issuer: &str) -> bool {
        self.proven.iter().any(|controller| controller.is(issuer))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.proven.iter().map(Controller::name).collect()
    }
}

/// How one proof came out.
struct Single {
    outcome: Outcome,
    code: &'static str,
    message: String,
    /// The contexts it was checked with that are not bundled.
    contexts: Vec<String>,
}

impl Single {
    fn new(outcome: Outcome, code: &'static str, message: impl Into<String>) -> Self {
        Self { outcome, code, message: message.into(), contexts: Vec::new() }
    }

    fn failed(code: &'static str, message: impl Into<String>) -> Self {
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

/// Checks the proofs of a credential in either form. `name`: of the check it belongs to.
pub(super) fn check(desk: &mut Desk<'_>, input: &Input, name: &'static str) -> (Check, Controllers) {
    match input {
        Input::Json(document) => check_document(desk, document, name),
        Input::Jws(jws) => check_jws(desk, jws, name),
    }
}

/// Checks a JWS: one signature, over everything.
fn check_jws(desk: &mut Desk<'_>, jws: &Jws, name: &'static str) -> (Check, Controllers) {
    let mut controllers = Controllers::default();
    let single = match check_signature(desk, jws) {
        Ok(controller) => {
            controllers.proven.push(controller);
            Single::new(Outcome::Passed, "proof_valid", "The signature is right: nothing was changed since.")
        }
        Err(single) => single,
    };
    let check = Check::new(name, single.outcome, single.code, single.message);
    (check.with(json!({"algorithm": jws.algorithm()})), controllers)
}

fn check_signature(desk: &mut Desk<'_>, jws: &Jws) -> Result<Controller, Single> {
    if jws.algorithm() == "none" {
        return Err(Single::failed(
            "unsigned",
            "The credential is not signed: its JWS has the algorithm \"none\".",
        ));
    }
    let version_2 = text(several(jws.credential().get("@context")).first()) == Some(super::schema::V2);
    if jws.payload.contains_key("vp") || version_2 && jws.payload.contains_key("vc") {
        return Err(Single::failed("jws_claims", "The JWS has a claim (vc or vp) of an older format."));
    }
    let found = match (jws.key_id(), jws.header.get("jwk")) {
        (Some(id), _) => keys::find(desk, id),
        (None, Some(jwk)) => keys::brought_along(jwk),
        (None, None) => {
            return Err(Single::failed(
                "proof_malformed",
                "The JWS does not say which key signed it (kid or jwk).",
            ));
        }
    };
    let found = found.map_err(Single::from)?;
    if found.ended.is_some_and(|ended| issued(jws).unwrap_or(desk.facts.now) >= ended) {
        return Err(Single::failed(
            "key_ended",
            "The credential was issued after its key had been withdrawn.",
        ));
    }
    match jws.verify(&found.key).and_then(|()| jws.check_claims()) {
        Ok(()) => Ok(found.controller),
        Err(JoseError::Signature) => {
            let message =
                "The signature does not fit: the credential was changed, or signed with another key.";
            Err(Single::failed("signature_invalid", message))
        }
        Err(error @ JoseError::Claim(_)) => {
            Err(Single::failed("jws_claims", format!("The JWS contradicts itself: {error}.")))
        }
        Err(error @ JoseError::Algorithm(_)) => Err(Single::new(
            Outcome::Unknown,
            "suite_unknown",
            format!("The signature cannot be checked: {error}."),
        )),
        Err(error) => Err(Single::failed("proof_malformed", format!("The JWS is malformed: {error}."))),
    }
}

/// When the credential in a JWS says it was issued.
fn issued(jws: &Jws) -> Option<Timestamp> {
    let credential = jws.credential();
    let date = credential.get("validFrom").or_else(|| credential.get("issuanceDate"));
    parse_date_time_stamp(text(date)?)
}

/// Checks every proof of a document. Passed if one holds and none is wrong: proofs of kinds that cannot
/// be checked may stand beside one that can.
fn check_document(
    desk: &mut Desk<'_>,
    document: &Map<String, Value>,
    name: &'static str,
) -> (Check, Controllers) {
    let mut controllers = Controllers::default();
    let all = several(document.get("proof"));
    if all.is_empty() {
        let message = "The credential is not signed: anyone could have written it.";
        return (Check::new(name, Outcome::Failed, "unsigned", message), controllers);
    }
    if all.len() > MOST_PROOFS {
        let message = format!("The credential has more than {MOST_PROOFS} proofs.");
        return (Check::new(name, Outcome::Failed, "too_many_proofs", message), controllers);
    }
    let results: Vec<Single> =
        all.iter().map(|proof| check_one(desk, document, proof, &mut controllers)).collect();
    let suites: Vec<String> = all.iter().filter_map(Value::as_object).map(proof::suite_name).collect();
    let find = |outcome| results.iter().find(|single| single.outcome == outcome);
    let decisive = find(Outcome::Failed).or_else(|| find(Outcome::Passed)).or_else(|| results.first());
    let Some(decisive) = decisive else {
        return (Check::new(name, Outcome::Failed, "unsigned", "The credential is not signed."), controllers);
    };
    let check = Check::new(name, decisive.outcome, decisive.code, decisive.message.clone());
    let mut detail = json!({"cryptosuites": suites});
    if !decisive.contexts.is_empty() {
        detail["contexts"] = json!(decisive.contexts);
    }
    (check.with(detail), controllers)
}

fn check_one(
    desk: &mut Desk<'_>,
    document: &Map<String, Value>,
    proof: &Value,
    controllers: &mut Controllers,
) -> Single {
    let Some(map) = proof.as_object() else {
        return Single::failed("proof_malformed", "A proof is not an object.");
    };
    if Suite::of(map).is_none() {
        let message =
            format!("The proof is of the kind \"{}\", which cannot be checked here.", proof::suite_name(map));
        return Single::new(Outcome::Unknown, "suite_unknown", message);
    }
    let created = match times(map, desk.facts.now) {
        Ok(created) => created,
        Err(single) => return single,
    };
    if text(map.get("proofPurpose")) != Some("assertionMethod") {
        return Single::failed(
            "proof_purpose",
            "The proof was not made to vouch for a credential (proofPurpose).",
        );
    }
    let Some(method) = text(map.get("verificationMethod")) else {
        return Single::failed(
            "proof_malformed",
            "The proof does not say which key made it (verificationMethod).",
        );
    };
    let found = match keys::find(desk, method) {
        Ok(found) => found,
        Err(missing) => return missing.into(),
    };
    if found.ended.is_some_and(|ended| created.unwrap_or(desk.facts.now) >= ended) {
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
    time("created")
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
        ProofError::WrongKey | ProofError::Malformed(_) => {
            Single::failed("proof_malformed", format!("The proof is malformed: {error}."))
        }
        ProofError::Signature => {
            let message =
                "The signature does not fit: the credential was changed, or signed with another key.";
            Single::failed("signature_invalid", message)
        }
    }
}
