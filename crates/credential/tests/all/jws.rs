//! Credentials as compact JWS, as a whole.

use cairn_credential::check::{Facts, Outcome, Report, Verdict, check};
use cairn_credential::did;
use cairn_credential::jose::{self, Jws, Profile};
use cairn_credential::key::{KeyKind, KeyPair, PublicKey};
use cairn_credential::{bake, open_badge};
use serde_json::{Value, json};

use crate::sample::{self, DOCUMENT, INDEX, ISSUER, LIST, METHOD, facts, fetched, key, list_of};
use crate::shared;

fn credential(issuer: &str) -> Value {
    let mut credential: open_badge::OpenBadgeCredential = sample::credential(issuer);
    credential.credential_subject.id = Some("did:example:learner".into());
    credential.to_value()
}

fn issue(issuer: &str, key: &KeyPair, kid: &str, profile: Profile) -> String {
    jose::issue(&credential(issuer), key, kid, profile).unwrap()
}

fn report(text: &str, facts: &Facts) -> Report {
    let checked = check(text.as_bytes(), facts);
    assert_eq!(checked.wanted, []);
    checked.report
}

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let check = report.checks.iter().find(|check| check.check == name).unwrap();
    (check.outcome, check.code.as_str())
}

#[test]
fn jws_credentials_verify() {
    let pair = KeyPair::from(key());
    for profile in [Profile::OpenBadges, Profile::Vc] {
        let compact = issue(ISSUER, &pair, METHOD, profile);
        let found = report(&compact, &facts());
        assert_eq!(found.verdict, Verdict::Verified, "{found:#?}");
        let svg = bake::bake_svg("<svg/>", &compact).unwrap();
        assert_eq!(report(&svg, &facts()).verdict, Verdict::Verified);
    }
}

#[test]
fn other_kinds_of_keys_verify() {
    for (kind, length) in [(KeyKind::P256, 32), (KeyKind::P384, 48)] {
        let pair = KeyPair::from_seed(kind, &vec![5; length]).unwrap();
        let mut facts = facts();
        let document = json!({
            "id": ISSUER,
            "verificationMethod": [
                {"id": METHOD, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": pair.public().jwk()},
            ],
            "assertionMethod": [METHOD],
        });
        facts.documents.insert(DOCUMENT.into(), fetched(&document));
        let found = report(&issue(ISSUER, &pair, METHOD, Profile::OpenBadges), &facts);
        assert_eq!(outcome(&found, "issuer"), (Outcome::Passed, "issuer_domain"), "{found:#?}");
    }
}

#[test]
fn a_key_that_comes_along_proves_only_itself() {
    let pair = KeyPair::from_seed(KeyKind::P256, &[5; 32]).unwrap();
    let with_jwk = |issuer: &str| {
        let compact = issue(issuer, &pair, "x", Profile::OpenBadges);
        let payload = compact.split('.').nth(1).unwrap();
        let header = json!({"alg": "ES256", "typ": "JWT", "jwk": pair.public().jwk()}).to_string();
        let base64 = |bytes: &[u8]| {
            use base64::Engine as _;
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
        };
        let input = format!("{}.{payload}", base64(header.as_bytes()));
        report(&format!("{input}.{}", base64(&pair.sign(input.as_bytes()))), &facts())
    };
    let found = with_jwk(ISSUER);
    assert_eq!(outcome(&found, "proof"), (Outcome::Passed, "proof_valid"));
    assert_eq!(outcome(&found, "issuer"), (Outcome::Failed, "issuer_mismatch"));
    for issuer in [pair.public().did_key(), did::jwk_did(&pair.public())] {
        assert_eq!(outcome(&with_jwk(&issuer), "issuer"), (Outcome::Warning, "issuer_unknown"));
    }
}

#[test]
fn a_did_jwk_is_its_own_key() {
    let pair = KeyPair::from_seed(KeyKind::P256, &[5; 32]).unwrap();
    let did = did::jwk_did(&pair.public());
    let found = report(&issue(&did, &pair, &format!("{did}#0"), Profile::Vc), &facts());
    assert_eq!(outcome(&found, "issuer"), (Outcome::Warning, "issuer_unknown"));
    let found = report(&issue(&did, &pair, &format!("{did}#1"), Profile::Vc), &facts());
    assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "key_malformed"));
}

#[test]
fn a_bare_key_speaks_for_its_own_origin_only() {
    let pair = KeyPair::from(key());
    let mut facts = facts();
    for place in ["key.json", ".well-known/key.json"] {
        facts.documents.insert(format!("https://a.example/{place}"), fetched(&pair.public().jwk()));
    }
    let mut listed = pair.public().jwk();
    listed["kid"] = "k1".into();
    facts.documents.insert("https://a.example/keys".into(), fetched(&json!({"keys": [listed]})));
    let issuer = |issuer: &str, kid: &str| {
        let found = report(&issue(issuer, &pair, kid, Profile::OpenBadges), &facts);
        let (outcome, code) = outcome(&found, "issuer");
        (outcome, code.to_owned())
    };
    // wherever a stranger may have put it, it is a word with a warning
    let beside = (Outcome::Warning, "issuer_key_beside".to_owned());
    assert_eq!(issuer("https://a.example/issuers/1", "https://a.example/key.json"), beside);
    assert_eq!(issuer("https://a.example/issuers/1", "https://a.example/keys#k1"), beside);
    let vouched = (Outcome::Passed, "issuer_domain".to_owned());
    assert_eq!(issuer("https://a.example/issuers/1", "https://a.example/.well-known/key.json"), vouched);
    let refused = (Outcome::Failed, "issuer_mismatch".to_owned());
    assert_eq!(issuer("https://a.example.evil.example/1", "https://a.example/key.json"), refused);
    assert_eq!(issuer("https://b.example/issuers/1", "https://a.example/key.json"), refused);
    let unproven = (Outcome::Failed, "issuer_unproven".to_owned());
    assert_eq!(issuer("https://a.example/issuers/1", "https://a.example/keys#k2"), unproven);
}

#[test]
fn a_status_list_may_be_a_jws_too() {
    let pair = KeyPair::from(key());
    for (set, want) in [(vec![], Outcome::Passed), (vec![INDEX], Outcome::Failed)] {
        let list = list_of(&["revocation"], &set);
        let list = jose::issue(&list, &pair, METHOD, Profile::Vc).unwrap();
        let mut facts = facts();
        facts.documents.insert(LIST.into(), cairn_credential::check::FetchOutcome::here(list.into_bytes()));
        assert_eq!(outcome(&report(&sample::signed().to_string(), &facts), "status").0, want);
    }
}

#[test]
fn the_clr_sample_with_rsa_holds() {
    let Some(vectors) = shared::vectors() else { return };
    let text = shared::text(&vectors.join("clr20/simple.jwt"));
    let jws = Jws::parse(text.trim()).unwrap();
    let key = PublicKey::from_jwk(&jws.header["jwk"]).unwrap();
    assert_eq!(key.kind(), KeyKind::Rsa);
    assert_eq!(PublicKey::from_multibase(&key.multibase()), Ok(key.clone()));
    assert_eq!(jws.verify(&key), Ok(()));
    assert!(jws.credential().contains_key("credentialSubject"));
}

#[test]
fn every_changed_character_is_refused() {
    let pair = KeyPair::from(key());
    let public = pair.public();
    for profile in [Profile::OpenBadges, Profile::Vc] {
        let compact = issue(ISSUER, &pair, METHOD, profile);
        let holds = |text: &str| Jws::parse(text).is_ok_and(|jws| jws.verify(&public).is_ok());
        assert!(holds(&compact));
        for at in 0..compact.len() {
            let other = if &compact[at..=at] == "A" { "B" } else { "A" };
            assert!(!holds(&format!("{}{other}{}", &compact[..at], &compact[at + 1..])), "{at}");
            assert!(!holds(&format!("{}{}", &compact[..at], &compact[at + 1..])), "{at}");
        }
    }
}
