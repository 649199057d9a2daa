//! JSON Schemas that credentials name: followed or not, and what hostile ones may cost.

use cairn_credential::check::{
    Facts, FetchOutcome, Outcome, Purpose, Report, Verdict, WantedDocument, check,
};
use cairn_credential::open_badge::{ACHIEVEMENT_SCHEMA, OpenBadgeCredential};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

use crate::builders::credentials;
use crate::sample::{self, ISSUER, METHOD, facts, fetched, verify};
use crate::shared;

const SCHEMA: &str = "https://a.example/schema.json";

/// A good credential that names this schema.
fn with_entry(entry: &Value) -> Value {
    let mut document = sample::credential(ISSUER).to_value();
    document["credentialSchema"] = json!([entry]);
    sample::sign(document, METHOD)
}

fn badge() -> Value {
    with_entry(&json!({"id": SCHEMA, "type": "JsonSchema"}))
}

fn report(document: &Value, schema: &Value) -> Report {
    let mut facts = facts();
    facts.documents.insert(SCHEMA.into(), fetched(schema));
    verify(document, &facts)
}

fn outcome(report: &Report) -> (Outcome, String) {
    let check = report.checks.iter().find(|check| check.check == "credential_schema").unwrap();
    (check.outcome, check.code.clone())
}

fn code(schema: &Value) -> String {
    outcome(&report(&badge(), schema)).1
}

#[test]
fn a_schema_is_followed_or_not() {
    let good = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
        "properties": {"name": {"pattern": "^Data "}}, "required": ["name"]});
    let report = report(&badge(), &good);
    assert_eq!(outcome(&report), (Outcome::Passed, "schema_followed".into()));
    assert_eq!(report.verdict, Verdict::Verified);
    let bad = json!({"properties": {"credentialSubject": {"properties": {"achievement": {
        "properties": {"name": {"maxLength": 3}}}}}}});
    let report = self::report(&badge(), &bad);
    assert_eq!(outcome(&report), (Outcome::Failed, "schema_not_followed".into()));
    assert_eq!(report.verdict, Verdict::Failed);
    let check = &report.checks[2];
    let detail = check.detail.as_ref().unwrap();
    assert_eq!(detail["problems"][0]["at"], "/credentialSubject/achievement/name");
    assert_eq!(detail["schema"], SCHEMA);
    assert!(!check.message.contains("Stewardship"), "values stay out of messages: {}", check.message);
}

#[test]
fn schemas_are_asked_for_unless_they_are_1edtechs() {
    let wanted = check(badge().to_string().as_bytes(), &facts()).wanted;
    assert_eq!(wanted, [WantedDocument { url: SCHEMA.into(), purpose: Purpose::Schema }]);
    let mut refused = facts();
    refused.documents.insert(SCHEMA.into(), FetchOutcome::Refused("the server did not answer".into()));
    let report = verify(&badge(), &refused);
    assert_eq!(outcome(&report), (Outcome::Warning, "schema_unavailable".into()));
    assert_eq!(report.verdict, Verdict::Warning);
    // the sample names 1EdTech's
    let own = verify(&sample::signed(), &facts());
    assert!(own.checks.iter().all(|check| check.check != "credential_schema"));
    let mut refused = facts();
    refused.documents.insert(ACHIEVEMENT_SCHEMA.into(), FetchOutcome::Refused("no".into()));
    assert_eq!(verify(&sample::signed(), &refused).verdict, Verdict::Verified);
}

#[test]
fn drafts_are_told_apart() {
    // a list of schemas in "items" means something up to 2019-09, and "prefixItems" from 2020-12 on
    let says = |draft: &str| {
        code(&json!({"$schema": draft, "properties": {"type": {"items": [{"const": "Other"}]}}}))
    };
    assert_eq!(says("https://json-schema.org/draft/2019-09/schema"), "schema_not_followed");
    assert_eq!(says("https://json-schema.org/draft/2019-09/schema#"), "schema_not_followed");
    assert_eq!(says("http://json-schema.org/draft-07/schema#"), "schema_not_followed");
    assert_eq!(says("https://json-schema.org/draft/2030-01/schema"), "schema_unsupported");
    let newer = json!({"$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": {"type": {"prefixItems": [{"const": "Other"}]}}});
    assert_eq!(code(&newer), "schema_not_followed");
}

#[test]
fn schemas_may_be_credentials() {
    let badge = with_entry(&json!({"id": SCHEMA, "type": "JsonSchemaCredential"}));
    let unsigned = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": SCHEMA,
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://a.example/inner",
            "type": "JsonSchema",
            "jsonSchema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["name"]},
        },
    });
    let signed = sample::sign(unsigned.clone(), METHOD);
    assert_eq!(outcome(&report(&badge, &signed)), (Outcome::Passed, "schema_followed".into()));
    let mut changed = signed;
    changed["credentialSubject"]["jsonSchema"]["required"] = json!([]);
    for doubtful in [changed, unsigned, json!({"required": ["name"]})] {
        assert_eq!(outcome(&report(&badge, &doubtful)), (Outcome::Warning, "schema_not_genuine".into()));
    }
}

#[test]
fn digests_are_compared() {
    let with = |digest: &str| {
        let badge = with_entry(&json!({"id": SCHEMA, "type": "JsonSchema", "digestSRI": digest}));
        outcome(&report(&badge, &json!({}))).1
    };
    // of the text {}
    let right = "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=";
    assert_eq!(with(&format!("sha256-{right}")), "schema_followed");
    assert_eq!(with(&format!("sha256-{}", right.replace('R', "S"))), "schema_digest");
    assert_eq!(with("md5-x"), "schema_digest");
}

#[test]
fn hostile_schemas_are_refused_in_time() {
    let mut doubling = serde_json::Map::new();
    for number in 0..64 {
        let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
        doubling.insert(number.to_string(), json!({"allOf": [next, next]}));
    }
    doubling.insert("64".into(), json!({"type": "string"}));
    let mut chain = serde_json::Map::new();
    for number in 0..5000 {
        chain.insert(number.to_string(), json!({"$ref": format!("#/$defs/{}", number + 1)}));
    }
    chain.insert("5000".into(), json!({"type": "string"}));
    let mut deep = json!({});
    for _ in 0..100 {
        deep = json!({"not": deep});
    }
    let each: Vec<Value> = (0..64).map(|number| json!({"pattern": format!("\\w{{10}}{number}")})).collect();
    let began = Instant::now();
    for (schema, want) in [
        (json!({"$ref": "#"}), "schema_unsupported"),
        (json!({"$recursiveRef": "#"}), "schema_unsupported"),
        (json!({"$defs": doubling, "$ref": "#/$defs/0"}), "schema_unsupported"),
        (json!({"$defs": chain, "$ref": "#/$defs/0"}), "schema_unsupported"),
        (deep, "schema_unsupported"),
        (json!({"$ref": "https://a.example/other.json"}), "schema_unsupported"),
        (json!({"$ref": "file:///etc/passwd"}), "schema_unsupported"),
        (json!({"pattern": "((a{100}){100}){100}"}), "schema_unsupported"),
        (json!({"pattern": "^(?=a)b"}), "schema_unsupported"),
        (json!({"pattern": "("}), "schema_unsupported"),
        (json!({"type": "nonsense"}), "schema_unsupported"),
        (json!({"$schema": 1}), "schema_unsupported"),
        (json!([]), "schema_malformed"),
        (json!({"description": "x".repeat(600_000)}), "schema_too_large"),
        // catastrophic where patterns backtrack
        (json!({"properties": {"name": {"pattern": "^(([a-zA-Z ])+)+$"}}}), "schema_followed"),
        (json!({"additionalProperties": {"anyOf": each}}), "schema_not_followed"),
    ] {
        let schema_text: String = schema.to_string().chars().take(80).collect();
        assert_eq!(code(&schema), want, "{schema_text}");
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    let many = vec![json!({"id": SCHEMA, "type": "JsonSchema"}); 5];
    let mut document = sample::credential(ISSUER).to_value();
    document["credentialSchema"] = many.into();
    assert_eq!(outcome(&report(&sample::sign(document, METHOD), &json!({}))).1, "too_many_schemas");
}

/// Facts that have the real schema of 1EdTech.
fn real_schema() -> Option<Facts> {
    let path = shared::vectors()?.join("schemas/ob_v3p0_achievementcredential_schema.waltid.json");
    let mut facts = facts();
    facts.documents.insert(ACHIEVEMENT_SCHEMA.into(), FetchOutcome::here(std::fs::read(path).unwrap()));
    Some(facts)
}

#[test]
fn what_we_build_follows_the_real_schema() {
    let Some(facts) = real_schema() else { return };
    let follows = |credential: &OpenBadgeCredential| {
        let report = verify(&sample::sign(credential.document().unwrap(), METHOD), &facts);
        assert_eq!(outcome(&report), (Outcome::Passed, "schema_followed".into()), "{report:#?}");
    };
    follows(&sample::credential(ISSUER));
    let mut runner = TestRunner::deterministic();
    for _ in 0..24 {
        let mut credential = credentials().new_tree(&mut runner).unwrap().current();
        credential.credential_schema = sample::credential(ISSUER).credential_schema;
        credential.context = sample::credential(ISSUER).context;
        follows(&credential);
    }
}

#[test]
fn samples_of_others_follow_the_real_schemas() {
    let Some(facts) = real_schema() else { return };
    let vectors = shared::vectors().unwrap();
    for name in ["ob30/full-example.signed.json", "ob30/full-example.unsigned.json", "ob30/simple.json"] {
        let mut document = shared::json(&vectors.join(name));
        document["credentialSchema"] =
            json!([{"id": ACHIEVEMENT_SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]);
        let report = check(document.to_string().as_bytes(), &facts).report;
        assert_eq!(outcome(&report), (Outcome::Passed, "schema_followed".into()), "{name} {report:#?}");
        document["credentialSubject"]["achievement"]["achievementType"] = json!("Medal");
        let report = check(document.to_string().as_bytes(), &facts).report;
        assert_eq!(outcome(&report), (Outcome::Failed, "schema_not_followed".into()), "{name}");
    }
    // The schema of records is not at hand; that of all credentials is.
    for name in ["clr20/simple.json", "ob30/complete.json", "ob30/full-example.signed.json"] {
        let mut document = shared::json(&vectors.join(name));
        document["credentialSchema"] = json!([{"id": SCHEMA, "type": "JsonSchema"}]);
        let mut facts = facts.clone();
        let schema = std::fs::read(vectors.join("schemas/w3c-vc-schema.json")).unwrap();
        facts.documents.insert(SCHEMA.into(), FetchOutcome::here(schema));
        let report = check(document.to_string().as_bytes(), &facts).report;
        assert_eq!(outcome(&report), (Outcome::Passed, "schema_followed".into()), "{name} {report:#?}");
    }
}
