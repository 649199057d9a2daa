//! Choosing parts of a document by JSON Pointer (RFC 6901; VC-DI-ECDSA, 3.4.10 to 3.4.13).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::SdError;
use crate::rdf::TracedDocument;

type Members = Map<String, Value>;

/// What is chosen of a value: all of it, or some of what it holds.
#[derive(Debug, Default)]
pub(super) struct Choice {
    whole: bool,
    /// Below, by a member's name or an item's place.
    below: BTreeMap<String, Choice>,
}

/// Which names the nodes of a chosen part carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ids {
    /// Those they have in the document.
    AsWritten,
    /// Also, where they have none, those that tell them apart from each other.
    Given,
}

impl Choice {
    /// What the pointers point at. A pointer that points at nothing is an error.
    pub(super) fn of(document: &Members, pointers: &[&str]) -> Result<Self, SdError> {
        let mut choice = Self::default();
        for pointer in pointers {
            let mut here = &mut choice;
            let mut value: Option<&Value> = None;
            for name in tokens(pointer)? {
                let next = match value {
                    None => document.get(&name),
                    Some(value) => step(value, &name),
                };
                value = Some(next.ok_or_else(|| SdError::Pointer((*pointer).to_owned()))?);
                here = here.below.entry(name).or_default();
            }
            here.whole = true;
        }
        Ok(choice)
    }

    /// True if nothing at all is chosen.
    pub(super) fn is_empty(&self) -> bool {
        !self.whole && self.below.is_empty()
    }

    /// The chosen part. What leads to it keeps its name, types and context; lists close up.
    pub(super) fn render(&self, traced: &TracedDocument<'_>, ids: Ids) -> Members {
        self.object(traced.document(), traced, ids)
    }

    fn value(&self, value: &Value, traced: &TracedDocument<'_>, ids: Ids) -> Value {
        match value {
            Value::Object(map) => Value::Object(self.object(map, traced, ids)),
            Value::Array(items) => {
                let chosen = items.iter().enumerate().filter_map(|(place, item)| {
                    if self.whole {
                        return Some(self.value(item, traced, ids));
                    }
                    Some(self.below.get(&place.to_string())?.value(item, traced, ids))
                });
                Value::Array(chosen.collect())
            }
            plain => plain.clone(),
        }
    }

    fn object(&self, map: &Members, traced: &TracedDocument<'_>, ids: Ids) -> Members {
        let framing = traced.framing(map);
        let mut part = Members::new();
        for (name, value) in map {
            if self.whole {
                part.insert(name.clone(), self.value(value, traced, ids));
            } else if framing.contains(name) {
                part.insert(name.clone(), value.clone());
            } else if let Some(choice) = self.below.get(name) {
                part.insert(name.clone(), choice.value(value, traced, ids));
            }
        }
        if let (Ids::Given, Some(id)) = (ids, traced.given_id(map)) {
            part.insert("@id".into(), Value::String(id));
        }
        part
    }
}

fn step<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(map) => map.get(name),
        Value::Array(items) => {
            let place: usize = name.parse().ok()?;
            // "01" and "+1" are no places (RFC 6901, 4).
            items.get(place).filter(|_| place.to_string() == name)
        }
        _ => None,
    }
}

fn tokens(pointer: &str) -> Result<Vec<String>, SdError> {
    let mut parts = pointer.split('/');
    if parts.next() != Some("") {
        return Err(SdError::NotAPointer(pointer.to_owned()));
    }
    let unescape = |part: &str| {
        let mut escapes = part.split('~').skip(1);
        let good = escapes.all(|escape| escape.starts_with(['0', '1']));
        good.then(|| part.replace("~1", "/").replace("~0", "~"))
    };
    parts.map(|part| unescape(part).ok_or_else(|| SdError::NotAPointer(pointer.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(document: &Value, pointers: &[&str], want: &Value) {
        let document = document.as_object().unwrap();
        let traced = TracedDocument::new(document, crate::rdf::Contexts::bundled()).unwrap();
        let choice = Choice::of(document, pointers).unwrap();
        assert_eq!(&Value::Object(choice.render(&traced, Ids::AsWritten)), want, "{pointers:?}");
    }

    #[test]
    fn what_leads_to_the_chosen_keeps_its_name_and_types() {
        let context = json!({"@vocab": "https://ex.example/", "id": "@id", "kind": "@type", "t": {"@container": "@language"}});
        let document = json!({
            "@context": context, "id": "urn:a", "kind": "A", "x": 1, "a/b": 2, "m~n": 3,
            "many": [{"n": 0}, {"id": "urn:b", "n": 1, "deep": {"kind": ["B"], "y": 1, "z": 2}}, {"n": 2}],
            "t": {"en": "hello", "id": "halo"}, "id2": {"id": "urn:c"},
        });
        let frame = json!({"@context": context, "id": "urn:a", "kind": "A"});
        let with = |name: &str, value: Value| {
            let mut framed = frame.clone();
            framed[name] = value;
            framed
        };
        check(&document, &["/x"], &with("x", json!(1)));
        check(&document, &["/a~1b"], &with("a/b", json!(2)));
        check(&document, &["/m~0n"], &with("m~n", json!(3)));
        check(&document, &["/kind"], &frame);
        let deep = json!([{"id": "urn:b", "deep": {"kind": ["B"], "y": 1}}, {"n": 2}]);
        check(&document, &["/many/2", "/many/1/deep/y"], &with("many", deep));
        check(&document, &["/many", "/many/0/n"], &with("many", document["many"].clone()));
        // Not an id, but a text in Indonesian, which nobody chose.
        check(&document, &["/t/en"], &with("t", json!({"en": "hello"})));
        check(&document, &[""], &document);
    }

    #[test]
    fn pointers_to_nothing_are_errors() {
        let document = json!({"a": [1, 2], "b": "text"});
        let check = |pointer: &str, want: SdError| {
            assert_eq!(Choice::of(document.as_object().unwrap(), &[pointer]).unwrap_err(), want);
        };
        for pointer in ["/c", "/a/2", "/a/01", "/a/+1", "/a/-", "/a/0/x", "/b/0", "/", "/a/"] {
            check(pointer, SdError::Pointer(pointer.into()));
        }
        for pointer in ["a", "b/", "/a~", "/a~2"] {
            check(pointer, SdError::NotAPointer(pointer.into()));
        }
    }
}
