//! Small questions about the objects of a document and the context that holds there.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::RdfError;
use super::context::{Change, Context, Entry, Held, Scope};
use super::contexts::Contexts;
use super::define::split_compact;
use super::keyword::Keyword;
use super::literal::is_absolute_iri;
use super::term::{Definition, Mapping};

pub(super) type Members = Map<String, Value>;

/// The context that holds at a place, and what nested nodes fall back to.
#[derive(Clone, Copy)]
pub(super) struct Active<'c> {
    pub context: &'c Context,
    pub previous: Option<&'c Context>,
}

impl<'c> Active<'c> {
    pub(super) fn follow(self, change: &'c Change) -> Self {
        let previous = match (change.propagate, change.cleared) {
            (false, _) => Some(self.previous.unwrap_or(self.context)),
            (true, true) => None,
            (true, false) => self.previous,
        };
        Self { context: &change.context, previous }
    }
}

/// The property a value stands under; `None` for members named by an IRI.
pub(super) type Property<'c> = Option<&'c Entry>;

/// What kind of object a map is, by its keywords.
#[derive(Default)]
pub(super) struct Shape<'v> {
    pub value: Option<&'v Value>,
    pub list: Option<&'v Value>,
    pub set: Option<&'v Value>,
    pub id: Option<&'v Value>,
    /// Members that say something about a node besides its name.
    pub says: usize,
    pub graph_only: bool,
}

/// Leaves a type-scoped context behind, unless the map is a value or a mere reference.
pub(super) fn revert<'c>(active: Active<'c>, map: &Members) -> (Active<'c>, bool) {
    let Some(previous) = active.previous else { return (active, false) };
    let keyword = |name: &String| active.context.keyword(name);
    let reference = map.len() == 1 && map.keys().next().and_then(keyword) == Some(Keyword::Id);
    if reference || map.keys().any(|name| keyword(name) == Some(Keyword::Value)) {
        return (active, false);
    }
    (Active { context: previous, previous: None }, true)
}

pub(super) fn types<'v>(context: &Context, map: &'v Members) -> Result<Vec<&'v str>, RdfError> {
    let mut types = Vec::new();
    for (name, value) in map {
        if context.keyword(name) != Some(Keyword::Type) {
            continue;
        }
        let several = if let Value::Array(items) = value { items } else { std::slice::from_ref(value) };
        for item in several {
            types.push(item.as_str().ok_or_else(|| RdfError::Malformed("a type is text".into()))?);
        }
    }
    types.sort_unstable();
    Ok(types)
}

pub(super) fn scoped_by_type<'c>(
    context: &'c Context,
    types: &[&str],
    contexts: &Contexts,
    left: &mut usize,
) -> Result<Option<Held<'c>>, RdfError> {
    let mut current: Option<Held<'c>> = None;
    for name in types {
        let Some(entry) = context.get(name).filter(|entry| entry.definition.context.is_some()) else {
            continue;
        };
        current = match current {
            None => context.scoped(entry, Scope::Type, contexts, left)?,
            Some(Held::Kept(change)) => next_type(&change.context, entry, name, contexts, left)?,
            Some(Held::Fresh(change)) => next_type(&change.context, entry, name, contexts, left)?
                .map(|held| Held::Fresh(held.change().clone())),
        };
    }
    Ok(current)
}

/// One more type on the same node: prefers the entry that keeps what it derives.
fn next_type<'c>(
    context: &'c Context,
    entry: &'c Entry,
    name: &str,
    contexts: &Contexts,
    left: &mut usize,
) -> Result<Option<Held<'c>>, RdfError> {
    let own = context.get(name).filter(|own| Arc::ptr_eq(&own.definition, &entry.definition));
    context.scoped(own.unwrap_or(entry), Scope::Type, contexts, left)
}

pub(super) fn shape<'v>(context: &Context, map: &'v Members) -> Shape<'v> {
    let mut shape = Shape { graph_only: true, ..Shape::default() };
    for (name, value) in map {
        let keyword = context.keyword(name);
        shape.says += usize::from(!matches!(keyword, Some(Keyword::Context | Keyword::Id)));
        shape.graph_only &= matches!(keyword, Some(Keyword::Context | Keyword::Graph));
        match keyword {
            Some(Keyword::Value) => shape.value = Some(value),
            Some(Keyword::List) => shape.list = Some(value),
            Some(Keyword::Set) => shape.set = Some(value),
            Some(Keyword::Id) => shape.id = Some(value),
            _ => {}
        }
    }
    shape.graph_only &= shape.says > 0;
    shape
}

pub(super) fn prefix_of(definition: &Definition) -> Option<&str> {
    match (&definition.mapping, definition.prefix) {
        (Mapping::Iri(iri), true) => Some(iri),
        _ => None,
    }
}

/// The IRI of a member's name, and its entry if it is a term.
pub(super) fn resolve<'c>(
    context: &'c Context,
    name: &str,
) -> Result<(Cow<'c, str>, Property<'c>), RdfError> {
    let undefined = || RdfError::UndefinedTerm(name.to_owned());
    if let Some(entry) = context.get(name) {
        let Mapping::Iri(iri) = &entry.definition.mapping else { return Err(undefined()) };
        if !entry.clean {
            return Err(RdfError::DataLoss(format!("\"{name}\" does not stand for an absolute IRI")));
        }
        return Ok((Cow::Borrowed(iri), Some(entry)));
    }
    let iri = match (split_compact(name), &context.vocab) {
        (Some((prefix, suffix)), _) => {
            let known = context.get(prefix).and_then(|entry| prefix_of(&entry.definition));
            match known.filter(|_| !suffix.starts_with("//")) {
                Some(iri) => format!("{iri}{suffix}"),
                None => name.to_owned(),
            }
        }
        (None, Some(vocab)) => format!("{vocab}{name}"),
        (None, None) => return Err(undefined()),
    };
    if !is_absolute_iri(&iri) {
        return Err(undefined());
    }
    Ok((Cow::Owned(iri), None))
}
