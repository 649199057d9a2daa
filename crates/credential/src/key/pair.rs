//! Key pairs of any kind that can sign.

use p256::ecdsa::signature::Signer as _;

use super::multikey::decode;
use super::rsa_pair::RsaKeyPair;
use super::{KeyError, KeyKind, Public, PublicKey, SigningKey};

/// A key pair of any kind; wiped from memory when dropped, but for RSA, whose library does not.
///
/// ```
/// use cairn_credential::key::{KeyKind, KeyPair};
///
/// let key = KeyPair::from_seed(KeyKind::P256, &[7; 32])?; // in earnest: 32 random bytes
/// assert!(key.public().verify(b"message", &key.sign(b"message")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct KeyPair(pub(super) Pair);

#[derive(Clone)]
pub(super) enum Pair {
    Ed25519(Box<SigningKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    P521(Box<p521::ecdsa::SigningKey>),
    Rsa(RsaKeyPair),
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({})", self.public().multibase())
    }
}

impl From<SigningKey> for KeyPair {
    fn from(key: SigningKey) -> Self {
        Self(Pair::Ed25519(Box::new(key)))
    }
}

impl KeyPair {
    /// The key of a seed or secret scalar: 32 random bytes, 48 for P-384, 66 for P-521 (of which the
    /// upper seven bits are zero). A scalar of zero or beyond the curve's order is refused; draw again. RSA
    /// keys have no seed: read them with [`KeyPair::from_pkcs8_der`].
    pub fn from_seed(kind: KeyKind, seed: &[u8]) -> Result<Self, KeyError> {
        let wrong = |_| KeyError::NotAPoint;
        Ok(Self(match kind {
            KeyKind::Ed25519 => Pair::Ed25519(Box::new(SigningKey::from_seed(
                seed.try_into().map_err(|_| KeyError::NotAPoint)?,
            ))),
            KeyKind::P256 if seed.len() == 32 => {
                Pair::P256(Box::new(p256::ecdsa::SigningKey::from_slice(seed).map_err(wrong)?))
            }
            KeyKind::P384 if seed.len() == 48 => {
                Pair::P384(Box::new(p384::ecdsa::SigningKey::from_slice(seed).map_err(wrong)?))
            }
            KeyKind::P521 if seed.len() == 66 => {
                Pair::P521(Box::new(p521::ecdsa::SigningKey::from_slice(seed).map_err(wrong)?))
            }
            KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => return Err(KeyError::NotAPoint),
            KeyKind::Rsa => return Err(KeyError::UnsupportedKind),
        }))
    }

    /// Reads `secretKeyMultibase` (CID 1.0, 2.2.2).
    pub fn from_secret_multibase(text: &str) -> Result<Self, KeyError> {
        let bytes = decode(text)?;
        let (prefix, seed) = bytes.split_first_chunk().ok_or(KeyError::UnsupportedKind)?;
        match *prefix {
            [0x80, 0x26] => Self::from_seed(KeyKind::Ed25519, seed),
            [0x86, 0x26] => Self::from_seed(KeyKind::P256, seed),
            [0x87, 0x26] => Self::from_seed(KeyKind::P384, seed),
            [0x88, 0x26] => Self::from_seed(KeyKind::P521, seed),
            _ => Err(KeyError::UnsupportedKind),
        }
    }

    /// The secret half as `secretKeyMultibase` (CID 1.0, 2.2.2). RSA keys have none.
    /// Wipe copies, and keep files to yourself.
    pub fn secret_multibase(&self) -> Result<String, KeyError> {
        let (prefix, seed) = match &self.0 {
            Pair::Ed25519(key) => ([0x80, 0x26], key.seed().to_vec()),
            Pair::P256(key) => ([0x86, 0x26], key.to_bytes().to_vec()),
            Pair::P384(key) => ([0x87, 0x26], key.to_bytes().to_vec()),
            Pair::P521(key) => ([0x88, 0x26], key.to_bytes().to_vec()),
            Pair::Rsa(_) => return Err(KeyError::UnsupportedKind),
        };
        Ok(format!("z{}", bs58::encode([&prefix[..], &seed].concat()).into_string()))
    }

    /// The key's kind.
    pub fn kind(&self) -> KeyKind {
        match self.0 {
            Pair::Ed25519(_) => KeyKind::Ed25519,
            Pair::P256(_) => KeyKind::P256,
            Pair::P384(_) => KeyKind::P384,
            Pair::P521(_) => KeyKind::P521,
            Pair::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        match &self.0 {
            Pair::Ed25519(key) => key.public(),
            Pair::P256(key) => PublicKey(Public::P256(Box::new(*key.verifying_key()))),
            Pair::P384(key) => PublicKey(Public::P384(Box::new(*key.verifying_key()))),
            Pair::P521(key) => PublicKey(Public::P521(Box::new(*key.verifying_key()))),
            Pair::Rsa(key) => PublicKey(Public::Rsa(key.public().clone())),
        }
    }

    /// Signs; the same message always gives the same signature (RFC 8032, RFC 6979,
    /// RFC 8017, 8.2). 64 bytes, 96 for P-384, 132 for P-521, as many as the modulus has for RSA.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.0 {
            Pair::Ed25519(key) => key.sign(message).to_vec(),
            Pair::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Pair::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Pair::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Pair::Rsa(key) => key.sign(message),
        }
    }
}
