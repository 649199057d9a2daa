//! JSON Web Keys (RFC 7517, RFC 8037).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::rsa::RsaPublicKey;
use super::{KeyError, Public, PublicKey};

impl PublicKey {
    /// Reads a public JWK: OKP Ed25519, EC P-256 or P-384, RSA. One that holds a private key is refused.
    pub fn from_jwk(jwk: &Value) -> Result<Self, KeyError> {
        if jwk.get("d").is_some() {
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
            Public::Rsa(key) => json!({"kty": "RSA", "n": text(key.modulus()), "e": text(key.exponent())}),
        }
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
