//! RSA key pairs, to issue with RS256, which the certification of Open Badges 3.0 asks for.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::pair::Pair;
use super::rsa::RsaPublicKey;
use super::{KeyError, KeyPair};

/// A key pair of 2048 to 4096 bits.
#[derive(Clone)]
pub(super) struct RsaKeyPair {
    pair: Arc<ring::signature::RsaKeyPair>,
    public: RsaPublicKey,
}

impl RsaKeyPair {
    fn new(pair: ring::signature::RsaKeyPair) -> Result<Self, KeyError> {
        let parts: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
        let own = Self { public: RsaPublicKey::new(&parts.n, &parts.e)?, pair: Arc::new(pair) };
        // ring checks the private numbers when it reads them, but the public exponent only when it signs
        own.try_sign(b"probe").ok_or(KeyError::NotAPoint)?;
        Ok(own)
    }

    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let pair = ring::signature::RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::NotAPoint)?;
        Self::new(pair)
    }

    /// From numbers, big-endian; what does not belong together is refused.
    pub(super) fn from_parts(parts: &ring::rsa::KeyPairComponents<Vec<u8>>) -> Result<Self, KeyError> {
        let pair = ring::signature::RsaKeyPair::from_components(parts).map_err(|_| KeyError::NotAPoint)?;
        Self::new(pair)
    }

    pub(super) fn public(&self) -> &RsaPublicKey {
        &self.public
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.try_sign(message).expect("the key has signed before, when it was read")
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2); `None` if the key's numbers do not fit together.
    fn try_sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        // The signature is a function of key and message alone: ring asks for a source of randomness only
        // because it may blind the computation, which cannot be seen from outside. So this crate stays pure.
        let randomness = ring::rand::SystemRandom::new();
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&ring::signature::RSA_PKCS1_SHA256, &randomness, message, &mut signature)
            .ok()
            .map(|()| signature)
    }
}

impl KeyPair {
    /// Reads an RSA key of 2048 to 4096 bits from PKCS #8 in DER (RFC 5208), not encrypted.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        Ok(Self(Pair::Rsa(RsaKeyPair::from_pkcs8(der)?)))
    }

    /// Like [`Self::from_pkcs8_der`] from PEM: `-----BEGIN PRIVATE KEY-----` (RFC 7468, 10).
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        let body = pem.trim().strip_prefix("-----BEGIN PRIVATE KEY-----");
        let body = body.and_then(|body| body.strip_suffix("-----END PRIVATE KEY-----"));
        let body: String = body.ok_or(KeyError::UnsupportedKind)?.split_whitespace().collect();
        Self::from_pkcs8_der(&STANDARD.decode(body).map_err(|_| KeyError::NotAPoint)?)
    }
}
