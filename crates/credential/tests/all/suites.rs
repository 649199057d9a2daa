//! The cryptosuites' own test vectors, with every intermediate value.

use std::path::Path;

use cairn_credential::key::{KeyKind, KeyPair, PublicKey};
use cairn_credential::proof::{self, ProofError, ProofOptions, SignError, Suite};
use cairn_credential::{jcs, rdf};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384};

use crate::shared;

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Every file of a folder whose name starts so.
fn starting(folder: &Path, start: &str) -> String {
    let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> =
        found.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(start)).collect();
    found.sort();
    shared::text(found.first().unwrap_or_else(|| panic!("{start} in {}", folder.display())))
}

fn without(value: &Value, member: &str) -> Value {
    let mut map = value.as_object().unwrap().clone();
    map.shift_remove(member);
    Value::Object(map)
}

/// A folder of vectors, the suite, and where the keys are.
const VECTORS: [(&str, Suite, &str); 7] = [
    ("vc-di-eddsa/eddsa-rdfc-2022", Suite::EddsaRdfc2022, "vc-di-eddsa/keyPair.json"),
    ("vc-di-eddsa/eddsa-jcs-2022", Suite::EddsaJcs2022, "vc-di-eddsa/keyPair.json"),
    ("vc-di-eddsa/Ed25519Signature2020", Suite::Ed25519Signature2020, "vc-di-eddsa/keyPair.json"),
    ("vc-di-ecdsa/ecdsa-rdfc-2019-p256", Suite::EcdsaRdfc2019, "vc-di-ecdsa/p256KeyPair.json"),
    ("vc-di-ecdsa/ecdsa-jcs-2019-p256", Suite::EcdsaJcs2019, "vc-di-ecdsa/p256KeyPair.json"),
    ("vc-di-ecdsa/ecdsa-rdfc-2019-p384", Suite::EcdsaRdfc2019, "vc-di-ecdsa/p384KeyPair.json"),
    ("vc-di-ecdsa/ecdsa-jcs-2019-p384", Suite::EcdsaJcs2019, "vc-di-ecdsa/p384KeyPair.json"),
];

fn digest(kind: KeyKind, text: &str) -> Vec<u8> {
    if kind == KeyKind::P384 { Sha384::digest(text).to_vec() } else { Sha256::digest(text).to_vec() }
}

#[test]
fn every_suite_gives_every_intermediate_value() {
    let Some(vectors) = shared::vectors() else { return };
    let suites = vectors.join("cryptosuites");
    for (folder, suite, keys) in VECTORS {
        let name = folder;
        let folder = suites.join(folder);
        let keys = shared::json(&suites.join(keys));
        let key = PublicKey::from_multibase(keys["publicKeyMultibase"].as_str().unwrap()).unwrap();
        let secret = keys["secretKeyMultibase"].as_str().or(keys["privateKeyMultibase"].as_str()).unwrap();
        let pair = KeyPair::from_secret_multibase(secret).unwrap();
        assert_eq!(pair.public(), key, "{name}");
        let signed: Value = serde_json::from_str(&starting(&folder, "signed")).unwrap();
        let config: Value = serde_json::from_str(&starting(&folder, "proofConfig")).unwrap();
        let bare = without(&signed, "proof");
        let jcs = matches!(suite, Suite::EddsaJcs2022 | Suite::EcdsaJcs2019);
        let text =
            |value: &Value| if jcs { jcs::canonicalize(value) } else { rdf::canonicalize(value).unwrap() };
        let (canonical, configuration) = (text(&bare), text(&config));
        assert_eq!(canonical, starting(&folder, "canonDoc"), "{name}");
        assert_eq!(configuration, starting(&folder, "proofCanon"), "{name}");
        let (document_hash, proof_hash) =
            (digest(key.kind(), &canonical), digest(key.kind(), &configuration));
        assert_eq!(hex(&document_hash), starting(&folder, "docHash").trim(), "{name}");
        assert_eq!(hex(&proof_hash), starting(&folder, "proofHash").trim(), "{name}");
        let data = [proof_hash, document_hash].concat();
        assert_eq!(hex(&data), starting(&folder, "combinedHash").trim(), "{name}");
        assert_eq!(hex(&pair.sign(&data)), starting(&folder, "sigHex").trim(), "{name}");
        assert_eq!(proof::verify(&signed, &signed["proof"], &key), Ok(()), "{name}");
        if suite != Suite::Ed25519Signature2020 {
            let method = config["verificationMethod"].as_str().unwrap();
            let options = ProofOptions::new(method, config["created"].as_str().unwrap().parse().unwrap());
            let mut ours = bare.clone();
            proof::sign_with(&mut ours, suite, &pair, &options).unwrap();
            assert_eq!(ours["proof"][0], signed["proof"], "{name}");
            ours["name"] = "Another".into();
            assert_eq!(proof::verify(&ours, &ours["proof"][0], &key), Err(ProofError::Signature), "{name}");
        }
    }
}

#[test]
fn keys_and_suites_must_fit() {
    let pair = KeyPair::from_seed(KeyKind::P256, &[7; 32]).unwrap();
    let mut document = crate::sample::signed();
    let options = ProofOptions::new("did:web:a.example#key-1", jiff::Timestamp::UNIX_EPOCH);
    for suite in [Suite::EddsaRdfc2022, Suite::EddsaJcs2022, Suite::Ed25519Signature2020] {
        let refused = proof::sign_with(&mut document, suite, &pair, &options);
        assert_eq!(refused, Err(SignError::WrongKey(suite.name())));
    }
    assert_eq!(proof::verify(&document, &document["proof"][0], &pair.public()), Err(ProofError::WrongKey));
}

#[test]
fn a_jcs_proof_signs_the_context_it_was_made_with() {
    let key = KeyPair::from_seed(KeyKind::Ed25519, &[7; 32]).unwrap();
    let options = ProofOptions::new("did:web:a.example#key-1", jiff::Timestamp::UNIX_EPOCH);
    let mut document = without(&crate::sample::signed(), "proof");
    proof::sign_with(&mut document, Suite::EddsaJcs2022, &key, &options).unwrap();
    let verify = |document: &Value| proof::verify(document, &document["proof"][0], &key.public());
    assert_eq!(verify(&document), Ok(()));
    let mut longer = document.clone();
    longer["@context"].as_array_mut().unwrap().push("https://example.org/more".into());
    assert_eq!(verify(&longer), Ok(()), "contexts may be added at the end");
    let mut other = document.clone();
    other["@context"][0] = "https://example.org/other".into();
    assert_eq!(verify(&other), Err(ProofError::Malformed("@context")));
    let mut added = document;
    added["undefinedTerm"] = "x".into();
    assert_eq!(verify(&added), Err(ProofError::Signature));
}

/// Checks every proof of a document with the key its did:key stands for.
fn verify_all(document: &Value) -> Vec<Result<(), ProofError>> {
    let verify = |proof: &Value| {
        let key = proof["verificationMethod"].as_str().unwrap().rsplit('#').next().unwrap();
        proof::verify(document, proof, &PublicKey::from_multibase(key).unwrap())
    };
    match &document["proof"] {
        Value::Array(proofs) => proofs.iter().map(verify).collect(),
        one => vec![verify(one)],
    }
}

#[test]
fn proof_sets_and_chains_verify() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("cryptosuites/vc-di-eddsa/proof-set-chain");
    for name in
        ["signedProofSet1.json", "signedProofSet2.json", "signedProofChain1.json", "signedProofChain2.json"]
    {
        let document = shared::json(&folder.join(name));
        assert!(verify_all(&document).iter().all(Result::is_ok), "{name}");
    }
    let mut missing = shared::json(&folder.join("signedProofChain2.json"));
    missing["proof"].as_array_mut().unwrap().remove(0);
    assert_eq!(verify_all(&missing)[1], Err(ProofError::Malformed("previousProof")));
    let mut changed = shared::json(&folder.join("signedProofChain2.json"));
    changed["proof"][0]["created"] = "2023-02-24T23:36:39Z".into();
    let results = verify_all(&changed);
    assert_eq!(results[0], Err(ProofError::Signature));
    assert_eq!(results[2], Err(ProofError::Signature), "what builds on a changed proof falls with it");
}

#[test]
fn chains_are_made() {
    for suite in [Suite::EddsaRdfc2022, Suite::EddsaJcs2022] {
        let pairs = [1, 2, 3].map(|seed| KeyPair::from_seed(KeyKind::Ed25519, &[seed; 32]).unwrap());
        let mut document = without(&crate::sample::signed(), "proof");
        let ids = [
            "urn:uuid:5a1b7b0e-0b3f-4a62-8f0e-000000000001",
            "urn:uuid:5a1b7b0e-0b3f-4a62-8f0e-000000000002",
        ];
        for (step, pair) in pairs.iter().enumerate() {
            let multibase = pair.public().multibase();
            let method = format!("did:key:{multibase}#{multibase}");
            let mut options = ProofOptions::new(&method, jiff::Timestamp::UNIX_EPOCH);
            options.id = ids.get(step).copied();
            options.previous = &ids[..step];
            proof::sign_with(&mut document, suite, pair, &options).unwrap();
        }
        assert!(verify_all(&document).iter().all(Result::is_ok));
        let mut options = ProofOptions::new("did:web:a.example#key-1", jiff::Timestamp::UNIX_EPOCH);
        options.previous = &["urn:uuid:nothing"];
        assert_eq!(proof::sign_with(&mut document, suite, &pairs[0], &options), Err(SignError::Previous));
    }
}

#[test]
fn open_badges_samples_verify() {
    let Some(vectors) = shared::vectors() else { return };
    for name in [
        "full-example.signed.json",
        "simple.json",
        "simple-context-alias.json",
        "simple-context-version.json",
        "simple-did-key-method.json",
        "simple-did-web-method.json",
        "simple-multiple-proofs.json",
        "endorsement-valid.json",
        "complete.json",
        "bit-string-list/credential-status-revoked.json",
        "bit-string-list/credential-status-revoked-blank-nodes.json",
        "bit-string-list/testlist",
    ] {
        let document = shared::json(&vectors.join("ob30").join(name));
        let proofs = &document["proof"];
        let proofs = proofs.as_array().cloned().unwrap_or_else(|| vec![proofs.clone()]);
        let proof = proofs.iter().find(|proof| proof["type"] == "DataIntegrityProof").unwrap();
        let method = proof["verificationMethod"].as_str().unwrap();
        let key = method.rsplit(['#', ':']).next().unwrap();
        let key = PublicKey::from_multibase(key).unwrap();
        assert_eq!(proof::verify(&document, proof, &key), Ok(()), "{name}");
    }
}
