//! Data Integrity proofs (W3C VC Data Integrity 1.0).

mod eddsa_rdfc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::key::{PublicKey, SigningKey};
use crate::rdf::RdfError;

/// What goes into a proof besides the signature.
#[derive(Debug, Clone)]
pub struct ProofOptions<'a> {
    /// The DID URL of the signing key, such as `did:web:example.org#key-1`.
    pub verification_method: &'a str,
    /// When the proof is made; written in whole seconds.
    pub created: Timestamp,
    /// When the proof stops counting.
    pub expires: Option<Timestamp>,
    /// What the proof is for; `assertionMethod` for credentials, `authentication` for presentations.
    pub purpose: &'a str,
    /// The verifier the proof is meant for.
    pub domain: Option<&'a str>,
    /// The verifier's challenge.
    pub challenge: Option<&'a str>,
}

impl<'a> ProofOptions<'a> {
    /// An assertion that does not expire.
    pub fn new(verification_method: &'a str, created: Timestamp) -> Self {
        let (expires, domain, challenge) = (None, None, None);
        Self { verification_method, created, expires, purpose: "assertionMethod", domain, challenge }
    }
}

/// Why a document could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Only JSON objects are signed.
    #[error("only a JSON object can be signed")]
    NotAnObject,
    /// The document says something JSON-LD cannot carry.
    #[error("the document cannot be signed: {0}")]
    Document(#[from] RdfError),
}

/// Why a proof does not hold. Codes are the specification's (VC Data Integrity 1.0, 4.7).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The proof is of a kind this crate cannot check.
    #[error("proofs of the kind \"{0}\" cannot be checked")]
    UnknownSuite(String),
    /// A member of the proof is missing or malformed.
    #[error("the proof's member \"{0}\" is missing or malformed")]
    Malformed(&'static str),
    /// The document cannot be canonicalised.
    #[error("{0}")]
    Transformation(#[from] RdfError),
    /// The signature is not the key's over this document.
    #[error("the signature does not fit the document: it was changed, or signed with another key")]
    Signature,
}

/// Signs with `eddsa-rdfc-2022` and puts the proof into `proof`, an array as Open Badges 3.0 wants;
/// proofs already there stay (a proof set). Nothing is changed if it fails.
pub fn sign(document: &mut Value, key: &SigningKey, options: &ProofOptions<'_>) -> Result<(), SignError> {
    let map = document.as_object().ok_or(SignError::NotAnObject)?;
    let mut proof = configuration("eddsa-rdfc-2022", options);
    let data = eddsa_rdfc::hash_data(map, &proof)?;
    let value = format!("z{}", bs58::encode(key.sign(&data)).into_string());
    proof.insert("proofValue".into(), Value::String(value));
    let map = document.as_object_mut().ok_or(SignError::NotAnObject)?;
    let mut proofs = match map.shift_remove("proof") {
        Some(Value::Array(proofs)) => proofs,
        Some(one) => vec![one],
        None => Vec::with_capacity(1),
    };
    proofs.push(Value::Object(proof));
    map.insert("proof".into(), Value::Array(proofs));
    Ok(())
}

/// Checks one proof of a document against a key that is known to be the verification method's. Who holds
/// the key, and whether it may be used, is [`crate::check`]'s to find out.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    let document = document.as_object().ok_or(ProofError::Malformed("@context"))?;
    let proof = proof.as_object().ok_or(ProofError::Malformed("type"))?;
    verify_map(document, proof, key)
}

/// True if [`verify`] knows proofs of this kind.
pub fn is_supported(suite: &str) -> bool {
    suite == "eddsa-rdfc-2022"
}

pub(crate) fn verify_map(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    key: &PublicKey,
) -> Result<(), ProofError> {
    match suite(proof).as_str() {
        "eddsa-rdfc-2022" => eddsa_rdfc::verify(document, proof, key),
        other => Err(ProofError::UnknownSuite(other.to_owned())),
    }
}

/// The cryptosuite of a proof: its `cryptosuite`, or its `type` if it is from before Data Integrity.
pub fn suite(proof: &Map<String, Value>) -> String {
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    match (text("type"), text("cryptosuite")) {
        (Some("DataIntegrityProof"), Some(suite)) => suite.to_owned(),
        (Some("DataIntegrityProof"), None) => "DataIntegrityProof without cryptosuite".to_owned(),
        (Some(old), _) => old.to_owned(),
        (None, _) => "no type".to_owned(),
    }
}

fn configuration(suite: &str, options: &ProofOptions<'_>) -> Map<String, Value> {
    let mut proof = Map::new();
    let mut put = |name: &str, value: String| proof.insert(name.into(), Value::String(value));
    put("type", "DataIntegrityProof".into());
    put("cryptosuite", suite.into());
    put("created", whole_seconds(options.created));
    if let Some(expires) = options.expires {
        put("expires", whole_seconds(expires));
    }
    put("verificationMethod", options.verification_method.into());
    put("proofPurpose", options.purpose.into());
    if let Some(domain) = options.domain {
        put("domain", domain.into());
    }
    if let Some(challenge) = options.challenge {
        put("challenge", challenge.into());
    }
    proof
}

fn whole_seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
