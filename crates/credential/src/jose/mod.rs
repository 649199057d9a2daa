//! Credentials and presentations as compact JWS (RFC 7515): the Open Badges 3.0 profile of VC-JWT (8.2.4)
//! and the profile of W3C VC-JOSE-COSE 1.0 (3.1).
//!
//! ```
//! use cairn_credential::jose;
//! use cairn_credential::key::{KeyKind, KeyPair};
//! use serde_json::json;
//!
//! let key = KeyPair::from_seed(KeyKind::P256, &[7; 32])?;
//! let credential = json!({
//!     "@context": ["https://www.w3.org/ns/credentials/v2"],
//!     "type": ["VerifiableCredential"],
//!     "issuer": "did:web:example.org",
//!     "credentialSubject": {"id": "did:web:example.com"},
//! });
//! let compact = jose::issue(&credential, &key, "did:web:example.org#key-1", jose::Profile::Vc)?;
//! let verified = jose::verify_credential(&compact, &key.public())?;
//! assert_eq!(verified["issuer"], "did:web:example.org");
//!
//! // A holder wraps it up and signs for a verifier.
//! let holder = KeyPair::from_seed(KeyKind::Ed25519, &[8; 32])?;
//! let presentation = json!({
//!     "@context": ["https://www.w3.org/ns/credentials/v2"],
//!     "type": ["VerifiablePresentation"],
//!     "verifiableCredential": [jose::Envelope::Jws(compact).envelop(jose::Content::Credential)],
//! });
//! let compact = jose::issue_presentation(&presentation, &holder, "did:web:example.com#key-1")?;
//! jose::verify_presentation(&compact, &holder.public())?;
//! assert!(jose::verify_credential(&compact, &holder.public()).is_err(), "it is no credential");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod data_model;
mod envelope;
mod issue;
mod jws;

use serde_json::{Map, Value};

use crate::key::PublicKey;
use crate::rdf::RdfError;

pub use claims::check_times;
pub(crate) use claims::{check_names, numeric_date};
pub use data_model::check_data_model;
pub(crate) use envelope::STANDARD;
pub use envelope::{Envelope, opened};
pub(crate) use issue::sign;
pub use issue::{issue, issue_presentation};
pub use jws::Jws;
pub(crate) use jws::{TypeRule, algorithm};

/// Why a JWS, or what it secures, cannot be read, made or relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// Not three base64url parts with JSON objects in the first two.
    #[error("this is not a compact JWS of a JSON object")]
    NotCompact,
    /// An algorithm that is missing, forbidden or not known.
    #[error("the algorithm \"{0}\" is not accepted: use EdDSA, ES256, ES384, ES512 or RS256")]
    Algorithm(String),
    /// The algorithm is not that of the key.
    #[error("the algorithm of the signature is not one of its key")]
    WrongKey,
    /// The header asks for something that is not understood.
    #[error("the header member \"{0}\" is not understood, and may not be ignored")]
    Critical(&'static str),
    /// A `typ` that does not belong to what was expected.
    #[error("the type \"{0}\" is not that of what is expected here, such as \"JWT\" or \"vc+jwt\"")]
    Type(String),
    /// The signature is not the key's over this content.
    #[error("the signature does not fit the content: it was changed, or signed with another key")]
    Signature,
    /// A registered claim is malformed, or says something else than the credential.
    #[error("the claim \"{0}\" does not say the same as the credential")]
    Claim(&'static str),
    /// A credential lacks what the profile needs.
    #[error("the credential cannot be issued in this profile: it lacks \"{0}\"")]
    Lacks(&'static str),
    /// A claim of VC 1.1, which VC-JOSE-COSE forbids.
    #[error("the claim \"{0}\" belongs to an older format: the payload itself is the credential")]
    OldClaim(&'static str),
    /// Something of the data model is missing or malformed.
    #[error("this is not what VC Data Model 2.0 asks for: {0}")]
    DataModel(&'static str),
    /// Something has no meaning in the data model, or its meaning is not known here.
    #[error(transparent)]
    Meaning(#[from] RdfError),
    /// Not a `data:` URL with a secured credential or presentation.
    #[error(
        "an enveloped credential or presentation has an id like \"data:application/vc+jwt,eyJ…\", with a media type of VC-JOSE-COSE"
    )]
    Envelope,
    /// The signature does not count at this time.
    #[error("the signature does not count at this time, by the claim \"{0}\"")]
    OutOfTime(&'static str),
}

/// Which rules a JWS follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Open Badges 3.0: `typ` "JWT" and the claims `iss`, `jti`, `sub`, `nbf`, `exp` repeat the credential.
    /// The subject needs an id.
    OpenBadges,
    /// W3C VC-JOSE-COSE: `typ` "vc+jwt", the payload is the credential and nothing else but registered
    /// claims, and every member has a meaning (see [`check_data_model`]).
    Vc,
}

/// What is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A verifiable credential.
    Credential,
    /// A verifiable presentation.
    Presentation,
}

impl Content {
    /// `vc` or `vp`, as in the media types.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Self::Credential => "vc",
            Self::Presentation => "vp",
        }
    }
}

/// Verifies a credential by the rules of VC-JOSE-COSE (3.1.1): `typ` is "vc+jwt", there is no `vc` or `vp`
/// claim, every member has a meaning, the registered claims do not contradict the credential. Gives the
/// payload. `key` is known to be the issuer's; time and status are for others to check.
pub fn verify_credential(compact: &str, key: &PublicKey) -> Result<Map<String, Value>, JoseError> {
    verify(compact, key, Content::Credential)
}

/// Like [`verify_credential`] for a presentation: `typ` is "vp+jwt". The credentials inside are only looked
/// at from outside: open and verify each of them on its own (see [`opened`]).
pub fn verify_presentation(compact: &str, key: &PublicKey) -> Result<Map<String, Value>, JoseError> {
    verify(compact, key, Content::Presentation)
}

fn verify(compact: &str, key: &PublicKey, content: Content) -> Result<Map<String, Value>, JoseError> {
    let jws = Jws::parse(compact.trim())?;
    jws.verify_typed(
        key,
        TypeRule::Exactly(match content {
            Content::Credential => "vc+jwt",
            Content::Presentation => "vp+jwt",
        }),
    )?;
    check_data_model(&jws.payload, content)?;
    jws.check_claims()?;
    Ok(jws.payload)
}
