//! Reading N-Quads, for datasets that do not come from JSON-LD.

use std::collections::HashMap;

use super::RdfError;
use super::dataset::{Dataset, TermId};
use super::literal::is_absolute_iri;

impl Dataset {
    /// Reads N-Quads (RDF 1.1 N-Quads). Fails on the first line that is not a quad.
    pub fn from_nquads(text: &str) -> Result<Self, RdfError> {
        let mut reader = Reader { dataset: Self::default(), blanks: HashMap::new() };
        for line in text.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            reader.quad(line).ok_or_else(|| RdfError::Malformed(format!("not a quad: {line}")))?;
        }
        Ok(reader.dataset)
    }
}

struct Reader {
    dataset: Dataset,
    blanks: HashMap<String, TermId>,
}

impl Reader {
    fn quad(&mut self, line: &str) -> Option<()> {
        let (s, rest) = self.node(line)?;
        let (p, rest) = self.iri(rest.trim_start())?;
        let rest = rest.trim_start();
        let (o, rest) = if rest.starts_with('"') { self.literal(rest)? } else { self.node(rest)? };
        let rest = rest.trim_start();
        let (g, rest) = if rest.starts_with('.') { (TermId::DEFAULT_GRAPH, rest) } else { self.node(rest)? };
        let end = rest.trim_start().strip_prefix('.')?.trim_start();
        if !end.is_empty() && !end.starts_with('#') {
            return None;
        }
        self.dataset.add(s, p, o, g);
        Some(())
    }

    fn node<'a>(&mut self, text: &'a str) -> Option<(TermId, &'a str)> {
        let Some(label) = text.strip_prefix("_:") else { return self.iri(text) };
        let end = label.find([' ', '\t', '<', '"']).unwrap_or(label.len());
        let (label, rest) = label.split_at(end);
        // A full stop ends the label only if it ends the quad.
        let trimmed = label.trim_end_matches('.');
        let rest = &text[2 + trimmed.len()..][..label.len() - trimmed.len() + rest.len()];
        if trimmed.is_empty() {
            return None;
        }
        let dataset = &mut self.dataset;
        let term = *self.blanks.entry(trimmed.to_owned()).or_insert_with(|| dataset.fresh_blank());
        Some((term, rest))
    }

    fn iri<'a>(&mut self, text: &'a str) -> Option<(TermId, &'a str)> {
        let (iri, rest) = text.strip_prefix('<')?.split_once('>')?;
        let iri = unescape(iri)?;
        is_absolute_iri(&iri).then(|| (self.dataset.iri(&iri), rest))
    }

    fn literal<'a>(&mut self, text: &'a str) -> Option<(TermId, &'a str)> {
        let body = &text[1..];
        let mut escaped = false;
        let end = body.char_indices().find_map(|(at, c)| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes.then_some(at)
        })?;
        let value = unescape(&body[..end])?;
        let rest = &body[end + 1..];
        if let Some(tagged) = rest.strip_prefix('@') {
            let end = tagged.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(tagged.len());
            return Some((self.dataset.tagged(&value, &tagged[..end]), &tagged[end..]));
        }
        if let Some(typed) = rest.strip_prefix("^^<") {
            let (datatype, rest) = typed.split_once('>')?;
            let datatype = unescape(datatype)?;
            return is_absolute_iri(&datatype).then(|| (self.dataset.typed(&value, &datatype), rest));
        }
        Some((self.dataset.string(&value), rest))
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let kind = after.chars().next()?;
        rest = &after[kind.len_utf8()..];
        let digits = match kind {
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            let code = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
            out.push(char::from_u32(code)?);
            rest = &rest[digits..];
            continue;
        }
        out.push(match kind {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            '"' | '\'' | '\\' => kind,
            _ => return None,
        });
    }
    out.push_str(rest);
    Some(out)
}
