//! What stands beside a badge's own proof: further proofs, a second badge in the picture, documents it refers
//! to, contexts of its own, and whom its proof was made for.

use base64::Engine as _;
use cairn_credential::bake;
use cairn_credential::check::{
    FetchOutcome, Outcome, Purpose, Report, Verdict, VerifierRequest, check, check_expected,
};
use cairn_credential::jose::{self, Profile};
use cairn_credential::key::KeyPair;
use cairn_credential::proof::{self, ProofOptions};
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::sample::{self, ISSUER, METHOD, facts, key, sign, signed, time, verify};

const PLAN: &str = "https://badges.example.edu/plan.pdf";

fn outcome<'a>(report: &'a Report, name: &str) -> Option<(Outcome, &'a str)> {
    let check = report.checks.iter().find(|check| check.check == name)?;
    Some((check.outcome, check.code.as_str()))
}

#[test]
fn a_further_proof_of_an_unknown_kind_is_named() {
    let mut badge = signed();
    let mut second = badge["proof"][0].clone();
    second["cryptosuite"] = json!("bbs-2023");
    badge["proof"].as_array_mut().unwrap().push(second);
    let report = verify(&badge, &facts());
    assert_eq!(outcome(&report, "proof"), Some((Outcome::Passed, "proof_valid")));
    assert_eq!(outcome(&report, "other_proofs"), Some((Outcome::Warning, "proof_kind_unknown")));
    assert!(report.checks.iter().any(|check| check.message.contains("bbs-2023")));
    assert_eq!(report.verdict, Verdict::Warning);
    // one without a value is named, and proves nothing for or against the badge
    let empty = json!({"type": "SomeProofType", "proofPurpose": "assertionMethod"});
    badge["proof"][1] = empty;
    let report = verify(&badge, &facts());
    assert_eq!(outcome(&report, "other_proofs"), Some((Outcome::Passed, "proof_without_value")));
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(verify(&signed(), &facts()).verdict, Verdict::Verified);
}

fn png() -> Vec<u8> {
    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut crc = flate2::Crc::new();
        crc.update(&kind);
        crc.update(data);
        [&(data.len() as u32).to_be_bytes(), kind.as_slice(), data, &crc.sum().to_be_bytes()].concat()
    }
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(*b"IHDR", &[0; 13]), chunk(*b"IEND", b"")].concat()
}

fn altered() -> Value {
    let mut badge = signed();
    badge["name"] = json!("Gold");
    badge
}

#[test]
fn a_picture_with_two_badges_says_so_and_checks_both() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let (one, two) = (signed().to_string(), altered().to_string());
    let single = bake::bake_svg(svg, &one).unwrap();
    let element = single.split_once("<openbadges:").unwrap().1.rsplit_once("</svg>").unwrap().0;
    let twice = |second: &str| {
        let other = bake::bake_svg(svg, second).unwrap();
        let other = other.split_once("<openbadges:").unwrap().1.rsplit_once("</svg>").unwrap().0.to_owned();
        single.replacen(element, &format!("{element}<openbadges:{other}"), 1).into_bytes()
    };
    let legacy = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "urn:x:1"});
    let three = bake::bake_png(&png(), &one).unwrap();
    let both = bake::bake_open_badges_2(&three, &legacy.to_string()).unwrap();
    for (picture, found) in [
        (single.clone().into_bytes(), None),
        (three, None),
        (twice(&one), None),
        (twice(&two), Some(Outcome::Failed)),
        (both, Some(Outcome::Failed)),
    ] {
        let report = check(&picture, &facts()).report;
        assert_eq!(outcome(&report, "proof").unwrap().0, Outcome::Passed, "{report:#?}");
        assert_eq!(outcome(&report, "other_badge").map(|(outcome, _)| outcome), found, "{report:#?}");
        let said = found.map(|_| (Outcome::Warning, "two_badges"));
        assert_eq!(outcome(&report, "picture"), said);
        let verdict = if found.is_some() { Verdict::Failed } else { Verdict::Verified };
        assert_eq!(report.verdict, verdict);
    }
}

/// A badge with a long text and so many proofs that hold.
fn large(bytes: usize, proofs: usize) -> Value {
    let mut badge = sample::credential(ISSUER).to_value();
    badge["credentialSubject"]["achievement"]["description"] = json!("x".repeat(bytes));
    let once = sign(badge, METHOD);
    let mut all = once.clone();
    all["proof"] = vec![once["proof"][0].clone(); proofs].into();
    all
}

#[test]
fn many_proofs_of_a_large_badge_are_not_all_looked_at() {
    let proof = |document: &Value| check(document.to_string().as_bytes(), &facts()).report;
    for (bytes, proofs) in [(3 << 20, 1), (100_000, 16), (1_500_000, 2)] {
        let report = proof(&large(bytes, proofs));
        assert_eq!(outcome(&report, "proof").unwrap().0, Outcome::Passed, "{bytes} {proofs}");
        assert_eq!(outcome(&report, "other_proofs"), None, "{bytes} {proofs}");
    }
    for (bytes, proofs) in [(3 << 20, 3), (1_500_000, 16)] {
        let report = proof(&large(bytes, proofs));
        let others = outcome(&report, "other_proofs");
        assert_eq!(others, Some((Outcome::Warning, "too_many_inside")), "{bytes} {proofs}");
        assert_eq!(report.verdict, Verdict::Warning);
    }
}

fn referring(digests: &Value) -> Value {
    let mut badge = sample::credential(ISSUER).to_value();
    let mut entry = json!({"id": PLAN});
    entry.as_object_mut().unwrap().extend(digests.as_object().unwrap().clone());
    badge["relatedResource"] = json!([entry]);
    sign(badge, METHOD)
}

#[test]
fn what_a_badge_refers_to_is_compared_with_its_digests() {
    let plan = b"The plan.".to_vec();
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let sha = sha2::Sha256::digest(&plan);
    let hash = [&[0x12, 0x20], sha.as_slice()].concat();
    let hex = sha.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let multibase = format!("z{}", bs58::encode(&hash).into_string());
    for digests in [
        json!({"digestSRI": format!("sha256-{}", base64(&sha))}),
        json!({"digestSRI": format!("sha384-{}", base64(&sha2::Sha384::digest(&plan)))}),
        json!({"digestSRI": format!("sha512-{}", base64(&sha2::Sha512::digest(&plan)))}),
        json!({"digestMultibase": multibase}),
        json!({"digestMultibase": hex}),
    ] {
        let badge = referring(&digests);
        let asked = check(badge.to_string().as_bytes(), &facts()).wanted;
        assert_eq!(asked.len(), 1, "{digests}");
        assert_eq!((asked[0].url.as_str(), asked[0].purpose), (PLAN, Purpose::RelatedResource));
        let with = |fetched: FetchOutcome| {
            let mut facts = facts();
            facts.documents.insert(PLAN.into(), fetched);
            verify(&badge, &facts)
        };
        let report = with(FetchOutcome::here(plan.clone()));
        assert_eq!(outcome(&report, "related_resource"), Some((Outcome::Passed, "resources_unchanged")));
        assert_eq!(report.verdict, Verdict::Verified);
        let report = with(FetchOutcome::here(b"Another plan.".to_vec()));
        assert_eq!(outcome(&report, "related_resource"), Some((Outcome::Failed, "resource_changed")));
        let report = with(FetchOutcome::Refused("it is gone".into()));
        assert_eq!(outcome(&report, "related_resource"), Some((Outcome::Warning, "resource_unavailable")));
    }
    // one of two digests that differs is enough
    let two = referring(
        &json!({"digestMultibase": multibase, "digestSRI": format!("sha256-{}", base64(&[0; 32]))}),
    );
    let mut facts = facts();
    facts.documents.insert(PLAN.into(), FetchOutcome::here(plan));
    assert_eq!(verify(&two, &facts).verdict, Verdict::Failed);
}

#[test]
fn only_so_many_documents_are_asked_for() {
    let mut badge = sample::credential(ISSUER).to_value();
    let entry = |n| json!({"id": format!("{PLAN}?{n}"), "digestSRI": "sha256-AAAA"});
    badge["relatedResource"] = (0..40).map(entry).collect();
    let checked = check(sign(badge, METHOD).to_string().as_bytes(), &facts());
    assert_eq!(checked.wanted.len(), 16);
}

#[test]
fn a_proof_for_another_fails_where_something_is_expected() {
    let expected = |domain: Option<&str>, challenge: Option<&str>| VerifierRequest {
        domain: domain.map(str::to_owned),
        challenge: challenge.map(str::to_owned),
    };
    let mut badge = sample::credential(ISSUER).to_value();
    let options = ProofOptions {
        domain: Some("a.example"),
        challenge: Some("c-1"),
        ..ProofOptions::new(METHOD, time("2026-01-15T09:00:00Z"))
    };
    proof::sign(&mut badge, &key(), &options).unwrap();
    let (bound, free) = (badge.to_string(), signed().to_string());
    for (badge, domain, challenge, verdict) in [
        (&bound, None, None, Verdict::Verified),
        (&bound, Some("a.example"), Some("c-1"), Verdict::Verified),
        (&bound, Some("b.example"), None, Verdict::Failed),
        (&bound, None, Some("c-2"), Verdict::Failed),
        (&free, None, None, Verdict::Verified),
        (&free, Some("a.example"), None, Verdict::Failed),
        (&free, None, Some("c-1"), Verdict::Failed),
    ] {
        let report = check_expected(badge.as_bytes(), &facts(), &expected(domain, challenge)).report;
        assert_eq!(report.verdict, verdict, "{domain:?} {challenge:?} {report:#?}");
    }
}

#[test]
fn a_context_beside_the_terms_of_a_context_is_refused() {
    for (context, code) in [
        (json!({"ex": "https://ex.example/", "@context": {"a": "https://ex.example/a"}}), "schema_invalid"),
        (json!({"ex:b": {"@id": "https://ex.example/b", "@context": {"@context": {}}}}), "schema_invalid"),
        (
            json!({"b": {"@id": "https://ex.example/b", "@context": {"a": "https://ex.example/a"}}}),
            "schema_valid",
        ),
    ] {
        let mut badge = signed();
        badge["@context"].as_array_mut().unwrap().push(context.clone());
        let report = verify(&badge, &facts());
        assert_eq!(outcome(&report, "schema").unwrap().1, code, "{context} {report:#?}");
    }
}

#[test]
fn contexts_inside_a_signature_are_checked() {
    let pair = KeyPair::from(key());
    let mut plain = sample::credential(ISSUER).to_value();
    plain["credentialSubject"]["id"] = json!("did:example:amy");
    let report_on = |context: Option<Value>| {
        let mut badge = plain.clone();
        badge["@context"].as_array_mut().unwrap().extend(context);
        let jws = jose::issue(&badge, &pair, METHOD, Profile::OpenBadges).unwrap();
        check(jws.as_bytes(), &facts()).report
    };
    assert_eq!(outcome(&report_on(None), "proof"), Some((Outcome::Passed, "proof_valid")));
    for context in [
        json!({"VerifiableCredential": "https://ex.example/other"}),
        json!({"@version": 7}),
        json!({"ex": "https://ex.example/", "@context": {}}),
    ] {
        let report = report_on(Some(context.clone()));
        assert_eq!(outcome(&report, "proof"), Some((Outcome::Failed, "not_signable")), "{context}");
    }
    // of the contexts that are not known nothing is said, of the others it is
    let mut badge = plain;
    let contexts =
        [json!("https://a.example/context"), json!({"VerifiableCredential": "https://ex.example/other"})];
    badge["@context"].as_array_mut().unwrap().extend(contexts);
    if let Ok(jws) = jose::issue(&badge, &pair, METHOD, Profile::OpenBadges) {
        let report = check(jws.as_bytes(), &facts()).report;
        assert_eq!(report.verdict, Verdict::Failed);
    }
}

#[test]
fn times_of_a_signature_are_numbers() {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
    use ed25519_dalek::Signer as _;
    let mut payload = sample::credential(ISSUER).to_value();
    payload["credentialSubject"]["id"] = json!("did:example:amy");
    payload["iss"] = json!(ISSUER);
    payload["sub"] = json!("did:example:amy");
    payload["jti"] = payload["id"].clone();
    payload["nbf"] = json!(time("2026-01-15T09:00:00Z").as_second());
    payload["exp"] = json!(time("2031-01-15T09:00:00Z").as_second());
    let secret = ed25519_dalek::SigningKey::from_bytes(&[42; 32]);
    let report_on = |payload: &Value, kind: &str| {
        let header = json!({"alg": "EdDSA", "typ": kind, "kid": METHOD}).to_string();
        let input = format!("{}.{}", B64.encode(header), B64.encode(payload.to_string()));
        let signature = B64.encode(secret.sign(input.as_bytes()).to_bytes());
        check(format!("{input}.{signature}").as_bytes(), &facts()).report
    };
    for kind in ["JWT", "vc+jwt"] {
        let report = report_on(&payload, kind);
        assert_eq!(outcome(&report, "proof"), Some((Outcome::Passed, "proof_valid")), "{report:#?}");
        for name in ["exp", "nbf", "iat"] {
            let mut changed = payload.clone();
            changed[name] = json!("2000000000");
            let report = report_on(&changed, kind);
            assert_eq!(outcome(&report, "proof").unwrap().0, Outcome::Failed, "{kind} {name}");
        }
    }
}
