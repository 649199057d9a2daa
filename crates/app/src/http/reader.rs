//! The one way of forms: reads values out of what was sent, collects what is wrong with them, and gives the form
//! back as it was, with a sentence beside each field and all of them on top (`field::error_summary`). A plain post
//! and one by HTMX are the same.

use crate::http::problem::Result;
use crate::http::{Fields, Ui};
use axum::http::StatusCode;
use cairn_actions::error::Error;
use cairn_domain::display_name::{self, NameFault, NameKind};
use std::str::FromStr;

/// What is wrong with a form, in the order of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Errors(pub Vec<(String, String)>);

impl Errors {
    /// One sentence about one field; about the whole form when the field is empty.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), message.into())])
    }

    /// What an action has said against a form, in the reader's language: about its fields, or about all of it. What
    /// a form cannot mend is passed on.
    pub fn of_action(error: Error, ui: &Ui) -> Result<Self> {
        match error {
            Error::Invalid(fields) => {
                Ok(Self(fields.into_iter().map(|f| (f.field, ui.words.refusal(&f.refusal))).collect()))
            }
            Error::Refused(why) | Error::Conflict(why) => Ok(Self::one("", ui.words.refusal(&why))),
            other => Err(other.into()),
        }
    }

    /// 422 when fields are wrong, 409 when a rule says no to all of it.
    pub fn status(&self) -> StatusCode {
        match self.0.first() {
            None => StatusCode::OK,
            Some((field, _)) if field.is_empty() => StatusCode::CONFLICT,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sentence about a field; empty when it is right.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|(f, _)| f == field).map_or("", |(_, m)| m)
    }

    /// Adds a sentence about a field.
    pub fn put(&mut self, field: &str, message: impl Into<String>) {
        self.0.push((field.to_owned(), message.into()));
    }
}

/// Reads values of a form, and collects what is wrong with them.
pub struct Reader<'a> {
    /// What was sent.
    pub fields: &'a Fields,
    /// What is wrong so far.
    pub errors: Errors,
    ui: &'a Ui,
}

impl<'a> Reader<'a> {
    /// Nothing is wrong yet.
    pub fn new(fields: &'a Fields, ui: &'a Ui) -> Self {
        Self { fields, errors: Errors::default(), ui }
    }

    /// A text of at most `most` characters.
    pub fn words(&mut self, name: &str, most: usize) -> String {
        let text = self.fields.trimmed(name);
        if text.chars().count() > most {
            self.errors.put(name, self.ui.t1("form-error-long", "most", most));
        }
        text
    }

    /// A short text that follows the rule for names; it may be empty.
    pub fn name(&mut self, name: &str, most: usize) -> String {
        let text = self.words(name, most);
        self.follows(name, &text);
        text
    }

    /// The same that must say something.
    pub fn needed_name(&mut self, name: &str, most: usize) -> String {
        let text = self.needed(name, most);
        self.follows(name, &text);
        text
    }

    /// Says beside a field that a short text does not follow the rule for names.
    pub fn follows(&mut self, field: &str, text: &str) {
        if let Some(fault) = name_fault(text).filter(|_| self.errors.of(field).is_empty()) {
            self.errors.put(field, self.ui.refusal(fault));
        }
    }

    /// A text that must say something.
    pub fn needed(&mut self, name: &str, most: usize) -> String {
        let text = self.words(name, most);
        if text.is_empty() {
            self.wrong(name, "form-error-empty");
        }
        text
    }

    /// A whole number; 0 when the field is empty.
    pub fn whole(&mut self, name: &str, range: std::ops::RangeInclusive<u32>) -> u32 {
        self.optional(name).map_or_else(
            || *range.start().max(&0),
            |number: u32| {
                if !range.contains(&number) {
                    let (least, most) = (range.start().to_string(), range.end().to_string());
                    let words = self.ui.t2("form-error-range", "least", &least, "most", &most);
                    self.errors.put(name, words);
                }
                number
            },
        )
    }

    /// A number; none when the field is empty.
    pub fn optional<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let text = self.fields.trimmed(name);
        if text.is_empty() {
            return None;
        }
        let number = text.replace(',', ".").parse().ok();
        if number.is_none() {
            self.wrong(name, "form-error-number");
        }
        number
    }

    /// An address that begins with `https://` or `http://`, or nothing.
    pub fn url(&mut self, name: &str) -> String {
        let text = self.words(name, 500);
        if !text.is_empty() && !is_web_address(&text) {
            self.wrong(name, "form-error-url");
        }
        text
    }

    /// Says with a message of ours that a field is wrong.
    pub fn wrong(&mut self, name: &str, key: &str) {
        self.errors.put(name, self.ui.t(key));
    }
}

/// Why a short text is none; what is empty is another rule's matter.
pub fn name_fault(text: &str) -> Option<NameFault> {
    if text.trim().is_empty() { None } else { display_name::check(NameKind::Title, text).err() }
}

/// True for an address of the web.
pub fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        for (text, want) in [
            ("https://a.example/x", true),
            ("javascript:alert(1)", false),
            ("a.example", false),
            ("http://", false),
        ] {
            assert_eq!(is_web_address(text), want, "{text}");
        }
    }
}
