//! What a context says about one term.

use serde_json::Value;

use super::keyword::Keyword;
use super::plain::Pin;

/// What a term stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mapping {
    /// Explicitly nothing: members of this name are not data.
    Nothing,
    Keyword(Keyword),
    /// An absolute IRI or a blank node identifier.
    Iri(Box<str>),
}

/// How plain values of a term are typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Coercion {
    Absent,
    None,
    Id,
    Vocab,
    Json,
    Datatype(Box<str>),
}

/// The `@container` mapping, a set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Containers(u8);

impl Containers {
    pub(super) const GRAPH: Self = Self(1);
    pub(super) const ID: Self = Self(2);
    pub(super) const INDEX: Self = Self(4);
    pub(super) const LANGUAGE: Self = Self(8);
    pub(super) const LIST: Self = Self(16);
    pub(super) const SET: Self = Self(32);
    pub(super) const TYPE: Self = Self(64);

    pub(super) fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    /// True if the keys of an object under the term say something about what is there.
    pub(super) fn is_keyed(self) -> bool {
        self.has(Self::INDEX) || self.has(Self::ID) || self.has(Self::TYPE)
    }

    pub(super) fn with(self, flag: Self) -> Self {
        Self(self.0 | flag.0)
    }

    pub(super) fn within(self, flags: &[Self]) -> bool {
        let all = flags.iter().fold(Self::default(), |all, flag| all.with(*flag));
        self.0 & !all.0 == 0
    }

    /// True for the combinations of JSON-LD 1.1, 9.15.1.
    pub(super) fn possible(self) -> bool {
        let kinds = [Self::ID, Self::INDEX, Self::LANGUAGE, Self::TYPE];
        let several = kinds.iter().filter(|kind| self.has(**kind)).count() > 1;
        if self.has(Self::LIST) {
            return self == Self::LIST;
        }
        let with_graph = [Self::GRAPH, Self::ID, Self::INDEX, Self::SET];
        !several && (!self.has(Self::GRAPH) || self.within(&with_graph))
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "@graph" => Self::GRAPH,
            "@id" => Self::ID,
            "@index" => Self::INDEX,
            "@language" => Self::LANGUAGE,
            "@list" => Self::LIST,
            "@set" => Self::SET,
            "@type" => Self::TYPE,
            _ => return None,
        })
    }
}

/// A language or direction that a term can leave to the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// Nothing said: the context's default holds.
    Absent,
    /// Explicitly none.
    None,
    Said(Box<str>),
}

impl Setting {
    pub(super) fn or<'a>(&'a self, default: Option<&'a str>) -> Option<&'a str> {
        match self {
            Self::Absent => default,
            Self::None => None,
            Self::Said(text) => Some(text),
        }
    }
}

/// A term definition (JSON-LD 1.1, 4.1 and API 4.2).
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub mapping: Mapping,
    pub coercion: Coercion,
    pub containers: Containers,
    pub language: Setting,
    pub direction: Setting,
    /// The scoped context, not yet processed.
    pub context: Option<Value>,
    pub index: Option<Box<str>>,
    pub nest: Option<Box<str>>,
    pub prefix: bool,
    pub reverse: bool,
    pub protected: bool,
    /// How the term's name and its meaning go together for those who read members by name.
    pub pin: Pin,
    /// False for a type that misleads those who read types by name.
    pub plain_word: bool,
}

impl Definition {
    /// Equal but for `@protected`: such a redefinition is allowed.
    pub(super) fn same_meaning(&self, other: &Self) -> bool {
        self.mapping == other.mapping
            && self.coercion == other.coercion
            && self.containers == other.containers
            && self.language == other.language
            && self.direction == other.direction
            && self.context == other.context
            && self.index == other.index
            && self.nest == other.nest
            && self.prefix == other.prefix
            && self.reverse == other.reverse
    }
}
