//! Presentations: who presents, to whom, and what.

use cairn_credential::check::{
    Facts, Outcome, PresentationReport, Purpose, Verdict, VerifierRequest, WantedDocument, check_presentation,
};
use cairn_credential::jose::{self, Content, Envelope, Profile};
use cairn_credential::key::{KeyPair, SigningKey};
use cairn_credential::presentation::Presentation;
use cairn_credential::proof::{self, ProofOptions};
use cairn_credential::sd_jwt::{self, Format, Options};
use cairn_credential::{cose, did};
use serde_json::{Value, json};

use crate::sample::{self, DOCUMENT, ISSUER, LIST, METHOD, facts, fetched, key, time};

fn holder_key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn holder() -> String {
    holder_key().did_key()
}

/// A good credential of which the holder is the subject.
fn credential() -> Value {
    let mut credential = sample::credential(ISSUER);
    credential.credential_subject.id = Some(holder());
    sample::sign(credential.to_value(), METHOD)
}

fn presentation() -> Presentation {
    Presentation::new().holder(&holder()).unwrap().credential(credential()).unwrap()
}

fn sign(mut document: Value, options: &ProofOptions<'_>) -> Value {
    proof::sign(&mut document, &holder_key(), options).unwrap();
    document
}

/// Signed by the holder, for the challenge `c-1` of `a.example`.
fn signed(presentation: &Presentation) -> Value {
    let method = format!("{}#{}", holder(), holder_key().public().multibase());
    let options = ProofOptions::authentication(&method, time("2026-05-01T00:00:00Z"), "c-1", "a.example");
    sign(presentation.to_value(), &options)
}

fn expected() -> VerifierRequest {
    VerifierRequest { challenge: Some("c-1".into()), domain: Some("a.example".into()) }
}

fn report(document: &Value, facts: &Facts, expected: &VerifierRequest) -> PresentationReport {
    let checked = check_presentation(document.to_string().as_bytes(), facts, expected);
    assert_eq!(checked.wanted, []);
    checked.report
}

fn outcome<'a>(report: &'a PresentationReport, name: &str) -> (Outcome, &'a str) {
    let check = report.checks.iter().find(|check| check.check == name).unwrap();
    (check.outcome, check.code.as_str())
}

#[test]
fn a_good_presentation_verifies() {
    let report = report(&signed(&presentation()), &facts(), &expected());
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
    let names: Vec<&str> = report.checks.iter().map(|check| check.check.as_str()).collect();
    assert_eq!(names, ["format", "schema", "proof", "holder", "domain", "challenge", "subjects"]);
    assert_eq!(report.credentials.len(), 1);
    assert_eq!(report.credentials[0].verdict, Verdict::Verified);
    assert_eq!(report.presentation.as_ref().unwrap().holder, Some(holder()));
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<PresentationReport>(&text).unwrap(), report);
}

#[test]
fn what_is_missing_is_asked_for() {
    let document = signed(&presentation()).to_string();
    let checked = check_presentation(document.as_bytes(), &Facts::new(facts().now), &expected());
    let wanted = |url: &str, purpose| WantedDocument { url: url.into(), purpose };
    assert_eq!(checked.wanted, [wanted(DOCUMENT, Purpose::Keys), wanted(LIST, Purpose::StatusList)]);
    assert_eq!(checked.report.verdict, Verdict::Unknown);
}

#[test]
fn only_the_verifiers_own_challenge_and_domain_are_answered() {
    let document = signed(&presentation());
    let with = |challenge: Option<&str>, domain: Option<&str>| {
        let expected =
            VerifierRequest { challenge: challenge.map(str::to_owned), domain: domain.map(str::to_owned) };
        report(&document, &facts(), &expected)
    };
    assert_eq!(with(None, None).verdict, Verdict::Verified);
    let replayed = with(Some("c-2"), Some("a.example"));
    assert_eq!(outcome(&replayed, "challenge"), (Outcome::Failed, "INVALID_CHALLENGE_ERROR"));
    assert_eq!(replayed.verdict, Verdict::Failed);
    let relayed = with(Some("c-1"), Some("b.example"));
    assert_eq!(outcome(&relayed, "domain"), (Outcome::Failed, "INVALID_DOMAIN_ERROR"));
    assert_eq!(relayed.verdict, Verdict::Failed);
    // Written in afterwards.
    let mut changed = document.clone();
    changed["proof"][0]["challenge"] = json!("c-2");
    let expected = VerifierRequest { challenge: Some("c-2".into()), domain: None };
    let changed = report(&changed, &facts(), &expected);
    assert_eq!(outcome(&changed, "proof"), (Outcome::Failed, "signature_invalid"));
    assert_eq!(outcome(&changed, "challenge"), (Outcome::Failed, "INVALID_CHALLENGE_ERROR"));
}

#[test]
fn an_unsigned_presentation_is_accepted_with_a_warning() {
    let document = presentation().to_value();
    let unasked = report(&document, &facts(), &VerifierRequest::default());
    assert_eq!(outcome(&unasked, "proof"), (Outcome::Warning, "unsigned"));
    assert_eq!(outcome(&unasked, "holder"), (Outcome::Warning, "holder_unproven"));
    assert_eq!((unasked.verdict, unasked.credentials[0].verdict), (Verdict::Warning, Verdict::Verified));
    // No proof answers no challenge.
    let asked = report(&document, &facts(), &expected());
    assert_eq!(outcome(&asked, "challenge"), (Outcome::Failed, "INVALID_CHALLENGE_ERROR"));
    assert_eq!(outcome(&asked, "domain"), (Outcome::Failed, "INVALID_DOMAIN_ERROR"));
}

#[test]
fn the_key_must_be_the_holders_and_for_authentication() {
    let stolen = Presentation::new().holder("did:example:amy").unwrap().credential(credential()).unwrap();
    let stolen = report(&signed(&stolen), &facts(), &expected());
    assert_eq!(outcome(&stolen, "holder"), (Outcome::Failed, "holder_mismatch"));
    // A proof for something else.
    let method = format!("{}#{}", holder(), holder_key().public().multibase());
    let assertion = ProofOptions::new(&method, time("2026-05-01T00:00:00Z"));
    let assertion =
        report(&sign(presentation().to_value(), &assertion), &facts(), &VerifierRequest::default());
    assert_eq!(outcome(&assertion, "proof"), (Outcome::Failed, "proof_purpose"));
    // A key that may only sign credentials.
    let mut document = did::web_document("did:web:amy.example", &[("k", &holder_key().public(), true)]);
    let presentation = Presentation::new().holder("did:web:amy.example").unwrap();
    let options = ProofOptions::authentication(
        "did:web:amy.example#k",
        time("2026-05-01T00:00:00Z"),
        "c-1",
        "a.example",
    );
    let signed = sign(presentation.to_value(), &options);
    let with = |document: &Value| {
        let mut facts = facts();
        facts.documents.insert("https://amy.example/.well-known/did.json".into(), fetched(document));
        report(&signed, &facts, &expected())
    };
    assert_eq!(outcome(&with(&document), "holder"), (Outcome::Passed, "holder_proven"));
    document["authentication"] = json!([]);
    assert_eq!(outcome(&with(&document), "proof"), (Outcome::Failed, "key_not_for_authentication"));
    document["authentication"] = json!([{"id": "did:web:amy.example#k", "type": "Multikey",
        "controller": "did:web:amy.example", "publicKeyMultibase": holder_key().public().multibase()}]);
    document["assertionMethod"] = json!([]);
    assert_eq!(outcome(&with(&document), "proof"), (Outcome::Passed, "proof_valid"));
}

#[test]
fn a_credential_is_not_signed_by_a_key_for_authentication() {
    let mut facts = facts();
    let mut document = did::web_document(ISSUER, &[("key-1", &key().public(), true)]);
    document["assertionMethod"] = json!([]);
    facts.documents.insert(DOCUMENT.into(), fetched(&document));
    let report = report(&signed(&presentation()), &facts, &expected());
    let check = &report.credentials[0].checks[2];
    assert_eq!((check.check.as_str(), check.code.as_str()), ("proof", "key_not_for_assertions"));
    assert_eq!(report.verdict, Verdict::Failed);
}

#[test]
fn one_bad_credential_spoils_the_whole() {
    let mut changed = credential();
    changed["name"] = json!("Something better");
    let both = presentation().credential(changed).unwrap();
    let report = report(&signed(&both), &facts(), &expected());
    let verdicts: Vec<Verdict> = report.credentials.iter().map(|report| report.verdict).collect();
    assert_eq!(verdicts, [Verdict::Verified, Verdict::Failed]);
    assert_eq!(report.verdict, Verdict::Failed);
}

#[test]
fn credentials_about_others_are_worth_knowing() {
    let mut credential = sample::credential(ISSUER);
    credential.credential_subject.id = Some("did:key:z6MkotherOther".into());
    let credential = sample::sign(credential.to_value(), METHOD);
    let presentation = presentation().credential(credential).unwrap();
    let report = report(&signed(&presentation), &facts(), &expected());
    assert_eq!(outcome(&report, "subjects"), (Outcome::Warning, "subject_not_holder"));
    assert_eq!(report.verdict, Verdict::Warning);
}

#[test]
fn credentials_in_envelopes_are_opened() {
    let mut credential = sample::credential(ISSUER);
    credential.credential_subject.id = Some(holder());
    let compact = jose::issue(&credential.to_value(), &KeyPair::from(key()), METHOD, Profile::Vc).unwrap();
    let with = |text: &str| {
        let presentation =
            Presentation::new().holder(&holder()).unwrap().enveloped("application/vc+jwt", text).unwrap();
        report(&signed(&presentation), &facts(), &expected())
    };
    let good = with(&compact);
    assert_eq!(good.verdict, Verdict::Verified, "{good:#?}");
    let (content, _) = compact.rsplit_once('.').unwrap();
    assert_eq!(with(&format!("{content}.AAAA")).verdict, Verdict::Failed);
    assert_eq!(with("nonsense").credentials[0].checks[0].code, "unknown_format");
    let naked = Presentation::new().to_value();
    let mut naked: Value = naked;
    naked["verifiableCredential"] = json!([{"@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential", "id": "data:application/vc,%7B%22a%22:1%7D"}]);
    let report = report(&naked, &facts(), &VerifierRequest::default());
    assert_eq!(report.credentials[0].checks[0].code, "envelope_malformed");
}

#[test]
fn hostile_presentations_are_refused_in_words() {
    let read = |bytes: &[u8]| check_presentation(bytes, &facts(), &expected()).report;
    for (bytes, code) in [
        (&b""[..], "unknown_format"),
        (b"a.b", "unknown_format"),
        (b"a.b.c", "not_a_presentation"),
        (b"a~", "not_a_presentation"),
        (b"\x84\x00", "not_a_presentation"),
        (b"{", "not_json"),
        (b"{\"a\":1,\"a\":2}", "not_json"),
    ] {
        assert_eq!(outcome(&read(bytes), "format"), (Outcome::Failed, code));
    }
    let mut many = Presentation::new().to_value();
    many["verifiableCredential"] = vec![json!({"type": "VerifiableCredential"}); 10_000].into();
    let many = report(&many, &facts(), &VerifierRequest::default());
    assert_eq!(outcome(&many, "schema"), (Outcome::Failed, "schema_invalid"));
    assert_eq!(many.credentials.len(), 64);
    for wrong in [json!(["eyJ.a.b"]), json!([1]), json!("x"), json!(null), json!([[]])] {
        let mut document = Presentation::new().to_value();
        document["verifiableCredential"] = wrong;
        let report = report(&document, &facts(), &VerifierRequest::default());
        assert_eq!(outcome(&report, "schema"), (Outcome::Failed, "schema_invalid"));
    }
}

/// The presentation in every form that is signed as a whole.
fn secured(document: &Value) -> [Envelope; 3] {
    let (key, method) =
        (KeyPair::from(holder_key()), format!("{0}#{1}", holder(), holder_key().public().multibase()));
    let mut counter = 0;
    let mut salts = || {
        counter += 1;
        [counter; 16]
    };
    let hidden = ["verifiableCredential[0]".parse().unwrap()];
    let options = Options { key_id: Some(&method), ..Options::new(Format::Presentation, &hidden) };
    [
        Envelope::Jws(jose::issue_presentation(document, &key, &method).unwrap()),
        Envelope::SdJwt(sd_jwt::issue(document, &key, &options, &mut salts).unwrap().to_string()),
        Envelope::Cose(cose::issue_presentation(document, &key, &method).unwrap()),
    ]
}

#[test]
fn presentations_signed_as_a_whole_are_checked_alike() {
    let mut document = presentation().to_value();
    document["nonce"] = json!("c-1");
    document["aud"] = json!("a.example");
    let mut mallory = document.clone();
    mallory["holder"] = json!(SigningKey::from_seed(&[9; 32]).did_key());
    for (secured, forged) in secured(&document).into_iter().zip(secured(&mallory)) {
        let enveloped = secured.envelop(Content::Presentation);
        let bytes = match &secured {
            Envelope::Jws(text) | Envelope::SdJwt(text) => text.clone().into_bytes(),
            Envelope::Cose(bytes) => bytes.clone(),
        };
        for input in [bytes, enveloped.to_string().into_bytes()] {
            let report = check_presentation(&input, &facts(), &expected()).report;
            assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
            assert_eq!(outcome(&report, "holder"), (Outcome::Passed, "holder_proven"));
            assert_eq!(report.credentials.len(), 1);
            for (challenge, domain, name) in
                [("c-2", "a.example", "challenge"), ("c-1", "b.example", "domain")]
            {
                let expected =
                    VerifierRequest { challenge: Some(challenge.into()), domain: Some(domain.into()) };
                let report = check_presentation(&input, &facts(), &expected).report;
                assert_eq!(report.verdict, Verdict::Failed);
                assert_eq!(outcome(&report, name).0, Outcome::Failed);
            }
            let mut changed = input.clone();
            let at = changed.len() / 2;
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(check_presentation(&changed, &facts(), &expected()).report.verdict, Verdict::Failed);
        }
        let forged = forged.envelop(Content::Presentation);
        let report = report(&forged, &facts(), &expected());
        assert_eq!(outcome(&report, "holder"), (Outcome::Failed, "holder_mismatch"));
        let credential = secured.envelop(Content::Credential);
        assert_eq!(
            check_presentation(credential.to_string().as_bytes(), &facts(), &expected()).report.verdict,
            Verdict::Failed
        );
    }
}

#[test]
fn proofs_are_checked_only_so_often() {
    let nodes: Vec<String> = (0..12).map(|number| format!("_:b{number}")).collect();
    let tangle = |node: &String| json!({"id": node, "e": nodes.iter().filter(|other| *other != node).collect::<Vec<_>>()});
    let method = format!("{}#{}", holder(), holder_key().public().multibase());
    let proof = json!({"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": method,
        "proofPurpose": "assertionMethod", "proofValue": format!("z{}", "3".repeat(87))});
    let hard = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", {"e": {"@id": "https://e.example/e", "@type": "@id"}}],
        "type": ["VerifiableCredential"],
        "issuer": holder(),
        "credentialSubject": nodes.iter().map(tangle).collect::<Vec<_>>(),
        "proof": vec![proof; 16],
    });
    let mut document = Presentation::new().to_value();
    document["verifiableCredential"] = vec![hard; 64].into();
    let report = report(&document, &facts(), &VerifierRequest::default());
    let codes: Vec<&str> = report.credentials.iter().map(|report| report.checks[2].code.as_str()).collect();
    assert_eq!(codes[..16], ["not_signable"; 16]);
    assert_eq!(codes[16..], ["too_many_inside"; 48]);
    assert_eq!(report.verdict, Verdict::Failed);
}
