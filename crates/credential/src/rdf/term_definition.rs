//! Term definitions (JSON-LD 1.1 API, 4.2 and 5.2).

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::RdfError;
use super::context_builder::{Builder, Protection, invalid, parse_direction, split_compact};
use super::keyword::{Keyword, looks_like_keyword};
use super::literal::{is_absolute_iri, is_language_tag};
use super::plain::Pin;
use super::plain_names::is_word_plain;
use super::term::{Coercion, Containers, Definition, Mapping, Setting};

/// How many definitions may wait for one another.
const DEFINITIONS_DEEP: usize = 32;

/// One context object being defined.
pub(super) struct Frame<'a> {
    local: &'a Map<String, Value>,
    /// False while a term is being defined: meeting it again is a cycle.
    defined: HashMap<&'a str, bool>,
    protected: bool,
    protection: Protection,
    /// How many definitions are waiting for another.
    waiting: usize,
}

impl<'a> Frame<'a> {
    pub(super) fn new(local: &'a Map<String, Value>, protected: bool, protection: Protection) -> Self {
        Self { local, defined: HashMap::new(), protected, protection, waiting: 0 }
    }
}

/// An absolute IRI or a blank node identifier.
fn names_something(iri: &str) -> bool {
    iri.starts_with("_:") || is_absolute_iri(iri)
}

impl Builder {
    /// IRI expansion by what is known so far. `None` for a relative reference.
    pub(super) fn known(&self, value: &str) -> Option<Mapping> {
        if let Some(definition) = self.terms.get(value) {
            return Some(definition.mapping.clone());
        }
        if let Some((prefix, suffix)) = split_compact(value) {
            if prefix == "_" || suffix.starts_with("//") {
                return Some(Mapping::Iri(value.into()));
            }
            if let Some(definition) = self.terms.get(prefix)
                && let (true, Mapping::Iri(iri)) = (definition.prefix, &definition.mapping)
            {
                return Some(Mapping::Iri(format!("{iri}{suffix}").into()));
            }
            if is_absolute_iri(value) {
                return Some(Mapping::Iri(value.into()));
            }
        }
        self.vocab.as_ref().map(|vocab| Mapping::Iri(format!("{vocab}{value}").into()))
    }

    /// IRI expansion inside a context: terms used on the way are defined first.
    fn expand<'a>(&mut self, frame: &mut Frame<'a>, value: &'a str) -> Result<Mapping, RdfError> {
        if let Some(keyword) = Keyword::parse(value) {
            return Ok(Mapping::Keyword(keyword));
        }
        if looks_like_keyword(value) {
            return Err(reserved(value));
        }
        if frame.local.contains_key(value) {
            self.define(frame, value)?;
        }
        if !self.terms.contains_key(value)
            && let Some((prefix, suffix)) = split_compact(value)
            && prefix != "_"
            && !suffix.starts_with("//")
            && frame.local.contains_key(prefix)
        {
            self.define(frame, prefix)?;
        }
        self.known(value).ok_or_else(|| invalid(format!("\"{value}\" is not an absolute IRI")))
    }

    /// Defines a term of the frame's context, unless it is defined already.
    pub(super) fn define<'a>(&mut self, frame: &mut Frame<'a>, term: &'a str) -> Result<(), RdfError> {
        match frame.defined.get(term) {
            Some(true) => return Ok(()),
            Some(false) => return Err(invalid(format!("the definition of \"{term}\" goes in a circle"))),
            None => {}
        }
        let value: &'a Value = frame.local.get(term).unwrap_or(&Value::Null);
        if term.is_empty() {
            return Err(invalid("a term cannot be empty"));
        }
        if Keyword::parse(term).is_some() {
            check_type_keyword(term, value)?;
        } else if looks_like_keyword(term) {
            return Err(reserved(term));
        }
        if frame.waiting >= DEFINITIONS_DEEP {
            return Err(invalid("its definitions depend on each other in too long a chain"));
        }
        frame.defined.insert(term, false);
        let previous = self.terms.remove(term);
        frame.waiting += 1;
        let mut definition = self.definition(frame, term, value)?;
        frame.waiting -= 1;
        if let (Protection::Respected, Some(previous)) = (frame.protection, &previous)
            && previous.protected
        {
            if !definition.same_meaning(previous) {
                return Err(RdfError::ProtectedTerm(term.to_string()));
            }
            definition.protected = true;
        }
        definition.pin = Pin::of(term, &definition);
        definition.plain_word = match &definition.mapping {
            Mapping::Iri(iri) => is_word_plain(term, iri),
            Mapping::Keyword(_) | Mapping::Nothing => true,
        };
        self.terms.insert(term.into(), Arc::new(definition));
        frame.defined.insert(term, true);
        Ok(())
    }

    fn definition<'a>(
        &mut self,
        frame: &mut Frame<'a>,
        term: &'a str,
        value: &'a Value,
    ) -> Result<Definition, RdfError> {
        let mut definition = Definition {
            mapping: Mapping::Nothing,
            coercion: Coercion::Absent,
            containers: Containers::default(),
            language: Setting::Absent,
            direction: Setting::Absent,
            context: None,
            index: None,
            nest: None,
            prefix: false,
            reverse: false,
            protected: frame.protected,
            pin: Pin::default(),
            plain_word: true,
        };
        let map = match value {
            Value::Null => return Ok(definition),
            Value::String(iri) => {
                self.map_term(frame, term, Some(iri), &mut definition, true)?;
                return Ok(definition);
            }
            Value::Object(map) => map,
            _ => return Err(invalid(format!("the definition of \"{term}\" is neither text nor an object"))),
        };
        if let Some(unknown) = map.keys().find(|key| !DEFINING.contains(&key.as_str())) {
            return Err(invalid(format!("the definition of \"{term}\" has the unknown member {unknown}")));
        }
        match map.get("@protected") {
            None => {}
            Some(Value::Bool(said)) => definition.protected = *said,
            Some(_) => return Err(invalid("@protected is true or false")),
        }
        self.coerce(frame, term, map, &mut definition)?;
        match (map.get("@reverse"), map.get("@id")) {
            (Some(Value::String(iri)), None) if !map.contains_key("@nest") => {
                definition.reverse = true;
                definition.mapping = self.expand(frame, iri)?;
                if !matches!(&definition.mapping, Mapping::Iri(iri) if names_something(iri)) {
                    return Err(invalid(format!("@reverse of \"{term}\" is not an absolute IRI")));
                }
            }
            (Some(_), _) => {
                return Err(invalid(format!("@reverse of \"{term}\" is text, without @id and @nest")));
            }
            (None, Some(Value::Null)) => {}
            (None, Some(Value::String(iri))) => {
                self.map_term(frame, term, Some(iri), &mut definition, false)?;
            }
            (None, None) => self.map_term(frame, term, None, &mut definition, false)?,
            (None, Some(_)) => return Err(invalid(format!("@id of \"{term}\" is not text"))),
        }
        finish_containers(term, map, &mut definition)?;
        finish(term, map, &mut definition)?;
        if let Some(Value::String(index)) = map.get("@index")
            && !matches!(self.expand(frame, index)?, Mapping::Iri(iri) if is_absolute_iri(&iri))
        {
            return Err(invalid(format!("@index of \"{term}\" is not a property")));
        }
        Ok(definition)
    }

    fn coerce<'a>(
        &mut self,
        frame: &mut Frame<'a>,
        term: &str,
        map: &'a Map<String, Value>,
        definition: &mut Definition,
    ) -> Result<(), RdfError> {
        let Some(value) = map.get("@type") else { return Ok(()) };
        let text = value.as_str().ok_or_else(|| invalid(format!("@type of \"{term}\" is not text")))?;
        definition.coercion = match self.expand(frame, text)? {
            Mapping::Keyword(Keyword::Id) => Coercion::Id,
            Mapping::Keyword(Keyword::Vocab) => Coercion::Vocab,
            Mapping::Keyword(Keyword::Json) => Coercion::Json,
            Mapping::Keyword(Keyword::None) => Coercion::None,
            Mapping::Iri(iri) if is_absolute_iri(&iri) => Coercion::Datatype(iri),
            _ => return Err(invalid(format!("@type of \"{term}\" is not an absolute IRI"))),
        };
        Ok(())
    }

    /// Finds the IRI of a term. `simple`: the definition is just that.
    fn map_term<'a>(
        &mut self,
        frame: &mut Frame<'a>,
        term: &'a str,
        id: Option<&'a str>,
        definition: &mut Definition,
        simple: bool,
    ) -> Result<(), RdfError> {
        if let Some(id) = id.filter(|id| *id != term) {
            definition.mapping = self.expand(frame, id)?;
            match &definition.mapping {
                Mapping::Iri(iri) if names_something(iri) => {
                    let plain = !term.contains(':') && !term.contains('/');
                    let open = iri.ends_with([':', '/', '?', '#', '[', ']', '@']) || iri.starts_with("_:");
                    definition.prefix = plain && simple && open;
                }
                Mapping::Keyword(Keyword::Context) => {
                    return Err(invalid("@context cannot have another name"));
                }
                Mapping::Keyword(_) => {}
                Mapping::Iri(_) | Mapping::Nothing => {
                    return Err(invalid(format!("@id of \"{term}\" is not an absolute IRI")));
                }
            }
            return self.check_shape(frame, term, &definition.mapping);
        }
        if let Some((prefix, suffix)) = split_compact(term) {
            if frame.local.contains_key(prefix) {
                self.define(frame, prefix)?;
            }
            definition.mapping = match self.terms.get(prefix).map(|known| &known.mapping) {
                Some(Mapping::Iri(iri)) => Mapping::Iri(format!("{iri}{suffix}").into()),
                _ => Mapping::Iri(term.into()),
            };
        } else if term == "@type" {
            definition.mapping = Mapping::Keyword(Keyword::Type);
        } else if let Some(vocab) = &self.vocab {
            definition.mapping = Mapping::Iri(format!("{vocab}{term}").into());
        } else {
            return Err(invalid(format!("\"{term}\" has no @id and there is no @vocab")));
        }
        Ok(())
    }

    /// A term that looks like an IRI must stand for that IRI.
    fn check_shape<'a>(
        &mut self,
        frame: &mut Frame<'a>,
        term: &'a str,
        mapping: &Mapping,
    ) -> Result<(), RdfError> {
        let inner = term.get(1..term.len().saturating_sub(1)).unwrap_or_default();
        if !inner.contains(':') && !term.contains('/') {
            return Ok(());
        }
        if let Some((prefix, _)) = split_compact(term)
            && prefix != term
            && frame.local.contains_key(prefix)
        {
            self.define(frame, prefix)?;
        }
        if self.known(term).as_ref() == Some(mapping) {
            return Ok(());
        }
        Err(invalid(format!("\"{term}\" looks like an IRI and is defined as another")))
    }
}

fn reserved(name: &str) -> RdfError {
    invalid(format!("\"{name}\" looks like a keyword, and means nothing"))
}

const DEFINING: [&str; 11] = [
    "@id",
    "@reverse",
    "@container",
    "@context",
    "@direction",
    "@index",
    "@language",
    "@nest",
    "@prefix",
    "@protected",
    "@type",
];

fn finish_containers(
    term: &str,
    map: &Map<String, Value>,
    definition: &mut Definition,
) -> Result<(), RdfError> {
    let wrong = || invalid(format!("@container of \"{term}\" is unknown, or not possible here"));
    let named = match map.get("@container") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Array(several)) => several.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    let mut containers = Containers::default();
    for one in named {
        containers = containers.with(one.as_str().and_then(Containers::parse).ok_or_else(wrong)?);
    }
    let possible = if definition.reverse {
        containers.within(&[Containers::INDEX, Containers::SET])
    } else {
        containers.possible()
    };
    if !possible {
        return Err(wrong());
    }
    if containers.has(Containers::TYPE) {
        match definition.coercion {
            Coercion::Absent => definition.coercion = Coercion::Id,
            Coercion::Id | Coercion::Vocab => {}
            Coercion::None | Coercion::Json | Coercion::Datatype(_) => return Err(wrong()),
        }
    }
    definition.containers = containers;
    Ok(())
}

/// The members of a definition that need no other term.
fn finish(term: &str, map: &Map<String, Value>, definition: &mut Definition) -> Result<(), RdfError> {
    definition.context = map.get("@context").cloned();
    if !map.contains_key("@type") {
        match map.get("@language") {
            None => {}
            Some(Value::Null) => definition.language = Setting::None,
            Some(Value::String(tag)) if is_language_tag(tag) => {
                definition.language = Setting::Said(tag.to_ascii_lowercase().into());
            }
            Some(_) => return Err(invalid(format!("@language of \"{term}\" is not a language tag"))),
        }
        if let Some(direction) = map.get("@direction") {
            definition.direction = parse_direction(direction)?.map_or(Setting::None, Setting::Said);
        }
    }
    match map.get("@index") {
        None => {}
        Some(Value::String(text)) if definition.containers.has(Containers::INDEX) => {
            definition.index = Some(text.as_str().into());
        }
        Some(_) => return Err(invalid(format!("@index of \"{term}\" is not text, or not beside @index"))),
    }
    match map.get("@nest") {
        None => {}
        Some(Value::String(text)) if text == "@nest" || !text.starts_with('@') => {
            definition.nest = Some(text.as_str().into());
        }
        Some(_) => return Err(invalid(format!("@nest of \"{term}\" is not the name of a member"))),
    }
    match (map.get("@prefix"), &definition.mapping) {
        (None, _) => {}
        (Some(Value::Bool(true)), Mapping::Keyword(_)) => {
            return Err(invalid(format!("\"{term}\" stands for a keyword, which is no prefix")));
        }
        (Some(Value::Bool(said)), _) if !term.contains(':') && !term.contains('/') => {
            definition.prefix = *said;
        }
        (Some(_), _) => return Err(invalid(format!("@prefix of \"{term}\" is not allowed"))),
    }
    Ok(())
}

/// Of the keywords only `@type` may be defined, and only as a protected set.
fn check_type_keyword(term: &str, value: &Value) -> Result<(), RdfError> {
    let allowed = value.as_object().is_some_and(|map| {
        !map.is_empty()
            && map.iter().all(|(key, value)| match key.as_str() {
                "@container" => value == "@set",
                "@protected" => value.is_boolean(),
                _ => false,
            })
    });
    if term == "@type" && allowed { Ok(()) } else { Err(invalid(format!("{term} cannot be redefined"))) }
}
