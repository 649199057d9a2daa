//! E-mail addresses, parsed once at the door.

use serde::{Deserialize, Serialize};

/// An address that mail can be sent to, its domain in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address; write it like name@example.org")]
pub struct NotAnEmail;

impl Email {
    /// Accepts what RFC 5321 calls a mailbox, without quoted local parts,
    /// comments and address literals; trims white space around it.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        if text.len() > 254 || local.is_empty() || local.len() > 64 {
            return Err(NotAnEmail);
        }
        let local_ok = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
        if !local.chars().all(local_ok)
            || local.starts_with('.')
            || local.ends_with('.')
            || local.contains("..")
        {
            return Err(NotAnEmail);
        }
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if !domain.contains('.') || !domain.split('.').all(label_ok) {
            return Err(NotAnEmail);
        }
        Ok(Self(format!("{local}@{}", domain.to_lowercase())))
    }

    /// As the person wrote it (domain in lower case).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared and stored as the key: all lower case. Two
    /// people whose addresses differ only in case do not exist in practice.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
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
        check("jörg@müller.example", Ok("jörg@müller.example"));
        check("amy", Err(NotAnEmail));
        check("amy@localhost", Err(NotAnEmail));
        check("a b@example.org", Err(NotAnEmail));
        check("a@example..org", Err(NotAnEmail));
        check("a\r\nBcc: x@example.org", Err(NotAnEmail));
        check(&format!("{}@example.org", "x".repeat(65)), Err(NotAnEmail));
    }
}
