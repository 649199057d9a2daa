//! Samples of the European Learning Model: its context is not bundled, and that is said. Where the context
//! is written out in the document, credentials of that model are canonicalised, signed and verified.

use cairn_credential::check::{Facts, Outcome, Report, check};
use cairn_credential::proof::{self, ProofOptions};
use cairn_credential::rdf::{self, RdfError};
use serde_json::{Value, json};

use crate::differential;
use crate::sample::{key, time};
use crate::shared;

const CONTEXT: &str = "http://data.europa.eu/snb/model/context/edc-ap";

fn report(document: &Value) -> Report {
    check(document.to_string().as_bytes(), &Facts::new(time("2026-06-01T00:00:00Z"))).report
}

fn outcome<'a>(report: &'a Report, name: &str) -> (Outcome, &'a str) {
    let check = report.checks.iter().find(|check| check.check == name).unwrap();
    (check.outcome, check.code.as_str())
}

fn sign(document: &mut Value) -> Result<(), proof::SignError> {
    let method = format!("{}#{}", key().did_key(), key().public().multibase());
    proof::sign(document, &key(), &ProofOptions::new(&method, time("2026-01-01T00:00:00Z")))
}

#[test]
fn credentials_of_the_learning_model_are_read() {
    let Some(vectors) = shared::vectors() else { return };
    let folder = vectors.join("elm");
    let context = shared::json(&folder.join("edc-ap-context.jsonld"))["@context"].clone();
    for name in ["Sample-CertOfPart-unsigned.jsonld", "Sample-MC-Annex1-unsigned.jsonld"] {
        let mut document = shared::json(&folder.join(name));
        assert_eq!(rdf::canonicalize(&document), Err(RdfError::UnknownContext(CONTEXT.into())), "{name}");
        let refused = sign(&mut document).unwrap_err().to_string();
        assert!(refused.contains(CONTEXT), "{refused}");
        let found = report(&document);
        assert_eq!(outcome(&found, "format").0, Outcome::Passed, "{name}");
        assert_eq!(outcome(&found, "proof"), (Outcome::Failed, "unsigned"), "{name}");
        // its date is named as in version 2 of the data model, its context is that of version 1
        assert_eq!(outcome(&found, "schema"), (Outcome::Failed, "schema_invalid"), "{name}");
        assert_eq!(outcome(&found, "credential_schema"), (Outcome::Warning, "schema_kind_unknown"), "{name}");

        document["@context"][1] = context.clone();
        document["@context"]
            .as_array_mut()
            .unwrap()
            .push(json!("https://w3id.org/security/data-integrity/v2"));
        let quads = rdf::canonicalize(&document).unwrap();
        assert!(quads.lines().count() > 100, "{name} {}", quads.lines().count());
        assert_eq!(
            Some(&quads),
            differential::general(&document).as_ref(),
            "{name}: as a general library has it"
        );
        assert!(quads.contains("http://data.europa.eu/snb/model/elm/"), "{name}");
        sign(&mut document).unwrap();
        let found = report(&document);
        assert_eq!(outcome(&found, "proof"), (Outcome::Passed, "proof_valid"), "{name} {found:#?}");
    }
}

#[test]
fn a_foreign_proof_with_an_unknown_context_is_not_called_wrong() {
    let Some(vectors) = shared::vectors() else { return };
    let mut document = shared::json(&vectors.join("elm/Sample-MC-Annex1-unsigned.jsonld"));
    let mut other = json!({"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:x:1",
        "type": "VerifiableCredential"});
    sign(&mut other).unwrap();
    document["proof"] = other["proof"].clone();
    assert_eq!(outcome(&report(&document), "proof"), (Outcome::Unknown, "context_unknown"));
}

#[test]
fn envelopes_of_the_learning_model_are_not_taken_for_credentials() {
    let Some(vectors) = shared::vectors() else { return };
    let sealed = report(&shared::json(&vectors.join("elm/Sample-MC-Annex1-signed.jsonld")));
    assert_eq!(outcome(&sealed, "format"), (Outcome::Unknown, "jades"));
    let draft = report(&shared::json(&vectors.join("elm/Sample-MC-Annex1-unsigned-uploadable.json")));
    assert_eq!(outcome(&draft, "format"), (Outcome::Failed, "not_a_credential"));
}
