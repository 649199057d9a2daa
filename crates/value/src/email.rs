//! E-mail addresses, parsed once at the door.
//!
//! Two spellings that this program takes for the same address must also be the same to whoever carries
//! the letter; otherwise a link for one mailbox is sent to another. Therefore the domain is kept in the
//! form in which mail servers look it up (IDNA), and the part before the @ is compared without regard to
//! the case of A to Z only: the Kelvin sign is no K. Letters that merely look like others, or that have a
//! plain letter as their small form, are refused.

use serde::{Deserialize, Serialize};

/// An address that mail can be sent to, its domain in lower case and in ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(String);

crate::refusals! {
    /// Why a text is not an address.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum NotAnEmail {
        /// It has not the form of one.
        Form = "email-form",
        /// Two spellings of it could lead to two mailboxes.
        Confusable = "email-confusable",
    }
}

impl Email {
    /// Accepts what RFC 5321 and 6531 call a mailbox, without quoted local parts,
    /// comments and address literals; trims white space around it.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail::Form)?;
        if local.is_empty() || local.len() > 64 || domain.len() > 255 {
            return Err(NotAnEmail::Form);
        }
        let local_ok = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
        if !local.chars().all(local_ok)
            || local.starts_with('.')
            || local.ends_with('.')
            || local.contains("..")
        {
            return Err(NotAnEmail::Form);
        }
        if local.chars().any(is_confusable) {
            return Err(NotAnEmail::Confusable);
        }
        let whole = format!("{local}@{}", domain_in_ascii(domain)?);
        if whole.len() > 254 { Err(NotAnEmail::Form) } else { Ok(Self(whole)) }
    }

    /// As the person wrote it (domain in lower case and in ASCII).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared and stored as the key. Two people whose
    /// addresses differ only in case do not exist in practice.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// The address so that whoever has it knows it again, and nobody else learns it: "a…@p….example".
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        let ending = domain.rsplit_once('.').map_or("", |(_, ending)| ending);
        format!("{}…@{}….{ending}", first(local), first(domain))
    }

    /// The key of a text that somebody typed; of one that is no address the text in small letters, so that
    /// looking it up finds nothing and takes as long.
    pub fn key_of(text: &str) -> String {
        Self::parse(text).map_or_else(|_| text.trim().to_ascii_lowercase(), |email| email.key())
    }
}

/// The domain as mail servers look it up.
fn domain_in_ascii(domain: &str) -> Result<String, NotAnEmail> {
    let ascii = idna::domain_to_ascii(domain).map_err(|_| NotAnEmail::Form)?.to_ascii_lowercase();
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if ascii.contains('.') && ascii.split('.').all(label_ok) { Ok(ascii) } else { Err(NotAnEmail::Form) }
}

/// True for letters that Unicode holds for compatibility only (a mail server may take them for the plain
/// ones) and for those whose small or capital form is a plain letter: the Kelvin sign, the dotted capital
/// I, the long s.
fn is_confusable(c: char) -> bool {
    const COMPATIBLE: &[std::ops::RangeInclusive<char>] = &[
        'ª'..='ª',
        '²'..='³',
        '¹'..='º',
        '¼'..='¾',
        'ſ'..='ſ',
        'ʰ'..='ʸ',
        'ᴀ'..='ᶿ',
        '\u{2070}'..='\u{218f}',
        '\u{2460}'..='\u{24ff}',
        '\u{2c7c}'..='\u{2c7d}',
        '\u{3200}'..='\u{33ff}',
        '\u{fb00}'..='\u{fdff}',
        '\u{fe70}'..='\u{ffef}',
        '\u{1d400}'..='\u{1d7ff}',
        '\u{1ee00}'..='\u{1f2ff}',
    ];
    if c.is_ascii() {
        return false;
    }
    COMPATIBLE.iter().any(|range| range.contains(&c))
        || c.to_lowercase().any(|c| c.is_ascii())
        || (c.to_uppercase().count() == 1 && c.to_uppercase().any(|c| c.is_ascii()))
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed_at_the_door() {
        let check = |text: &str, want: Result<&str, NotAnEmail>| {
            assert_eq!(Email::parse(text).map(|e| e.0), want.map(String::from), "{text}");
        };
        check(" amy@Example.ORG ", Ok("amy@example.org"));
        check("Amy.O'Neil+x@ex-ample.org", Ok("Amy.O'Neil+x@ex-ample.org"));
        check("jörg@müller.example", Ok("jörg@xn--mller-kva.example"));
        check("jörg@MÜLLER.example", Ok("jörg@xn--mller-kva.example"));
        check("jörg@xn--mller-kva.example", Ok("jörg@xn--mller-kva.example"));
        check("groß@example.org", Ok("groß@example.org"));
        check("amy", Err(NotAnEmail::Form));
        check("amy@localhost", Err(NotAnEmail::Form));
        check("a b@example.org", Err(NotAnEmail::Form));
        check("a@example..org", Err(NotAnEmail::Form));
        check("a@[127.0.0.1]", Err(NotAnEmail::Form));
        check("a@exa_mple.org", Err(NotAnEmail::Form));
        check("a\r\nBcc: x@example.org", Err(NotAnEmail::Form));
        check(&format!("{}@example.org", "x".repeat(65)), Err(NotAnEmail::Form));
        check(&format!("x@{}.org", "y.".repeat(130)), Err(NotAnEmail::Form));
    }

    #[test]
    fn what_looks_like_another_letter_is_refused() {
        for text in [
            "\u{212a}im@example.org",
            "m\u{131}m@example.org",
            "M\u{130}M@example.org",
            "me\u{17f}s@example.org",
            "ａmy@example.org",
            "𝐚my@example.org",
            "aª@example.org",
            "o\u{fb03}ce@example.org",
        ] {
            assert_eq!(Email::parse(text), Err(NotAnEmail::Confusable), "{text}");
        }
        // in a domain they are the plain letter to mail servers too
        assert_eq!(Email::parse("a@\u{212a}im.example").unwrap().as_str(), "a@kim.example");
    }

    #[test]
    fn equal_keys_mean_equal_mailboxes() {
        // every letter there is, before the @: a key never turns it into a plain letter
        for c in ('\u{80}'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            let Ok(email) = Email::parse(&format!("a{c}@example.org")) else { continue };
            let key = email.key();
            assert!(!key.is_ascii(), "{c:?} becomes {key}");
            assert_eq!(Email::key_of(&key), key, "{c:?}: the key of a key is itself");
        }
    }

    #[test]
    fn what_is_no_address_has_a_key_that_nobody_has() {
        assert_eq!(Email::key_of(" \u{212a}im@example.org"), "\u{212a}im@example.org");
        assert_eq!(Email::key_of("AMY@Example.org"), "amy@example.org");
    }
}
