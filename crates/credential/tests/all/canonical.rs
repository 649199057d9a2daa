//! The W3C test suite of RDFC-1.0.

use std::fmt::Write as _;
use std::time::Instant;

use cairn_credential::rdf::{self, Dataset, HashAlgorithm, RdfError};
use serde_json::{Value, json};

use crate::shared;

#[test]
fn the_test_suite_of_rdf_canon_passes() {
    let Some(vectors) = shared::vectors() else { return };
    let suite = vectors.join("rdf-canon");
    let manifest = shared::json(&suite.join("manifest.jsonld"));
    let mut evaluated = 0;
    for entry in manifest["entries"].as_array().unwrap() {
        let name = format!("{} {}", entry["id"], entry["name"]);
        let input = shared::text(&suite.join(entry["action"].as_str().unwrap()));
        let algorithm =
            if entry["hashAlgorithm"] == "SHA384" { HashAlgorithm::Sha384 } else { HashAlgorithm::Sha256 };
        let dataset = Dataset::from_nquads(&input).unwrap_or_else(|error| panic!("{name}: {error}"));
        let result = dataset.canonicalize(algorithm);
        match entry["type"].as_str().unwrap() {
            "rdfc:RDFC10EvalTest" => {
                let want = shared::text(&suite.join(entry["result"].as_str().unwrap()));
                assert_eq!(result.unwrap_or_else(|error| panic!("{name}: {error}")).nquads, want, "{name}");
            }
            "rdfc:RDFC10NegativeEvalTest" => assert_eq!(result, Err(RdfError::TooComplex), "{name}"),
            // The map names the input's own labels: our numbers follow their first use.
            "rdfc:RDFC10MapTest" => {
                let want = shared::json(&suite.join(entry["result"].as_str().unwrap()));
                let labels = result.unwrap_or_else(|error| panic!("{name}: {error}")).labels;
                let ours: Vec<String> = labels.iter().map(|number| format!("c14n{number}")).collect();
                let theirs: Vec<&str> =
                    in_order_of_use(&input).iter().filter_map(|label| want[label].as_str()).collect();
                assert_eq!(ours, theirs, "{name}");
            }
            other => panic!("unknown kind of test {other}"),
        }
        evaluated += 1;
    }
    assert!(evaluated > 80, "{evaluated}");
}

fn in_order_of_use(nquads: &str) -> Vec<&str> {
    let mut labels: Vec<&str> = Vec::new();
    for word in nquads.split_whitespace().filter_map(|word| word.strip_prefix("_:")) {
        let label = word.trim_end_matches('.');
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

#[test]
fn poison_graphs_are_refused_quickly() {
    let mut clique = String::new();
    for a in 0..30 {
        for b in (0..30).filter(|b| *b != a) {
            writeln!(clique, "_:n{a} <urn:p> _:n{b} .").unwrap();
        }
    }
    let mut chains = String::new();
    for chain in ["a", "b"] {
        for step in 0..5_000 {
            writeln!(chains, "_:{chain}{step} <urn:p> _:{chain}{} .", step + 1).unwrap();
        }
    }
    let mut star = String::new();
    for hub in ["a", "b"] {
        for leaf in 0..20_000 {
            writeln!(star, "_:{hub} <urn:p> _:{hub}{leaf} .").unwrap();
        }
    }
    for poison in [clique, chains, star] {
        let dataset = Dataset::from_nquads(&poison).unwrap();
        let start = Instant::now();
        assert_eq!(dataset.canonicalize(HashAlgorithm::Sha256), Err(RdfError::TooComplex));
        println!("refused in {:?}", start.elapsed());
    }
}

/// Canonicalises a document and says how long it took.
fn refused(name: &str, document: &Value) {
    let start = Instant::now();
    let result = rdf::canonicalize(document);
    println!("{name}: refused in {:?}", start.elapsed());
    assert!(result.is_err(), "{name}");
}

#[test]
fn hostile_documents_are_refused() {
    let mut chain: serde_json::Map<String, Value> =
        (0..50_000).map(|number| (format!("t{number}"), json!(format!("t{}:x", number + 1)))).collect();
    chain.insert("t50000".into(), json!("https://a.example/"));
    refused("a chain of definitions", &json!({"@context": chain, "t0": "x"}));
    let long = "x".repeat(1_000_000);
    let members: serde_json::Map<String, Value> =
        (0..2_000).map(|number| (format!("p{number}"), json!(1))).collect();
    let mut vocab = members.clone();
    vocab.insert("@context".into(), json!({"@vocab": format!("https://a.example/{long}")}));
    refused("a long vocabulary", &Value::Object(vocab));
    let mut subject = members;
    subject.insert("@context".into(), json!({"@vocab": "https://a.example/"}));
    subject.insert("@id".into(), json!(format!("https://a.example/{long}")));
    refused("a long subject", &Value::Object(subject));
    let terms: serde_json::Map<String, Value> =
        (0..20_000).map(|number| (format!("t{number}"), json!("https://a.example/t"))).collect();
    let nodes: Vec<Value> =
        (0..20_000).map(|_| json!({"@context": {"u": "https://a.example/u"}, "u": 1})).collect();
    refused("a context in every node", &json!({"@context": terms, "t0": nodes}));
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!({"https://a.example/p": deep});
    }
    refused("deep nesting", &deep);
}
