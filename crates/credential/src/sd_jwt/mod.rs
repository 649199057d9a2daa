//! Credentials whose holder chooses what to show: SD-JWT (RFC 9901), with the media types of W3C
//! VC-JOSE-COSE 1.0 (3.2) and of SD-JWT-based Verifiable Credentials (IETF SD-JWT VC).
//!
//! The issuer replaces chosen claims by digests and hands out the claims beside the signed JWT, as
//! disclosures. The holder passes on some of the disclosures, and may prove with a key that it is the holder.
//!
//! ```
//! use cairn_credential::key::{KeyKind, KeyPair};
//! use cairn_credential::sd_jwt::{self, Challenge, Format, KeyBinding, Options, SdJwt};
//! use serde_json::json;
//!
//! let (issuer, holder) =
//!     (KeyPair::from_seed(KeyKind::P256, &[7; 32])?, KeyPair::from_seed(KeyKind::Ed25519, &[8; 32])?);
//! // Salts come from outside: 16 random bytes for each disclosure.
//! let mut counter = 0;
//! let mut salts = || { counter += 1; [counter; 16] };
//! let claims = json!({
//!     "vct": "https://example.org/types/course",
//!     "iss": "https://example.org",
//!     "learner": {"name": "Amy", "born": 1990},
//!     "grades": ["A", "B"],
//! });
//! let hidden = ["learner.name".parse()?, "learner.born".parse()?, "grades[1]".parse()?];
//! let holder_key = holder.public();
//! let mut options = Options::new(Format::SdJwtVc, &hidden);
//! options.holder = Some(&holder_key);
//! let issued = sd_jwt::issue(&claims, &issuer, &options, &mut salts)?.to_string();
//!
//! // The holder shows the name to one verifier.
//! let now = "2026-01-15T09:00:00Z".parse()?;
//! let chosen = SdJwt::parse(&issued)?.present(&["learner.name".parse()?])?;
//! let binding = KeyBinding { audience: "https://verifier.example", nonce: "n-0S6_WzA2Mj", issued: now };
//! let shown = chosen.bind(&holder, &binding)?.to_string();
//!
//! let received = SdJwt::parse(&shown)?;
//! let claims = received.verify(&issuer.public(), Format::SdJwtVc)?;
//! assert_eq!(claims["learner"], json!({"name": "Amy"}));
//! assert_eq!(claims["grades"], json!(["A"]));
//! let challenge = Challenge::new("https://verifier.example", "n-0S6_WzA2Mj", now);
//! received.verify_key_binding(&holder_key, &challenge)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod disclosure;
mod issue;
mod key_binding;
mod path;
mod process;
mod text;
mod vc;
mod visible;
mod w3c;

pub use issue::{Options, issue};
pub use key_binding::{Challenge, KeyBinding};
pub use path::{Path, Segment};
pub use text::SdJwt;
pub use vc::{check_claims, with_type};
pub(crate) use visible::KeptBack;
pub use w3c::{verify_credential, verify_presentation};

use crate::jose::{JoseError, TypeRule};

/// More disclosures than any credential has.
const MOST_DISCLOSURES: usize = 1024;
/// Deeper nesting, disclosures put back, than any credential has.
const MOST_DEPTH: usize = 64;
/// The largest SD-JWT that is read.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Why an SD-JWT cannot be read, made or relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdJwtError {
    /// Not a JWS, disclosures and an optional key binding with `~` between them.
    #[error("this is not an SD-JWT: a JWS, \"~\", and disclosures each followed by \"~\"")]
    NotSdJwt,
    /// Larger than is read.
    #[error("the SD-JWT is larger than 4 MiB or has more than 1024 disclosures")]
    TooLarge,
    /// Nested more deeply than is read.
    #[error("the claims are nested too deeply: at most 64 levels are read")]
    TooDeep,
    /// The JWS, its header or what it secures.
    #[error(transparent)]
    Jose(#[from] JoseError),
    /// A hash that is not known.
    #[error("the hash \"{0}\" (_sd_alg) is not known: sha-256, sha-384 and sha-512 are")]
    HashAlgorithm(String),
    /// A disclosure that is not what its place asks for.
    #[error("a disclosure is malformed: it is a list of a salt, the claim's name and its value")]
    Disclosure,
    /// Digests that are not text, or stand in a wrong place.
    #[error("the digests of undisclosed claims (\"_sd\" or \"...\") are malformed")]
    Digests,
    /// A digest, or a disclosure, that is there twice.
    #[error("a digest or a disclosure is there twice")]
    DigestTwice,
    /// A disclosure that belongs nowhere.
    #[error("a disclosure does not belong to this credential: no digest refers to it")]
    Unreferenced,
    /// A name that only digests may have.
    #[error("a claim has the name \"{0}\", which is reserved")]
    Reserved(String),
    /// A disclosed claim that is there already.
    #[error("the disclosed claim \"{0}\" is there already")]
    Collision(String),
    /// A claim that must not be hidden.
    #[error("the claim \"{0}\" must not be selectively disclosable: verifiers always need it")]
    AlwaysVisible(String),
    /// Not a path.
    #[error("{0} is not a path: write it like credentialSubject.name, grades[0] or /credentialSubject/name")]
    Path(String),
    /// A path that leads nowhere.
    #[error("there is no claim at {0}")]
    NoSuchClaim(String),
    /// A claim of SD-JWT VC that is missing or malformed.
    #[error("the claim \"{0}\" is missing or malformed")]
    Claim(&'static str),
    /// There is no proof that who presents it is the holder.
    #[error("there is no key binding: nothing shows that this comes from the holder")]
    NotBound,
    /// The key binding does not hold.
    #[error("the key binding does not hold: its \"{0}\" is missing or not what it should be")]
    KeyBinding(&'static str),
    /// A key other than the credential's (`cnf`).
    #[error("this key is not the one the credential is bound to (cnf)")]
    NotTheHolder,
}

/// Which specification an SD-JWT follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A W3C credential: `typ` "vc+sd-jwt" (VC-JOSE-COSE, 3.2.1).
    Credential,
    /// A W3C presentation: `typ` "vp+sd-jwt" (VC-JOSE-COSE, 3.2.2).
    Presentation,
    /// A credential of the IETF with `vct`: `typ` "dc+sd-jwt"; "vc+sd-jwt", as it was until the draft of
    /// November 2024, is read as well.
    SdJwtVc,
}

impl Format {
    /// The `typ` to write.
    fn typ(self) -> &'static str {
        match self {
            Self::Credential => "vc+sd-jwt",
            Self::Presentation => "vp+sd-jwt",
            Self::SdJwtVc => "dc+sd-jwt",
        }
    }

    fn rule(self) -> TypeRule {
        match self {
            Self::Credential | Self::Presentation => TypeRule::Exactly(self.typ()),
            Self::SdJwtVc => TypeRule::OneOf(&["dc+sd-jwt", "vc+sd-jwt"]),
        }
    }
}
