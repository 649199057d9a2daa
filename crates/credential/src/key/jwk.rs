//! Public JSON Web Keys (RFC 7517, RFC 8037) and their thumbprints (RFC 7638).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::rsa::RsaPublicKey;
use super::{KeyError, Public, PublicKey};
use crate::jcs;

/// The members that make a JWK a private or a shared one (RFC 7518, 6.2.2, 6.3.2 and 6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

impl PublicKey {
    /// Reads a public JWK: OKP Ed25519, EC P-256, P-384 or P-521, RSA. One that holds a private key is refused.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        if PRIVATE.iter().any(|name| jwk.get(name).is_some()) {
            return Err(KeyError::Private);
        }
        let text = |name: &'static str| jwk.get(name).and_then(Value::as_str).ok_or(KeyError::Jwk(name));
        let bytes = |name: &'static str| URL_SAFE_NO_PAD.decode(text(name)?).map_err(|_| KeyError::Jwk(name));
        match (text("kty")?, jwk.get("crv").and_then(Value::as_str)) {
            ("OKP", Some("Ed25519")) => {
                Self::from_bytes(&bytes("x")?.try_into().map_err(|_| KeyError::Jwk("x"))?)
            }
            ("EC", Some("P-256")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?, 32)?;
                let key =
                    p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(|_| KeyError::NotAPoint)?;
                Ok(Self(Public::P256(Box::new(key))))
            }
            ("EC", Some("P-384")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?, 48)?;
                let key =
                    p384::ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(|_| KeyError::NotAPoint)?;
                Ok(Self(Public::P384(Box::new(key))))
            }
            ("EC", Some("P-521")) => {
                let point = uncompressed(&bytes("x")?, &bytes("y")?, 66)?;
                let key =
                    p521::ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(|_| KeyError::NotAPoint)?;
                Ok(Self(Public::P521(Box::new(key))))
            }
            ("RSA", _) => Ok(Self(Public::Rsa(RsaPublicKey::new(&bytes("n")?, &bytes("e")?)?))),
            _ => Err(KeyError::UnsupportedKind),
        }
    }

    /// The key as a public JWK.
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = |curve: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            json!({"kty": "EC", "crv": curve, "x": text(x), "y": text(y)})
        };
        match &self.0 {
            Public::Ed25519(key) => json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.as_bytes())}),
            Public::P256(key) => point("P-256", key.to_sec1_point(false).as_bytes()),
            Public::P384(key) => point("P-384", key.to_sec1_point(false).as_bytes()),
            Public::P521(key) => point("P-521", key.to_sec1_point(false).as_bytes()),
            Public::Rsa(key) => json!({"kty": "RSA", "n": text(key.modulus()), "e": text(key.exponent())}),
        }
    }

    /// The thumbprint with SHA-256, in base64url (RFC 7638): a name that depends on the key alone.
    ///
    /// ```
    /// use cairn_credential::key::PublicKey;
    ///
    /// // the key of RFC 8037, A.3
    /// let jwk = serde_json::json!({
    ///     "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    /// });
    /// assert_eq!(PublicKey::from_jwk(&jwk)?.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn thumbprint(&self) -> String {
        // the members of `jwk` are just the required ones, and JCS writes them as RFC 7638 wants them
        URL_SAFE_NO_PAD.encode(Sha256::digest(jcs::canonicalize(&self.jwk())))
    }
}

fn uncompressed(x: &[u8], y: &[u8], length: usize) -> Result<Vec<u8>, KeyError> {
    if x.len() != length {
        return Err(KeyError::Jwk("x"));
    }
    if y.len() != length {
        return Err(KeyError::Jwk("y"));
    }
    Ok([&[4], x, y].concat())
}
