//! Contexts that a caller adds to the bundled ones.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use cairn_credential::check::{Facts, FetchOutcome, Outcome, Purpose, Report, Verdict, check};
use cairn_credential::proof::{self, ProofError, ProofOptions, SignError};
use cairn_credential::rdf::{self, Contexts, ContextsError, RdfError};
use serde_json::{Value, json};

use crate::sample;

const GARDEN: &str = "https://garden.example/contexts/v1";
const TOOLS: &str = "https://garden.example/contexts/tools";

fn garden() -> Value {
    json!({"@context": ["tools", {"@protected": true, "pits": "https://garden.example/terms#pits"}]})
}

fn tools() -> Value {
    json!({"@context": {"spade": {"@id": "https://garden.example/terms#spade", "@type": "@id"}}})
}

fn set(documents: &[(&str, &Value)]) -> Result<Contexts, ContextsError> {
    let bytes: Vec<(&str, String)> = documents.iter().map(|(url, value)| (*url, value.to_string())).collect();
    Contexts::with(bytes.iter().map(|(url, text)| (*url, text.as_bytes())))
}

fn both() -> Contexts {
    set(&[(GARDEN, &garden()), (TOOLS, &tools())]).unwrap()
}

fn document() -> Value {
    json!({"@context": GARDEN, "@id": "urn:x:1", "pits": 4, "spade": "urn:x:2"})
}

#[test]
fn added_contexts_give_terms_their_meaning() {
    let nquads = both().canonicalize(&document()).unwrap();
    let want = "<urn:x:1> <https://garden.example/terms#pits> \
                \"4\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n\
                <urn:x:1> <https://garden.example/terms#spade> <urn:x:2> .\n";
    assert_eq!(nquads, want);
    assert_eq!(rdf::canonicalize(&document()), Err(RdfError::UnknownContext(GARDEN.into())));
    let alone = set(&[(GARDEN, &garden())]).unwrap();
    assert_eq!(alone.canonicalize(&document()), Err(RdfError::UnknownContext(TOOLS.into())));
    let mut bundled = document();
    bundled["@context"] = json!(["https://www.w3.org/ns/credentials/v2", GARDEN]);
    bundled["name"] = json!("Amy");
    assert!(both().canonicalize(&bundled).unwrap().contains("<https://schema.org/name> \"Amy\""));
}

#[test]
fn what_is_missing_can_be_asked() {
    let missing = |contexts: &Contexts, document: &Value| contexts.missing(document);
    let mut nested = document();
    nested["pits"] = json!({"@context": [{"a": {"@id": "urn:a", "@context": TOOLS}}, "https://c.example/"]});
    assert_eq!(missing(Contexts::bundled(), &document()), [GARDEN]);
    assert_eq!(missing(Contexts::bundled(), &nested), ["https://c.example/", TOOLS, GARDEN]);
    assert_eq!(missing(&set(&[(GARDEN, &garden())]).unwrap(), &document()), [TOOLS]);
    assert_eq!(missing(&both(), &document()), Vec::<String>::new());
    assert_eq!(both().used(&document()), [TOOLS, GARDEN]);
    assert!(both().has(TOOLS) && both().has("https://www.w3.org/ns/credentials/v2"));
    assert!(!Contexts::bundled().has(TOOLS));
}

#[test]
fn sets_are_bounded_and_never_replace_what_is_bundled() {
    let v2 = "https://www.w3.org/ns/credentials/v2";
    assert_eq!(set(&[(v2, &tools())]).unwrap_err(), ContextsError::Bundled(v2.into()));
    assert_eq!(
        set(&[(GARDEN, &tools()), (GARDEN, &garden())]).unwrap_err(),
        ContextsError::Twice(GARDEN.into())
    );
    assert_eq!(set(&[("garden", &tools())]).unwrap_err(), ContextsError::NotAUrl("garden".into()));
    let many: Vec<String> = (0..33).map(|number| format!("https://c.example/{number}")).collect();
    let text = tools().to_string();
    let documents = many.iter().map(|url| (url.as_str(), text.as_bytes()));
    assert_eq!(Contexts::with(documents.clone().take(32)).map(drop), Ok(()));
    assert_eq!(Contexts::with(documents).unwrap_err(), ContextsError::TooMany);
    let large = json!({"@context": {"a": "x".repeat(1024 * 1024)}});
    assert_eq!(set(&[(GARDEN, &large)]).unwrap_err(), ContextsError::TooLarge);
    let mut deep = json!({"a": "urn:a"});
    for _ in 0..40 {
        deep = json!({"a": {"@id": "urn:a", "@context": deep}});
    }
    for wrong in [json!([1]), json!({}), json!({"@context": deep}), json!({"@context": ["http://a b"]})] {
        let error = set(&[(GARDEN, &wrong)]).unwrap_err();
        assert!(matches!(error, ContextsError::NotAContext { .. }), "{error}");
    }
    assert!(Contexts::with([(GARDEN, br#"{"@context":{"a":"urn:a","a":"urn:b"}}"#.as_slice())]).is_err());
}

#[test]
fn sets_do_not_share_what_they_compile() {
    let other =
        set(&[(GARDEN, &json!({"@context": {"pits": "urn:other:pits", "spade": "urn:other:spade"}}))]);
    let (one, other) = (both(), other.unwrap());
    let v2 = json!(["https://www.w3.org/ns/credentials/v2", GARDEN]);
    for contexts in [json!(GARDEN), v2] {
        let mut document = document();
        document["@context"] = contexts;
        for _ in 0..2 {
            assert!(one.canonicalize(&document).unwrap().contains("https://garden.example/terms#pits"));
            assert!(other.canonicalize(&document).unwrap().contains("urn:other:pits"));
            assert_eq!(rdf::canonicalize(&document), Err(RdfError::UnknownContext(GARDEN.into())));
        }
    }
}

#[test]
fn contexts_that_name_each_other_are_refused_quickly() {
    let circle = set(&[(GARDEN, &json!({"@context": TOOLS})), (TOOLS, &json!({"@context": [GARDEN]}))]);
    let error = circle.unwrap().canonicalize(&document()).unwrap_err();
    assert!(matches!(error, RdfError::InvalidContext(_)), "{error}");
    // Each names the next a thousand times.
    let urls: Vec<String> = (0..12).map(|number| format!("https://c.example/{number}")).collect();
    let texts: Vec<String> = (0..12)
        .map(|number| match urls.get(number + 1) {
            Some(next) => json!({"@context": vec![next; 1000]}).to_string(),
            None => tools().to_string(),
        })
        .collect();
    let documents = urls.iter().zip(&texts).map(|(url, text)| (url.as_str(), text.as_bytes()));
    let contexts = Contexts::with(documents).unwrap();
    let start = Instant::now();
    let document = json!({"@context": urls[0], "@id": "urn:x:1", "spade": "urn:x:2"});
    assert_eq!(contexts.canonicalize(&document), Err(RdfError::TooComplex));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    // A large definition, read again and again.
    let mut large = String::new();
    for number in 0..20_000 {
        write!(large, "\"t{number}\":\"urn:t\",").unwrap();
    }
    let large =
        format!("{{\"@context\":{{\"p\":{{\"@id\":\"urn:p\",\"@context\":{{{large}\"x\":\"urn:x\"}}}}}}}}");
    let contexts = Contexts::with([(GARDEN, large.as_bytes())]).unwrap();
    let nodes: Vec<Value> = (0..5_000).map(|_| json!({"@context": [GARDEN, {}], "p": {"x": 1}})).collect();
    let start = Instant::now();
    let document = json!({"@context": GARDEN, "@graph": nodes});
    assert_eq!(contexts.canonicalize(&document), Err(RdfError::TooComplex));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

fn credential() -> Value {
    let mut document = sample::credential(sample::ISSUER).to_value();
    document["@context"].as_array_mut().unwrap().push(json!(GARDEN));
    document["credentialSubject"]["pits"] = json!(4);
    document
}

fn signed() -> Value {
    let contexts = both();
    let created = "2026-01-15T09:00:00Z".parse().unwrap();
    let options = ProofOptions { contexts: &contexts, ..ProofOptions::new(sample::METHOD, created) };
    let mut document = credential();
    proof::sign(&mut document, &sample::key(), &options).unwrap();
    let template = proof::Template::new(&credential(), &["/id"], &options).unwrap();
    let id = document["id"].as_str().unwrap();
    let text = template.sign(&[id], &sample::key()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
    document
}

#[test]
fn documents_with_added_contexts_are_signed_and_verified() {
    let document = signed();
    let (key, proof) = (sample::key().public(), &document["proof"][0]);
    assert_eq!(proof::verify_with(&document, proof, &key, &both()), Ok(()));
    let unknown = RdfError::UnknownContext(GARDEN.into());
    assert_eq!(proof::verify(&document, proof, &key), Err(ProofError::Transformation(unknown.clone())));
    let other = set(&[(GARDEN, &json!({"@context": {"pits": "urn:other:pits"}}))]).unwrap();
    assert_eq!(proof::verify_with(&document, proof, &key, &other), Err(ProofError::Signature));
    let options = ProofOptions::new(sample::METHOD, "2026-01-15T09:00:00Z".parse().unwrap());
    let refused = proof::sign(&mut credential(), &sample::key(), &options);
    assert_eq!(refused, Err(SignError::Document(unknown)));
}

/// The report, after fetching what is wanted from these documents; and what was wanted.
fn verify(document: &Value, here: &[(&str, FetchOutcome)]) -> (Report, Vec<(String, Purpose)>) {
    let mut facts: Facts = sample::facts();
    let mut asked = Vec::new();
    for _ in 0..5 {
        let checked = check(document.to_string().as_bytes(), &facts);
        if checked.wanted.is_empty() {
            return (checked.report, asked);
        }
        let proof = checked.report.checks.iter().find(|check| check.check == "proof").unwrap();
        assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Unknown, "context_unknown"));
        for wanted in checked.wanted {
            let found = here.iter().find(|(url, _)| *url == wanted.url);
            let found =
                found.map_or(FetchOutcome::Refused("no such page".into()), |(_, found)| found.clone());
            asked.push((wanted.url.clone(), wanted.purpose));
            facts.documents.insert(wanted.url, found);
        }
    }
    panic!("still wanted: {asked:?}");
}

#[test]
fn the_checker_asks_for_unknown_contexts() {
    let document = signed();
    let fetched = [(GARDEN, sample::fetched(&garden())), (TOOLS, sample::fetched(&tools()))];
    let (report, asked) = verify(&document, &fetched);
    assert_eq!(asked, [(GARDEN.to_owned(), Purpose::Context), (TOOLS.to_owned(), Purpose::Context)]);
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Passed, "proof_valid"));
    assert_eq!(proof.detail.as_ref().unwrap()["contexts"], json!([TOOLS, GARDEN]));
    assert_ne!(report.verdict, Verdict::Failed);
    let (report, _) = verify(&sample::signed(), &[]);
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert_eq!(proof.detail.as_ref().unwrap().get("contexts"), None);
}

#[test]
fn without_its_context_a_signature_stays_unknown() {
    let document = signed();
    let not_a_context = FetchOutcome::here(b"<!doctype html>".to_vec());
    for (found, says) in [
        (FetchOutcome::Refused("no such page".into()), "no such page"),
        (not_a_context, "not a JSON-LD context"),
    ] {
        let (report, _) = verify(&document, &[(GARDEN, found)]);
        let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
        assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Unknown, "context_unknown"));
        assert!(proof.message.contains(says) && proof.message.contains(GARDEN), "{}", proof.message);
        assert_eq!(report.verdict, Verdict::Unknown);
    }
    let (report, _) =
        verify(&document, &[(GARDEN, sample::fetched(&json!({"@context": {"pits": "urn:other"}})))]);
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert_eq!((proof.outcome, proof.code.as_str()), (Outcome::Failed, "signature_invalid"));
    let mut elsewhere = document;
    elsewhere["@context"].as_array_mut().unwrap().push(json!("http://garden.example/plain"));
    let (report, asked) =
        verify(&elsewhere, &[(GARDEN, sample::fetched(&garden())), (TOOLS, sample::fetched(&tools()))]);
    assert_eq!(asked.len(), 2);
    let proof = report.checks.iter().find(|check| check.check == "proof").unwrap();
    assert!(proof.message.contains("not at an address that can be asked"), "{}", proof.message);
}
