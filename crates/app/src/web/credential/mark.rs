//! What a badge's pill shows: the colour and the word of its state, of its dates, or of what checking it came to.

use cairn_actions::credential::CredentialRow;
use cairn_domain::award::{self, Standing, standing};
use jiff::Timestamp;

/// A pill: colour and icon, and where its word stands (`ui.word(words, name)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Colour and icon.
    pub kind: &'static str,
    /// Which words: of states, of standings in time, or of verdicts.
    pub words: &'static str,
    /// The stable name among these.
    pub name: &'static str,
}

impl Mark {
    /// By the state that is stored and, while that is in force, by the dates.
    pub fn of(badge: &CredentialRow, grace_days: u32, now: i64) -> Self {
        let state = |kind| Self { kind, words: "credential-state", name: badge.state.name() };
        match badge.state {
            award::State::Active => Self::in_time(badge, grace_days, now),
            award::State::Suspended => state("attention"),
            award::State::Revoked => state("stopped"),
            award::State::Superseded => state("neutral"),
        }
    }

    fn in_time(badge: &CredentialRow, grace_days: u32, now: i64) -> Self {
        let instant = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let until = badge.valid_until.map(instant);
        let (kind, name) = match standing(instant(badge.valid_from), until, grace_days, instant(now)) {
            Standing::NotYetValid => ("information", "not_yet_valid"),
            Standing::Valid => ("valid", "valid"),
            Standing::InGrace => ("attention", "in_grace"),
            Standing::Expired => ("stopped", "expired"),
        };
        Self { kind, words: "standing", name }
    }

    /// The same beside a report on it: never another colour, and when all that is stored is in order, never another
    /// word than the report's.
    pub fn beside(self, kind: &'static str, verdict: &'static str) -> Self {
        match self.kind {
            "valid" if kind != "valid" => Self { kind, words: "verdict", name: verdict },
            _ => Self { kind, ..self },
        }
    }
}
