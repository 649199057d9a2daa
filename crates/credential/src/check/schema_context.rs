//! The contexts written inside a credential, as far as that is seen without knowing any other.

use serde_json::{Map, Value};

use super::member::several;
use super::schema::Problems;

/// Deeper than this no context is written.
const DEEPEST: usize = 32;

/// Every `@context` of the document: one may stand in the definition of a term, but not beside the terms.
pub(super) fn check(document: &Map<String, Value>, problems: &mut Problems) {
    if !members(document, 0) {
        problems.add("@context", "holds an @context that is not inside the definition of a term");
    }
}

fn members(map: &Map<String, Value>, depth: usize) -> bool {
    map.iter().all(
        |(name, value)| {
            if name == "@context" { context(value, depth) } else { inside(value, depth) }
        },
    )
}

fn inside(value: &Value, depth: usize) -> bool {
    match value {
        // what is nested deeper is refused elsewhere
        _ if depth > 4 * DEEPEST => true,
        Value::Array(items) => items.iter().all(|item| inside(item, depth + 1)),
        Value::Object(map) => members(map, depth + 1),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn context(value: &Value, depth: usize) -> bool {
    let contexts = several(Some(value)).iter().filter_map(Value::as_object);
    depth <= DEEPEST
        && contexts
            .into_iter()
            .all(|context| !context.contains_key("@context") && definitions(context, depth))
}

fn definitions(context: &Map<String, Value>, depth: usize) -> bool {
    let scoped = context.values().filter_map(|definition| definition.get("@context"));
    scoped.into_iter().all(|scoped| self::context(scoped, depth + 1))
}
