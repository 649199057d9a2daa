//! The same graph spelt otherwise: random rewrites of a signed document. Not every one keeps the graph; whoever
//! uses them has to look. Chance comes from outside, so that tests and fuzzers can repeat what they did.

use serde_json::{Map, Value, json};

#[path = "meaning.rs"]
mod meaning;

use meaning::{Meaning, explicit, meaning};

/// SplitMix64: numbers that look like chance and never change.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }
}

/// `None` if there is nothing to rewrite like this.
pub type Rewrite = fn(&mut Value, &mut Numbers) -> Option<()>;

/// Every kind of rewrite by name.
pub const KINDS: &[(&str, Rewrite)] = &[
    ("full IRI", full_iri),
    ("alias", alias),
    ("alias in the node's own context", local_alias),
    ("prefix", prefix),
    ("nest", |document, numbers| nest(document, numbers, "@nest", None)),
    ("nest alias", |document, numbers| nest(document, numbers, "box", Some(json!({"box": "@nest"})))),
    ("included", |document, numbers| included(document, numbers, "@included", None)),
    ("included alias", |document, numbers| {
        included(document, numbers, "also", Some(json!({"also": "@included"})))
    }),
    ("included whole node", included_node),
    ("graph", graph),
    ("reverse", reverse),
    ("reverse term", reverse_term),
    ("elsewhere under another property", elsewhere),
    ("split", split),
    ("list of one", |document, numbers| wrap(document, numbers, |value| json!([value]))),
    ("list in a list", |document, numbers| wrap(document, numbers, |value| json!([[value]]))),
    ("set", |document, numbers| wrap(document, numbers, |value| json!({"@set": value}))),
    ("said twice", |document, numbers| wrap(document, numbers, |value| json!([value.clone(), value]))),
    ("value object", |document, numbers| wrap(document, numbers, |value| json!({"@value": value}))),
    ("typed value object", typed_value),
    ("value alias", value_alias),
    ("@id", |document, numbers| rename(document, numbers, "id", "@id", None)),
    ("@type", |document, numbers| rename(document, numbers, "type", "@type", None)),
    ("id alias", |document, numbers| rename(document, numbers, "id", "uid", Some(json!({"uid": "@id"})))),
    ("type alias", |document, numbers| {
        rename(document, numbers, "type", "kind", Some(json!({"kind": "@type"})))
    }),
    ("base", base),
    ("compact id", compact_id),
    ("compact type", compact_type),
    ("label", label),
    ("vocabulary", vocabulary),
    ("nothing said", nothing),
    ("map of ids", map_of_ids),
    ("own terms", own_terms),
];

/// Pointers to the objects of the document, the context apart.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.push(at.to_owned());
            for (name, value) in map.iter().filter(|(name, _)| *name != "@context") {
                objects(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| objects(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn nodes(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    objects(document, "", &mut found);
    found
}

fn map_at<'d>(document: &'d mut Value, at: &str) -> Option<&'d mut Map<String, Value>> {
    document.pointer_mut(at)?.as_object_mut()
}

/// A node, half of the time the outermost one or its proof, and one of its members.
fn member(document: &Value, numbers: &mut Numbers) -> Option<(String, String)> {
    let at = match numbers.below(6) {
        0 | 1 => String::new(),
        2 => "/proof/0".to_owned(),
        _ => numbers.one(&nodes(document))?.clone(),
    };
    let map = document.pointer(&at)?.as_object()?;
    let own = |name: &&String| !matches!(name.as_str(), "@context" | "proof" | "proofValue" | "id" | "type");
    let names: Vec<String> = map.keys().filter(own).cloned().collect();
    Some((at, numbers.one(&names)?.clone()))
}

fn push_context(document: &mut Value, context: Value) -> Option<()> {
    let contexts = document.get_mut("@context")?;
    if !contexts.is_array() {
        *contexts = json!([contexts.take()]);
    }
    contexts.as_array_mut()?.push(context);
    Some(())
}

/// Gives a member another name, in its place, and perhaps another value.
fn replace(
    document: &mut Value,
    at: &str,
    name: &str,
    new: &str,
    value: impl FnOnce(Value) -> Value,
) -> Option<()> {
    let map = map_at(document, at)?;
    let old = map.remove(name)?;
    if map.contains_key(new) {
        return None;
    }
    map.insert(new.to_owned(), value(old));
    Some(())
}

fn full_iri(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let Meaning { iri, kind } = meaning(&name, numbers)?;
    replace(document, &at, &name, &iri, |value| explicit(value, kind.as_deref()))
}

fn definition(meaning: &Meaning) -> Value {
    match &meaning.kind {
        Some(kind) => json!({"@id": meaning.iri, "@type": kind}),
        None => json!({"@id": meaning.iri}),
    }
}

fn alias(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let meaning = meaning(&name, numbers)?;
    let new = format!("own{}", numbers.below(1000));
    let words = |value| {
        if meaning.kind.as_deref() == Some("@vocab") { explicit(value, Some("@vocab")) } else { value }
    };
    replace(document, &at, &name, &new, words)?;
    push_context(document, json!({new: definition(&meaning)}))
}

fn local_alias(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let meaning = meaning(&name, numbers)?;
    let new = format!("own{}", numbers.below(1000));
    replace(document, &at, &name, &new, |value| value)?;
    if at.is_empty() || at.starts_with("/proof") {
        return push_context(document, json!({new: definition(&meaning)}));
    }
    let map = map_at(document, &at)?;
    if map.contains_key("@context") {
        return None;
    }
    map.insert("@context".into(), json!({new: definition(&meaning)}));
    Some(())
}

/// An IRI in two halves.
fn halves(iri: &str) -> Option<(&str, &str)> {
    let cut = iri.rfind(['#', '/', ':']).filter(|cut| cut + 1 < iri.len())? + 1;
    Some(iri.split_at(cut))
}

fn prefix(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let Meaning { iri, kind } = meaning(&name, numbers)?;
    let (start, rest) = halves(&iri)?;
    replace(document, &at, &name, &format!("pre:{rest}"), |value| explicit(value, kind.as_deref()))?;
    push_context(document, json!({"pre": {"@id": start, "@prefix": true}}))
}

fn nest(document: &mut Value, numbers: &mut Numbers, name: &str, context: Option<Value>) -> Option<()> {
    let (at, chosen) = member(document, numbers)?;
    let map = map_at(document, &at)?;
    let value = map.remove(&chosen)?;
    let inner = map.entry(name).or_insert_with(|| json!({})).as_object_mut()?;
    inner.insert(chosen, value);
    context.map_or(Some(()), |context| push_context(document, context))
}

/// The id of a node, given to it if it has none.
fn id_of(document: &mut Value, at: &str, numbers: &mut Numbers) -> Option<String> {
    let map = map_at(document, at)?;
    if let Some(id) = map.get("id") {
        return id.as_str().map(str::to_owned);
    }
    let id = format!("_:l{}", numbers.below(1000));
    map.insert("id".into(), json!(id));
    Some(id)
}

fn included(document: &mut Value, numbers: &mut Numbers, name: &str, context: Option<Value>) -> Option<()> {
    let (at, chosen) = member(document, numbers)?;
    let id = id_of(document, &at, numbers)?;
    let map = map_at(document, &at)?;
    let value = map.remove(&chosen)?;
    let mut node = json!({"id": id});
    if let Some(kinds) = map.get("type").filter(|_| numbers.below(2) == 0) {
        node["type"] = kinds.clone();
    }
    match meaning(&chosen, numbers).filter(|_| numbers.below(2) == 0) {
        Some(Meaning { iri, kind }) => node[iri] = explicit(value, kind.as_deref()),
        None => node[chosen] = value,
    }
    let host = host(document, &at, numbers)?;
    let members = map_at(document, &host)?.entry(name).or_insert_with(|| json!([]));
    members.as_array_mut()?.push(node);
    context.map_or(Some(()), |context| push_context(document, context))
}

/// Some object of the same part, document or proof.
fn host(document: &Value, at: &str, numbers: &mut Numbers) -> Option<String> {
    let proof = at.starts_with("/proof");
    let hosts: Vec<String> =
        nodes(document).into_iter().filter(|host| host.starts_with("/proof") == proof).collect();
    numbers.one(&hosts).cloned()
}

/// A nested node stands free, and a reference where it was.
fn included_node(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let inner: Vec<String> =
        nodes(document).into_iter().filter(|at| !at.is_empty() && !at.starts_with("/proof")).collect();
    let at = numbers.one(&inner)?.clone();
    let id = id_of(document, &at, numbers)?;
    let node = document.pointer_mut(&at)?;
    let reference = if numbers.below(2) == 0 { json!(id) } else { json!({"id": id}) };
    let node = std::mem::replace(node, reference);
    let included = map_at(document, "")?.entry("@included").or_insert_with(|| json!([]));
    included.as_array_mut()?.push(node);
    Some(())
}

fn graph(document: &mut Value, _: &mut Numbers) -> Option<()> {
    let map = map_at(document, "")?;
    let (context, proof) = (map.remove("@context")?, map.remove("proof")?);
    let inner = Value::Object(std::mem::take(map));
    map.insert("@context".into(), context);
    map.insert("@graph".into(), json!([inner]));
    map.insert("proof".into(), proof);
    Some(())
}

/// An object under a member, with the id of the node it stands in.
fn edge(document: &mut Value, numbers: &mut Numbers) -> Option<(String, Meaning, Value)> {
    let (at, name) = member(document, numbers)?;
    if at.starts_with("/proof") {
        return None;
    }
    let meaning = meaning(&name, numbers)?;
    let id = id_of(document, &at, numbers)?;
    let value = map_at(document, &at)?.remove(&name)?;
    let value = match value {
        Value::String(text) if text.contains(':') => json!({"id": text}),
        Value::Array(mut items) if items.len() == 1 => items.pop()?,
        other => other,
    };
    value.is_object().then_some((id, meaning, value))
}

fn reverse(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (id, meaning, mut value) = edge(document, numbers)?;
    value["@reverse"] = json!({meaning.iri: {"id": id}});
    let host = host(document, "", numbers)?;
    map_at(document, &host)?.entry("@included").or_insert_with(|| json!([])).as_array_mut()?.push(value);
    Some(())
}

fn reverse_term(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (id, meaning, mut value) = edge(document, numbers)?;
    value["back"] = json!({"id": id});
    push_context(document, json!({"back": {"@reverse": meaning.iri}}))?;
    map_at(document, "")?.entry("@included").or_insert_with(|| json!([])).as_array_mut()?.push(value);
    Some(())
}

/// What is said of a node is said where it is only named.
fn elsewhere(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let all = nodes(document);
    let ids: Vec<(String, String)> = all
        .iter()
        .filter(|at| !at.starts_with("/proof"))
        .filter_map(|at| Some((at.clone(), document.pointer(at)?["id"].as_str()?.to_owned())))
        .collect();
    let (from, id) = numbers.one(&ids)?.clone();
    let others: Vec<&String> =
        ids.iter().filter(|(at, other)| *other == id && *at != from).map(|(at, _)| at).collect();
    let to = (*numbers.one(&others)?).clone();
    let map = map_at(document, &from)?;
    let names: Vec<String> =
        map.keys().filter(|name| !matches!(name.as_str(), "id" | "@context" | "proof")).cloned().collect();
    let name = numbers.one(&names)?.clone();
    let value = map.remove(&name)?;
    let there = map_at(document, &to)?;
    if there.contains_key(&name) {
        return None;
    }
    there.insert(name, value);
    Some(())
}

/// One node as two values.
fn split(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let inner: Vec<String> =
        nodes(document).into_iter().filter(|at| !at.is_empty() && !at.starts_with("/proof")).collect();
    let at = numbers.one(&inner)?.clone();
    let id = id_of(document, &at, numbers)?;
    let (parent, _) = at.rsplit_once('/')?;
    let in_list = document.pointer(parent)?.is_array();
    let node = document.pointer_mut(&at)?;
    let map = node.as_object_mut()?;
    let mut other = json!({"id": id});
    if let Some(kinds) = map.get("type") {
        other["type"] = kinds.clone();
    }
    let names: Vec<String> =
        map.keys().filter(|name| !matches!(name.as_str(), "id" | "type")).cloned().collect();
    let name = numbers.one(&names)?;
    other[name] = map.remove(name)?;
    if in_list {
        document.pointer_mut(parent)?.as_array_mut()?.push(other);
    } else {
        let one = node.take();
        *node = json!([one, other]);
    }
    Some(())
}

fn wrap(document: &mut Value, numbers: &mut Numbers, how: fn(Value) -> Value) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let value = map_at(document, &at)?.get_mut(&name)?;
    *value = how(value.take());
    Some(())
}

fn typed_value(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let kind = meaning(&name, numbers)?.kind?;
    let value = map_at(document, &at)?.get_mut(&name)?;
    *value = explicit(value.take(), Some(&kind));
    Some(())
}

fn value_alias(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let value = map_at(document, &at)?.get_mut(&name)?;
    *value = json!({"worth": value.take()});
    push_context(document, json!({"worth": "@value"}))
}

fn rename(
    document: &mut Value,
    numbers: &mut Numbers,
    name: &str,
    new: &str,
    context: Option<Value>,
) -> Option<()> {
    let at = if numbers.below(3) == 0 { String::new() } else { numbers.one(&nodes(document))?.clone() };
    replace(document, &at, name, new, |value| value)?;
    context.map_or(Some(()), |context| push_context(document, context))
}

fn base(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let at = numbers.one(&nodes(document))?.clone();
    let map = map_at(document, &at)?;
    let id = map.get("id")?.as_str().filter(|id| id.starts_with("https://"))?.to_owned();
    let (start, rest) = id.rsplit_once('/').filter(|(start, rest)| start.len() > 8 && !rest.is_empty())?;
    map.insert("id".into(), json!(rest));
    push_context(document, json!({"@base": format!("{start}/")}))
}

fn compact_id(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let all = nodes(document);
    let at = numbers.one(&all)?;
    let map = map_at(document, at)?;
    let names = ["id", "issuer", "holder", "verificationMethod", "statusListCredential"];
    let name = names[numbers.below(names.len())];
    let id = map.get(name)?.as_str()?.to_owned();
    let (start, rest) = halves(&id)?;
    map.insert(name.into(), json!(format!("pre:{rest}")));
    push_context(document, json!({"pre": {"@id": start, "@prefix": true}}))
}

fn compact_type(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let at = numbers.one(&nodes(document))?.clone();
    let kinds = map_at(document, &at)?.get_mut("type")?;
    let kind = match kinds {
        Value::Array(kinds) => {
            let place = numbers.below(kinds.len());
            kinds.get_mut(place)?
        }
        one => one,
    };
    let iri = meaning(kind.as_str()?, numbers)?.iri;
    let (start, rest) = halves(&iri)?;
    if numbers.below(2) == 0 {
        *kind = json!(iri);
        return Some(());
    }
    *kind = json!(format!("pre:{rest}"));
    push_context(document, json!({"pre": {"@id": start, "@prefix": true}}))
}

fn label(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let at = numbers.one(&nodes(document))?.clone();
    let map = map_at(document, &at)?;
    if map.contains_key("id") || map.contains_key("@value") {
        return None;
    }
    map.insert("id".into(), json!(format!("_:m{}", numbers.below(1000))));
    Some(())
}

fn vocabulary(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let Meaning { iri, kind } = meaning(&name, numbers)?;
    let (start, rest) = halves(&iri)?;
    let (start, rest) = (start.to_owned(), rest.to_owned());
    let cut = rest.char_indices().nth(1 + numbers.below(3)).map_or(0, |(place, _)| place);
    replace(document, &at, &name, &rest[cut..], |value| explicit(value, kind.as_deref()))?;
    push_context(document, json!({"@vocab": format!("{start}{}", &rest[..cut])}))
}

/// Members that say nothing.
fn nothing(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let names =
        ["validUntil", "credentialStatus", "evidence", "refreshService", "expires", "name", "@included"];
    let name = names[numbers.below(names.len())];
    let at = if numbers.below(2) == 0 { String::new() } else { numbers.one(&nodes(document))?.clone() };
    let empty = if numbers.below(2) == 0 { json!([]) } else { Value::Null };
    let map = map_at(document, &at)?;
    if map.contains_key(name) {
        return None;
    }
    map.insert(name.into(), empty);
    Some(())
}

/// The node stands under its id, which stands under a term of one's own.
fn map_of_ids(document: &mut Value, numbers: &mut Numbers) -> Option<()> {
    let (at, name) = member(document, numbers)?;
    let Meaning { iri, .. } = meaning(&name, numbers)?;
    let value = map_at(document, &at)?.get_mut(&name)?;
    let mut node = value.take();
    let id = node.as_object_mut()?.remove("id")?;
    *value = json!({id.as_str()?: node});
    if numbers.below(2) == 0 {
        return push_context(document, json!({name: {"@id": iri, "@container": "@id"}}));
    }
    replace(document, &at, &name, "keyed", |value| value)?;
    push_context(document, json!({"keyed": {"@id": iri, "@container": "@id"}}))
}

/// An honest context that defines terms nobody uses.
fn own_terms(document: &mut Value, _: &mut Numbers) -> Option<()> {
    push_context(document, json!({"pits": "https://garden.example/pits", "ex": "https://garden.example/"}))
}
