//! Relative references made absolute (RFC 3987, 6.5; RFC 3986, 5.2).

use oxiri::Iri;

use super::literal::is_absolute_iri;

/// The IRI a reference stands for beside a base; `None` if either is malformed.
pub(super) fn resolve(base: &str, reference: &str) -> Option<String> {
    let iri = Iri::parse(base).ok()?.resolve(reference).ok()?.into_inner();
    is_absolute_iri(&iri).then_some(iri)
}
