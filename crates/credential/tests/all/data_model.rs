//! The inputs of the W3C test suite for VC Data Model 2.0: what is to be accepted, and what refused.

use cairn_credential::check::{Facts, Outcome, check};
use cairn_credential::proof;
use serde_json::Value;

use crate::sample::{key, time};
use crate::shared;

/// True if the credential can be signed and its shape is right.
fn accepted(mut document: Value) -> Result<(), String> {
    let method = format!("{}#{}", key().did_key(), key().public().multibase());
    let options = proof::ProofOptions::new(&method, time("2026-01-01T00:00:00Z"));
    if let Some(map) = document.as_object_mut() {
        map.shift_remove("proof");
    }
    proof::sign(&mut document, &key(), &options).map_err(|error| error.to_string())?;
    let report = check(document.to_string().as_bytes(), &Facts::new(time("2026-06-01T00:00:00Z"))).report;
    for check in &report.checks {
        if ["format", "schema", "proof"].contains(&check.check.as_str()) && check.outcome == Outcome::Failed {
            return Err(format!("{} {}", check.code, check.message));
        }
    }
    Ok(())
}

/// The suite puts the issuer under test into its inputs, unless the issuer is what is wrong with them.
fn fill_in_issuer(document: &mut Value, name: &str) {
    if name.contains("no-issuer")
        || name.contains("issuer-null")
        || name.contains("-id-") && name.contains("issuer-object")
    {
        return;
    }
    match document.get_mut("issuer") {
        None => document["issuer"] = key().did_key().into(),
        Some(Value::Object(issuer)) if !issuer.contains_key("id") => {
            issuer.insert("id".into(), key().did_key().into());
        }
        Some(_) => {}
    }
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
            // The suite fills in proofs and dates as it runs; these files are only halves.
            let half = name.contains("-proof-") || name.contains("validUntil-validFrom");
            if name.starts_with("presentation-") || !path.is_file() || half || name.contains("inject") {
                continue;
            }
            let good = name.ends_with("-ok.json");
            let mut document = shared::json(&path);
            fill_in_issuer(&mut document, &name);
            let result = accepted(document);
            seen += 1;
            if result.is_ok() != good {
                wrong.push(format!("{name}: {result:?}"));
            }
        }
    }
    assert!(seen > 50, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
