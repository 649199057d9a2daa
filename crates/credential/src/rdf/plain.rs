//! Is what can be read off a document exactly what its graph says?
//!
//! A signature over RDF covers the graph, while whoever reads the document reads its members by name. The
//! same graph has many spellings, and in most of them a plain reader misses something. So each node that is
//! read ([`Role`]) must have a shape in which nothing can be missed: members under the names that are read
//! mean what they must mean ([`plain_names`]), what is meant is said under no other name, there are no
//! keywords but `@context` and the usual names of `@id` and `@type`, and nothing is said of the node
//! elsewhere that it does not say itself. Everything else may look as it likes: it is not read.
//!
//! Where the bytes are signed (JCS, JOSE, COSE) nothing of the kind is asked: there the members are what was
//! signed, whatever a context makes of them; they are read by their names, and the contexts are only checked.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde_json::Value;

use super::dataset::{Dataset, TermId};
use super::keyword::Keyword;
use super::node_shape::Members;
use super::plain_names::{
    DOCUMENT, Kind, Name, OTHER_IDENTIFIER, PROOF, Role, by_iri, by_name, is_word, is_word_plain, word_roles,
};
use super::term::{Coercion, Containers, Definition, Mapping};
use crate::document::ENVELOPED;

const RDF_TYPE: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

/// What a document is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadAs {
    /// A credential or presentation.
    Document,
    /// The options of a proof.
    Proof,
}

impl ReadAs {
    pub(super) fn name(self) -> &'static Name {
        match self {
            Self::Document => &DOCUMENT,
            Self::Proof => &PROOF,
        }
    }
}

/// How a member's name and its meaning go together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pin {
    /// The name, if it is one that is read and means what it must.
    pub name: Option<&'static Name>,
    /// Where it would mislead: the roles of nodes that must not have such a member.
    pub wrong: u32,
}

impl Pin {
    /// Of a term of a context.
    pub(super) fn of(term: &str, definition: &Definition) -> Self {
        let iri = match &definition.mapping {
            Mapping::Iri(iri) => Some(&**iri),
            Mapping::Keyword(_) | Mapping::Nothing => None,
        };
        let graph = [Containers::SET, Containers::GRAPH];
        let straight = !definition.reverse
            && definition.coercion != Coercion::Json
            && definition.containers.within(&graph)
            && (!definition.containers.has(Containers::GRAPH) || term == "verifiableCredential");
        let Some(iri) = iri else {
            // Nothing can be said with it, or it is a keyword's name, which members are asked for themselves.
            return Self { name: None, wrong: 0 };
        };
        Self::of_meaning(term, iri, straight)
    }

    /// `straight`: values are read as they stand.
    pub(super) fn of_meaning(name: &str, iri: &str, straight: bool) -> Self {
        if matches!(name, "id" | "type") {
            return Self { name: None, wrong: u32::MAX };
        }
        let read = by_name(name);
        let good = read.filter(|read| straight && read.iris.contains(&iri));
        let misread = if good.is_some() { 0 } else { read.map_or(0, |read| read.roles) };
        let hidden = by_iri(iri).filter(|meant| good.is_none() && meant.name != name);
        if straight && name == OTHER_IDENTIFIER.name && good.is_none() && hidden.is_none() {
            return Self { name: Some(&OTHER_IDENTIFIER), wrong: 0 };
        }
        Self { name: good, wrong: misread | hidden.map_or(0, |meant| meant.roles) }
    }
}

/// A node that is read, where it stands.
#[derive(Debug)]
struct Place {
    node: TermId,
    graph: TermId,
    role: Role,
}

/// How the members at hand are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// By their names, for the node's role.
    #[default]
    Plain,
    /// Not at all: they stand under `@nest`, so none may be one that is read.
    Nested,
    /// By their names, though the node is of another vocabulary: none may have a name that is read.
    Other,
}

/// What held outside a node.
#[derive(Debug)]
pub(super) struct Outside {
    at: Option<&'static Name>,
    role: Option<Role>,
    way: Way,
    apart: bool,
}

/// What is found out about a document while it is expanded.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The member whose values are next, if it is read.
    pub at: Option<&'static Name>,
    /// The role of the node at hand.
    pub role: Option<Role>,
    way: Way,
    /// An identifier was met that is not written out.
    pub bent: bool,
    /// The first thing found that is not plain.
    hidden: Option<String>,
    places: Vec<Place>,
    /// The document is a record of credentials.
    record: bool,
    /// The statements of documents that answer for themselves, by their numbers.
    apart: Vec<Range<usize>>,
}

impl Reading {
    pub(super) fn of(read_as: ReadAs) -> Self {
        Self { at: Some(read_as.name()), ..Self::default() }
    }

    #[cold]
    pub(super) fn hide(&mut self, what: &str) {
        self.hidden.get_or_insert_with(|| what.to_owned());
    }

    /// A node, under the member at hand. What it gives back is for [`Reading::step_out`].
    pub(super) fn step_in(&mut self, node: TermId, graph: TermId, map: &Members, types: &[&str]) -> Outside {
        let mut outside = Outside { at: self.at, role: self.role, way: self.way, apart: false };
        (self.role, self.way) = (None, Way::Plain);
        let Some(at) = self.at else { return outside };
        match at.kind {
            Kind::Nodes(Role::Document) if outside.role.is_some() && has_own_proof(map) => {
                // A record is no better than the credentials in it: their own proofs vouch for them.
                outside.apart = self.record && outside.role == Some(Role::Subject);
            }
            Kind::Nodes(role) => {
                self.role = Some(role);
                self.record |= outside.role.is_none() && types.contains(&"ClrCredential");
                if self.bent {
                    self.hide("id");
                }
                if !node.is_blank() {
                    self.places.push(Place { node, graph, role });
                }
            }
            Kind::Value | Kind::Values | Kind::Words => self.hide(at.name),
            Kind::Documents => {}
            Kind::Others(role) => (self.role, self.way) = (Some(role), Way::Other),
        }
        outside
    }

    /// Leaves a node, which made these statements.
    pub(super) fn step_out(&mut self, outside: Outside, statements: Range<usize>) {
        (self.at, self.role, self.way) = (outside.at, outside.role, outside.way);
        if outside.apart {
            self.apart.push(statements);
        }
    }

    /// A member that is, or is not, a keyword or the name of one.
    pub(super) fn keyword(&mut self, name: &str, keyword: Option<Keyword>) {
        self.at = None;
        let Some(keyword) = keyword.filter(|_| self.role.is_some()) else { return };
        let usual = match (keyword, self.way) {
            (_, Way::Other) | (Keyword::Nest, _) | (Keyword::Context, Way::Plain) => true,
            (Keyword::Id, Way::Plain) => name == "id",
            (Keyword::Type, Way::Plain) => name == "type",
            _ => false,
        };
        if !usual {
            self.hide(name);
        }
    }

    /// Any other member: its values are next. The pin is the term's, if it is one.
    pub(super) fn enter(&mut self, name: &str, iri: &str, pin: Option<Pin>) {
        self.at = None;
        let Some(role) = self.role else { return };
        let pin = pin.unwrap_or_else(|| Pin::of_meaning(name, iri, true));
        let here = |read: &&'static Name| read.roles & role.bit() != 0;
        let wrong = pin.wrong & role.bit() != 0;
        match self.way {
            Way::Plain => {
                if wrong {
                    self.hide(name);
                }
                self.at = pin.name.filter(here);
            }
            Way::Nested => {
                if wrong || pin.name.is_some_and(|read| here(&read)) {
                    self.hide(name);
                }
            }
            Way::Other => {
                if by_name(name).is_some_and(|read| here(&read)) {
                    self.hide(name);
                }
            }
        }
    }

    /// The members under `@nest` are next. Gives back how the others are read.
    pub(super) fn nest(&mut self) -> Way {
        let way = self.way;
        if way == Way::Plain {
            self.way = Way::Nested;
        }
        way
    }

    pub(super) fn unnest(&mut self, way: Way) {
        self.way = way;
    }

    /// A type of the node at hand. `plain`: its name and meaning go together.
    pub(super) fn kind(&mut self, name: &str, plain: bool) {
        if !plain || self.way == Way::Other && is_word(name) {
            self.hide("type");
        }
    }

    /// A list of values of the member at hand.
    pub(super) fn several(&mut self, items: &[Value]) {
        if let Some(at) = self.at
            && (at.kind == Kind::Value || items.iter().any(Value::is_array))
        {
            self.hide(at.name);
        }
    }

    /// An object for a text, number or truth value.
    pub(super) fn value(&mut self, map: &Members) {
        if let Some(at) = self.at
            && (!matches!(at.kind, Kind::Words | Kind::Others(_))
                || map.keys().any(|name| !name.starts_with('@')))
        {
            self.hide(at.name);
        }
    }

    /// `@list` or `@set`.
    pub(super) fn container(&mut self) {
        if let Some(at) = self.at {
            self.hide(at.name);
        }
    }

    /// A text as a value of the member at hand, and the term it stands for.
    pub(super) fn text(&mut self, text: &str, meant: &str, word: bool) {
        let Some(at) = self.at else { return };
        let plain = if word {
            let iri = bare(meant);
            is_word_plain(text, iri) && (iri == text || is_word(text))
        } else {
            !self.bent
        };
        if !plain {
            self.hide(at.name);
        }
    }

    /// A reference to an issuer or holder, which shows nothing of it but its id.
    pub(super) fn reference(&mut self, node: TermId, graph: TermId) {
        if let Some(Kind::Nodes(role @ Role::Party)) = self.at.map(|at| at.kind)
            && !node.is_blank()
        {
            self.places.push(Place { node, graph, role });
        }
    }

    /// What a plain reader misses, if there is anything.
    pub(super) fn finish(&mut self, dataset: &Dataset) -> Option<String> {
        if self.hidden.is_none() && !self.places.is_empty() {
            self.hidden = elsewhere(dataset, &self.places, &self.apart);
        }
        self.hidden.take()
    }
}

/// True for a document that is checked on its own, by a proof of its own, as [`crate::check`] tells. Of an
/// envelope only what is in it counts, so its members vouch for nothing.
fn has_own_proof(map: &Members) -> bool {
    let any = |name: &str, is: fn(&Value) -> bool| match map.get(name) {
        None => false,
        Some(Value::Array(items)) => items.iter().any(is),
        Some(one) => is(one),
    };
    any("proof", Value::is_object) && !any("type", |kind| kind == ENVELOPED)
}

/// An IRI without its brackets.
pub(super) fn bare(term: &str) -> &str {
    term.trim_start_matches('<').trim_end_matches('>')
}

/// Looks for statements about a node that are made elsewhere than where it is read.
fn elsewhere(dataset: &Dataset, places: &[Place], apart: &[Range<usize>]) -> Option<String> {
    let mut seen = vec![false; dataset.texts()];
    let mut subjects: Vec<(&str, TermId)> = Vec::with_capacity(places.len() + 8);
    for quad in dataset.quads.iter().filter(|quad| !quad.s.is_blank()) {
        if let Some(seen) = seen.get_mut(quad.s.index(0))
            && !std::mem::replace(seen, true)
        {
            subjects.push((dataset.text(quad.s), quad.s));
        }
    }
    subjects.sort_unstable();
    let several = |place: &&Place| {
        let text = dataset.text(place.node);
        let from = subjects.partition_point(|(other, _)| *other < text);
        let mut same = subjects[from..].iter().take_while(|(other, _)| *other == text);
        same.any(|(_, term)| *term != place.node)
    };
    let doubtful: Vec<&Place> = places.iter().filter(several).collect();
    if doubtful.is_empty() {
        return None;
    }
    Statements::of(dataset, apart).missed(&doubtful)
}

/// The statements of a dataset by what they are about.
struct Statements<'a> {
    dataset: &'a Dataset,
    /// Numbers of quads.
    by_subject: HashMap<TermId, Vec<usize>>,
    by_text: HashMap<&'a str, Vec<usize>>,
    /// How many more steps may be taken to compare nodes without names.
    left: std::cell::Cell<usize>,
}

/// A statement's predicate and object, as texts.
type Statement<'a> = (&'a str, String);

impl<'a> Statements<'a> {
    fn of(dataset: &'a Dataset, apart: &[Range<usize>]) -> Self {
        let mut by_subject: HashMap<TermId, Vec<usize>> = HashMap::new();
        let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut apart: Vec<Range<usize>> = apart.to_vec();
        apart.sort_unstable_by_key(|range| range.start);
        let mut next = apart.iter().peekable();
        for (number, quad) in dataset.quads.iter().enumerate() {
            by_subject.entry(quad.s).or_default().push(number);
            while next.peek().is_some_and(|range| range.end <= number) {
                next.next();
            }
            let own = next.peek().is_none_or(|range| !range.contains(&number));
            if own && !quad.s.is_blank() {
                by_text.entry(dataset.text(quad.s)).or_default().push(number);
            }
        }
        let left = std::cell::Cell::new(dataset.quads.len() * 4 + 1000);
        Self { dataset, by_subject, by_text, left }
    }

    /// What is said about a node of one of these places, and not there. Every place has to say all that its
    /// role is read for, so that the work is no more than what is said, or ends at the first that does not.
    fn missed(&self, places: &[&Place]) -> Option<String> {
        let mut known: HashMap<(&str, &str, TermId, u32), HashSet<Statement<'_>>> = HashMap::new();
        for place in places {
            let (node, role) = (self.dataset.text(place.node), place.role.bit());
            // Named graphs are compared as texts, the others as what they are.
            let graph = self.dataset.text(place.graph);
            let unnamed = if graph.is_empty() { place.graph } else { TermId::DEFAULT_GRAPH };
            let all = known.entry((node, graph, unnamed, role)).or_insert_with(|| {
                let quads = self.by_text.get(node).map_or(&[][..], Vec::as_slice);
                self.read(quads, place).collect()
            });
            let own = self.by_subject.get(&place.node).map_or(&[][..], Vec::as_slice);
            let own: HashSet<Statement<'_>> = self.read(own, place).collect();
            let own_words: HashSet<&str> = own.iter().map(|(predicate, _)| *predicate).collect();
            for said in all.iter() {
                // Of several names one is shown anyway, and endorsements speak for themselves.
                let some = |name: &Name| {
                    matches!(name.kind, Kind::Words | Kind::Documents) && own_words.contains(said.0)
                };
                if !own.contains(said) && !by_iri(bare(said.0)).is_some_and(some) {
                    let name = by_iri(bare(said.0)).map_or("type", |name| name.name);
                    return Some(name.to_owned());
                }
            }
        }
        if self.left.get() == 0 { Some("id".to_owned()) } else { None }
    }

    /// Those of the statements that nodes of the place's role are read for.
    fn read(&self, quads: &[usize], place: &Place) -> impl Iterator<Item = Statement<'a>> {
        let (dataset, role) = (self.dataset, place.role.bit());
        let same_graph = |graph: TermId| {
            graph == place.graph
                || !graph.is_blank()
                    && graph != TermId::DEFAULT_GRAPH
                    && place.graph != TermId::DEFAULT_GRAPH
                    && dataset.text(graph) == dataset.text(place.graph)
        };
        let mut found = Vec::new();
        for number in quads {
            let quad = &dataset.quads[*number];
            let predicate = dataset.text(quad.p);
            let roles = if predicate == RDF_TYPE {
                word_roles(bare(dataset.text(quad.o)))
            } else {
                by_iri(bare(predicate)).map_or(0, |name| name.roles)
            };
            if roles & role != 0 && same_graph(quad.g) {
                let mut object = String::new();
                self.describe(quad.o, &mut object);
                found.push((predicate, object));
            }
        }
        found.into_iter()
    }

    /// A node without a name as all that is said about it.
    fn describe(&self, term: TermId, out: &mut String) {
        if !term.is_blank() {
            return out.push_str(self.dataset.text(term));
        }
        if self.left.get() == 0 {
            return;
        }
        self.left.set(self.left.get() - 1);
        let quads = self.by_subject.get(&term).map_or(&[][..], Vec::as_slice);
        let mut lines: Vec<String> = quads
            .iter()
            .map(|number| {
                let quad = &self.dataset.quads[*number];
                let mut line = format!("{} ", self.dataset.text(quad.p));
                self.describe(quad.o, &mut line);
                line
            })
            .collect();
        lines.sort_unstable();
        out.push('[');
        for line in lines {
            out.push_str(&line);
            out.push(' ');
        }
        out.push(']');
    }
}
