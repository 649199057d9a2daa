//! Identifiers in a document: IRIs in full, compact or relative, and labels of blank nodes.

use oxiri::Iri;

use super::RdfError;
use super::active_context::prefix_of;
use super::context::Context;
use super::context_builder::split_compact;
use super::dataset::TermId;
use super::expand::Expander;
use super::keyword::looks_like_keyword;
use super::literal::is_absolute_iri;
use super::term::Mapping;

/// The IRI a reference stands for beside a base (RFC 3987, 6.5; RFC 3986, 5.2); `None` if either is
/// malformed.
pub(super) fn resolve(base: &str, reference: &str) -> Option<String> {
    let iri = Iri::parse(base).ok()?.resolve(reference).ok()?.into_inner();
    is_absolute_iri(&iri).then_some(iri)
}

impl Expander<'_> {
    /// An identifier: an absolute or compact IRI, or a blank node's label.
    pub(super) fn reference(&mut self, context: &Context, id: &str) -> Result<TermId, RdfError> {
        if let Some(label) = id.strip_prefix("_:") {
            self.reading.bent = true;
            return Ok(self.blank(label));
        }
        if looks_like_keyword(id) {
            return Err(RdfError::RelativeIri(id.to_owned()));
        }
        if let Some((prefix, suffix)) = split_compact(id)
            && !suffix.starts_with("//")
            && let Some(iri) = context.get(prefix).and_then(|entry| prefix_of(&entry.definition))
        {
            self.reading.bent = true;
            return self.checked(&format!("{iri}{suffix}"));
        }
        match &context.base {
            Some(base) if !is_absolute_iri(id) => {
                self.reading.bent = true;
                self.relative(base, id)
            }
            _ => self.checked(id),
        }
    }

    fn relative(&mut self, base: &str, reference: &str) -> Result<TermId, RdfError> {
        let iri = resolve(base, reference).ok_or_else(|| RdfError::RelativeIri(reference.to_owned()))?;
        Ok(self.data.iri(&iri))
    }

    fn blank(&mut self, label: &str) -> TermId {
        let data = &mut self.data;
        *self.labels.entry(label.to_owned()).or_insert_with(|| data.fresh_blank())
    }

    fn checked(&mut self, iri: &str) -> Result<TermId, RdfError> {
        if let Some(label) = iri.strip_prefix("_:") {
            return Ok(self.blank(label));
        }
        if !is_absolute_iri(iri) {
            return Err(RdfError::RelativeIri(iri.to_owned()));
        }
        Ok(self.data.iri(iri))
    }

    /// A value of `@type`, or of a property whose values are terms.
    pub(super) fn type_term(&mut self, context: &Context, name: &str) -> Result<TermId, RdfError> {
        if let Some(entry) = context.get(name) {
            return match &entry.definition.mapping {
                Mapping::Iri(iri) => self.checked(iri),
                Mapping::Nothing | Mapping::Keyword(_) => Err(RdfError::UndefinedType(name.to_owned())),
            };
        }
        if looks_like_keyword(name) {
            return Err(RdfError::UndefinedType(name.to_owned()));
        }
        if let Some((prefix, _)) = split_compact(name)
            && (prefix == "_" || is_absolute_iri(name) || context.get(prefix).is_some())
        {
            return self.reference(context, name);
        }
        match (&context.vocab, &context.base) {
            (Some(vocab), _) => self.checked(&format!("{vocab}{name}")),
            (None, Some(base)) => self.relative(base, name),
            (None, None) => Err(RdfError::UndefinedType(name.to_owned())),
        }
    }
}
