//! A form as it was sent, name by name: what a person typed is kept whatever becomes of it. Finding a
//! value takes one look, however many were sent.

use cairn_value::steps;
use serde::Deserialize;
use std::collections::HashMap;

/// Most fields of a form: a rubric of fifty criteria with twenty levels each has some 3,200.
pub const MOST_FIELDS: usize = 5_000;

/// Names and values in the order of the page. A name may stand there often.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct Fields {
    pairs: Vec<(String, String)>,
    /// Where the values of a name stand.
    places: HashMap<String, Vec<usize>>,
}

impl From<Vec<(String, String)>> for Fields {
    /// Browsers end lines with two characters; texts are kept with one.
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            let value = if value.contains('\r') { value.replace("\r\n", "\n") } else { value };
            fields.put(&name, value);
        }
        fields
    }
}

impl Fields {
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let places = self.places.get(name).map_or(&[][..], Vec::as_slice);
        steps::take(1);
        places.iter().map(|at| {
            steps::take(1);
            self.pairs[*at].1.as_str()
        })
    }

    /// The first value of this name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.values(name).next().unwrap_or("")
    }

    /// The first value without white space around it.
    pub fn trimmed(&self, name: &str) -> String {
        self.get(name).trim().to_owned()
    }

    /// All values of this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values(name).collect()
    }

    /// True when something was sent under this name.
    pub fn sent(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// True when the name has this value, such as a ticked box.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|v| v == value)
    }

    /// Adds a value.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        steps::take(1);
        self.places.entry(name.to_owned()).or_default().push(self.pairs.len());
        self.pairs.push((name.to_owned(), value.into()));
    }

    /// Takes all values of these names out.
    pub fn remove(&mut self, names: &[&str]) {
        for (name, value) in std::mem::take(self).pairs {
            if !names.contains(&name.as_str()) {
                self.put(&name, value);
            }
        }
    }

    /// Names and values, once through.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| {
            steps::take(1);
            (name.as_str(), value.as_str())
        })
    }

    /// Lines with something on them, trimmed.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.get(name).lines().map(str::trim).filter(|l| !l.is_empty()).map(String::from).collect()
    }

    /// The number of the pressed button after a word: 3 for `remove-3`.
    pub fn pressed(&self, word: &str) -> Option<usize> {
        self.get("do").strip_prefix(word)?.strip_prefix('-')?.parse().ok()
    }

    /// The version of the draft that the form was made of.
    pub fn version(&self) -> i64 {
        self.get("version").parse().unwrap_or(-1)
    }
}

/// For tests: a form with this many fields, each named after a pattern in which `#` is its number.
#[cfg(test)]
pub fn form(count: usize, names: &[&str]) -> Fields {
    let pairs = (0..count).map(|n| (names[n % names.len()].replace('#', &n.to_string()), "1".to_owned()));
    Fields::from(pairs.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_every_value_and_ends_lines_with_one_character() {
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        let mut fields = Fields::from(vec![
            pair("a", "x\r\n\r\n y "),
            pair("b", "1"),
            pair("b", "2"),
            pair("do", "remove-3"),
        ]);
        assert_eq!(fields.get("a"), "x\n\n y ");
        assert_eq!(fields.lines("a"), ["x", "y"]);
        assert_eq!(fields.all("b"), ["1", "2"]);
        assert_eq!(fields.pressed("remove"), Some(3));
        assert_eq!(fields.pressed("add"), None);
        assert!(fields.has("b", "2") && !fields.has("b", "3") && fields.sent("b") && !fields.sent("c"));
        fields.remove(&["b"]);
        assert_eq!(fields.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "do"]);
        assert_eq!((fields.get("b"), fields.get("do")), ("", "remove-3"));
    }
}
