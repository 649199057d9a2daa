//! The inputs of the W3C test suite for VC Data Model 2.0: what is to be accepted, and what refused.

use cairn_credential::check::{Check, Facts, Outcome, Verdict, VerifierRequest, check, check_presentation};
use cairn_credential::presentation::Presentation;
use cairn_credential::proof::{self, ProofOptions};
use serde_json::{Value, json};

use crate::sample::{key, time};
use crate::shared;

/// The DID the suite's inputs have where a run of it puts that of the key under test.
const PLACEHOLDER: &str = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj";

fn method() -> String {
    format!("{}#{}", key().did_key(), key().public().multibase())
}

fn facts() -> Facts {
    Facts::new(time("2026-06-01T00:00:00Z"))
}

/// An error if one of these checks failed.
fn judge(checks: &[Check], names: &[&str]) -> Result<(), String> {
    for check in checks {
        if names.contains(&check.check.as_str()) && check.outcome == Outcome::Failed {
            return Err(format!("{} {}", check.code, check.message));
        }
    }
    Ok(())
}

/// Ok if the credential can be signed and its shape is right.
fn accepted(mut document: Value) -> Result<(), String> {
    let method = method();
    let options = ProofOptions::new(&method, time("2026-01-01T00:00:00Z"));
    if let Some(map) = document.as_object_mut() {
        map.shift_remove("proof");
    }
    proof::sign(&mut document, &key(), &options).map_err(|error| error.to_string())?;
    let report = check(document.to_string().as_bytes(), &facts()).report;
    judge(&report.checks, &["format", "schema", "proof"])
}

/// Ok if the presentation can be signed and its shape, and that of the credentials in it, is right.
fn presentable(mut document: Value) -> Result<(), String> {
    let method = method();
    let options = ProofOptions::authentication(&method, time("2026-01-01T00:00:00Z"), "c", "a.example");
    proof::sign(&mut document, &key(), &options).map_err(|error| error.to_string())?;
    let expected = VerifierRequest { challenge: Some("c".into()), domain: Some("a.example".into()) };
    let report = check_presentation(document.to_string().as_bytes(), &facts(), &expected).report;
    judge(&report.checks, &["format", "schema", "proof", "challenge", "domain"])?;
    report.credentials.iter().try_for_each(|report| judge(&report.checks, &["schema"]))
}

/// The suite puts the issuer under test into its inputs, unless the issuer is what is wrong with them,
/// and dates where they say so.
fn fill_in(document: Value, name: &str) -> Value {
    let text = document.to_string().replace("PAST DATE", "2020-01-01T00:00:00Z");
    let mut document: Value =
        serde_json::from_str(&text.replace("FUTURE DATE", "2040-01-01T00:00:00Z")).unwrap();
    if name.contains("no-issuer")
        || name.contains("issuer-null")
        || name.contains("-id-") && name.contains("issuer-object")
    {
        return document;
    }
    match document.get_mut("issuer") {
        None => document["issuer"] = key().did_key().into(),
        Some(Value::Object(issuer)) if !issuer.contains_key("id") => {
            issuer.insert("id".into(), key().did_key().into());
        }
        Some(_) => {}
    }
    document
}

#[test]
fn inputs_of_the_data_models_test_suite() {
    let Some(vectors) = shared::vectors() else { return };
    let mut seen = 0;
    let mut wrong = Vec::new();
    for folder in ["vcdm2-input", "vcdm2-input/names-and-descriptions"] {
        for entry in std::fs::read_dir(vectors.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if !path.is_file() || name.contains("-self-asserted-") || name == "validVc.json" {
                continue;
            }
            let good = name.ends_with("-ok.json");
            assert!(good || name.ends_with("-fail.json") || name.ends_with("-fail-or-inject.json"), "{name}");
            let document = shared::json(&path);
            let result = if name.starts_with("presentation-") {
                presentable(document)
            } else if name.contains("-proof-") {
                // About the shape of the proof, which is not one that holds.
                let document = fill_in(document, &name).to_string();
                judge(&check(document.as_bytes(), &facts()).report.checks, &["schema"])
            } else {
                accepted(fill_in(document, &name))
            };
            seen += 1;
            if result.is_ok() != good {
                wrong.push(format!("{name}: {result:?}"));
            }
        }
    }
    assert!(seen > 110, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_suites_credential_of_version_1_is_accepted_once_it_is_whole() {
    let Some(vectors) = shared::vectors() else { return };
    let mut document = fill_in(shared::json(&vectors.join("vcdm2-input/validVc.json")), "");
    assert!(accepted(document.clone()).is_err());
    document["@context"] =
        json!(["https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/data-integrity/v2"]);
    document["issuanceDate"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(accepted(document), Ok(()));
}

#[test]
fn holders_may_say_things_of_their_own_accord() {
    let Some(vectors) = shared::vectors() else { return };
    let report = |name: &str, holder: &str| {
        let path = vectors.join(format!("vcdm2-input/presentation-self-asserted-vc-{name}.json"));
        let text = shared::text(&path).replace(PLACEHOLDER, holder);
        let mut document: Value = serde_json::from_str(&text).unwrap();
        let method = method();
        let options = ProofOptions::authentication(&method, time("2026-01-01T00:00:00Z"), "c", "a.example");
        proof::sign(&mut document, &key(), &options).unwrap();
        check_presentation(document.to_string().as_bytes(), &facts(), &VerifierRequest::default()).report
    };
    let holder = key().did_key();
    let good = report("ok", &holder);
    let proof = |report: &cairn_credential::check::PresentationReport| {
        let check = report.credentials[0].checks.iter().find(|check| check.check == "proof").unwrap();
        (check.outcome, check.code.clone())
    };
    assert_eq!(proof(&good), (Outcome::Warning, "self_asserted".to_owned()));
    assert_eq!(good.verdict, Verdict::Warning, "{good:#?}");
    for name in ["holder-mismatch", "issuer-mismatch", "no-holder"] {
        let bad = report(name, &holder);
        assert_eq!(proof(&bad), (Outcome::Failed, "unsigned".to_owned()), "{name}");
        assert_eq!(bad.verdict, Verdict::Failed, "{name}");
    }
}

#[test]
fn documents_of_the_securing_suite_are_read() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("vc-jose-cose");
    for name in ["minimal", "selective", "nested-selective", "full", "unknown-extensions"] {
        let document = shared::json(&folder.join(format!("credential-{name}.json")));
        assert_eq!(accepted(document), Ok(()), "{name}");
    }
    for (name, envelopes) in
        [("presentation-single", 1), ("presentation-multiple", 3), ("presentation-selective", 1)]
    {
        let document = shared::json(&folder.join(format!("{name}.json")));
        let read = Presentation::from_value(&document).unwrap();
        assert_eq!(read.to_value(), document, "{name}");
        let report =
            check_presentation(document.to_string().as_bytes(), &facts(), &VerifierRequest::default()).report;
        assert_eq!(judge(&report.checks, &["format", "schema", "proof", "holder"]), Ok(()), "{name}");
        assert_eq!(report.credentials.len(), envelopes, "{name}");
    }
}
