//! What validating would cost, before anything is validated: a schema of a few lines can take longer than
//! the world has existed. An upper bound on the evaluations of subschemas, found once for each pair of
//! subschema and place, so that counting takes little even where validating would take for ever.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;
use serde_json::{Map, Value};

use crate::presentation::percent_decode;

/// Most evaluations of subschemas: some seconds at worst.
const MOST_EVALUATIONS: u64 = 1_000_000;
/// Most pairs of subschema and place that are looked at.
const MOST_PAIRS: usize = 200_000;
/// The same for schemas with `unevaluatedProperties` or `unevaluatedItems`, whose evaluations take longer.
const MOST_EVALUATIONS_UNEVALUATED: u64 = 100_000;
/// Most evaluations while a schema with `unevaluatedProperties` or `unevaluatedItems` is made ready: what
/// such a keyword looks through is made ready once more for it, also what the instance does not have.
const MOST_PREPARED: u64 = 50_000;
/// How often the inside of a schema with such a keyword is gone through: to check it, to find out what it
/// evaluates, and whether each of its choices fits.
const UNEVALUATED: u64 = 4;
/// Most levels of subschemas within and references to each other.
const MOST_LEVELS: usize = 200;
/// Most objects and lists in a schema.
const MOST_NODES: usize = 20_000;
/// Most patterns that differ, and most of their bytes.
const MOST_PATTERNS: usize = 64;
const MOST_PATTERN_BYTES: usize = 16 * 1024;

/// Why a schema is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// More work than [`MOST_EVALUATIONS`], or a larger schema than is counted.
    #[error("would take too much work")]
    TooMuch,
    /// A reference that comes back to itself at the same place.
    #[error("refers to itself without end")]
    Loop,
    /// A reference to another document, or into nothing.
    #[error("refers to \"{0}\", which is not in it")]
    Reference(String),
    /// A schema within the schema with an identity of its own.
    #[error("has schemas inside with an $id of their own")]
    Embedded,
}

/// An upper bound on the evaluations of subschemas that validating the instance takes.
pub(super) fn measure(schema: &Value, instance: &Value) -> Result<u64, Refusal> {
    let mut meter = Meter {
        root: schema,
        anchors: HashMap::default(),
        costs: HashMap::with_hasher(FixedState::default()),
        prepared: HashMap::with_hasher(FixedState::default()),
        has_unevaluated: false,
        nodes: 0,
        patterns: HashSet::default(),
        pattern_bytes: 0,
    };
    meter.survey(schema, true)?;
    if meter.has_unevaluated && meter.prepare(schema, 0)? > MOST_PREPARED {
        return Err(Refusal::TooMuch);
    }
    let cost = meter.cost(schema, instance, 0)?;
    let most = if meter.has_unevaluated { MOST_EVALUATIONS_UNEVALUATED } else { MOST_EVALUATIONS };
    if cost > most { Err(Refusal::TooMuch) } else { Ok(cost) }
}

/// Stands for the names of members, which are texts and no values of the instance.
static A_NAME: Value = Value::Null;

struct Meter<'a> {
    root: &'a Value,
    anchors: HashMap<&'a str, &'a Value>,
    /// By the addresses of subschema and place; `None` while it is being found.
    costs: HashMap<(usize, usize), Option<u64>, FixedState>,
    /// By the address of the subschema; `None` while it is being found.
    prepared: HashMap<usize, Option<u64>, FixedState>,
    has_unevaluated: bool,
    nodes: usize,
    patterns: HashSet<&'a str>,
    pattern_bytes: usize,
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

impl<'a> Meter<'a> {
    /// Collects anchors, and bounds size and patterns.
    fn survey(&mut self, value: &'a Value, is_root: bool) -> Result<(), Refusal> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Refusal::TooMuch);
        }
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.survey_inner(item)),
            Value::Object(map) => {
                self.note(map, value, is_root)?;
                map.values().try_for_each(|value| self.survey_inner(value))
            }
            _ => Ok(()),
        }
    }

    fn survey_inner(&mut self, value: &'a Value) -> Result<(), Refusal> {
        if value.is_object() || value.is_array() { self.survey(value, false) } else { Ok(()) }
    }

    fn note(&mut self, map: &'a Map<String, Value>, value: &'a Value, is_root: bool) -> Result<(), Refusal> {
        for name in ["$anchor", "$dynamicAnchor"] {
            if let Some(Value::String(anchor)) = map.get(name) {
                self.anchors.insert(anchor, value);
            }
        }
        match map.get("$id") {
            Some(Value::String(id)) if !is_root => match id.strip_prefix('#') {
                Some(anchor) => drop(self.anchors.insert(anchor, value)),
                None => return Err(Refusal::Embedded),
            },
            _ => {}
        }
        self.has_unevaluated |= is_unevaluated(map);
        if let Some(Value::String(pattern)) = map.get("pattern") {
            self.pattern(pattern)?;
        }
        if let Some(Value::Object(patterns)) = map.get("patternProperties") {
            patterns.keys().try_for_each(|pattern| self.pattern(pattern))?;
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a str) -> Result<(), Refusal> {
        if self.patterns.insert(pattern) {
            self.pattern_bytes += pattern.len();
        }
        let good = self.patterns.len() <= MOST_PATTERNS && self.pattern_bytes <= MOST_PATTERN_BYTES;
        if good { Ok(()) } else { Err(Refusal::TooMuch) }
    }

    fn resolve(&self, reference: &str) -> Result<&'a Value, Refusal> {
        let missing = || Refusal::Reference(reference.chars().take(100).collect());
        let own = self.root.get("$id").and_then(Value::as_str).unwrap_or_default().trim_end_matches('#');
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !document.is_empty() && document != own {
            return Err(missing());
        }
        if fragment.is_empty() {
            return Ok(self.root);
        }
        if !fragment.starts_with('/') {
            return self.anchors.get(fragment).copied().ok_or_else(missing);
        }
        let pointer = percent_decode(fragment).and_then(|bytes| String::from_utf8(bytes).ok());
        pointer.and_then(|pointer| self.root.pointer(&pointer)).ok_or_else(missing)
    }

    fn cost(&mut self, schema: &'a Value, instance: &'a Value, level: usize) -> Result<u64, Refusal> {
        let Value::Object(map) = schema else { return Ok(1) };
        let pair = (address(schema), address(instance));
        match self.costs.get(&pair) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err(Refusal::Loop),
            None => {}
        }
        if level > MOST_LEVELS || self.costs.len() >= MOST_PAIRS {
            return Err(Refusal::TooMuch);
        }
        self.costs.insert(pair, None);
        let mut total = 1 + own_work(map, instance);
        for (keyword, value) in map {
            total = total.saturating_add(self.keyword(keyword, value, instance, level + 1)?);
        }
        // what was evaluated is found out by evaluating once more
        if is_unevaluated(map) {
            total = total.saturating_mul(UNEVALUATED);
        }
        if total > MOST_EVALUATIONS {
            return Err(Refusal::TooMuch);
        }
        self.costs.insert(pair, Some(total));
        Ok(total)
    }

    /// An upper bound on what making a schema ready takes, whatever the instance.
    fn prepare(&mut self, schema: &'a Value, level: usize) -> Result<u64, Refusal> {
        let inside: Vec<&'a Value> = match schema {
            Value::Object(map) => map.values().collect(),
            Value::Array(items) => items.iter().collect(),
            _ => return Ok(1),
        };
        match self.prepared.get(&address(schema)) {
            Some(Some(known)) => return Ok(*known),
            // schemas that refer to each other in a circle are made ready once for every way round it
            Some(None) => return Err(Refusal::TooMuch),
            None => {}
        }
        if level > MOST_LEVELS {
            return Err(Refusal::TooMuch);
        }
        self.prepared.insert(address(schema), None);
        let mut total: u64 = 1;
        for value in inside {
            total = total.saturating_add(self.prepare(value, level + 1)?);
        }
        if let Value::Object(map) = schema {
            for name in REFERENCES {
                if let Some(Value::String(reference)) = map.get(name) {
                    let target = self.resolve(reference)?;
                    total = total.saturating_add(self.prepare(target, level + 1)?);
                }
            }
            if is_unevaluated(map) {
                total = total.saturating_mul(UNEVALUATED);
            }
        }
        self.prepared.insert(address(schema), Some(total));
        Ok(total)
    }

    fn keyword(&mut self, name: &str, value: &'a Value, at: &'a Value, level: usize) -> Result<u64, Refusal> {
        match (name, value) {
            (name, Value::String(reference)) if REFERENCES.contains(&name) => {
                let target = self.resolve(reference)?;
                self.cost(target, at, level)
            }
            ("allOf", Value::Array(schemas)) => self.sum(schemas, std::iter::once(at), level),
            // first whether, then why not
            ("anyOf" | "oneOf", Value::Array(schemas)) => {
                Ok(self.sum(schemas, std::iter::once(at), level)?.saturating_mul(2))
            }
            ("not" | "if" | "then" | "else", schema) => Ok(self.cost(schema, at, level)?.saturating_mul(2)),
            ("dependentSchemas" | "dependencies", Value::Object(schemas)) => {
                self.sum(schemas.values(), std::iter::once(at), level)
            }
            ("properties", Value::Object(schemas)) => {
                schemas.iter().try_fold(0, |total: u64, (name, schema)| {
                    let Some(inside) = at.get(name) else { return Ok(total + 1) };
                    Ok(total.saturating_add(self.cost(schema, inside, level)?))
                })
            }
            ("patternProperties", Value::Object(schemas)) => self.sum(schemas.values(), inside(at), level),
            ("propertyNames", schema) => {
                let names = at.as_object().map_or(0, Map::len) as u64;
                Ok(self.cost(schema, &A_NAME, level)?.saturating_mul(names))
            }
            ("additionalProperties" | "unevaluatedProperties", schema) if at.is_object() => {
                self.sum(std::iter::once(schema), inside(at), level)
            }
            ("contains", schema) if at.is_array() => {
                Ok(self.sum(std::iter::once(schema), inside(at), level)?.saturating_mul(2))
            }
            ("items" | "prefixItems", Value::Array(schemas)) if at.is_array() => {
                let pairs = schemas.iter().zip(inside(at));
                pairs.into_iter().try_fold(0, |total: u64, (schema, item)| {
                    Ok(total.saturating_add(self.cost(schema, item, level)?))
                })
            }
            ("items" | "additionalItems" | "unevaluatedItems", schema) if at.is_array() => {
                self.sum(std::iter::once(schema), inside(at), level)
            }
            _ => Ok(0),
        }
    }

    fn sum(
        &mut self,
        schemas: impl IntoIterator<Item = &'a Value>,
        places: impl Iterator<Item = &'a Value> + Clone,
        level: usize,
    ) -> Result<u64, Refusal> {
        let mut total: u64 = 0;
        for schema in schemas {
            for place in places.clone() {
                total = total.saturating_add(self.cost(schema, place, level)?).saturating_add(1);
            }
            if total > MOST_EVALUATIONS {
                return Err(Refusal::TooMuch);
            }
        }
        Ok(total)
    }
}

const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

fn is_unevaluated(schema: &Map<String, Value>) -> bool {
    schema.contains_key("unevaluatedProperties") || schema.contains_key("unevaluatedItems")
}

/// The values inside a value.
fn inside(value: &Value) -> Inside<'_> {
    match value {
        Value::Array(items) => Inside::Items(items.iter()),
        Value::Object(map) => Inside::Members(map.values()),
        _ => Inside::Items([].iter()),
    }
}

#[derive(Clone)]
enum Inside<'a> {
    Items(std::slice::Iter<'a, Value>),
    Members(serde_json::map::Values<'a>),
}

impl<'a> Iterator for Inside<'a> {
    type Item = &'a Value;

    fn next(&mut self) -> Option<&'a Value> {
        match self {
            Self::Items(items) => items.next(),
            Self::Members(members) => members.next(),
        }
    }
}

/// Work that grows with texts and lists, in evaluations.
fn own_work(schema: &Map<String, Value>, instance: &Value) -> u64 {
    let choices = schema.get("enum").and_then(Value::as_array).map_or(0, Vec::len) / 16;
    let length = match instance {
        Value::String(text) => text.len() / 64,
        Value::Array(items) => items.len() / 4,
        Value::Object(map) => map.len() / 4,
        _ => 0,
    };
    (choices + length) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn costs_are_counted() {
        let schema = json!({"$defs": {"t": {"$anchor": "text", "type": "string"}},
            "properties": {"a": {"$ref": "#/$defs/t"}, "b": {"items": {"$ref": "#text"}}}});
        let small = measure(&schema, &json!({"a": "x"})).unwrap();
        let large = measure(&schema, &json!({"a": "x", "b": vec!["y"; 100]})).unwrap();
        assert!(small < 10 && large > 200 && large < 1000, "{small} {large}");
    }

    #[test]
    fn what_would_never_end_is_refused() {
        assert_eq!(measure(&json!({"$ref": "#"}), &json!(1)), Err(Refusal::Loop));
        let round = json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}},
            "$ref": "#/$defs/a"});
        assert_eq!(measure(&round, &json!({})), Err(Refusal::Loop));
        let doubling = json!({"additionalProperties": {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}});
        let mut deep = json!({});
        for _ in 0..60 {
            deep = json!({"a": deep});
        }
        assert_eq!(measure(&doubling, &deep), Err(Refusal::TooMuch));
        let mut definitions = Map::new();
        for number in 0..60 {
            let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
            definitions.insert(number.to_string(), json!({"anyOf": [next, next]}));
        }
        definitions.insert("60".into(), json!({"type": "string"}));
        let bomb = json!({"$defs": definitions, "$ref": "#/$defs/0"});
        assert_eq!(measure(&bomb, &json!(1)), Err(Refusal::TooMuch));
        let wide = json!({"items": {"enum": vec![1; 1000], "items": {"items": true}}});
        assert_eq!(measure(&wide, &json!(vec![vec![vec![0; 100]; 100]; 100])), Err(Refusal::TooMuch));
    }

    #[test]
    fn what_is_unevaluated_is_bounded_also_where_the_instance_has_nothing() {
        let nested = |around: fn(Value) -> Value, levels: usize| {
            (0..levels).fold(json!({"type": "object"}), |inside, _| around(inside))
        };
        let shapes: [fn(Value) -> Value; 5] = [
            |inside| json!({"allOf": [inside], "unevaluatedProperties": false}),
            |inside| json!({"anyOf": [inside, true], "unevaluatedProperties": false}),
            |inside| json!({"properties": {"absent": inside}, "unevaluatedProperties": false}),
            |inside| json!({"if": inside, "then": true, "unevaluatedItems": false}),
            |inside| json!({"unevaluatedProperties": inside}),
        ];
        for shape in shapes {
            assert!(measure(&nested(shape, 3), &json!({"a": 1})).is_ok());
            assert_eq!(measure(&nested(shape, 20), &json!({"a": 1})), Err(Refusal::TooMuch));
        }
    }

    #[test]
    fn what_is_unevaluated_does_not_go_in_circles() {
        let all: Map<String, Value> =
            (0..8).map(|n| (n.to_string(), json!({"$ref": format!("#/$defs/{n}")}))).collect();
        let one = json!({"unevaluatedProperties": false, "properties": all});
        let defs: Map<String, Value> = (0..8).map(|n| (n.to_string(), one.clone())).collect();
        let schema = json!({"$defs": defs, "$ref": "#/$defs/0"});
        assert_eq!(measure(&schema, &json!({})), Err(Refusal::TooMuch));
    }

    #[test]
    fn only_the_schema_itself_is_referred_to() {
        let missing = |reference: &str| Err(Refusal::Reference(reference.to_owned()));
        for reference in ["https://a.example/b", "file:///etc/passwd", "#/nowhere", "#nowhere", "b.json"] {
            assert_eq!(measure(&json!({"$ref": reference}), &json!(1)), missing(reference));
        }
        let own = json!({"$id": "https://a.example/s", "properties": {"a": {"$ref": "https://a.example/s#/$defs/x%20y"}},
            "$defs": {"x y": {"type": "null"}}});
        assert!(measure(&own, &json!({"a": 1})).is_ok());
        let embedded = json!({"$defs": {"a": {"$id": "https://b.example"}}});
        assert_eq!(measure(&embedded, &json!(1)), Err(Refusal::Embedded));
        let patterns = json!({"patternProperties": {"a".repeat(40_000): true}});
        assert_eq!(measure(&patterns, &json!(1)), Err(Refusal::TooMuch));
    }
}
