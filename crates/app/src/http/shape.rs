//! Shapes that several answers share.

use crate::http::Result;
use cairn_actions::error::{Error, FieldError};
use cairn_platform::text::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// Things.
    pub items: Vec<T>,
    /// Address of the next page; null at the end.
    pub next: Option<String>,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// The kind in words.
    pub(super) title: &'static str,
    /// HTTP status.
    pub(super) status: u16,
    /// Short stable name: `not-found`, `forbidden`, `sign-in`, `refused`,
    /// `invalid`, `conflict`, `too-many`, `too-large`, `malformed`,
    /// `unknown-kind`, `method`, `unexpected`.
    pub(super) code: &'static str,
    /// A sentence about this very case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    /// Stable name of why all of it was refused: `badge-revoked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
    /// Members of the request that are wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) errors: Option<Vec<Wrong>>,
}

/// A member of the request that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct Wrong {
    /// Its path: `recipients[3].email`.
    field: String,
    /// Stable name of what is wrong: `name-empty`.
    code: &'static str,
    /// A sentence.
    message: String,
}

impl From<FieldError> for Wrong {
    fn from(e: FieldError) -> Self {
        Self { field: e.field, code: e.refusal.code, message: Language::En.refusal(&e.refusal) }
    }
}

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// How many things, 1 to 100; 50 when it is not given.
    pub limit: Option<i64>,
    /// Where to go on; part of `next`.
    pub after: Option<String>,
}

impl Part {
    /// The limit, when it is a good one.
    pub fn limit(&self) -> Result<usize> {
        limit(self.limit)
    }
}

/// A page's size.
pub fn limit(limit: Option<i64>) -> Result<usize> {
    match limit.unwrap_or(50) {
        limit @ 1..=100 => Ok(limit as usize),
        _ => Err(Error::invalid("limit", "page-size").into()),
    }
}

/// The page after a mark of a list that is short enough to be read as a whole,
/// and the mark of its last thing when more follow.
pub fn cut<T>(
    all: Vec<T>,
    after: &str,
    limit: usize,
    mark: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let start = match after {
        "" => 0,
        after => all.iter().position(|t| mark(t) == after).map_or(all.len(), |at| at + 1),
    };
    let is_more = all.len() > start + limit;
    let page: Vec<T> = all.into_iter().skip(start).take(limit).collect();
    let next = page.last().filter(|_| is_more).map(mark);
    (page, next)
}

/// The address of the next page: the same query with another mark.
pub fn next(base: &str, path: &str, query: &[(&str, &str)], mark: &str) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.iter().filter(|(_, v)| !v.is_empty()) {
        out.append_pair(name, value);
    }
    format!("{base}{path}?{}", out.append_pair("after", mark).finish())
}

/// An instant as RFC 3339 writes it.
pub fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// An organisation in few words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organization {
    /// Lasting id.
    pub id: String,
    /// In addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A credential that has been issued.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Badge {
    /// Id.
    pub id: String,
    /// Its page.
    pub url: String,
}

impl Badge {
    /// The badge that an action led to, if it did.
    pub fn of(base: &str, issued: Option<&cairn_actions::credential::Issuance>) -> Option<Self> {
        issued.map(|i| Self { id: i.credential.to_string(), url: format!("{base}/c/{}", i.credential) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_into_pages() {
        let check = |after: &str, want: &[i32], next: Option<&str>| {
            let (page, mark) = cut(vec![1, 2, 3, 4, 5], after, 2, ToString::to_string);
            assert_eq!((page.as_slice(), mark.as_deref()), (want, next), "{after}");
        };
        check("", &[1, 2], Some("2"));
        check("2", &[3, 4], Some("4"));
        check("4", &[5], None);
        check("nonsense", &[], None);
    }
}
