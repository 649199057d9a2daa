//! Has every member a meaning? For documents whose signature covers the JSON and not the RDF.

use serde_json::{Map, Value};

use super::active_context::{scoped_by_type, types};
use super::context;
use super::expand::{CONTEXTS, object_without};
use super::{Contexts, RdfError};

/// Checks a document in safe mode, as signing its RDF would, and besides that every member of the outermost
/// object is a term of a context or a keyword: a catch-all `@vocab` does not count there, since with it any
/// misspelt member would mean something.
pub(crate) fn check_meaning(document: &Map<String, Value>) -> Result<(), RdfError> {
    let (contexts, mut left) = (Contexts::bundled(), CONTEXTS);
    let after = |local| context::initial().after(local, contexts, &mut left);
    let written = document.get("@context").map(after).transpose()?;
    let outer = written.as_ref().map_or(context::initial(), |change| &change.context);
    let types = types(outer, document)?;
    let typed = scoped_by_type(outer, &types, contexts, &mut left)?;
    let inside = typed.as_ref().map_or(outer, |held| &held.change().context);
    for name in document.keys() {
        let known = inside.keyword(name).is_some() || inside.get(name).is_some() || name.contains(':');
        if !known {
            return Err(RdfError::UndefinedTerm(name.clone()));
        }
    }
    object_without(document, "proof", contexts)?;
    Ok(())
}
