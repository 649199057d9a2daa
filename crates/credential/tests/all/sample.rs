//! A credential that uses what the builders offer, its issuer and its status list.

use cairn_credential::check::{Facts, FetchOutcome};
use cairn_credential::key::SigningKey;
use cairn_credential::open_badge::*;
use cairn_credential::proof::{self, ProofOptions};
use cairn_credential::status_list::{self, StatusList};
use cairn_credential::{check, did};
use jiff::Timestamp;
use serde_json::Value;

pub const ISSUER: &str = "did:web:badges.example.edu";
pub const DOCUMENT: &str = "https://badges.example.edu/.well-known/did.json";
pub const METHOD: &str = "did:web:badges.example.edu#key-1";
pub const LIST: &str = "https://badges.example.edu/status/1";
pub const INDEX: usize = 94_567;

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn key() -> SigningKey {
    SigningKey::from_seed(&[42; 32])
}

fn achievement() -> Achievement {
    let criteria = Criteria { id: None, narrative: Some("Pass the exam with at least **6**.".into()) };
    let id = "https://badges.example.edu/achievements/ds-101";
    let mut achievement =
        Achievement::new(id, "Data Stewardship", "Introduces FAIR data management.", criteria);
    achievement.achievement_type = Some("MicroCredential".into());
    achievement.human_code = Some("DS-101".into());
    achievement.in_language = Some("en-GB".into());
    achievement.tag = vec!["FAIR".into(), "data".into()];
    achievement.credits_available = Some(5.0);
    achievement.image = Some(Image::new("https://badges.example.edu/images/ds-101.png"));
    achievement.other_identifier = vec![IdentifierEntry::new("ds-101", "identifier")];
    achievement.related = vec![Related::new("https://badges.example.edu/achievements/ds-100")];
    for number in 1..=3 {
        let url = format!("https://case.example.org/items/{number}");
        let mut alignment = Alignment::new(&format!("Item {number}"), &url);
        alignment.target_type = Some("CFItem".into());
        alignment.target_framework = Some("Example Framework".into());
        achievement.alignment.push(alignment);
    }
    let mut grade =
        ResultDescription::new("urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c", "Grade", "LetterGrade");
    grade.allowed_value = ["D", "C", "B", "A"].map(str::to_owned).to_vec();
    grade.required_value = Some("C".into());
    let mut plan = ResultDescription::new(
        "urn:uuid:a70ddc6a-4c4a-4bd8-8277-cb97c79f40c5",
        "Plan",
        "RubricCriterionLevel",
    );
    let mut level = RubricCriterionLevel::new("urn:uuid:d05a0867-d0ad-4b03-bdb5-28fb5d2aab7a", "Sufficient");
    level.points = Some("1".into());
    plan.required_level = Some(level.id.clone());
    plan.rubric_criterion_level = vec![level];
    achievement.result_description = vec![grade, plan];
    achievement
}

/// The credential, unsigned.
pub fn credential(issuer: &str) -> OpenBadgeCredential {
    let mut subject = AchievementSubject::new(achievement());
    subject.identifier = vec![IdentityObject::hashed_email("a@example.com", "Kosher")];
    subject.activity_end_date = Some(time("2025-12-20T00:00:00Z"));
    subject.credits_earned = Some(2.5);
    subject.narrative = Some("Line one\nline \"two\"\twith a tab and ünïcode 😀.".into());
    let result_description = Some("urn:uuid:f6ab24cd-86e8-4eaf-b8c6-ded74e8fd41c".to_owned());
    subject.result =
        vec![AchievementResult { result_description, value: Some("B".into()), ..Default::default() }];
    let mut profile = Profile::new(issuer, "Example University");
    profile.url = Some("https://example.edu".into());
    profile.address = Some(Address { address_country_code: Some("NL".into()), ..Default::default() });
    let id = "urn:uuid:6f1c0b8e-9d0a-4a53-8f55-2a6f1f9f1d11";
    let from = time("2026-01-15T09:00:00Z");
    let mut credential =
        OpenBadgeCredential::new(id, "Data Stewardship Fundamentals", profile, from, subject);
    credential.context.push(Value::String(EXTENSIONS_CONTEXT.into()));
    credential.valid_until = Some(time("2031-01-15T09:00:00Z"));
    credential.awarded_date = Some(time("2026-01-15T08:30:00Z"));
    credential.evidence = vec![Evidence { name: Some("Data management plan".into()), ..Default::default() }];
    let kind = "1EdTechJsonSchemaValidator2019".to_owned();
    credential.credential_schema = vec![CredentialSchema { id: ACHIEVEMENT_SCHEMA.into(), kind }];
    credential.credential_status = Some(StatusEntry::new(LIST, INDEX, "revocation"));
    credential
}

pub fn sign(mut document: Value, method: &str) -> Value {
    let options = ProofOptions::new(method, time("2026-01-15T09:00:00Z"));
    proof::sign(&mut document, &key(), &options).unwrap();
    document
}

/// The credential, signed by a did:web.
pub fn signed() -> Value {
    sign(credential(ISSUER).to_value(), METHOD)
}

pub fn list_of(purposes: &[&str], set: &[usize]) -> Value {
    let mut list = StatusList::new(0);
    for index in set {
        list.set(*index, true).unwrap();
    }
    let from = time("2026-01-01T00:00:00Z");
    sign(status_list::credential(LIST, ISSUER, purposes, &list.encode(), from, Some(300_000)), METHOD)
}

pub fn fetched(document: &Value) -> FetchOutcome {
    FetchOutcome::here(document.to_string().into_bytes())
}

/// Facts with which the credential verifies.
pub fn facts() -> Facts {
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let document = did::web_document(ISSUER, &[("key-1", &key().public(), true)]);
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    facts.documents.insert(LIST.into(), fetched(&list_of(&["revocation"], &[])));
    facts
}

pub fn verify(document: &Value, facts: &Facts) -> check::Report {
    let checked = check::check(document.to_string().as_bytes(), facts);
    assert_eq!(checked.wanted, []);
    checked.report
}
