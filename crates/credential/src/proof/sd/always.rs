//! What every derived proof should show.

use serde_json::Value;

/// JSON Pointers to what a verifier must see to judge a document, as far as it is there: who issued it (or
/// presents it), from when until when it counts, its status, and whose it is. Ids, types and contexts on the
/// way there are shown with them. Pointers that are inside one of `given` are left out.
///
/// ```
/// use cairn_credential::proof::sd::always_shown;
///
/// let document = serde_json::json!({
///     "issuer": {"id": "did:web:a.example", "name": "A"},
///     "validUntil": "2030-01-01T00:00:00Z",
///     "credentialSubject": {"id": "did:web:b.example", "name": "B"},
/// });
/// assert_eq!(always_shown(&document, &[]), ["/issuer/id", "/validUntil", "/credentialSubject/id"]);
/// assert_eq!(always_shown(&document, &["/issuer"]), ["/validUntil", "/credentialSubject/id"]);
/// ```
pub fn always_shown(document: &Value, given: &[&str]) -> Vec<String> {
    const WHOLE: [&str; 5] =
        ["validFrom", "validUntil", "issuanceDate", "expirationDate", "credentialStatus"];
    let mut pointers = Vec::new();
    for name in ["issuer", "holder"] {
        pointers.extend(ids(document, name));
    }
    let there = WHOLE.iter().filter(|name| document.get(**name).is_some_and(says_something));
    pointers.extend(there.map(|name| format!("/{name}")));
    pointers.extend(ids(document, "credentialSubject"));
    let covered = |pointer: &str| {
        let within = |given: &&str| {
            pointer.strip_prefix(*given).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        given.iter().any(within)
    };
    pointers.retain(|pointer| !covered(pointer));
    pointers
}

/// Pointers to the ids of what a member names: a text, an object, or a list of them.
fn ids(document: &Value, name: &str) -> Vec<String> {
    let id = |value: &Value, place: String| match value {
        Value::String(_) => Some(place),
        Value::Object(map) => map.contains_key("id").then(|| format!("{place}/id")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    match document.get(name) {
        None => Vec::new(),
        Some(Value::Array(several)) => {
            let places = several.iter().enumerate();
            places.filter_map(|(at, value)| id(value, format!("/{name}/{at}"))).collect()
        }
        Some(one) => id(one, format!("/{name}")).into_iter().collect(),
    }
}

fn says_something(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
}
