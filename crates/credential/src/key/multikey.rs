//! Multikey: a multicodec prefix and the key's bytes, in base58btc (CID 1.0, 2.2.2).

use super::rsa::RsaPublicKey;
use super::{KeyError, Public, PublicKey};

/// Multicodec prefixes, as varints.
const ED25519: [u8; 2] = [0xed, 0x01];
const P256: [u8; 2] = [0x80, 0x24];
const P384: [u8; 2] = [0x81, 0x24];
const P521: [u8; 2] = [0x82, 0x24];
const RSA: [u8; 2] = [0x85, 0x24];

/// Base58 takes quadratic time: no key needs more characters (RSA 4096 takes 720).
const MOST_CHARACTERS: usize = 1024;

/// Decodes `z…` to its bytes.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    let encoded = text.strip_prefix('z').ok_or(KeyError::NotMultibase)?;
    if encoded.len() > MOST_CHARACTERS {
        return Err(KeyError::UnsupportedKind);
    }
    bs58::decode(encoded).into_vec().map_err(|_| KeyError::NotMultibase)
}

fn encode(prefix: [u8; 2], key: &[u8]) -> String {
    format!("z{}", bs58::encode([&prefix, key].concat()).into_string())
}

impl PublicKey {
    /// Reads `publicKeyMultibase`: `z6Mk…` Ed25519, `zDna…` P-256, `z82L…` P-384, `z2J9…` P-521,
    /// `z4MX…` RSA.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        let bytes = decode(text)?;
        let (prefix, key) = bytes.split_first_chunk().ok_or(KeyError::UnsupportedKind)?;
        match *prefix {
            ED25519 => Self::from_bytes(key.try_into().map_err(|_| KeyError::NotAPoint)?),
            P256 if key.len() == 33 => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| KeyError::NotAPoint)?;
                Ok(Self(Public::P256(Box::new(key))))
            }
            P384 if key.len() == 49 => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| KeyError::NotAPoint)?;
                Ok(Self(Public::P384(Box::new(key))))
            }
            P521 if key.len() == 67 => {
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| KeyError::NotAPoint)?;
                Ok(Self(Public::P521(Box::new(key))))
            }
            P256 | P384 | P521 => Err(KeyError::NotAPoint),
            RSA => Ok(Self(Public::Rsa(RsaPublicKey::from_der(key)?))),
            _ => Err(KeyError::UnsupportedKind),
        }
    }

    /// The key as Multikey text: `z6Mk…` for Ed25519.
    pub fn multibase(&self) -> String {
        match &self.0 {
            Public::Ed25519(key) => encode(ED25519, key.as_bytes()),
            Public::P256(key) => encode(P256, key.to_sec1_point(true).as_bytes()),
            Public::P384(key) => encode(P384, key.to_sec1_point(true).as_bytes()),
            Public::P521(key) => encode(P521, key.to_sec1_point(true).as_bytes()),
            Public::Rsa(key) => encode(RSA, &key.to_der()),
        }
    }
}
