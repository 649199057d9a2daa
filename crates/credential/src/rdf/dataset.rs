//! An RDF dataset as a list of small numbers over one text buffer.

use super::canon::{self, Canonical, HashAlgorithm};
use super::{RdfError, literal};

/// The most text a dataset, or its N-Quads, may come to.
pub(super) const MOST_BYTES: usize = 16 * 1024 * 1024;
const BLANK: u32 = 1 << 31;

/// A term of a quad: a blank node's number, or a place in the dataset's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TermId(u32);

impl TermId {
    /// As a graph name: the default graph.
    pub(super) const DEFAULT_GRAPH: Self = Self(u32::MAX);

    pub(super) fn blank(self) -> Option<usize> {
        (self.0 & BLANK != 0 && self != Self::DEFAULT_GRAPH).then_some((self.0 & !BLANK) as usize)
    }

    pub(super) fn is_blank(self) -> bool {
        self.blank().is_some()
    }

    /// A dense number for tables: texts first, blank nodes after `texts`.
    pub(super) fn index(self, texts: usize) -> usize {
        match self.blank() {
            Some(blank) => texts + blank,
            None => self.0 as usize,
        }
    }
}

/// Subject, predicate, object, graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Quad {
    pub s: TermId,
    pub p: TermId,
    pub o: TermId,
    pub g: TermId,
}

/// A set of RDF quads, ready to be canonicalised.
#[derive(Debug, Default, Clone)]
pub struct Dataset {
    /// Terms in N-Quads form, one after the other.
    text: String,
    ends: Vec<(u32, u32)>,
    pub(super) quads: Vec<Quad>,
    pub(super) blanks: u32,
}

impl Dataset {
    pub(super) fn with_capacity(bytes: usize, quads: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ends: Vec::with_capacity(quads * 3),
            quads: Vec::with_capacity(quads),
            blanks: 0,
        }
    }

    /// How many quads there are; a quad said twice counts twice.
    pub fn len(&self) -> usize {
        self.quads.len()
    }

    /// True if there are no quads.
    pub fn is_empty(&self) -> bool {
        self.quads.is_empty()
    }

    /// RDFC-1.0: canonical labels for blank nodes and sorted N-Quads. Fails on poison graphs.
    pub fn canonicalize(&self, algorithm: HashAlgorithm) -> Result<Canonical, RdfError> {
        self.check_size()?;
        canon::canonicalize(self, algorithm)
    }

    pub(super) fn fresh_blank(&mut self) -> TermId {
        self.blanks += 1;
        TermId(BLANK | (self.blanks - 1))
    }

    pub(super) fn texts(&self) -> usize {
        self.ends.len()
    }

    /// The term's N-Quads form; empty for blank nodes and the default graph.
    pub(super) fn text(&self, term: TermId) -> &str {
        self.ends.get(term.0 as usize).map_or("", |(from, to)| &self.text[*from as usize..*to as usize])
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Fails if the quads' lines are too long together.
    pub(super) fn check_size(&self) -> Result<(), RdfError> {
        let length = |term: TermId| self.text(term).len() + 4;
        let lines =
            self.quads.iter().map(|quad| length(quad.s) + length(quad.p) + length(quad.o) + length(quad.g));
        if lines.sum::<usize>() > MOST_BYTES { Err(RdfError::TooComplex) } else { Ok(()) }
    }

    /// The quads as sorted N-Quads, each ended by a line feed, with these names (`_:…`) for blank nodes.
    pub(super) fn lines<'n>(&'n self, name: impl Fn(usize) -> &'n str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::with_capacity(self.quads.len());
        for quad in &self.quads {
            let mut line = String::with_capacity(160);
            for term in [quad.s, quad.p, quad.o, quad.g].into_iter().filter(|t| *t != TermId::DEFAULT_GRAPH) {
                line.push_str(term.blank().map_or_else(|| self.text(term), &name));
                line.push(' ');
            }
            line.push_str(".\n");
            lines.push(line);
        }
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    fn close(&mut self, from: usize) -> TermId {
        self.ends.push((from as u32, self.text.len() as u32));
        TermId(self.ends.len() as u32 - 1)
    }

    /// The IRI is checked by the caller.
    pub(super) fn iri(&mut self, iri: &str) -> TermId {
        let from = self.text.len();
        self.text.push('<');
        self.text.push_str(iri);
        self.text.push('>');
        self.close(from)
    }

    pub(super) fn string(&mut self, value: &str) -> TermId {
        let from = self.text.len();
        self.quoted(value);
        self.close(from)
    }

    pub(super) fn typed(&mut self, value: &str, datatype: &str) -> TermId {
        if datatype == "http://www.w3.org/2001/XMLSchema#string" {
            return self.string(value);
        }
        let from = self.text.len();
        self.quoted(value);
        self.text.push_str("^^<");
        self.text.push_str(datatype);
        self.text.push('>');
        self.close(from)
    }

    pub(super) fn tagged(&mut self, value: &str, language: &str) -> TermId {
        let from = self.text.len();
        self.quoted(value);
        self.text.push('@');
        self.text.extend(language.chars().map(|c| c.to_ascii_lowercase()));
        self.close(from)
    }

    /// A text with what is known of its language and direction. RDF has no place for the direction: it
    /// becomes a datatype (JSON-LD 1.1 API, `rdfDirection` "i18n-datatype"), so that it is signed.
    pub(super) fn text_in(&mut self, value: &str, language: Option<&str>, direction: Option<&str>) -> TermId {
        match (language, direction) {
            (None, None) => self.string(value),
            (Some(language), None) => self.tagged(value, language),
            (language, Some(direction)) => {
                let language = language.unwrap_or_default().to_ascii_lowercase();
                self.typed(value, &format!("https://www.w3.org/ns/i18n#{language}_{direction}"))
            }
        }
    }

    pub(super) fn all_texts(&self) -> impl Iterator<Item = (TermId, &str)> {
        (0..self.ends.len() as u32).map(|at| (TermId(at), self.text(TermId(at))))
    }

    /// The IRI is checked by the caller.
    pub(super) fn replace_by_iri(&mut self, term: TermId, iri: &str) {
        let new = self.iri(iri);
        self.take_over(term, new);
    }

    /// `rest`: what follows the closing quote, in N-Quads form.
    pub(super) fn replace_by_literal(&mut self, term: TermId, value: &str, rest: &str) {
        let from = self.text.len();
        self.quoted(value);
        self.text.push_str(rest);
        let new = self.close(from);
        self.take_over(term, new);
    }

    fn take_over(&mut self, term: TermId, new: TermId) {
        self.ends[term.0 as usize] = self.ends[new.0 as usize];
    }

    fn quoted(&mut self, value: &str) {
        self.text.push('"');
        literal::escape_into(&mut self.text, value);
        self.text.push('"');
    }

    pub(super) fn add(&mut self, s: TermId, p: TermId, o: TermId, g: TermId) {
        self.quads.push(Quad { s, p, o, g });
    }
}
