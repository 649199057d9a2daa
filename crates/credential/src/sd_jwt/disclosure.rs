//! Disclosures and their digests (RFC 9901, 4.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::SdJwtError;
use crate::document;

/// The hash of the digests (`_sd_alg`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The one a payload names; SHA-256 if it names none (RFC 9901, 4.1.1).
    pub(super) fn of(payload: &Map<String, Value>) -> Result<Self, SdJwtError> {
        match payload.get("_sd_alg") {
            None => Ok(Self::Sha256),
            Some(Value::String(name)) => match name.as_str() {
                "sha-256" => Ok(Self::Sha256),
                "sha-384" => Ok(Self::Sha384),
                "sha-512" => Ok(Self::Sha512),
                _ => Err(SdJwtError::HashAlgorithm(name.clone())),
            },
            Some(other) => Err(SdJwtError::HashAlgorithm(other.to_string())),
        }
    }

    /// The digest of a text, in base64url.
    pub(super) fn digest(self, text: &str) -> String {
        match self {
            Self::Sha256 => URL_SAFE_NO_PAD.encode(Sha256::digest(text)),
            Self::Sha384 => URL_SAFE_NO_PAD.encode(Sha384::digest(text)),
            Self::Sha512 => URL_SAFE_NO_PAD.encode(Sha512::digest(text)),
        }
    }
}

/// A claim the holder may show or keep back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Disclosure {
    /// As it is sent; this is what the digest is of.
    pub text: String,
    /// The name of a member; `None` for an element of a list.
    pub name: Option<String>,
    pub value: Value,
}

impl Disclosure {
    pub(super) fn new(salt: [u8; 16], name: Option<String>, value: Value) -> Self {
        let salt = URL_SAFE_NO_PAD.encode(salt);
        let array = match &name {
            Some(name) => json!([salt, name, value]),
            None => json!([salt, value]),
        };
        Self { text: URL_SAFE_NO_PAD.encode(array.to_string()), name, value }
    }

    pub(super) fn parse(text: &str) -> Result<Self, SdJwtError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SdJwtError::Disclosure)?;
        let Ok(Value::Array(parts)) = document::parse(&bytes) else { return Err(SdJwtError::Disclosure) };
        let text = text.to_owned();
        match <[Value; 3]>::try_from(parts) {
            Ok([Value::String(_salt), Value::String(name), value]) => {
                if matches!(name.as_str(), "_sd" | "...") {
                    return Err(SdJwtError::Reserved(name));
                }
                Ok(Self { text, name: Some(name), value })
            }
            Ok(_) => Err(SdJwtError::Disclosure),
            Err(parts) => match <[Value; 2]>::try_from(parts) {
                Ok([Value::String(_salt), value]) => Ok(Self { text, name: None, value }),
                _ => Err(SdJwtError::Disclosure),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_specification() {
        // RFC 9901, 4.2.1 and 4.2.3; 4.2.2 and 4.2.4.2
        let member = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        let parsed = Disclosure::parse(member).unwrap();
        assert_eq!((parsed.name.as_deref(), parsed.value), (Some("family_name"), json!("Möbius")));
        assert_eq!(Hash::Sha256.digest(member), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
        let element = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";
        assert_eq!(Disclosure::parse(element).unwrap().name, None);
        assert_eq!(Hash::Sha256.digest(element), "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
    }

    #[test]
    fn other_disclosures_are_refused() {
        for wrong in [
            json!([]),
            json!(["salt"]),
            json!([1, "name", 2]),
            json!(["salt", 1, 2]),
            json!(["salt", "name", 2, 3]),
            json!({"salt": 1}),
            json!(["salt", "_sd", 2]),
            json!(["salt", "...", 2]),
        ] {
            assert!(Disclosure::parse(&URL_SAFE_NO_PAD.encode(wrong.to_string())).is_err(), "{wrong}");
        }
        let twice = r#"["salt", "name", {"a": 1, "a": 2}]"#;
        for wrong in ["", "!", &URL_SAFE_NO_PAD.encode(twice), &URL_SAFE_NO_PAD.encode([0xff])] {
            assert_eq!(Disclosure::parse(wrong), Err(SdJwtError::Disclosure), "{wrong}");
        }
    }
}
