//! What is read is what is signed: spelling the same graph otherwise revives no badge, and honest documents
//! stay as good as they are.

use cairn_credential::check::{Facts, Outcome, Report, Verdict};
use cairn_credential::key::{KeyKind, KeyPair};
use cairn_credential::proof::{self, ProofError, ProofOptions, Suite, sd};
use cairn_credential::{did, rdf};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::sample::{
    self, DOCUMENT, INDEX, ISSUER, LIST, METHOD, facts, fetched, key, list_of, time, verify,
};
use crate::shared;

const CREDENTIALS: &str = "https://www.w3.org/2018/credentials#";
const XSD_TIME: &str = "http://www.w3.org/2001/XMLSchema#dateTime";

/// The badge as JSON, unsigned.
pub fn badge() -> Value {
    sample::credential(ISSUER).to_value()
}

/// Signs with one of the suites whose signature covers the graph.
pub fn sign_by(mut document: Value, suite: Suite, expires: Option<&str>) -> Value {
    let options = ProofOptions {
        expires: expires.map(time),
        ..ProofOptions::new(METHOD, time("2026-01-15T09:00:00Z"))
    };
    match suite {
        Suite::EcdsaSd2023 => {
            let secrets = sd::Secrets { hmac_key: [1; 32], proof_seed: [2; 32] };
            let options = ProofOptions { verification_method: &format!("{ISSUER}#key-2"), ..options };
            let names = document.as_object().unwrap().keys().filter(|name| *name != "@context");
            let all: Vec<String> = names.map(|name| format!("/{}", name.replace('/', "~1"))).collect();
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            sd::sign_base(&mut document, &p256(), &options, &all, &secrets).unwrap();
            sd::derive(&document, &[]).unwrap()
        }
        Suite::EcdsaRdfc2019 => {
            let options = ProofOptions { verification_method: &format!("{ISSUER}#key-2"), ..options };
            proof::sign_with(&mut document, suite, &p256(), &options).unwrap();
            document
        }
        Suite::Ed25519Signature2020 => sign_2020(document, expires),
        Suite::EddsaRdfc2022 | Suite::EddsaJcs2022 | Suite::EcdsaJcs2019 => {
            proof::sign_with(&mut document, suite, &KeyPair::from(key()), &options).unwrap();
            document
        }
    }
}

fn p256() -> KeyPair {
    KeyPair::from_seed(KeyKind::P256, &[7; 32]).unwrap()
}

/// This suite is not made any more, so by hand.
fn sign_2020(mut document: Value, expires: Option<&str>) -> Value {
    document["@context"]
        .as_array_mut()
        .unwrap()
        .push(json!("https://w3id.org/security/suites/ed25519-2020/v1"));
    let mut proof = json!({"type": "Ed25519Signature2020", "created": "2026-01-15T09:00:00Z",
        "verificationMethod": METHOD, "proofPurpose": "assertionMethod"});
    if let Some(expires) = expires {
        proof["expires"] = json!(expires);
    }
    let mut options = proof.clone();
    options["@context"] = document["@context"].clone();
    let hash = |value: &Value| Sha256::digest(rdf::canonicalize(value).unwrap());
    let data = [hash(&options), hash(&document)].concat();
    proof["proofValue"] = json!(format!("z{}", bs58(&key().sign(&data))));
    document["proof"] = json!([proof]);
    document
}

fn bs58(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let text = std::iter::repeat_n(b'1', zeros).chain(digits.iter().rev().map(|d| DIGITS[usize::from(*d)]));
    text.map(char::from).collect()
}

/// Facts that know both keys of the issuer.
pub fn all_facts() -> Facts {
    let mut facts = facts();
    let document =
        did::web_document(ISSUER, &[("key-1", &key().public(), true), ("key-2", &p256().public(), true)]);
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    facts
}

pub const SUITES: [Suite; 4] =
    [Suite::EddsaRdfc2022, Suite::EcdsaRdfc2019, Suite::Ed25519Signature2020, Suite::EcdsaSd2023];

fn outcome<'r>(report: &'r Report, name: &str) -> (Outcome, &'r str) {
    let check = report.checks.iter().find(|check| check.check == name).unwrap();
    (check.outcome, &check.code)
}

fn take(document: &mut Value, at: &str, name: &str) -> Value {
    document.pointer_mut(at).unwrap().as_object_mut().unwrap().shift_remove(name).unwrap()
}

fn context(document: &mut Value, context: Value) {
    document["@context"].as_array_mut().unwrap().push(context);
}

type Hide = fn(&mut Value);

/// Ways to hide the end of a badge that keep its graph.
const HIDE_END: [(&str, Hide); 9] = [
    ("full IRI", |document| {
        let end = take(document, "", "validUntil");
        document[format!("{CREDENTIALS}validUntil")] = json!({"@type": XSD_TIME, "@value": end});
    }),
    ("alias", |document| {
        let end = take(document, "", "validUntil");
        document["until"] = end;
        context(document, json!({"until": {"@id": format!("{CREDENTIALS}validUntil"), "@type": XSD_TIME}}));
    }),
    ("prefix", |document| {
        let end = take(document, "", "validUntil");
        document["c:validUntil"] = json!({"@type": XSD_TIME, "@value": end});
        context(document, json!({"c": CREDENTIALS}));
    }),
    ("@nest", |document| {
        let end = take(document, "", "validUntil");
        document["@nest"] = json!({"validUntil": end});
    }),
    ("a name for @nest", |document| {
        let end = take(document, "", "validUntil");
        document["more"] = json!({"validUntil": end});
        context(document, json!({"more": "@nest"}));
    }),
    ("@included", |document| {
        let end = take(document, "", "validUntil");
        document["@included"] =
            json!([{"id": document["id"], "type": "VerifiableCredential", "validUntil": end}]);
    }),
    ("@included under the issuer", |document| {
        let end = take(document, "", "validUntil");
        document["issuer"]["@included"] =
            json!({"id": document["id"], "type": "VerifiableCredential", "validUntil": end});
    }),
    ("@included under the status", |document| {
        let end = take(document, "", "validUntil");
        document["credentialStatus"]["@included"] =
            json!({"id": document["id"], "type": "VerifiableCredential", "validUntil": end});
    }),
    ("under a reference of one's own", |document| {
        let end = take(document, "", "validUntil");
        let id = document["id"].clone();
        let related = document.pointer_mut("/credentialSubject/achievement/related/0").unwrap();
        related["@included"] = json!({"id": id, "type": "VerifiableCredential", "validUntil": end});
    }),
];

/// Ways to hide the status.
const HIDE_STATUS: [(&str, Hide); 5] = [
    ("full IRI", |document| {
        let status = take(document, "", "credentialStatus");
        document[format!("{CREDENTIALS}credentialStatus")] = status;
    }),
    ("@reverse", |document| {
        let mut status = take(document, "", "credentialStatus");
        status["@reverse"] = json!({format!("{CREDENTIALS}credentialStatus"): {"id": document["id"]}});
        document["@included"] = json!([status]);
    }),
    ("a term that is reversed", |document| {
        let mut status = take(document, "", "credentialStatus");
        status["statusOf"] = json!({"id": document["id"]});
        document["@included"] = json!([status]);
        context(document, json!({"statusOf": {"@reverse": format!("{CREDENTIALS}credentialStatus")}}));
    }),
    ("@nest", |document| {
        let status = take(document, "", "credentialStatus");
        document["@nest"] = json!({"credentialStatus": status});
    }),
    ("@included by id", |document| {
        let status = take(document, "", "credentialStatus");
        document["@included"] =
            json!([{"id": document["id"], "type": document["type"], "credentialStatus": status}]);
    }),
];

fn same_graph(before: &Value, after: &Value) {
    let canonical = |document: &Value| {
        let mut map = document.as_object().unwrap().clone();
        map.shift_remove("proof");
        rdf::canonicalize(&Value::Object(map)).unwrap()
    };
    assert_eq!(canonical(before), canonical(after));
}

fn expect_hidden(before: &Value, hide: Hide, facts: &Facts, what: &str) {
    assert_eq!(verify(before, facts).verdict, Verdict::Failed, "{what}: it is bad to begin with");
    let mut after = before.clone();
    hide(&mut after);
    same_graph(before, &after);
    let report = verify(&after, facts);
    assert_eq!(outcome(&report, "proof"), (Outcome::Unknown, "not_plainly_said"), "{what} {report:#?}");
    assert!(!matches!(report.verdict, Verdict::Verified | Verdict::Warning), "{what}");
}

#[test]
fn an_expired_badge_is_not_revived() {
    let mut facts = all_facts();
    facts.now = time("2031-06-01T00:00:00Z");
    for suite in SUITES {
        let document = sign_by(badge(), suite, None);
        for (what, hide) in HIDE_END {
            // What is kept back of a part is another matter: there the end must be shown as it is named, too.
            expect_hidden(&document, hide, &facts, &format!("{suite:?} {what}"));
        }
    }
}

#[test]
fn a_revoked_or_suspended_badge_is_not_revived() {
    for purpose in ["revocation", "suspension"] {
        let mut facts = all_facts();
        facts.documents.insert(LIST.into(), fetched(&list_of(&[purpose], &[INDEX])));
        for suite in SUITES {
            let mut document = badge();
            document["credentialStatus"]["statusPurpose"] = json!(purpose);
            let document = sign_by(document, suite, None);
            for (what, hide) in HIDE_STATUS {
                expect_hidden(&document, hide, &facts, &format!("{suite:?} {purpose} {what}"));
            }
        }
    }
}

#[test]
fn one_of_two_status_entries_cannot_be_spelt_away() {
    let mut document = badge();
    let mut other = document["credentialStatus"].clone();
    other["id"] = json!(format!("{LIST}#2"));
    other["statusListIndex"] = json!("7");
    document["credentialStatus"] = json!([document["credentialStatus"], other]);
    let document = sign_by(document, Suite::EddsaRdfc2022, None);
    let mut facts = all_facts();
    facts.documents.insert(LIST.into(), fetched(&list_of(&["revocation"], &[7])));
    let hide: Hide = |document| {
        let entry = document["credentialStatus"].as_array_mut().unwrap().pop().unwrap();
        document[format!("{CREDENTIALS}credentialStatus")] = entry;
    };
    expect_hidden(&document, hide, &facts, "an entry");
    let hide: Hide = |document| {
        let entry = &mut document["credentialStatus"][1];
        let index = take(entry, "", "statusListIndex");
        entry["https://www.w3.org/ns/credentials/status#statusListIndex"] = index;
    };
    expect_hidden(&document, hide, &facts, "its index");
}

#[test]
fn the_end_of_a_proof_is_not_hidden() {
    for suite in SUITES {
        let document = sign_by(badge(), suite, Some("2026-02-01T00:00:00Z"));
        let facts = all_facts();
        let expired = verify(&document, &facts);
        assert_eq!(outcome(&expired, "proof"), (Outcome::Failed, "proof_expired"), "{suite:?}");
        let mut full = document.clone();
        let end = take(&mut full, "/proof/0", "expires");
        full["proof"][0]["https://w3id.org/security#expiration"] = json!({"@type": XSD_TIME, "@value": end});
        let mut nested = document.clone();
        take(&mut nested, "/proof/0", "expires");
        nested["proof"][0]["@nest"] = json!({"expires": end});
        for after in [full, nested] {
            let report = verify(&after, &facts);
            assert_eq!(
                outcome(&report, "proof"),
                (Outcome::Unknown, "not_plainly_said"),
                "{suite:?} {report:#?}"
            );
        }
    }
}

#[test]
fn a_proof_is_not_given_another_purpose() {
    // The word under which it is read cannot be given another meaning.
    let mut document = badge();
    let options =
        ProofOptions { purpose: "authentication", ..ProofOptions::new(METHOD, time("2026-01-15T09:00:00Z")) };
    context(
        &mut document,
        json!({"as": {"@id": "https://w3id.org/security#proofPurpose", "@type": "@vocab",
        "@context": {"assertionMethod": "https://w3id.org/security#authenticationMethod"}}}),
    );
    proof::sign(&mut document, &key(), &options).unwrap();
    let purpose = take(&mut document, "/proof/0", "proofPurpose");
    assert_eq!(purpose, "authentication");
    document["proof"][0]["as"] = json!("assertionMethod");
    assert_eq!(verify(&document, &all_facts()).verdict, Verdict::Failed);
}

#[test]
fn the_end_of_a_status_list_is_not_hidden() {
    let mut list = list_of(&["revocation"], &[]);
    list.as_object_mut().unwrap().shift_remove("proof");
    list["validUntil"] = json!("2026-02-01T00:00:00Z");
    let list = sample::sign(list, METHOD);
    let badge = sample::signed();
    let mut facts = all_facts();
    facts.documents.insert(LIST.into(), fetched(&list));
    assert_eq!(outcome(&verify(&badge, &facts), "status"), (Outcome::Unknown, "status_list_out_of_date"));
    for (what, hide) in HIDE_END.iter().take(6) {
        let mut after = list.clone();
        hide(&mut after);
        same_graph(&list, &after);
        facts.documents.insert(LIST.into(), fetched(&after));
        let report = verify(&badge, &facts);
        assert_eq!(outcome(&report, "status"), (Outcome::Unknown, "not_plainly_said"), "{what} {report:#?}");
    }
}

#[test]
fn names_and_types_cannot_be_borrowed() {
    // What the issuer says by terms of its own does not become an identity by giving these terms other names.
    let mut document = badge();
    context(&mut document, json!({"ex": "https://ex.example/"}));
    let identity = take(&mut document, "/credentialSubject", "identifier");
    document["credentialSubject"]["ex:note"] = json!({"ex:hash": identity[0]["identityHash"]});
    let document = sign_by(document, Suite::EddsaRdfc2022, None);
    assert_eq!(outcome(&verify(&document, &all_facts()), "subject"), (Outcome::Warning, "subject_missing"));
    let mut after = document.clone();
    let note = take(&mut after, "/credentialSubject", "ex:note");
    after["credentialSubject"]["@context"] =
        json!({"who": "https://ex.example/note", "identityHash": "https://ex.example/hash"});
    after["credentialSubject"]["who"] = json!({"identityHash": note["ex:hash"]});
    let report = verify(&after, &all_facts());
    assert_eq!(outcome(&report, "subject"), (Outcome::Warning, "subject_missing"));
    // Under the very name it would be read, so that document is not.
    let borrowed = take(&mut after, "/credentialSubject", "who");
    after["credentialSubject"]["identifier"] = borrowed;
    after["credentialSubject"]["@context"]["identifier"] = json!("https://ex.example/note");
    let report = verify(&after, &all_facts());
    assert!(!matches!(report.verdict, Verdict::Verified | Verdict::Warning), "{report:#?}");
}

#[test]
fn a_label_is_no_subject() {
    let mut document = badge();
    take(&mut document, "/credentialSubject", "identifier");
    let document = sign_by(document, Suite::EddsaRdfc2022, None);
    let mut after = document.clone();
    after["credentialSubject"]["id"] = json!("_:somebody");
    same_graph(&document, &after);
    assert_eq!(outcome(&verify(&after, &all_facts()), "proof"), (Outcome::Unknown, "not_plainly_said"));
}

#[test]
fn honest_extensions_stay_verified() {
    let own = json!({"ex": "https://ex.example/", "pits": "ex:pits", "soil": {"@id": "ex:soil", "@type": "@id"},
        "Digging": "ex:Digging", "layers": {"@id": "ex:layers", "@container": "@list"},
        "title": "ex:title", "translations": {"@id": "ex:translations", "@container": "@language"},
        "box": "@nest", "raw": {"@id": "ex:raw", "@type": "@json"}});
    for suite in SUITES {
        let mut document = badge();
        context(&mut document, own.clone());
        document["pits"] = json!(4);
        document["ex:full"] = json!({"@value": "x", "@language": "en"});
        document["https://ex.example/whole"] =
            json!({"title": "A", "type": "VerifiableCredential", "validUntil": "1999-01-01T00:00:00Z"});
        document["translations"] = json!({"de": "Boden", "en": "Soil"});
        document["evidence"][0]["type"] = json!(["Evidence", "Digging"]);
        document["evidence"][0]["soil"] = json!("ex:loam");
        document["credentialSubject"]["layers"] = json!(["a", {"id": "ex:b", "pits": 1}]);
        document["credentialSubject"]["box"] = json!({"pits": 2});
        document["credentialSubject"]["achievement"]["creator"] =
            json!({"id": ISSUER, "type": ["Profile"], "name": "Example University"});
        document["raw"] = json!({"validUntil": "1999-01-01T00:00:00Z", "a": [1, null]});
        let document = sign_by(document, suite, None);
        let report = verify(&document, &all_facts());
        assert_eq!(report.verdict, Verdict::Verified, "{suite:?} {report:#?}");
    }
}

#[test]
fn what_is_said_of_the_badge_elsewhere_is_seen() {
    // Honest to look at, and not what is read: an extension says that the badge itself ended.
    let mut document = badge();
    context(&mut document, json!({"about": "https://ex.example/about"}));
    document["about"] =
        json!({"id": document["id"], "type": "VerifiableCredential", "validUntil": "2026-02-01T00:00:00Z"});
    let document = sign_by(document, Suite::EddsaRdfc2022, None);
    assert_eq!(outcome(&verify(&document, &all_facts()), "proof"), (Outcome::Unknown, "not_plainly_said"));
}

/// Documents that were not verified before either, and what their names do not mean.
const NEVER_VERIFIED: [(&str, &str); 4] = [
    // Its status entry is of a type and has members that only a catch-all vocabulary defines.
    ("credential-full.json", "type"),
    ("credential-missing-base-context-fail-or-inject.json", "type"),
    ("credential-missing-required-type-fail.json", "credentialSubject"),
    ("presentation-missing-base-context-fail.json", "type"),
];

#[test]
fn no_sample_is_hidden() {
    let Some(vectors) = shared::vectors() else { return };
    let mut folders = vec![vectors];
    let (mut looked_at, mut hidden) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Open Badges 2.0 is not signed as RDF.
                folders.extend(Some(path).filter(|path| !path.ends_with("ob20")));
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let Ok(Value::Object(mut document)) = serde_json::from_str::<Value>(&text) else { continue };
            document.shift_remove("proof");
            if !document.contains_key("@context") {
                continue;
            }
            if let Some(what) = hidden_in(document) {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                hidden.push((name, what));
            } else {
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 60, "{looked_at}");
    hidden.sort();
    let hidden: Vec<(&str, &str)> =
        hidden.iter().map(|(name, what)| (name.as_str(), what.as_str())).collect();
    assert_eq!(hidden, NEVER_VERIFIED);
}

/// What a document hides once it is signed; nothing if it cannot be.
fn hidden_in(document: Map<String, Value>) -> Option<String> {
    let mut document = Value::Object(document);
    let options = ProofOptions::new(METHOD, time("2026-01-15T09:00:00Z"));
    for suite in ["", "https://w3id.org/security/data-integrity/v2"] {
        if !suite.is_empty() {
            let contexts = document["@context"].take();
            let mut list = contexts.as_array().cloned().unwrap_or_else(|| vec![contexts.clone()]);
            list.push(json!(suite));
            document["@context"] = Value::Array(list);
        }
        if proof::sign(&mut document, &key(), &options).is_ok() {
            return match proof::verify(&document, &document["proof"][0], &key().public()) {
                Err(ProofError::NotPlain(what)) => Some(what),
                Err(error) => panic!("{error} {document}"),
                Ok(()) => None,
            };
        }
    }
    None
}

#[test]
fn nothing_hides_in_an_envelope_of_a_record() {
    let mut record = badge();
    record["type"] = json!(["VerifiableCredential", "ClrCredential"]);
    record["@context"] = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]);
    let kept = ["@context", "id", "type", "name", "issuer", "validFrom", "validUntil"];
    record.as_object_mut().unwrap().retain(|name, _| kept.contains(&name.as_str()));
    record["issuer"] = json!({"id": ISSUER, "type": ["Profile"], "name": "Example University"});
    let envelope =
        json!({"id": "data:application/vc+jwt,e30.e30.e30", "type": ["EnvelopedVerifiableCredential"]});
    record["credentialSubject"] =
        json!({"id": "did:example:amy", "type": ["ClrSubject"], "verifiableCredential": [envelope]});
    let record = sign_by(record, Suite::EddsaRdfc2022, None);
    assert_eq!(outcome(&verify(&record, &all_facts()), "proof"), (Outcome::Passed, "proof_valid"));
    let mut after = record.clone();
    let end = take(&mut after, "", "validUntil");
    let hidden = json!({"id": after["id"], "type": "VerifiableCredential", "validUntil": end});
    let envelope = &mut after["credentialSubject"]["verifiableCredential"][0];
    envelope["proof"] = json!([null]);
    envelope["@included"] = hidden;
    context(&mut after, json!({"proof": "https://w3id.org/security#proof"}));
    same_graph(&record, &after);
    assert_eq!(outcome(&verify(&after, &all_facts()), "proof"), (Outcome::Unknown, "not_plainly_said"));
}
