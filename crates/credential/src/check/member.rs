//! Members of a document, which may be one or several, text or an object.

use serde_json::{Map, Value};

/// A member that is text.
pub(super) fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

/// A value that may be one or a list.
pub(super) fn several(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The types that a document says it has.
pub(super) fn types(value: &Map<String, Value>) -> Vec<&str> {
    several(value.get("type")).iter().filter_map(Value::as_str).collect()
}

/// The id of an issuer, which may be text or an object.
pub(super) fn issuer_id(credential: &Map<String, Value>) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer.as_str().or_else(|| text(issuer.get("id")))
}

/// A name, which may be text or a language value.
pub(super) fn name(value: Option<&Value>) -> Option<String> {
    let first = several(value).first()?;
    first.as_str().or_else(|| text(first.get("@value"))).map(str::to_owned)
}
