//! COSE_Sign1, as a whole.

use cairn_credential::cose::{self, CoseError, Sign1};
use cairn_credential::jose::{Content, JoseError};
use cairn_credential::key::{KeyKind, KeyPair};
use serde_json::Value;

use crate::sample::{ISSUER, METHOD, credential, key};

fn signed() -> Vec<u8> {
    cose::issue(&credential(ISSUER).to_value(), &KeyPair::from(key()), METHOD).unwrap()
}

#[test]
fn every_kind_of_key_signs() {
    for (kind, length) in
        [(KeyKind::Ed25519, 32), (KeyKind::P256, 32), (KeyKind::P384, 48), (KeyKind::P521, 66)]
    {
        let mut seed = vec![0; length];
        seed[length - 1] = 9;
        let pair = KeyPair::from_seed(kind, &seed).unwrap();
        let document = credential(ISSUER).to_value();
        let bytes = cose::issue(&document, &pair, METHOD).unwrap();
        assert_eq!(cose::verify_credential(&bytes, &pair.public()).map(Value::Object), Ok(document));
        let sign1 = Sign1::parse(&bytes[1..]).unwrap();
        assert_eq!(sign1.key_id(), Some(METHOD), "without its tag it is the same");
        assert_eq!(sign1.verify(&pair.public(), Content::Credential), Ok(()));
        let presentation = sign1.verify(&pair.public(), Content::Presentation);
        assert_eq!(presentation, Err(JoseError::Type("application/vc+cose".into()).into()));
    }
}

#[test]
fn every_changed_byte_is_refused() {
    let bytes = signed();
    let public = key().public();
    assert!(cose::verify_credential(&bytes, &public).is_ok());
    for at in 0..bytes.len() {
        for bit in [0x01, 0x80] {
            let mut changed = bytes.clone();
            changed[at] ^= bit;
            assert!(cose::verify_credential(&changed, &public).is_err(), "{at} {bit}");
        }
        assert!(cose::verify_credential(&bytes[..at], &public).is_err(), "{at}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(cose::verify_credential(&longer, &public), Err(CoseError::NotSign1));
}

#[test]
fn other_keys_are_refused() {
    let stranger = KeyPair::from_seed(KeyKind::Ed25519, &[1; 32]).unwrap().public();
    assert_eq!(cose::verify_credential(&signed(), &stranger), Err(JoseError::Signature.into()));
    let other_kind = KeyPair::from_seed(KeyKind::P256, &[1; 32]).unwrap().public();
    assert_eq!(cose::verify_credential(&signed(), &other_kind), Err(JoseError::WrongKey.into()));
}
