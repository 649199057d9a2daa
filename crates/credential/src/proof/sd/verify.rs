//! Checking derived proofs, and base proofs for those who may see them (VC-DI-ECDSA, 3.5.5 and 3.6.8).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::group::{Statements, digest, name, split};
use super::sign::signed_data;
use super::value::{Base, DerivedValue, Multikey, Signature};
use super::{SdError, is_base, proof_value, without_proof};
use crate::key::{KeyKind, PublicKey};
use crate::proof::{ProofError, Suite, suite_name};
use crate::rdf::{Contexts, TracedDocument};

/// Checks a base proof of a document against the issuer's key: everything that can be derived from it will
/// verify. For issuers and holders; verifiers must be shown derived proofs ([`crate::proof::verify`]).
pub fn verify_base(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    let document = document.as_object().ok_or(ProofError::Malformed("@context"))?;
    let proof = proof.as_object().ok_or(ProofError::Malformed("type"))?;
    if Suite::of(proof) != Some(Suite::EcdsaSd2023) {
        return Err(ProofError::UnknownSuite(suite_name(proof)));
    }
    if key.kind() != KeyKind::P256 {
        return Err(ProofError::WrongKey);
    }
    let base = proof_value(proof).and_then(Base::decode).ok_or(ProofError::Malformed("proofValue"))?;
    let bare = without_proof(document);
    let contexts = Contexts::bundled();
    let statements = Statements::of(&bare, &base.hmac_key, contexts)?;
    let mandatory: Vec<&str> = base.mandatory.iter().map(String::as_str).collect();
    let group = statements.choose(&mandatory).map_err(|error| match error {
        SdError::Document(error) => ProofError::Transformation(error),
        _ => ProofError::Malformed("proofValue"),
    })?;
    let (required, optional) = statements.split(&group.places);
    let signed =
        Voucher { signature: base.signature, own: base.public_key, signatures: &base.signatures, contexts };
    signed.check(document, proof, key, &required, &optional)
}

/// Checks a derived proof of a document.
pub(in crate::proof) fn verify_derived(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    key: &PublicKey,
    contexts: &Contexts,
) -> Result<(), ProofError> {
    if is_base(proof) {
        return Err(ProofError::NotDerived);
    }
    let derived =
        proof_value(proof).and_then(DerivedValue::decode).ok_or(ProofError::Malformed("proofValue"))?;
    let bare = without_proof(document);
    let traced = TracedDocument::new(&bare, contexts)?;
    let canonical = traced.canonical_labels()?;
    if canonical.len() != derived.labels.len() {
        return Err(ProofError::Signature);
    }
    let names: Vec<String> = canonical.iter().map(|number| name(&derived.labels[*number as usize])).collect();
    let lines = traced.lines(&names);
    let mandatory: BTreeSet<usize> = derived.mandatory.iter().copied().collect();
    if mandatory.last().is_some_and(|place| *place >= lines.len()) {
        return Err(ProofError::Signature);
    }
    let (required, optional) = split(&lines, &mandatory);
    let signed = Voucher {
        signature: derived.signature,
        own: derived.public_key,
        signatures: &derived.signatures,
        contexts,
    };
    signed.check(document, proof, key, &required, &optional)
}

/// What either kind of proof vouches with.
struct Voucher<'a> {
    signature: Signature,
    own: Multikey,
    signatures: &'a [Signature],
    contexts: &'a Contexts,
}

impl Voucher<'_> {
    fn check(
        &self,
        document: &Map<String, Value>,
        proof: &Map<String, Value>,
        key: &PublicKey,
        required: &[&String],
        optional: &[&String],
    ) -> Result<(), ProofError> {
        // What a proof builds on is not part of what is signed here.
        if proof.contains_key("previousProof") {
            return Err(ProofError::Malformed("previousProof"));
        }
        let own = format!("z{}", bs58::encode(self.own.0).into_string());
        let own = PublicKey::from_multibase(&own).map_err(|_| ProofError::Malformed("proofValue"))?;
        if own.kind() != KeyKind::P256 {
            return Err(ProofError::Malformed("proofValue"));
        }
        let data = signed_data(document, proof, self.own, digest(required.iter().copied()), self.contexts)?;
        let single = |(line, signature): (&&String, &Signature)| own.verify(line.as_bytes(), &signature.0);
        let good = self.signatures.len() == optional.len()
            && key.verify(&data, &self.signature.0)
            && optional.iter().zip(self.signatures).all(single);
        if good { Ok(()) } else { Err(ProofError::Signature) }
    }
}
