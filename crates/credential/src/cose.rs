//! Credentials and presentations in COSE (RFC 9052, COSE_Sign1), by W3C VC-JOSE-COSE 1.0 (3.3): the JSON
//! document in a signature of CBOR, as `application/vc+cose` or `application/vp+cose`.
//!
//! ```
//! use cairn_credential::cose;
//! use cairn_credential::key::{KeyKind, KeyPair};
//!
//! let key = KeyPair::from_seed(KeyKind::P256, &[7; 32])?;
//! let credential = serde_json::json!({
//!     "@context": ["https://www.w3.org/ns/credentials/v2"],
//!     "type": ["VerifiableCredential"],
//!     "issuer": "did:web:example.org",
//!     "credentialSubject": {"id": "did:web:example.com"},
//! });
//! let signed = cose::issue(&credential, &key, "did:web:example.org#key-1")?;
//! assert_eq!(cose::verify_credential(&signed, &key.public())?["issuer"], "did:web:example.org");
//! assert!(cose::verify_presentation(&signed, &key.public()).is_err(), "it is no presentation");
//! // As text it is base64 without padding.
//! assert_eq!(cose::from_base64(&cose::to_base64(&signed))?, signed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ciborium::Value as Cbor;
use serde_json::{Map, Value};

use crate::document;
use crate::jose::{self, Content, JoseError};
use crate::key::{KeyKind, KeyPair, PublicKey};

/// The largest COSE_Sign1 that is read.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// The largest header of one. An item of CBOR takes one byte, and many more when it is read.
const MOST_HEADER_BYTES: usize = 16 * 1024;

/// Labels of header parameters (RFC 9052, 3.1; RFC 9596).
const ALG: i64 = 1;
const CRIT: i64 = 2;
const CONTENT_TYPE: i64 = 3;
const KID: i64 = 4;
const TYP: i64 = 16;

/// Why a COSE_Sign1 cannot be read, made or relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    /// Not a COSE_Sign1 with a JSON object inside.
    #[error("this is not a COSE_Sign1 of a JSON object")]
    NotSign1,
    /// Larger than is read.
    #[error("the COSE_Sign1 is larger than 4 MiB, or one of its headers larger than 16 KiB")]
    TooLarge,
    /// A header parameter that is not what it should be, there twice, or not protected by the signature.
    #[error("a header parameter is malformed, there twice, or not protected")]
    Header,
    /// As with JWS: algorithm, type, signature, content.
    #[error(transparent)]
    Jose(#[from] JoseError),
}

/// A COSE_Sign1, taken apart. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign1 {
    /// The payload, a JSON object.
    pub payload: Map<String, Value>,
    algorithm: Option<i64>,
    typ: Option<String>,
    key_id: Option<String>,
    critical: bool,
    protected: Vec<u8>,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl Sign1 {
    /// Takes a COSE_Sign1 apart, with its tag (18) or without. Lengths must be definite, parameters there
    /// only once, and what the signature depends on protected by it.
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        if bytes.len() > MOST_BYTES {
            return Err(CoseError::TooLarge);
        }
        let bytes = bytes.strip_prefix(&[0xd2]).unwrap_or(bytes);
        let rest = bytes.strip_prefix(&[0x84]).ok_or(CoseError::NotSign1)?;
        let (protected, rest) = byte_string(rest)?;
        let (unprotected, rest) = header(rest)?;
        let (signed, rest) = byte_string(rest)?;
        let (signature, rest) = byte_string(rest)?;
        if !rest.is_empty() {
            return Err(CoseError::NotSign1);
        }
        if protected.len() > MOST_HEADER_BYTES {
            return Err(CoseError::TooLarge);
        }
        let (own, []) = header(protected)? else { return Err(CoseError::Header) };
        let twice = |name: &Cbor| own.iter().any(|(other, _)| other == name);
        let only_protected =
            |name: &Cbor| [ALG, CRIT, CONTENT_TYPE, TYP].iter().any(|label| *name == Cbor::from(*label));
        if unprotected.iter().any(|(name, _)| twice(name) || only_protected(name)) {
            return Err(CoseError::Header);
        }
        let Ok(Value::Object(payload)) = document::parse(signed) else { return Err(CoseError::NotSign1) };
        let algorithm = find(&own, ALG).map(|value| {
            let number = value.as_integer().and_then(|number| i64::try_from(number).ok());
            number.ok_or(CoseError::Header)
        });
        let typ = find(&own, TYP).map(|value| value.as_text().map(str::to_owned).ok_or(CoseError::Header));
        let key_id = find(&own, KID).or_else(|| find(&unprotected, KID)).map(|value| {
            let bytes = value.as_bytes().cloned().ok_or(CoseError::Header)?;
            String::from_utf8(bytes).map_err(|_| CoseError::Header)
        });
        Ok(Self {
            payload,
            algorithm: algorithm.transpose()?,
            typ: typ.transpose()?,
            key_id: key_id.transpose()?,
            critical: find(&own, CRIT).is_some(),
            protected: protected.to_vec(),
            signed: signed.to_vec(),
            signature: signature.to_vec(),
        })
    }

    /// The `kid` of the header: where the key is.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The algorithm as JOSE names it, or its number in COSE if it is not one of those used here.
    pub fn algorithm(&self) -> String {
        let Some(number) = self.algorithm else { return "none".to_owned() };
        let kind = KINDS.into_iter().find(|kind| algorithms(*kind).contains(&number));
        kind.map_or_else(|| number.to_string(), |kind| jose::algorithm(kind).to_owned())
    }

    /// Checks header and signature with a key that is known to be the right one. `typ` must be
    /// `application/vc+cose`, or `application/vp+cose` for presentations.
    pub fn verify(&self, key: &PublicKey, content: Content) -> Result<(), CoseError> {
        let number = self.algorithm.ok_or_else(|| JoseError::Algorithm("none".to_owned()))?;
        if !algorithms(key.kind()).contains(&number) {
            let known = KINDS.into_iter().any(|kind| algorithms(kind).contains(&number));
            return Err(
                if known { JoseError::WrongKey } else { JoseError::Algorithm(number.to_string()) }.into()
            );
        }
        if self.critical {
            return Err(JoseError::Critical("crit").into());
        }
        let typ = self.typ.as_deref().unwrap_or("none").to_ascii_lowercase();
        let short = typ.strip_prefix("application/").unwrap_or(&typ);
        if short.strip_suffix("+cose") != Some(content.short()) {
            return Err(JoseError::Type(typ).into());
        }
        let fits = key.verify(&to_be_signed(&self.protected, &self.signed), &self.signature);
        if fits { Ok(()) } else { Err(JoseError::Signature.into()) }
    }
}

/// Verifies a credential by the rules of VC-JOSE-COSE (3.3.1); as [`jose::verify_credential`] does.
pub fn verify_credential(bytes: &[u8], key: &PublicKey) -> Result<Map<String, Value>, CoseError> {
    verify(bytes, key, Content::Credential)
}

/// Verifies a presentation by the rules of VC-JOSE-COSE (3.3.2); as [`jose::verify_presentation`] does.
pub fn verify_presentation(bytes: &[u8], key: &PublicKey) -> Result<Map<String, Value>, CoseError> {
    verify(bytes, key, Content::Presentation)
}

fn verify(bytes: &[u8], key: &PublicKey, content: Content) -> Result<Map<String, Value>, CoseError> {
    let sign1 = Sign1::parse(bytes)?;
    sign1.verify(key, content)?;
    jose::check_data_model(&sign1.payload, content)?;
    jose::check_names(&sign1.payload, &sign1.payload)?;
    Ok(sign1.payload)
}

/// Signs a credential as a tagged COSE_Sign1. `key_id`: the DID URL (or URL) where verifiers find the key. A
/// `proof` the document has is left out.
pub fn issue(document: &Value, key: &KeyPair, key_id: &str) -> Result<Vec<u8>, CoseError> {
    sign(document, key, key_id, Content::Credential)
}

/// Signs a presentation as a tagged COSE_Sign1.
pub fn issue_presentation(document: &Value, key: &KeyPair, key_id: &str) -> Result<Vec<u8>, CoseError> {
    sign(document, key, key_id, Content::Presentation)
}

fn sign(document: &Value, key: &KeyPair, key_id: &str, content: Content) -> Result<Vec<u8>, CoseError> {
    let mut payload = document.as_object().cloned().ok_or(CoseError::NotSign1)?;
    payload.shift_remove("proof");
    jose::check_data_model(&payload, content)?;
    let signed = Value::Object(payload).to_string().into_bytes();
    let short = content.short();
    let header = Cbor::Map(vec![
        (ALG.into(), algorithms(key.kind())[0].into()),
        (CONTENT_TYPE.into(), Cbor::Text(format!("application/{short}"))),
        (KID.into(), Cbor::Bytes(key_id.as_bytes().to_vec())),
        (TYP.into(), Cbor::Text(format!("application/{short}+cose"))),
    ]);
    let protected = encode(&header);
    let signature = key.sign(&to_be_signed(&protected, &signed));
    let parts =
        vec![Cbor::Bytes(protected), Cbor::Map(Vec::new()), Cbor::Bytes(signed), Cbor::Bytes(signature)];
    Ok(encode(&Cbor::Tag(18, Box::new(Cbor::Array(parts)))))
}

/// The text form: standard base64 without padding.
pub fn to_base64(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

/// Reads the text form; padding is accepted.
pub fn from_base64(text: &str) -> Result<Vec<u8>, CoseError> {
    jose::STANDARD.decode(text.trim()).map_err(|_| CoseError::NotSign1)
}

const KINDS: [KeyKind; 5] = [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa];

/// The algorithms of a kind of key: the general name first, then the one that names the curve as well
/// (RFC 9053, RFC 8812, RFC 9864).
fn algorithms(kind: KeyKind) -> &'static [i64] {
    match kind {
        KeyKind::Ed25519 => &[-8, -19],
        KeyKind::P256 => &[-7, -9],
        KeyKind::P384 => &[-35, -51],
        KeyKind::P521 => &[-36, -52],
        KeyKind::Rsa => &[-257],
    }
}

/// The `Sig_structure` (RFC 9052, 4.4), without external data.
fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    encode(&Cbor::Array(vec![
        Cbor::Text("Signature1".to_owned()),
        Cbor::Bytes(protected.to_vec()),
        Cbor::Bytes(Vec::new()),
        Cbor::Bytes(payload.to_vec()),
    ]))
}

fn encode(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes)
        .expect("a vector takes all bytes, and these values have no errors");
    bytes
}

/// A byte string of definite length at the beginning, and what follows it.
fn byte_string(bytes: &[u8]) -> Result<(&[u8], &[u8]), CoseError> {
    let (first, rest) = bytes.split_first().ok_or(CoseError::NotSign1)?;
    let (length, rest) = match *first {
        short @ 0x40..=0x57 => (usize::from(short - 0x40), rest),
        long @ 0x58..=0x5a => {
            let (length, rest) = rest.split_at_checked(1 << (long - 0x58)).ok_or(CoseError::NotSign1)?;
            (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return Err(CoseError::NotSign1),
    };
    rest.split_at_checked(length).ok_or(CoseError::NotSign1)
}

type Header = Vec<(Cbor, Cbor)>;

/// A header map at the beginning, and what follows it. Labels said twice are refused.
fn header(bytes: &[u8]) -> Result<(Header, &[u8]), CoseError> {
    let mut reader = &bytes[..bytes.len().min(MOST_HEADER_BYTES)];
    let before = reader.len();
    let Ok(Cbor::Map(header)) = ciborium::de::from_reader_with_recursion_limit(&mut reader, 16) else {
        return Err(CoseError::Header);
    };
    let rest = &bytes[before - reader.len()..];
    let twice = |number: usize| header[..number].iter().any(|(name, _)| *name == header[number].0);
    if header.len() > 64 || (0..header.len()).any(twice) {
        return Err(CoseError::Header);
    }
    Ok((header, rest))
}

fn find(header: &Header, label: i64) -> Option<&Cbor> {
    header.iter().find(|(name, _)| *name == Cbor::from(label)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(protected: &Cbor, unprotected: Cbor, payload: &[u8]) -> Vec<u8> {
        let parts = vec![
            Cbor::Bytes(encode(protected)),
            unprotected,
            Cbor::Bytes(payload.to_vec()),
            Cbor::Bytes(vec![0; 64]),
        ];
        encode(&Cbor::Array(parts))
    }

    #[test]
    fn hostile_bytes_are_refused() {
        let map = |entries: Vec<(i64, Cbor)>| {
            Cbor::Map(entries.into_iter().map(|(label, value)| (label.into(), value)).collect())
        };
        let own = map(vec![(ALG, (-8).into()), (TYP, "application/vc+cose".to_owned().into())]);
        assert!(Sign1::parse(&with(&own, map(vec![]), b"{}")).is_ok());
        assert!(Sign1::parse(&with(&own, map(vec![(KID, Cbor::Bytes(b"k".to_vec()))]), b"{}")).is_ok());
        for (protected, unprotected, payload) in [
            (own.clone(), map(vec![(ALG, (-8).into())]), &b"{}"[..]),
            (own.clone(), map(vec![(TYP, "application/vc+cose".to_owned().into())]), b"{}"),
            (map(vec![(ALG, (-8).into()), (ALG, (-7).into())]), map(vec![]), b"{}"),
            (map(vec![(ALG, "EdDSA".to_owned().into())]), map(vec![]), b"{}"),
            (map(vec![(KID, 7.into())]), map(vec![]), b"{}"),
            (own.clone(), map(vec![]), b"[]"),
            (own.clone(), map(vec![]), b"{\"a\":1,\"a\":2}"),
            (Cbor::Array(vec![]), map(vec![]), b"{}"),
        ] {
            assert!(Sign1::parse(&with(&protected, unprotected, payload)).is_err());
        }
        // nested deeply, lengths that promise more than there is, and things of other shapes
        let deep = [&[0xd2, 0x84, 0x40][..], &vec![0x81; 100_000]].concat();
        let long = [&[0xd2, 0x84, 0x5a, 0xff, 0xff, 0xff, 0xff][..], &[0; 10]].concat();
        let many = [&[0xd2, 0x84, 0x41, 0xa0, 0xba, 0xff, 0xff, 0xff, 0xff][..], &[0; 10]].concat();
        for bytes in [&deep[..], &long, &many, b"", b"\xd2", b"\x84", b"\xd8\x12\x84", b"\x9f\xff", b"{}"] {
            assert!(Sign1::parse(bytes).is_err());
        }
        assert_eq!(Sign1::parse(&vec![0; MOST_BYTES + 1]), Err(CoseError::TooLarge));
    }
}
