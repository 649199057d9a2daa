//! The W3C test suite of RDFC-1.0.

use std::fmt::Write as _;
use std::time::Instant;

use cairn_credential::rdf::{Dataset, HashAlgorithm, RdfError};

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
    for poison in [clique, chains] {
        let dataset = Dataset::from_nquads(&poison).unwrap();
        let start = Instant::now();
        assert_eq!(dataset.canonicalize(HashAlgorithm::Sha256), Err(RdfError::TooComplex));
        println!("refused in {:?}", start.elapsed());
    }
}
