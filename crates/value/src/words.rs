//! Enums with stable names: one pair of `name` and `parse` for a state's place in rows, addresses and messages.

/// Makes an enum whose variants have stable names. The crate that calls it needs `serde` with `derive`.
///
/// ```
/// cairn_value::words! {
///     /// A light.
///     Light {
///         /// Stop.
///         Red = "red",
///         /// Go.
///         Green = "green",
///     }
/// }
/// assert_eq!(Light::parse("red"), Some(Light::Red));
/// assert_eq!(Light::Green.name(), "green");
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize,
        )]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),* }
        impl $name {
            /// Every value, in the order it is offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The stable name, as stored and as used in addresses and message keys.
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $text),* } }
            /// The value with this name.
            pub fn parse(text: &str) -> Option<Self> { match text { $($text => Some(Self::$variant),)* _ => None } }
        }
    };
}
