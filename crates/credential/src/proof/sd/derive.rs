//! Deriving a proof that discloses some of a document (VC-DI-ECDSA, 3.5.1, 3.5.3 and 3.6.6).

use std::collections::BTreeSet;

use serde_json::Value;

use super::group::Statements;
use super::value::{Base, DerivedValue, Signature};
use super::{SdError, is_base, proof_value, without_proof};
use crate::proof::Suite;
use crate::rdf::Contexts;

/// The part of a document that a base proof's mandatory pointers and these JSON Pointers (RFC 6901) point
/// at, with a derived proof in place of the base proof. Other proofs are left out: they are for the whole
/// document. Of several base proofs the first is used. A pointer that points at nothing is an error.
///
/// The base proof is not checked here, and what is derived from a bad one does not verify: see
/// [`super::verify_base`].
pub fn derive(document: &Value, selective: &[&str]) -> Result<Value, SdError> {
    let map = document.as_object().ok_or(SdError::NotAnObject)?;
    let proofs = match map.get("proof") {
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let mut objects = proofs.iter().filter_map(Value::as_object);
    let Some(proof) = objects.clone().find(|proof| is_base(proof)) else {
        let derived = objects.any(|proof| Suite::of(proof) == Some(Suite::EcdsaSd2023));
        return Err(if derived { SdError::Derived } else { SdError::NoBaseProof });
    };
    let base = proof_value(proof).and_then(Base::decode).ok_or(SdError::Mismatch)?;
    let bare = without_proof(map);
    let statements = Statements::of(&bare, &base.hmac_key, Contexts::bundled())?;
    let mandatory: Vec<&str> = base.mandatory.iter().map(String::as_str).collect();
    let required = statements.choose(&mandatory)?.places;
    if base.signatures.len() != statements.lines().len() - required.len() {
        return Err(SdError::Mismatch);
    }
    statements.choose(selective)?;
    let chosen = statements.choose(&[&mandatory, selective].concat())?;
    if chosen.places.is_empty() {
        return Err(SdError::Nothing);
    }
    let derived = DerivedValue {
        signature: base.signature,
        public_key: base.public_key,
        signatures: signatures(&base, &required, &chosen.places),
        labels: statements.labels(&chosen)?,
        mandatory: places_within(&chosen.places, &required),
    };
    let mut proof = proof.clone();
    proof.insert("proofValue".into(), Value::String(derived.encode()));
    let proof = Value::Object(proof);
    let mut revealed = statements.reveal(&chosen);
    let as_list = map.get("proof").is_some_and(Value::is_array);
    revealed.insert("proof".into(), if as_list { Value::Array(vec![proof]) } else { proof });
    Ok(Value::Object(revealed))
}

/// The signatures of the chosen statements that are not mandatory. The base proof has one for each that
/// is not mandatory, chosen or not.
fn signatures(base: &Base, required: &BTreeSet<usize>, chosen: &BTreeSet<usize>) -> Vec<Signature> {
    let optional = (0..).filter(|place| !required.contains(place));
    let paired = optional.zip(&base.signatures);
    paired.filter(|(place, _)| chosen.contains(place)).map(|(_, signature)| *signature).collect()
}

/// Where the required ones stand among the chosen.
fn places_within(chosen: &BTreeSet<usize>, required: &BTreeSet<usize>) -> Vec<usize> {
    let places = chosen.iter().enumerate().filter(|(_, place)| required.contains(place));
    places.map(|(at, _)| at).collect()
}
