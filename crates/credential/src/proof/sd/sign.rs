//! Making a base proof (VC-DI-ECDSA, 3.6.1 to 3.6.5).

use std::fmt;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::group::{Statements, digest};
use super::value::{Base, FixedBytes, MOST_SIGNATURES, Multikey, Signature};
use super::{SdError, without_proof};
use crate::key::{KeyKind, KeyPair};
use crate::proof::{ProofOptions, Suite, append, configuration, hash};
use crate::rdf::{Contexts, HashAlgorithm, RdfError};

/// The secrets of one base proof: random, and never used for another. The holder gets the first as part
/// of the proof; wipe both afterwards.
#[derive(Clone)]
pub struct Secrets {
    /// Renames unnamed nodes, so that their names do not tell what is hidden.
    pub hmac_key: [u8; 32],
    /// The secret scalar of the P-256 key that signs the single statements.
    pub proof_seed: [u8; 32],
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Signs with `ecdsa-sd-2023` and a P-256 key, and appends the base proof to `proof`, an array as Open
/// Badges 3.0 wants. `mandatory`: JSON Pointers (RFC 6901) to what every derived proof discloses; may be
/// empty. The work grows with what is not mandatory: one signature for each of its statements. Nothing is
/// changed if it fails.
pub fn sign_base(
    document: &mut Value,
    key: &KeyPair,
    options: &ProofOptions<'_>,
    mandatory: &[&str],
    secrets: &Secrets,
) -> Result<(), SdError> {
    let map = document.as_object().ok_or(SdError::NotAnObject)?;
    if key.kind() != KeyKind::P256 {
        return Err(SdError::WrongKey);
    }
    if !options.previous.is_empty() {
        return Err(SdError::Previous);
    }
    let own = KeyPair::from_seed(KeyKind::P256, &secrets.proof_seed).map_err(|_| SdError::Seed)?;
    let bare = without_proof(map);
    let statements = Statements::of(&bare, &secrets.hmac_key, options.contexts)?;
    let group = statements.choose(mandatory)?;
    let (required, optional) = statements.split(&group.places);
    if optional.len() > MOST_SIGNATURES {
        return Err(SdError::TooLarge(optional.len()));
    }
    let mut proof = configuration(&bare, Suite::EcdsaSd2023, options);
    let public_key = multikey(&own);
    let data = signed_data(&bare, &proof, public_key, digest(required.into_iter()), options.contexts)?;
    let base = Base {
        signature: sign(key, &data),
        public_key,
        hmac_key: secrets.hmac_key,
        signatures: optional.into_iter().map(|line| sign(&own, line.as_bytes())).collect(),
        mandatory: mandatory.iter().map(|pointer| (*pointer).to_owned()).collect(),
    };
    proof.insert("proofValue".into(), Value::String(base.encode()));
    append(document, proof).map_err(|_| SdError::NotAnObject)
}

/// What the issuer's key signs: the proof's configuration, the key that signs the single statements, and
/// the mandatory ones.
pub(super) fn signed_data(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    public_key: Multikey,
    mandatory: [u8; 32],
    contexts: &Contexts,
) -> Result<Vec<u8>, RdfError> {
    let configuration = hash::rdfc_configuration(document, proof, HashAlgorithm::Sha256, contexts)?;
    Ok([Sha256::digest(configuration).as_slice(), &public_key.0, &mandatory].concat())
}

fn sign(key: &KeyPair, data: &[u8]) -> Signature {
    FixedBytes(key.sign(data).try_into().expect("a P-256 key's signatures are 64 bytes"))
}

fn multikey(key: &KeyPair) -> Multikey {
    let text = key.public().multibase();
    let bytes = bs58::decode(text.trim_start_matches('z')).into_vec();
    FixedBytes(bytes.ok().and_then(|bytes| bytes.try_into().ok()).expect("a P-256 Multikey is 35 bytes"))
}
