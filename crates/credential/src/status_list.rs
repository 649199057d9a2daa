//! W3C Bitstring Status List 1.0: a bit for every credential, published compressed.
//!
//! ```
//! use cairn_credential::status_list::{self, StatusList};
//!
//! let mut list = StatusList::new(0);
//! list.set(94_567, true)?;
//! let (url, issuer) = ("https://college.example/status/1", "did:web:college.example");
//! let from = "2026-01-15T09:00:00Z".parse().expect("a time");
//! // unsigned: proof::sign it, and serve it at its URL
//! let document = status_list::credential(url, issuer, &["revocation"], &list.encode(), from, None);
//! let encoded = document["credentialSubject"]["encodedList"].as_str().unwrap_or_default();
//! assert_eq!(StatusList::from_encoded(encoded)?.value(94_567, 1)?, 1);
//! # Ok::<(), status_list::StatusError>(())
//! ```

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The least number of entries a list may have, so that one learner hides among many (3.2).
pub const LEAST_ENTRIES: usize = 131_072;
/// The most bytes a list may unpack to: 33 million entries.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Why a status cannot be told. Codes are the specification's (section 3.5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// MALFORMED_VALUE_ERROR.
    #[error("the status list is malformed: {0}")]
    Malformed(&'static str),
    /// STATUS_LIST_LENGTH_ERROR.
    #[error("the status list has fewer than {LEAST_ENTRIES} entries")]
    Length,
    /// RANGE_ERROR.
    #[error("the status list has no entry {0}")]
    Range(usize),
}

impl StatusError {
    /// The name the specification gives the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "MALFORMED_VALUE_ERROR",
            Self::Length => "STATUS_LIST_LENGTH_ERROR",
            Self::Range(_) => "RANGE_ERROR",
        }
    }
}

/// The bits of a list; entry 0 is the left-most bit of the first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bytes: Vec<u8>,
}

impl StatusList {
    /// A list of at least this many entries (and at least [`LEAST_ENTRIES`]), all unset.
    pub fn new(entries: usize) -> Self {
        Self { bytes: vec![0; entries.max(LEAST_ENTRIES).div_ceil(8)] }
    }

    /// Unpacks `encodedList`: `u`, base64url, gzip. Refuses what unpacks to more than 4 MiB. Lists from
    /// before 2024 without the `u` are read too.
    pub fn from_encoded(encoded: &str) -> Result<Self, StatusError> {
        // The magic bytes of gzip are "H4s" in base64.
        let text =
            if encoded.starts_with("H4s") { encoded } else { encoded.strip_prefix('u').unwrap_or(encoded) };
        let text = text.trim_end_matches('=');
        let compressed =
            URL_SAFE_NO_PAD.decode(text).map_err(|_| StatusError::Malformed("it is not base64url"))?;
        let mut bytes = Vec::new();
        let mut unpacked = MultiGzDecoder::new(compressed.as_slice()).take(MOST_BYTES as u64 + 1);
        unpacked.read_to_end(&mut bytes).map_err(|_| StatusError::Malformed("it is not gzip"))?;
        if bytes.len() > MOST_BYTES {
            return Err(StatusError::Malformed("it unpacks to more than 4 MiB"));
        }
        Ok(Self { bytes })
    }

    /// How many one-bit entries there are.
    pub fn len(&self) -> usize {
        self.bytes.len() * 8
    }

    /// True if there is no entry at all.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Fails if the list is too short to hide anybody.
    pub fn long_enough(&self, entry_bits: usize) -> Result<(), StatusError> {
        if self.len() / entry_bits.max(1) < LEAST_ENTRIES { Err(StatusError::Length) } else { Ok(()) }
    }

    /// The bit at an index; `None` beyond the end.
    pub fn get(&self, index: usize) -> Option<bool> {
        Some(self.bytes.get(index / 8)? & (0x80 >> (index % 8)) != 0)
    }

    /// The value of an entry of several bits (`statusSize`), most significant bit first.
    pub fn value(&self, index: usize, entry_bits: usize) -> Result<u64, StatusError> {
        if !(1..=64).contains(&entry_bits) {
            return Err(StatusError::Malformed("statusSize is not between 1 and 64"));
        }
        let start = index.checked_mul(entry_bits).ok_or(StatusError::Range(index))?;
        (start..start.saturating_add(entry_bits))
            .try_fold(0, |value, at| Some(value << 1 | u64::from(self.get(at)?)))
            .ok_or(StatusError::Range(index))
    }

    /// Sets the bit at an index.
    pub fn set(&mut self, index: usize, on: bool) -> Result<(), StatusError> {
        let byte = self.bytes.get_mut(index / 8).ok_or(StatusError::Range(index))?;
        let bit = 0x80 >> (index % 8);
        *byte = if on { *byte | bit } else { *byte & !bit };
        Ok(())
    }

    /// `encodedList`: `u` and base64url of the gzip of the bits. The same bits give the same text.
    pub fn encode(&self) -> String {
        let mut gzip = GzEncoder::new(Vec::with_capacity(1024), Compression::new(6));
        let compressed = gzip.write_all(&self.bytes).and_then(|()| gzip.finish()).unwrap_or_default();
        let mut out = String::with_capacity(compressed.len() * 4 / 3 + 4);
        out.push('u');
        URL_SAFE_NO_PAD.encode_string(&compressed, &mut out);
        out
    }
}

/// The unsigned credential that publishes a list (2.2). `purposes`: `revocation`, `suspension` …; `ttl`
/// in milliseconds: for how long others may keep it.
pub fn credential(
    url: &str,
    issuer: &str,
    purposes: &[&str],
    encoded: &str,
    valid_from: Timestamp,
    ttl: Option<u64>,
) -> Value {
    let purpose = if let [one] = purposes { json!(one) } else { json!(purposes) };
    let mut subject = json!({
        "id": format!("{url}#list"),
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": encoded,
    });
    if let Some(ttl) = ttl {
        subject["ttl"] = json!(ttl);
    }
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from.to_string(),
        "credentialSubject": subject,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification: 131,072 entries, none set.
    const EMPTY: &str = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";

    #[test]
    fn the_empty_list_of_the_specification() {
        let list = StatusList::from_encoded(EMPTY).unwrap();
        assert_eq!(list, StatusList::new(0));
        assert_eq!(StatusList::from_encoded(&list.encode()), Ok(list));
        assert_eq!(StatusList::from_encoded(&EMPTY[1..]).map(|list| list.len()), Ok(LEAST_ENTRIES));
    }

    #[test]
    fn bits_are_set_and_found_again() {
        let mut list = StatusList::new(200_000);
        for index in [0, 7, 8, 94_567, 199_999] {
            list.set(index, true).unwrap();
        }
        assert_eq!(list.bytes[..2], [0b1000_0001, 0b1000_0000]);
        let read = StatusList::from_encoded(&list.encode()).unwrap();
        assert_eq!(read.get(94_567), Some(true));
        assert_eq!(read.get(94_568), Some(false));
        list.set(94_567, false).unwrap();
        assert_eq!(list.get(94_567), Some(false));
        assert_eq!(list.get(200_000), None);
        assert_eq!(list.set(usize::MAX, true), Err(StatusError::Range(usize::MAX)));
    }

    #[test]
    fn entries_may_have_several_bits() {
        let mut list = StatusList::new(LEAST_ENTRIES * 2);
        list.set(5, true).unwrap();
        assert_eq!(list.value(2, 2), Ok(1));
        assert_eq!(list.value(1, 4), Ok(4));
        assert_eq!(list.value(LEAST_ENTRIES, 2), Err(StatusError::Range(LEAST_ENTRIES)));
        assert_eq!(list.value(usize::MAX, 64), Err(StatusError::Range(usize::MAX)));
        assert!(list.value(0, 65).is_err());
        assert_eq!(list.long_enough(2), Ok(()));
        assert_eq!(list.long_enough(3), Err(StatusError::Length));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let zeros = vec![0; 1024 * 1024];
        for _ in 0..64 {
            gzip.write_all(&zeros).unwrap();
        }
        let bomb = format!("u{}", URL_SAFE_NO_PAD.encode(gzip.finish().unwrap()));
        assert!(bomb.len() < 100_000);
        assert_eq!(StatusList::from_encoded(&bomb).unwrap_err().code(), "MALFORMED_VALUE_ERROR");
        for nonsense in ["", "u", "u!!", "uAAAA", "ü"] {
            let read = StatusList::from_encoded(nonsense);
            assert!(read.is_err() || read.is_ok_and(|list| list.long_enough(1).is_err()), "{nonsense}");
        }
    }
}
