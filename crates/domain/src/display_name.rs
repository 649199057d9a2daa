//! Names that others read, on pages and in letters: of people, organisations,
//! recipients and titles. One rule for all of them, so that none is a place for
//! a stranger's link or for text that reads otherwise than it is written.

use crate::web_domain::has_known_ending;
use cairn_value::sign::{is_joiner, is_unseen};
use std::fmt;
use unicode_security::skeleton;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// An account's name.
    Person,
    /// An organisation's.
    Organization,
    /// Somebody who gets a badge, as rosters and programs name her.
    Recipient,
    /// A micro-credential, a part of it, a skill.
    Title,
    /// The label of something of one's own, such as a key to the API.
    Label,
}

impl NameKind {
    /// Most characters.
    pub fn most(self) -> usize {
        match self {
            Self::Person | Self::Organization | Self::Label => 120,
            Self::Recipient | Self::Title => 200,
        }
    }

    /// Names of people have no dots in the middle of a word that make an address
    /// of them: mail programs turn "win.example" into a link. Titles may: "Node.js
    /// Basics". Organisations may where the domain is theirs (see [`check_with`]).
    fn refuses_bare_domains(self) -> bool {
        match self {
            Self::Person | Self::Recipient => true,
            Self::Organization | Self::Title | Self::Label => false,
        }
    }

    fn refused_signs(self) -> &'static [char] {
        match self {
            Self::Person | Self::Organization => &['/', '@', '<', '>', ':'],
            Self::Recipient => &['@', '<', '>'],
            Self::Title | Self::Label => &[],
        }
    }
}

cairn_value::refusals! {
    /// Why a text is no name.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NameFault {
        /// Nothing to see.
        Empty = "name-empty",
        /// Longer than it may be.
        Long(most: usize) = "name-long",
        /// Line breaks and other signs that command.
        Control = "name-control",
        /// Signs that nobody sees, or that turn what follows round.
        Direction = "name-direction",
        /// An address.
        Link = "name-link",
        /// A domain that the organisation has not proved.
        Domain = "name-domain",
    }
}

/// A name that has passed the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a name; white space is made single.
    pub fn parse(kind: NameKind, text: &str) -> Result<Self, NameFault> {
        check(kind, text)?;
        Ok(Self(text.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// Refuses what is no name of this kind. An organisation has proved no domain.
pub fn check(kind: NameKind, text: &str) -> Result<(), NameFault> {
    check_with(kind, text, &[])
}

/// The same for an organisation that has proved domains: those may stand in its name, and no others. "prize.com
/// has awarded you" would otherwise be a link in every letter to a stranger.
pub fn check_with(kind: NameKind, text: &str, proved: &[String]) -> Result<(), NameFault> {
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_unseen(c) || is_joiner(c)) {
        return Err(NameFault::Empty);
    }
    if text.chars().count() > kind.most() {
        return Err(NameFault::Long(kind.most()));
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(NameFault::Control);
    }
    if FLAGS.iter().fold(text.to_owned(), |text, flag| text.replace(flag, "")).chars().any(is_unseen) {
        return Err(NameFault::Direction);
    }
    let plain: String = text.chars().filter(|c| !is_joiner(*c)).map(plain_sign).collect();
    let plain_small = plain.to_lowercase();
    if plain.contains(kind.refused_signs()) || has_link(&plain_small, kind.refuses_bare_domains()) {
        return Err(NameFault::Link);
    }
    if kind == NameKind::Organization && words(&plain_small).any(|word| names_strange_host(word, proved)) {
        return Err(NameFault::Domain);
    }
    Ok(())
}

/// Three flags are written with tags, which are unseen elsewhere: England, Scotland, Wales.
const FLAGS: [&str; 3] = [
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// True for a word that is a domain which is not among these, nor below one of them.
fn names_strange_host(word: &str, proved: &[String]) -> bool {
    let host = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_own = proved.iter().any(|own| {
        host.strip_suffix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    is_host(host) && !is_own
}

/// Full-width signs and other full stops are read as the plain ones by browsers.
fn plain_sign(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3002}' | '\u{FF61}' | '\u{2024}' => '.',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2236}' | '\u{A789}' => ':',
        other => other,
    }
}

/// What mail programs and pages would make a link of.
fn has_link(text: &str, bare_domains: bool) -> bool {
    const SCHEMES: [&str; 5] = ["mailto:", "javascript:", "data:text", "vbscript:", "tel:+"];
    if text.contains("://") || text.contains("www.") || SCHEMES.iter().any(|s| text.contains(s)) {
        return true;
    }
    words(text).any(|word| is_address(word, bare_domains))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | ',' | ';')
    })
}

fn is_address(word: &str, bare_domains: bool) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '?' | '#' | ':'));
    if let Some((user, host)) = word.split_once('@') {
        return !user.is_empty() && host.contains('.');
    }
    let end = word.find(['/', '?', '#', ':', '\\']).unwrap_or(word.len());
    let (host, rest) = word.split_at(end);
    let has_path = rest.len() > 1 || rest == "/";
    (has_path || bare_domains) && is_host(host)
}

/// "evil.example", "evil.com": a word with a dot whose end is a top-level domain.
/// One or two letters before it are a title or initials: "M.Sc", "J.St".
fn is_host(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    let Some((rest, _)) = word.rsplit_once('.') else { return false };
    let longest = rest.split('.').map(|label| label.chars().count()).max().unwrap_or(0);
    longest > 2 && has_known_ending(word)
}

/// A key that names share which a reader takes for the same: UTS 39 skeletons,
/// without regard to case, spaces and signs, with i, l and 1, and o and 0, as one.
pub fn look(name: &str) -> String {
    let plain: String = name.chars().map(plain_sign).collect();
    let fold = |c: char| match c {
        'i' | 'l' | '1' | '|' | 'ı' => Some('l'),
        '0' => Some('o'),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    };
    // once as written, as capitals look like other capitals, and once in small letters
    let once: String = skeleton(&plain).collect::<String>().to_lowercase();
    skeleton(&once).collect::<String>().to_lowercase().chars().filter_map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameKind::{Organization, Person, Recipient, Title};

    fn refused(kind: NameKind, text: &str, want: NameFault) {
        assert_eq!(check(kind, text), Err(want), "{kind:?} {text:?}");
    }

    #[test]
    fn names_that_people_have_are_taken() {
        for name in [
            "Ann O'Neil",
            "Dr. med. Anna Müller-Lüdenscheidt",
            "Anna Muster, M.Sc.",
            "J. R. R. Tolkien",
            "李小龍",
            "محمد\u{200F} الفارسی",
            "می\u{200C}خواهم",
            "Jr. St. John",
            "Ph.D. Li",
            "Ann (Chair)",
            "Zoë 👩\u{200D}🔬",
            "葛\u{E0100}城",
            "Siân \u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
        ] {
            for kind in [Person, Recipient] {
                assert_eq!(check(kind, name), Ok(()), "{kind:?} {name}");
            }
        }
    }

    #[test]
    fn titles_with_dots_are_taken_and_organizations_with_domains_of_theirs() {
        for title in [
            "Node.js Basics",
            "ASP.NET",
            "ASP.NET Core 9.0",
            "Booking.com Partner",
            "UI/UX Design",
            "24/7 Care",
            "C++ / C#",
            "TCP/IP",
            "Vue.js/React",
            "Pflege: Grundlagen",
            "Design @ Work",
            "E-Mail & www",
            "Q&A?",
            "und/oder",
            "Grade > 3",
        ] {
            assert_eq!(check(Title, title), Ok(()), "{title}");
        }
        for name in ["St. Mary's", "Müller & Söhne GmbH & Co. KG", "Node.js Academy", "M.Sc. School"] {
            assert_eq!(check(Organization, name), Ok(()), "{name}");
        }
        let own = |name: &str, proved: &[&str], want| {
            let proved: Vec<String> = proved.iter().map(ToString::to_string).collect();
            assert_eq!(check_with(Organization, name, &proved), want, "{name} {proved:?}");
        };
        let booking: &[&str] = &["booking.com"];
        own("Booking.com Partner", booking, Ok(()));
        own("shop.Booking.com", booking, Ok(()));
        for name in ["Booking.com Partner", "Weiterbildung.de Akademie", "(evil-prize.com)", "evil．com"] {
            own(name, &[], Err(NameFault::Domain));
        }
        own("evilbooking.com", booking, Err(NameFault::Domain));
        own("booking.com evil-prize.com", booking, Err(NameFault::Domain));
        own("booking.com/win", booking, Err(NameFault::Link));
    }

    #[test]
    fn links_are_refused_everywhere() {
        for link in [
            "Log in at https://evil.example",
            "Win at www.evil.com",
            "ｗｗｗ．evil．com",
            "http://x",
            "evil.com/login",
            "you@evil.com",
            "mailto:x",
            "see evil.com:8443",
            "evil。com/x",
            "ww\u{200D}w.evil.com",
            "javascript:alert(1)",
            "evil.com?x=1",
            "(evil.com/a)",
            "hxxp://evil.com",
            "bit.ly/abc",
        ] {
            for kind in [Person, Organization, Recipient, Title] {
                refused(kind, link, NameFault::Link);
            }
        }
        for name in ["Claim.prize.com", "Ann paypal.com", "paypal.com."] {
            refused(Recipient, name, NameFault::Link);
            refused(Person, name, NameFault::Link);
        }
    }

    #[test]
    fn text_that_reads_otherwise_is_refused() {
        for kind in [Person, Organization, Recipient, Title] {
            for c in ['\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{200B}', '\u{2800}', '\u{E0041}'] {
                refused(kind, &format!("Ann{c}gpj"), NameFault::Direction);
            }
            for c in ['\u{34F}', '\u{17B4}', '\u{E007F}', '\u{E0001}'] {
                refused(kind, &format!("Ann{c}gpj"), NameFault::Direction);
            }
            for c in ['\u{2800}', '\u{E0100}', '\u{E0041}', '\u{180B}', '\u{3164}'] {
                refused(kind, &format!("{c} {c}"), NameFault::Empty);
            }
            for c in ['\n', '\r', '\u{0}', '\u{1b}', '\u{85}', '\u{2028}'] {
                refused(kind, &format!("Ann{c}Bcc"), NameFault::Control);
            }
            refused(kind, " \u{200D} ", NameFault::Empty);
            refused(kind, &"x".repeat(kind.most() + 1), NameFault::Long(kind.most()));
        }
    }

    #[test]
    fn names_that_look_alike_have_one_look() {
        let check = |a: &str, b: &str, want| assert_eq!(look(a) == look(b), want, "{a} {b}");
        check("Harvard University", "harvard  university", true);
        check("Harvard University", "Нarvard Universitу", true);
        check("Harvard University", "Harvard Unlversity", true);
        check("HARVARD UNIVERSITY", "HARVARD UNlVERSlTY", true);
        check("Harvard University", "Harvard-University", true);
        check("Harvard University", "Ｈarvard University", true);
        check("Harvard University", "Harvard\u{200D} University", true);
        check("Oxford", "0xford", true);
        check("Harvard University", "Howard University", false);
        check("Hochschule Auental", "Hochschule Lautal", false);
    }
}
