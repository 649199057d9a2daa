//! Keys: Ed25519, P-256, P-384, P-521 and RSA, as Multikey and as JWK.

mod jwk;
mod multikey;
mod pair;
mod private_jwk;
mod rsa;
mod rsa_pair;

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;

pub use pair::KeyPair;

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base58btc Multibase.
    #[error("a key is written in Multibase: \"z\" and base58btc characters")]
    NotMultibase,
    /// A key of a kind this crate does not use.
    #[error(
        "this kind of key is not supported: use Ed25519 (\"z6Mk…\"), P-256, P-384, P-521, or RSA from 2048 bits"
    )]
    UnsupportedKind,
    /// The bytes are not a key of their kind.
    #[error("the bytes are not a valid key of their kind")]
    NotAPoint,
    /// Not a JWK that this crate can read.
    #[error("the JWK is malformed: it lacks, or has a wrong, \"{0}\"")]
    Jwk(&'static str),
    /// A private key where a public one belongs.
    #[error("the JWK holds a private key: publish only the public half, and replace this key")]
    Private,
}

/// The kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
    /// ECDSA on P-521 with SHA-512; for JOSE and COSE only.
    P521,
    /// RSA of 2048 bits or more; PKCS #1 v1.5 with SHA-256; for JOSE only.
    Rsa,
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
        PublicKey(Public::Ed25519(self.0.verifying_key()))
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

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Public);

#[derive(Clone, PartialEq, Eq)]
enum Public {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(Box<p256::ecdsa::VerifyingKey>),
    P384(Box<p384::ecdsa::VerifyingKey>),
    P521(Box<p521::ecdsa::VerifyingKey>),
    Rsa(rsa::RsaPublicKey),
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", self.multibase())
    }
}

impl PublicKey {
    /// Reads the 32 bytes of an Ed25519 key (RFC 8032). Keys of small order are refused.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        if key.is_weak() { Err(KeyError::NotAPoint) } else { Ok(Self(Public::Ed25519(key))) }
    }

    /// The key's kind.
    pub fn kind(&self) -> KeyKind {
        match self.0 {
            Public::Ed25519(_) => KeyKind::Ed25519,
            Public::P256(_) => KeyKind::P256,
            Public::P384(_) => KeyKind::P384,
            Public::P521(_) => KeyKind::P521,
            Public::Rsa(_) => KeyKind::Rsa,
        }
    }

    /// The key's own DID: `did:key:z6Mk…`.
    pub fn did_key(&self) -> String {
        format!("did:key:{}", self.multibase())
    }

    /// True if the signature is this key's over the message, hashed as the kind of key wants. ECDSA
    /// signatures are r and s, one after the other. Ed25519 is strict: one signature has one form.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Public::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Public::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Public::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Public::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Public::Rsa(key) => key.verify(message, signature),
        }
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
        assert!(!key.public().verify(b"message", &key.sign(b"message")[..63]));
        assert!(!format!("{key:?}").contains(&hex(&[7; 32])));
    }

    #[test]
    fn other_kinds_of_keys_sign_and_survive_too() {
        for (kind, length, start) in [
            (KeyKind::Ed25519, 32, "z6Mk"),
            (KeyKind::P256, 32, "zDna"),
            (KeyKind::P384, 48, "z82L"),
            (KeyKind::P521, 66, "z2J9"),
        ] {
            let mut seed = vec![7; length];
            // a scalar of P-521 has 521 bits, not 528
            seed[0] = u8::from(length != 66) * 7;
            let pair = KeyPair::from_seed(kind, &seed).unwrap();
            let public = pair.public();
            assert!(public.multibase().starts_with(start), "{public:?}");
            assert_eq!(PublicKey::from_multibase(&public.multibase()), Ok(public.clone()));
            assert_eq!(PublicKey::from_jwk(&public.jwk()), Ok(public.clone()));
            assert!(public.verify(b"message", &pair.sign(b"message")));
            assert!(!public.verify(b"massage", &pair.sign(b"message")));
            assert_eq!(pair.kind(), kind);
            assert!(KeyPair::from_seed(kind, &[0; 5]).is_err());
        }
        assert!(KeyPair::from_seed(KeyKind::P256, &[0; 32]).is_err());
        assert_eq!(KeyPair::from_seed(KeyKind::Rsa, &[1; 32]).unwrap_err(), KeyError::UnsupportedKind);
    }

    #[test]
    fn other_texts_are_refused() {
        let check =
            |text: &str, want: KeyError| assert_eq!(PublicKey::from_multibase(text), Err(want), "{text}");
        check("", KeyError::NotMultibase);
        check("6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", KeyError::NotMultibase);
        check("z0OIl", KeyError::NotMultibase);
        check(&format!("z{}", "1".repeat(100)), KeyError::UnsupportedKind);
        check(&format!("z{}", "1".repeat(10_000)), KeyError::UnsupportedKind);
    }

    #[test]
    fn private_jwks_are_refused() {
        let mut jwk = SigningKey::from_seed(&[7; 32]).public().jwk();
        jwk["d"] = "AAAA".into();
        assert_eq!(PublicKey::from_jwk(&jwk), Err(KeyError::Private));
    }
}
