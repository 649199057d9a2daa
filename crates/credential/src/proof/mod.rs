//! Data Integrity proofs (W3C VC Data Integrity 1.0).
//!
//! ```
//! use cairn_credential::key::SigningKey;
//! use cairn_credential::proof::{self, ProofError, ProofOptions};
//! use serde_json::json;
//!
//! let key = SigningKey::from_seed(&[7; 32]);
//! let mut document = json!({
//!     "@context": ["https://www.w3.org/ns/credentials/v2"],
//!     "type": ["VerifiableCredential"],
//!     "issuer": "did:web:college.example",
//!     "credentialSubject": {"id": "did:example:amy"},
//! });
//! let options = ProofOptions::new("did:web:college.example#key-1", "2026-01-15T09:00:00Z".parse()?);
//! proof::sign(&mut document, &key, &options)?;
//! assert_eq!(proof::verify(&document, &document["proof"][0], &key.public()), Ok(()));
//!
//! document["credentialSubject"]["id"] = json!("did:example:eve");
//! assert_eq!(proof::verify(&document, &document["proof"][0], &key.public()), Err(ProofError::Signature));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod expectation;
mod hash;
pub mod sd;
mod suite;
mod template;

use jiff::Timestamp;
use serde_json::{Map, Value};

pub use expectation::Expectations;
pub use suite::{Suite, suite_name};
pub use template::Template;

use crate::jiff_time::is_date_time_stamp;
use crate::key::{KeyKind, KeyPair, PublicKey, SigningKey};
use crate::rdf::{Contexts, RdfError};
use suite::Canonicalization;

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
    /// The proof's own id, so that later proofs can build on it.
    pub id: Option<&'a str>,
    /// Ids of the proofs this one builds on and also signs (a proof chain).
    pub previous: &'a [&'a str],
    /// The contexts that give the document its meaning.
    pub contexts: &'a Contexts,
}

impl<'a> ProofOptions<'a> {
    /// An assertion that does not expire, with the bundled contexts.
    pub fn new(verification_method: &'a str, created: Timestamp) -> Self {
        Self {
            verification_method,
            created,
            expires: None,
            purpose: "assertionMethod",
            domain: None,
            challenge: None,
            id: None,
            previous: &[],
            contexts: Contexts::bundled(),
        }
    }

    /// A proof of a holder to a verifier, who asked for it with this challenge, and as this domain.
    pub fn authentication(
        verification_method: &'a str,
        created: Timestamp,
        challenge: &'a str,
        domain: &'a str,
    ) -> Self {
        Self {
            purpose: "authentication",
            challenge: Some(challenge),
            domain: Some(domain),
            ..Self::new(verification_method, created)
        }
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
    /// The key does not belong to the suite.
    #[error(
        "the suite {0} does not go with this kind of key: eddsa takes Ed25519, ecdsa takes P-256 and P-384"
    )]
    WrongKey(&'static str),
    /// A slot of a template that is not a text of the document, or a wrong number of values.
    #[error("a template's slots are JSON Pointers to texts of the document: {0}")]
    Slot(String),
    /// `ecdsa-sd-2023` needs more than a key.
    #[error("proofs of the kind \"ecdsa-sd-2023\" are made with proof::sd::sign_base, which takes secrets")]
    Selective,
    /// `previous` names proofs the document does not have.
    #[error("the document has no proofs with the ids that \"previous\" names")]
    Previous,
}

impl From<ProofError> for SignError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Transformation(error) => Self::Document(error),
            _ => Self::Previous,
        }
    }
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
    /// The key does not belong to the suite.
    #[error("the proof's key is of another kind than its cryptosuite")]
    WrongKey,
    /// A base proof (`ecdsa-sd-2023`), which its holder must not show to anyone.
    #[error(
        "this is a base proof, for the holder only: derive a proof from it that discloses what is needed"
    )]
    NotDerived,
    /// The signature holds for what the document means, and its members do not show all of that as they are
    /// named: dates, a status or a holder may be hidden from whoever reads it. Holds the member concerned.
    #[error(
        "the signature covers more, or something else, than can be read off the document as it is written (\"{0}\"): ask for it as it was issued"
    )]
    NotPlain(String),
    /// The signature is not the key's over this document.
    #[error("the signature does not fit the document: it was changed, or signed with another key")]
    Signature,
    /// The proof was made for something else than it is used for; what it should have been made for.
    #[error("the proof's purpose is not \"{0}\"")]
    Purpose(String),
    /// The proof answers another challenge, or none.
    #[error("the proof does not answer the verifier's challenge")]
    Challenge,
    /// The proof was made for another verifier, or for none in particular.
    #[error("the proof was not made for this verifier's domain")]
    Domain,
}

impl ProofError {
    /// The specification's name for the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSuite(_)
            | Self::WrongKey
            | Self::NotDerived
            | Self::NotPlain(_)
            | Self::Signature
            | Self::Purpose(_) => "PROOF_VERIFICATION_ERROR",
            Self::Malformed(_) => "PARSING_ERROR",
            Self::Transformation(
                RdfError::DataLoss(_) | RdfError::UndefinedTerm(_) | RdfError::UndefinedType(_),
            ) => "DATA_LOSS_DETECTION_ERROR",
            Self::Transformation(_) => "PROOF_TRANSFORMATION_ERROR",
            Self::Challenge => "INVALID_CHALLENGE_ERROR",
            Self::Domain => "INVALID_DOMAIN_ERROR",
        }
    }
}

/// Signs with `eddsa-rdfc-2022` and puts the proof into `proof`, an array as Open Badges 3.0 wants;
/// proofs already there stay (a proof set). Nothing is changed if it fails.
pub fn sign(document: &mut Value, key: &SigningKey, options: &ProofOptions<'_>) -> Result<(), SignError> {
    let map = document.as_object().ok_or(SignError::NotAnObject)?;
    let suite = Suite::EddsaRdfc2022;
    let mut proof = configuration(map, suite, options);
    let data = hash::hash_data(map, &proof, suite, KeyKind::Ed25519, options.contexts)?.data;
    put_value(&mut proof, &key.sign(&data));
    append(document, proof)
}

/// Signs with a suite and a key of one's choice. `Ed25519Signature2020` is not made any more.
pub fn sign_with(
    document: &mut Value,
    suite: Suite,
    key: &KeyPair,
    options: &ProofOptions<'_>,
) -> Result<(), SignError> {
    let map = document.as_object().ok_or(SignError::NotAnObject)?;
    if suite == Suite::EcdsaSd2023 {
        return Err(SignError::Selective);
    }
    if suite == Suite::Ed25519Signature2020 || !suite.takes(key.kind()) {
        return Err(SignError::WrongKey(suite.name()));
    }
    let mut proof = configuration(map, suite, options);
    let data = hash::hash_data(map, &proof, suite, key.kind(), options.contexts)?.data;
    put_value(&mut proof, &key.sign(&data));
    append(document, proof)
}

fn put_value(proof: &mut Map<String, Value>, signature: &[u8]) {
    let value = format!("z{}", bs58::encode(signature).into_string());
    proof.insert("proofValue".into(), Value::String(value));
}

fn append(document: &mut Value, proof: Map<String, Value>) -> Result<(), SignError> {
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
/// the key, and whether it may be used, is [`crate::check`]'s to find out. The proofs it builds on
/// (`previousProof`) are taken from the document, and must be checked on their own.
pub fn verify(document: &Value, proof: &Value, key: &PublicKey) -> Result<(), ProofError> {
    verify_with(document, proof, key, Contexts::bundled())
}

/// Like [`verify`], with the contexts that give the document its meaning.
pub fn verify_with(
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    contexts: &Contexts,
) -> Result<(), ProofError> {
    let document = document.as_object().ok_or(ProofError::Malformed("@context"))?;
    let proof = proof.as_object().ok_or(ProofError::Malformed("type"))?;
    verify_map(document, proof, key, contexts)
}

/// Like [`verify`], and checks that the proof was made for what it is used for.
pub fn verify_as(
    document: &Value,
    proof: &Value,
    key: &PublicKey,
    expectations: &Expectations<'_>,
) -> Result<(), ProofError> {
    expectations.check(proof.as_object().ok_or(ProofError::Malformed("type"))?)?;
    verify(document, proof, key)
}

pub(crate) fn verify_map(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    key: &PublicKey,
    contexts: &Contexts,
) -> Result<(), ProofError> {
    let suite = Suite::of(proof).ok_or_else(|| ProofError::UnknownSuite(suite_name(proof)))?;
    if !suite.takes(key.kind()) {
        return Err(ProofError::WrongKey);
    }
    let created = proof.get("created").map(Value::as_str);
    if !created.is_none_or(|created| created.is_some_and(is_date_time_stamp)) {
        return Err(ProofError::Malformed("created"));
    }
    if suite == Suite::EcdsaSd2023 {
        sd::verify_derived(document, proof, key, contexts)?;
        return refuse_hidden(hash::hidden(document, proof, contexts)?);
    }
    let signature = proof.get("proofValue").and_then(Value::as_str).and_then(decode);
    let signature = signature.ok_or(ProofError::Malformed("proofValue"))?;
    let hashed = hash::hash_data(document, proof, suite, key.kind(), contexts)?;
    if key.verify(&hashed.data, &signature) || verify_older_jcs(document, proof, suite, key, &signature)? {
        return refuse_hidden(hashed.hidden);
    }
    Err(ProofError::Signature)
}

/// A signature that holds is of no use to somebody who reads something else than it covers.
fn refuse_hidden(hidden: Option<String>) -> Result<(), ProofError> {
    hidden.map_or(Ok(()), |what| Err(ProofError::NotPlain(what)))
}

/// Drafts of the JCS suites put the document's context into the configuration that is hashed, but not into
/// the proof; some still sign that way. It covers the same as the final form.
fn verify_older_jcs(
    document: &Map<String, Value>,
    proof: &Map<String, Value>,
    suite: Suite,
    key: &PublicKey,
    signature: &[u8],
) -> Result<bool, ProofError> {
    let (Canonicalization::Jcs, None, Some(context)) =
        (suite.canonicalization(), proof.get("@context"), document.get("@context"))
    else {
        return Ok(false);
    };
    let mut proof = proof.clone();
    proof.insert("@context".into(), context.clone());
    let data = hash::hash_data(document, &proof, suite, key.kind(), Contexts::bundled())?.data;
    Ok(key.verify(&data, signature))
}

/// A signature in base58btc, 64 or 96 bytes.
fn decode(text: &str) -> Option<Vec<u8>> {
    let encoded = text.strip_prefix('z').filter(|encoded| encoded.len() <= 140)?;
    bs58::decode(encoded).into_vec().ok()
}

fn configuration(
    document: &Map<String, Value>,
    suite: Suite,
    options: &ProofOptions<'_>,
) -> Map<String, Value> {
    let mut proof = Map::new();
    let mut put = |name: &str, value: String| drop(proof.insert(name.into(), Value::String(value)));
    put("type", "DataIntegrityProof".into());
    put("cryptosuite", suite.name().into());
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
    if let Some(id) = options.id {
        put("id", id.into());
    }
    match options.previous {
        [] => {}
        [one] => put("previousProof", (*one).into()),
        several => {
            let names = several.iter().map(|name| Value::String((*name).into())).collect();
            proof.insert("previousProof".into(), Value::Array(names));
        }
    }
    if let (Canonicalization::Jcs, Some(context)) = (suite.canonicalization(), document.get("@context")) {
        proof.insert("@context".into(), context.clone());
    }
    proof
}

fn whole_seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
