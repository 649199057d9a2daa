//! Context processing (JSON-LD 1.1 API, 4.1).

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::contexts::Contexts;
use super::literal::{is_absolute_iri, is_language_tag};
use super::term::{Definition, Mapping};
use super::term_definition::Frame;
use super::{RdfError, iri};

/// How deep context documents may name each other.
const CONTEXTS_DEEP: usize = 16;

/// What working out a context takes: where contexts come from, the URLs on the way, and what may still be
/// spent, counted in terms copied and values read.
pub(super) struct Loading<'s> {
    contexts: &'s Contexts,
    remote: Vec<String>,
    left: usize,
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
    pub base: Option<Box<str>>,
    pub language: Option<Box<str>>,
    pub direction: Option<Box<str>>,
}

pub(super) fn invalid(reason: impl Into<String>) -> RdfError {
    RdfError::InvalidContext(reason.into())
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

    /// Whether a local context reaches into nested nodes. In a list of contexts `@propagate` may only say
    /// what holds anyway, since some readers heed it there and others do not.
    pub(super) fn propagates(&mut self, local: &Value, inherited: bool) -> Result<bool, RdfError> {
        self.spend(1)?;
        match local {
            Value::Object(map) => match map.get("@propagate") {
                None => Ok(inherited),
                Some(Value::Bool(said)) => Ok(*said),
                Some(_) => Err(invalid("@propagate is true or false")),
            },
            Value::Array(items) => {
                for item in items {
                    if self.propagates(item, inherited)? != inherited {
                        return Err(invalid("@propagate cannot stand in a list of contexts"));
                    }
                }
                Ok(inherited)
            }
            Value::String(url) => {
                // What is wrong with the URL is found out when it is applied.
                let Some(known) = self.contexts.find(url) else { return Ok(inherited) };
                if self.remote.len() >= CONTEXTS_DEEP || self.remote.contains(url) {
                    return Ok(inherited);
                }
                self.remote.push(url.clone());
                let propagates = self.propagates(known, inherited);
                self.remote.pop();
                propagates
            }
            _ => Ok(inherited),
        }
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
                match map.get("@import") {
                    None => self.apply_object(map, protection, !loading.remote.is_empty())?,
                    Some(import) => {
                        let (merged, far) = import_into(map, import, loading)?;
                        self.apply_object(&merged, protection, far)?;
                    }
                }
                Ok(false)
            }
            Value::Bool(_) | Value::Number(_) => Err(invalid("a context is a URL, an object or null")),
        }
    }

    /// `far`: what the context says of the base is from another document.
    fn apply_object(
        &mut self,
        local: &Map<String, Value>,
        protection: Protection,
        far: bool,
    ) -> Result<(), RdfError> {
        match local.get("@version") {
            None => {}
            Some(version) if version.as_f64() == Some(1.1) => {}
            Some(_) => return Err(invalid("@version is 1.1")),
        }
        let protected = match local.get("@protected") {
            None => false,
            Some(Value::Bool(said)) => *said,
            Some(_) => return Err(invalid("@protected is true or false")),
        };
        if !matches!(local.get("@propagate"), None | Some(Value::Bool(_))) {
            return Err(invalid("@propagate is true or false"));
        }
        self.apply_base(local, far)?;
        self.apply_defaults(local)?;
        let mut frame = Frame::new(local, protected, protection);
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

    fn apply_base(&mut self, local: &Map<String, Value>, far: bool) -> Result<(), RdfError> {
        let wrong = || invalid("@base is an absolute IRI, a reference relative to the base before, or null");
        self.base = match local.get("@base") {
            None => return Ok(()),
            Some(Value::Null) => None,
            Some(Value::String(_)) if far => {
                // The specification ignores it, others heed it: what is relative has no certain meaning.
                None
            }
            Some(Value::String(base)) if is_absolute_iri(base) => Some(base.as_str().into()),
            Some(Value::String(base)) => {
                let before = self.base.as_deref().ok_or_else(wrong)?;
                Some(iri::resolve(before, base).ok_or_else(wrong)?.into())
            }
            Some(_) => return Err(wrong()),
        };
        Ok(())
    }

    fn apply_defaults(&mut self, local: &Map<String, Value>) -> Result<(), RdfError> {
        match local.get("@vocab") {
            None => {}
            Some(Value::Null) => self.vocab = None,
            Some(Value::String(vocab)) => {
                let iri = match self.known(vocab) {
                    Some(Mapping::Iri(iri)) => Some(iri),
                    Some(Mapping::Nothing | Mapping::Keyword(_)) => None,
                    None => self.base.as_ref().and_then(|base| iri::resolve(base, vocab)).map(Into::into),
                };
                let absolute = |iri: &str| is_absolute_iri(iri) || iri.starts_with("_:");
                let iri = iri.filter(|iri| absolute(iri) && !vocab.starts_with('@'));
                self.vocab = Some(iri.ok_or_else(|| invalid("@vocab is not an absolute IRI"))?);
            }
            Some(_) => return Err(invalid("@vocab is an IRI or null")),
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
}

/// A context with the one it imports below it (JSON-LD 1.1, 4.1.10), and whether its base is from there.
fn import_into(
    local: &Map<String, Value>,
    import: &Value,
    loading: &mut Loading<'_>,
) -> Result<(Map<String, Value>, bool), RdfError> {
    let Value::String(url) = import else { return Err(invalid("@import is the URL of a context")) };
    let imported = loading.contexts.find(url).ok_or_else(|| RdfError::UnknownContext(url.clone()))?;
    let Value::Object(imported_map) = imported else {
        return Err(invalid(format!("{url} is imported, but is not a single object")));
    };
    if imported_map.contains_key("@import") {
        return Err(invalid(format!("{url} is imported, and imports a context itself")));
    }
    loading.spend(size(imported))?;
    let mut merged = imported_map.clone();
    for (name, value) in local.iter().filter(|(name, _)| *name != "@import") {
        merged.insert(name.clone(), value.clone());
    }
    Ok((merged, !loading.remote.is_empty() || !local.contains_key("@base")))
}

pub(super) fn parse_direction(value: &Value) -> Result<Option<Box<str>>, RdfError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text == "ltr" || text == "rtl" => Ok(Some(text.as_str().into())),
        _ => Err(invalid("@direction is ltr, rtl or null")),
    }
}

/// A compact IRI's two halves: the colon is not the first character.
pub(super) fn split_compact(value: &str) -> Option<(&str, &str)> {
    let colon = value.get(1..)?.find(':')? + 1;
    Some((&value[..colon], &value[colon + 1..]))
}
