//! One pass over a JSON-LD document that writes its quads down (JSON-LD 1.1 API: expansion, node map
//! generation and RDF conversion together), in safe mode.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::RdfError;
use super::active_context::{self, Active, Property, resolve, revert, scoped_by_type, types};
use super::containers::refuse_value;
use super::context::{self, Context, Scope};
use super::contexts::Contexts;
use super::dataset::{Dataset, MOST_BYTES, TermId};
use super::keyword::{Keyword, looks_like_keyword};
use super::literal;
use super::node_shape::{Members, Place, nested, several, shape};
use super::plain::{ReadAs, Reading, bare};
use super::plain_names::is_word_plain;
use super::term::{Coercion, Definition, Setting};
use super::traced::Nodes;

/// Nesting beyond this is refused: real documents have a dozen levels, and stacks are finite.
const DEPTH: usize = 64;
/// What may be spent on contexts written inside the document, or derived for it alone.
pub(super) const CONTEXTS: usize = 1_000_000;
const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

pub(super) struct Expander<'s> {
    pub data: Dataset,
    pub labels: HashMap<String, TermId>,
    pub rdf_type: TermId,
    /// Values found and not yet used, a stack shared by all levels.
    pub stack: Vec<TermId>,
    depth: usize,
    pub contexts: &'s Contexts,
    /// What may still be spent on contexts made for this document alone.
    pub left: usize,
    /// The member of the outermost object that is left out.
    skipped: Option<&'s str>,
    /// The document is one object.
    single: bool,
    /// The nodes met, if somebody wants to find them again.
    nodes: Option<Nodes>,
    /// What those who read members by name would miss.
    pub reading: Reading,
}

pub(super) fn document(document: &Value, contexts: &Contexts) -> Result<Dataset, RdfError> {
    let mut expander = Expander::new(None, contexts);
    let active = Active { context: context::initial(), previous: None };
    expander.single = document.is_object();
    expander.nodes(active, document, TermId::DEFAULT_GRAPH)?;
    Ok(expander.data)
}

pub(super) fn object_without(
    document: &Members,
    member: &str,
    contexts: &Contexts,
) -> Result<Dataset, RdfError> {
    let mut expander = Expander::new(Some(member).filter(|member| !member.is_empty()), contexts);
    let active = Active { context: context::initial(), previous: None };
    expander.node(active, document, TermId::DEFAULT_GRAPH)?;
    Ok(expander.data)
}

/// Also says what somebody would miss who reads the document by its members' names, if there is anything.
pub(super) fn read_without(
    document: &Members,
    member: &str,
    contexts: &Contexts,
    read_as: ReadAs,
) -> Result<(Dataset, Option<String>), RdfError> {
    let mut expander = Expander::new(Some(member).filter(|member| !member.is_empty()), contexts);
    expander.reading = Reading::of(read_as);
    let active = Active { context: context::initial(), previous: None };
    expander.node(active, document, TermId::DEFAULT_GRAPH)?;
    let hidden = expander.reading.finish(&expander.data);
    Ok((expander.data, hidden))
}

/// Also gives the blank nodes by the labels the document uses, and every node met.
pub(super) fn traced_without(
    document: &Members,
    member: &str,
    contexts: &Contexts,
) -> Result<(Dataset, HashMap<String, TermId>, Nodes), RdfError> {
    let mut expander = Expander::new(Some(member).filter(|member| !member.is_empty()), contexts);
    expander.nodes = Some(Nodes::default());
    let active = Active { context: context::initial(), previous: None };
    expander.node(active, document, TermId::DEFAULT_GRAPH)?;
    Ok((expander.data, expander.labels, expander.nodes.unwrap_or_default()))
}

impl<'s> Expander<'s> {
    fn new(skipped: Option<&'s str>, contexts: &'s Contexts) -> Self {
        let mut data = Dataset::with_capacity(8 * 1024, 128);
        let rdf_type = data.iri(RDF_TYPE);
        Self {
            data,
            labels: HashMap::new(),
            rdf_type,
            stack: Vec::new(),
            depth: 0,
            contexts,
            left: CONTEXTS,
            skipped,
            single: true,
            nodes: None,
            reading: Reading::default(),
        }
    }

    /// Free-standing nodes: a whole document, or what stands under `@graph` and `@included`.
    fn nodes(&mut self, active: Active<'_>, value: &Value, graph: TermId) -> Result<(), RdfError> {
        match value {
            Value::Array(items) => {
                let mut items = items.iter().filter(|item| !item.is_null());
                items.try_for_each(|item| self.nodes(active, item, graph))
            }
            Value::Object(map) => self.node(active, map, graph),
            _ => Err(RdfError::Malformed("a document is an object or a list of objects".into())),
        }
    }

    fn node(&mut self, active: Active<'_>, map: &Members, graph: TermId) -> Result<(), RdfError> {
        let before = self.data.quads.len();
        let mark = self.stack.len();
        self.map(active, None, map, graph, &Place::FREE)?;
        self.stack.truncate(mark);
        if self.data.quads.len() == before {
            return Err(RdfError::DataLoss("a node that says nothing".into()));
        }
        Ok(())
    }

    /// Pushes the terms a value stands for.
    pub(super) fn terms(
        &mut self,
        active: Active<'_>,
        property: Property<'_>,
        value: &Value,
        graph: TermId,
        place: &Place,
    ) -> Result<(), RdfError> {
        match value {
            Value::Null => Ok(()),
            Value::Array(items) => {
                self.reading.several(items);
                items.iter().try_for_each(|item| self.terms(active, property, item, graph, place))
            }
            Value::Object(map) => self.map(active, property, map, graph, place),
            scalar => {
                self.reading.bent = false;
                match property {
                    None => self.scalar(active.context, None, scalar)?,
                    Some(entry) => {
                        let definition = Some(&entry.definition);
                        match active.context.scoped(entry, Scope::Property, self.contexts, &mut self.left)? {
                            None => self.scalar(active.context, definition, scalar)?,
                            Some(held) => self.scalar(&held.change().context, definition, scalar)?,
                        }
                    }
                }
                self.read_scalar(property, scalar, graph);
                self.fit_scalar(graph, place)
            }
        }
    }

    fn map(
        &mut self,
        active: Active<'_>,
        property: Property<'_>,
        map: &Members,
        graph: TermId,
        place: &Place,
    ) -> Result<(), RdfError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(RdfError::TooDeep(DEPTH));
        }
        let (active, reverted) = if place.keyed { (active, false) } else { revert(active, map) };
        let scope = if reverted { Scope::PropertyReverted } else { Scope::Property };
        let (contexts, left) = (self.contexts, &mut self.left);
        let below = property.map_or(Ok(None), |entry| active.context.scoped(entry, scope, contexts, left))?;
        let active = below.as_ref().map_or(active, |held| active.follow(held.change()));
        let written =
            map.get("@context").map(|local| active.context.after(local, contexts, left)).transpose()?;
        let active = written.as_ref().map_or(active, |change| active.follow(change));
        let types = types(active.context, map)?;
        let typed = scoped_by_type(active.context, &types, contexts, left)?;
        let inside = typed.as_ref().map_or(active, |held| active.follow(held.change()));
        self.object(inside, active.context, &types, property, map, graph, place)?;
        self.depth -= 1;
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the places of one object; bundling them would only rename them"
    )]
    fn object(
        &mut self,
        active: Active<'_>,
        naming: &Context,
        types: &[&str],
        property: Property<'_>,
        map: &Members,
        graph: TermId,
        place: &Place,
    ) -> Result<(), RdfError> {
        let skipped = self.skipped.filter(|_| self.depth == 1);
        let mut shape = shape(active.context, map, skipped)?;
        if shape.value.is_some() {
            self.reading.value(map);
            refuse_value(place)?;
            return self.value_object(active.context, naming, map);
        }
        if shape.list.is_some() || shape.set.is_some() {
            self.reading.container();
        }
        if let Some(list) = shape.list {
            refuse_value(place)?;
            return self.list_object(active, property, list, &shape, graph);
        }
        if let Some(set) = shape.set {
            if set.is_null() || !shape.only(&[Keyword::Set]) {
                return Err(RdfError::Malformed("@set holds values, and stands alone".into()));
            }
            if place.free {
                return self.nodes(active, set, graph);
            }
            return self.terms(active, property, set, graph, &Place { keyed: false, ..*place });
        }
        let nested = nested(active.context, map, &mut shape)?;
        let outer = graph;
        let own = self.own_graph(&shape, place);
        let graph = own.unwrap_or(outer);
        let before = self.data.quads.len();
        self.reading.bent = false;
        let subject = match shape.id {
            Some(Value::String(id)) => self.reference(naming, id)?,
            Some(_) => return Err(RdfError::Malformed("an id is text".into())),
            None if place.free && self.single && self.depth == 1 && shape.only(&[Keyword::Graph]) => graph,
            None => place.id.filter(|_| own.is_none()).unwrap_or_else(|| self.data.fresh_blank()),
        };
        if let Some(nodes) = &mut self.nodes {
            nodes.note(map, subject, active.context);
        }
        let outside = self.reading.step_in(subject, graph, map, types);
        if place.free && shape.says() == 0 && shape.id.is_some() {
            return Err(RdfError::DataLoss("a node that only has an id".into()));
        }
        for name in types {
            let object = self.type_term(naming, name)?;
            self.read_type(naming, name, object);
            self.data.add(subject, self.rdf_type, object, graph);
        }
        for map in nested {
            for name in active_context::types(active.context, map)? {
                let object = self.type_term(naming, name)?;
                self.data.add(subject, self.rdf_type, object, graph);
            }
        }
        self.members(active, subject, map, graph, skipped)?;
        self.reading.step_out(outside, before..self.data.quads.len());
        if own.is_some() && self.data.quads.len() == before {
            return Err(RdfError::DataLoss("a graph that says nothing".into()));
        }
        self.fit_node(own.unwrap_or(subject), outer, place)
    }

    fn members(
        &mut self,
        active: Active<'_>,
        subject: TermId,
        map: &Members,
        graph: TermId,
        skipped: Option<&str>,
    ) -> Result<(), RdfError> {
        for (name, value) in map {
            if skipped == Some(name) {
                continue;
            }
            let keyword = active.context.keyword(name);
            self.reading.keyword(name, keyword);
            match keyword {
                None if looks_like_keyword(name) => return Err(RdfError::UndefinedTerm(name.clone())),
                None => self.member(active, subject, name, value, graph)?,
                Some(Keyword::Context | Keyword::Id | Keyword::Type) => {}
                Some(Keyword::Graph) => self.nodes(active, value, subject)?,
                Some(Keyword::Included) => self.nodes(active, value, graph)?,
                Some(Keyword::Reverse) => self.reverse(active, subject, value, graph)?,
                Some(Keyword::Nest) => {
                    let way = self.reading.nest();
                    for item in several(value) {
                        let Value::Object(item) = item else {
                            return Err(RdfError::Malformed("@nest holds objects".into()));
                        };
                        self.members(active, subject, item, graph, None)?;
                    }
                    self.reading.unnest(way);
                }
                Some(Keyword::Index) => {
                    return Err(RdfError::DataLoss("@index is not part of the data".into()));
                }
                Some(_) => return Err(RdfError::Malformed(format!("{name} cannot stand in a node"))),
            }
        }
        Ok(())
    }

    fn reverse(
        &mut self,
        active: Active<'_>,
        subject: TermId,
        value: &Value,
        graph: TermId,
    ) -> Result<(), RdfError> {
        let Value::Object(map) = value else {
            return Err(RdfError::Malformed("@reverse holds an object".into()));
        };
        let (active, _) = revert(active, map);
        for (name, value) in map {
            if active.context.keyword(name).is_some() || looks_like_keyword(name) {
                return Err(RdfError::Malformed("@reverse holds properties only".into()));
            }
            let (iri, entry) = resolve(active.context, name)?;
            let mark = self.stack.len();
            let place = Place { nodes_only: true, ..Place::VALUE };
            match entry {
                Some(entry) => self.contained(active, entry, value, graph, place)?,
                None => self.terms(active, None, value, graph, &place)?,
            }
            let forward = entry.is_some_and(|entry| entry.definition.reverse);
            self.emit(mark, subject, &iri, graph, !forward)?;
        }
        Ok(())
    }

    fn member(
        &mut self,
        active: Active<'_>,
        subject: TermId,
        name: &str,
        value: &Value,
        graph: TermId,
    ) -> Result<(), RdfError> {
        let (iri, entry) = resolve(active.context, name)?;
        self.reading.enter(name, &iri, entry.map(|entry| entry.definition.pin));
        let mark = self.stack.len();
        let reverse = entry.is_some_and(|entry| entry.definition.reverse);
        match entry {
            Some(entry) => {
                let place = Place { nodes_only: reverse, ..Place::VALUE };
                self.contained(active, entry, value, graph, place)?;
            }
            None => self.terms(active, None, value, graph, &Place::VALUE)?,
        }
        self.emit(mark, subject, &iri, graph, reverse)
    }

    /// Writes a quad for every term on the stack above the mark.
    fn emit(
        &mut self,
        mark: usize,
        subject: TermId,
        iri: &str,
        graph: TermId,
        reverse: bool,
    ) -> Result<(), RdfError> {
        if self.stack.len() == mark {
            return Ok(());
        }
        if self.data.bytes() > MOST_BYTES {
            return Err(RdfError::TooComplex);
        }
        let predicate = self.data.iri(iri);
        for at in mark..self.stack.len() {
            let object = self.stack[at];
            if !reverse {
                self.data.add(subject, predicate, object, graph);
            } else if self.data.text(object).starts_with('"') {
                return Err(RdfError::Malformed("a reverse property holds nodes only".into()));
            } else {
                self.data.add(object, predicate, subject, graph);
            }
        }
        self.stack.truncate(mark);
        Ok(())
    }

    fn read_scalar(&mut self, property: Property<'_>, value: &Value, graph: TermId) {
        let (Some(term), Value::String(text)) = (self.stack.last().copied(), value) else { return };
        if self.reading.at.is_some() {
            let word = property.is_some_and(|entry| entry.definition.coercion == Coercion::Vocab);
            self.reading.text(text, self.data.text(term), word);
            self.reading.reference(term, graph);
        }
    }

    fn read_type(&mut self, naming: &Context, name: &str, kind: TermId) {
        if self.reading.role.is_none() {
            return;
        }
        let plain = match naming.get(name) {
            Some(entry) => entry.definition.plain_word,
            None => is_word_plain(name, bare(self.data.text(kind))),
        };
        self.reading.kind(name, plain);
    }

    pub(super) fn scalar(
        &mut self,
        context: &Context,
        definition: Option<&Arc<Definition>>,
        value: &Value,
    ) -> Result<(), RdfError> {
        let coercion = definition.map_or(&Coercion::Absent, |definition| &definition.coercion);
        let term = match (value, coercion) {
            (Value::String(text), Coercion::Id) => self.reference(context, text)?,
            (Value::String(text), Coercion::Vocab) => self.type_term(context, text)?,
            (Value::String(text), Coercion::Datatype(datatype)) => self.data.typed(text, datatype),
            (Value::String(text), _) => {
                let setting = |pick: fn(&Definition) -> &Setting| {
                    definition.map_or(&Setting::Absent, |definition| pick(definition))
                };
                let direction = setting(|definition| &definition.direction).or(context.direction.as_deref());
                let language = setting(|definition| &definition.language).or(context.language.as_deref());
                self.data.text_in(text, language, direction)
            }
            (other, Coercion::Datatype(datatype)) => self.native(other, Some(datatype)),
            (other, _) => self.native(other, None),
        };
        self.stack.push(term);
        Ok(())
    }

    /// A number or a boolean.
    pub(super) fn native(&mut self, value: &Value, datatype: Option<&str>) -> TermId {
        match value {
            Value::Bool(truth) => {
                let text = if *truth { "true" } else { "false" };
                self.data.typed(text, datatype.unwrap_or(literal::XSD_BOOLEAN))
            }
            Value::Number(number) => {
                let (text, default) = literal::number(number, datatype);
                self.data.typed(&text, datatype.unwrap_or(default))
            }
            other => self.data.typed(&literal::json(other), datatype.unwrap_or(literal::RDF_JSON)),
        }
    }
}
