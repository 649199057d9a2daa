//! Selective disclosure: `ecdsa-sd-2023` (W3C VC-DI-ECDSA 1.0, 3.4 to 3.6).
//!
//! The issuer signs every statement of a credential on its own ([`sign_base`]). The holder keeps that base
//! proof, and derives from it proofs that show some parts and hide the others ([`derive`](derive())). Those are
//! verified like any proof, with [`super::verify`] or [`crate::check`]. Parts are named by JSON Pointers
//! (RFC 6901): to members, to items (`/evidence/0`), or to whole objects.
//!
//! * What is *mandatory* is part of every derived proof. Choose it with care: whatever a verifier must
//!   see to judge a badge (issuer, validity, status: [`always_shown`] names them) and whatever it needs to be an
//!   Open Badge at all.
//! * Objects on the way to what is disclosed show their `id`, `type` and `@context`, not more.
//! * Ordered lists (`@container: @list`, in Open Badges `allowedValue`), JSON values and texts with a
//!   language are disclosed whole: point at them, not into them.
//! * Some implementations verify documents with ordered lists, but neither sign nor derive from them; and
//!   they know no items of arrays that hold only one. For their sake point at whole arrays (`/evidence`).
//! * Derived proofs of one credential share its signature, so verifiers who compare notes can tell that
//!   they saw the same credential.
//!
//! ```
//! use cairn_credential::key::{KeyKind, KeyPair};
//! use cairn_credential::proof::{self, ProofError, ProofOptions, sd};
//! use serde_json::json;
//!
//! let key = KeyPair::from_seed(KeyKind::P256, &[7; 32])?;
//! let did = key.public().did_key();
//! let mut credential = json!({
//!     "@context": [
//!         "https://www.w3.org/ns/credentials/v2",
//!         "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
//!     ],
//!     "type": ["VerifiableCredential", "OpenBadgeCredential"],
//!     "issuer": {"id": did, "type": ["Profile"], "name": "Riverside College"},
//!     "validFrom": "2026-01-15T09:00:00Z",
//!     "name": "Soils",
//!     "credentialSubject": {"type": ["AchievementSubject"], "narrative": "Dug four pits."},
//!     "evidence": [
//!         {"type": ["Evidence"], "name": "Soil profile"},
//!         {"type": ["Evidence"], "name": "Photograph of Amy in a pit"}
//!     ]
//! });
//!
//! // The issuer. The secrets are 2 × 32 random bytes, fresh for each credential.
//! let secrets = sd::Secrets { hmac_key: [1; 32], proof_seed: [2; 32] };
//! let method = format!("{did}#{}", key.public().multibase());
//! let options = ProofOptions::new(&method, "2026-01-15T09:00:00Z".parse()?);
//! sd::sign_base(&mut credential, &key, &options, &["/issuer", "/validFrom"], &secrets)?;
//!
//! // The holder.
//! sd::verify_base(&credential, &credential["proof"][0], &key.public())?;
//! let shown = sd::derive(&credential, &["/name", "/evidence/0"])?;
//! assert_eq!(shown["evidence"], json!([{"type": ["Evidence"], "name": "Soil profile"}]));
//! assert!(shown.get("credentialSubject").is_none());
//!
//! // The verifier.
//! assert_eq!(proof::verify(&shown, &shown["proof"][0], &key.public()), Ok(()));
//! let base = proof::verify(&credential, &credential["proof"][0], &key.public());
//! assert_eq!(base, Err(ProofError::NotDerived), "the base proof would show everything");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod always;
mod derive;
mod group;
mod select;
mod sign;
mod value;
#[cfg(test)]
mod vectors;
mod verify;

use serde_json::{Map, Value};

pub use always::always_shown;
pub use derive::derive;
pub use sign::{Secrets, sign_base};
pub use verify::verify_base;
pub(super) use verify::verify_derived;

use super::Suite;
use crate::rdf::RdfError;
use value::MOST_SIGNATURES;

type Members = Map<String, Value>;

/// Why a base proof could not be made, or nothing derived from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdError {
    /// The document is not a JSON object.
    #[error("only a JSON object can be signed")]
    NotAnObject,
    /// The key is not a P-256 key.
    #[error("the suite ecdsa-sd-2023 takes P-256 keys only")]
    WrongKey,
    /// The proof's seed is zero or beyond the curve's order, which chance does not bring about.
    #[error("the seed of the proof's own key is not usable: draw 32 random bytes again")]
    Seed,
    /// `previous` is set.
    #[error("a proof for selective disclosure cannot build on other proofs, which the holder leaves out")]
    Previous,
    /// The document says something JSON-LD cannot carry.
    #[error("the document cannot be signed: {0}")]
    Document(#[from] RdfError),
    /// Too many statements are not mandatory.
    #[error(
        "the document makes {0} statements to be signed one by one, at most {MOST_SIGNATURES} are: make more of it mandatory"
    )]
    TooLarge(usize),
    /// Not a JSON Pointer.
    #[error(
        "\"{0}\" is not a JSON Pointer: write \"/\" before every name, \"~1\" for \"/\", \"~0\" for \"~\""
    )]
    NotAPointer(String),
    /// A pointer to what is not there.
    #[error("\"{0}\" points at nothing in the document")]
    Pointer(String),
    /// A choice that says something else than the document.
    #[error(
        "a list, a JSON value or a text with a language is disclosed whole: point at it, not at something inside it"
    )]
    Torn,
    /// Neither mandatory nor chosen.
    #[error("nothing would be disclosed: nothing is mandatory, and no pointer was given")]
    Nothing,
    /// There is nothing to derive from.
    #[error("the document has no base proof of the kind ecdsa-sd-2023 to derive from")]
    NoBaseProof,
    /// The proof is derived already, so what it hides is gone.
    #[error("the document's proof is derived already: derive from the document the issuer gave out")]
    Derived,
    /// The base proof is malformed, or belongs to another document.
    #[error("the base proof does not belong to this document: it was changed")]
    Mismatch,
}

/// True for a base proof, which shows a verifier everything and is refused.
pub fn is_base(proof: &Map<String, Value>) -> bool {
    Suite::of(proof) == Some(Suite::EcdsaSd2023) && proof_value(proof).is_some_and(value::is_base)
}

fn proof_value(proof: &Members) -> Option<&str> {
    proof.get("proofValue").and_then(Value::as_str)
}

fn without_proof(document: &Members) -> Members {
    let mut bare = document.clone();
    bare.shift_remove("proof");
    bare
}
