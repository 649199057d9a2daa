//! Awards: how long they are valid, and what may happen to their credential.

use crate::achievement::Validity;
use cairn_value::time::{Timestamp, add_days, add_months};
use serde::{Deserialize, Serialize};

/// What is stored of a credential's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In force.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Ended for good.
    Revoked,
    /// Replaced by a later one.
    Superseded,
}

impl State {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        }
    }

    /// The state with this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Revoked, Self::Superseded]
            .into_iter()
            .find(|s| s.name() == text)
    }
}

/// What somebody wants to do to a credential's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// For a while.
    Suspend,
    /// In force again.
    Reinstate,
    /// For good.
    Revoke,
}

impl Change {
    /// The change with this name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "suspend" => Some(Self::Suspend),
            "reinstate" => Some(Self::Reinstate),
            "revoke" => Some(Self::Revoke),
            _ => None,
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Reinstate => "reinstate",
            Self::Revoke => "revoke",
        }
    }
}

cairn_value::refusals! {
    /// Why a status does not change.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Refusal {
        /// Revocation is for good.
        Revoked = "badge-revoked",
        /// A later one counts.
        Superseded = "badge-superseded",
        /// Nothing to suspend.
        AlreadySuspended = "badge-suspended-already",
        /// Nothing to reinstate.
        NotSuspended = "badge-not-suspended",
        /// Only what is in force is corrected.
        OnHold = "badge-suspended",
        /// What has run out is earned anew.
        RunOut = "badge-run-out",
        /// Nobody is there to get it, and nothing of her is left to sign.
        Erased = "badge-holder-erased",
        /// What is in force needs no second award.
        NotRevoked = "badge-not-revoked",
        /// One in force for each person and version.
        HeldAgain = "badge-in-force",
        /// The later one is the one to open.
        AgainRevoked = "badge-awarded-again",
        /// The holder has a right to know.
        NoReason = "badge-reason",
    }
}

/// The next state, or why not. Suspension is reversible, revocation is not.
pub fn change(state: State, change: Change, reason: &str) -> Result<State, Refusal> {
    match state {
        State::Revoked => return Err(Refusal::Revoked),
        State::Superseded => return Err(Refusal::Superseded),
        State::Active | State::Suspended => {}
    }
    if reason.trim().is_empty() {
        return Err(Refusal::NoReason);
    }
    match (state, change) {
        (State::Suspended, Change::Suspend) => Err(Refusal::AlreadySuspended),
        (_, Change::Suspend) => Ok(State::Suspended),
        (State::Suspended, Change::Reinstate) => Ok(State::Active),
        (_, Change::Reinstate) => Err(Refusal::NotSuspended),
        (_, Change::Revoke) => Ok(State::Revoked),
    }
}

/// Whether a badge may be corrected: a new one takes its place, and this one is superseded.
pub fn correct(
    state: State,
    until: Option<Timestamp>,
    now: Timestamp,
    reason: &str,
) -> Result<State, Refusal> {
    match state {
        State::Revoked => return Err(Refusal::Revoked),
        State::Superseded => return Err(Refusal::Superseded),
        State::Suspended => return Err(Refusal::OnHold),
        State::Active => {}
    }
    if until.is_some_and(|until| until < now) {
        return Err(Refusal::RunOut);
    }
    if reason.trim().is_empty() {
        return Err(Refusal::NoReason);
    }
    Ok(State::Superseded)
}

/// Whether a badge may be awarded again on purpose: only one that was revoked.
pub fn again(state: State) -> Result<(), Refusal> {
    match state {
        State::Revoked => Ok(()),
        State::Active | State::Suspended | State::Superseded => Err(Refusal::NotRevoked),
    }
}

/// What the dates alone say; derived at every look, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Before its first day.
    NotYetValid,
    /// Between its dates.
    Valid,
    /// Over, but it can still be renewed.
    InGrace,
    /// Over.
    Expired,
}

/// When a credential awarded at `at` runs out.
pub fn valid_until(at: Timestamp, validity: &Validity) -> Option<Timestamp> {
    validity.months.map(|months| add_months(at, months))
}

/// What the dates say at `now`.
pub fn standing(from: Timestamp, until: Option<Timestamp>, grace_days: u32, now: Timestamp) -> Standing {
    let Some(until) = until else {
        return if now < from { Standing::NotYetValid } else { Standing::Valid };
    };
    if now < from {
        Standing::NotYetValid
    } else if now <= until {
        Standing::Valid
    } else if now <= add_days(until, i64::from(grace_days)) {
        Standing::InGrace
    } else {
        Standing::Expired
    }
}

/// Bits of a position: a status list has 2^17 = 131,072 of them.
const POSITION_BITS: u32 = 17;

/// The position of the `n`-th credential of a status list: a permutation of
/// 0..131,072 that looks random to whoever does not know the list's secret seed,
/// so that no position is drawn twice and none tells when it was given out.
/// A Feistel network on 18 bits whose values beyond the list are walked on
/// (cycle walking; Black and Rogaway, "Ciphers with Arbitrary Finite Domains").
pub fn status_position(seed: &str, n: u32) -> u32 {
    let size = 1 << POSITION_BITS;
    let mut value = n % size;
    loop {
        let (mut left, mut right) = (value >> 9, value & 0x1ff);
        for round in 0..8u32 {
            (left, right) = (right, left ^ (mix(seed, round, right) & 0x1ff));
        }
        value = (left << 9) | right;
        if value < size {
            return value;
        }
    }
}

/// SHA-256 would be the textbook's round function; the position is no secret
/// once a credential is out, so SipHash-like mixing of the seed is enough. FNV-1a
/// over the seed and the inputs, then the finaliser of MurmurHash3.
fn mix(seed: &str, round: u32, value: u32) -> u32 {
    let inputs = round.to_be_bytes().into_iter().chain(value.to_be_bytes());
    let mut hash = seed.bytes().chain(inputs).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_force_is_corrected() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let over: Timestamp = "2026-11-22T11:00:00Z".parse().unwrap();
        let check = |state, until, reason: &str, want| {
            assert_eq!(correct(state, until, now, reason), want, "{state:?}");
        };
        check(State::Active, None, "Typo", Ok(State::Superseded));
        check(State::Active, Some(now), "Typo", Ok(State::Superseded));
        check(State::Active, Some(over), "Typo", Err(Refusal::RunOut));
        check(State::Active, None, " ", Err(Refusal::NoReason));
        check(State::Suspended, None, "Typo", Err(Refusal::OnHold));
        check(State::Revoked, None, "Typo", Err(Refusal::Revoked));
        check(State::Superseded, None, "Typo", Err(Refusal::Superseded));
    }

    #[test]
    fn a_status_changes_only_as_it_may() {
        let check = |state, act, reason: &str, want| assert_eq!(change(state, act, reason), want);
        check(State::Active, Change::Suspend, "complaint", Ok(State::Suspended));
        check(State::Active, Change::Revoke, "fraud", Ok(State::Revoked));
        check(State::Active, Change::Revoke, " ", Err(Refusal::NoReason));
        check(State::Active, Change::Reinstate, "x", Err(Refusal::NotSuspended));
        check(State::Suspended, Change::Suspend, "x", Err(Refusal::AlreadySuspended));
        check(State::Suspended, Change::Reinstate, "cleared", Ok(State::Active));
        check(State::Suspended, Change::Revoke, "fraud", Ok(State::Revoked));
        check(State::Revoked, Change::Reinstate, "x", Err(Refusal::Revoked));
        check(State::Superseded, Change::Revoke, "x", Err(Refusal::Superseded));
    }

    #[test]
    fn every_position_is_given_out_once() {
        let mut seen = vec![false; 131_072];
        for n in 0..131_072 {
            let position = status_position("seed", n) as usize;
            assert!(!std::mem::replace(&mut seen[position], true), "{n} gives {position} again");
        }
        let first: Vec<_> = (0..4).map(|n| status_position("seed", n)).collect();
        let other: Vec<_> = (0..4).map(|n| status_position("other", n)).collect();
        assert_ne!(first, other);
        assert!(first.windows(2).any(|w| w[0] > w[1]), "in order: {first:?}");
    }

    #[test]
    fn the_dates_say_where_it_stands() {
        let t = |text: &str| text.parse::<Timestamp>().unwrap();
        let check = |now: &str, want| {
            let (from, until) = (t("2025-01-01T00:00:00Z"), t("2026-01-01T00:00:00Z"));
            assert_eq!(standing(from, Some(until), 30, t(now)), want, "{now}");
        };
        check("2024-12-31T23:59:59Z", Standing::NotYetValid);
        check("2026-01-01T00:00:00Z", Standing::Valid);
        check("2026-01-15T00:00:00Z", Standing::InGrace);
        check("2026-02-15T00:00:00Z", Standing::Expired);
    }
}
