//! The objects of a document: what is asked of one where it stands, and what kind its keywords make it.

use serde_json::{Map, Value};

use super::RdfError;
use super::context::Context;
use super::dataset::TermId;
use super::keyword::Keyword;
use super::term::Coercion;

pub(super) type Members = Map<String, Value>;

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
