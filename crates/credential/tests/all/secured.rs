//! The check of credentials in SD-JWT, COSE and envelopes: the same report as for all others.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_credential::check::{
    Examination, Facts, FetchOutcome, Outcome, Report, Verdict, VerifierRequest, check, check_presentation,
};
use cairn_credential::jose::{self, Content, Envelope, Profile};
use cairn_credential::key::KeyPair;
use cairn_credential::sd_jwt::{self, Format, KeyBinding, Options, SdJwt};
use cairn_credential::{bake, cose, did};
use serde_json::{Value, json};

use crate::sample::{ISSUER, METHOD, credential, facts, fetched, key, time};
use crate::sd_jwt::{holder, paths, salts, signed};

fn pair() -> KeyPair {
    KeyPair::from(key())
}

fn report(input: &[u8], facts: &Facts) -> Report {
    let Examination { report, wanted } = check(input, facts);
    assert_eq!(wanted, []);
    report
}

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let check = report.checks.iter().find(|check| check.check == name).unwrap();
    (check.outcome, check.code.as_str())
}

fn names(report: &Report) -> Vec<&str> {
    report.checks.iter().map(|check| check.check.as_str()).collect()
}

const ORDER: [&str; 7] = ["format", "schema", "proof", "issuer", "status", "dates", "subject"];

fn badge() -> Value {
    credential(ISSUER).to_value()
}

fn as_sd_jwt(claims: &Value, format: Format, hidden: &[&str]) -> SdJwt {
    let hidden = paths(hidden);
    let holder = holder().public();
    let options = Options { key_id: Some(METHOD), holder: Some(&holder), ..Options::new(format, &hidden) };
    sd_jwt::issue(claims, &pair(), &options, &mut salts()).unwrap()
}

/// With the holder's signature over what is shown.
fn bound(sd_jwt: &SdJwt) -> String {
    let binding =
        KeyBinding { audience: "https://verifier.example", nonce: "n", issued: time("2026-06-01T00:00:00Z") };
    sd_jwt.bind(&holder(), &binding).unwrap().to_string()
}

#[test]
fn every_form_gives_the_same_report() {
    let hidden = ["awardedDate", "credentialSubject.narrative", "evidence[0]"];
    let w3c = bound(&as_sd_jwt(&badge(), Format::Credential, &hidden));
    let claims = sd_jwt::with_type(&badge(), "https://badges.example.edu/types/badge").unwrap();
    let ietf = bound(&as_sd_jwt(&claims, Format::SdJwtVc, &hidden));
    let bytes = cose::issue(&badge(), &pair(), METHOD).unwrap();
    let jws = jose::issue(&badge(), &pair(), METHOD, Profile::Vc).unwrap();
    let envelope = |secured: Envelope| secured.envelop(Content::Credential).to_string().into_bytes();
    for (input, form, enveloped) in [
        (jws.clone().into_bytes(), "jws", None),
        (w3c.clone().into_bytes(), "sd_jwt", None),
        (format!("{ietf}\n").into_bytes(), "sd_jwt", None),
        (bytes.clone(), "cose", None),
        (bytes[1..].to_vec(), "cose", None),
        (cose::to_base64(&bytes).into_bytes(), "cose", None),
        (envelope(Envelope::Jws(jws)), "jws", Some(true)),
        (envelope(Envelope::SdJwt(w3c.clone())), "sd_jwt", Some(true)),
        (envelope(Envelope::Cose(bytes)), "cose", Some(true)),
        (bake::bake_svg("<svg/>", &w3c).unwrap().into_bytes(), "sd_jwt", None),
    ] {
        let found = report(&input, &facts());
        assert_eq!(found.verdict, Verdict::Verified, "{form} {found:#?}");
        assert_eq!(names(&found), ORDER);
        let detail = found.checks[0].detail.as_ref().unwrap();
        assert_eq!(
            (&detail["form"], detail.get("enveloped")),
            (&json!(form), enveloped.map(Value::from).as_ref())
        );
        assert_eq!(found.credential.clone().unwrap().achievement.as_deref(), Some("Data Stewardship"));
    }
}

/// What a context does to the content of a signature.
fn with_context(context: &Value) -> Vec<(&'static str, String)> {
    let mut claims = badge();
    claims["@context"].as_array_mut().unwrap().push(context.clone());
    let header = |typ: &str| json!({"alg": "EdDSA", "typ": typ, "cty": "vc", "kid": METHOD});
    vec![
        ("application/vc+jwt", signed(&header("vc+jwt"), &claims, &pair())),
        ("application/vc+sd-jwt", format!("{}~", signed(&header("vc+sd-jwt"), &claims, &pair()))),
    ]
}

/// Around a signature or inside it, a context is read as strictly as beside a proof: in an envelope that is
/// handed in, in one of a presentation, and in one of a record.
#[test]
fn contexts_inside_envelopes_are_checked() {
    let refused = [
        // another meaning for a protected term
        json!({"VerifiableCredential": "https://evil.example/Other"}),
        json!({"OpenBadgeCredential": "https://evil.example/Other"}),
        json!({"name": "https://evil.example/name"}),
        // a context within a context that belongs to no term
        json!({"@context": {"pits": "https://a.example/pits"}}),
        json!([1]),
    ];
    let proofs = |media: &str, text: &str| {
        let id = format!("data:{media},{text}");
        let envelope = json!({"@context": V2, "id": id, "type": "EnvelopedVerifiableCredential"});
        let presentation =
            json!({"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [envelope]});
        let record = json!({"@context": [V2], "type": ["VerifiableCredential", "ClrCredential"],
            "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": [envelope]}});
        let presented =
            check_presentation(presentation.to_string().as_bytes(), &facts(), &VerifierRequest::default());
        vec![
            ("bare", check(text.as_bytes(), &facts()).report),
            ("envelope", check(envelope.to_string().as_bytes(), &facts()).report),
            ("presentation", presented.report.credentials[0].clone()),
            ("record", check(record.to_string().as_bytes(), &facts()).report.inside()[0].clone()),
        ]
    };
    for context in &refused {
        for (media, text) in with_context(context) {
            for (place, report) in proofs(media, &text) {
                assert_eq!(report.verdict, Verdict::Failed, "{place} {media} {context}");
                assert_eq!(
                    outcome(&report, "proof"),
                    (Outcome::Failed, "not_signable"),
                    "{place} {media} {context}"
                );
            }
        }
    }
    // honest extensions are fine in all of them
    for (media, text) in with_context(&json!({"pits": "https://a.example/pits"})) {
        for (place, report) in proofs(media, &text) {
            assert_eq!(report.verdict, Verdict::Verified, "{place} {media} {report:#?}");
        }
    }
}

/// The envelope has one context, which says what an envelope is, and brings none of its own.
#[test]
fn an_envelope_brings_no_context_of_its_own() {
    let (media, text) = with_context(&json!({})).remove(0);
    let id = format!("data:{media},{text}");
    let code = |context: Value| {
        let envelope = json!({"@context": context, "id": id, "type": "EnvelopedVerifiableCredential"});
        let report = check(envelope.to_string().as_bytes(), &facts()).report;
        (report.verdict, report.checks[0].code.clone())
    };
    assert_eq!(code(json!(V2)), (Verdict::Verified, "readable".into()));
    for context in [
        json!([V2, {"id": "https://evil.example/id"}]),
        json!("https://other.example/v1"),
        json!([]),
        Value::Null,
    ] {
        assert_eq!(code(context.clone()), (Verdict::Failed, "envelope_malformed".into()), "{context}");
    }
}

const V2: &str = "https://www.w3.org/ns/credentials/v2";

#[test]
fn what_is_kept_back_is_not_checked() {
    let issued = as_sd_jwt(&badge(), Format::Credential, &["credentialSubject.achievement.name", "name"]);
    let summary = |sd_jwt: &SdJwt| report(bound(sd_jwt).as_bytes(), &facts());
    assert_eq!(summary(&issued).verdict, Verdict::Verified);
    let less = summary(&issued.present(&[]).unwrap());
    assert_eq!(outcome(&less, "proof"), (Outcome::Passed, "proof_valid"));
    // an Open Badge needs the name of its achievement: the reader is told that it was kept back
    assert_eq!(outcome(&less, "schema"), (Outcome::Warning, "partly_disclosed"));
    assert_eq!(less.credential.clone().unwrap().achievement, None);
}

#[test]
fn changed_forms_fail() {
    let text = as_sd_jwt(&badge(), Format::Credential, &["awardedDate", "evidence[0]"]).to_string();
    let proof = |input: &[u8]| {
        let found = report(input, &facts());
        assert_eq!(found.verdict, Verdict::Failed);
        found.checks.last().map(|_| found.checks[usize::from(found.checks.len() > 1) * 2].code.clone())
    };
    let (jwt, rest) = text.split_once('~').unwrap();
    let (header, rest_of_jwt) = jwt.split_once('.').unwrap();
    let (payload, signature) = rest_of_jwt.split_once('.').unwrap();
    let other = signature.replacen(|c: char| c != 'A', "A", 1);
    let changed = format!("{header}.{payload}.{other}~{rest}");
    assert_eq!(proof(changed.as_bytes()).as_deref(), Some("signature_invalid"));
    let stranger = as_sd_jwt(&badge(), Format::Credential, &["name"]).to_string();
    let stranger = stranger.split('~').nth(1).unwrap();
    assert_eq!(proof(format!("{text}{stranger}~").as_bytes()).as_deref(), Some("sd_jwt_malformed"));
    let mut bytes = cose::issue(&badge(), &pair(), METHOD).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(proof(&bytes).as_deref(), Some("signature_invalid"));
    bytes.pop();
    assert_eq!(proof(&bytes).as_deref(), Some("cose_malformed"));
    let envelope = json!({"@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,x"});
    assert_eq!(proof(envelope.to_string().as_bytes()).as_deref(), Some("envelope_malformed"));
    let presentation = json!({"@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"], "holder": ISSUER});
    let presentation = jose::issue_presentation(&presentation, &pair(), METHOD).unwrap();
    assert_eq!(proof(presentation.as_bytes()).as_deref(), Some("proof_malformed"));
}

#[test]
fn members_without_meaning_fail_in_the_w3c_forms() {
    let mut credential = badge();
    credential["madeUp"] = json!(1);
    let compact = signed(&json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": METHOD}), &credential, &pair());
    let found = report(compact.as_bytes(), &facts());
    assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "not_signable"));
    let mut expired = badge();
    expired["exp"] = json!(1_700_000_000);
    let compact = jose::issue(&expired, &pair(), METHOD, Profile::Vc).unwrap();
    let found = report(compact.as_bytes(), &facts());
    assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "proof_expired"));
}

#[test]
fn the_issuer_is_bound_in_every_form() {
    let mut credential = badge();
    credential["issuer"]["id"] = "did:web:other.example".into();
    let claims = sd_jwt::with_type(&credential, "x").unwrap();
    for input in [
        as_sd_jwt(&credential, Format::Credential, &[]).to_string().into_bytes(),
        as_sd_jwt(&claims, Format::SdJwtVc, &[]).to_string().into_bytes(),
        cose::issue(&credential, &pair(), METHOD).unwrap(),
    ] {
        let found = report(&input, &facts());
        assert_eq!(outcome(&found, "issuer"), (Outcome::Failed, "issuer_mismatch"), "{found:#?}");
    }
    let mut contradicting = sd_jwt::with_type(&badge(), "x").unwrap();
    contradicting["iss"] = "did:web:other.example".into();
    let found = report(as_sd_jwt(&contradicting, Format::SdJwtVc, &[]).to_string().as_bytes(), &facts());
    assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "jws_claims"));
}

#[test]
fn a_holders_signature_needs_a_holder() {
    let options = Options { key_id: Some(METHOD), ..Options::new(Format::Credential, &[]) };
    let issued = sd_jwt::issue(&badge(), &pair(), &options, &mut salts()).unwrap();
    let binding = KeyBinding { audience: "a", nonce: "n", issued: time("2026-06-01T00:00:00Z") };
    let bound = issued.bind(&holder(), &binding).unwrap().to_string();
    let found = report(bound.as_bytes(), &facts());
    assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "key_binding_invalid"));
}

#[test]
fn the_holders_signature_is_checked_as_far_as_it_can_be() {
    let issued = as_sd_jwt(&badge(), Format::Credential, &["awardedDate", "name"]);
    let binding =
        KeyBinding { audience: "https://verifier.example", nonce: "n", issued: time("2026-06-01T00:00:00Z") };
    let bound = issued.present(&paths(&["name"])).unwrap().bind(&holder(), &binding).unwrap().to_string();
    let found = report(bound.as_bytes(), &facts());
    assert_eq!(found.verdict, Verdict::Verified, "{found:#?}");
    let detail = found.checks[2].detail.as_ref().unwrap();
    assert_eq!(detail["holder"], holder().public().thumbprint());
    let all = issued.to_string();
    let moved = format!("{all}{}", bound.rsplit_once('~').unwrap().1);
    assert_eq!(
        outcome(&report(moved.as_bytes(), &facts()), "proof"),
        (Outcome::Failed, "key_binding_invalid")
    );
}

const WEB_ISSUER: &str = "https://issuer.example/a";
const METADATA: &str = "https://issuer.example/.well-known/jwt-vc-issuer/a";
const TOKENS: &str = "https://issuer.example/lists/1";

fn pure() -> Value {
    json!({
        "vct": "https://issuer.example/types/course",
        "iss": WEB_ISSUER,
        "nbf": 1_767_225_600,
        "exp": 1_924_992_000,
        "course": "Soils",
        "status": {"status_list": {"idx": 5, "uri": TOKENS}},
    })
}

fn issue_pure(claims: &Value, key_id: &str) -> String {
    let hidden = paths(&["course"]);
    let holder = holder().public();
    let options =
        Options { key_id: Some(key_id), holder: Some(&holder), ..Options::new(Format::SdJwtVc, &hidden) };
    bound(&sd_jwt::issue(claims, &pair(), &options, &mut salts()).unwrap())
}

fn token_list(status: u8, change: fn(&mut Value)) -> FetchOutcome {
    // two bits to an entry, the first in the lowest bits: entry 5 is in the second byte
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&[0xff, status << 2, 0]).unwrap();
    let packed = URL_SAFE_NO_PAD.encode(encoder.finish().unwrap());
    let mut payload = json!({"sub": TOKENS, "iat": 1_767_225_600, "status_list": {"bits": 2, "lst": packed}});
    change(&mut payload);
    let header = json!({"alg": "EdDSA", "typ": "statuslist+jwt", "kid": "key-1"});
    FetchOutcome::here(signed(&header, &payload, &pair()).into_bytes())
}

fn pure_facts() -> Facts {
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let mut jwk = pair().public().jwk();
    jwk["kid"] = "key-1".into();
    let metadata = json!({"issuer": WEB_ISSUER, "jwks": {"keys": [holder().public().jwk(), jwk]}});
    facts.documents.insert(METADATA.into(), fetched(&metadata));
    facts.documents.insert(TOKENS.into(), token_list(0, |_| ()));
    facts
}

#[test]
fn a_credential_of_sd_jwt_vc_is_checked_by_its_claims() {
    let text = issue_pure(&pure(), "key-1");
    let found = report(text.as_bytes(), &pure_facts());
    assert_eq!(found.verdict, Verdict::Verified, "{found:#?}");
    assert_eq!(names(&found), ORDER);
    assert_eq!(outcome(&found, "schema"), (Outcome::Passed, "sd_jwt_vc_valid"));
    assert_eq!(outcome(&found, "issuer"), (Outcome::Passed, "issuer_domain"));
    let summary = found.credential.clone().unwrap();
    assert_eq!(summary.issuer_id.as_deref(), Some(WEB_ISSUER));
    assert_eq!(summary.types, ["https://issuer.example/types/course"]);
    assert_eq!(summary.valid_until.as_deref(), Some("2031-01-01T00:00:00Z"));

    let Examination { report: nothing, wanted } =
        check(text.as_bytes(), &Facts::new(time("2026-06-01T00:00:00Z")));
    assert_eq!(nothing.verdict, Verdict::Unknown);
    assert_eq!(wanted.iter().map(|wanted| wanted.url.as_str()).collect::<Vec<_>>(), [METADATA, TOKENS]);
}

#[test]
fn the_claims_of_sd_jwt_vc_count() {
    let code = |change: fn(&mut Value), name: &str| {
        let mut claims = pure();
        change(&mut claims);
        let found = report(issue_pure(&claims, "key-1").as_bytes(), &pure_facts());
        let (outcome, code) = outcome(&found, name);
        (outcome, code.to_owned())
    };
    let failed = |code: &str| (Outcome::Failed, code.to_owned());
    assert_eq!(code(|claims| claims["exp"] = 1_767_225_601.into(), "dates"), failed("expired"));
    assert_eq!(code(|claims| claims["exp"] = 1_767_225_601.into(), "proof"), failed("proof_expired"));
    assert_eq!(code(|claims| claims["nbf"] = 1_924_992_000.into(), "dates"), failed("not_yet_valid"));
    assert_eq!(
        code(|claims| claims["status"] = json!({"status_list": {"idx": -1}}), "status").0,
        Outcome::Failed
    );
    assert_eq!(code(|claims| claims["status"] = json!({"other": {}}), "status").0, Outcome::Unknown);
    let without = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove("status"));
    assert_eq!(code(without, "status"), (Outcome::Passed, "no_status".to_owned()));
    let unnamed = json!({"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": "key-1"});
    let mut claims = pure();
    claims.as_object_mut().unwrap().remove("vct");
    let found = report(format!("{}~", signed(&unnamed, &claims, &pair())).as_bytes(), &pure_facts());
    assert_eq!(outcome(&found, "schema"), (Outcome::Failed, "schema_invalid"));
    assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "proof_malformed"));
}

#[test]
fn token_status_lists_are_read() {
    let text = issue_pure(&pure(), "key-1");
    let status = |list: FetchOutcome| {
        let mut facts = pure_facts();
        facts.documents.insert(TOKENS.into(), list);
        let found = report(text.as_bytes(), &facts);
        let (outcome, code) = outcome(&found, "status");
        (outcome, code.to_owned())
    };
    let want = |outcome, code: &str| (outcome, code.to_owned());
    assert_eq!(status(token_list(0, |_| ())), want(Outcome::Passed, "in_force"));
    assert_eq!(status(token_list(1, |_| ())), want(Outcome::Failed, "revoked"));
    assert_eq!(status(token_list(2, |_| ())), want(Outcome::Failed, "suspended"));
    assert_eq!(status(token_list(3, |_| ())), want(Outcome::Unknown, "status_purpose_unknown"));
    let other = token_list(0, |payload| payload["sub"] = "https://issuer.example/lists/2".into());
    assert_eq!(status(other), want(Outcome::Failed, "STATUS_VERIFICATION_ERROR"));
    let old = token_list(0, |payload| payload["exp"] = 1_767_225_601.into());
    assert_eq!(status(old), want(Outcome::Unknown, "status_list_out_of_date"));
    let odd = token_list(0, |payload| payload["status_list"]["bits"] = 3.into());
    assert_eq!(status(odd), want(Outcome::Failed, "RANGE_ERROR"));
    // a list with a key of its own, or with none, is nobody's
    for header in [
        json!({"alg": "ES256", "typ": "statuslist+jwt", "jwk": holder().public().jwk()}),
        json!({"alg": "ES256", "typ": "statuslist+jwt"}),
        json!({"alg": "ES256", "typ": "JWT", "kid": "key-1"}),
    ] {
        let payload = json!({"sub": TOKENS, "iat": 1, "status_list": {"bits": 1, "lst": "eJzbuRgAAhcBXQ"}});
        let foreign = FetchOutcome::here(signed(&header, &payload, &holder()).into_bytes());
        assert_eq!(status(foreign), want(Outcome::Failed, "STATUS_VERIFICATION_ERROR"));
    }
    let refused = FetchOutcome::Refused("it is not there".into());
    assert_eq!(status(refused), want(Outcome::Unknown, "STATUS_RETRIEVAL_ERROR"));
    let nonsense = FetchOutcome::here(b"nonsense".to_vec());
    assert_eq!(status(nonsense), want(Outcome::Unknown, "STATUS_RETRIEVAL_ERROR"));
}

#[test]
fn keys_without_an_address_are_the_issuers() {
    let proof = |claims: &Value, key_id: &str, facts: &Facts| {
        let found = report(issue_pure(claims, key_id).as_bytes(), facts);
        let (outcome, code) = outcome(&found, "proof");
        (outcome, code.to_owned())
    };
    let passed = (Outcome::Passed, "proof_valid".to_owned());
    assert_eq!(proof(&pure(), "key-1", &pure_facts()), passed);
    let unlisted = (Outcome::Failed, "key_not_listed".to_owned());
    assert_eq!(proof(&pure(), "key-2", &pure_facts()), unlisted);
    let mut facts = pure_facts();
    facts.documents.insert(METADATA.into(), fetched(&json!({"issuer": "https://other.example", "jwks": {}})));
    assert_eq!(proof(&pure(), "key-1", &facts), (Outcome::Failed, "key_document_mismatch".to_owned()));
    let uri = "https://issuer.example/keys";
    let mut jwk = pair().public().jwk();
    jwk["kid"] = "key-1".into();
    facts.documents.insert(METADATA.into(), fetched(&json!({"issuer": WEB_ISSUER, "jwks_uri": uri})));
    facts.documents.insert(uri.into(), fetched(&json!({"keys": [jwk]})));
    assert_eq!(proof(&pure(), "key-1", &facts), passed);
    // a DID has its keys in its own document
    for (issuer, key_id) in
        [(ISSUER.to_owned(), "key-1"), (ISSUER.to_owned(), "#key-1"), (did::jwk_did(&pair().public()), "#0")]
    {
        let mut claims = pure();
        claims["iss"] = issuer.into();
        claims.as_object_mut().unwrap().remove("status");
        assert_eq!(proof(&claims, key_id, &crate::sample::facts()), passed);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    /// Whatever is done to a credential, there is a report, and what verifies still says the same.
    #[test]
    fn broken_forms_never_panic(
        form in 0..4_usize,
        at in 0.0..1.0_f64,
        with in proptest::collection::vec(proptest::num::u8::ANY, 0..40),
        cut in 0..40_usize,
    ) {
        let inputs = broken();
        let mut input = inputs[form].clone();
        let start = (input.len() as f64 * at) as usize;
        let end = (start + cut).min(input.len());
        input.splice(start..end, with);
        let facts = facts();
        let found = check(&input, &facts).report;
        if found.verdict == Verdict::Verified {
            proptest::prop_assert_eq!(found.credential.clone(), check(&inputs[form], &facts).report.credential.clone());
        }
    }
}

fn broken() -> &'static [Vec<u8>; 4] {
    static INPUTS: std::sync::OnceLock<[Vec<u8>; 4]> = std::sync::OnceLock::new();
    INPUTS.get_or_init(|| {
        let claims = sd_jwt::with_type(&badge(), "x").unwrap();
        let hidden = ["awardedDate", "evidence[0]"];
        [
            jose::issue(&badge(), &pair(), METHOD, Profile::Vc).unwrap().into_bytes(),
            as_sd_jwt(&badge(), Format::Credential, &hidden).to_string().into_bytes(),
            as_sd_jwt(&claims, Format::SdJwtVc, &hidden).to_string().into_bytes(),
            cose::issue(&badge(), &pair(), METHOD).unwrap(),
        ]
    })
}
