//! What somebody looks for, as it stands in an address: words, facets, order,
//! place in the list. Everything in it can be bookmarked.

use cairn_domain::achievement::{Field, Participation, Programme};
use cairn_value::mark::Mark;
use cairn_value::slug::is_slug;
use cairn_value::steps;
use std::collections::BTreeSet;

/// Something to choose by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// Broad field.
    Field,
    /// Shape of the programme.
    Programme,
    /// Form of participation.
    Participation,
    /// Language of the texts.
    Language,
    /// EQF level; 0 is not stated.
    Level,
    /// Free or paid.
    Price,
    /// Ranges of hours.
    Hours,
    /// Who issues it.
    Organization,
}

impl Facet {
    /// In the order they are offered; a place in it is a place in [`super::store::Cell`].
    pub const ALL: [Self; 8] = [
        Self::Field,
        Self::Programme,
        Self::Participation,
        Self::Language,
        Self::Level,
        Self::Price,
        Self::Hours,
        Self::Organization,
    ];

    /// As it stands in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Programme => "programme",
            Self::Participation => "participation",
            Self::Language => "language",
            Self::Level => "level",
            Self::Price => "price",
            Self::Hours => "hours",
            Self::Organization => "organization",
        }
    }

    /// True when a value may stand for this facet.
    fn accepts(self, value: &str) -> bool {
        match self {
            Self::Field => Field::parse(value).is_some(),
            Self::Programme => Programme::parse(value).is_some(),
            Self::Participation => Participation::parse(value).is_some(),
            Self::Language => (2..=3).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase()),
            Self::Level => value.parse::<i64>().is_ok_and(|n| (0..=8).contains(&n)),
            Self::Price => matches!(value, "free" | "paid"),
            Self::Hours => HOURS.iter().any(|(name, ..)| *name == value),
            Self::Organization => is_slug(value),
        }
    }
}

/// Ranges of hours: name, from, to (both with it).
pub const HOURS: [(&str, i64, i64); 4] =
    [("to-10", 0, 10), ("11-25", 11, 25), ("26-50", 26, 50), ("from-51", 51, i64::MAX)];

/// In what order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What fits the words best.
    Best,
    /// By title.
    Title,
    /// Newest first.
    Newest,
    /// Fewest hours first.
    Shortest,
}

impl Sort {
    /// As it stands in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Title => "title",
            Self::Newest => "newest",
            Self::Shortest => "shortest",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Best, Self::Title, Self::Newest, Self::Shortest].into_iter().find(|s| s.name() == text)
    }
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// At the beginning.
    #[default]
    First,
    /// Behind this row.
    After(Mark),
    /// Before this row, to go back.
    Before(Mark),
}

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// As it was typed.
    pub words: String,
    /// What was chosen; values of one facet add up, facets narrow down.
    pub chosen: BTreeSet<(Facet, String)>,
    sort: Option<Sort>,
    /// Where the page begins.
    pub place: Place,
}

impl Filter {
    /// Reads a query string's pairs; what makes no sense is left out.
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let mut filter = Self::default();
        for (name, value) in pairs {
            steps::take(1 + filter.chosen.len());
            match name.as_str() {
                "q" => filter.words = value.trim().chars().take(200).collect(),
                "sort" => filter.sort = Sort::parse(value),
                "after" => filter.place = Mark::parse(value).map_or(Place::First, Place::After),
                "before" => filter.place = Mark::parse(value).map_or(Place::First, Place::Before),
                _ => {
                    let facet = Facet::ALL.into_iter().find(|f| f.name() == name && f.accepts(value));
                    if let Some(facet) = facet.filter(|_| filter.chosen.len() < 60) {
                        filter.chosen.insert((facet, value.clone()));
                    }
                }
            }
        }
        filter
    }

    /// The order: what was asked for, or what suits.
    pub fn sort(&self) -> Sort {
        match (self.sort, self.words.is_empty()) {
            (None | Some(Sort::Best), true) => Sort::Title,
            (None, false) => Sort::Best,
            (Some(sort), _) => sort,
        }
    }

    /// Values chosen for a facet.
    pub fn values(&self, facet: Facet) -> Vec<&str> {
        self.chosen.iter().filter(|(f, _)| *f == facet).map(|(_, v)| v.as_str()).collect()
    }

    /// True when this value was chosen.
    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.chosen.contains(&(facet, value.to_owned()))
    }

    /// True when a value of a facet passes: nothing was chosen, or this.
    pub fn passes(&self, facet: Facet, value: &str) -> bool {
        self.values(facet).is_empty() || self.has(facet, value)
    }

    /// The query string, with its question mark; empty for everything.
    pub fn query(&self) -> String {
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        if !self.words.is_empty() {
            out.append_pair("q", &self.words);
        }
        for (facet, value) in &self.chosen {
            out.append_pair(facet.name(), value);
        }
        if let Some(sort) = self.sort {
            out.append_pair("sort", sort.name());
        }
        match &self.place {
            Place::First => {}
            Place::After(mark) => {
                out.append_pair("after", &mark.to_string());
            }
            Place::Before(mark) => {
                out.append_pair("before", &mark.to_string());
            }
        }
        let text = out.finish();
        if text.is_empty() { text } else { format!("?{text}") }
    }

    /// The same from another place.
    pub fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }

    /// The same without a value, from the beginning.
    pub fn without(&self, facet: Facet, value: &str) -> Self {
        let mut other = self.at(Place::First);
        other.chosen.remove(&(facet, value.to_owned()));
        other
    }

    /// The same in another order, from the beginning.
    pub fn sorted(&self, sort: Sort) -> Self {
        Self { sort: Some(sort), ..self.at(Place::First) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_value::steps::is_linear;

    #[test]
    fn an_address_is_read_in_one_go() {
        let make =
            |n: usize| (0..n).map(|n| ("organization".to_owned(), format!("o{n}"))).collect::<Vec<_>>();
        is_linear(500, make, |pairs| Filter::parse(&pairs));
    }

    #[test]
    fn a_filter_survives_its_own_address() {
        let read = |query: &str| {
            let pairs: Vec<(String, String)> =
                url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            Filter::parse(&pairs)
        };
        let check = |query: &str, want: &str| {
            let filter = read(query);
            assert_eq!(filter.query(), want, "{query}");
            assert_eq!(read(want.trim_start_matches('?')), filter);
        };
        check("", "");
        check("q=+a%26b+&level=5&level=9&field=business&field=x", "?q=a%26b&field=business&level=5");
        check("hours=to-10&sort=newest&after=id~key", "?hours=to-10&sort=newest&after=id%7Ekey");
        check("sort=nonsense&organization=../etc&price=free", "?price=free");
        assert_eq!(read("q=a").sort(), Sort::Best);
        assert_eq!(read("sort=best").sort(), Sort::Title);
        assert_eq!(read("level=5&price=free").without(Facet::Level, "5").query(), "?price=free");
    }
}
