//! JSON-LD 1.1 to canonical N-Quads: contexts compiled once, one pass over the document, RDFC-1.0.
//!
//! Always in "safe mode": whatever would not be signed (an undefined term or type, a relative IRI, a
//! dropped value) is an error, and contexts are never fetched: they come from the bundled, hash-pinned set,
//! and from what a caller adds to it ([`Contexts`]).
//!
//! ```
//! use cairn_credential::rdf::{RdfError, canonicalize};
//! use serde_json::json;
//!
//! let mut document = json!({
//!     "@context": "https://www.w3.org/ns/credentials/v2",
//!     "id": "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53",
//!     "type": "VerifiableCredential",
//! });
//! assert_eq!(
//!     canonicalize(&document)?,
//!     "<urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
//!         <https://www.w3.org/2018/credentials#VerifiableCredential> .\n"
//! );
//! document["colour"] = json!("blue");
//! assert_eq!(canonicalize(&document), Err(RdfError::UndefinedTerm("colour".into())));
//! # Ok::<(), RdfError>(())
//! ```

mod active_context;
mod bundled;
mod canon;
mod containers;
mod context;
mod context_builder;
mod contexts;
mod dataset;
mod expand;
mod iri;
mod keyword;
mod literal;
mod meaning;
mod n_degree;
mod node_shape;
mod nquads;
mod plain;
mod plain_names;
mod prepared;
mod term;
mod term_definition;
mod traced;

use serde_json::{Map, Value};

pub use bundled::{BundledContext, bundled};
pub use canon::{Canonical, HashAlgorithm};
pub use contexts::{Contexts, ContextsError};
pub use dataset::Dataset;
pub(crate) use literal::is_absolute_iri;
pub(crate) use meaning::check_meaning;
pub(crate) use plain::ReadAs;
pub(crate) use plain_names::is_word as is_read_type;
pub(crate) use prepared::{PreparedDataset, stand_in};
pub(crate) use traced::{Part, TracedDocument};

/// Why a document could not be turned into canonical N-Quads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RdfError {
    /// A member no context gives a meaning to; signing would silently leave it out.
    #[error("no context defines the member \"{0}\": add a context that does, or remove it")]
    UndefinedTerm(String),
    /// A type no context gives a meaning to.
    #[error("no context defines the type \"{0}\": add a context that does, or use a full IRI")]
    UndefinedType(String),
    /// An identifier that is not an absolute, well-formed IRI.
    #[error(
        "\"{0}\" is not an absolute IRI: write it in full, with characters outside RFC 3987 percent-encoded"
    )]
    RelativeIri(String),
    /// A context tries to change a term an earlier context protects (JSON-LD 1.1, 4.1.11).
    #[error("a context redefines the protected term \"{0}\": remove that definition")]
    ProtectedTerm(String),
    /// A context that is neither bundled, nor added by the caller, nor written inline.
    #[error("the context {0} is not one of the known contexts, so its terms have no known meaning here")]
    UnknownContext(String),
    /// A context that breaks a rule of JSON-LD 1.1.
    #[error("a context is not valid: {0}")]
    InvalidContext(String),
    /// A value JSON-LD would drop, so that it would not be signed.
    #[error("a value would be lost, and so not signed: {0}")]
    DataLoss(String),
    /// A feature of JSON-LD this crate refuses rather than guesses at.
    #[error("{0} is not supported: write the document without it")]
    Unsupported(&'static str),
    /// The document is not what the JSON-LD grammar allows.
    #[error("the document is not well-formed JSON-LD: {0}")]
    Malformed(String),
    /// Canonicalisation would take too much work: a graph made to be hard ("poison graph").
    #[error("the document's unnamed nodes are too entangled to canonicalise: give them ids")]
    TooComplex,
    /// Deeper nesting than any real document has.
    #[error("the document is nested too deeply: at most {0} levels are read")]
    TooDeep(usize),
}

/// The RDF dataset a JSON-LD document stands for (JSON-LD 1.1 API, "toRdf", base IRI null, safe mode).
pub fn dataset(document: &Value) -> Result<Dataset, RdfError> {
    Contexts::bundled().dataset(document)
}

/// Like [`canonicalize`] for an object, leaving out one top-level member (signing leaves out `proof`).
pub fn canonicalize_without(
    document: &Map<String, Value>,
    member: &str,
    algorithm: HashAlgorithm,
) -> Result<String, RdfError> {
    Contexts::bundled().canonicalize_without(document, member, algorithm)
}

/// A JSON-LD document as canonical N-Quads (RDFC-1.0 with SHA-256), sorted, one quad to a line.
pub fn canonicalize(document: &Value) -> Result<String, RdfError> {
    Contexts::bundled().canonicalize(document)
}
