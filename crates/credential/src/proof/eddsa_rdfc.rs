//! `eddsa-rdfc-2022` (VC Data Integrity EdDSA Cryptosuites 1.0, 3.2).

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::ProofError;
use crate::jiff_time::is_date_time_stamp;
use crate::key::PublicKey;
use crate::rdf::{self, RdfError};

/// What is signed: SHA-256 of the canonical proof configuration, then of the canonical document. `proof`
/// may hold `proofValue`: it is left out, as is the document's `proof`.
pub(super) fn hash_data(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
) -> Result<[u8; 64], RdfError> {
    let configuration = canonical_configuration(document, proof)?;
    let transformed = rdf::canonicalize_without(document, "proof")?;
    let mut data = [0; 64];
    data[..32].copy_from_slice(&Sha256::digest(configuration));
    data[32..].copy_from_slice(&Sha256::digest(transformed));
    Ok(data)
}

/// The proof without its value, read with the document's own context (3.2.5).
pub(super) fn canonical_configuration(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
) -> Result<String, RdfError> {
    let mut configuration = Map::with_capacity(proof.len() + 1);
    configuration.insert("@context".into(), document.get("@context").cloned().unwrap_or(Value::Null));
    for (name, value) in proof {
        if name != "proofValue" && name != "@context" {
            configuration.insert(name.clone(), value.clone());
        }
    }
    rdf::canonicalize_without(&configuration, "proofValue")
}

pub(super) fn verify(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    key: &PublicKey,
) -> Result<(), ProofError> {
    let created = proof.get("created").map(Value::as_str);
    if !created.is_none_or(|created| created.is_some_and(is_date_time_stamp)) {
        return Err(ProofError::Malformed("created"));
    }
    let signature = proof.get("proofValue").and_then(Value::as_str).and_then(decode);
    let signature = signature.ok_or(ProofError::Malformed("proofValue"))?;
    let data = hash_data(document, proof)?;
    if key.verify(&data, &signature) { Ok(()) } else { Err(ProofError::Signature) }
}

fn decode(text: &str) -> Option<[u8; 64]> {
    let encoded = text.strip_prefix('z').filter(|encoded| encoded.len() <= 90)?;
    bs58::decode(encoded).into_vec().ok()?.try_into().ok()
}
