//! Public keys in PEM (`PUBLIC KEY`, RFC 7468), which is how Open Badges 2.0 has them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::key::{KeyError, KeyKind, PublicKey};

/// What stands before the bytes of a key in its `SubjectPublicKeyInfo` (RFC 8410, 4; RFC 5480, 2).
const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const P256: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
const P384: &[u8] = &[
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81,
    0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
];
const P521: &[u8] = &[
    0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, 0x04,
];
/// The algorithm of RSA keys: `rsaEncryption` without parameters (RFC 8017, A.1).
const RSA: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Writes a key as `SubjectPublicKeyInfo` in PEM.
pub(super) fn write(key: &PublicKey) -> String {
    let jwk = key.jwk();
    let coordinate = |name: &str| {
        let text = jwk[name].as_str().expect("a key's JWK has its coordinates");
        URL_SAFE_NO_PAD.decode(text).expect("which are in base64url")
    };
    let der = match key.kind() {
        KeyKind::Ed25519 => [ED25519, &coordinate("x")].concat(),
        KeyKind::P256 => [P256, &coordinate("x"), &coordinate("y")].concat(),
        KeyKind::P384 => [P384, &coordinate("x"), &coordinate("y")].concat(),
        KeyKind::P521 => [P521, &coordinate("x"), &coordinate("y")].concat(),
        KeyKind::Rsa => {
            let numbers = [integer(&coordinate("n")), integer(&coordinate("e"))].concat();
            let bits = [&[0], &element(0x30, &numbers)[..]].concat();
            element(0x30, &[RSA, &element(0x03, &bits)].concat())
        }
    };
    let body = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    for (at, character) in body.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END PUBLIC KEY-----\n"
}

/// Reads a key in PEM of any kind that can be used here. One key has one form: a curve's name and an
/// uncompressed point.
pub(crate) fn read(pem: &str) -> Result<PublicKey, KeyError> {
    let body: String =
        pem.lines().filter(|line| !line.starts_with("-----")).flat_map(str::split_whitespace).collect();
    let der = STANDARD.decode(body).map_err(|_| KeyError::NotAPoint)?;
    if let Some(key) = der.strip_prefix(ED25519) {
        return PublicKey::from_bytes(key.try_into().map_err(|_| KeyError::NotAPoint)?);
    }
    for (start, curve) in [(P256, "P-256"), (P384, "P-384"), (P521, "P-521")] {
        let Some(point) = der.strip_prefix(start) else { continue };
        let (x, y) = point.split_at(point.len() / 2);
        let [x, y] = [x, y].map(|part| URL_SAFE_NO_PAD.encode(part));
        return PublicKey::from_jwk(&json!({"kty": "EC", "crv": curve, "x": x, "y": y}));
    }
    PublicKey::from_pem(pem)
}

/// A DER element; its content is shorter than 64 KiB.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [&head[..], content].concat()
}

/// A positive DER integer: a leading zero keeps it positive.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zero: &[u8] = if bytes.first().is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
    element(0x02, &[zero, bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyPair;

    #[test]
    fn keys_survive_pem() {
        let pairs = [(KeyKind::Ed25519, 32), (KeyKind::P256, 32), (KeyKind::P384, 48)];
        let mut keys: Vec<PublicKey> = pairs
            .iter()
            .map(|(kind, length)| KeyPair::from_seed(*kind, &vec![7; *length]).unwrap().public())
            .collect();
        for length in [256, 384] {
            let modulus = URL_SAFE_NO_PAD.encode(vec![0xab; length]);
            keys.push(PublicKey::from_jwk(&json!({"kty": "RSA", "n": modulus, "e": "AQAB"})).unwrap());
        }
        for key in keys {
            let pem = write(&key);
            assert_eq!(read(&pem), Ok(key.clone()), "{pem}");
            assert_eq!(read(&pem.replace('\n', "\r\n")), Ok(key));
            assert!(pem.lines().all(|line| line.len() <= 64));
            let body = pem.lines().nth(1).unwrap();
            assert!(read(&body[..body.len() / 4 * 2]).is_err());
        }
    }

    /// The bodies OpenSSL writes for the seed, or secret scalar, whose bytes are all 7.
    #[test]
    fn other_programs_write_the_same() {
        let check = |kind: KeyKind, length: usize, want: &[&str]| {
            let pem = write(&KeyPair::from_seed(kind, &vec![7; length]).unwrap().public());
            assert_eq!(pem.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>(), want);
        };
        check(KeyKind::Ed25519, 32, &["MCowBQYDK2VwAyEA6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw="]);
        check(
            KeyKind::P256,
            32,
            &[
                "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHhhTL9R1TALzBB2cdc6zO4P/2BrH",
                "zk/ogsyxyYvFiW6kbDEcTi/0DdlqNlPm5FRF0y3+SG7O11x6kMahiIHAow==",
            ],
        );
        check(
            KeyKind::P384,
            48,
            &[
                "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEsBv8Si1/4gleZifMXK+avRU9W1Uf5/ba",
                "YV2p0b/RAejRkehZAsCjTqo6FuZmiAtzBZ9ljE1qblfAlZ3oAQmw+mtWvWPR1XAa",
                "k9FTIvImehVSZkHGDNB8kSpt9Yqpk9ib",
            ],
        );
    }
}
