//! Verification receipts: a signed note that somebody verified a badge at some time, and what came of it.
//!
//! A receipt is a plain JSON document, not a credential, signed as JSON (`eddsa-jcs-2022` or
//! `ecdsa-jcs-2019`), so that its terms need no context. It does not hold what was verified, only its hash.
//! It says what its verifier found, not that this is so: trust it as far as the verifier.
//!
//! ```
//! use cairn_credential::check::{Facts, check};
//! use cairn_credential::key::{KeyPair, SigningKey};
//! use cairn_credential::receipt;
//!
//! let key = KeyPair::from(SigningKey::from_seed(&[7; 32]));
//! let did = key.public().did_key();
//! let method = format!("{did}#{}", key.public().multibase());
//! let now = "2026-06-01T12:00:00Z".parse()?;
//!
//! let input = br#"{"type": "not a badge"}"#;
//! let report = check(input, &Facts::new(now)).report;
//! let signed = receipt::sign(input, &report, &key, &method, now)?;
//!
//! let receipt = receipt::verify(&signed, &key.public(), Some(input))?;
//! assert_eq!((receipt.verifier, receipt.checked_at, receipt.report), (did, now, report));
//! assert!(receipt::verify(&signed, &key.public(), Some(b"something else")).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use jiff::Timestamp;
use serde::Deserialize as _;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::check::Report;
use crate::did;
use crate::jiff_time::parse_date_time_stamp;
use crate::key::{KeyKind, KeyPair, PublicKey, hex};
use crate::proof::{self, ProofError, ProofOptions, SignError, Suite};

/// The `type` of a receipt.
pub const TYPE: &str = "VerificationReceipt";
/// All that a receipt's proof says; more might change what it means.
const PROOF_MEMBERS: [&str; 6] =
    ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"];

/// What somebody found out about a badge, and when. In JSON: `type` ([`TYPE`]), `verifier`, `checkedAt`,
/// `sha256`, `report` and, once signed, `proof`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The DID of whoever verified.
    pub verifier: String,
    /// When.
    pub checked_at: Timestamp,
    /// The SHA-256 of the bytes that were verified (JSON, JWS or picture), in lower-case hexadecimal.
    pub sha256: String,
    /// What was found.
    pub report: Report,
}

/// Why a receipt cannot be made or relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The key's address is not a DID URL with a fragment.
    #[error("\"{0}\" is not the address of a verifier's key: it looks like did:web:example.org#key-1")]
    Method(String),
    /// The key cannot sign receipts.
    #[error("the receipt cannot be signed: {0}")]
    Sign(#[from] SignError),
    /// Not a receipt.
    #[error("this is not a verification receipt: \"{0}\" is missing or malformed")]
    Malformed(&'static str),
    /// The proof names a key of somebody else than the verifier.
    #[error("the receipt is not signed by the verifier it names")]
    Verifier,
    /// The signature does not hold.
    #[error("the receipt's signature does not hold: {0}")]
    Proof(#[from] ProofError),
    /// The receipt is about something else.
    #[error("the receipt is about another badge: take the very file that was verified")]
    Input,
}

impl Receipt {
    /// A receipt for these bytes. The time is cut to whole seconds.
    pub fn new(input: &[u8], report: &Report, verifier: &str, now: Timestamp) -> Self {
        Self {
            verifier: verifier.to_owned(),
            checked_at: Timestamp::from_second(now.as_second()).unwrap_or(now),
            sha256: hex(&Sha256::digest(input)),
            report: report.clone(),
        }
    }

    /// The receipt as JSON, unsigned.
    pub fn to_value(&self) -> Value {
        json!({
            "type": TYPE,
            "verifier": self.verifier,
            "checkedAt": self.checked_at.to_string(),
            "sha256": self.sha256,
            "report": self.report,
        })
    }
}

/// Writes and signs a receipt. `method`: the DID URL of the key, which is the verifier's DID and a fragment.
pub fn sign(
    input: &[u8],
    report: &Report,
    key: &KeyPair,
    method: &str,
    now: Timestamp,
) -> Result<Value, ReceiptError> {
    let verifier = controller(method).ok_or_else(|| ReceiptError::Method(method.to_owned()))?;
    check_own_key(verifier, &key.public())?;
    let suite = match key.kind() {
        KeyKind::Ed25519 => Suite::EddsaJcs2022,
        KeyKind::P256 | KeyKind::P384 => Suite::EcdsaJcs2019,
        KeyKind::P521 | KeyKind::Rsa => return Err(SignError::WrongKey(Suite::EcdsaJcs2019.name()).into()),
    };
    let mut receipt = Receipt::new(input, report, verifier, now).to_value();
    proof::sign_with(&mut receipt, suite, key, &ProofOptions::new(method, now))?;
    Ok(receipt)
}

/// The DID URL of the key a receipt says it is signed with, to look the key up. Nothing is verified.
pub fn method(receipt: &Value) -> Result<&str, ReceiptError> {
    let method = proof_of(receipt)?.get("verificationMethod").and_then(Value::as_str);
    method.ok_or(ReceiptError::Malformed("proof.verificationMethod"))
}

/// Verifies a receipt: its shape, that the key its proof names is one of its verifier's, and the signature.
/// With `input`, also that the receipt is about these bytes.
///
/// `key` has to be the key of [`method`], from the verifier's DID document and among its `assertionMethod`s;
/// for `did:key` and `did:jwk`, which are keys themselves, this is checked here.
pub fn verify(receipt: &Value, key: &PublicKey, input: Option<&[u8]>) -> Result<Receipt, ReceiptError> {
    let read = read(receipt)?;
    let method = method(receipt)?;
    if controller(method) != Some(read.verifier.as_str()) {
        return Err(ReceiptError::Verifier);
    }
    check_own_key(&read.verifier, key)?;
    proof::verify(receipt, &receipt["proof"][0], key)?;
    let fits = input.is_none_or(|input| hex(&Sha256::digest(input)) == read.sha256);
    if fits { Ok(read) } else { Err(ReceiptError::Input) }
}

/// Reads a receipt whose proof is of the only form receipts have.
fn read(receipt: &Value) -> Result<Receipt, ReceiptError> {
    let text = |name| receipt.get(name).and_then(Value::as_str).ok_or(ReceiptError::Malformed(name));
    if text("type")? != TYPE {
        return Err(ReceiptError::Malformed("type"));
    }
    let verifier = text("verifier")?.to_owned();
    let checked_at = parse_date_time_stamp(text("checkedAt")?).ok_or(ReceiptError::Malformed("checkedAt"))?;
    let sha256 = text("sha256")?.to_owned();
    if sha256.len() != 64 || !sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(ReceiptError::Malformed("sha256"));
    }
    let report = receipt.get("report").ok_or(ReceiptError::Malformed("report"))?;
    let report = Report::deserialize(report).map_err(|_| ReceiptError::Malformed("report"))?;
    let proof = proof_of(receipt)?;
    if !proof.keys().all(|name| PROOF_MEMBERS.contains(&name.as_str())) {
        return Err(ReceiptError::Malformed("proof"));
    }
    if proof.get("proofPurpose").is_none_or(|purpose| purpose != "assertionMethod") {
        return Err(ReceiptError::Malformed("proof.proofPurpose"));
    }
    if !matches!(Suite::of(proof), Some(Suite::EddsaJcs2022 | Suite::EcdsaJcs2019)) {
        return Err(ReceiptError::Malformed("proof.cryptosuite"));
    }
    Ok(Receipt { verifier, checked_at, sha256, report })
}

/// The only proof of a receipt.
fn proof_of(receipt: &Value) -> Result<&Map<String, Value>, ReceiptError> {
    match receipt.get("proof").and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::Object(proof)]) => Ok(proof),
        _ => Err(ReceiptError::Malformed("proof")),
    }
}

/// The DID in front of a key's fragment.
fn controller(method: &str) -> Option<&str> {
    let (did, fragment) = method.split_once('#')?;
    (did.starts_with("did:") && !fragment.is_empty()).then_some(did)
}

/// Refuses a key that is not the one the verifier's DID stands for.
fn check_own_key(verifier: &str, key: &PublicKey) -> Result<(), ReceiptError> {
    let fits = match verifier {
        did if did.starts_with("did:key:") => did == key.did_key(),
        did if did.starts_with("did:jwk:") => did::jwk_key(did).is_ok_and(|own| own == *key),
        _ => true,
    };
    if fits { Ok(()) } else { Err(ReceiptError::Verifier) }
}
