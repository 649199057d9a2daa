//! RDFC-1.0 for blank nodes whose own quads look alike: Hash N-Degree Quads, with bounded work.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::RdfError;
use super::canon::HashAlgorithm;
use super::dataset::{Dataset, Quad, TermId};

/// Quads hashed and nodes put in order before a graph counts as poison.
const WORK: usize = 60_000;
/// How far one hash may reach into another.
const DEPTH: u32 = 200;

/// Labels given out in order: `c14n0`, `c14n1` … or `b0`, `b1` ….
#[derive(Clone, Default)]
struct Issuer {
    numbers: HashMap<u32, u32>,
    order: Vec<u32>,
}

impl Issuer {
    fn issue(&mut self, blank: u32) -> u32 {
        let next = self.order.len() as u32;
        let number = *self.numbers.entry(blank).or_insert(next);
        if number == next {
            self.order.push(blank);
        }
        number
    }

    fn get(&self, blank: u32) -> Option<u32> {
        self.numbers.get(&blank).copied()
    }
}

struct State<'a> {
    dataset: &'a Dataset,
    quads: &'a [Quad],
    incident: &'a [Vec<u32>],
    algorithm: HashAlgorithm,
    first_degree: Vec<&'a str>,
    canonical: Issuer,
    work: usize,
}

/// Canonical numbers for all blank nodes. `hashes`: first-degree hashes of those in quads, sorted.
pub(super) fn label(
    dataset: &Dataset,
    quads: &[Quad],
    incident: &[Vec<u32>],
    hashes: &[(String, u32)],
    algorithm: HashAlgorithm,
) -> Result<Vec<u32>, RdfError> {
    let mut first_degree = vec![""; incident.len()];
    for (hash, blank) in hashes {
        first_degree[*blank as usize] = hash;
    }
    let canonical = Issuer::default();
    let mut state = State { dataset, quads, incident, algorithm, first_degree, canonical, work: WORK };
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for same in hashes.chunk_by(|a, b| a.0 == b.0) {
        match same {
            [(_, only)] => {
                state.canonical.issue(*only);
            }
            several => groups.push(several.iter().map(|(_, blank)| *blank).collect()),
        }
    }
    for group in groups {
        let mut results = Vec::new();
        for blank in group {
            if state.canonical.get(blank).is_none() {
                let mut issuer = Issuer::default();
                issuer.issue(blank);
                results.push(state.hash(blank, issuer, 0)?);
            }
        }
        results.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, issuer) in results {
            for blank in issuer.order {
                state.canonical.issue(blank);
            }
        }
    }
    Ok((0..dataset.blanks).map(|blank| state.canonical.issue(blank)).collect())
}

impl State<'_> {
    fn spend(&mut self, work: usize) -> Result<(), RdfError> {
        self.work = self.work.checked_sub(work).ok_or(RdfError::TooComplex)?;
        Ok(())
    }

    /// Hash N-Degree Quads (4.8).
    fn hash(&mut self, blank: u32, mut issuer: Issuer, depth: u32) -> Result<(String, Issuer), RdfError> {
        self.spend(self.incident[blank as usize].len() + 1)?;
        if depth >= DEPTH {
            return Err(RdfError::TooComplex);
        }
        let mut data = String::new();
        for (related_hash, mut related) in self.related(blank, &issuer) {
            data.push_str(&related_hash);
            let mut chosen: Option<(String, Issuer)> = None;
            related.sort_unstable();
            loop {
                self.spend(related.len())?;
                let best = chosen.as_ref().map(|(path, _)| path.as_str());
                if let Some(better) = self.path(&related, &issuer, best, depth)? {
                    chosen = Some(better);
                }
                if !next_permutation(&mut related) {
                    break;
                }
            }
            if let Some((path, from)) = chosen {
                data.push_str(&path);
                issuer = from;
            }
        }
        Ok((self.algorithm.hex(std::iter::once(data.as_str())), issuer))
    }

    /// The path one order of related nodes gives, if it is better than the best so far.
    fn path(
        &mut self,
        order: &[u32],
        issuer: &Issuer,
        best: Option<&str>,
        depth: u32,
    ) -> Result<Option<(String, Issuer)>, RdfError> {
        let worse = |path: &str| best.is_some_and(|best| path.len() >= best.len() && path > best);
        let mut issuer = issuer.clone();
        let mut path = String::new();
        let mut deeper = Vec::new();
        for related in order {
            if let Some(number) = self.canonical.get(*related) {
                let _ = write!(path, "_:c14n{number}");
            } else {
                if issuer.get(*related).is_none() {
                    deeper.push(*related);
                }
                let _ = write!(path, "_:b{}", issuer.issue(*related));
            }
            if worse(&path) {
                return Ok(None);
            }
        }
        for related in deeper {
            // What is copied costs, too.
            self.spend(issuer.order.len() / 16)?;
            let (hash, after) = self.hash(related, issuer.clone(), depth + 1)?;
            let _ = write!(path, "_:b{}<{hash}>", issuer.issue(related));
            issuer = after;
            if worse(&path) {
                return Ok(None);
            }
        }
        let better = best.is_none_or(|best| path.as_str() < best);
        Ok(better.then_some((path, issuer)))
    }

    /// The blank nodes beside this one, by the hash of how they are related (4.7), in its order.
    fn related(&self, blank: u32, issuer: &Issuer) -> BTreeMap<String, Vec<u32>> {
        let mut by_hash: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for at in &self.incident[blank as usize] {
            let quad = self.quads[*at as usize];
            for (term, position) in [(quad.s, "s"), (quad.o, "o"), (quad.g, "g")] {
                if let Some(other) = term.blank().map(|other| other as u32).filter(|other| *other != blank) {
                    by_hash
                        .entry(self.related_hash(other, quad.p, position, issuer))
                        .or_default()
                        .push(other);
                }
            }
        }
        by_hash
    }

    fn related_hash(&self, related: u32, predicate: TermId, position: &str, issuer: &Issuer) -> String {
        let predicate = if position == "g" { "" } else { self.dataset.text(predicate) };
        let label = match (self.canonical.get(related), issuer.get(related)) {
            (Some(number), _) => format!("_:c14n{number}"),
            (None, Some(number)) => format!("_:b{number}"),
            (None, None) => self.first_degree[related as usize].to_owned(),
        };
        self.algorithm.hex([position, predicate, &label].into_iter())
    }
}

/// The next order of the numbers; false after the last.
fn next_permutation(items: &mut [u32]) -> bool {
    let Some(pivot) = items.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let swap = items.iter().rposition(|item| *item > items[pivot]).unwrap_or(pivot);
    items.swap(pivot, swap);
    items[pivot + 1..].reverse();
    true
}
