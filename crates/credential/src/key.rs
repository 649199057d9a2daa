//! Keys: Ed25519 key pairs and their Multikey form.

use ed25519_dalek::Signer as _;

/// Multicodec prefix of an Ed25519 public key (0xed as a varint).
const ED25519: [u8; 2] = [0xed, 0x01];

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base58btc Multibase.
    #[error("a key is written in Multibase: \"z\" and base58btc characters")]
    NotMultibase,
    /// A key of a kind this crate does not use.
    #[error("this kind of key is not supported: use an Ed25519 key (\"z6Mk…\")")]
    UnsupportedKind,
    /// The bytes are not a point of the curve.
    #[error("the bytes are not a valid Ed25519 public key")]
    NotAPoint,
}

/// A secret Ed25519 key; wiped from memory when dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.public().multibase())
    }
}

impl SigningKey {
    /// The key of a seed of 32 random bytes (RFC 8032, 5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed. Keep it encrypted, and wipe copies.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs (RFC 8032): the same message always gives the same 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The key's own DID: `did:key:z6Mk…`.
    pub fn did_key(&self) -> String {
        self.public().did_key()
    }
}

/// A public Ed25519 key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.multibase())
    }
}

impl PublicKey {
    /// Reads `publicKeyMultibase` (`z6Mk…`: base58btc of 0xed01 and 32 bytes; CID 1.0, 2.2.2).
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        let encoded = text.strip_prefix('z').ok_or(KeyError::NotMultibase)?;
        let mut bytes = [0; 34];
        // Longer keys exist (RSA, P-384): they are of another kind, not nonsense.
        if encoded.len() > 48 {
            return Err(KeyError::UnsupportedKind);
        }
        let length = bs58::decode(encoded).onto(&mut bytes).map_err(|error| match error {
            bs58::decode::Error::BufferTooSmall => KeyError::UnsupportedKind,
            _ => KeyError::NotMultibase,
        })?;
        let key = bytes[..length].strip_prefix(&ED25519).ok_or(KeyError::UnsupportedKind)?;
        Self::from_bytes(key.try_into().map_err(|_| KeyError::NotAPoint)?)
    }

    /// Reads the 32 bytes of RFC 8032.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        if key.is_weak() { Err(KeyError::NotAPoint) } else { Ok(Self(key)) }
    }

    /// The key as Multikey text: `z6Mk…`.
    pub fn multibase(&self) -> String {
        let mut bytes = [0; 34];
        bytes[..2].copy_from_slice(&ED25519);
        bytes[2..].copy_from_slice(self.0.as_bytes());
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The key's own DID: `did:key:z6Mk…`.
    pub fn did_key(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    /// True if the signature is this key's over the message. Strict: one signature has one form.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(digits[usize::from(byte >> 4)]));
        out.push(char::from(digits[usize::from(byte & 15)]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text_form() {
        let key = SigningKey::from_seed(&[7; 32]);
        let text = key.public().multibase();
        assert!(text.starts_with("z6Mk"), "{text}");
        assert_eq!(PublicKey::from_multibase(&text), Ok(key.public()));
        assert!(key.public().verify(b"message", &key.sign(b"message")));
        assert!(!key.public().verify(b"massage", &key.sign(b"message")));
        assert!(!format!("{key:?}").contains(&hex(&[7; 32])));
    }

    #[test]
    fn other_texts_are_refused() {
        let check =
            |text: &str, want: KeyError| assert_eq!(PublicKey::from_multibase(text), Err(want), "{text}");
        check("", KeyError::NotMultibase);
        check("6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", KeyError::NotMultibase);
        check("z0OIl", KeyError::NotMultibase);
        check("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP", KeyError::UnsupportedKind);
        check(&format!("z{}", "1".repeat(100)), KeyError::UnsupportedKind);
    }
}
