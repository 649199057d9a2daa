//! Why something is refused: a code that stays the same, and what it is about. The words stand in the message files,
//! under the code, in every language.

use std::fmt;

/// What a refusal is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A name, an address, what was typed.
    Text(String),
    /// A number, so that the words can choose singular or plural.
    Number(i64),
    /// A word of ours, by its message's key: a column's heading.
    Word(String),
    /// A refusal within a refusal: what is wrong with the quiz that is told of.
    Refusal(Box<Refusal>),
}

/// A refusal: its words are the message `no-CODE`, given the arguments by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Lower-case words with hyphens, beginning with what it is about: `badge-revoked`. Programs read it, so that it
    /// is never given another meaning.
    pub code: &'static str,
    /// Names and values, as the words use them.
    pub arguments: Vec<(&'static str, Argument)>,
}

impl Refusal {
    /// A refusal without arguments.
    pub const fn new(code: &'static str) -> Self {
        Self { code, arguments: vec![] }
    }

    /// One more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, argument: impl Into<Argument>) -> Self {
        self.arguments.push((name, argument.into()));
        self
    }

    /// The key of its words.
    pub fn key(&self) -> String {
        format!("no-{}", self.code)
    }
}

/// A code alone.
impl From<&'static str> for Refusal {
    fn from(code: &'static str) -> Self {
        Self::new(code)
    }
}

/// For logs: the code and what it is about.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        for (name, argument) in &self.arguments {
            write!(f, " {name}=")?;
            match argument {
                Argument::Word(key) => f.write_str(key)?,
                Argument::Text(text) => write!(f, "{text:?}")?,
                Argument::Number(number) => number.fmt(f)?,
                Argument::Refusal(refusal) => write!(f, "({refusal})")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Argument {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(Box::new(refusal))
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Argument {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )*};
}
numbers!(i64, u64, usize, u32);

/// Declares an enum of refusals, each with its code and the names of its arguments:
///
/// ```
/// cairn_value::refusals! {
///     /// Why a badge cannot be changed.
///     #[derive(Debug, Clone, PartialEq, Eq)]
///     pub enum Refusal {
///         /// For good.
///         Revoked = "badge-revoked",
///         /// A text is longer than it may be.
///         Long(most: usize) = "text-long",
///     }
/// }
/// assert_eq!(cairn_value::refusal::Refusal::from(Refusal::Long(7)).to_string(), "text-long most=7");
/// ```
#[macro_export]
macro_rules! refusals {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident $(($($argument:ident: $kind:ty),+))? = $code:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$variant_meta])* $variant $(($($kind),+))?),+
        }

        impl From<&$name> for $crate::refusal::Refusal {
            fn from(refusal: &$name) -> Self {
                match refusal {
                    $($name::$variant $(($($argument),+))? => $crate::refusal::Refusal::new($code)
                        $($(.with(stringify!($argument), Clone::clone($argument)))+)?),+
                }
            }
        }

        $crate::refusal_of!($name);
    };
}

/// What follows for a type that can be told as a refusal by reference: by value, as an argument, as an error.
#[macro_export]
macro_rules! refusal_of {
    ($name:ident) => {
        impl From<$name> for $crate::refusal::Refusal {
            fn from(refusal: $name) -> Self {
                Self::from(&refusal)
            }
        }

        impl From<$name> for $crate::refusal::Argument {
            fn from(refusal: $name) -> Self {
                $crate::refusal::Refusal::from(&refusal).into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::refusal::Refusal::from(self).fmt(f)
            }
        }

        impl std::error::Error for $name {}
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    refusals! {
        /// What is wrong.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Inner {
            /// Nothing there.
            Empty = "quiz-empty",
        }
    }

    refusals! {
        /// What is wrong.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Outer {
            /// Of one of its quizzes.
            Quiz(title: String, fault: Inner) = "tree-quiz",
        }
    }

    #[test]
    fn a_refusal_carries_what_it_is_about() {
        let refusal = Refusal::from(Outer::Quiz("A".into(), Inner::Empty));
        assert_eq!(refusal.to_string(), "tree-quiz title=\"A\" fault=(quiz-empty)");
        assert_eq!(refusal.key(), "no-tree-quiz");
        assert_eq!(Inner::Empty.to_string(), "quiz-empty");
        assert_eq!(Refusal::new("x").with("n", usize::MAX).arguments[0].1, Argument::Number(i64::MAX));
    }
}
