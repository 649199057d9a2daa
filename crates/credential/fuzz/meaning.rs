//! What the terms of the bundled contexts mean, as their texts say.

use std::collections::HashMap;
use std::sync::LazyLock;

use cairn_credential::rdf;
use serde_json::{Value, json};

use super::Numbers;

/// What a term may mean: its IRI and the type of its values.
#[derive(Clone)]
pub struct Meaning {
    pub iri: String,
    pub kind: Option<String>,
}

static MEANINGS: LazyLock<HashMap<String, Vec<Meaning>>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    for bundled in rdf::bundled() {
        let document: Value = serde_json::from_str(bundled.text).expect("contexts are JSON");
        let mut prefixes = HashMap::new();
        walk(&document["@context"], &mut |term, definition| {
            let iri = definition.as_str().or(definition["@id"].as_str()).unwrap_or_default();
            if iri.contains("://") && iri.ends_with(['#', '/']) {
                prefixes.insert(term.to_owned(), iri.to_owned());
            }
        });
        let full = |iri: &str| match iri.split_once(':') {
            Some((prefix, rest)) if prefixes.contains_key(prefix) => format!("{}{rest}", prefixes[prefix]),
            _ => iri.to_owned(),
        };
        walk(&document["@context"], &mut |term, definition| {
            let Some(iri) = definition.as_str().or(definition["@id"].as_str()).map(full) else { return };
            let kind = definition["@type"].as_str().map(full);
            let meanings: &mut Vec<Meaning> = found.entry(term.to_owned()).or_default();
            let known = |known: &Meaning| known.iri == iri && known.kind == kind;
            if iri.contains(':') && !meanings.iter().any(known) {
                meanings.push(Meaning { iri, kind });
            }
        });
    }
    found
});

fn walk(context: &Value, found: &mut impl FnMut(&str, &Value)) {
    match context {
        Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
        Value::Object(map) => {
            for (term, definition) in map.iter().filter(|(term, _)| !term.starts_with('@')) {
                found(term, definition);
                walk(&definition["@context"], found);
            }
        }
        _ => {}
    }
}

/// One of the meanings of a term.
pub fn meaning(name: &str, numbers: &mut Numbers) -> Option<Meaning> {
    numbers.one(MEANINGS.get(name)?).cloned()
}

/// The value as it has to be written where nothing is known of the member.
pub fn explicit(value: Value, kind: Option<&str>) -> Value {
    match (value, kind) {
        (Value::Array(items), _) => items.into_iter().map(|item| explicit(item, kind)).collect(),
        (Value::String(word), Some("@vocab")) => {
            let iri =
                MEANINGS.get(&word).and_then(|meanings| meanings.first()).map(|first| first.iri.clone());
            json!({"@id": iri.unwrap_or(word)})
        }
        (Value::String(id), Some("@id")) => json!({"@id": id}),
        (value @ (Value::Object(_) | Value::Null), _) | (value, None) => value,
        (value, Some(kind)) => json!({"@value": value, "@type": kind}),
    }
}
