//! Taking a compact JWS apart and verifying it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{JoseError, claims};
use crate::document;
use crate::key::{KeyKind, PublicKey};

/// A compact JWS, taken apart. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Jws {
    /// The protected header.
    pub header: Map<String, Value>,
    /// The payload, a JSON object.
    pub payload: Map<String, Value>,
    signature: Vec<u8>,
    signing_input: String,
}

/// Which `typ` a JWS must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeRule {
    /// One that a credential may have in any profile, or none.
    AnyCredential,
    /// This one.
    Exactly(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
}

impl TypeRule {
    fn check(self, typ: Option<&Value>) -> Result<(), JoseError> {
        let said = typ.and_then(Value::as_str).map(media_type);
        let fits = match (self, said.as_deref()) {
            (Self::AnyCredential, Some(said)) => is_credential_type(said),
            (Self::AnyCredential, None) => typ.is_none(),
            (Self::Exactly(wanted), said) => said == Some(wanted),
            (Self::OneOf(wanted), said) => said.is_some_and(|said| wanted.contains(&said)),
        };
        if fits { Ok(()) } else { Err(JoseError::Type(said.unwrap_or_else(|| "none".to_owned()))) }
    }
}

/// A `typ` in lower case and without `application/` (RFC 7515, 4.1.9).
fn media_type(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").map(str::to_owned).unwrap_or(typ)
}

fn is_credential_type(kind: &str) -> bool {
    matches!(kind, "jwt" | "vc+jwt" | "vc+ld+jwt" | "vc-ld+jwt" | "vc+ld+json+jwt")
}

impl Jws {
    /// Takes a compact JWS apart. Members said twice are refused.
    pub fn parse(compact: &str) -> Result<Self, JoseError> {
        let (signing_input, signature) = compact.rsplit_once('.').ok_or(JoseError::NotCompact)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JoseError::NotCompact)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JoseError::NotCompact);
        let object = |part: &str| match document::parse(&decode(part)?) {
            Ok(Value::Object(map)) => Ok(map),
            _ => Err(JoseError::NotCompact),
        };
        Ok(Self {
            header: object(header)?,
            payload: object(payload)?,
            signature: decode(signature)?,
            signing_input: signing_input.to_owned(),
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The `alg` of the header.
    pub fn algorithm(&self) -> &str {
        self.text("alg").unwrap_or("none")
    }

    /// The `kid` of the header: where the key is.
    pub fn key_id(&self) -> Option<&str> {
        self.text("kid")
    }

    /// The `typ` of the header in lower case and without `application/`; empty if there is none.
    pub(crate) fn typ(&self) -> String {
        self.text("typ").map(media_type).unwrap_or_default()
    }

    /// The compact form.
    pub(crate) fn compact(&self) -> String {
        format!("{}.{}", self.signing_input, URL_SAFE_NO_PAD.encode(&self.signature))
    }

    /// Checks header and signature of a credential with a key that is known to be the right one. The `typ`
    /// may be that of any profile, or missing; that of a presentation is refused.
    pub fn verify(&self, key: &PublicKey) -> Result<(), JoseError> {
        self.verify_typed(key, TypeRule::AnyCredential)
    }

    /// Checks header and signature of a presentation with a key that is known to be the right one. Its
    /// `typ` must be "vp+jwt" (VC-JOSE-COSE, 3.1.2).
    pub fn verify_presentation(&self, key: &PublicKey) -> Result<(), JoseError> {
        self.verify_typed(key, TypeRule::Exactly("vp+jwt"))
    }

    pub(crate) fn verify_typed(&self, key: &PublicKey, rule: TypeRule) -> Result<(), JoseError> {
        if !algorithms(key.kind()).contains(&self.algorithm()) {
            let kinds =
                [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa].into_iter();
            let known = kinds.into_iter().any(|kind| algorithms(kind).contains(&self.algorithm()));
            return Err(if known {
                JoseError::WrongKey
            } else {
                JoseError::Algorithm(self.algorithm().to_owned())
            });
        }
        for name in ["crit", "b64"] {
            if self.header.contains_key(name) {
                return Err(JoseError::Critical(name));
            }
        }
        rule.check(self.header.get("typ"))?;
        let fits = key.verify(self.signing_input.as_bytes(), &self.signature);
        if fits { Ok(()) } else { Err(JoseError::Signature) }
    }

    /// The credential inside: the payload, or (VC 1.1) its `vc` claim.
    pub fn credential(&self) -> &Map<String, Value> {
        match self.payload.get("vc") {
            Some(Value::Object(credential)) => credential,
            _ => &self.payload,
        }
    }

    /// The presentation inside: the payload. Holds only after [`Self::verify_presentation`].
    pub fn presentation(&self) -> &Map<String, Value> {
        &self.payload
    }

    /// Checks that the registered claims that are there do not contradict the credential. In the profile of
    /// Open Badges `iss`, `jti`, `sub`, `nbf` and `exp` repeat it (OB 3.0, 8.2.4.1); with the types of
    /// VC-JOSE-COSE `nbf` and `exp` are about the signature, and may say something else.
    pub fn check_claims(&self) -> Result<(), JoseError> {
        claims::check_names(&self.payload, self.credential())?;
        match self.typ().as_str() {
            "vc+jwt" | "vp+jwt" => Ok(()),
            _ => claims::check_dates(&self.payload, self.credential()),
        }
    }
}

/// The algorithms of a kind of key (RFC 7518, RFC 8037).
pub(super) fn algorithms(kind: KeyKind) -> &'static [&'static str] {
    match kind {
        KeyKind::Ed25519 => &["EdDSA", "Ed25519"],
        KeyKind::P256 => &["ES256"],
        KeyKind::P384 => &["ES384"],
        KeyKind::P521 => &["ES512"],
        KeyKind::Rsa => &["RS256"],
    }
}

/// The algorithm to sign with.
pub(crate) fn algorithm(kind: KeyKind) -> &'static str {
    algorithms(kind)[0]
}
