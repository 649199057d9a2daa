//! What no holder may keep back: issuer, dates, status and whose it is; and what a verifier says when they
//! could be kept back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_credential::check::{Facts, FetchOutcome, Outcome, Report, Verdict, check};
use cairn_credential::key::KeyPair;
use cairn_credential::sd_jwt::{self, Format, KeyBinding, Options, SdJwt, SdJwtError};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::sample::{ISSUER, METHOD, credential, facts, fetched, key, time};
use crate::sd_jwt::{holder, paths, salts, signed};

const WEB_ISSUER: &str = "https://issuer.example/a";
const TOKENS: &str = "https://issuer.example/lists/1";
const METADATA: &str = "https://issuer.example/.well-known/jwt-vc-issuer/a";

fn pair() -> KeyPair {
    KeyPair::from(key())
}

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let check = report.checks.iter().find(|check| check.check == name).unwrap();
    (check.outcome, check.code.as_str())
}

/// A badge with an end, a status and a subject with an id.
fn badge() -> Value {
    let mut badge = credential(ISSUER).to_value();
    badge["credentialSubject"]["id"] = "did:example:amy".into();
    badge["validUntil"] = "2031-01-01T00:00:00Z".into();
    badge
}

fn course() -> Value {
    json!({
        "vct": "https://issuer.example/types/course",
        "iss": WEB_ISSUER,
        "sub": "urn:amy",
        "nbf": 1_767_225_600,
        "exp": 1_924_992_000,
        "course": "Soils",
    })
}

fn course_facts() -> Facts {
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let mut jwk = pair().public().jwk();
    jwk["kid"] = "key-1".into();
    facts.documents.insert(METADATA.into(), fetched(&json!({"issuer": WEB_ISSUER, "jwks": {"keys": [jwk]}})));
    facts
}

/// One way to write a credential, and how it is verified.
struct Kind {
    format: Format,
    header: Value,
    claims: Value,
    facts: Facts,
}

fn kinds() -> [Kind; 2] {
    [
        Kind {
            format: Format::Credential,
            header: json!({"alg": "EdDSA", "typ": "vc+sd-jwt", "cty": "vc", "kid": METHOD}),
            claims: badge(),
            facts: facts(),
        },
        Kind {
            format: Format::SdJwtVc,
            header: json!({"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": "key-1"}),
            claims: course(),
            facts: course_facts(),
        },
    ]
}

impl Kind {
    fn report(&self, text: &str) -> Report {
        check(text.as_bytes(), &self.facts).report
    }

    /// As an issuer without our rules would write it.
    fn written(&self, claims: &Value, disclosures: &[&str]) -> String {
        format!("{}~{}", signed(&self.header, claims, &pair()), disclosures.concat())
    }
}

/// With a claim at the top turned into a digest; also its disclosure, with the "~" after it.
fn hiding(claims: &Value, name: &str) -> (Value, String) {
    let mut claims = claims.clone();
    let value = claims.as_object_mut().unwrap().shift_remove(name).unwrap();
    let (text, digest) = disclosure(&json!(["salt", name, value]));
    if !claims["_sd"].is_array() {
        claims["_sd"] = json!([]);
    }
    claims["_sd"].as_array_mut().unwrap().push(digest.into());
    (claims, text)
}

fn disclosure(parts: &Value) -> (String, String) {
    let text = URL_SAFE_NO_PAD.encode(parts.to_string());
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(&text));
    (format!("{text}~"), digest)
}

fn without(claims: &Value, names: &[&str]) -> Value {
    let mut claims = claims.clone();
    for name in names {
        claims.as_object_mut().unwrap().shift_remove(*name);
    }
    claims
}

fn holder_jwk() -> Value {
    json!({"jwk": holder().public().jwk()})
}

#[test]
fn what_verifiers_always_need_is_not_issued_as_selective() {
    let refused = |claims: &Value, format, path: &str, name: &str| {
        let hidden = paths(&[path]);
        let issued = sd_jwt::issue(claims, &pair(), &Options::new(format, &hidden), &mut salts());
        assert_eq!(issued.unwrap_err(), SdJwtError::AlwaysVisible(name.into()), "{path}");
    };
    let [w3c, ietf] = kinds();
    for name in ["@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus"] {
        refused(&w3c.claims, w3c.format, name, name);
    }
    refused(&w3c.claims, w3c.format, "issuer.id", "issuer.id");
    refused(&w3c.claims, w3c.format, "credentialSubject", "credentialSubject.id");
    refused(&w3c.claims, w3c.format, "credentialSubject.id", "credentialSubject.id");
    let mut two = w3c.claims.clone();
    two["credentialSubject"] = json!([{"type": ["AchievementSubject"]}, two["credentialSubject"]]);
    refused(&two, w3c.format, "credentialSubject[1]", "credentialSubject[1].id");
    refused(&two, w3c.format, "credentialSubject[1].id", "credentialSubject[1].id");
    refused(&two, w3c.format, "credentialSubject", "credentialSubject.id");
    let mut full = ietf.claims.clone();
    full["iat"] = 1_767_225_600.into();
    full["status"] = json!({"status_list": {"idx": 1, "uri": "https://issuer.example/l"}});
    full["cnf"] = holder_jwk();
    for name in ["iss", "nbf", "exp", "iat", "vct"] {
        refused(&full, ietf.format, name, name);
    }
    for path in ["cnf", "cnf.jwk", "status", "status.status_list", "status.status_list.idx"] {
        refused(&full, ietf.format, path, path);
    }
    // a W3C credential that is an SD-JWT VC too has both sets of names
    let both = sd_jwt::with_type(&w3c.claims, "https://a.example/t").unwrap();
    for name in ["exp", "validUntil", "credentialStatus", "id"] {
        refused(&both, Format::SdJwtVc, name, name);
    }
}

#[test]
fn such_a_claim_from_a_disclosure_is_refused_by_name() {
    let [w3c, ietf] = kinds();
    let w3c_names = ["id", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSubject"];
    for (kind, names) in
        [(&w3c, &w3c_names[..]), (&ietf, &["nbf", "exp", "vct"]), (&ietf, &["status", "cnf"])]
    {
        for name in names {
            let mut claims = kind.claims.clone();
            for (more, value) in [("status", json!({})), ("cnf", holder_jwk())] {
                if more == *name {
                    claims[more] = value;
                }
            }
            let (claims, text) = hiding(&claims, name);
            let report = kind.report(&kind.written(&claims, &[&text]));
            assert_eq!(report.verdict, Verdict::Failed, "{name}");
            assert_eq!(outcome(&report, "proof"), (Outcome::Failed, "claim_selective"), "{name}");
            let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
            assert!(proof.message.contains(name), "{}", proof.message);
        }
    }
    // and of SD-JWT VC in a W3C credential
    for name in ["exp", "iat", "cnf"] {
        let mut claims = w3c.claims.clone();
        claims[name] = if name == "cnf" { holder_jwk() } else { 1_924_992_000.into() };
        let (claims, text) = hiding(&claims, name);
        let report = w3c.report(&w3c.written(&claims, &[&text]));
        assert_eq!(outcome(&report, "proof"), (Outcome::Failed, "claim_selective"), "{name}");
    }
}

/// SD-JWT VC, 2.2.2.2: what it registers is never selective, but for `sub` and `iat`.
#[test]
fn each_registered_claim_may_be_selective_or_not() {
    let [_, ietf] = kinds();
    let mut full = ietf.claims.clone();
    full["iat"] = 1_767_225_600.into();
    full["status"] = json!({});
    full["cnf"] = holder_jwk();
    full["vct#integrity"] = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".into();
    full["aka_vcts"] = json!(["https://issuer.example/types/other"]);
    for name in ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"] {
        let (claims, text) = hiding(&full, name);
        let read = SdJwt::parse(&ietf.written(&claims, &[&text])).unwrap();
        let refused = read.verify(&pair().public(), ietf.format).unwrap_err();
        assert_eq!(refused, SdJwtError::AlwaysVisible(name.into()));
    }
    for name in ["sub", "iat"] {
        let mut claims = ietf.claims.clone();
        claims["iat"] = 1_767_225_600.into();
        let (claims, text) = hiding(&claims, name);
        let report = ietf.report(&ietf.written(&claims, &[&text]));
        assert_eq!(report.verdict, Verdict::Verified, "{name}: {report:#?}");
    }
}

/// Whoever keeps back when it was issued gains nothing: a key that has ended does not count then.
#[test]
fn a_key_that_has_ended_needs_the_instant_of_issue() {
    const DID: &str = "did:web:issuer.example";
    let mut claims = without(&course(), &["iss"]);
    claims["iss"] = DID.into();
    claims["iat"] = 1_767_225_600.into();
    let method = format!("{DID}#k");
    let mut facts = Facts::new(time("2026-06-01T00:00:00Z"));
    let key = json!({"id": method, "type": "Multikey", "controller": DID,
        "publicKeyMultibase": pair().public().multibase(), "revoked": "2026-03-01T00:00:00Z"});
    let document = json!({"id": DID, "verificationMethod": [key], "assertionMethod": [method]});
    facts.documents.insert("https://issuer.example/.well-known/did.json".into(), fetched(&document));
    let header = json!({"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": method});
    let kind = Kind { format: Format::SdJwtVc, header, claims, facts };
    let (claims, text) = hiding(&kind.claims, "iat");
    let report = kind.report(&kind.written(&claims, &[&text]));
    assert_eq!(outcome(&report, "proof"), (Outcome::Passed, "proof_valid"));
    let report = kind.report(&kind.written(&claims, &[]));
    assert_eq!(outcome(&report, "proof"), (Outcome::Failed, "key_ended"));
}

#[test]
fn such_a_claim_inside_another_is_refused_by_name() {
    let [w3c, _] = kinds();
    let code = |claims: &Value, texts: &[&str]| {
        let report = w3c.report(&w3c.written(claims, texts));
        let (outcome, code) = outcome(&report, "proof");
        (outcome, code.to_owned())
    };
    let refused = (Outcome::Failed, "claim_selective".to_owned());
    for (outer, name) in
        [("issuer", "id"), ("credentialSubject", "id"), ("credentialStatus", "statusListIndex")]
    {
        let mut claims = w3c.claims.clone();
        if claims[outer].get(name).is_none() {
            claims[outer] = json!({"id": claims[outer], "type": "Thing", name: "1"});
        }
        let value = claims[outer].as_object_mut().unwrap().shift_remove(name).unwrap();
        let (text, digest) = disclosure(&json!(["salt", name, value]));
        claims[outer]["_sd"] = json!([digest]);
        assert_eq!(code(&claims, &[&text]), refused, "{outer}.{name}");
        // the digest itself in a disclosed object
        if outer != "credentialStatus" {
            let (claims, whole) = hiding(&claims, outer);
            assert_eq!(code(&claims, &[&whole, &text]), refused, "{outer}.{name}");
        }
    }
    // an element of a list of entries
    let mut claims = w3c.claims.clone();
    let (text, digest) = disclosure(&json!(["salt", claims["credentialStatus"]]));
    claims["credentialStatus"] = json!([{"...": digest}]);
    assert_eq!(code(&claims, &[&text]), refused);
    // what may be selective still is
    let mut claims = w3c.claims.clone();
    let (text, digest) = disclosure(&json!(["salt", "narrative", "Dug."]));
    claims["credentialSubject"].as_object_mut().unwrap().shift_remove("narrative");
    claims["credentialSubject"]["_sd"] = json!([digest]);
    let report = w3c.report(&w3c.written(&claims, &[&text]));
    assert_eq!(report.verdict, Verdict::Verified, "{report:#?}");
    assert_eq!(
        w3c.report(&w3c.written(&claims, &[])).verdict,
        Verdict::Verified,
        "nested digests hide no end"
    );
}

#[test]
fn an_end_that_could_be_kept_back_is_a_warning() {
    for kind in kinds() {
        let (end, name) = match kind.format {
            Format::SdJwtVc => ("exp", "course"),
            Format::Credential | Format::Presentation => ("validUntil", "name"),
        };
        // the holder of a credential with a selective end, or one with a decoy, or with another claim kept back
        let (kept_back, _) = hiding(&kind.claims, end);
        let mut decoy = without(&kind.claims, &[end]);
        decoy["_sd"] = json!([URL_SAFE_NO_PAD.encode([7; 32])]);
        let (other, text) = hiding(&without(&kind.claims, &[end]), name);
        for claims in [&kept_back, &decoy, &other] {
            let report = kind.report(&kind.written(claims, &[]));
            assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
            assert_eq!(outcome(&report, "dates"), (Outcome::Warning, "end_not_shown"));
        }
        // everything shown: there is no end
        let report = kind.report(&kind.written(&other, &[&text]));
        assert_eq!(outcome(&report, "dates"), (Outcome::Passed, "in_force"));
        // an end that is shown counts, whatever else is kept back
        let (claims, _) = hiding(&kind.claims, name);
        let report = kind.report(&kind.written(&claims, &[]));
        assert_eq!(outcome(&report, "dates"), (Outcome::Passed, "in_force"));
    }
}

#[test]
fn an_end_of_the_signature_is_not_the_end_of_a_w3c_credential() {
    let [w3c, _] = kinds();
    let (mut claims, _) = hiding(&w3c.claims, "validUntil");
    claims["exp"] = 1_924_992_000.into();
    let report = w3c.report(&w3c.written(&claims, &[]));
    assert_eq!(outcome(&report, "dates"), (Outcome::Warning, "end_not_shown"));
}

#[test]
fn a_status_that_could_be_kept_back_is_a_warning() {
    for kind in kinds() {
        let (status, name) = match kind.format {
            Format::SdJwtVc => ("status", "course"),
            Format::Credential | Format::Presentation => ("credentialStatus", "name"),
        };
        let plain = without(&kind.claims, &[status]);
        let (claims, text) = hiding(&plain, name);
        let report = kind.report(&kind.written(&claims, &[]));
        assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
        assert_eq!(outcome(&report, "status"), (Outcome::Warning, "status_not_shown"));
        let report = kind.report(&kind.written(&claims, &[&text]));
        assert_eq!(outcome(&report, "status"), (Outcome::Passed, "no_status"));
    }
    // one entry of several kept back
    let [w3c, _] = kinds();
    let mut claims = w3c.claims.clone();
    let report = w3c.report(&w3c.written(&claims, &[]));
    assert_eq!(outcome(&report, "status"), (Outcome::Passed, "in_force"));
    claims["credentialStatus"] =
        json!([claims["credentialStatus"], {"...": URL_SAFE_NO_PAD.encode([7; 32])}]);
    let report = w3c.report(&w3c.written(&claims, &[]));
    assert_eq!(outcome(&report, "status"), (Outcome::Warning, "status_not_shown"));
}

#[test]
fn both_kinds_of_status_are_looked_at() {
    let [mut w3c, _] = kinds();
    let mut claims = w3c.claims.clone();
    claims["status"] = json!({"status_list": {"idx": 5, "uri": TOKENS}});
    w3c.facts.documents.insert(TOKENS.into(), FetchOutcome::Refused("gone".into()));
    let report = w3c.report(&w3c.written(&claims, &[]));
    assert_eq!(outcome(&report, "status"), (Outcome::Unknown, "STATUS_RETRIEVAL_ERROR"));
}

#[test]
fn a_binding_that_nobody_proves_is_a_warning() {
    let binding = |issued| KeyBinding { audience: "a", nonce: "n", issued: time(issued) };
    for kind in kinds() {
        let mut claims = kind.claims.clone();
        claims["cnf"] = holder_jwk();
        let text = kind.written(&claims, &[]);
        let report = kind.report(&text);
        assert_eq!(report.verdict, Verdict::Warning, "{report:#?}");
        assert_eq!(outcome(&report, "subject"), (Outcome::Warning, "holder_not_shown"));
        let bind = |issued| {
            let bound = SdJwt::parse(&text).unwrap().bind(&holder(), &binding(issued)).unwrap();
            kind.report(&bound.to_string())
        };
        let now = bind("2026-06-01T00:00:00Z");
        assert_eq!(now.verdict, Verdict::Verified, "{now:#?}");
        assert_eq!(outcome(&now, "subject"), (Outcome::Passed, "subject_present"));
        let later = bind("2026-06-02T00:00:00Z");
        assert_eq!(outcome(&later, "proof"), (Outcome::Failed, "key_binding_invalid"));
        // a binding may be kept back too
        let (claims, _) = hiding(&claims, "cnf");
        let report = kind.report(&kind.written(&claims, &[]));
        assert_eq!(outcome(&report, "subject"), (Outcome::Warning, "binding_not_shown"));
    }
}

#[test]
fn a_holders_signature_says_for_whom_and_when() {
    let [_, ietf] = kinds();
    let mut claims = ietf.claims.clone();
    claims["cnf"] = holder_jwk();
    let unbound = ietf.written(&claims, &[]);
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&unbound));
    let right = json!({"iat": 1_780_000_000, "aud": "a", "nonce": "n", "sd_hash": hash});
    let code = |payload: &Value| {
        let binding = signed(&json!({"alg": "ES256", "typ": "kb+jwt"}), payload, &holder());
        outcome(&ietf.report(&format!("{unbound}{binding}")), "proof").1.to_owned()
    };
    assert_eq!(code(&right), "proof_valid");
    for name in ["iat", "aud", "nonce", "sd_hash"] {
        assert_eq!(code(&without(&right, &[name])), "key_binding_invalid", "{name}");
    }
}

#[test]
fn odd_digests_and_disclosures_are_refused() {
    let [w3c, ietf] = kinds();
    for kind in [&w3c, &ietf] {
        let (end, name) = match kind.format {
            Format::SdJwtVc => ("exp", "course"),
            Format::Credential | Format::Presentation => ("validUntil", "name"),
        };
        let format = |claims: &Value, texts: &[&str]| {
            let report = kind.report(&kind.written(claims, texts));
            assert_eq!(report.verdict, Verdict::Failed);
            outcome(&report, "format").1.to_owned()
        };
        // an end that is plain and disclosed: neither wins
        let (mut claims, text) = hiding(&kind.claims, end);
        claims[end] = kind.claims[end].clone();
        assert_eq!(format(&claims, &[&text]), "sd_jwt_malformed");
        // two disclosures of one name, or one twice
        let (claims, first) = hiding(&kind.claims, name);
        let (claims, second) = hiding(
            &{
                let mut c = claims;
                c[name] = "Other".into();
                c
            },
            name,
        );
        assert_eq!(format(&claims, &[&first, &second]), "sd_jwt_malformed");
        assert_eq!(format(&claims, &[&first, &first]), "sd_jwt_malformed");
        // names of the mechanism itself
        for name in ["_sd", "...", "_sd_alg"] {
            let (text, digest) = disclosure(&json!(["salt", name, "sha-256"]));
            let mut claims = kind.claims.clone();
            claims["_sd"] = json!([digest]);
            assert_eq!(format(&claims, &[&text]), "sd_jwt_malformed", "{name}");
        }
        let mut claims = kind.claims.clone();
        claims["_sd_alg"] = "md5".into();
        assert_eq!(format(&claims, &[]), "sd_jwt_malformed");
    }
}
