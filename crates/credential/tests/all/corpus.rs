//! Our own small documents give byte for byte what jsonld.js gives in safe mode, and are refused where it
//! refuses. `tests/corpus/make.mjs` made what is expected; `differences.json` lists where we differ on
//! purpose, and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cairn_credential::rdf::{Contexts, HashAlgorithm, RdfError};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), text(&path)))
        .collect();
    files.sort();
    files
}

fn contexts() -> Contexts {
    let files = files(&folder().join("contexts"));
    let named: Vec<(String, String)> =
        files.into_iter().map(|(name, text)| (format!("https://corpus.example/{name}"), text)).collect();
    Contexts::with(named.iter().map(|(url, text)| (url.as_str(), text.as_bytes()))).unwrap()
}

#[test]
fn documents_mean_what_they_mean_elsewhere() {
    let folder = folder();
    let mut differences: BTreeMap<String, Value> =
        serde_json::from_str(&text(&folder.join("differences.json"))).unwrap();
    let contexts = contexts();
    let mut wrong = Vec::new();
    let all = files(&folder.join("jsonld"));
    assert!(all.len() > 60);
    for (name, document) in all {
        let document: Value = serde_json::from_str(&document).unwrap();
        let path = |extension: &str| folder.join("jsonld").join(format!("{name}.{extension}"));
        let ours = contexts.canonicalize(&document).map_err(|error| error.to_string());
        let theirs = match std::fs::read_to_string(path("nq")) {
            Ok(nquads) => Ok(nquads),
            Err(_) => Err(text(&path("error")).trim().to_owned()),
        };
        let same = match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) => ours == theirs,
            (ours, theirs) => ours.is_err() && theirs.is_err(),
        };
        let as_said = match differences.remove(&name) {
            None => same,
            Some(difference) if difference["ours"] == "error" => !same && ours.is_err(),
            Some(_) => !same && ours == Ok(text(&path("ours.nq"))),
        };
        if !as_said {
            wrong.push(format!("{name}\n  ours: {ours:?}\n  theirs: {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(differences.is_empty(), "no such documents: {differences:?}");
}

#[test]
fn documents_made_at_random_mean_the_same_too() {
    let read = |name: &str| -> Value { serde_json::from_str(&text(&folder().join(name))).unwrap() };
    let (documents, results) = (read("generated.json"), read("generated.results.json"));
    let all = documents["documents"].as_array().unwrap().iter().zip(results.as_array().unwrap());
    let (mut same, mut refused) = (0, 0);
    for (document, want) in all {
        let mut whole = document.clone();
        whole["@context"] = documents["@context"].clone();
        let ours = Contexts::bundled().canonicalize(&whole);
        // keys that are no data are refused here (differences.json)
        if matches!(&ours, Err(RdfError::DataLoss(what)) if what.ends_with("of a map of the kind @index")) {
            refused += 1;
            continue;
        }
        let ours = ours.ok();
        assert_eq!(ours.as_deref(), want.as_str(), "{document}");
        same += usize::from(ours.is_some());
    }
    assert!(same >= 40 && same + refused >= 100, "{same} {refused}");
}

#[test]
fn results_do_not_depend_on_what_is_kept_or_left_out() {
    let contexts = contexts();
    for (name, document) in files(&folder().join("jsonld")) {
        let document: Value = serde_json::from_str(&document).unwrap();
        let first = contexts.canonicalize(&document);
        assert_eq!(first, contexts.canonicalize(&document), "{name}");
        let Value::Object(map) = &document else { continue };
        let again = contexts.canonicalize_without(map, "none", HashAlgorithm::Sha256);
        assert_eq!(first, again, "{name}");
        let mut more = map.clone();
        if more.insert("proof".into(), serde_json::json!({"@id": "urn:proof"})).is_none() {
            let without = contexts.canonicalize_without(&more, "proof", HashAlgorithm::Sha256);
            assert_eq!(first, without, "{name}");
        }
    }
}
