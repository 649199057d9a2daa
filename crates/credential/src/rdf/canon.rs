//! RDFC-1.0 (RDF Dataset Canonicalization), with a short way for what documents are nearly always like:
//! every blank node told apart by the quads it stands in.

use sha2::{Digest, Sha256, Sha384};

use super::RdfError;
use super::dataset::{Dataset, Quad, TermId};
use super::n_degree;

/// The hash that tells blank nodes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// The default of RDFC-1.0.
    Sha256,
    /// For cryptosuites with P-384 keys.
    Sha384,
}

impl HashAlgorithm {
    /// Hashes the parts, one after the other, to lower-case hexadecimal.
    pub(super) fn hex<'a>(self, parts: impl Iterator<Item = &'a str>) -> String {
        match self {
            Self::Sha256 => digest_hex::<Sha256>(parts),
            Self::Sha384 => digest_hex::<Sha384>(parts),
        }
    }
}

fn digest_hex<'a, D: Digest>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = D::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    crate::key::hex(&hasher.finalize())
}

/// A canonicalised dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// Sorted N-Quads, each ended by a line feed.
    pub nquads: String,
    /// For the blank node numbered i in order of first use: n of its canonical label `c14n<n>`.
    pub labels: Vec<u32>,
}

pub(super) fn canonicalize(dataset: &Dataset, algorithm: HashAlgorithm) -> Result<Canonical, RdfError> {
    canonicalize_knowing(dataset, algorithm, &FirstDegrees::default())
}

/// First-degree hashes (SHA-256) of a dataset's blank nodes, as far as they are known.
#[derive(Debug, Clone, Default)]
pub(super) struct FirstDegrees(Vec<Option<String>>);

impl FirstDegrees {
    /// Those that stay the same whatever the changing terms become.
    pub(super) fn of(dataset: &Dataset, changing: &[TermId]) -> Self {
        let quads = &dataset.quads;
        let incident = incidence(dataset.blanks as usize, quads);
        let mut first = FirstDegree::new(dataset, quads, HashAlgorithm::Sha256);
        let mut known = Vec::with_capacity(incident.len());
        for (blank, incident) in incident.iter().enumerate() {
            let changes = |at: &u32| {
                let quad = quads[*at as usize];
                [quad.s, quad.p, quad.o, quad.g].iter().any(|term| changing.contains(term))
            };
            known.push((!incident.iter().any(changes)).then(|| first.hash(blank, incident)));
        }
        Self(known)
    }
}

pub(super) fn canonicalize_knowing(
    dataset: &Dataset,
    algorithm: HashAlgorithm,
    known: &FirstDegrees,
) -> Result<Canonical, RdfError> {
    let mut quads = dataset.quads.clone();
    let mut known = known;
    let nothing = FirstDegrees::default();
    loop {
        let labels = label(dataset, &quads, algorithm, known)?;
        let (order, repeated) = sort(dataset, &quads, &labels);
        // A dataset is a set: quads with blank nodes said twice would have changed the hashes.
        if !repeated {
            let nquads = write(dataset, &quads, &order, &labels);
            return Ok(Canonical { nquads, labels });
        }
        quads = distinct(dataset, &quads, &order, &labels);
        known = &nothing;
    }
}

/// The quads each blank node stands in, once each.
pub(super) fn incidence(blanks: usize, quads: &[Quad]) -> Vec<Vec<u32>> {
    let mut incident: Vec<Vec<u32>> = vec![Vec::new(); blanks];
    for (at, quad) in quads.iter().enumerate() {
        let at = at as u32;
        for term in [quad.s, quad.o, quad.g] {
            if let Some(blank) = term.blank()
                && incident[blank].last() != Some(&at)
            {
                incident[blank].push(at);
            }
        }
    }
    incident
}

fn label(
    dataset: &Dataset,
    quads: &[Quad],
    algorithm: HashAlgorithm,
    known: &FirstDegrees,
) -> Result<Vec<u32>, RdfError> {
    let blanks = dataset.blanks as usize;
    if blanks == 0 {
        return Ok(Vec::new());
    }
    let incident = incidence(blanks, quads);
    let mut first = FirstDegree::new(dataset, quads, algorithm);
    let mut hash = |blank: usize| match known.0.get(blank) {
        Some(Some(known)) => known.clone(),
        _ => first.hash(blank, &incident[blank]),
    };
    // A node that stands in no quad is none, and must not use up a label.
    let (used, unused): (Vec<usize>, Vec<usize>) =
        (0..blanks).partition(|blank| !incident[*blank].is_empty());
    let mut hashes: Vec<(String, u32)> = used.into_iter().map(|blank| (hash(blank), blank as u32)).collect();
    hashes.sort_unstable();
    if hashes.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return n_degree::label(dataset, quads, &incident, &hashes, algorithm);
    }
    let mut labels = vec![0; blanks];
    let last = unused.iter().map(|blank| *blank as u32);
    for (number, blank) in hashes.iter().map(|(_, blank)| *blank).chain(last).enumerate() {
        labels[blank as usize] = number as u32;
    }
    Ok(labels)
}

/// Hash First Degree Quads (RDFC-1.0, 4.6), with buffers used again.
struct FirstDegree<'a> {
    dataset: &'a Dataset,
    quads: &'a [Quad],
    algorithm: HashAlgorithm,
    lines: String,
    ends: Vec<(u32, u32)>,
}

impl<'a> FirstDegree<'a> {
    fn new(dataset: &'a Dataset, quads: &'a [Quad], algorithm: HashAlgorithm) -> Self {
        Self { dataset, quads, algorithm, lines: String::new(), ends: Vec::new() }
    }

    fn hash(&mut self, blank: usize, incident: &[u32]) -> String {
        self.lines.clear();
        self.ends.clear();
        for at in incident {
            let quad = self.quads[*at as usize];
            let from = self.lines.len() as u32;
            self.term(quad.s, blank);
            self.term(quad.p, blank);
            self.term(quad.o, blank);
            if quad.g != TermId::DEFAULT_GRAPH {
                self.term(quad.g, blank);
            }
            self.lines.push_str(".\n");
            self.ends.push((from, self.lines.len() as u32));
        }
        let lines = &self.lines;
        let line = |(from, to): &(u32, u32)| &lines[*from as usize..*to as usize];
        self.ends.sort_unstable_by(|a, b| line(a).cmp(line(b)));
        self.algorithm.hex(self.ends.iter().map(line))
    }

    fn term(&mut self, term: TermId, blank: usize) {
        match term.blank() {
            Some(other) => self.lines.push_str(if other == blank { "_:a" } else { "_:z" }),
            None => self.lines.push_str(self.dataset.text(term)),
        }
        self.lines.push(' ');
    }
}

/// The text of every blank node's label.
fn label_texts(labels: &[u32]) -> Vec<String> {
    labels.iter().map(|number| format!("_:c14n{number}")).collect()
}

/// The order of the quads' lines, and whether a quad with a blank node is there twice.
///
/// Terms never run into each other (an IRI ends with `>`, a literal or label before a space), so lines
/// can be compared term by term. Subjects are ranked first: most comparisons are then of numbers.
fn sort(dataset: &Dataset, quads: &[Quad], labels: &[u32]) -> (Vec<u32>, bool) {
    let names = label_texts(labels);
    let text = |term: TermId| term.blank().map_or_else(|| dataset.text(term), |blank| &names[blank]);
    let mut subjects: Vec<TermId> = quads.iter().map(|quad| quad.s).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects.sort_by(|a, b| text(*a).cmp(text(*b)));
    let mut ranks = vec![0u32; dataset.texts() + labels.len()];
    let mut rank = 0;
    for pair in 0..subjects.len() {
        if pair > 0 && text(subjects[pair - 1]) != text(subjects[pair]) {
            rank += 1;
        }
        ranks[subjects[pair].index(dataset.texts())] = rank;
    }
    let rank = |quad: &Quad| ranks[quad.s.index(dataset.texts())];
    let compare = |a: &Quad, b: &Quad| {
        rank(a)
            .cmp(&rank(b))
            .then_with(|| text(a.p).cmp(text(b.p)))
            .then_with(|| text(a.o).cmp(text(b.o)))
            .then_with(|| text(a.g).cmp(text(b.g)))
    };
    let mut order: Vec<u32> = (0..quads.len() as u32).collect();
    order.sort_unstable_by(|a, b| compare(&quads[*a as usize], &quads[*b as usize]));
    let repeated = order.windows(2).any(|pair| {
        let (a, b) = (&quads[pair[0] as usize], &quads[pair[1] as usize]);
        let blank = a.s.is_blank() || a.o.is_blank() || a.g.is_blank();
        blank && compare(a, b).is_eq()
    });
    (order, repeated)
}

fn write(dataset: &Dataset, quads: &[Quad], order: &[u32], labels: &[u32]) -> String {
    let names = label_texts(labels);
    let text = |term: TermId| term.blank().map_or_else(|| dataset.text(term), |blank| &names[blank]);
    let mut out = String::with_capacity(quads.len() * 140);
    let mut before = 0..0;
    for at in order {
        let quad = &quads[*at as usize];
        let from = out.len();
        for term in [quad.s, quad.p, quad.o] {
            out.push_str(text(term));
            out.push(' ');
        }
        if quad.g != TermId::DEFAULT_GRAPH {
            out.push_str(text(quad.g));
            out.push(' ');
        }
        out.push_str(".\n");
        if out[before.clone()] == out[from..] {
            out.truncate(from);
        } else {
            before = from..out.len();
        }
    }
    out
}

/// The quads without repetitions.
fn distinct(dataset: &Dataset, quads: &[Quad], order: &[u32], labels: &[u32]) -> Vec<Quad> {
    let names = label_texts(labels);
    let text = |term: TermId| term.blank().map_or_else(|| dataset.text(term), |blank| &names[blank]);
    let mut kept: Vec<Quad> = Vec::with_capacity(quads.len());
    for at in order {
        let quad = quads[*at as usize];
        let same = kept.last().is_some_and(|last| {
            [(last.s, quad.s), (last.p, quad.p), (last.o, quad.o), (last.g, quad.g)]
                .iter()
                .all(|(a, b)| text(*a) == text(*b))
        });
        if !same {
            kept.push(quad);
        }
    }
    kept
}
