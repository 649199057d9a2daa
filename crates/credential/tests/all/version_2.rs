//! Open Badges 3.0 credentials told in Open Badges 2.0, and what a verifier makes of them.

use cairn_credential::bake;
use cairn_credential::check::{Facts, Outcome, Report, Verdict, check};
use cairn_credential::key::{KeyKind, KeyPair, PublicKey};
use cairn_credential::open_badge::version_2::{
    BadgeDocuments, RenderError, SignError, Urls, key_document, render, revocation_list, sign,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{self, fetched, time};
use crate::shared;

const URLS: Urls<'static> = Urls {
    assertion: "https://badges.example.edu/v2/assertions/1",
    badge_class: "https://badges.example.edu/v2/badges/ds-101",
    issuer: "https://badges.example.edu/v2/issuer",
};

/// The sample, signed, with what 2.0 needs and 3.0 does not.
fn credential() -> Value {
    let mut document = sample::credential(sample::ISSUER);
    document.issuer.email = Some("badges@example.edu".into());
    document.evidence[0].id = Some("https://badges.example.edu/evidence/1".into());
    document.evidence[0].narrative = Some("Written in a week.".into());
    sample::sign(document.to_value(), sample::METHOD)
}

fn rendered() -> BadgeDocuments {
    render(&credential(), &URLS).unwrap()
}

fn facts(rendered: &BadgeDocuments) -> Facts {
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    for document in [&rendered.assertion, &rendered.badge_class, &rendered.issuer] {
        facts.documents.insert(document["id"].as_str().unwrap().to_owned(), fetched(document));
    }
    facts
}

fn report(input: &[u8], facts: &Facts) -> Report {
    let checked = check(input, facts);
    assert_eq!(checked.wanted, []);
    checked.report
}

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let found = report.checks.iter().find(|check| check.check == name);
    found.map_or((Outcome::Unknown, "no such check"), |check| (check.outcome, check.code.as_str()))
}

#[test]
fn everything_with_a_place_in_2_0_is_told() {
    let rendered = rendered();
    let want = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": URLS.assertion,
        "recipient": {
            "type": "email",
            "hashed": true,
            "salt": "Kosher",
            "identity": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
        },
        "badge": URLS.badge_class,
        "verification": {"type": "HostedBadge"},
        "issuedOn": "2026-01-15T09:00:00Z",
        "expires": "2031-01-15T09:00:00Z",
        "narrative": "Line one\nline \"two\"\twith a tab and ünïcode 😀.",
        "evidence": [{
            "type": "Evidence",
            "id": "https://badges.example.edu/evidence/1",
            "name": "Data management plan",
            "narrative": "Written in a week.",
        }],
    });
    assert_eq!(rendered.assertion, want);
    let aligned = |number: u8| {
        json!({
            "type": "AlignmentObject",
            "targetName": format!("Item {number}"),
            "targetUrl": format!("https://case.example.org/items/{number}"),
            "targetFramework": "Example Framework",
        })
    };
    let want = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "BadgeClass",
        "id": URLS.badge_class,
        "name": "Data Stewardship",
        "description": "Introduces FAIR data management.",
        "image": "https://badges.example.edu/images/ds-101.png",
        "criteria": {"type": "Criteria", "narrative": "Pass the exam with at least **6**."},
        "issuer": URLS.issuer,
        "@language": "en-GB",
        "tags": ["FAIR", "data"],
        "alignment": [aligned(1), aligned(2), aligned(3)],
    });
    assert_eq!(rendered.badge_class, want);
    let want = json!({
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Issuer",
        "id": URLS.issuer,
        "name": "Example University",
        "url": "https://example.edu",
        "email": "badges@example.edu",
    });
    assert_eq!(rendered.issuer, want);
}

#[test]
fn a_plain_address_is_told_only_where_no_hash_is() {
    let plain = json!({"identityType": "emailAddress", "hashed": false, "identityHash": "a@example.com"});
    let mut given = credential();
    given["credentialSubject"]["identifier"].as_array_mut().unwrap().insert(0, plain.clone());
    assert_eq!(render(&given, &URLS).unwrap().assertion["recipient"]["hashed"], json!(true));
    given["credentialSubject"]["identifier"] = json!([plain]);
    let want = json!({"type": "email", "hashed": false, "identity": "a@example.com"});
    assert_eq!(render(&given, &URLS).unwrap().assertion["recipient"], want);
}

#[test]
fn what_is_rendered_verifies_as_a_hosted_badge() {
    let rendered = rendered();
    let text = rendered.assertion.to_string();
    for input in [
        text.clone().into_bytes(),
        bake::bake_open_badges_2(b"<svg/>", &text).unwrap(),
        bake::bake_open_badges_2(b"<svg/>", URLS.assertion).unwrap(),
    ] {
        let report = report(&input, &facts(&rendered));
        assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
        assert_eq!(outcome(&report, "schema"), (Outcome::Warning, "open_badges_2"));
        assert_eq!(outcome(&report, "proof"), (Outcome::Passed, "hosted"));
        assert_eq!(outcome(&report, "issuer"), (Outcome::Passed, "issuer_domain"));
        assert_eq!(outcome(&report, "status"), (Outcome::Passed, "in_force"));
        assert_eq!(outcome(&report, "dates"), (Outcome::Passed, "in_force"));
    }
}

#[test]
fn a_changed_or_revoked_badge_is_refused() {
    let mut rendered = rendered();
    for (member, value) in [("issuedOn", json!("2020-01-01T00:00:00Z")), ("narrative", json!("More."))] {
        let mut changed = rendered.assertion.clone();
        changed[member] = value;
        let report = report(changed.to_string().as_bytes(), &facts(&rendered));
        assert_eq!(outcome(&report, "proof"), (Outcome::Failed, "hosted_differs"), "{member}");
    }
    rendered.revoke(Some("It was a mistake."));
    let baked = bake::bake_open_badges_2(b"<svg/>", URLS.assertion).unwrap();
    let report = report(&baked, &facts(&rendered));
    assert_eq!(outcome(&report, "status"), (Outcome::Failed, "revoked"));
    assert!(report.checks.iter().any(|check| check.message.ends_with("It was a mistake.")));
}

#[test]
fn what_2_0_needs_is_asked_for() {
    let check = |pointer: &str, value: Value, want: &str| {
        let mut given = credential();
        *given.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        let error = render(&given, &URLS).unwrap_err().to_string();
        assert!(error.contains(want), "{pointer}: {error}");
    };
    check("/issuer/url", json!(null), "(issuer.url)");
    check("/issuer/email", json!(" "), "(issuer.email)");
    check("/issuer/name", json!(null), "(issuer.name)");
    check("/issuer", json!("did:web:a.example"), "(issuer)");
    check("/credentialSubject", json!(null), "(credentialSubject)");
    check("/credentialSubject", json!([{}, {}]), "one credentialSubject only");
    check("/credentialSubject/achievement", json!([]), "(credentialSubject.achievement)");
    check("/credentialSubject/achievement", json!([{}, {}]), "one achievement only");
    check("/credentialSubject/achievement/name", json!({}), "(achievement.name)");
    check("/credentialSubject/achievement/description", json!(5), "(achievement.description)");
    check("/credentialSubject/achievement/image", json!({"type": "Image"}), "(achievement.image)");
    check("/credentialSubject/achievement/criteria", json!({}), "(achievement.criteria)");
    check("/credentialSubject/achievement/alignment/1/targetUrl", json!(null), "(achievement.alignment)");
    check("/validFrom", json!("yesterday"), "validFrom is not a date");
    check("/validUntil", json!(2031), "validUntil is not a date");
    check("/type", json!(["VerifiableCredential"]), "not an Open Badges 3.0 credential");
    for identifier in [
        json!([]),
        json!([{"identityType": "sourcedId", "hashed": false, "identityHash": "a@example.com"}]),
        json!([{"identityType": "emailAddress", "hashed": true, "identityHash": "a@example.com"}]),
        json!([{"identityType": "emailAddress", "hashed": false, "identityHash": "sha256$00"}]),
        json!([{"identityType": "emailAddress", "hashed": true, "identityHash": "md5$00"}]),
    ] {
        check("/credentialSubject/identifier", identifier, "an e-mail address of the learner");
    }
    let mut undated = credential();
    undated.as_object_mut().unwrap().shift_remove("validFrom");
    assert_eq!(render(&undated, &URLS), Err(RenderError::Lacks("a date of issue (validFrom)")));
}

#[test]
fn documents_are_served_from_one_host() {
    let check = |urls: Urls<'_>, want: &str| {
        assert_eq!(render(&credential(), &urls), Err(RenderError::Address(want.to_owned())));
    };
    check(Urls { assertion: "urn:uuid:1", ..URLS }, "urn:uuid:1");
    check(Urls { issuer: "did:web:a.example", ..URLS }, "did:web:a.example");
    check(Urls { badge_class: "https://other.example/1", ..URLS }, "https://other.example/1");
    check(Urls { badge_class: URLS.assertion, ..URLS }, URLS.assertion);
    check(Urls { assertion: URLS.issuer, ..URLS }, URLS.issuer);
    for url in ["https://", "https://a@badges.example.edu/", "https://badges.example.edu/#1", "https://a b/"]
    {
        check(Urls { assertion: url, ..URLS }, url);
    }
}

const KEY: &str = "https://badges.example.edu/v2/keys/1";
const REVOKED: &str = "https://badges.example.edu/v2/revoked";

fn pair(kind: KeyKind) -> KeyPair {
    KeyPair::from_seed(kind, &vec![5; if kind == KeyKind::P384 { 48 } else { 32 }]).unwrap()
}

/// What a signed badge is verified with: its assertion is served nowhere.
fn signed_facts(rendered: &BadgeDocuments, key: &Value, revoked: &[(&str, Option<&str>)]) -> Facts {
    let mut facts = facts(rendered);
    facts.documents.remove(URLS.assertion);
    facts.documents.insert(KEY.into(), fetched(key));
    let list = revocation_list(REVOKED, URLS.issuer, revoked);
    facts.documents.insert(REVOKED.into(), fetched(&list));
    facts
}

fn listed() -> BadgeDocuments {
    let mut rendered = rendered();
    rendered.list_key(KEY);
    rendered.list_revocations(REVOKED);
    rendered
}

#[test]
fn what_is_signed_verifies_with_every_kind_of_key() {
    let rendered = listed();
    for kind in [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384] {
        let pair = pair(kind);
        let compact = sign(&rendered, &pair, KEY).unwrap();
        let facts = signed_facts(&rendered, &key_document(KEY, URLS.issuer, &pair.public()), &[]);
        for input in [compact.clone().into_bytes(), bake::bake_open_badges_2(b"<svg/>", &compact).unwrap()] {
            let report = report(&input, &facts);
            assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
            assert_eq!(outcome(&report, "proof"), (Outcome::Passed, "proof_valid"));
            assert_eq!(outcome(&report, "issuer"), (Outcome::Passed, "issuer_domain"));
            assert_eq!(outcome(&report, "status"), (Outcome::Passed, "in_force"));
        }
    }
}

#[test]
fn signed_badges_that_are_wrong_are_refused() {
    let rendered = listed();
    let (own, other) = (pair(KeyKind::Ed25519), pair(KeyKind::P256));
    let compact = sign(&rendered, &own, KEY).unwrap();
    let key = key_document(KEY, URLS.issuer, &own.public());
    let proof = |compact: &str, rendered: &BadgeDocuments, key: &Value| {
        let report = report(compact.as_bytes(), &signed_facts(rendered, key, &[]));
        let (outcome, code) = outcome(&report, "proof");
        (outcome, code.to_owned())
    };
    let refused = |code: &str| (Outcome::Failed, code.to_owned());
    let mut changed = rendered.clone();
    changed.assertion["issuedOn"] = json!("2020-01-01T00:00:00Z");
    let changed = sign(&changed, &own, KEY).unwrap();
    let [mine, theirs] = [&compact, &changed].map(|compact| compact.rsplit_once('.').unwrap());
    let mixed = format!("{}.{}", theirs.0, mine.1);
    assert_eq!(proof(&mixed, &rendered, &key), refused("signature_invalid"));
    let swapped = key_document(KEY, URLS.issuer, &other.public());
    assert_eq!(proof(&compact, &rendered, &swapped), refused("signature_invalid"));
    let somebodys = key_document(KEY, "https://evil.example/issuer", &own.public());
    assert_eq!(proof(&compact, &rendered, &somebodys), refused("key_not_listed"));
    let mut unlisted = rendered.clone();
    unlisted.issuer.as_object_mut().unwrap().shift_remove("publicKey");
    assert_eq!(proof(&compact, &unlisted, &key), refused("key_not_listed"));
    assert_eq!(sign(&unlisted, &own, KEY), Err(SignError::NotListed(KEY.to_owned())));
    assert_eq!(sign(&rendered, &own, "urn:x"), Err(SignError::Address("urn:x".to_owned())));
}

#[test]
fn a_signed_badge_is_taken_back_by_the_list() {
    let (rendered, own) = (listed(), pair(KeyKind::Ed25519));
    let compact = sign(&rendered, &own, KEY).unwrap();
    let key = key_document(KEY, URLS.issuer, &own.public());
    for (revoked, want) in [
        (vec![("https://badges.example.edu/v2/assertions/2", None)], (Outcome::Passed, "in_force")),
        (vec![(URLS.assertion, None)], (Outcome::Failed, "revoked")),
        (vec![(URLS.assertion, Some("It was a mistake."))], (Outcome::Failed, "revoked")),
    ] {
        let report = report(compact.as_bytes(), &signed_facts(&rendered, &key, &revoked));
        assert_eq!(outcome(&report, "status"), want);
    }
}

#[test]
fn keys_stay_listed_when_another_comes() {
    let mut rendered = listed();
    assert_eq!(rendered.issuer["publicKey"], json!(KEY));
    for _ in 0..2 {
        rendered.list_key("https://badges.example.edu/v2/keys/2");
        assert_eq!(rendered.issuer["publicKey"], json!([KEY, "https://badges.example.edu/v2/keys/2"]));
    }
    assert!(sign(&rendered, &pair(KeyKind::Ed25519), KEY).is_ok());
}

#[test]
fn rsa_keys_are_written_as_the_samples_have_them() {
    let Some(vectors) = shared::vectors() else { return };
    for name in ["key1.json", "key2.json", "key3.json"] {
        let sample = shared::json(&vectors.join("ob20/assets").join(name));
        let pem = sample["publicKeyPem"].as_str().unwrap();
        let key = PublicKey::from_pem(pem).unwrap();
        let written = key_document(KEY, URLS.issuer, &key);
        assert_eq!(written["publicKeyPem"].as_str().unwrap().trim(), pem.trim(), "{name}");
    }
}

/// Any JSON, three levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("OpenBadgeCredential")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let name =
            prop_oneof![Just("id"), Just("@value"), Just("identityHash"), Just("targetUrl"), Just("x")];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_us_panic(at in 0..POINTERS.len(), value in any_json()) {
        let mut given = credential();
        *given.pointer_mut(POINTERS[at]).unwrap() = value;
        if let Ok(mut rendered) = render(&given, &URLS) {
            rendered.revoke(None);
            let report = report(rendered.assertion.to_string().as_bytes(), &facts(&rendered));
            prop_assert_eq!(outcome(&report, "proof"), (Outcome::Passed, "hosted"));
        }
    }
}

/// Everything that is read.
const POINTERS: [&str; 24] = [
    "",
    "/type",
    "/issuer",
    "/issuer/name",
    "/issuer/url",
    "/issuer/email",
    "/validFrom",
    "/validUntil",
    "/evidence",
    "/evidence/0",
    "/credentialSubject",
    "/credentialSubject/identifier",
    "/credentialSubject/identifier/0",
    "/credentialSubject/identifier/0/salt",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/narrative",
    "/credentialSubject/achievement",
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/image",
    "/credentialSubject/achievement/criteria",
    "/credentialSubject/achievement/tag",
    "/credentialSubject/achievement/inLanguage",
    "/credentialSubject/achievement/alignment",
    "/credentialSubject/achievement/alignment/0",
];
