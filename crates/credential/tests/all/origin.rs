//! Whose word a document is: scopes of hosted badges, redirects, and verdicts that follow their checks.

use cairn_credential::check::{
    Check, Facts, FetchOutcome, Outcome, Report, Verdict, VerifierRequest, check, check_presentation,
};
use serde_json::{Value, json};

use crate::sample::{self, fetched, time};

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let found = report.checks.iter().find(|check| check.check == name);
    found.map_or((Outcome::Unknown, "no such check"), |check| (check.outcome, check.code.as_str()))
}

/// A hosted badge of `https://a.example/issuer` that lies at this address.
fn hosted(at: &str, class: Value, profile: Value) -> (Value, Facts) {
    let assertion = json!({
        "@context": "https://w3id.org/openbadges/v2", "id": at, "type": "Assertion",
        "recipient": {"type": "email", "hashed": false, "identity": "amy@example.org"},
        "badge": "https://b.example/class", "issuedOn": "2020-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    });
    let mut badge = json!({"id": "https://b.example/class", "type": "BadgeClass", "name": "n",
        "description": "d", "issuer": "https://a.example/issuer"});
    let mut issuer = json!({"id": "https://a.example/issuer", "type": "Issuer", "name": "A"});
    badge.as_object_mut().unwrap().extend(class.as_object().unwrap().clone());
    issuer.as_object_mut().unwrap().extend(profile.as_object().unwrap().clone());
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    for document in [&assertion, &badge, &issuer] {
        facts.documents.insert(document["id"].as_str().unwrap().to_owned(), fetched(document));
    }
    (assertion, facts)
}

fn proof_of(at: &str, class: Value, profile: Value) -> Outcome {
    let (assertion, facts) = hosted(at, class, profile);
    outcome(&check(assertion.to_string().as_bytes(), &facts).report, "proof").0
}

#[test]
fn a_badge_class_says_nothing_about_where_its_issuer_issues() {
    for rules in [
        json!({"startsWith": "https://evil.example/"}),
        json!({"allowedOrigins": "evil.example"}),
        json!({"allowedOrigins": ["evil.example"], "startsWith": ["https://evil.example"]}),
    ] {
        let class = json!({"verification": rules});
        assert_eq!(proof_of("https://evil.example/1", class, json!({})), Outcome::Failed, "{rules}");
    }
}

#[test]
fn a_scope_is_compared_by_its_parts() {
    let check = |at: &str, rules: Value, want: Outcome| {
        assert_eq!(proof_of(at, json!({}), json!({"verification": rules})), want, "{at} {rules}");
    };
    let passed = Outcome::Passed;
    check("https://a.example/1", json!({}), passed);
    check("https://a.example:8443/1", json!({}), Outcome::Failed);
    check("https://c.example/b/1", json!({"startsWith": "https://c.example/b"}), passed);
    check("https://c.example/b-evil/1", json!({"startsWith": "https://c.example/b"}), Outcome::Failed);
    check("https://c.example/b/../e/1", json!({"startsWith": "https://c.example/b"}), Outcome::Failed);
    check("https://c.example.evil/1", json!({"startsWith": "https://c.example"}), Outcome::Failed);
    check("https://c.example@evil.example/1", json!({"startsWith": "https://c.example"}), Outcome::Failed);
    check("https://c.example/1", json!({"startsWith": ""}), Outcome::Failed);
    check("https://c.example/1", json!({"allowedOrigins": ["C.example"]}), passed);
    check("https://c.example.evil/1", json!({"allowedOrigins": ["c.example"]}), Outcome::Failed);
}

#[test]
fn a_document_from_another_host_is_nobodys_word() {
    let (assertion, facts) = hosted("https://a.example/1", json!({}), json!({}));
    for moved in ["https://a.example/1", "https://b.example/class", "https://a.example/issuer"] {
        let mut facts = facts.clone();
        let FetchOutcome::Document { bytes, .. } = facts.documents[moved].clone() else { panic!() };
        let redirected = FetchOutcome::redirected(bytes.clone(), "https://evil.example/x".into());
        facts.documents.insert(moved.into(), redirected);
        let report = check(assertion.to_string().as_bytes(), &facts).report;
        assert_eq!(report.verdict, Verdict::Unknown, "{report:#?}");
        assert_eq!(outcome(&report, "proof"), (Outcome::Unknown, "document_from_elsewhere"));
        let message = &report.checks[1].message;
        assert!(message.contains("https://evil.example") && message.contains(moved), "{message}");
    }
}

#[test]
fn keys_from_another_host_are_not_the_issuers_but_from_its_www_are() {
    let badge = sample::signed();
    for (from, verdict) in [
        ("https://evil.example/did.json", Verdict::Unknown),
        ("http://badges.example.edu/did.json", Verdict::Unknown),
        ("https://badges.example.edu:8443/did.json", Verdict::Unknown),
        ("https://www.badges.example.edu/did.json", Verdict::Verified),
        ("https://badges.example.edu/other.json", Verdict::Verified),
    ] {
        let mut facts = sample::facts();
        for document in facts.documents.values_mut() {
            let FetchOutcome::Document { bytes, .. } = document.clone() else { panic!() };
            *document = FetchOutcome::redirected(bytes, from.into());
        }
        let report = check(badge.to_string().as_bytes(), &facts).report;
        assert_eq!(report.verdict, verdict, "{from} {report:#?}");
    }
}

#[test]
fn a_verdict_follows_its_checks() {
    let mut report = check(sample::signed().to_string().as_bytes(), &sample::facts()).report;
    assert_eq!(report.verdict, Verdict::Verified);
    report.revise(|checks| checks.push(Check::new("status", Outcome::Failed, "revoked", "It is revoked.")));
    assert_eq!(report.verdict, Verdict::Failed);
    let mut written = serde_json::to_value(&report).unwrap();
    written["verdict"] = json!("verified");
    let read: Report = serde_json::from_value(written).unwrap();
    assert_eq!(read.verdict, Verdict::Failed);
}

#[test]
fn a_proof_from_the_future_fails() {
    let badge = sample::signed();
    let created: jiff::Timestamp = badge["proof"][0]["created"]
        .as_str()
        .or(badge["proof"]["created"].as_str())
        .unwrap()
        .parse()
        .unwrap();
    for (minutes, code) in [(6, "proof_from_future"), (4, "proof_valid")] {
        let facts = Facts { now: created - jiff::SignedDuration::from_mins(minutes), ..sample::facts() };
        let report = check(badge.to_string().as_bytes(), &facts).report;
        assert_eq!(outcome(&report, "proof").1, code, "{report:#?}");
    }
}

#[test]
fn a_presentation_of_nothing_says_nothing() {
    let presentation = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"],
    });
    let report = check_presentation(
        presentation.to_string().as_bytes(),
        &sample::facts(),
        &VerifierRequest::default(),
    )
    .report;
    assert_eq!(report.verdict, Verdict::Unknown);
    assert!(report.checks.iter().any(|check| check.code == "nothing_presented"));
}
