//! Whatever is changed of what a derived proof came with, the proof does not hold any more.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_credential::key::{KeyKind, KeyPair};
use cairn_credential::proof::sd;
use cairn_credential::proof::{self, ProofError};
use ciborium::Value as Cbor;
use serde_json::{Value, json};

use crate::selective::{holds, key, signed};

const CHOSEN: [&str; 4] = [
    "/evidence/1",
    "/evidence/2/name",
    "/credentialSubject/result",
    "/credentialSubject/achievement/resultDescription/0/allowedValue",
];

fn shown() -> Value {
    let shown = sd::derive(&signed(), &CHOSEN).unwrap();
    assert_eq!(holds(&shown), Ok(()));
    shown
}

/// The parts of a proof value.
fn parts(document: &Value) -> Vec<Cbor> {
    let text = document["proof"][0]["proofValue"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(&text[1..]).unwrap();
    ciborium::from_reader::<Vec<Cbor>, _>(&bytes[3..]).unwrap()
}

fn with_parts(document: &Value, parts: &[Cbor]) -> Value {
    let mut bytes = vec![0xd9, 0x5d, 0x01];
    ciborium::into_writer(&parts, &mut bytes).unwrap();
    let mut document = document.clone();
    document["proof"][0]["proofValue"] = format!("u{}", URL_SAFE_NO_PAD.encode(bytes)).into();
    document
}

/// Alters the proof value, which must no longer hold.
fn refused(document: &Value, what: &str, want: ProofError, alter: impl FnOnce(&mut Vec<Cbor>)) {
    let before = parts(document);
    let mut after = before.clone();
    alter(&mut after);
    assert_ne!(before, after, "{what}");
    assert_eq!(holds(&with_parts(document, &after)), Err(want), "{what}");
}

fn flip(bytes: &mut Cbor, at: usize) {
    let Cbor::Bytes(bytes) = bytes else { panic!("{bytes:?}") };
    bytes[at] ^= 1;
}

fn list(value: &mut Cbor) -> &mut Vec<Cbor> {
    value.as_array_mut().unwrap()
}

fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                leaves(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{at}/{index}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn every_changed_or_removed_value_is_refused() {
    let document = shown();
    let mut pointers = Vec::new();
    leaves(&document, "", &mut pointers);
    assert!(pointers.len() > 40, "{}", pointers.len());
    for pointer in pointers {
        let mut changed = document.clone();
        let value = changed.pointer_mut(&pointer).unwrap();
        *value = match value {
            Value::String(text) => json!(format!("{text}x")),
            Value::Bool(truth) => json!(!*truth),
            other => panic!("{other}"),
        };
        assert!(holds(&changed).is_err(), "{pointer} changed");
        if pointer.starts_with("/@context")
            || pointer.ends_with("/proofPurpose") && !pointer.starts_with("/proof")
        {
            continue;
        }
        let mut removed = document.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match removed.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.shift_remove(name)),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!(),
        }
        assert!(holds(&removed).is_err(), "{pointer} removed");
    }
}

#[test]
fn nothing_is_added() {
    let document = shown();
    let all = signed();
    let mut added = document.clone();
    // True, but not disclosed by this proof.
    added["awardedDate"] = all["awardedDate"].clone();
    assert_eq!(holds(&added), Err(ProofError::Signature));
    let mut added = document.clone();
    added["evidence"][1]["genre"] = all["evidence"][2]["genre"].clone();
    assert_eq!(holds(&added), Err(ProofError::Signature));
    let mut added = document.clone();
    added["evidence"].as_array_mut().unwrap().push(all["evidence"][0].clone());
    assert_eq!(holds(&added), Err(ProofError::Signature));
    let mut added = document.clone();
    added["undefinedTerm"] = "x".into();
    assert!(matches!(holds(&added), Err(ProofError::Transformation(_))));
    // What belongs to one piece of evidence, moved to the other.
    let mut moved = document.clone();
    moved["evidence"][1]["genre"] = moved["evidence"][0]["genre"].take();
    moved["evidence"][0].as_object_mut().unwrap().shift_remove("genre");
    assert_eq!(holds(&moved), Err(ProofError::Signature));
    let mut swapped = document;
    let values = "/credentialSubject/achievement/resultDescription/0/allowedValue";
    swapped.pointer_mut(values).unwrap().as_array_mut().unwrap().swap(0, 1);
    assert_eq!(holds(&swapped), Err(ProofError::Signature));
}

#[test]
fn altered_proof_values_are_refused() {
    let document = shown();
    let check = |what: &str, alter: fn(&mut Vec<Cbor>)| {
        refused(&document, what, ProofError::Signature, alter);
    };
    let malformed = |what: &str, alter: fn(&mut Vec<Cbor>)| {
        refused(&document, what, ProofError::Malformed("proofValue"), alter);
    };
    check("base signature", |parts| flip(&mut parts[0], 3));
    check("one signature", |parts| flip(&mut list(&mut parts[2])[0], 3));
    check("the last signature", |parts| flip(list(&mut parts[2]).last_mut().unwrap(), 63));
    check("swapped signatures", |parts| list(&mut parts[2]).swap(0, 1));
    check("a signature less", |parts| drop(list(&mut parts[2]).pop()));
    check("a signature more", |parts| {
        let more = list(&mut parts[2])[0].clone();
        list(&mut parts[2]).push(more);
    });
    check("labels swapped", |parts| {
        let labels = parts[3].as_map_mut().unwrap();
        let first = labels[0].1.clone();
        labels[0].1 = std::mem::replace(&mut labels[1].1, first);
    });
    check("a label changed", |parts| flip(&mut parts[3].as_map_mut().unwrap()[0].1, 5));
    check("a label less", |parts| drop(parts[3].as_map_mut().unwrap().pop()));
    check("a label more", |parts| {
        let labels = parts[3].as_map_mut().unwrap();
        labels.push((Cbor::from(labels.len() as u64), Cbor::Bytes(vec![9; 32])));
    });
    malformed("two labels alike", |parts| {
        let labels = parts[3].as_map_mut().unwrap();
        labels[0].1 = labels[1].1.clone();
    });
    check("a mandatory place less", |parts| drop(list(&mut parts[4]).pop()));
    check("no mandatory places", |parts| list(&mut parts[4]).clear());
    check("another mandatory place", |parts| {
        let places: Vec<u64> =
            list(&mut parts[4]).iter().map(|place| place.as_integer().unwrap().try_into().unwrap()).collect();
        let free = (0..=places.len() as u64).find(|place| !places.contains(place)).unwrap();
        list(&mut parts[4])[0] = Cbor::from(free);
    });
    check("a mandatory place beyond the end", |parts| list(&mut parts[4]).push(Cbor::from(100_000)));
    malformed("a mandatory place twice", |parts| {
        let first = list(&mut parts[4])[0].clone();
        list(&mut parts[4]).push(first);
    });
    malformed("a key that is none", |parts| parts[1] = Cbor::Bytes(vec![0; 35]));
}

/// An attacker who signs the single statements with a key of their own cannot have the issuer vouch for it.
#[test]
fn the_proofs_own_key_is_vouched_for() {
    let document = shown();
    let other = KeyPair::from_seed(KeyKind::P256, &[9; 32]).unwrap().public().multibase();
    let other = bs58::decode(&other[1..]).into_vec().unwrap();
    refused(&document, "another key", ProofError::Signature, |parts| parts[1] = Cbor::Bytes(other));
    let wrong = KeyPair::from_seed(KeyKind::P256, &[9; 32]).unwrap().public();
    assert_eq!(proof::verify(&document, &document["proof"][0], &wrong), Err(ProofError::Signature));
    let wrong = KeyPair::from_seed(KeyKind::P384, &[9; 48]).unwrap().public();
    assert_eq!(proof::verify(&document, &document["proof"][0], &wrong), Err(ProofError::WrongKey));
    let wrong = crate::sample::key().public();
    assert_eq!(proof::verify(&document, &document["proof"][0], &wrong), Err(ProofError::WrongKey));
}

#[test]
fn altered_proof_options_are_refused() {
    let document = shown();
    for (name, value) in [
        ("created", "2026-01-15T09:00:01Z"),
        ("verificationMethod", "did:web:badges.example.edu#key-2"),
        ("proofPurpose", "authentication"),
        ("domain", "https://verifier.example"),
        ("challenge", "abc"),
        ("expires", "2030-01-01T00:00:00Z"),
        ("id", "urn:uuid:2d3b6f0e-0000-4000-8000-000000000000"),
        ("nonce", "abc"),
    ] {
        let mut changed = document.clone();
        changed["proof"][0][name] = value.into();
        assert_eq!(holds(&changed), Err(ProofError::Signature), "{name}");
    }
    let mut chained = document.clone();
    chained["proof"][0]["previousProof"] = "urn:uuid:2d3b6f0e-0000-4000-8000-000000000000".into();
    assert_eq!(holds(&chained), Err(ProofError::Malformed("previousProof")));
    let mut other = document;
    other["proof"][0]["cryptosuite"] = "ecdsa-rdfc-2019".into();
    assert_eq!(holds(&other), Err(ProofError::Malformed("proofValue")));
}

#[test]
fn base_proofs_are_checked_too() {
    let document = signed();
    let check = |document: &Value| sd::verify_base(document, &document["proof"][0], &key().public());
    assert_eq!(check(&document), Ok(()));
    let mut pointers = Vec::new();
    leaves(&document, "", &mut pointers);
    for pointer in pointers.iter().filter(|pointer| !pointer.starts_with("/@context")).step_by(5) {
        let mut changed = document.clone();
        *changed.pointer_mut(pointer).unwrap() = "urn:other".into();
        assert!(check(&changed).is_err(), "{pointer}");
    }
    let mut changed = document.clone();
    changed["proof"][0]["created"] = "2026-01-15T09:00:01Z".into();
    assert_eq!(check(&changed), Err(ProofError::Signature));
    let derived = shown();
    assert_eq!(check(&derived), Err(ProofError::Malformed("proofValue")));
    let other = crate::sample::signed();
    assert_eq!(check(&other), Err(ProofError::UnknownSuite("eddsa-rdfc-2022".into())));
}
