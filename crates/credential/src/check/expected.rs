//! Was a credential's proof made for whom, and for what, the verifier expects?

use serde_json::{Map, Value};

use super::input::{self, Document, Input};
use super::keys::Relationship;
use super::member::several;
use super::{Check, Examination, Facts, Outcome, VerifierRequest, check, presented};
use crate::proof::{Expectations, ProofError};

/// Like [`check`], for a verifier who expects a challenge or a domain in the credential's own proof: what was
/// made for another fails.
pub fn check_expected(input: &[u8], facts: &Facts, expected: &VerifierRequest) -> Examination {
    let mut checked = check(input, facts);
    if *expected == VerifierRequest::default() {
        return checked;
    }
    let proofs = match input::read(input).1 {
        Some(Document::Credential(input)) => proofs_of(&input),
        Some(Document::Claims(disclosing)) => proofs_of(&Input::SdJwt(disclosing)),
        // neither challenge nor domain is known there
        Some(Document::Legacy(_) | Document::Foreign(_)) => Vec::new(),
        None => return checked,
    };
    checked.report.revise(|checks| {
        for (name, expectations) in expectations(expected) {
            checks.push(compare(name, &proofs, &expectations));
        }
    });
    checked
}

fn expectations(expected: &VerifierRequest) -> Vec<(&'static str, Expectations<'_>)> {
    let any = Expectations::new(Relationship::AssertionMethod.name());
    let domain = expected.domain.as_deref().map(|domain| Expectations { domain: Some(domain), ..any });
    let challenge =
        expected.challenge.as_deref().map(|challenge| Expectations { challenge: Some(challenge), ..any });
    let domain = domain.map(|domain| ("domain", domain));
    domain.into_iter().chain(challenge.map(|challenge| ("challenge", challenge))).collect()
}

/// The proofs, or what stands for one: the claims of the holder's signature, or of the issuer's.
fn proofs_of(input: &Input) -> Vec<Map<String, Value>> {
    let claims = match input {
        Input::Json(map) => {
            return several(map.get("proof")).iter().filter_map(Value::as_object).cloned().collect();
        }
        Input::Jws(jws) => &jws.payload,
        Input::SdJwt(disclosing) => disclosing.binding_claims(),
        Input::Cose(sign1) => &sign1.payload,
    };
    let mut proof = presented::claims_as_proof(claims);
    proof.insert("proofPurpose".into(), Relationship::AssertionMethod.name().into());
    vec![proof]
}

fn compare(name: &str, proofs: &[Map<String, Value>], expectations: &Expectations<'_>) -> Check {
    let wrong = proofs.iter().find_map(|proof| match expectations.check(proof) {
        // the purpose is the proof check's to judge
        Ok(()) | Err(ProofError::Purpose(_)) => None,
        Err(error) => Some(error),
    });
    let error = match wrong {
        None if !proofs.is_empty() => {
            let code = if name == "domain" { "domain_matches" } else { "challenge_answered" };
            let message = format!("The credential's proof was made for the {name} that is expected.");
            return Check::new(name, Outcome::Passed, code, message);
        }
        Some(error) => error,
        None if name == "domain" => ProofError::Domain,
        None => ProofError::Challenge,
    };
    let message = format!("The credential's proof was not made for the {name} that is expected.");
    Check::new(name, Outcome::Failed, error.code(), message)
}
