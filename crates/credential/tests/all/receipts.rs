//! Verification receipts: what holds, and every change that must not.

use cairn_credential::check::Report;
use cairn_credential::key::{KeyKind, KeyPair, PublicKey};
use cairn_credential::proof::{self, ProofError, ProofOptions, Suite};
use cairn_credential::receipt::{self, Receipt, ReceiptError};
use cairn_credential::{did, document};
use serde_json::{Value, json};

use crate::sample::{self, facts, signed, time};

const VERIFIER: &str = "did:web:verifier.example";
const METHOD: &str = "did:web:verifier.example#key-1";

fn pair(kind: KeyKind) -> KeyPair {
    KeyPair::from_seed(kind, &vec![3; if kind == KeyKind::P384 { 48 } else { 32 }]).unwrap()
}

fn input() -> Vec<u8> {
    signed().to_string().into_bytes()
}

fn report() -> Report {
    sample::verify(&signed(), &facts())
}

fn receipt_by(key: &KeyPair) -> Value {
    receipt::sign(&input(), &report(), key, METHOD, time("2026-06-01T12:00:00.75Z")).unwrap()
}

/// Signs any document the way receipts are, for what the signer itself may do wrong.
fn sign_any(mut document: Value, key: &KeyPair, options: &ProofOptions<'_>) -> Value {
    proof::sign_with(&mut document, Suite::EddsaJcs2022, key, options).unwrap();
    document
}

fn unsigned() -> Value {
    Receipt::new(&input(), &report(), VERIFIER, time("2026-06-01T12:00:00Z")).to_value()
}

#[test]
fn what_is_signed_verifies_with_every_kind_of_key() {
    for kind in [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384] {
        let key = pair(kind);
        let text = receipt_by(&key).to_string();
        let receipt = document::parse(text.as_bytes()).unwrap();
        assert_eq!(receipt::method(&receipt), Ok(METHOD));
        let found = receipt::verify(&receipt, &key.public(), Some(&input())).unwrap();
        assert_eq!(found, receipt::verify(&receipt, &key.public(), None).unwrap());
        assert_eq!(found.verifier, VERIFIER);
        assert_eq!(found.checked_at, time("2026-06-01T12:00:00Z"));
        assert_eq!(found.report, report());
    }
}

#[test]
fn the_shape_is_stable() {
    let mut value = receipt_by(&pair(KeyKind::Ed25519));
    value["report"] = json!("see check::Report");
    value["sha256"] = json!(value["sha256"].as_str().unwrap().len());
    value["proof"][0]["proofValue"] = json!("z…");
    let want = json!({
        "type": "VerificationReceipt",
        "verifier": VERIFIER,
        "checkedAt": "2026-06-01T12:00:00Z",
        "sha256": 64,
        "report": "see check::Report",
        "proof": [{
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2026-06-01T12:00:00Z",
            "verificationMethod": METHOD,
            "proofPurpose": "assertionMethod",
            "proofValue": "z…",
        }],
    });
    assert_eq!(value.to_string(), want.to_string());
    let mut empty =
        receipt::sign(b"", &report(), &pair(KeyKind::Ed25519), METHOD, time("2026-06-01T12:00:00Z"));
    let want = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(empty.as_mut().unwrap()["sha256"], want);
}

/// Pointers to every value of a document, and of what is in it.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inside = |name: &str, value: &Value| {
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        pointers(value, &at, found);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| inside(name, value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| inside(&index.to_string(), value));
        }
        _ => {}
    }
}

#[test]
fn every_changed_added_or_missing_member_is_refused() {
    let key = pair(KeyKind::Ed25519);
    let receipt = receipt_by(&key);
    let mut all = Vec::new();
    pointers(&receipt, "", &mut all);
    assert!(all.len() > 50, "{}", all.len());
    let refused = |changed: &Value, what: &str| {
        assert_ne!(*changed, receipt, "{what}");
        assert!(receipt::verify(changed, &key.public(), None).is_err(), "{what}");
    };
    for pointer in all {
        for value in [json!("x"), json!(null), json!([]), json!({}), json!(7)] {
            let mut changed = receipt.clone();
            let at = changed.pointer_mut(&pointer).unwrap();
            if *at != value {
                *at = value;
                refused(&changed, &pointer);
            }
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut changed = receipt.clone();
        let Value::Object(parent) = changed.pointer_mut(parent).unwrap() else { continue };
        parent.shift_remove(name);
        refused(&changed, &format!("without {pointer}"));
        let mut changed = receipt.clone();
        if let Value::Object(map) = changed.pointer_mut(&pointer).unwrap() {
            map.insert("extra".into(), json!(true));
            refused(&changed, &format!("more in {pointer}"));
        }
    }
    let mut more = receipt.clone();
    more["extra"] = json!(true);
    refused(&more, "more");
    for not_an_object in [json!(null), json!([receipt]), json!("x")] {
        refused(&not_an_object, "not an object");
    }
}

#[test]
fn another_input_is_refused() {
    let key = pair(KeyKind::Ed25519);
    let receipt = receipt_by(&key);
    let mut other = input();
    other.push(b' ');
    for other in [other.as_slice(), b""] {
        assert_eq!(receipt::verify(&receipt, &key.public(), Some(other)), Err(ReceiptError::Input));
    }
}

#[test]
fn another_verifier_is_refused() {
    let (key, mallory) = (pair(KeyKind::Ed25519), KeyPair::from_seed(KeyKind::Ed25519, &[4; 32]).unwrap());
    let verify = |receipt: &Value, key: &PublicKey| receipt::verify(receipt, key, None).map(|_| ());
    let signature = Err(ReceiptError::Proof(ProofError::Signature));
    assert_eq!(verify(&receipt_by(&mallory), &key.public()), signature);
    assert_eq!(verify(&receipt_by(&pair(KeyKind::P256)), &key.public()), Err(ProofError::WrongKey.into()));
    let now = time("2026-06-01T12:00:00Z");
    let evil = ProofOptions::new("did:web:evil.example#key-1", now);
    let forged = sign_any(unsigned(), &mallory, &evil);
    assert_eq!(verify(&forged, &mallory.public()), Err(ReceiptError::Verifier));
    for did in [key.public().did_key(), did::jwk_did(&key.public())] {
        let method = format!("{did}#0");
        let own = receipt::sign(&input(), &report(), &key, &method, now).unwrap();
        assert_eq!(verify(&own, &key.public()), Ok(()));
        assert_eq!(receipt::sign(&input(), &report(), &mallory, &method, now), Err(ReceiptError::Verifier));
        let mut claimed = unsigned();
        claimed["verifier"] = json!(did);
        let forged = sign_any(claimed, &mallory, &ProofOptions::new(&method, now));
        assert_eq!(verify(&forged, &mallory.public()), Err(ReceiptError::Verifier));
    }
}

#[test]
fn proofs_that_mean_something_else_are_refused() {
    let key = pair(KeyKind::Ed25519);
    let options = || ProofOptions::new(METHOD, time("2026-06-01T12:00:00Z"));
    let verify = |receipt: &Value| receipt::verify(receipt, &key.public(), None).map(|_| ());
    let signed = sign_any(unsigned(), &key, &options());
    assert_eq!(verify(&signed), Ok(()));
    let malformed = |name| Err(ReceiptError::Malformed(name));
    let twice = sign_any(signed, &key, &options());
    assert_eq!(verify(&twice), malformed("proof"));
    let expiring = ProofOptions { expires: Some(time("2026-06-02T12:00:00Z")), ..options() };
    assert_eq!(verify(&sign_any(unsigned(), &key, &expiring)), malformed("proof"));
    let login = ProofOptions { purpose: "authentication", ..options() };
    assert_eq!(verify(&sign_any(unsigned(), &key, &login)), malformed("proof.proofPurpose"));
    let mut credential = sample::credential(sample::ISSUER).to_value();
    credential["type"] = json!("VerifiableCredential");
    assert_eq!(verify(&sign_any(credential, &key, &options())), malformed("type"));
    let mut typed = sample::signed();
    typed["type"] = json!("VerificationReceipt");
    assert_eq!(verify(&typed), malformed("verifier"));
    for (name, value) in [("checkedAt", "today"), ("sha256", "00"), ("verifier", "")] {
        let mut odd = unsigned();
        odd[name] = json!(value);
        assert!(verify(&sign_any(odd, &key, &options())).is_err(), "{name}");
    }
    let mut meaning = unsigned();
    meaning["@context"] = json!({"@vocab": "https://a.example/#"});
    proof::sign_with(&mut meaning, Suite::EddsaRdfc2022, &key, &options()).unwrap();
    assert_eq!(verify(&meaning), malformed("proof.cryptosuite"));
}

#[test]
fn keys_without_an_address_sign_nothing() {
    let sign = |method: &str| {
        receipt::sign(&input(), &report(), &pair(KeyKind::Ed25519), method, time("2026-06-01T12:00:00Z"))
    };
    for method in ["", "did:web:a.example", "did:web:a.example#", "https://a.example/#key"] {
        assert_eq!(sign(method), Err(ReceiptError::Method(method.to_owned())));
    }
}
