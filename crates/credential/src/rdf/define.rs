//! Context processing and term definitions (JSON-LD 1.1 API, 4.1 and 4.2).

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::RdfError;
use super::contexts::Contexts;
use super::keyword::{Keyword, looks_like_keyword};
use super::literal::{is_absolute_iri, is_language_tag};
use super::term::{Coercion, Containers, Definition, Mapping, Setting};

/// How deep context documents may name each other.
const CONTEXTS_DEEP: usize = 16;
/// How many definitions may wait for one another.
const DEFINITIONS_DEEP: usize = 32;

/// What working out a context takes: where contexts come from, the URLs on the way, and what may still be
/// spent, counted in terms copied and values read.
pub(super) struct Loading<'s> {
    contexts: &'s Contexts,
    remote: Vec<String>,
    left: usize,
}

impl<'s> Loading<'s> {
    pub(super) fn new(contexts: &'s Contexts, left: usize) -> Self {
        Self { contexts, remote: Vec::new(), left }
    }

    pub(super) fn left(&self) -> usize {
        self.left
    }

    pub(super) fn spend(&mut self, cost: usize) -> Result<(), RdfError> {
        self.left = self.left.checked_sub(cost).ok_or(RdfError::TooComplex)?;
        Ok(())
    }
}

/// How many values there are in a context, which is what reading it costs.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Whether protected terms may be redefined: only a property-scoped context may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    Respected,
    Overridden,
}

/// A context while it is being put together.
#[derive(Debug, Default, Clone)]
pub(super) struct Builder {
    pub terms: HashMap<Arc<str>, Arc<Definition>>,
    pub vocab: Option<Box<str>>,
    pub language: Option<Box<str>>,
    pub direction: Option<Box<str>>,
}

/// One context object being defined.
struct Frame<'a> {
    local: &'a Map<String, Value>,
    /// False while a term is being defined: meeting it again is a cycle.
    defined: HashMap<&'a str, bool>,
    protected: bool,
    protection: Protection,
    /// How many definitions are waiting for another.
    waiting: usize,
}

fn invalid(reason: impl Into<String>) -> RdfError {
    RdfError::InvalidContext(reason.into())
}

impl Builder {
    /// Applies a local context. True if a `null` in it cleared what was there.
    pub(super) fn apply(
        &mut self,
        local: &Value,
        protection: Protection,
        loading: &mut Loading<'_>,
    ) -> Result<bool, RdfError> {
        loading.spend(1)?;
        match local {
            Value::Null => {
                let protected = self.terms.iter().filter(|(_, definition)| definition.protected);
                if let (Protection::Respected, Some(term)) =
                    (protection, protected.map(|(term, _)| term).min())
                {
                    return Err(RdfError::ProtectedTerm(term.to_string()));
                }
                *self = Self::default();
                Ok(true)
            }
            Value::Array(items) => {
                let mut cleared = false;
                for item in items {
                    if item.is_array() {
                        return Err(invalid("a list of contexts cannot hold a list"));
                    }
                    cleared |= self.apply(item, protection, loading)?;
                }
                Ok(cleared)
            }
            Value::String(url) => {
                if loading.remote.len() >= CONTEXTS_DEEP || loading.remote.contains(url) {
                    return Err(invalid(format!("{url} leads back to itself")));
                }
                let contexts = loading.contexts;
                let known = contexts.find(url).ok_or_else(|| RdfError::UnknownContext(url.clone()))?;
                loading.remote.push(url.clone());
                let cleared = self.apply(known, Protection::Respected, loading)?;
                loading.remote.pop();
                Ok(cleared)
            }
            Value::Object(map) => {
                loading.spend(size(local))?;
                self.apply_object(map, protection)?;
                Ok(false)
            }
            Value::Bool(_) | Value::Number(_) => Err(invalid("a context is a URL, an object or null")),
        }
    }

    fn apply_object(&mut self, local: &Map<String, Value>, protection: Protection) -> Result<(), RdfError> {
        match local.get("@version") {
            None => {}
            Some(version) if version.as_f64() == Some(1.1) => {}
            Some(_) => return Err(invalid("@version is 1.1")),
        }
        if local.contains_key("@import") {
            return Err(RdfError::Unsupported("@import in a context"));
        }
        match local.get("@base") {
            None | Some(Value::Null) => {}
            Some(_) => return Err(RdfError::Unsupported("@base in a context")),
        }
        let protected = match local.get("@protected") {
            None => false,
            Some(Value::Bool(said)) => *said,
            Some(_) => return Err(invalid("@protected is true or false")),
        };
        let mut frame = Frame { local, defined: HashMap::new(), protected, protection, waiting: 0 };
        self.apply_defaults(&mut frame)?;
        for term in local.keys() {
            let own = [
                "@base",
                "@direction",
                "@import",
                "@language",
                "@propagate",
                "@protected",
                "@version",
                "@vocab",
            ];
            if !own.contains(&term.as_str()) {
                self.define(&mut frame, term)?;
            }
        }
        Ok(())
    }

    fn apply_defaults<'a>(&mut self, frame: &mut Frame<'a>) -> Result<(), RdfError> {
        let local: &'a Map<String, Value> = frame.local;
        match local.get("@vocab") {
            None => {}
            Some(Value::Null) => self.vocab = None,
            Some(Value::String(vocab)) => {
                let Mapping::Iri(iri) = self.expand(frame, vocab)? else {
                    return Err(invalid("@vocab is an absolute IRI"));
                };
                self.vocab = Some(iri);
            }
            Some(_) => return Err(invalid("@vocab is an absolute IRI or null")),
        }
        match local.get("@language") {
            None => {}
            Some(Value::Null) => self.language = None,
            Some(Value::String(tag)) if is_language_tag(tag) => {
                self.language = Some(tag.to_ascii_lowercase().into());
            }
            Some(_) => return Err(invalid("@language is a BCP 47 language tag or null")),
        }
        if let Some(direction) = local.get("@direction") {
            self.direction = parse_direction(direction)?;
        }
        Ok(())
    }

    /// IRI expansion inside a context: terms used on the way are defined first.
    fn expand<'a>(&mut self, frame: &mut Frame<'a>, value: &'a str) -> Result<Mapping, RdfError> {
        if let Some(keyword) = Keyword::parse(value) {
            return Ok(Mapping::Keyword(keyword));
        }
        if looks_like_keyword(value) {
            return Ok(Mapping::Nothing);
        }
        if frame.local.contains_key(value) && frame.defined.get(value) != Some(&true) {
            self.define(frame, value)?;
        }
        if let Some(definition) = self.terms.get(value) {
            return Ok(definition.mapping.clone());
        }
        if let Some((prefix, suffix)) = split_compact(value) {
            if prefix == "_" || suffix.starts_with("//") {
                return Ok(Mapping::Iri(value.into()));
            }
            if frame.local.contains_key(prefix) && frame.defined.get(prefix) != Some(&true) {
                self.define(frame, prefix)?;
            }
            if let Some(definition) = self.terms.get(prefix)
                && let (true, Mapping::Iri(iri)) = (definition.prefix, &definition.mapping)
            {
                return Ok(Mapping::Iri(format!("{iri}{suffix}").into()));
            }
            if is_absolute_iri(value) {
                return Ok(Mapping::Iri(value.into()));
            }
        }
        match &self.vocab {
            Some(vocab) => Ok(Mapping::Iri(format!("{vocab}{value}").into())),
            None => Err(invalid(format!("\"{value}\" is not an absolute IRI"))),
        }
    }

    fn define<'a>(&mut self, frame: &mut Frame<'a>, term: &'a str) -> Result<(), RdfError> {
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
            return Ok(());
        }
        if frame.waiting >= DEFINITIONS_DEEP {
            return Err(invalid("its definitions depend on each other in too long a chain"));
        }
        frame.defined.insert(term, false);
        let previous = self.terms.remove(term);
        frame.waiting += 1;
        let definition = self.definition(frame, term, value)?;
        frame.waiting -= 1;
        let Some(mut definition) = definition else {
            frame.defined.insert(term, true);
            return Ok(());
        };
        if let (Protection::Respected, Some(previous)) = (frame.protection, &previous)
            && previous.protected
        {
            if !definition.same_meaning(previous) {
                return Err(RdfError::ProtectedTerm(term.to_string()));
            }
            definition.protected = true;
        }
        self.terms.insert(term.into(), Arc::new(definition));
        frame.defined.insert(term, true);
        Ok(())
    }

    /// `None` for definitions that are to be ignored (their IRI looks like a future keyword).
    fn definition<'a>(
        &mut self,
        frame: &mut Frame<'a>,
        term: &'a str,
        value: &'a Value,
    ) -> Result<Option<Definition>, RdfError> {
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
        };
        let map = match value {
            Value::Null => return Ok(Some(definition)),
            Value::String(iri) => {
                return Ok(self
                    .map_term(frame, term, Some(iri), &mut definition, true)?
                    .then_some(definition));
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
        if let Some(reverse) = map.get("@reverse") {
            let iri =
                reverse.as_str().ok_or_else(|| invalid(format!("@reverse of \"{term}\" is not text")))?;
            if map.contains_key("@id") || map.contains_key("@nest") {
                return Err(invalid(format!("\"{term}\" has @reverse together with @id or @nest")));
            }
            definition.reverse = true;
            definition.mapping = self.expand(frame, iri)?;
        } else {
            match map.get("@id") {
                Some(Value::Null) => {}
                Some(Value::String(iri)) => {
                    if !self.map_term(frame, term, Some(iri), &mut definition, false)? {
                        return Ok(None);
                    }
                }
                None => {
                    self.map_term(frame, term, None, &mut definition, false)?;
                }
                Some(_) => return Err(invalid(format!("@id of \"{term}\" is not text"))),
            }
        }
        finish(term, map, &mut definition)?;
        Ok(Some(definition))
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

    /// Finds the IRI of a term. False if the definition is to be ignored.
    fn map_term<'a>(
        &mut self,
        frame: &mut Frame<'a>,
        term: &'a str,
        id: Option<&'a str>,
        definition: &mut Definition,
        simple: bool,
    ) -> Result<bool, RdfError> {
        if let Some(id) = id.filter(|id| *id != term) {
            if looks_like_keyword(id) && Keyword::parse(id).is_none() {
                return Ok(false);
            }
            let mapping = self.expand(frame, id)?;
            if mapping == Mapping::Keyword(Keyword::Context) {
                return Err(invalid("@context cannot have another name"));
            }
            if let Mapping::Iri(iri) = &mapping {
                let plain = !term.contains(':') && !term.contains('/');
                let open = iri.ends_with([':', '/', '?', '#', '[', ']', '@']) || iri.starts_with("_:");
                definition.prefix = plain && simple && open;
            }
            definition.mapping = mapping;
            return Ok(true);
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
        Ok(true)
    }
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

/// The members of a definition that need no other term.
fn finish(term: &str, map: &Map<String, Value>, definition: &mut Definition) -> Result<(), RdfError> {
    match map.get("@container") {
        None | Some(Value::Null) => {}
        Some(Value::String(one)) => {
            definition.containers = Containers::parse(one).ok_or_else(|| bad_container(term))?;
        }
        Some(Value::Array(several)) => {
            for one in several {
                let flag = one.as_str().and_then(Containers::parse).ok_or_else(|| bad_container(term))?;
                definition.containers = definition.containers.with(flag);
            }
        }
        Some(_) => return Err(bad_container(term)),
    }
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
    for (name, place) in [("@index", &mut definition.index), ("@nest", &mut definition.nest)] {
        match map.get(name) {
            None => {}
            Some(Value::String(text)) => *place = Some(text.as_str().into()),
            Some(_) => return Err(invalid(format!("{name} of \"{term}\" is not text"))),
        }
    }
    match map.get("@prefix") {
        None => {}
        Some(Value::Bool(said)) if !term.contains(':') && !term.contains('/') => definition.prefix = *said,
        Some(_) => return Err(invalid(format!("@prefix of \"{term}\" is not allowed"))),
    }
    Ok(())
}

fn bad_container(term: &str) -> RdfError {
    invalid(format!("@container of \"{term}\" is unknown"))
}

fn parse_direction(value: &Value) -> Result<Option<Box<str>>, RdfError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text == "ltr" || text == "rtl" => Ok(Some(text.as_str().into())),
        _ => Err(invalid("@direction is ltr, rtl or null")),
    }
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

/// A compact IRI's two halves: the colon is not the first character.
pub(super) fn split_compact(value: &str) -> Option<(&str, &str)> {
    let colon = value.get(1..)?.find(':')? + 1;
    Some((&value[..colon], &value[colon + 1..]))
}
