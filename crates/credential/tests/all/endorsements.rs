//! Endorsements: shown when they hold, never as good when they do not, and never the end of a good badge.

use cairn_credential::check::{Check, Facts, Outcome, Report, Verdict, check};
use cairn_credential::did;
use cairn_credential::jose::{self, Profile as JwsProfile};
use cairn_credential::key::{KeyPair, SigningKey};
use cairn_credential::open_badge::{EndorsementCredential, Profile};
use cairn_credential::proof::{self, ProofOptions};
use serde_json::{Value, json};

use crate::sample::{self, ISSUER, METHOD, facts, fetched, key, time, verify};
use crate::shared;

const ENDORSER: &str = "did:web:board.example";
const ENDORSERS_DOCUMENT: &str = "https://board.example/.well-known/did.json";

fn endorser_key() -> SigningKey {
    SigningKey::from_seed(&[9; 32])
}

fn unsigned(endorsed: &str) -> EndorsementCredential {
    let id = "urn:uuid:1c0c4f4e-53f3-4c70-a0b8-0c8a94bb6d53";
    let issuer = Profile::new(ENDORSER, "The Board");
    EndorsementCredential::new(id, "Seal", issuer, time("2026-02-01T00:00:00Z"), endorsed, "Well made.")
}

fn seal(mut document: Value) -> Value {
    let options = ProofOptions::new("did:web:board.example#k", time("2026-02-01T00:00:00Z"));
    proof::sign(&mut document, &endorser_key(), &options).unwrap();
    document
}

fn endorsement(endorsed: &str) -> Value {
    seal(unsigned(endorsed).to_value())
}

/// Facts that know the endorser.
fn all_facts() -> Facts {
    let mut facts = facts();
    let document = did::web_document(ENDORSER, &[("k", &endorser_key().public(), true)]);
    facts.documents.insert(ENDORSERS_DOCUMENT.into(), fetched(&document));
    facts
}

/// A good badge with these endorsements of the badge itself.
fn badge(endorsements: Vec<Value>) -> Value {
    let mut credential = sample::credential(ISSUER);
    credential.endorsement = endorsements;
    sample::sign(credential.to_value(), METHOD)
}

fn id() -> String {
    sample::credential(ISSUER).id
}

fn found(report: &Report) -> &Check {
    let last = report.checks.last().unwrap();
    assert_eq!(last.check, "endorsements", "{report:#?}");
    last
}

fn entry(report: &Report) -> &Value {
    &found(report).detail.as_ref().unwrap()["endorsements"][0]
}

#[test]
fn endorsements_of_badge_achievement_and_issuer_hold() {
    let mut credential = sample::credential(ISSUER);
    credential.endorsement = vec![endorsement(&credential.id)];
    let achievement = &mut credential.credential_subject.achievement;
    achievement.endorsement = vec![endorsement(&achievement.id)];
    credential.issuer.endorsement = vec![endorsement(ISSUER)];
    let report = verify(&sample::sign(credential.to_value(), METHOD), &all_facts());
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
    assert_eq!(found(&report).code, "endorsements_hold");
    let detail = found(&report).detail.as_ref().unwrap();
    let endorsed: Vec<&Value> =
        detail["endorsements"].as_array().unwrap().iter().map(|entry| &entry["endorses"]).collect();
    assert_eq!(endorsed, ["credential", "achievement", "issuer"]);
    assert_eq!(entry(&report)["endorser"], ENDORSER);
    assert_eq!(entry(&report)["name"], "The Board");
    assert_eq!(entry(&report)["comment"], "Well made.");
}

#[test]
fn what_an_endorsement_needs_is_asked_for_last() {
    let badge = badge(vec![endorsement(&id())]).to_string();
    let urls = |facts: &Facts| -> Vec<String> {
        check(badge.as_bytes(), facts).wanted.into_iter().map(|wanted| wanted.url).collect()
    };
    assert_eq!(urls(&Facts::new(facts().now)), [sample::DOCUMENT, sample::LIST]);
    assert_eq!(urls(&facts()), [ENDORSERS_DOCUMENT]);
    assert_eq!(urls(&all_facts()), Vec::<String>::new());
}

#[test]
fn endorsements_that_do_not_hold_are_shown_as_such() {
    let with = |endorsement: Value, facts: &Facts| {
        let report = verify(&badge(vec![endorsement]), facts);
        assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
        assert_eq!(found(&report).outcome, Outcome::Warning);
        assert_ne!(entry(&report)["outcome"], "passed");
        entry(&report)["code"].as_str().unwrap().to_owned()
    };
    let facts = all_facts();
    assert_eq!(with(endorsement("urn:uuid:other"), &facts), "endorses_something_else");
    let mut changed = endorsement(&id());
    changed["credentialSubject"]["endorsementComment"] = json!("The best there is.");
    assert_eq!(with(changed, &facts), "signature_invalid");
    assert_eq!(with(unsigned(&id()).to_value(), &facts), "unsigned");
    let mut forged = unsigned(&id()).to_value();
    let method = format!("{}#{}", key().did_key(), key().public().multibase());
    proof::sign(&mut forged, &key(), &ProofOptions::new(&method, time("2026-02-01T00:00:00Z"))).unwrap();
    assert_eq!(with(forged, &facts), "issuer_mismatch");
    let mut over = unsigned(&id());
    over.valid_until = Some(time("2026-03-01T00:00:00Z"));
    assert_eq!(with(seal(over.to_value()), &facts), "expired");
    let mut badge_like = unsigned(&id()).to_value();
    badge_like["type"] = json!(["VerifiableCredential"]);
    badge_like["credentialSubject"] = json!({"id": id()});
    assert_eq!(with(seal(badge_like), &facts), "schema_invalid");
    let mut refused = facts.clone();
    let reason = "the server did not answer".to_owned();
    refused
        .documents
        .insert(ENDORSERS_DOCUMENT.into(), cairn_credential::check::FetchOutcome::Refused(reason));
    assert_eq!(with(endorsement(&id()), &refused), "key_unavailable");
}

#[test]
fn an_endorser_nobody_knows_is_a_warning() {
    let did = endorser_key().did_key();
    let mut document = unsigned(&id()).to_value();
    document["issuer"]["id"] = json!(did);
    let method = format!("{did}#{}", endorser_key().public().multibase());
    proof::sign(&mut document, &endorser_key(), &ProofOptions::new(&method, time("2026-02-01T00:00:00Z")))
        .unwrap();
    let mut facts = facts();
    let badge = badge(vec![document]);
    assert_eq!(found(&verify(&badge, &facts)).code, "endorser_unknown");
    facts.trusted_issuers.insert(did);
    assert_eq!(verify(&badge, &facts).verdict, Verdict::Verified);
}

#[test]
fn endorsements_may_be_jws_in_a_jws() {
    let pair = KeyPair::from(endorser_key());
    let compact =
        jose::issue(&unsigned(&id()).to_value(), &pair, "did:web:board.example#k", JwsProfile::OpenBadges)
            .unwrap();
    let mut credential = sample::credential(ISSUER);
    credential.credential_subject.id = Some("did:example:amy".into());
    let with = |endorsement: &str| {
        let mut document = credential.to_value();
        document["endorsementJwt"] = json!([endorsement]);
        let badge = jose::issue(&document, &KeyPair::from(key()), METHOD, JwsProfile::OpenBadges).unwrap();
        let checked = check(badge.as_bytes(), &all_facts());
        assert_eq!(checked.wanted, []);
        checked.report
    };
    let good = with(&compact);
    assert_eq!((good.verdict, found(&good).code.as_str()), (Verdict::Verified, "endorsements_hold"));
    let (content, _) = compact.rsplit_once('.').unwrap();
    assert_eq!(entry(&with(&format!("{content}.AAAA")))["code"], "signature_invalid");
    assert_eq!(entry(&with("nonsense"))["code"], "not_a_credential");
}

#[test]
fn only_so_many_endorsements_are_looked_at() {
    let report = verify(&badge(vec![endorsement(&id()); 40]), &all_facts());
    assert_eq!(found(&report).code, "too_many_endorsements");
    assert_eq!(found(&report).detail.as_ref().unwrap()["not_looked_at"], 24);
    assert_eq!(report.verdict, Verdict::Warning);
}

#[test]
fn a_badge_without_endorsements_says_nothing_about_them() {
    let report = verify(&sample::signed(), &facts());
    assert!(report.checks.iter().all(|check| check.check != "endorsements"));
}

#[test]
fn the_complete_example_s_endorsements_are_read() {
    let Some(vectors) = shared::vectors() else { return };
    let document = shared::json(&vectors.join("ob30/complete.json"));
    let report = check(document.to_string().as_bytes(), &facts()).report;
    let found = report.checks.iter().find(|check| check.check == "endorsements").unwrap();
    assert_eq!(found.outcome, Outcome::Warning);
    let detail = found.detail.as_ref().unwrap();
    assert!(detail["endorsements"].as_array().unwrap().len() > 1, "{detail:#}");
}
