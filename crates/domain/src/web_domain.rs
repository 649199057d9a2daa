//! Domains that an organisation proves to be its own, and how long the proof
//! counts. A domain says who runs it, not what it is called.

use cairn_value::words;
use jiff::Timestamp;
use std::fmt;

cairn_value::refusals! {
    /// Why a text is no domain that can be proved.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DomainFault {
        /// No host name.
        NotADomain = "domain-form",
        /// Nothing that the public can register.
        NotPublic = "domain-not-public",
        /// The ending itself: "co.uk".
        Ending = "domain-ending",
        /// Anybody gets a name there: "github.io".
        Shared = "domain-shared",
    }
}

/// A registered domain or one below it, in small ASCII letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebDomain(String);

impl WebDomain {
    /// Reads a domain, as ASCII (IDNs as `xn--`).
    pub fn parse(text: &str) -> Result<Self, DomainFault> {
        let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let is_label = |l: &str| {
            (1..=63).contains(&l.len())
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let is_number = name.rsplit('.').next().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
        if name.len() > 240 || is_number || !name.contains('.') || !name.split('.').all(is_label) {
            return Err(if ending(&name) == Some((true, Kind::Shared)) {
                DomainFault::Ending
            } else {
                DomainFault::NotADomain
            });
        }
        match ending(&name) {
            None => Err(DomainFault::NotPublic),
            Some((_, Kind::Shared)) => Err(DomainFault::Shared),
            Some((true, Kind::Registry)) => Err(DomainFault::Ending),
            Some((false, Kind::Registry)) => Ok(Self(name)),
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of a registry: "org", "co.uk".
    Registry,
    /// Of somebody who gives names away: "github.io".
    Shared,
}

/// The public suffix of a name: whether it is the whole name, and whose it is.
/// None for an ending that is on no list.
fn ending(name: &str) -> Option<(bool, Kind)> {
    let suffix = psl::suffix(name.as_bytes())?;
    let kind = match suffix.typ()? {
        psl::Type::Icann => Kind::Registry,
        psl::Type::Private => Kind::Shared,
    };
    Some((suffix.as_bytes() == name.as_bytes(), kind))
}

/// True when a word ends in a public top-level domain, or in one of those that
/// stand for it in examples.
pub(crate) fn has_known_ending(word: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or("");
    matches!(last, "example" | "test" | "localhost" | "onion")
        || (last.chars().any(char::is_alphabetic) && ending(word).is_some())
}

/// How a domain is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A TXT record.
    Dns,
    /// A file under `/.well-known/`.
    File,
}

words! {
    /// What a look has found at one of the places where a proof may lie, when it was not the proof.
    Sighting {
        /// Nothing lies there.
        Nothing = "nothing",
        /// Something else lies there.
        Other = "other",
        /// It leads to another address.
        Elsewhere = "elsewhere",
        /// It gave no answer that can be read.
        Silent = "silent",
    }
}

/// What a look that found no proof has found instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingProof {
    /// In the DNS.
    pub dns: Sighting,
    /// Under `/.well-known/`.
    pub file: Sighting,
}

impl MissingProof {
    /// As it is kept: "nothing silent".
    pub fn name(self) -> String {
        format!("{} {}", self.dns.name(), self.file.name())
    }

    /// Reads what was kept; none for nothing, and for the sentences of before.
    pub fn parse(text: &str) -> Option<Self> {
        let (dns, file) = text.split_once(' ')?;
        Some(Self { dns: Sighting::parse(dns)?, file: Sighting::parse(file)? })
    }
}

/// Days for which a proof counts that is no longer found.
pub const GRACE_DAYS: i64 = 30;
/// Days from one look at a proof to the next.
pub const CHECK_DAYS: i64 = 30;
const DAY_MS: i64 = 86_400_000;

/// What is known of the proof of one domain; instants are milliseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proof {
    /// First found.
    pub proved_at: Option<i64>,
    /// Last looked for.
    pub checked_at: Option<i64>,
    /// Not found since; none while it is found.
    pub failing_since: Option<i64>,
}

/// What a look at a proof has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofChange {
    /// Found for the first time, or again after it had ended.
    Proved,
    /// Still, or again, there.
    Kept,
    /// It was never there.
    NotFound,
    /// Missing for the first time: the owners are told.
    Missing,
    /// Still missing, within the grace.
    StillMissing,
    /// Missing for too long: it counts no more.
    Ended,
}

impl Proof {
    /// True while the domain is shown as the organisation's.
    pub fn counts(&self) -> bool {
        self.proved_at.is_some()
    }

    /// True when it is time to look again: monthly, daily while it is missing.
    /// One that was never found is looked for when the owners ask.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let (Some(_), Some(checked)) = (self.proved_at, self.checked_at) else { return false };
        let days = if self.failing_since.is_some() { 1 } else { CHECK_DAYS };
        now.as_millisecond() >= checked + days * DAY_MS - DAY_MS / 4
    }

    /// When a missing proof ends.
    pub fn ends_at(&self) -> Option<i64> {
        self.failing_since.filter(|_| self.counts()).map(|since| since + GRACE_DAYS * DAY_MS)
    }

    /// The proof after a look.
    pub fn looked(self, found: bool, now: Timestamp) -> (Self, ProofChange) {
        let at = now.as_millisecond();
        let next = Self { checked_at: Some(at), ..self };
        if found {
            let became = if self.counts() { ProofChange::Kept } else { ProofChange::Proved };
            let proved_at = self.proved_at.or(Some(at));
            return (Self { proved_at, failing_since: None, ..next }, became);
        }
        match (self.counts(), self.ends_at()) {
            (false, _) => (next, ProofChange::NotFound),
            (true, None) => (Self { failing_since: Some(at), ..next }, ProofChange::Missing),
            (true, Some(end)) if at >= end => {
                (Self { proved_at: None, failing_since: None, ..next }, ProofChange::Ended)
            }
            (true, Some(_)) => (next, ProofChange::StillMissing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_registered_can_be_proved() {
        let check = |text: &str, want: Result<&str, DomainFault>| {
            let got = WebDomain::parse(text);
            assert_eq!(got.as_ref().map(WebDomain::as_str).map_err(|e| *e), want, "{text}");
        };
        check("Example.ORG.", Ok("example.org"));
        check("badges.uni-auental.de", Ok("badges.uni-auental.de"));
        check("ox.ac.uk", Ok("ox.ac.uk"));
        check("xn--mller-kva.de", Ok("xn--mller-kva.de"));
        check("co.uk", Err(DomainFault::Ending));
        check("someone.github.io", Err(DomainFault::Shared));
        check("github.io", Err(DomainFault::Shared));
        check("a.b.pages.dev", Err(DomainFault::Shared));
        check("intranet.local", Err(DomainFault::NotPublic));
        check("localhost", Err(DomainFault::NotADomain));
        check("org", Err(DomainFault::NotADomain));
        check("10.0.0.1", Err(DomainFault::NotADomain));
        check("[::1]", Err(DomainFault::NotADomain));
        check("https://example.org", Err(DomainFault::NotADomain));
        check("example.org/x", Err(DomainFault::NotADomain));
        check("a..org", Err(DomainFault::NotADomain));
        check("-a.org", Err(DomainFault::NotADomain));
        check("", Err(DomainFault::NotADomain));
    }

    #[test]
    fn a_proof_is_looked_at_monthly_and_ends_thirty_days_after_it_went() {
        let day = |n: i64| Timestamp::from_millisecond(n * DAY_MS).unwrap();
        let (proof, became) = Proof::default().looked(false, day(1));
        assert_eq!((proof.counts(), became), (false, ProofChange::NotFound));
        let (proof, became) = proof.looked(true, day(1));
        assert_eq!((proof.counts(), became), (true, ProofChange::Proved));
        assert!(!proof.is_due(day(20)) && proof.is_due(day(31)));
        let (proof, became) = proof.looked(false, day(31));
        assert_eq!(
            (proof.counts(), became, proof.ends_at()),
            (true, ProofChange::Missing, Some(61 * DAY_MS))
        );
        assert!(proof.is_due(day(32)));
        let (still, became) = proof.looked(false, day(60));
        assert_eq!((still.counts(), became), (true, ProofChange::StillMissing));
        assert_eq!(still.looked(true, day(60)).1, ProofChange::Kept);
        let (ended, became) = still.looked(false, day(61));
        assert_eq!((ended.counts(), became, ended.is_due(day(100))), (false, ProofChange::Ended, false));
    }
}
