//! The context that is active at a node: left behind, changed by types, asked for the IRI of a name.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::RdfError;
use super::context::{Change, ChangeRef, Context, Entry, Scope};
use super::context_builder::split_compact;
use super::contexts::Contexts;
use super::keyword::Keyword;
use super::literal::is_absolute_iri;
use super::node_shape::Members;
use super::term::{Definition, Mapping};

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

/// The types of a node, sorted as type-scoped contexts are applied.
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

/// What the type-scoped contexts of a node's types change, one upon the other.
pub(super) fn scoped_by_type<'c>(
    context: &'c Context,
    types: &[&str],
    contexts: &Contexts,
    left: &mut usize,
) -> Result<Option<ChangeRef<'c>>, RdfError> {
    let mut current: Option<ChangeRef<'c>> = None;
    for name in types {
        let Some(entry) = context.get(name).filter(|entry| entry.definition.context.is_some()) else {
            continue;
        };
        current = match current {
            None => context.scoped(entry, Scope::Type, contexts, left)?,
            Some(ChangeRef::Kept(change)) => next_type(&change.context, entry, name, contexts, left)?,
            Some(ChangeRef::Fresh(change)) => next_type(&change.context, entry, name, contexts, left)?
                .map(|held| ChangeRef::Fresh(held.change().clone())),
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
) -> Result<Option<ChangeRef<'c>>, RdfError> {
    let own = context.get(name).filter(|own| Arc::ptr_eq(&own.definition, &entry.definition));
    context.scoped(own.unwrap_or(entry), Scope::Type, contexts, left)
}

/// What a term stands for as a prefix, if it may be one.
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
        (Some((prefix, suffix)), _) if prefix != "_" => {
            let known = context.get(prefix).and_then(|entry| prefix_of(&entry.definition));
            match (known.filter(|_| !suffix.starts_with("//")), &context.vocab) {
                (Some(iri), _) => format!("{iri}{suffix}"),
                (None, Some(vocab)) if !is_absolute_iri(name) => format!("{vocab}{name}"),
                (None, _) => name.to_owned(),
            }
        }
        (None, Some(vocab)) => format!("{vocab}{name}"),
        (Some(_), Some(_)) => return Err(undefined()),
        (_, None) => return Err(undefined()),
    };
    if !is_absolute_iri(&iri) {
        return Err(undefined());
    }
    Ok((Cow::Owned(iri), None))
}
