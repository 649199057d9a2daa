//! Every change of a signed document is refused.

use cairn_credential::proof::{self, ProofError, SignError};
use cairn_credential::rdf::RdfError;
use serde_json::{Value, json};

use crate::sample::{ISSUER, METHOD, credential, key, sign, signed};

fn holds(document: &Value) -> Result<(), ProofError> {
    proof::verify(document, &document["proof"][0], &key().public())
}

/// Pointers to every value that is neither object nor list.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                leaves(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                leaves(value, &format!("{at}/{index}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

fn change(value: &mut Value) {
    *value = match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_f64().unwrap() + 1.0),
        Value::Bool(truth) => json!(!*truth),
        other => panic!("{other}"),
    };
}

#[test]
fn every_changed_leaf_is_refused() {
    let document = signed();
    assert_eq!(holds(&document), Ok(()));
    let mut pointers = Vec::new();
    leaves(&document, "", &mut pointers);
    assert!(pointers.len() > 90, "{}", pointers.len());
    for pointer in pointers {
        let mut changed = document.clone();
        change(changed.pointer_mut(&pointer).unwrap());
        assert!(holds(&changed).is_err(), "{pointer}");
    }
}

#[test]
fn every_removed_member_is_refused() {
    let document = signed();
    let mut pointers = Vec::new();
    leaves(&document, "", &mut pointers);
    let untouched = |pointer: &&String| !pointer.starts_with("/@context") && !pointer.starts_with("/proof");
    for pointer in pointers.iter().filter(untouched) {
        let mut changed = document.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match changed.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.shift_remove(name)),
            Value::Array(items) => drop(items.remove(name.parse().unwrap())),
            _ => unreachable!(),
        }
        assert!(holds(&changed).is_err(), "{pointer}");
    }
}

#[test]
fn lists_keep_their_order() {
    let mut document = signed();
    let values =
        document.pointer_mut("/credentialSubject/achievement/resultDescription/0/allowedValue").unwrap();
    values.as_array_mut().unwrap().swap(0, 1);
    assert_eq!(holds(&document), Err(ProofError::Signature));
    let mut document = signed();
    let values =
        document.pointer_mut("/credentialSubject/achievement/resultDescription/0/allowedValue").unwrap();
    values.as_array_mut().unwrap().push(json!("A"));
    assert_eq!(holds(&document), Err(ProofError::Signature));
}

#[test]
fn nothing_can_be_added() {
    let mut pointers = Vec::new();
    leaves(&signed(), "", &mut pointers);
    let mut parents: Vec<&str> = pointers.iter().map(|pointer| pointer.rsplit_once('/').unwrap().0).collect();
    parents.dedup();
    for parent in parents {
        let mut document = signed();
        if let Value::Object(map) = document.pointer_mut(parent).unwrap() {
            map.insert("undefinedTerm".into(), json!("x"));
            assert!(holds(&document).is_err(), "{parent}");
        }
        let mut document = signed();
        if let Value::Object(map) = document.pointer_mut(parent).unwrap() {
            map.insert("description".into(), json!("added"));
            assert!(holds(&document).is_err(), "{parent}");
        }
    }
}

#[test]
fn language_maps_are_signed() {
    let mut document = credential(ISSUER).to_value();
    document["@context"].as_array_mut().unwrap().push(json!({
        "greeting": {"@id": "https://example.org/greeting", "@container": "@language"}
    }));
    document["greeting"] = json!({"en": "hello", "de": ["hallo", "servus"], "@none": "hm"});
    document["name"] = json!({"@value": "Grundlagen", "@language": "de", "@direction": "ltr"});
    let document = sign(document, METHOD);
    assert_eq!(holds(&document), Ok(()));
    for (pointer, value) in [
        ("/greeting/en", json!("bye")),
        ("/greeting/de/1", json!("moin")),
        ("/greeting/@none", json!("ha")),
        ("/name/@value", json!("Anderes")),
        ("/name/@language", json!("nl")),
        ("/name/@direction", json!("rtl")),
    ] {
        let mut changed = document.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(holds(&changed), Err(ProofError::Signature), "{pointer}");
    }
    let mut renamed = document.clone();
    renamed["greeting"] = json!({"fr": "hello", "de": ["hallo", "servus"], "@none": "hm"});
    assert_eq!(holds(&renamed), Err(ProofError::Signature));
    let mut cased = document;
    cased["name"]["@language"] = json!("DE");
    assert_eq!(holds(&cased), Ok(()), "language tags are the same in any case");
}

fn context(document: &mut Value, context: Value) {
    document["@context"].as_array_mut().unwrap().push(context);
}

#[test]
fn what_would_not_be_signed_cannot_be_signed() {
    let refuse = |change: fn(&mut Value), want: RdfError| {
        let mut document = credential(ISSUER).to_value();
        change(&mut document);
        let options = proof::ProofOptions::new(METHOD, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(proof::sign(&mut document, &key(), &options), Err(SignError::Document(want)));
    };
    refuse(|d| d["nickname"] = json!("x"), RdfError::UndefinedTerm("nickname".into()));
    refuse(|d| d["type"][1] = json!("Nonsense"), RdfError::UndefinedType("Nonsense".into()));
    refuse(|d| d["id"] = json!("badge/1"), RdfError::RelativeIri("badge/1".into()));
    refuse(
        |d| d["id"] = json!("https://a.example/b> <c"),
        RdfError::RelativeIri("https://a.example/b> <c".into()),
    );
    refuse(
        |d| context(d, json!({"Achievement": "https://evil.example/Achievement"})),
        RdfError::ProtectedTerm("Achievement".into()),
    );
    refuse(
        |d| context(d, json!({"name": "https://evil.example/name"})),
        RdfError::ProtectedTerm("name".into()),
    );
    refuse(
        |d| context(d, json!("https://unknown.example/context")),
        RdfError::UnknownContext("https://unknown.example/context".into()),
    );
    refuse(
        |d| d["name"] = json!({"@value": "x", "@index": "y"}),
        RdfError::DataLoss("@index is not part of the data".into()),
    );
    refuse(
        |d| d["credentialSubject"]["achievement"]["@context"] = json!(null),
        RdfError::ProtectedTerm("...".into()),
    );
}

#[test]
fn signing_twice_makes_a_set_of_proofs() {
    let document = sign(signed(), METHOD);
    assert_eq!(document["proof"].as_array().map(Vec::len), Some(2));
    assert_eq!(holds(&document), Ok(()));
}

const SLOTS: [&str; 5] = [
    "/id",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/narrative",
    "/credentialStatus/statusListIndex",
    "/validUntil",
];

#[test]
fn a_template_signs_as_signing_one_by_one_does() {
    let document = credential(ISSUER).to_value();
    let options = proof::ProofOptions::new(METHOD, crate::sample::time("2026-01-15T09:00:00Z"));
    let template = proof::Template::new(&document, &SLOTS, &options).unwrap();
    for number in 0..20 {
        let values = [
            &format!("urn:uuid:{number}"),
            &format!("sha256${number}"),
            "A \"quoted\" text\nwith \\ and <urn:x> 😀",
            &number.to_string(),
            "2030-01-01T00:00:00Z",
        ];
        let text = template.sign(&values.map(|value| -> &str { value }), &key()).unwrap();
        let mut one = document.clone();
        for (pointer, value) in SLOTS.iter().zip(values) {
            *one.pointer_mut(pointer).unwrap() = json!(value);
        }
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), sign(one.clone(), METHOD));
        assert_eq!(text, sign(one, METHOD).to_string());
    }
}

#[test]
fn a_template_refuses_what_would_mean_something_else() {
    let document = credential(ISSUER).to_value();
    let options = proof::ProofOptions::new(METHOD, jiff::Timestamp::UNIX_EPOCH);
    let template = proof::Template::new(&document, &["/id"], &options).unwrap();
    for value in ["https://a.example/1", "_:b0", "relative", "urn:a b", "urn:x> <urn:y"] {
        assert!(template.sign(&[value], &key()).is_err(), "{value}");
    }
    assert!(template.sign(&[], &key()).is_err());
    for pointer in ["/nothing", "/credentialSubject", "/type/1", "/@context/0"] {
        assert!(proof::Template::new(&document, &[pointer], &options).is_err(), "{pointer}");
    }
    let mut compact = document;
    compact["@context"].as_array_mut().unwrap().push(json!({"urn": "https://prefix.example/"}));
    assert!(proof::Template::new(&compact, &["/id"], &options).is_err(), "a prefix would change the id");
}
