//! RSA public keys (RS256).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{KeyError, Public, PublicKey};

/// The least and the most bytes of a modulus: 2048 and 8192 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;

/// A modulus and an exponent, big-endian without leading zeros.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RsaPublicKey {
    n: Vec<u8>,
    e: Vec<u8>,
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

impl RsaPublicKey {
    pub(super) fn new(n: &[u8], e: &[u8]) -> Result<Self, KeyError> {
        let (n, e) = (trimmed(n), trimmed(e));
        if !MODULUS.contains(&n.len()) || e.is_empty() || e.len() > 4 {
            return Err(KeyError::UnsupportedKind);
        }
        Ok(Self { n: n.to_vec(), e: e.to_vec() })
    }

    pub(super) fn modulus(&self) -> &[u8] {
        &self.n
    }

    pub(super) fn exponent(&self) -> &[u8] {
        &self.e
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2).
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = ring::signature::RsaPublicKeyComponents { n: &self.n, e: &self.e };
        key.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
    }

    /// `RSAPublicKey` (RFC 8017, A.1.1): a sequence of two integers.
    pub(super) fn to_der(&self) -> Vec<u8> {
        let body = [integer(&self.n), integer(&self.e)].concat();
        [header(0x30, body.len()), body].concat()
    }

    pub(super) fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let read = || {
            let (body, []) = element(der, 0x30)? else { return None };
            let (n, rest) = element(body, 0x02)?;
            let (e, []) = element(rest, 0x02)? else { return None };
            Some((n, e))
        };
        let (n, e) = read().ok_or(KeyError::NotAPoint)?;
        Self::new(n, e)
    }
}

impl PublicKey {
    /// Reads an RSA key in PEM (`PUBLIC KEY`, RFC 7468; or `RSA PUBLIC KEY`), as Open Badges 2.0 has it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let body: String =
            pem.lines().filter(|line| !line.starts_with("-----")).flat_map(str::split_whitespace).collect();
        let der = STANDARD.decode(body).map_err(|_| KeyError::NotAPoint)?;
        let bare = subject_public_key(&der).unwrap_or(&der);
        Ok(Self(Public::Rsa(RsaPublicKey::from_der(bare)?)))
    }
}

/// The key inside a `SubjectPublicKeyInfo` for RSA (RFC 8017, A.1).
fn subject_public_key(der: &[u8]) -> Option<&[u8]> {
    const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let (body, []) = element(der, 0x30)? else { return None };
    let (algorithm, rest) = element(body, 0x30)?;
    let (name, _) = element(algorithm, 0x06)?;
    let (bits, []) = element(rest, 0x03)? else { return None };
    (name == RSA_ENCRYPTION).then(|| bits.strip_prefix(&[0]))?
}

fn header(tag: u8, length: usize) -> Vec<u8> {
    let bytes = length.to_be_bytes();
    let bytes = trimmed(&bytes);
    if length < 0x80 { vec![tag, length as u8] } else { [&[tag, 0x80 | bytes.len() as u8], bytes].concat() }
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    // A leading zero keeps the number positive.
    let zero: &[u8] = if bytes.first().is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
    [header(0x02, bytes.len() + zero.len()), zero.to_vec(), bytes.to_vec()].concat()
}

/// The content of the DER element of this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (head, rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match *head {
        [found, _] if found != tag => return None,
        [_, short @ 0..=0x7f] => (usize::from(short), rest),
        [_, 0x81] => (usize::from(*rest.first()?), &rest[1..]),
        [_, 0x82] => {
            let (long, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*long)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_der() {
        let key = RsaPublicKey::new(&[0xab; 256], &[1, 0, 1]).unwrap();
        assert!(RsaPublicKey::from_der(&key.to_der()).is_ok_and(|read| read == key));
        let der = key.to_der();
        for end in 0..der.len() {
            assert!(RsaPublicKey::from_der(&der[..end]).is_err());
        }
        assert!(RsaPublicKey::new(&[0xab; 128], &[1, 0, 1]).is_err());
    }
}
