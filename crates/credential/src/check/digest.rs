//! Digests of documents as credentials write them: Subresource Integrity, multihash, or hexadecimal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::jose::STANDARD;

/// The longest digest that is read: more than two of the longest in any writing.
const MOST_CHARACTERS: usize = 512;

/// How a digest and a document go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Same,
    Differs,
    /// A digest of a kind that is not known here, or no digest at all.
    Unknown,
}

fn digest(kind: Kind, bytes: &[u8]) -> Vec<u8> {
    match kind {
        Kind::Sha256 => Sha256::digest(bytes).to_vec(),
        Kind::Sha384 => Sha384::digest(bytes).to_vec(),
        Kind::Sha512 => Sha512::digest(bytes).to_vec(),
    }
}

/// Weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Sha256,
    Sha384,
    Sha512,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn of_length(bytes: usize) -> Option<Self> {
        match bytes {
            32 => Some(Self::Sha256),
            48 => Some(Self::Sha384),
            64 => Some(Self::Sha512),
            _ => None,
        }
    }
}

fn compare(kind: Kind, wanted: &[u8], bytes: &[u8]) -> Fit {
    if digest(kind, bytes) == wanted { Fit::Same } else { Fit::Differs }
}

/// `digestSRI`: `sha384-` and the digest in base64 (some write hexadecimal). Of several, one of the strongest
/// kind has to fit (Subresource Integrity, 3.3.4).
pub(super) fn sri(said: &str, bytes: &[u8]) -> Fit {
    if said.len() > MOST_CHARACTERS {
        return Fit::Unknown;
    }
    let all: Vec<(Kind, Vec<u8>)> = said
        .split_ascii_whitespace()
        .filter_map(|one| {
            let (name, value) = one.split_once('-')?;
            let kind = Kind::named(name)?;
            // what follows a question mark are options
            let value = value.split('?').next()?;
            let read = hexadecimal(value).or_else(|| STANDARD.decode(value).ok());
            let read = read.or_else(|| URL_SAFE_NO_PAD.decode(value.trim_end_matches('=')).ok());
            // of one that cannot be read nothing fits
            Some((kind, read.unwrap_or_default()))
        })
        .collect();
    let Some(strongest) = all.iter().map(|(kind, _)| *kind).max() else { return Fit::Unknown };
    let mut strong = all.iter().filter(|(kind, _)| *kind == strongest);
    let fits = strong.any(|(kind, wanted)| compare(*kind, wanted, bytes) == Fit::Same);
    if fits { Fit::Same } else { Fit::Differs }
}

/// `digestMultibase`: a multihash in a multibase; some write the digest alone, or hexadecimal.
pub(super) fn multibase(said: &str, bytes: &[u8]) -> Fit {
    if said.len() > MOST_CHARACTERS {
        return Fit::Unknown;
    }
    if let Some(wanted) = hexadecimal(said)
        && let Some(kind) = Kind::of_length(wanted.len())
    {
        return compare(kind, &wanted, bytes);
    }
    let Some(read) = read_multibase(said) else { return Fit::Unknown };
    match read.as_slice() {
        [0x12, 32, wanted @ ..] if wanted.len() == 32 => compare(Kind::Sha256, wanted, bytes),
        [0x20, 48, wanted @ ..] if wanted.len() == 48 => compare(Kind::Sha384, wanted, bytes),
        [0x13, 64, wanted @ ..] if wanted.len() == 64 => compare(Kind::Sha512, wanted, bytes),
        wanted => Kind::of_length(wanted.len()).map_or(Fit::Unknown, |kind| compare(kind, wanted, bytes)),
    }
}

fn read_multibase(said: &str) -> Option<Vec<u8>> {
    let mut characters = said.chars();
    let base = characters.next()?;
    let text = characters.as_str();
    match base {
        'z' => bs58::decode(text).into_vec().ok(),
        'u' | 'U' => URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok(),
        'm' | 'M' => STANDARD.decode(text).ok(),
        'f' | 'F' => hexadecimal(text),
        _ => None,
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    if text.len() < 64 || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs
        .map(|pair| {
            let pair = pair.filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    #[test]
    fn digests_fit_however_they_are_written() {
        let raw = hexadecimal(HEX).unwrap();
        let hash = [&[0x12, 32], raw.as_slice()].concat();
        for said in [
            HEX.to_owned(),
            HEX.to_uppercase(),
            format!("f1220{HEX}"),
            format!("z{}", bs58::encode(&hash).into_string()),
            format!("u{}", URL_SAFE_NO_PAD.encode(&hash)),
            format!("m{}", STANDARD.encode(&raw)),
        ] {
            assert_eq!(multibase(&said, b"hello"), Fit::Same, "{said}");
            assert_eq!(multibase(&said, b"hullo"), Fit::Differs, "{said}");
        }
        for said in [format!("sha256-{}", STANDARD.encode(&raw)), format!("sha256-{HEX}")] {
            assert_eq!(sri(&said, b"hello"), Fit::Same, "{said}");
            assert_eq!(sri(&said, b"hullo"), Fit::Differs, "{said}");
        }
        // the strongest decides
        let weak = format!("sha256-{} sha512-{}", STANDARD.encode(&raw), STANDARD.encode([0; 64]));
        assert_eq!(sri(&weak, b"hello"), Fit::Differs);
        for said in ["", "md5-abc", "sha1-abc", "blake"] {
            assert_eq!(sri(said, b"hello"), Fit::Unknown, "{said}");
            assert_eq!(multibase(said, b"hello"), Fit::Unknown, "{said}");
        }
    }
}
