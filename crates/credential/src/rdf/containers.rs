//! Value objects, lists, and the containers a term can ask for.

use serde_json::{Map, Value};

use super::RdfError;
use super::active_context::{Active, Property, resolve, scoped_by_type};
use super::context::{Context, Entry};
use super::dataset::TermId;
use super::expand::Expander;
use super::keyword::Keyword;
use super::literal::{self, is_absolute_iri, is_language_tag};
use super::node_shape::{Place, Shape, Wrap, several};
use super::term::{Coercion, Containers};

const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";

impl Expander<'_> {
    /// The terms of a member's value, as the term's container and type say.
    pub(super) fn contained(
        &mut self,
        active: Active<'_>,
        entry: &Entry,
        value: &Value,
        graph: TermId,
        place: Place,
    ) -> Result<(), RdfError> {
        let containers = entry.definition.containers;
        if entry.definition.coercion == Coercion::Json {
            refuse_value(&place)?;
            let term = self.data.typed(&literal::json(value), literal::RDF_JSON);
            self.stack.push(term);
            return Ok(());
        }
        match value {
            Value::Null => Ok(()),
            Value::Object(map) if containers.has(Containers::LANGUAGE) => {
                self.language_map(active.context, entry, map)
            }
            Value::Object(map) if containers.is_keyed() => self.keyed_map(active, entry, map, graph, place),
            _ if containers.has(Containers::LIST) => {
                refuse_value(&place)?;
                self.list_container(active, entry, value, graph)
            }
            _ if containers.has(Containers::GRAPH) && containers.is_keyed() => {
                Err(RdfError::Malformed("graphs by their names stand in an object".into()))
            }
            _ if containers.has(Containers::GRAPH) => {
                self.terms(active, Some(entry), value, graph, &Place { wrap: Wrap::Always, ..place })
            }
            _ => self.terms(active, Some(entry), value, graph, &place),
        }
    }

    /// `@container: @index`, `@id` or `@type`: every key says something about the values under it. With
    /// plain `@index` it is a note of the context's author's for programs, which is not part of the data.
    fn keyed_map(
        &mut self,
        active: Active<'_>,
        entry: &Entry,
        map: &Map<String, Value>,
        graph: TermId,
        place: Place,
    ) -> Result<(), RdfError> {
        let containers = entry.definition.containers;
        let wrap = if containers.has(Containers::GRAPH) { Wrap::Once } else { Wrap::Never };
        let place = Place { keyed: true, wrap, ..place };
        // Nodes that carry their names or types along are read like any other node.
        let plain = Active { context: active.previous.unwrap_or(active.context), previous: None };
        for (key, value) in map {
            if key == "@none" || active.context.keyword(key) == Some(Keyword::None) {
                let inner = if containers.has(Containers::INDEX) { active } else { plain };
                self.terms(inner, Some(entry), value, graph, &place)?;
            } else if containers.has(Containers::ID) {
                let id = Some(self.reference(active.context, key)?);
                self.terms(plain, Some(entry), value, graph, &Place { id, ..place })?;
            } else if containers.has(Containers::TYPE) {
                let kind = Some(self.type_term(active.context, key)?);
                let typed = scoped_by_type(plain.context, &[key], self.contexts, &mut self.left)?;
                let inner = typed.as_ref().map_or(plain, |held| plain.follow(held.change()));
                self.terms(inner, Some(entry), value, graph, &Place { kind, ..place })?;
            } else {
                // without a property the key is no data (JSON-LD 1.1, 4.6.1), and could be changed after signing
                let index = entry.definition.index.as_ref().ok_or_else(|| {
                    RdfError::DataLoss(format!("the key \"{key}\" of a map of the kind @index"))
                })?;
                let property = Some(self.index_property(active.context, index, key)?);
                self.terms(active, Some(entry), value, graph, &Place { property, ..place })?;
            }
        }
        Ok(())
    }

    /// The predicate and object a key stands for.
    fn index_property(
        &mut self,
        context: &Context,
        index: &str,
        key: &str,
    ) -> Result<(TermId, TermId), RdfError> {
        let (iri, entry) = resolve(context, index)?;
        if entry.is_some_and(|entry| entry.definition.reverse) {
            return Err(RdfError::Malformed("a key cannot stand for a reverse property".into()));
        }
        let predicate = self.data.iri(&iri);
        let mark = self.stack.len();
        let key = Value::String(key.to_owned());
        self.scalar(context, entry.map(|entry| &entry.definition), &key)?;
        let object = self.stack[mark];
        self.stack.truncate(mark);
        Ok((predicate, object))
    }

    /// The name of the graph a node becomes, if it becomes one.
    pub(super) fn own_graph(&mut self, shape: &Shape<'_>, place: &Place) -> Option<TermId> {
        let is_graph = shape.has(Keyword::Graph) && shape.only(&[Keyword::Graph, Keyword::Id]);
        match place.wrap {
            Wrap::Never => None,
            Wrap::Once if is_graph => None,
            Wrap::Once | Wrap::Always => Some(place.id.unwrap_or_else(|| self.data.fresh_blank())),
        }
    }

    /// Pushes a node, with what its place says of it.
    pub(super) fn fit_node(&mut self, node: TermId, graph: TermId, place: &Place) -> Result<(), RdfError> {
        let same = |id: TermId| id == node || !id.is_blank() && self.data.text(id) == self.data.text(node);
        if !place.id.is_none_or(same) {
            return Err(RdfError::DataLoss("a key that names a node with another id".into()));
        }
        if let Some(kind) = place.kind {
            self.data.add(node, self.rdf_type, kind, graph);
        }
        if let Some((predicate, object)) = place.property {
            self.data.add(node, predicate, object, graph);
        }
        self.stack.push(node);
        Ok(())
    }

    /// Checks that the term last pushed, of a text, number or truth value, can stand in its place.
    pub(super) fn fit_scalar(&mut self, graph: TermId, place: &Place) -> Result<(), RdfError> {
        if place.wrap != Wrap::Never {
            return Err(RdfError::DataLoss("a graph that is not an object".into()));
        }
        if !place.wants_node() {
            return Ok(());
        }
        match self.stack.pop() {
            Some(term) if !self.data.text(term).starts_with('"') => self.fit_node(term, graph, place),
            _ => refuse_value(place),
        }
    }

    /// `{"@list": …}`
    pub(super) fn list_object(
        &mut self,
        active: Active<'_>,
        property: Property<'_>,
        list: &Value,
        shape: &Shape<'_>,
        graph: TermId,
    ) -> Result<(), RdfError> {
        if list.is_null() || !shape.only(&[Keyword::List]) {
            return Err(RdfError::Malformed("@list holds values, and stands alone".into()));
        }
        let mark = self.stack.len();
        self.list_items(active, property, several(list), graph)?;
        self.close_list(mark, graph);
        Ok(())
    }

    fn list_container(
        &mut self,
        active: Active<'_>,
        entry: &Entry,
        value: &Value,
        graph: TermId,
    ) -> Result<(), RdfError> {
        let is_list = |name: &String| active.context.keyword(name) == Some(Keyword::List);
        if value.as_object().is_some_and(|map| map.keys().any(is_list)) {
            return self.terms(active, Some(entry), value, graph, &Place::VALUE);
        }
        let mark = self.stack.len();
        self.list_items(active, Some(entry), several(value), graph)?;
        self.close_list(mark, graph);
        Ok(())
    }

    /// Pushes a list's items; a list within a list container is a list of its own.
    fn list_items(
        &mut self,
        active: Active<'_>,
        property: Property<'_>,
        items: &[Value],
        graph: TermId,
    ) -> Result<(), RdfError> {
        let nests = property.is_some_and(|entry| entry.definition.containers.has(Containers::LIST));
        for item in items {
            match item {
                Value::Array(inner) if nests => {
                    let mark = self.stack.len();
                    self.list_items(active, property, inner, graph)?;
                    self.close_list(mark, graph);
                }
                // Some readers make it a list of its own, others do not.
                Value::Array(_) => {
                    return Err(RdfError::Malformed("a list in a list is an object with @list".into()));
                }
                Value::Null => return Err(RdfError::DataLoss("a null in a list".into())),
                _ => self.terms(active, property, item, graph, &Place::VALUE)?,
            }
        }
        Ok(())
    }

    /// Makes the terms above the mark into one list, and pushes it.
    pub(super) fn close_list(&mut self, mark: usize, graph: TermId) {
        let mut rest = self.data.iri(RDF_NIL);
        if self.stack.len() > mark {
            let (first, next) = (self.data.iri(RDF_FIRST), self.data.iri(RDF_REST));
            for at in (mark..self.stack.len()).rev() {
                let cell = self.data.fresh_blank();
                self.data.add(cell, first, self.stack[at], graph);
                self.data.add(cell, next, rest, graph);
                rest = cell;
            }
        }
        self.stack.truncate(mark);
        self.stack.push(rest);
    }

    fn language_map(
        &mut self,
        context: &Context,
        entry: &Entry,
        map: &Map<String, Value>,
    ) -> Result<(), RdfError> {
        let direction = entry.definition.direction.or(context.direction.as_deref());
        for (language, texts) in map {
            let none = language == "@none" || context.keyword(language) == Some(Keyword::None);
            if !none && !is_language_tag(language) {
                return Err(RdfError::Malformed(format!("\"{language}\" is not a language tag")));
            }
            for text in several(texts) {
                let term = match text {
                    Value::Null => continue,
                    Value::String(text) => {
                        self.data.text_in(text, (!none).then_some(language.as_str()), direction)
                    }
                    _ => return Err(RdfError::Malformed("a language map holds texts".into())),
                };
                self.stack.push(term);
            }
        }
        Ok(())
    }

    /// `{"@value": …}`. A null value is dropped, as JSON-LD says, so it is an error here.
    pub(super) fn value_object(
        &mut self,
        context: &Context,
        naming: &Context,
        map: &Map<String, Value>,
    ) -> Result<(), RdfError> {
        let (mut value, mut datatype, mut language, mut direction) = (None, None, None, None);
        for (name, member) in map {
            match context.keyword(name) {
                Some(Keyword::Value) => value = Some(member),
                Some(Keyword::Type) => datatype = Some(member),
                Some(Keyword::Language) => language = Some(member),
                Some(Keyword::Context) => {}
                Some(Keyword::Direction) => direction = Some(member),
                Some(Keyword::Index) => {
                    return Err(RdfError::DataLoss("@index is not part of the data".into()));
                }
                _ => return Err(RdfError::Malformed(format!("{name} cannot stand beside @value"))),
            }
        }
        let json = |kind: &Value| kind.as_str().and_then(|kind| naming.keyword(kind)) == Some(Keyword::Json);
        let value = value.filter(|value| !value.is_null() || datatype.is_some_and(json));
        let value = value.ok_or_else(|| RdfError::DataLoss("a value that is null".into()))?;
        let language = language.filter(|language| !language.is_null());
        let term = match (value, datatype) {
            (_, Some(_)) if language.is_some() || direction.is_some() => {
                return Err(RdfError::Malformed("a value has a type, or a language and direction".into()));
            }
            (Value::String(text), None) => {
                let language = language.map(language_tag).transpose()?;
                let direction = direction.map(text_direction).transpose()?;
                self.data.text_in(text, language, direction)
            }
            (_, None) if language.is_some() || direction.is_some() => {
                return Err(RdfError::Malformed("a language and direction go with a text".into()));
            }
            (value, Some(Value::String(datatype))) => self.typed_value(naming, value, datatype)?,
            (_, Some(_)) => return Err(RdfError::Malformed("the type of a value is text".into())),
            (Value::Array(_) | Value::Object(_), None) => {
                return Err(RdfError::Malformed("a value is text, a number or a truth value".into()));
            }
            (native, None) => self.native(native, None),
        };
        self.stack.push(term);
        Ok(())
    }

    fn typed_value(&mut self, naming: &Context, value: &Value, datatype: &str) -> Result<TermId, RdfError> {
        if naming.keyword(datatype) == Some(Keyword::Json) {
            return Ok(self.data.typed(&literal::json(value), literal::RDF_JSON));
        }
        let iri = self.type_term(naming, datatype)?;
        let iri = self.data.text(iri).trim_matches(['<', '>']).to_owned();
        if !is_absolute_iri(&iri) {
            return Err(RdfError::UndefinedType(datatype.to_owned()));
        }
        match value {
            Value::String(text) => Ok(self.data.typed(text, &iri)),
            Value::Array(_) | Value::Object(_) => {
                Err(RdfError::Malformed("a value is text, a number or a truth value".into()))
            }
            native => Ok(self.native(native, Some(&iri))),
        }
    }
}

/// Fails where only nodes can stand.
pub(super) fn refuse_value(place: &Place) -> Result<(), RdfError> {
    if place.free || place.wrap != Wrap::Never {
        return Err(RdfError::DataLoss("a value or list outside any node".into()));
    }
    if place.nodes_only {
        return Err(RdfError::Malformed("a reverse property holds nodes only".into()));
    }
    if place.wants_node() {
        return Err(RdfError::Malformed("a key that says something about a node stands over a value".into()));
    }
    Ok(())
}

fn language_tag(value: &Value) -> Result<&str, RdfError> {
    let malformed = || RdfError::Malformed(format!("{value} is not a language tag"));
    value.as_str().filter(|tag| is_language_tag(tag)).ok_or_else(malformed)
}

fn text_direction(value: &Value) -> Result<&str, RdfError> {
    let malformed = || RdfError::Malformed("a direction is ltr or rtl".into());
    value.as_str().filter(|text| matches!(*text, "ltr" | "rtl")).ok_or_else(malformed)
}
