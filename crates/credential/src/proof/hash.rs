//! What a proof signs: the hash of its configuration, then the hash of the document.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha384};

use super::{Canonicalization, ProofError, Suite};
use crate::jcs;
use crate::key::KeyKind;
use crate::rdf::{Contexts, HashAlgorithm, RdfError, ReadAs};

type Members = Map<String, Value>;

/// The hash a key of this kind goes with.
fn algorithm(kind: KeyKind) -> HashAlgorithm {
    if kind == KeyKind::P384 { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 }
}

/// What a proof signs.
pub(super) struct SigningInput {
    /// The bytes to sign: 64 with SHA-256, 96 with SHA-384 (for P-384).
    pub data: Vec<u8>,
    /// What those would miss who read the document and the proof by their members' names. Always nothing
    /// where the JSON is signed: then that is what the signature covers, whatever a context makes of it.
    pub hidden: Option<String>,
}

/// What to sign. `proof` may hold `proofValue`: it is
/// left out, as are the document's proofs, except those the proof builds on (`previousProof`).
pub(super) fn hash_data(
    document: &Members,
    proof: &Members,
    suite: Suite,
    kind: KeyKind,
    contexts: &Contexts,
) -> Result<SigningInput, ProofError> {
    let algorithm = algorithm(kind);
    let ((configuration, in_proof), (transformed, in_document)) = match suite.canonicalization() {
        Canonicalization::Rdfc => by_rdfc(document, proof, algorithm, contexts)?,
        Canonicalization::Jcs => {
            let (configuration, transformed) = by_jcs(document, proof)?;
            ((configuration, None), (transformed, None))
        }
    };
    let data = match algorithm {
        HashAlgorithm::Sha256 => [Sha256::digest(configuration), Sha256::digest(transformed)].concat(),
        HashAlgorithm::Sha384 => [Sha384::digest(configuration), Sha384::digest(transformed)].concat(),
    };
    Ok(SigningInput { data, hidden: in_document.or(in_proof) })
}

/// A canonical text, and what cannot be read off the JSON it stands for.
type Reading = (String, Option<String>);

fn by_rdfc(
    document: &Members,
    proof: &Members,
    algorithm: HashAlgorithm,
    contexts: &Contexts,
) -> Result<(Reading, Reading), ProofError> {
    let configuration = configuration(document, proof);
    let configuration = contexts.read_without(&configuration, "", algorithm, ReadAs::Proof)?;
    let transformed = match previous(document, proof)? {
        None => contexts.read_without(document, "proof", algorithm, ReadAs::Document)?,
        Some(previous) => {
            let mut built_on = document.clone();
            built_on.insert("proof".into(), Value::Array(previous));
            contexts.read_without(&built_on, "", algorithm, ReadAs::Document)?
        }
    };
    Ok((configuration, transformed))
}

/// The proof without its value, read with the document's own context (VC-DI EdDSA, 3.2.5).
pub(super) fn rdfc_configuration(
    document: &Members,
    proof: &Members,
    algorithm: HashAlgorithm,
    contexts: &Contexts,
) -> Result<String, RdfError> {
    contexts.canonicalize_without(&configuration(document, proof), "", algorithm)
}

/// What cannot be read off a document and its proof by their members' names.
pub(super) fn hidden(
    document: &Members,
    proof: &Members,
    contexts: &Contexts,
) -> Result<Option<String>, RdfError> {
    let in_document = contexts.hidden_in(document, "proof", ReadAs::Document)?;
    if in_document.is_some() {
        return Ok(in_document);
    }
    contexts.hidden_in(&configuration(document, proof), "", ReadAs::Proof)
}

fn configuration(document: &Members, proof: &Members) -> Members {
    let mut configuration = Map::with_capacity(proof.len() + 1);
    configuration.insert("@context".into(), document.get("@context").cloned().unwrap_or(Value::Null));
    for (name, value) in proof {
        if name != "proofValue" && name != "@context" {
            configuration.insert(name.clone(), value.clone());
        }
    }
    configuration
}

/// The document is read with the context its proof was made with, which it must begin with
/// (VC-DI EdDSA, 3.3.2).
fn by_jcs(document: &Members, proof: &Members) -> Result<(String, String), ProofError> {
    let mut configuration = proof.clone();
    configuration.shift_remove("proofValue");
    let mut bare = document.clone();
    match previous(document, proof)? {
        None => drop(bare.shift_remove("proof")),
        Some(previous) => drop(bare.insert("proof".into(), Value::Array(previous))),
    }
    if let Some(context) = proof.get("@context") {
        if !begins_with(document.get("@context"), context) {
            return Err(ProofError::Malformed("@context"));
        }
        bare.insert("@context".into(), context.clone());
    }
    Ok((jcs::canonicalize(&Value::Object(configuration)), jcs::canonicalize(&Value::Object(bare))))
}

fn begins_with(whole: Option<&Value>, start: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    whole.is_some_and(|whole| list(whole).starts_with(&list(start)))
}

/// The proofs a proof builds on (VC Data Integrity, 4.5), in the document's order.
fn previous(document: &Members, proof: &Members) -> Result<Option<Vec<Value>>, ProofError> {
    let malformed = || ProofError::Malformed("previousProof");
    let names = match proof.get("previousProof") {
        None => return Ok(None),
        Some(Value::Array(names)) => names.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let all = match document.get("proof") {
        Some(Value::Array(proofs)) => proofs.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let named = |proof: &&Value| proof.get("id").is_some_and(|id| names.contains(id));
    let found: Vec<Value> = all.iter().filter(named).cloned().collect();
    let missing =
        |name: &Value| !name.is_string() || !found.iter().any(|proof| proof.get("id") == Some(name));
    if names.is_empty() || names.iter().any(missing) { Err(malformed()) } else { Ok(Some(found)) }
}
