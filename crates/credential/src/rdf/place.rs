//! Small questions about the objects of a document and the context that holds there.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::RdfError;
use super::context::{Change, Context, Entry, Held, Scope};
use super::contexts::Contexts;
use super::dataset::TermId;
use super::define::split_compact;
use super::keyword::Keyword;
use super::literal::is_absolute_iri;
use super::term::{Coercion, Definition, Mapping};

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

/// What is asked of a value where it stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// A node of the document, of `@graph` or `@included`, which no property leads to.
    pub free: bool,
    /// Only nodes can stand here: the property is reversed.
    pub nodes_only: bool,
    /// Under a key of a map: a type-scoped context reaches into it.
    pub keyed: bool,
    /// What the key says: the node's name,
    pub id: Option<TermId>,
    /// one more type of it,
    pub kind: Option<TermId>,
    /// or a predicate and an object it has.
    pub property: Option<(TermId, TermId)>,
    pub wrap: Wrap,
}

/// Whether a value becomes a graph of its own (`@container: @graph`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Wrap {
    #[default]
    Never,
    Always,
    /// Unless it is a graph already.
    Once,
}

impl Place {
    pub(super) const VALUE: Self = Self {
        free: false,
        nodes_only: false,
        keyed: false,
        id: None,
        kind: None,
        property: None,
        wrap: Wrap::Never,
    };
    pub(super) const FREE: Self = Self { free: true, ..Self::VALUE };

    /// True if only a node, which has a name and properties, can stand here.
    pub(super) fn wants_node(&self) -> bool {
        self.nodes_only || self.id.is_some() || self.kind.is_some() || self.property.is_some()
    }
}

/// What kind of object a map is, by its keywords.
#[derive(Default)]
pub(super) struct Shape<'v> {
    pub value: Option<&'v Value>,
    pub list: Option<&'v Value>,
    pub set: Option<&'v Value>,
    pub id: Option<&'v Value>,
    keywords: u32,
    properties: usize,
}

impl Shape<'_> {
    /// Members that say something about a node besides its name.
    pub(super) fn says(&self) -> usize {
        let naming = Keyword::Context.bit() | Keyword::Id.bit();
        self.properties + (self.keywords & !naming).count_ones() as usize
    }

    pub(super) fn has(&self, keyword: Keyword) -> bool {
        self.keywords & keyword.bit() != 0
    }

    /// True if there is nothing but these keywords.
    pub(super) fn only(&self, keywords: &[Keyword]) -> bool {
        let allowed = keywords.iter().fold(Keyword::Context.bit(), |all, keyword| all | keyword.bit());
        self.properties == 0 && self.keywords & !allowed == 0
    }
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

/// Fails if two members stand for the same keyword.
pub(super) fn shape<'v>(
    context: &Context,
    map: &'v Members,
    skipped: Option<&str>,
) -> Result<Shape<'v>, RdfError> {
    let mut shape = Shape::default();
    shape.add(context, map, skipped)?;
    Ok(shape)
}

impl<'v> Shape<'v> {
    fn add(&mut self, context: &Context, map: &'v Members, skipped: Option<&str>) -> Result<(), RdfError> {
        let repeated = [Keyword::Context, Keyword::Type, Keyword::Included, Keyword::Nest];
        let repeated = repeated.iter().fold(0, |all, keyword| all | keyword.bit());
        for (name, value) in map {
            if skipped == Some(name) {
                continue;
            }
            let Some(keyword) = context.keyword(name) else {
                // What is null is as good as absent, but for JSON.
                let absent = value.is_null()
                    && context.get(name).is_none_or(|entry| entry.definition.coercion != Coercion::Json);
                self.properties += usize::from(!absent);
                continue;
            };
            if self.keywords & keyword.bit() & !repeated != 0 {
                return Err(RdfError::Malformed(format!("several members stand for {name}")));
            }
            self.keywords |= keyword.bit();
            match keyword {
                Keyword::Value => self.value = Some(value),
                Keyword::List => self.list = Some(value),
                Keyword::Set => self.set = Some(value),
                Keyword::Id => self.id = Some(value),
                _ => {}
            }
        }
        Ok(())
    }
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

/// A value that may be one or a list.
pub(super) fn several(value: &Value) -> &[Value] {
    if let Value::Array(items) = value { items } else { std::slice::from_ref(value) }
}

/// The objects under `@nest`, at all levels. Their members count as the node's own.
pub(super) fn nested<'v>(
    context: &Context,
    map: &'v Members,
    shape: &mut Shape<'v>,
) -> Result<Vec<&'v Members>, RdfError> {
    let mut found = Vec::new();
    if !shape.has(Keyword::Nest) {
        return Ok(found);
    }
    let mut open = vec![map];
    while let Some(map) = open.pop() {
        for (name, value) in map {
            if context.keyword(name) != Some(Keyword::Nest) {
                continue;
            }
            if context.get(name).is_some_and(|entry| entry.definition.context.is_some()) {
                return Err(RdfError::Unsupported("a name for @nest that has a context of its own"));
            }
            let objects = several(value).iter().filter_map(Value::as_object);
            for inner in objects {
                shape.add(context, inner, None)?;
                found.push(inner);
                open.push(inner);
            }
        }
    }
    if shape.value.is_some() || shape.list.is_some() || shape.set.is_some() {
        return Err(RdfError::Malformed("@nest holds members of a node only".into()));
    }
    Ok(found)
}
