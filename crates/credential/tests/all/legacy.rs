//! Open Badges 2.0 badges, hosted and signed.

use cairn_credential::bake;
use cairn_credential::check::{Facts, FetchOutcome, Outcome, Purpose, Report, Verdict, check};
use serde_json::{Value, json};

use crate::sample::{fetched, time};
use crate::shared;

const ASSERTION: &str = "https://a.example/assertions/1";

fn assertion() -> Value {
    json!({
        "@context": "https://w3id.org/openbadges/v2",
        "id": ASSERTION,
        "type": "Assertion",
        "recipient": {"type": "email", "hashed": false, "identity": "amy@example.org"},
        "badge": "https://a.example/badges/1",
        "issuedOn": "2020-01-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    })
}

fn facts(assertion: &Value) -> Facts {
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let mut put = |document: &Value| {
        facts.documents.insert(document["id"].as_str().unwrap().to_owned(), fetched(document));
    };
    put(assertion);
    put(
        &json!({"id": "https://a.example/badges/1", "type": "BadgeClass", "name": "Robots", "description": "d",
        "criteria": "https://a.example/c", "image": "https://a.example/i.png", "issuer": "https://a.example/issuer"}),
    );
    put(
        &json!({"id": "https://a.example/issuer", "type": "Issuer", "name": "A", "url": "https://a.example", "email": "a@a.example"}),
    );
    facts
}

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let found = report.checks.iter().find(|check| check.check == name);
    found.map_or((Outcome::Unknown, "no such check"), |check| (check.outcome, check.code.as_str()))
}

/// A picture of Open Badges 1 often holds only the address of its assertion.
#[test]
fn a_picture_with_a_link_to_an_older_badge_says_what_it_is() {
    let v1 = json!({"uid": "1", "recipient": {"type": "email", "hashed": false, "identity": "amy@example.org"},
        "badge": "https://a.example/badges/1", "verify": {"type": "hosted", "url": ASSERTION}, "issuedOn": 1_577_836_800});
    let mut named = v1.clone();
    named["@context"] = "https://w3id.org/openbadges/v1".into();
    named["id"] = ASSERTION.into();
    let v0 = json!({"recipient": "amy@example.org", "badge": {"version": "0.5.0", "name": "Robots",
        "issuer": {"origin": "https://a.example", "name": "A"}}});
    let picture = bake::bake_open_badges_2(b"<svg/>", ASSERTION).unwrap();
    for document in [v1, named, v0] {
        let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
        facts.documents.insert(ASSERTION.into(), fetched(&document));
        let checked = check(&picture, &facts);
        assert_eq!(checked.wanted, []);
        assert_eq!(checked.report.verdict, Verdict::Unknown, "{document}");
        assert_eq!(outcome(&checked.report, "proof"), (Outcome::Unknown, "open_badges_1"), "{document}");
        let message = &checked.report.checks[1].message;
        assert!(message.contains("Open Badges 1.1 or older") && message.contains("hosts it"), "{message}");
    }
    // what is no badge at all is still not what should be there
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    facts.documents.insert(ASSERTION.into(), fetched(&json!({"id": "https://a.example/2"})));
    let report = check(&picture, &facts).report;
    assert_eq!(outcome(&report, "proof"), (Outcome::Failed, "document_mismatch"));
}

#[test]
fn hosted_badges_are_asked_for_step_by_step_and_verify() {
    let assertion = assertion();
    let all = facts(&assertion);
    for input in [
        assertion.to_string().into_bytes(),
        bake::bake_open_badges_2(b"<svg/>", ASSERTION).unwrap(),
        bake::bake_open_badges_2(b"<svg/>", &assertion.to_string()).unwrap(),
    ] {
        let mut facts = Facts::new(all.now);
        let mut rounds = 0;
        let report = loop {
            let checked = check(&input, &facts);
            if checked.wanted.is_empty() {
                break checked.report;
            }
            assert_eq!(checked.report.verdict, Verdict::Unknown);
            for wanted in checked.wanted {
                assert_eq!(wanted.purpose, Purpose::OpenBadges2);
                facts.documents.insert(wanted.url.clone(), all.documents[&wanted.url].clone());
            }
            rounds += 1;
        };
        assert_eq!((rounds, report.verdict), (3, Verdict::Warning), "{report:#?}");
        assert_eq!(outcome(&report, "proof"), (Outcome::Passed, "hosted"));
        assert_eq!(outcome(&report, "issuer"), (Outcome::Passed, "issuer_domain"));
        assert_eq!(report.credential.as_ref().unwrap().achievement.as_deref(), Some("Robots"));
    }
}

#[test]
fn hosted_badges_that_are_wrong_are_refused() {
    let run = |given: &Value, facts: &Facts| check(given.to_string().as_bytes(), facts).report;
    let mut changed = assertion();
    changed["recipient"]["identity"] = json!("eve@example.org");
    assert_eq!(outcome(&run(&changed, &facts(&assertion())), "proof"), (Outcome::Failed, "hosted_differs"));
    let mut elsewhere = assertion();
    elsewhere["id"] = json!("https://evil.example/assertions/1");
    assert_eq!(outcome(&run(&elsewhere, &facts(&elsewhere)), "proof"), (Outcome::Failed, "hosted_elsewhere"));
    let mut expired = assertion();
    expired["expires"] = json!("2021-01-01T00:00:00Z");
    assert_eq!(outcome(&run(&expired, &facts(&expired)), "dates"), (Outcome::Failed, "expired"));
    let mut revoked = assertion();
    revoked["revoked"] = json!(true);
    assert_eq!(outcome(&run(&revoked, &facts(&revoked)), "status"), (Outcome::Failed, "revoked"));
    for odd in [json!("true"), json!(1), json!([true]), json!("false")] {
        revoked["revoked"] = odd;
        let found = run(&revoked, &facts(&revoked));
        assert_eq!(outcome(&found, "status"), (Outcome::Unknown, "revocation_unreadable"), "{revoked}");
    }
    // the issuer's list, however it is named
    let list = "https://a.example/revoked";
    let named = [json!(list), json!({ "id": list }), json!([list]), json!([{ "id": list }])];
    for (spelt, want) in
        named.map(|n| (n, "revoked")).into_iter().chain([(json!(7), "revocation_unreadable")])
    {
        let mut facts = facts(&assertion());
        let issuer = json!({"id": "https://a.example/issuer", "type": "Issuer", "name": "A",
            "url": "https://a.example", "email": "a@a.example", "revocationList": spelt});
        facts.documents.insert("https://a.example/issuer".into(), fetched(&issuer));
        let revoked = json!({"id": list, "type": "RevocationList", "issuer": "https://a.example/issuer",
            "revokedAssertions": [ASSERTION]});
        facts.documents.insert(list.into(), fetched(&revoked));
        assert_eq!(outcome(&run(&assertion(), &facts), "status").1, want, "{spelt}");
    }
    let mut facts = facts(&assertion());
    facts.documents.insert(ASSERTION.into(), FetchOutcome::Refused("it is gone".into()));
    assert_eq!(outcome(&run(&assertion(), &facts), "proof"), (Outcome::Unknown, "document_unavailable"));
    facts.documents.insert(ASSERTION.into(), fetched(&json!({"id": "https://a.example/other"})));
    assert_eq!(outcome(&run(&assertion(), &facts), "proof"), (Outcome::Failed, "document_mismatch"));
}

#[test]
fn nobody_describes_another_issuer() {
    let mut forged = assertion();
    let trusted = "did:web:good.example";
    forged["badge"] = json!({"type": "BadgeClass", "name": "n", "description": "d",
        "issuer": {"id": trusted, "type": "Issuer", "name": "Good"}});
    let mut facts = facts(&forged);
    facts.trusted_issuers.insert(trusted.into());
    let report = check(forged.to_string().as_bytes(), &facts).report;
    assert_eq!(outcome(&report, "proof"), (Outcome::Failed, "address_malformed"));
}

/// Everything the inspector's samples refer to is in a folder, by name.
fn answer_all(input: &str) -> Option<Report> {
    let folder = shared::vectors()?.join("ob20");
    let mut facts = Facts::new(time("2020-01-01T00:00:00Z"));
    loop {
        let checked = check(input.as_bytes(), &facts);
        if checked.wanted.is_empty() {
            return Some(checked.report);
        }
        for wanted in checked.wanted {
            let name = wanted.url.rsplit('/').next().unwrap();
            let path = [folder.join("assets").join(name), folder.join("basic-assertion.json")];
            let path = path.iter().find(|path| path.is_file()).unwrap();
            facts.documents.insert(wanted.url, FetchOutcome::here(std::fs::read(path).unwrap()));
        }
    }
}

#[test]
fn the_inspectors_samples_verify() {
    let Some(vectors) = shared::vectors() else { return };
    let text = |name: &str| shared::text(&vectors.join("ob20").join(name));
    let report = answer_all(&text("basic-assertion.json")).unwrap();
    assert_eq!(outcome(&report, "proof"), (Outcome::Passed, "hosted"), "{report:#?}");
    for (name, status) in [
        ("simple.jwt", (Outcome::Passed, "in_force")),
        ("simple-not-revoked.jwt", (Outcome::Warning, "status_over_http")),
    ] {
        let signed = text(name);
        let report = answer_all(signed.trim()).unwrap();
        assert_eq!(outcome(&report, "proof"), (Outcome::Warning, "key_over_http"), "{name} {report:#?}");
        assert_eq!(outcome(&report, "status"), status, "{name}");
        let (content, signature) = signed.trim().rsplit_once('.').unwrap();
        let broken = format!("{content}.{}", signature.replacen(['a', 'b', 'c'], "d", 1));
        assert_eq!(
            outcome(&answer_all(&broken).unwrap(), "proof"),
            (Outcome::Failed, "signature_invalid"),
            "{name}"
        );
    }
}
