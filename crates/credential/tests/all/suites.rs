//! The cryptosuites' own test vectors, with every intermediate value.

use std::path::Path;

use cairn_credential::key::{PublicKey, SigningKey};
use cairn_credential::{proof, rdf};
use serde_json::Value;
use sha2::{Digest, Sha256};

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

#[test]
fn eddsa_rdfc_2022_gives_every_intermediate_value() {
    let Some(vectors) = shared::vectors() else { return };
    let suite = vectors.join("cryptosuites/vc-di-eddsa");
    let keys = shared::json(&suite.join("keyPair.json"));
    let key = PublicKey::from_multibase(keys["publicKeyMultibase"].as_str().unwrap()).unwrap();
    let secret = keys["privateKeyMultibase"].as_str().unwrap();
    let secret = bs58::decode(&secret[1..]).into_vec().unwrap();
    let signing = SigningKey::from_seed(secret[2..].try_into().unwrap());
    assert_eq!(signing.public(), key);
    {
        let folder = suite.join("eddsa-rdfc-2022");
        let signed: Value = serde_json::from_str(&starting(&folder, "signed")).unwrap();
        let canonical = rdf::canonicalize(&without(&signed, "proof")).unwrap();
        assert_eq!(canonical, starting(&folder, "canonDoc"));
        let config: Value = serde_json::from_str(&starting(&folder, "proofConfig")).unwrap();
        let configuration = rdf::canonicalize(&config).unwrap();
        assert_eq!(configuration, starting(&folder, "proofCanon"));
        assert_eq!(hex(&Sha256::digest(&canonical)), starting(&folder, "docHash").trim());
        assert_eq!(hex(&Sha256::digest(&configuration)), starting(&folder, "proofHash").trim());
        let data = [Sha256::digest(&configuration), Sha256::digest(&canonical)].concat();
        assert_eq!(hex(&data), starting(&folder, "combinedHash").trim());
        assert_eq!(hex(&signing.sign(&data)), starting(&folder, "sigHex").trim());
        assert_eq!(proof::verify(&signed, &signed["proof"], &key), Ok(()));
    }
}

#[test]
fn documents_of_the_other_rdfc_suites_canonicalise_to_their_bytes() {
    let Some(vectors) = shared::vectors() else { return };
    let suites = vectors.join("cryptosuites");
    for folder in [
        "vc-di-ecdsa/ecdsa-rdfc-2019-p256",
        "vc-di-ecdsa/ecdsa-rdfc-2019-p384",
        "vc-di-eddsa/Ed25519Signature2020",
    ] {
        let folder = suites.join(folder);
        let signed: Value = serde_json::from_str(&starting(&folder, "signed")).unwrap();
        let canonical = rdf::canonicalize(&without(&signed, "proof")).unwrap();
        assert_eq!(canonical, starting(&folder, "canonDoc"), "{}", folder.display());
        let config: Value = serde_json::from_str(&starting(&folder, "proofConfig")).unwrap();
        assert_eq!(
            rdf::canonicalize(&config).unwrap(),
            starting(&folder, "proofCanon"),
            "{}",
            folder.display()
        );
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
