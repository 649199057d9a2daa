//! The contexts a document may name: the bundled ones, and those a caller adds.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::context::ChangeCache;
use super::literal::is_absolute_iri;
use super::{Dataset, HashAlgorithm, RdfError, ReadAs, bundled, expand, iri};
use crate::document;

/// The most contexts that may be added.
const MOST_DOCUMENTS: usize = 32;
/// The most bytes one of them may have: schema.org's, the largest in use, has 300 000.
const MOST_BYTES: usize = 1024 * 1024;
/// The most bytes they may have together.
const MOST_BYTES_TOGETHER: usize = 4 * 1024 * 1024;
/// How deep contexts may stand inside the definitions of contexts.
const DEEPEST: usize = 32;

/// The context documents that are known, with what was compiled from them.
///
/// Cheap to clone; clones share what was compiled. Keep a set for as long as its documents do not change:
/// compiling costs more than everything else.
///
/// ```
/// use cairn_credential::rdf::Contexts;
/// use serde_json::json;
///
/// let garden = ("https://example.org/garden", br#"{"@context": {"pits": "https://example.org/pits"}}"#);
/// let contexts = Contexts::with([(garden.0, garden.1.as_slice())])?;
/// let document = json!({"@context": "https://example.org/garden", "pits": 4});
/// let nquads = contexts.canonicalize(&document)?;
/// assert!(nquads.starts_with("_:c14n0 <https://example.org/pits> \"4\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Contexts(Arc<Set>);

struct Set {
    /// The added documents' values of `@context`, with absolute URLs.
    added: HashMap<String, Arc<Value>>,
    /// How many bytes the added documents have.
    bytes: usize,
    compiled: ChangeCache,
}

/// Why a document cannot be added to a set of contexts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContextsError {
    /// Bundled contexts are pinned.
    #[error("the context {0} is bundled, and nothing can take its place: leave it out")]
    Bundled(String),
    /// Two documents for one URL.
    #[error("there are two documents for the context {0}: decide on one")]
    Twice(String),
    /// No document can name it.
    #[error("\"{0}\" is not an absolute URL: contexts are named by one")]
    NotAUrl(String),
    /// The bytes are something else.
    #[error("the document at {url} is not a JSON-LD context: {reason}")]
    NotAContext {
        /// Where it is from.
        url: String,
        /// What is wrong, without a full stop.
        reason: String,
    },
    /// Larger than any context in use, alone or together.
    #[error(
        "the contexts are too large: one may have {MOST_BYTES} bytes, all together {MOST_BYTES_TOGETHER}"
    )]
    TooLarge,
    /// More than any document needs.
    #[error("there are too many contexts: at most {MOST_DOCUMENTS} can be added")]
    TooMany,
}

static BUNDLED: LazyLock<Contexts> = LazyLock::new(|| {
    Contexts(Arc::new(Set { added: HashMap::new(), bytes: 0, compiled: ChangeCache::default() }))
});

impl Contexts {
    /// The bundled contexts and no others: what the functions of [`super`] use.
    pub fn bundled() -> &'static Self {
        &BUNDLED
    }

    /// The bundled contexts and these documents, by URL. A document's bytes are JSON with a member
    /// `@context`; contexts it names are looked for in the same set, relative URLs are read relative to
    /// its own. At most 32 documents of 1 MiB, 4 MiB together.
    pub fn with<'a>(documents: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, ContextsError> {
        Self::bundled().and(documents)
    }

    /// This set's contexts and these documents, under the conditions of [`Contexts::with`].
    pub fn and<'a>(
        &self,
        documents: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, ContextsError> {
        let mut added = self.0.added.clone();
        let mut together = self.0.bytes;
        for (url, bytes) in documents {
            if bundled::find(url).is_some() {
                return Err(ContextsError::Bundled(url.to_owned()));
            }
            if !is_absolute_iri(url) {
                return Err(ContextsError::NotAUrl(url.to_owned()));
            }
            together = together.saturating_add(bytes.len());
            if bytes.len() > MOST_BYTES || together > MOST_BYTES_TOGETHER {
                return Err(ContextsError::TooLarge);
            }
            if added.len() >= MOST_DOCUMENTS {
                return Err(ContextsError::TooMany);
            }
            let context = read(url, bytes)
                .map_err(|reason| ContextsError::NotAContext { url: url.to_owned(), reason })?;
            if added.insert(url.to_owned(), Arc::new(context)).is_some() {
                return Err(ContextsError::Twice(url.to_owned()));
            }
        }
        Ok(Self(Arc::new(Set { added, bytes: together, compiled: ChangeCache::default() })))
    }

    /// True if the set has the context of this URL.
    pub fn has(&self, url: &str) -> bool {
        self.find(url).is_some()
    }

    /// The URLs of contexts that a document names, itself or through the contexts it names, and that are
    /// not in the set: each once, at most 32. Some may turn out not to be needed.
    pub fn missing(&self, document: &Value) -> Vec<String> {
        self.reached(document).1
    }

    /// The URLs of added contexts that a document names, likewise.
    pub fn used(&self, document: &Value) -> Vec<String> {
        self.reached(document).0
    }

    fn reached(&self, document: &Value) -> (Vec<String>, Vec<String>) {
        let mut seen = HashSet::new();
        let (mut used, mut missing, mut open) = (Vec::new(), Vec::new(), Vec::new());
        references(document, &mut open);
        while let Some(url) = open.pop() {
            if !seen.insert(url) {
                continue;
            }
            match self.find(url) {
                Some(context) => {
                    if self.0.added.contains_key(url) {
                        used.push(url.to_owned());
                    }
                    in_context(context, &mut open);
                    references(context, &mut open);
                }
                None if missing.len() < MOST_DOCUMENTS => missing.push(url.to_owned()),
                None => break,
            }
        }
        used.sort_unstable();
        missing.sort_unstable();
        (used, missing)
    }

    /// Like [`super::dataset`], with these contexts.
    pub fn dataset(&self, document: &Value) -> Result<Dataset, RdfError> {
        expand::document(document, self)
    }

    /// Like [`super::canonicalize`], with these contexts.
    pub fn canonicalize(&self, document: &Value) -> Result<String, RdfError> {
        Ok(self.dataset(document)?.canonicalize(HashAlgorithm::Sha256)?.nquads)
    }

    /// Like [`super::canonicalize_without`], with these contexts.
    pub fn canonicalize_without(
        &self,
        document: &Map<String, Value>,
        member: &str,
        algorithm: HashAlgorithm,
    ) -> Result<String, RdfError> {
        Ok(expand::object_without(document, member, self)?.canonicalize(algorithm)?.nquads)
    }

    /// Like [`Self::canonicalize_without`]; also says what somebody would miss who reads the document by its
    /// members' names, if there is anything.
    pub(crate) fn read_without(
        &self,
        document: &Map<String, Value>,
        member: &str,
        algorithm: HashAlgorithm,
        read_as: ReadAs,
    ) -> Result<(String, Option<String>), RdfError> {
        let (dataset, hidden) = expand::read_without(document, member, self, read_as)?;
        Ok((dataset.canonicalize(algorithm)?.nquads, hidden))
    }

    /// What a reader would miss, likewise.
    pub(crate) fn hidden_in(
        &self,
        document: &Map<String, Value>,
        member: &str,
        read_as: ReadAs,
    ) -> Result<Option<String>, RdfError> {
        Ok(expand::read_without(document, member, self, read_as)?.1)
    }

    /// The value of `@context` in the document at this URL.
    pub(super) fn find(&self, url: &str) -> Option<&Value> {
        bundled::find(url).or_else(|| self.0.added.get(url).map(Arc::as_ref))
    }

    pub(super) fn compiled(&self) -> &ChangeCache {
        &self.0.compiled
    }
}

impl fmt::Debug for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contexts").field("added", &self.0.added.keys()).finish_non_exhaustive()
    }
}

/// A context document's `@context`.
fn read(url: &str, bytes: &[u8]) -> Result<Value, String> {
    let document = document::parse(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let Value::Object(mut map) = document.map_err(|error| error.to_string())? else {
        return Err("it is not a JSON object".to_owned());
    };
    let mut context = map.shift_remove("@context").ok_or("it has no member @context")?;
    settle(&mut context, url, 0)?;
    Ok(context)
}

/// Makes the URLs of contexts absolute.
fn settle(context: &mut Value, base: &str, depth: usize) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("contexts stand inside each other more than {DEEPEST} deep"));
    }
    match context {
        Value::String(url) => settle_url(url, base),
        Value::Array(items) => items.iter_mut().try_for_each(|item| settle(item, base, depth + 1)),
        Value::Object(map) => map.iter_mut().try_for_each(|(name, value)| match value {
            Value::String(url) if name == "@import" => settle_url(url, base),
            Value::Object(definition) => match definition.get_mut("@context") {
                Some(scoped) => settle(scoped, base, depth + 1),
                None => Ok(()),
            },
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

fn settle_url(url: &mut String, base: &str) -> Result<(), String> {
    if !is_absolute_iri(url) {
        *url = iri::resolve(base, url).ok_or_else(|| format!("\"{url}\" is not the address of a context"))?;
    }
    Ok(())
}

/// The contexts named anywhere in a document.
fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(map) => {
            for (name, value) in map {
                match (name.as_str(), value) {
                    ("@import", Value::String(url)) => found.push(url),
                    ("@context", context) => in_context(context, found),
                    _ => {}
                }
                references(value, found);
            }
        }
        _ => {}
    }
}

/// The contexts a value of `@context` names by itself.
fn in_context<'v>(context: &'v Value, found: &mut Vec<&'v str>) {
    let items = if let Value::Array(items) = context { items } else { std::slice::from_ref(context) };
    found.extend(items.iter().filter_map(Value::as_str));
}
