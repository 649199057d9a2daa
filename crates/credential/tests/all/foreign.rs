//! Documents of other kinds get words of their own: *cannot tell*, or *not a badge*; never "not signed" when
//! they are signed another way.

use cairn_credential::check::{Facts, FetchOutcome, Outcome, Report, ShortLists, Verdict, check};
use cairn_credential::key::SigningKey;
use cairn_credential::rdf::{Contexts, HashAlgorithm};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

use crate::sample::{self, ISSUER, LIST, facts, fetched, key, time, verify};
use crate::shared;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn report(bytes: &[u8]) -> Report {
    check(bytes, &Facts::new(time("2026-06-01T00:00:00Z"))).report
}

fn said(report: &Report, name: &str) -> (Outcome, String) {
    let found = report.checks.iter().find(|check| check.check == name);
    let found = found.unwrap_or_else(|| panic!("no {name}: {report:#?}"));
    (found.outcome, found.code.clone())
}

#[test]
fn files_that_are_no_badges_are_named() {
    let check = |bytes: &[u8], verdict, code: &str| {
        let report = report(bytes);
        assert_eq!((report.verdict, report.checks[0].code.as_str()), (verdict, code), "{report:#?}");
        assert_eq!(report.checks.len(), 1);
    };
    check(b"\xff\xd8\xff\xe0\x00\x10JFIF", Verdict::Failed, "not_a_badge");
    check(b"GIF89a", Verdict::Failed, "not_a_badge");
    check(b"RIFF\x00\x00\x00\x00WEBPVP8 ", Verdict::Failed, "not_a_badge");
    check(b"PK\x03\x04\x14\x00\x06\x00word/document.xml", Verdict::Failed, "not_a_badge");
    check(b"%PDF-1.7\n1 0 obj <<>> endobj", Verdict::Failed, "not_a_badge");
    check(b"%PDF-1.7\n<< /ByteRange [0 1 2 3] /SubFilter /ETSI.CAdES.detached >>", Verdict::Unknown, "pades");
    check(b"<!DOCTYPE html><html><body>Badge</body></html>", Verdict::Failed, "not_a_badge");
    check(b"\xef\xbb\xbf<?xml version=\"1.0\"?><!-- a note --><note/>", Verdict::Failed, "not_a_badge");
    let europass =
        br#"<?xml version="1.0"?><europassCredential xmlns="http://data.europa.eu/snb" id="urn:x:1"/>"#;
    check(europass, Verdict::Unknown, "europass_xml");
    check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", Verdict::Failed, "nothing_baked");
    check(b"hello", Verdict::Failed, "unknown_format");
}

#[test]
fn what_cannot_be_read_has_passed_nothing() {
    for text in ["{", "{\"a\":1,\"a\":2}", "[1]", "{\"type\": \"VerifiableCredential\"", "\u{feff}{"] {
        let report = report(text.as_bytes());
        assert_eq!(report.verdict, Verdict::Failed);
        assert!(report.checks.iter().all(|check| check.outcome != Outcome::Passed), "{report:#?}");
    }
}

#[test]
fn badges_of_older_standards_are_not_called_unsigned() {
    let check = |document: Value, verdict, code: &str| {
        let report = report(document.to_string().as_bytes());
        assert_eq!((report.verdict, report.checks[0].code.as_str()), (verdict, code), "{report:#?}");
        assert!(report.checks.iter().all(|check| check.code != "unsigned"));
    };
    let recipient = json!({"type": "email", "hashed": true, "identity": "sha256$00"});
    check(
        json!({"uid": "1", "recipient": recipient, "badge": "https://a.example/badge.json",
            "verify": {"type": "hosted", "url": "https://a.example/1.json"}, "issuedOn": 1_400_000_000}),
        Verdict::Unknown,
        "open_badges_1",
    );
    check(
        json!({"recipient": "sha256$00", "salt": "x", "badge": {"version": "0.5.0", "name": "Maker",
            "issuer": {"origin": "https://a.example", "name": "A"}}}),
        Verdict::Unknown,
        "open_badges_1",
    );
    check(
        json!({"@context": "https://w3id.org/blockcerts/v1", "type": "CertificateDocument", "document": {},
            "receipt": {"type": "ChainpointSHA256v2"}}),
        Verdict::Unknown,
        "blockcerts_1",
    );
    let version_2 = "https://w3id.org/openbadges/v2";
    for kind in ["BadgeClass", "Issuer", "Profile", "CryptographicKey"] {
        check(
            json!({"@context": version_2, "type": kind, "id": "https://a.example/1", "name": "A"}),
            Verdict::Failed,
            "describes_only",
        );
    }
    check(json!({"type": ["Achievement"], "id": "https://a.example/1"}), Verdict::Failed, "describes_only");
}

#[test]
fn seals_are_not_called_missing() {
    let sealed = json!({"payload": "{\"type\":[\"VerifiableCredential\",\"EuropeanDigitalCredential\"]}",
        "signatures": [{"protected": "e30", "header": {"etsiU": []}, "signature": "AA"}]});
    let sealed = report(sealed.to_string().as_bytes());
    assert_eq!((sealed.verdict, said(&sealed, "format").1.as_str()), (Verdict::Unknown, "jades"));
    let other = report(br#"{"payload": "e30", "protected": "e30", "signature": "AA"}"#);
    assert_eq!((other.verdict, said(&other, "format").1.as_str()), (Verdict::Unknown, "jws_json"));
    let Some(vectors) = shared::vectors() else { return };
    let sample = shared::text(&vectors.join("elm/Sample-MC-Annex1-signed.jsonld"));
    assert_eq!(said(&report(sample.as_bytes()), "format"), (Outcome::Unknown, "jades".to_owned()));
}

/// A document of OpenAttestation 2, wrapped with another beside it.
fn attested() -> Value {
    let data = json!({
        "name": "0e5e:string:Soils",
        "issuedOn": "0e5f:string:2026-01-15",
        "issuers": [{"name": "0e60:string:College", "id": "0e61:string:did:ethr:0x1"}],
        "empty": {},
    });
    let mut lines: Vec<String> = [
        ("name", json!("0e5e:string:Soils")),
        ("issuedOn", json!("0e5f:string:2026-01-15")),
        ("issuers.0.name", json!("0e60:string:College")),
        ("issuers.0.id", json!("0e61:string:did:ethr:0x1")),
        ("empty", json!({})),
    ]
    .iter()
    .map(|(path, value)| hex(&Keccak256::digest(json!({*path: value}).to_string())))
    .collect();
    let hidden = hex(&Keccak256::digest("something else"));
    lines.push(hidden.clone());
    lines.sort();
    let target = Keccak256::digest(json!(lines).to_string());
    let beside = Keccak256::digest("the other certificate");
    let (first, second) = if target < beside { (target, beside) } else { (beside, target) };
    let root = Keccak256::digest([first, second].concat());
    json!({
        "version": "https://schema.openattestation.com/2.0/schema.json",
        "data": data,
        "privacy": {"obfuscatedData": [hidden]},
        "signature": {"type": "SHA3MerkleProof", "targetHash": hex(&target), "proof": [hex(&beside)],
            "merkleRoot": hex(&root)},
    })
}

#[test]
fn what_was_attested_is_compared_with_its_hash() {
    let report_of = |document: &Value| report(document.to_string().as_bytes());
    let good = report_of(&attested());
    assert_eq!(good.verdict, Verdict::Unknown);
    assert_eq!(said(&good, "format").1, "open_attestation_2");
    assert_eq!(said(&good, "proof"), (Outcome::Unknown, "anchor_not_checked".to_owned()));
    let summary = good.credential.clone().unwrap();
    assert_eq!((summary.name.as_deref(), summary.issuer_name.as_deref()), (Some("Soils"), Some("College")));
    let changes: [(&str, Value, &str); 4] = [
        ("/data/name", json!("0e5e:string:Gold"), "content_changed"),
        ("/privacy/obfuscatedData", json!([]), "content_changed"),
        ("/signature/proof", json!([]), "merkle_proof_invalid"),
        ("/signature/merkleRoot", json!("nonsense"), "merkle_proof_malformed"),
    ];
    for (pointer, value, code) in changes {
        let mut changed = attested();
        *changed.pointer_mut(pointer).unwrap() = value;
        let report = report_of(&changed);
        assert_eq!((report.verdict, said(&report, "proof").1.as_str()), (Verdict::Failed, code), "{pointer}");
    }
}

/// A certificate of Blockcerts 2, and the facts with the context it names.
fn blockcert() -> (Value, Facts) {
    let url = "https://certificates.example/context";
    let context =
        json!({"@context": {"@vocab": "https://certificates.example/terms#", "id": "@id", "type": "@type"}});
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    facts.documents.insert(url.into(), fetched(&context));
    let mut document = json!({
        "@context": [url],
        "type": "Assertion",
        "id": "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53",
        "recipient": {"type": "email", "identity": "amy@example.org", "hashed": false},
        "badge": {"type": "BadgeClass", "id": "urn:uuid:1", "name": "Soils",
            "issuer": {"id": "https://college.example", "name": "College"}},
        "issuedOn": "2026-01-15T09:00:00Z",
    });
    let contexts = Contexts::bundled().and([(url, context.to_string().as_bytes())]).unwrap();
    let canonical = contexts.canonicalize_without(document.as_object().unwrap(), "", HashAlgorithm::Sha256);
    let target = Sha256::digest(canonical.unwrap());
    let beside = Sha256::digest("the other certificate");
    let root = Sha256::digest([target, beside].concat());
    document["signature"] = json!({
        "type": ["MerkleProof2017", "Extension"],
        "targetHash": hex(&target),
        "merkleRoot": hex(&root),
        "proof": [{"right": hex(&beside)}],
        "anchors": [{"sourceId": "582733d7", "type": "BTCOpReturn", "chain": "bitcoinMainnet"}],
    });
    (document, facts)
}

#[test]
fn a_certificate_on_a_chain_is_compared_with_its_hash() {
    let (document, facts) = blockcert();
    let report_of = |document: &Value| check(document.to_string().as_bytes(), &facts).report;
    let good = report_of(&document);
    assert_eq!(good.verdict, Verdict::Unknown);
    assert_eq!(said(&good, "format").1, "blockcerts_2");
    assert_eq!(said(&good, "proof").1, "anchor_not_checked", "{good:#?}");
    assert!(good.checks[1].message.contains("bitcoinMainnet 582733d7"));
    assert_eq!(good.credential.clone().unwrap().achievement.as_deref(), Some("Soils"));
    let mut changed = document.clone();
    changed["badge"]["name"] = json!("Gold");
    assert_eq!(said(&report_of(&changed), "proof"), (Outcome::Failed, "content_changed".to_owned()));
    let mut turned = document.clone();
    turned["signature"]["proof"] = json!([{"left": document["signature"]["proof"][0]["right"]}]);
    assert_eq!(said(&report_of(&turned), "proof").1, "merkle_proof_invalid");
    let unfetched = check(document.to_string().as_bytes(), &Facts::new(facts.now));
    assert_eq!(said(&unfetched.report, "proof").1, "context_unknown");
    assert_eq!(unfetched.wanted.len(), 1);
}

#[test]
fn a_short_status_list_is_read_with_a_warning() {
    let mut short = sample::list_of(&["revocation"], &[]);
    short["credentialSubject"]["encodedList"] = packed().into();
    short.as_object_mut().unwrap().remove("proof");
    let short = sample::sign(short, sample::METHOD);
    let mut credential = sample::credential(ISSUER).to_value();
    credential["credentialStatus"]["statusListIndex"] = "5".into();
    let credential = sample::sign(credential, sample::METHOD);
    let mut facts = facts();
    facts.documents.insert(LIST.into(), fetched(&short));
    let report = verify(&credential, &facts);
    assert_eq!(report.verdict, Verdict::Warning);
    assert_eq!(said(&report, "status"), (Outcome::Warning, "status_list_short".to_owned()));
    facts.short_lists = ShortLists::Refused;
    let report = verify(&credential, &facts);
    assert_eq!(said(&report, "status"), (Outcome::Failed, "STATUS_LIST_LENGTH_ERROR".to_owned()));
}

/// 8,192 entries, none set.
fn packed() -> String {
    use base64::Engine as _;
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&[0; 1024]).unwrap();
    format!("u{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(gzip.finish().unwrap()))
}

#[test]
fn a_subject_without_an_id_is_a_note() {
    let mut document = sample::credential(ISSUER).to_value();
    document["credentialSubject"].as_object_mut().unwrap().remove("identifier");
    let report = verify(&sample::sign(document, sample::METHOD), &facts());
    assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
    assert_eq!(said(&report, "subject"), (Outcome::Warning, "subject_missing".to_owned()));
}

#[test]
fn a_credential_that_is_no_badge_verifies_as_such() {
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
        "id": "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53",
        "type": ["VerifiableCredential", "ExampleAlumniCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-01-15T09:00:00Z",
        "credentialSubject": {"id": "did:example:amy", "alumniOf": {"id": "did:example:college"}},
    });
    let report = verify(&sample::sign(document, sample::METHOD), &facts());
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
}

/// A badge in a JWS whose key is in its header.
fn jws_with_its_key(key: &SigningKey, issuer: &str) -> String {
    use base64::Engine as _;
    let encode = |value: &Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
    let mut payload = sample::credential(issuer).to_value();
    payload.as_object_mut().unwrap().remove("credentialStatus");
    payload["iss"] = issuer.into();
    payload["jti"] = payload["id"].clone();
    payload["sub"] = "did:example:amy".into();
    payload["credentialSubject"]["id"] = "did:example:amy".into();
    let header = json!({"alg": "EdDSA", "typ": "JWT", "jwk": key.public().jwk()});
    let signed = format!("{}.{}", encode(&header), encode(&payload));
    let signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn a_key_in_a_header_that_stands_in_the_issuers_profile_is_the_issuers() {
    let issuer = "https://college.example/profile";
    let profile = |methods: Value| {
        json!({"id": issuer, "type": "Profile", "verificationMethod": methods,
            "assertionMethod": [format!("{issuer}#key")]})
    };
    let method = |key: &SigningKey| {
        json!([{"id": format!("{issuer}#key"), "type": "JsonWebKey", "controller": issuer,
            "publicKeyJwk": key.public().jwk()}])
    };
    let outcome = |document: Option<Value>| {
        let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
        let served =
            document.map_or(FetchOutcome::Refused("it is away".into()), |document| fetched(&document));
        facts.documents.insert(issuer.into(), served);
        let report = check(jws_with_its_key(&key(), issuer).as_bytes(), &facts).report;
        (said(&report, "proof").1, said(&report, "issuer").1)
    };
    let ours = outcome(Some(profile(method(&key()))));
    assert_eq!(ours, ("proof_valid".to_owned(), "issuer_domain".to_owned()));
    let another = outcome(Some(profile(method(&SigningKey::from_seed(&[1; 32])))));
    assert_eq!(another, ("proof_valid".to_owned(), "issuer_mismatch".to_owned()));
    assert_eq!(outcome(None).0, "key_unavailable");
    let mut not_for_this = profile(method(&key()));
    not_for_this.as_object_mut().map(Map::clear);
    not_for_this["id"] = issuer.into();
    assert_eq!(outcome(Some(not_for_this)).1, "issuer_mismatch");
}
