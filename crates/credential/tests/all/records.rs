//! Comprehensive Learner Records: as good as the worst credential in them.

use cairn_credential::check::{Check, Facts, Outcome, Report, Verdict, check};
use cairn_credential::clr::{Association, AssociationType, ClrCredential, ClrSubject};
use cairn_credential::did;
use cairn_credential::key::PublicKey;
use cairn_credential::open_badge::{AchievementResult, CredentialSchema, Profile};
use serde_json::{Value, json};

use crate::sample::{self, ISSUER, METHOD, facts, fetched, time, verify};
use crate::shared;

fn record(credentials: Vec<Value>) -> ClrCredential {
    let mut credentials = credentials.into_iter();
    let mut subject = ClrSubject::new(credentials.next().unwrap()).unwrap();
    for credential in credentials {
        subject.hold(credential).unwrap();
    }
    let achievement = sample::credential(ISSUER).credential_subject.achievement;
    subject.id = Some("did:example:amy".into());
    subject.association = AssociationType::ALL
        .into_iter()
        .map(|kind| {
            Association::new(kind, &achievement.id, "urn:uuid:2d2d0f3e-0d8a-4a4e-8c49-2a5a2f7d2a11").unwrap()
        })
        .collect();
    subject.achievement = vec![achievement];
    let id = "urn:uuid:5f0f6f3e-3f0f-4f65-8a7e-57bd0f2f4a0b";
    let issuer = Profile::new(ISSUER, "Example University");
    let mut record =
        ClrCredential::new(id, "Transcript", issuer, time("2026-01-15T09:00:00Z"), subject).unwrap();
    record.partial = Some(true);
    let kind = "1EdTechJsonSchemaValidator2019".to_owned();
    record.credential_schema = vec![CredentialSchema { id: cairn_credential::clr::SCHEMA.into(), kind }];
    record
}

fn signed(credentials: Vec<Value>) -> Value {
    sample::sign(record(credentials).to_value(), METHOD)
}

fn found<'a>(report: &'a Report, name: &str) -> &'a Check {
    report.checks.iter().find(|check| check.check == name).unwrap()
}

#[test]
fn a_good_record_verifies_with_all_it_holds() {
    let report = verify(&signed(vec![sample::signed(), sample::signed()]), &facts());
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
    let detail = found(&report, "credentials").detail.as_ref().unwrap();
    let inside: Vec<Report> = serde_json::from_value(detail["credentials"].clone()).unwrap();
    assert_eq!(inside.len(), 2);
    assert!(inside.iter().all(|report| report.verdict == Verdict::Verified));
    assert_eq!(inside[0].credential.as_ref().unwrap().achievement.as_deref(), Some("Data Stewardship"));
}

#[test]
fn records_go_round() {
    let record = record(vec![sample::signed()]);
    let read: ClrCredential = serde_json::from_value(record.to_value()).unwrap();
    assert_eq!(read, record);
    assert_eq!(read.document().unwrap(), record.to_value());
    let mut nobody = record;
    nobody.credential_subject.id = None;
    assert!(nobody.document().is_err());
}

#[test]
fn one_bad_credential_spoils_the_record() {
    let mut changed = sample::signed();
    changed["credentialSubject"]["creditsEarned"] = json!(60);
    let report = verify(&signed(vec![sample::signed(), changed]), &facts());
    let found = found(&report, "credentials");
    assert_eq!((found.outcome, found.code.as_str()), (Outcome::Failed, "credential_failed"));
    assert_eq!(report.verdict, Verdict::Failed);
}

#[test]
fn what_credentials_inside_need_is_asked_for() {
    let document = signed(vec![sample::signed()]).to_string();
    let mut facts = facts();
    facts.documents.remove(sample::LIST);
    let checked = check(document.as_bytes(), &facts);
    assert_eq!(checked.wanted.len(), 1);
    assert_eq!(found(&checked.report, "credentials").outcome, Outcome::Unknown);
}

#[test]
fn records_in_records_are_followed_only_so_far() {
    let mut document = signed(vec![sample::signed()]);
    for _ in 0..2 {
        document = signed(vec![document]);
    }
    assert_eq!(verify(&document, &facts()).verdict, Verdict::Verified);
    document = signed(vec![document]);
    let report = verify(&document, &facts());
    assert_eq!((report.verdict, found(&report, "credentials").outcome), (Verdict::Unknown, Outcome::Unknown));
    let many = signed(vec![sample::signed(); 120]);
    assert_eq!(verify(&many, &facts()).verdict, Verdict::Unknown);
}

#[test]
fn records_have_a_shape() {
    let with = |change: fn(&mut Value)| {
        let mut document = record(vec![sample::signed()]).to_value();
        change(&mut document);
        let report = check(document.to_string().as_bytes(), &facts()).report;
        found(&report, "schema").code.clone()
    };
    assert_eq!(with(|_| {}), "schema_valid");
    assert_eq!(with(|d| d["partial"] = json!("yes")), "schema_invalid");
    assert_eq!(with(|d| d["credentialSubject"]["verifiableCredential"] = json!([])), "schema_invalid");
    assert_eq!(with(|d| d["credentialSubject"]["verifiableCredential"] = json!(["eyJ"])), "schema_invalid");
    assert_eq!(with(|d| d["credentialSubject"]["type"] = json!(["AchievementSubject"])), "schema_invalid");
    assert_eq!(
        with(|d| d["credentialSubject"]["association"][0]["associationType"] = json!("isAuntOf")),
        "schema_invalid"
    );
    assert_eq!(with(|d| d["credentialSubject"]["association"][0]["sourceId"] = json!("x")), "schema_invalid");
    assert_eq!(with(|d| d["credentialSubject"]["achievement"][0]["name"] = json!(null)), "schema_invalid");
    assert_eq!(with(|d| d["@context"] = json!(["https://www.w3.org/ns/credentials/v2"])), "schema_invalid");
    assert!(ClrSubject::new(json!("eyJ")).is_err());
    assert!(Association::new(AssociationType::Precedes, "a", "urn:uuid:b").is_err());
    assert_eq!(AchievementResult::default().types, ["Result"]);
}

/// Facts with a document for every key whose fragment is the key, as the samples have them.
fn facts_for(document: &Value) -> Facts {
    fn methods(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("verificationMethod").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| methods(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| methods(value, found)),
            _ => {}
        }
    }
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let mut all = Vec::new();
    methods(document, &mut all);
    for method in all {
        let Some((issuer, fragment)) = method.split_once('#') else { continue };
        let Ok(key) = PublicKey::from_multibase(fragment) else { continue };
        facts
            .documents
            .insert(issuer.to_owned(), fetched(&did::web_document(issuer, &[(fragment, &key, true)])));
    }
    facts
}

#[test]
fn the_inspectors_records_come_out_as_the_inspector_says() {
    let Some(vectors) = shared::vectors() else { return };
    let report = |name: &str| {
        let document = shared::json(&vectors.join("clr20").join(name));
        check(document.to_string().as_bytes(), &facts_for(&document)).report
    };
    let simple = report("simple.json");
    assert_eq!(simple.verdict, Verdict::Verified, "{simple:#?}");
    assert_eq!(found(&simple, "credentials").code, "credentials_hold");
    let unsigned = report("simple-noproof.json");
    assert_eq!(found(&unsigned, "proof").code, "unsigned");
    for name in ["simple_v1.json", "complex.json"] {
        let older = report(name);
        assert_eq!(found(&older, "schema").code, "data_model_1_1", "{name}");
        let detail = found(&older, "credentials").detail.as_ref().unwrap()["credentials"].clone();
        let inside: Vec<Report> = serde_json::from_value(detail).unwrap();
        assert!(inside.len() > 4 && inside.iter().any(|report| found(report, "proof").code == "proof_valid"));
    }
    let draft = report("simple_old_safesigned.json");
    assert_eq!(found(&draft, "schema").outcome, Outcome::Failed, "the context of a draft");
}
