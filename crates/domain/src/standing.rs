//! Who says that an organisation is who it says it is: what the instance's
//! operator has decided, and what follows from it.

use cairn_value::policy::Policy;
use cairn_value::words;

words! {
    /// How the instance's operator stands to an organisation.
    Standing {
        /// Nobody has decided yet.
        Unconfirmed = "unconfirmed",
        /// Nobody has decided yet, and its name looks like another's.
        Contested = "contested",
        /// Asked again after a no, or renamed after its name looked like another's: nobody has decided
        /// yet, and it waits even where others may issue meanwhile.
        Held = "held",
        /// The operator has said no; the owners may change it and ask again.
        Declined = "declined",
        /// It had issued before organisations were confirmed; not yet looked at.
        NotLookedAt = "not_looked_at",
        /// The operator has confirmed its name.
        Confirmed = "confirmed",
        /// The operator has stopped it for now.
        Suspended = "suspended",
    }
}

words! {
    /// What the operator decides.
    Decision {
        /// The name is theirs.
        Confirm = "confirm",
        /// It is not, or not clear.
        Decline = "decline",
        /// Stop it for now.
        Suspend = "suspend",
        /// Let it go on.
        Lift = "lift",
    }
}

/// What a reader of its badges is to be warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// Nobody has confirmed who it is.
    Unconfirmed,
    /// Nobody has looked yet who it is.
    NotLookedAt,
    /// The operator has suspended it.
    Suspended,
}

impl Caution {
    /// Stable name, part of message keys and the code of a verifier's check.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::NotLookedAt => "not_looked_at",
            Self::Suspended => "suspended",
        }
    }
}

cairn_value::refusals! {
    /// Why a decision is not possible.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Refusal {
        /// It is confirmed, and asks for no other name.
        Confirmed = "organization-confirmed",
        /// What has been let in is stopped by suspending it.
        NotWaiting = "organization-not-waiting",
        /// It is suspended.
        Suspended = "organization-suspended",
        /// It is not suspended.
        NotSuspended = "organization-not-suspended",
        /// The owners read the reason.
        Reason = "organization-reason",
    }
}

/// Longest reason of a decision, in characters.
pub const MOST_REASON: usize = 1000;

/// An organisation's standing, and the one that a suspension goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Now.
    pub standing: Standing,
    /// What it was when it was suspended; otherwise the same.
    pub before: Standing,
    /// True when a confirmed one asks for another name.
    pub wants_name: bool,
}

impl Standing {
    /// What a newly founded organisation begins with.
    pub fn first(is_like_another: bool) -> Self {
        if is_like_another { Self::Contested } else { Self::Unconfirmed }
    }

    /// What one that waits comes to by another name, or by asking again. Only the operator's decision leads
    /// back to issuing: a no would otherwise be undone by those whom it was said to.
    pub fn asked(self, is_like_another: bool) -> Self {
        match self {
            Self::Confirmed | Self::NotLookedAt | Self::Suspended => self,
            Self::Unconfirmed | Self::Contested | Self::Held | Self::Declined if is_like_another => {
                Self::Contested
            }
            Self::Unconfirmed => Self::Unconfirmed,
            Self::Contested | Self::Held | Self::Declined => Self::Held,
        }
    }

    /// True when it may award badges and offer micro-credentials.
    pub fn may_issue(self, policy: Policy) -> bool {
        match self {
            Self::Confirmed | Self::NotLookedAt => true,
            Self::Unconfirmed => policy == Policy::Open,
            Self::Contested | Self::Held | Self::Declined | Self::Suspended => false,
        }
    }

    /// True when others may see its page and the badges that its holders share.
    /// What a suspended one has issued stays to be seen, with a warning.
    pub fn is_public(self, policy: Policy) -> bool {
        self == Self::Suspended || self.may_issue(policy)
    }

    /// True when its name is as it likes until the operator has decided.
    pub fn is_waiting(self) -> bool {
        match self {
            Self::Unconfirmed | Self::Contested | Self::Held | Self::Declined => true,
            Self::NotLookedAt | Self::Confirmed | Self::Suspended => false,
        }
    }

    /// What readers are warned of; none for a confirmed one.
    pub fn caution(self) -> Option<Caution> {
        match self {
            Self::Confirmed => None,
            Self::NotLookedAt => Some(Caution::NotLookedAt),
            Self::Suspended => Some(Caution::Suspended),
            Self::Unconfirmed | Self::Contested | Self::Held | Self::Declined => Some(Caution::Unconfirmed),
        }
    }
}

impl Place {
    /// The place after a decision.
    pub fn decide(self, decision: Decision, reason: &str) -> Result<Self, Refusal> {
        let length = reason.trim().chars().count();
        let needs_reason = matches!(decision, Decision::Decline | Decision::Suspend);
        if length > MOST_REASON || (needs_reason && length == 0) {
            return Err(Refusal::Reason);
        }
        let now = |standing| Ok(Self { standing, before: standing, wants_name: false });
        match (decision, self.standing) {
            (Decision::Confirm | Decision::Decline | Decision::Suspend, Standing::Suspended) => {
                Err(Refusal::Suspended)
            }
            (Decision::Confirm, Standing::Confirmed) if !self.wants_name => Err(Refusal::Confirmed),
            (Decision::Confirm, _) => now(Standing::Confirmed),
            (Decision::Decline, standing) if standing.is_waiting() => now(Standing::Declined),
            // the other name is declined, the old one stays
            (Decision::Decline, standing) if self.wants_name => now(standing),
            (Decision::Decline, _) => Err(Refusal::NotWaiting),
            (Decision::Suspend, before) => Ok(Self { standing: Standing::Suspended, before, ..self }),
            (Decision::Lift, Standing::Suspended) => Ok(Self { standing: self.before, ..self }),
            (Decision::Lift, _) => Err(Refusal::NotSuspended),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Standing::{Confirmed, Contested, Declined, Held, NotLookedAt, Suspended, Unconfirmed};

    #[test]
    fn only_whom_the_operator_knows_issues_unless_the_instance_is_open() {
        let check = |standing: Standing, approved, open| {
            let may = [Policy::Approved, Policy::Open].map(|p| standing.may_issue(p));
            assert_eq!(may, [approved, open], "{standing:?}");
        };
        check(Unconfirmed, false, true);
        check(Contested, false, false);
        check(Held, false, false);
        check(Declined, false, false);
        check(NotLookedAt, true, true);
        check(Confirmed, true, true);
        check(Suspended, false, false);
    }

    #[test]
    fn whoever_may_not_issue_cannot_ask_or_rename_itself_into_it() {
        for standing in Standing::ALL {
            for is_like in [false, true] {
                let then = standing.asked(is_like);
                let may = |s: Standing| Policy::ALL.iter().any(|p| s.may_issue(*p));
                assert!(may(*standing) || !may(then), "{standing:?} {then:?}");
                assert_eq!(standing.is_waiting(), then.is_waiting(), "{standing:?} {then:?}");
            }
        }
        assert_eq!(Unconfirmed.asked(false), Unconfirmed);
        assert_eq!(Unconfirmed.asked(true), Contested);
    }

    #[test]
    fn everything_but_a_confirmed_name_is_warned_of() {
        for standing in Standing::ALL {
            assert_eq!(standing.caution().is_none(), *standing == Confirmed, "{standing:?}");
        }
    }

    #[test]
    fn what_may_issue_is_public() {
        for (standing, policy) in Standing::ALL.iter().flat_map(|s| Policy::ALL.iter().map(move |p| (s, p))) {
            assert!(!standing.may_issue(*policy) || standing.is_public(*policy), "{standing:?}");
        }
    }

    #[test]
    fn decisions_lead_where_they_should() {
        let check = |from, decision, want: Result<Standing, Refusal>| {
            let place = Place { standing: from, before: Confirmed, wants_name: false };
            assert_eq!(place.decide(decision, "why").map(|p| p.standing), want, "{from:?} {decision:?}");
        };
        check(Unconfirmed, Decision::Confirm, Ok(Confirmed));
        check(Contested, Decision::Confirm, Ok(Confirmed));
        check(Declined, Decision::Confirm, Ok(Confirmed));
        check(NotLookedAt, Decision::Confirm, Ok(Confirmed));
        check(Confirmed, Decision::Confirm, Err(Refusal::Confirmed));
        check(Held, Decision::Confirm, Ok(Confirmed));
        check(Held, Decision::Decline, Ok(Declined));
        check(Unconfirmed, Decision::Decline, Ok(Declined));
        check(Confirmed, Decision::Decline, Err(Refusal::NotWaiting));
        check(NotLookedAt, Decision::Decline, Err(Refusal::NotWaiting));
        check(Confirmed, Decision::Suspend, Ok(Suspended));
        check(Suspended, Decision::Suspend, Err(Refusal::Suspended));
        check(Suspended, Decision::Confirm, Err(Refusal::Suspended));
        check(Suspended, Decision::Lift, Ok(Confirmed));
        check(Unconfirmed, Decision::Lift, Err(Refusal::NotSuspended));
    }

    #[test]
    fn a_suspension_goes_back_to_what_was_before() {
        for from in [Unconfirmed, Contested, NotLookedAt, Confirmed] {
            let place = Place { standing: from, before: from, wants_name: false };
            let back = place.decide(Decision::Suspend, "why").and_then(|p| p.decide(Decision::Lift, ""));
            assert_eq!(back, Ok(place));
        }
    }

    #[test]
    fn the_owners_are_told_why() {
        let place = Place { standing: Unconfirmed, before: Unconfirmed, wants_name: false };
        for decision in [Decision::Decline, Decision::Suspend] {
            assert_eq!(place.decide(decision, " "), Err(Refusal::Reason));
            assert_eq!(place.decide(decision, &"x".repeat(1001)), Err(Refusal::Reason));
        }
    }

    #[test]
    fn another_name_is_confirmed_or_declined_and_the_old_standing_stays() {
        let place = Place { standing: Confirmed, before: Confirmed, wants_name: true };
        for decision in [Decision::Confirm, Decision::Decline] {
            let then = Place { wants_name: false, ..place };
            assert_eq!(place.decide(decision, "why"), Ok(then));
        }
    }
}
