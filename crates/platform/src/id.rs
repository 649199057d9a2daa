//! The one door to chance: ids, tokens, seeds.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::Rng as _;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A fresh, time-ordered id (UUIDv7) with 74 random bits.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn fresh() -> Uuid {
    Uuid::now_v7()
}

/// `N` random bytes from the operating system's generator.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// Fills with random bytes from the operating system's generator.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn fill(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}

/// A secret of 256 bits as 43 URL-safe characters.
pub fn secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(random::<32>())
}

/// What is stored of a secret: its SHA-256. Secrets have 256 random bits, so a
/// slow hash would add nothing.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Compares two secrets in a time that does not depend on where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}
