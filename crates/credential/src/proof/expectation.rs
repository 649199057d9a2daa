//! What a proof has to have been made for (VC Data Integrity 1.0, 4.4).

use serde_json::{Map, Value};

use super::ProofError;

/// What a verifier expects a proof to say besides the signature.
///
/// ```
/// use cairn_credential::proof::{Expectations, ProofError};
/// use serde_json::json;
///
/// let proof = json!({"proofPurpose": "authentication", "challenge": "c1", "domain": ["a.example"]});
/// let proof = proof.as_object().unwrap();
/// let expected = Expectations { domain: Some("a.example"), ..Expectations::new("authentication") };
/// assert_eq!(expected.check(proof), Ok(()));
/// let expected = Expectations { challenge: Some("c2"), ..expected };
/// assert_eq!(expected.check(proof), Err(ProofError::Challenge));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expectations<'a> {
    /// `assertionMethod` for credentials, `authentication` for presentations.
    pub purpose: &'a str,
    /// The challenge the verifier gave; `None` if it gave none, and any is right.
    pub challenge: Option<&'a str>,
    /// The verifier's domain; `None` if it does not matter.
    pub domain: Option<&'a str>,
}

impl<'a> Expectations<'a> {
    /// Expects a purpose, and nothing else.
    pub fn new(purpose: &'a str) -> Self {
        Self { purpose, challenge: None, domain: None }
    }

    /// Compares a proof with what is expected, in the order purpose, domain, challenge.
    pub fn check(&self, proof: &Map<String, Value>) -> Result<(), ProofError> {
        let text = |name: &str| proof.get(name).and_then(Value::as_str);
        if text("proofPurpose") != Some(self.purpose) {
            return Err(ProofError::Purpose(self.purpose.to_owned()));
        }
        if self.domain.is_some_and(|domain| !is_only(proof.get("domain"), domain)) {
            return Err(ProofError::Domain);
        }
        if self.challenge.is_some_and(|challenge| text("challenge") != Some(challenge)) {
            return Err(ProofError::Challenge);
        }
        Ok(())
    }
}

/// A text counts as a set of one; the proof must be for this domain and no other.
fn is_only(value: Option<&Value>, domain: &str) -> bool {
    match value {
        Some(Value::Array(domains)) => !domains.is_empty() && domains.iter().all(|one| one == domain),
        Some(one) => one == domain,
        None => false,
    }
}
