//! A document expanded so that parts of it can be expanded later, and found again in the whole: every
//! node without a name is given one, which the parts carry.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::context::Context;
use super::dataset::{Dataset, TermId};
use super::keyword::Keyword;
use super::{Contexts, HashAlgorithm, RdfError, expand};

const RDF_FIRST: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>";
const RDF_REST: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>";

type Members = Map<String, Value>;

/// The nodes of a document, by where their objects are in memory.
#[derive(Debug, Default)]
pub(super) struct Nodes(HashMap<usize, Node>);

#[derive(Debug)]
struct Node {
    term: TermId,
    /// The members that say how the node is read: its name, types and context, whatever they are called.
    framing: Vec<String>,
    named: bool,
}

fn place(map: &Members) -> usize {
    std::ptr::from_ref(map).addr()
}

impl Nodes {
    pub(super) fn note(&mut self, map: &Members, term: TermId, context: &Context) {
        let kind = |name: &String| context.keyword(name);
        let framing =
            |name: &&String| matches!(kind(name), Some(Keyword::Id | Keyword::Type | Keyword::Context));
        let named = map.keys().any(|name| kind(name) == Some(Keyword::Id)) || !term.is_blank();
        let framing = map.keys().filter(framing).cloned().collect();
        self.0.insert(place(map), Node { term, framing, named });
    }
}

/// A document and the dataset it stands for. The document must stay where it is in memory meanwhile.
#[derive(Debug)]
pub(crate) struct TracedDocument<'d> {
    contexts: &'d Contexts,
    document: &'d Members,
    dataset: Dataset,
    nodes: Nodes,
    /// Blank nodes by their labels: the document's own, and those given to nodes without a name.
    labels: HashMap<String, TermId>,
    /// What the labels given to nodes without a name begin with.
    prefix: String,
}

/// A part of a traced document.
#[derive(Debug)]
pub(crate) struct Part {
    dataset: Dataset,
    /// For each blank node of the part, its number in the whole.
    whole: Vec<usize>,
}

impl<'d> TracedDocument<'d> {
    /// Expands a document that does without graphs as values: these have no name in the JSON.
    pub(crate) fn new(document: &'d Members, contexts: &'d Contexts) -> Result<Self, RdfError> {
        let (dataset, mut labels, nodes) = expand::traced_without(document, "", contexts)?;
        // One label can spoil one prefix only, so a short one is found soon.
        let spoiled: HashSet<&str> =
            labels.keys().filter_map(|label| label.split_once('x')).map(|(start, _)| start).collect();
        let mut prefixes = (0..=spoiled.len()).map(|number| format!("n{number}"));
        let prefix = prefixes.find(|prefix| !spoiled.contains(prefix.as_str())).unwrap_or_default() + "x";
        for node in nodes.0.values().filter(|node| !node.named) {
            if let Some(blank) = node.term.blank() {
                labels.insert(format!("{prefix}{blank}"), node.term);
            }
        }
        let known: HashSet<usize> = labels.values().filter_map(|term| term.blank()).collect();
        let unnamed_graph = |graph: TermId| graph.blank().is_some_and(|blank| !known.contains(&blank));
        if dataset.quads.iter().any(|quad| unnamed_graph(quad.g)) {
            return Err(RdfError::Unsupported("a property whose values are graphs (@container: @graph)"));
        }
        Ok(Self { document, contexts, dataset, nodes, labels, prefix })
    }

    pub(crate) fn document(&self) -> &'d Members {
        self.document
    }

    /// The name, types and context of a node among its members; nothing for objects that are no nodes.
    pub(crate) fn framing(&self, map: &Members) -> &[String] {
        self.nodes.0.get(&place(map)).map_or(&[], |node| &node.framing)
    }

    /// The blank node identifier of a node that has no name in the document.
    pub(crate) fn given_id(&self, map: &Members) -> Option<String> {
        let node = self.nodes.0.get(&place(map)).filter(|node| !node.named)?;
        Some(format!("_:{}{}", self.prefix, node.term.blank()?))
    }

    /// For each blank node: n of its canonical label `c14n<n>` (RDFC-1.0 with SHA-256).
    pub(crate) fn canonical_labels(&self) -> Result<Vec<u32>, RdfError> {
        Ok(self.dataset.canonicalize(HashAlgorithm::Sha256)?.labels)
    }

    /// The quads as sorted N-Quads with these names for blank nodes.
    pub(crate) fn lines(&self, names: &[String]) -> Vec<String> {
        self.dataset.lines(|blank| &names[blank])
    }

    /// Expands a part in which every node carries its name. `None` if the part has a list that the
    /// document does not have like this.
    pub(crate) fn part(&self, part: &Members) -> Result<Option<Part>, RdfError> {
        let (dataset, labels, _) = expand::traced_without(part, "", self.contexts)?;
        let mut whole = vec![None; dataset.blanks as usize];
        for (label, term) in &labels {
            if let (Some(blank), Some(known)) = (term.blank(), self.labels.get(label)) {
                whole[blank] = known.blank();
            }
        }
        let mut own = vec![None; self.dataset.blanks as usize];
        for blank in self.labels.values().filter_map(|term| term.blank()) {
            own[blank] = Some(blank);
        }
        let known = Lists::of(&self.dataset, &own);
        let found = Lists::of(&dataset, &whole);
        let mut by_place: HashMap<String, Vec<TermId>> = HashMap::new();
        for (place, head) in known.heads() {
            by_place.entry(place).or_default().push(head);
        }
        let mut cells = Vec::new();
        for (place, head) in found.heads() {
            let Some(same) = by_place.get_mut(&place).and_then(Vec::pop) else { return Ok(None) };
            pair(&found, head, &known, same, &mut cells);
        }
        for (cell, same) in cells {
            whole[cell] = Some(same);
        }
        let whole: Option<Vec<usize>> = whole.into_iter().collect();
        Ok(whole.map(|whole| Part { dataset, whole }))
    }
}

impl Part {
    /// The quads as sorted N-Quads, with the names the blank nodes have in the whole.
    pub(crate) fn lines(&self, names: &[String]) -> Vec<String> {
        self.dataset.lines(|blank| &names[self.whole[blank]])
    }

    /// For each n of the part's canonical labels `c14n<n>`: the blank node's number in the whole.
    pub(crate) fn canonical(&self) -> Result<Vec<usize>, RdfError> {
        let labels = self.dataset.canonicalize(HashAlgorithm::Sha256)?.labels;
        let mut numbers = vec![0; labels.len()];
        for (label, whole) in labels.iter().zip(&self.whole) {
            numbers[*label as usize] = *whole;
        }
        Ok(numbers)
    }
}

/// The lists of a dataset: cells are blank nodes that never have a name.
struct Lists<'a> {
    dataset: &'a Dataset,
    names: &'a [Option<usize>],
    first: HashMap<TermId, TermId>,
    rest: HashMap<TermId, TermId>,
}

impl<'a> Lists<'a> {
    fn of(dataset: &'a Dataset, names: &'a [Option<usize>]) -> Self {
        let mut lists = Self { dataset, names, first: HashMap::new(), rest: HashMap::new() };
        for quad in dataset.quads.iter().filter(|quad| lists.is_cell(quad.s)).collect::<Vec<_>>() {
            match dataset.text(quad.p) {
                RDF_FIRST => drop(lists.first.insert(quad.s, quad.o)),
                RDF_REST => drop(lists.rest.insert(quad.s, quad.o)),
                _ => {}
            }
        }
        lists
    }

    fn is_cell(&self, term: TermId) -> bool {
        term.blank().is_some_and(|blank| self.names[blank].is_none())
    }

    /// The lists that are values of nodes: where they stand and what they hold, as text, and their first
    /// cell.
    fn heads(&self) -> Vec<(String, TermId)> {
        let mut heads = Vec::new();
        for quad in self.dataset.quads.iter().filter(|quad| !self.is_cell(quad.s) && self.is_cell(quad.o)) {
            let mut place = String::new();
            for term in [quad.s, quad.p, quad.g, quad.o] {
                self.describe(term, &mut place);
            }
            heads.push((place, quad.o));
        }
        heads
    }

    /// Lists nest as deep as the document at most.
    fn describe(&self, term: TermId, out: &mut String) {
        let name = term.blank().map(|blank| self.names[blank]);
        match name {
            None => out.push_str(self.dataset.text(term)),
            // Writing to a String cannot fail.
            Some(Some(name)) => drop(write!(out, "_:{name}")),
            Some(None) => {
                out.push('(');
                for (_, item) in self.items(term) {
                    self.describe(item, out);
                }
                out.push(')');
            }
        }
        out.push(' ');
    }

    fn items(&self, head: TermId) -> Vec<(TermId, TermId)> {
        let mut items = Vec::new();
        let mut cell = head;
        while let (Some(item), Some(rest)) = (self.first.get(&cell), self.rest.get(&cell)) {
            items.push((cell, *item));
            cell = *rest;
        }
        items
    }
}

/// The cells of two lists with the same content, side by side.
fn pair(a: &Lists<'_>, head: TermId, b: &Lists<'_>, same: TermId, out: &mut Vec<(usize, usize)>) {
    for ((cell, item), (other, like)) in a.items(head).into_iter().zip(b.items(same)) {
        if let (Some(cell), Some(other)) = (cell.blank(), other.blank()) {
            out.push((cell, other));
        }
        if a.is_cell(item) {
            pair(a, item, b, like, out);
        }
    }
}
