//! The suite's own test vectors, with every intermediate value.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::group::{Statements, digest};
use super::value::{Base, DerivedValue, FixedBytes, Multikey};
use super::{Secrets, derive, sign_base, verify_base, without_proof};
use crate::key::{KeyPair, PublicKey, hex};
use crate::proof::{self, ProofError, ProofOptions, hash};
use crate::rdf::{self, Contexts, HashAlgorithm};

#[path = "../../../tests/all/shared.rs"]
mod shared;

use shared::{json as read, text};

fn folder() -> Option<PathBuf> {
    shared::vectors().map(|vectors| vectors.join("cryptosuites/vc-di-ecdsa"))
}

/// The vectors' documents name a context that is not bundled: what they use of it, written inline.
fn citizenship() -> Value {
    let id = |id: &str| json!({"@id": id, "@type": "@id"});
    let date = |id: &str| json!({"@id": id, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"});
    json!({
        "schema": "https://schema.org/", "ctzn": "https://w3id.org/citizenship#",
        "additionalName": "schema:additionalName", "familyName": "schema:familyName",
        "gender": "schema:gender", "givenName": "schema:givenName", "identifier": "schema:identifier",
        "image": id("schema:image"), "birthDate": date("schema:birthDate"),
        "birthCountry": "ctzn:birthCountry", "residentSince": date("ctzn:residentSince"),
        "commuterClassification": "ctzn:commuterClassification", "lprCategory": "ctzn:lprCategory",
        "lprNumber": "ctzn:lprNumber", "Person": "schema:Person",
        "permanentResidentCard": id("ctzn:permanentResidentCard"),
        "employmentAuthorizationDocument": id("ctzn:employmentAuthorizationDocument"),
        "PermanentResident": "ctzn:PermanentResident", "PermanentResidentCard": "ctzn:PermanentResidentCard",
        "PermanentResidentCardCredential": "ctzn:PermanentResidentCardCredential",
        "EmployablePerson": "ctzn:EmployablePerson",
        "EmploymentAuthorizationDocument": "ctzn:EmploymentAuthorizationDocument",
        "EmploymentAuthorizationDocumentCredential": "ctzn:EmploymentAuthorizationDocumentCredential",
    })
}

fn with_context(mut document: Value) -> Value {
    document["@context"][1] = citizenship();
    document
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

fn numbers(value: &Value) -> BTreeSet<usize> {
    value.as_array().unwrap().iter().map(|item| item.as_u64().unwrap() as usize).collect()
}

fn pairs(value: &Value) -> Vec<(usize, String)> {
    let entries = value["value"].as_array().unwrap().iter();
    entries.map(|entry| (entry[0].as_u64().unwrap() as usize, entry[1].as_str().unwrap().into())).collect()
}

fn bytes<const N: usize>(hexadecimal: &str) -> [u8; N] {
    let byte = |at: usize| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap();
    (0..hexadecimal.len()).step_by(2).map(byte).collect::<Vec<_>>().try_into().unwrap()
}

fn signatures<const N: usize>(all: &[FixedBytes<N>]) -> Value {
    all.iter().map(|signature| hex(&signature.0)).collect()
}

fn multikey(key: &Multikey) -> String {
    format!("z{}", bs58::encode(key.0).into_string())
}

/// One folder of vectors.
struct Case {
    files: PathBuf,
    key: KeyPair,
    secrets: Secrets,
    mandatory: Value,
    selective: Value,
}

impl Case {
    fn read(&self, name: &str) -> Value {
        read(&self.files.join(name))
    }

    fn signed(&self) -> Value {
        with_context(self.read("addSignedSDBase.json"))
    }

    fn revealed(&self) -> Value {
        with_context(self.read("derivedRevealDocument.json"))
    }
}

fn cases() -> Vec<Case> {
    let Some(folder) = folder() else { return Vec::new() };
    let keys = read(&folder.join("ecdsa-sd-2023/SDKeyMaterial.json"));
    let pair = |name: &str| {
        let secret = keys[name]["secretKeyMultibase"].as_str().unwrap();
        let pair = KeyPair::from_secret_multibase(secret).unwrap();
        assert_eq!(pair.public().multibase(), keys[name]["publicKeyMultibase"].as_str().unwrap());
        pair
    };
    pair("proofKeyPair");
    let seed = bs58::decode(&keys["proofKeyPair"]["secretKeyMultibase"].as_str().unwrap()[1..]).into_vec();
    let secrets = Secrets {
        hmac_key: bytes(keys["hmacKeyString"].as_str().unwrap()),
        proof_seed: seed.unwrap()[2..].try_into().unwrap(),
    };
    let case = |name: &str, pointers: &str| Case {
        files: folder.join("ecdsa-sd-2023").join(name),
        key: pair("baseKeyPair"),
        secrets: secrets.clone(),
        mandatory: read(&folder.join(format!("{pointers}Mandatory.json"))),
        selective: read(&folder.join(format!("{pointers}Selective.json"))),
    };
    vec![case("prc", "prCred"), case("employ", "employ")]
}

#[test]
fn the_statements_are_those_of_the_vectors() {
    for case in cases() {
        let signed = case.signed();
        let bare = without_proof(signed.as_object().unwrap());
        let canonical = rdf::canonicalize(&Value::Object(bare.clone())).unwrap();
        assert_eq!(canonical, strings(&case.read("addBaseDocCanon.json")).concat());
        let statements = Statements::of(&bare, &case.secrets.hmac_key, Contexts::bundled()).unwrap();
        assert_eq!(statements.lines(), strings(&case.read("addBaseDocHMACCanon.json")));

        let transform = case.read("addBaseTransform.json");
        assert_eq!(transform["mandatoryPointers"], case.mandatory);
        let mandatory = statements.choose(&strings(&case.mandatory)).unwrap();
        let (required, optional) = statements.split(&mandatory.places);
        let (all_required, all_optional) =
            (pairs(&transform["mandatory"]), pairs(&transform["nonMandatory"]));
        assert_eq!(mandatory.places, all_required.iter().map(|pair| pair.0).collect());
        assert_eq!(required, all_required.iter().map(|pair| &pair.1).collect::<Vec<_>>());
        assert_eq!(optional, all_optional.iter().map(|pair| &pair.1).collect::<Vec<_>>());

        let config = with_context(case.read("addProofConfig.json"));
        let configuration = rdf::canonicalize(&config).unwrap();
        assert_eq!(configuration, text(&case.files.join("addProofConfigCanon.txt")));
        let own = hash::rdfc_configuration(
            &bare,
            signed["proof"].as_object().unwrap(),
            HashAlgorithm::Sha256,
            Contexts::bundled(),
        );
        assert_eq!(own.as_ref(), Ok(&configuration));
        let hashes = case.read("addHashData.json");
        assert_eq!(hashes["proofHash"], hex(&Sha256::digest(configuration)));
        assert_eq!(hashes["mandatoryHash"], hex(&digest(required.into_iter())));
        for entry in case.read("addPointerValues.json").as_array().unwrap() {
            assert_eq!(signed.pointer(entry["pointer"].as_str().unwrap()), Some(&entry["value"]));
        }
    }
}

#[test]
fn the_base_proof_is_that_of_the_vectors() {
    for case in cases() {
        let signed = case.signed();
        let want = signed["proof"].as_object().unwrap();
        let base = Base::decode(want["proofValue"].as_str().unwrap()).unwrap();
        assert_eq!(base.encode(), want["proofValue"].as_str().unwrap());
        let raw = case.read("addRawBaseSignatureInfo.json");
        assert_eq!(raw["baseSignature"], hex(&base.signature.0));
        assert_eq!(raw["publicKey"], multikey(&base.public_key));
        assert_eq!(raw["signatures"], signatures(&base.signatures));
        assert_eq!(base.hmac_key, case.secrets.hmac_key);
        assert_eq!(json!(base.mandatory), case.mandatory);

        let options = ProofOptions::new(
            want["verificationMethod"].as_str().unwrap(),
            want["created"].as_str().unwrap().parse().unwrap(),
        );
        let mut ours = Value::Object(without_proof(signed.as_object().unwrap()));
        sign_base(&mut ours, &case.key, &options, &strings(&case.mandatory), &case.secrets).unwrap();
        assert_eq!(ours["proof"][0], signed["proof"]);
        assert_eq!(verify_base(&signed, &signed["proof"], &case.key.public()), Ok(()));
        let refused = proof::verify(&signed, &signed["proof"], &case.key.public());
        assert_eq!(refused, Err(ProofError::NotDerived));
    }
}

#[test]
fn the_derived_proof_is_that_of_the_vectors() {
    for case in cases() {
        let signed = case.signed();
        let bare = without_proof(signed.as_object().unwrap());
        let recovered = case.read("derivedRecoveredBaseData.json");
        let base = Base::decode(signed["proof"]["proofValue"].as_str().unwrap()).unwrap();
        assert_eq!(recovered["hmacKey"], hex(&base.hmac_key));
        assert_eq!(recovered["signatures"], signatures(&base.signatures));
        assert_eq!(recovered["mandatoryPointers"], json!(base.mandatory));

        let statements = Statements::of(&bare, &base.hmac_key, Contexts::bundled()).unwrap();
        let (mandatory, selective) = (strings(&case.mandatory), strings(&case.selective));
        let indexes = case.read("derivedGroupIndexes.json");
        let groups = case.read("derivedAllGroupData.json");
        let all: Vec<&str> = mandatory.iter().chain(&selective).copied().collect();
        for (name, pointers) in [("mandatory", &mandatory), ("selective", &selective), ("combined", &all)] {
            let group = statements.choose(pointers).unwrap();
            assert_eq!(group.places, numbers(&indexes[format!("{name}Indexes")]), "{name}");
            let (inside, outside) = statements.split(&group.places);
            let second =
                |pairs: &Value| self::pairs(pairs).into_iter().map(|pair| pair.1).collect::<Vec<_>>();
            assert_eq!(inside, second(&groups["groups"][name]["matching"]).iter().collect::<Vec<_>>());
            assert_eq!(outside, second(&groups["groups"][name]["nonMatching"]).iter().collect::<Vec<_>>());
        }
        let combined = statements.choose(&all).unwrap();
        assert_eq!(
            Value::Object(statements.reveal(&combined)),
            with_context(case.read("derivedUnsignedReveal.json"))
        );

        let revealed = derive(&signed, &selective).unwrap();
        assert_eq!(revealed, case.revealed());
        let derived = DerivedValue::decode(revealed["proof"]["proofValue"].as_str().unwrap()).unwrap();
        let adjusted = case.read("derivedAdjMandatoryIndexes.json");
        assert_eq!(json!(derived.mandatory), adjusted["adjMandatoryIndexes"]);
        let filtered = case.read("derivedAdjSignatures.json");
        assert_eq!(signatures(&derived.signatures), filtered["filteredSignatures"]);
        let picked = numbers(&filtered["adjSignatureIndexes"]).into_iter();
        assert!(picked.map(|at| base.signatures[at]).eq(derived.signatures.iter().copied()));
        check_derived_value(&derived, &case.read("derivedDisclosureData.json"));
    }
}

fn check_derived_value(derived: &DerivedValue, data: &Value) {
    assert_eq!(data["baseSignature"], hex(&derived.signature.0));
    assert_eq!(data["publicKey"], multikey(&derived.public_key));
    assert_eq!(data["signatures"], signatures(&derived.signatures));
    assert_eq!(data["mandatoryIndexes"], json!(derived.mandatory));
    let labels = data["labelMap"].get("value").unwrap_or(&data["labelMap"]).as_array().unwrap();
    assert_eq!(labels.len(), derived.labels.len());
    for pair in labels {
        let number: usize = pair[0].as_str().unwrap().strip_prefix("c14n").unwrap().parse().unwrap();
        assert_eq!(super::group::name(&derived.labels[number]), format!("_:{}", pair[1].as_str().unwrap()));
    }
}

#[test]
fn the_derived_proof_of_the_vectors_verifies() {
    for case in cases() {
        let revealed = case.revealed();
        let value = revealed["proof"]["proofValue"].as_str().unwrap();
        let derived = DerivedValue::decode(value).unwrap();
        assert_eq!(derived.encode(), value);
        check_derived_value(&derived, &case.read("verifyDerivedProofValue.json"));
        let data = case.read("verifyCreateVerifyData.json");
        assert_eq!(data["signatures"], signatures(&derived.signatures));
        let lines = case.read("verifyNQuads.json");
        let lines: Vec<String> = strings(&lines).into_iter().map(str::to_owned).collect();
        let mandatory = derived.mandatory.iter().copied().collect();
        let (required, optional) = super::group::split(&lines, &mandatory);
        assert_eq!(data["mandatoryHash"], hex(&digest(required.into_iter())));
        assert_eq!(strings(&data["nonMandatory"]), optional);
        let own = PublicKey::from_multibase(&multikey(&derived.public_key)).unwrap();
        assert!(optional.iter().zip(&derived.signatures).all(|(l, s)| own.verify(l.as_bytes(), &s.0)));
        assert_eq!(proof::verify(&revealed, &revealed["proof"], &case.key.public()), Ok(()));
        let mut changed = revealed.clone();
        changed["credentialSubject"]["birthCountry"] = "Elsewhere".into();
        let refused = proof::verify(&changed, &changed["proof"], &case.key.public());
        assert_eq!(refused, Err(ProofError::Signature));
    }
}
