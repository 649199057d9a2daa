//! Value objects, lists, and the containers a term can ask for.

use serde_json::{Map, Value};

use super::RdfError;
use super::context::{Context, Entry};
use super::dataset::TermId;
use super::expand::{Expander, maps};
use super::keyword::Keyword;
use super::literal::{self, is_absolute_iri, is_language_tag};
use super::place::{Active, Property};
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
    ) -> Result<(), RdfError> {
        let containers = entry.definition.containers;
        if entry.definition.coercion == Coercion::Json {
            let term = self.data.typed(&literal::json(value), literal::RDF_JSON);
            self.stack.push(term);
            return Ok(());
        }
        match value {
            Value::Null => Ok(()),
            Value::Object(map) if containers.has(Containers::LANGUAGE) => {
                self.language_map(active.context, entry, map)
            }
            Value::Object(_) if maps(containers) => {
                Err(RdfError::Unsupported("@container @index, @id or @type with an object of keys"))
            }
            _ if containers.has(Containers::LIST) => self.list_container(active, entry, value, graph),
            _ if containers.has(Containers::GRAPH) => self.graph_container(active, entry, value),
            _ => self.terms(active, Some(entry), value, graph),
        }
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
            return self.terms(active, Some(entry), value, graph);
        }
        let mark = self.stack.len();
        let items = if let Value::Array(items) = value { items } else { std::slice::from_ref(value) };
        self.list_items(active, Some(entry), items, graph)?;
        self.close_list(mark, graph);
        Ok(())
    }

    /// Pushes a list's items; a list within a list container is a list of its own.
    pub(super) fn list_items(
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
                Value::Null => return Err(RdfError::DataLoss("a null in a list".into())),
                _ => self.terms(active, property, item, graph)?,
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

    /// `@container: @graph`: every value is a graph of its own.
    fn graph_container(&mut self, active: Active<'_>, entry: &Entry, value: &Value) -> Result<(), RdfError> {
        let items = if let Value::Array(items) = value { items } else { std::slice::from_ref(value) };
        for item in items.iter().filter(|item| !item.is_null()) {
            let Value::Object(map) = item else {
                return Err(RdfError::DataLoss("a graph that is not an object".into()));
            };
            if map.keys().any(|name| active.context.keyword(name) == Some(Keyword::Graph)) {
                return Err(RdfError::Unsupported("@graph inside a property that is a graph already"));
            }
            let graph = self.data.fresh_blank();
            let before = self.data.quads.len();
            let mark = self.stack.len();
            self.terms(active, Some(entry), item, graph)?;
            self.stack.truncate(mark);
            if self.data.quads.len() == before {
                return Err(RdfError::DataLoss("a graph that says nothing".into()));
            }
            self.stack.push(graph);
        }
        Ok(())
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
            let texts = if let Value::Array(items) = texts { items } else { std::slice::from_ref(texts) };
            for text in texts {
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
        let value = value.filter(|value| !value.is_null());
        let value = value.ok_or_else(|| RdfError::DataLoss("a value that is null".into()))?;
        let language = language.filter(|language| !language.is_null());
        let datatype = datatype.filter(|datatype| !datatype.is_null());
        let direction = direction.filter(|direction| !direction.is_null());
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

fn language_tag(value: &Value) -> Result<&str, RdfError> {
    let malformed = || RdfError::Malformed(format!("{value} is not a language tag"));
    value.as_str().filter(|tag| is_language_tag(tag)).ok_or_else(malformed)
}

fn text_direction(value: &Value) -> Result<&str, RdfError> {
    let malformed = || RdfError::Malformed("a direction is ltr or rtl".into());
    value.as_str().filter(|text| matches!(*text, "ltr" | "rtl")).ok_or_else(malformed)
}
