//! What a learner hands in, from draft to decision and appeal.

use cairn_value::id::PersonId;
use cairn_value::time::Timestamp;
use cairn_value::words;
use serde::{Deserialize, Serialize};

/// Where a submission stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The learner is still collecting.
    Draft,
    /// Handed in, nobody has opened it.
    Submitted {
        /// When it was handed in.
        at: Timestamp,
    },
    /// A reviewer has opened it.
    InReview {
        /// When it was handed in.
        at: Timestamp,
        /// Who opened it.
        by: PersonId,
        /// When she last touched it.
        since: Timestamp,
    },
    /// Sent back with comments.
    Returned {
        /// When.
        at: Timestamp,
        /// By whom.
        by: PersonId,
    },
    /// It meets the requirement.
    Accepted {
        /// When.
        at: Timestamp,
        /// By whom.
        by: PersonId,
    },
    /// It does not, for good unless appealed.
    Declined {
        /// When.
        at: Timestamp,
        /// By whom.
        by: PersonId,
    },
    /// The learner disagrees with a decline.
    Appealed {
        /// When.
        at: Timestamp,
        /// Who declined.
        declined_by: PersonId,
    },
}

impl State {
    /// The stable name, as stored and as used in addresses and message keys.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted { .. } => "submitted",
            Self::InReview { .. } => "in_review",
            Self::Returned { .. } => "returned",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
            Self::Appealed { .. } => "appealed",
        }
    }
}

words! {
    /// What a piece of evidence is.
    EvidenceKind {
        /// Bytes that were uploaded.
        File = "file",
        /// An address elsewhere.
        Link = "link",
        /// Written here.
        Text = "text",
    }
}

/// A reviewer's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It meets the requirement.
    Accept,
    /// Improve and hand in again.
    Return,
    /// It does not meet the requirement.
    Decline,
}

impl Verdict {
    /// The verdict with this name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "accept" => Some(Self::Accept),
            "return" => Some(Self::Return),
            "decline" => Some(Self::Decline),
            _ => None,
        }
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Return => "return",
            Self::Decline => "decline",
        }
    }
}

/// Names of the states in which it waits for a decision, as a list in SQL: see [`Submission::is_waiting`].
pub const WAITING: &str = "'submitted', 'in_review', 'appealed'";

cairn_value::refusals! {
    /// Why something cannot be done to a submission now.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Refusal {
        /// Only a draft or a returned submission is handed in.
        AlreadyHandedIn = "submission-handed-in",
        /// There is nothing to judge.
        NoEvidence = "submission-no-evidence",
        /// It is not in the queue.
        NotWaiting = "submission-not-waiting",
        /// Nobody judges her own work.
        OwnEvidence = "submission-own",
        /// Declared to be in conflict with the learner.
        Conflict = "submission-conflict",
        /// Another reviewer works on it.
        InOtherHands = "submission-in-other-hands",
        /// Only a decline can be appealed, by the learner, with a reason.
        NotDeclined = "submission-not-declined",
        /// An appeal without a reason.
        NoReason = "submission-appeal-reason",
        /// Somebody else has to hear an appeal.
        SameReviewer = "submission-same-reviewer",
        /// It cannot be changed any more.
        Closed = "submission-closed",
    }
}

/// Minutes for which a reviewer who opened a submission keeps it to herself.
pub const LOCK_MINUTES: i64 = 30;

/// The submission of one learner for one requirement of her enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Whose it is.
    pub learner: PersonId,
    /// 1 at first, one more after each return.
    pub revision: u32,
    /// Where it stands.
    pub state: State,
}

/// Who wants to judge.
#[derive(Debug, Clone, Copy)]
pub struct Judge {
    /// The person.
    pub person: PersonId,
    /// A conflict with this learner is declared.
    pub conflict: bool,
    /// She takes it over from whoever opened it.
    pub takes_over: bool,
}

impl Submission {
    /// A new draft.
    pub fn new(learner: PersonId) -> Self {
        Self { learner, revision: 1, state: State::Draft }
    }

    /// True while the learner may still change it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Draft | State::Returned { .. })
    }

    /// True while it waits for a decision.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, State::Submitted { .. } | State::InReview { .. } | State::Appealed { .. })
    }

    /// The learner hands it in. After a return the revision counts up, so that
    /// what was there before stays as it was.
    pub fn submit(self, evidence: usize, at: Timestamp) -> Result<Self, Refusal> {
        let revision = match self.state {
            State::Draft | State::Returned { .. } => self.revision,
            State::Submitted { .. } | State::InReview { .. } => return Err(Refusal::AlreadyHandedIn),
            State::Accepted { .. } | State::Declined { .. } | State::Appealed { .. } => {
                return Err(Refusal::Closed);
            }
        };
        if evidence == 0 {
            return Err(Refusal::NoEvidence);
        }
        Ok(Self { revision, state: State::Submitted { at }, ..self })
    }

    /// A reviewer opens it; she then has it to herself for a while.
    pub fn open(self, judge: Judge, at: Timestamp) -> Result<Self, Refusal> {
        self.may_judge(judge, at)?;
        let handed_in = match self.state {
            State::Submitted { at } | State::InReview { at, .. } => at,
            // an appeal stays an appeal until it is decided
            State::Appealed { .. } => return Ok(self),
            State::Draft | State::Returned { .. } | State::Accepted { .. } | State::Declined { .. } => {
                return Err(Refusal::NotWaiting);
            }
        };
        Ok(Self { state: State::InReview { at: handed_in, by: judge.person, since: at }, ..self })
    }

    /// The act that counts. A returned submission opens its next revision.
    pub fn decide(self, judge: Judge, verdict: Verdict, at: Timestamp) -> Result<Self, Refusal> {
        self.may_judge(judge, at)?;
        let by = judge.person;
        let (state, revision) = match verdict {
            Verdict::Accept => (State::Accepted { at, by }, self.revision),
            Verdict::Return => (State::Returned { at, by }, self.revision + 1),
            Verdict::Decline => (State::Declined { at, by }, self.revision),
        };
        Ok(Self { state, revision, ..self })
    }

    /// The learner disagrees with a decline.
    pub fn appeal(self, by: PersonId, reason: &str, at: Timestamp) -> Result<Self, Refusal> {
        let State::Declined { by: declined_by, .. } = self.state else { return Err(Refusal::NotDeclined) };
        if by != self.learner {
            return Err(Refusal::NotDeclined);
        }
        if reason.trim().is_empty() {
            return Err(Refusal::NoReason);
        }
        Ok(Self { state: State::Appealed { at, declined_by }, ..self })
    }

    /// Rule 4: never one's own, never with a declared conflict; an appeal is
    /// heard by somebody else.
    pub fn may_judge(&self, judge: Judge, now: Timestamp) -> Result<(), Refusal> {
        if judge.person == self.learner {
            return Err(Refusal::OwnEvidence);
        }
        if judge.conflict {
            return Err(Refusal::Conflict);
        }
        match &self.state {
            State::Submitted { .. } => Ok(()),
            State::InReview { by, since, .. } => {
                let fresh = now.as_millisecond() - since.as_millisecond() < LOCK_MINUTES * 60_000;
                if *by != judge.person && fresh && !judge.takes_over {
                    return Err(Refusal::InOtherHands);
                }
                Ok(())
            }
            State::Appealed { declined_by, .. } if *declined_by == judge.person => Err(Refusal::SameReviewer),
            State::Appealed { .. } => Ok(()),
            State::Draft | State::Returned { .. } | State::Accepted { .. } | State::Declined { .. } => {
                Err(Refusal::NotWaiting)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_what_waits_is_that_of_the_rule() {
        let at = Timestamp::UNIX_EPOCH;
        let by = PersonId("018f0000-0000-7000-8000-000000000001".parse().unwrap());
        let all = [
            State::Draft,
            State::Submitted { at },
            State::InReview { at, by, since: at },
            State::Returned { at, by },
            State::Accepted { at, by },
            State::Declined { at, by },
            State::Appealed { at, declined_by: by },
        ];
        let waits =
            |state: &State| Submission { learner: by, revision: 1, state: state.clone() }.is_waiting();
        let names: Vec<String> = all.iter().filter(|s| waits(s)).map(|s| format!("'{}'", s.name())).collect();
        assert_eq!(names.join(", "), WAITING);
    }
    use proptest::prelude::*;

    fn person(n: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(n))
    }
    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millisecond(minute * 60_000).unwrap()
    }
    fn judge(n: u128) -> Judge {
        Judge { person: person(n), conflict: false, takes_over: false }
    }
    fn submitted() -> Submission {
        Submission::new(person(1)).submit(1, at(0)).unwrap()
    }

    #[test]
    fn a_reviewer_decides() {
        let check = |who: Judge, verdict, want: Result<&str, Refusal>| {
            assert_eq!(submitted().decide(who, verdict, at(1)).map(|s| s.state.name()), want);
        };
        check(judge(2), Verdict::Accept, Ok("accepted"));
        check(judge(2), Verdict::Return, Ok("returned"));
        check(judge(2), Verdict::Decline, Ok("declined"));
        check(judge(1), Verdict::Accept, Err(Refusal::OwnEvidence));
        check(Judge { conflict: true, ..judge(2) }, Verdict::Accept, Err(Refusal::Conflict));
    }

    #[test]
    fn an_opened_submission_is_kept_for_its_reviewer() {
        let opened = submitted().open(judge(2), at(1)).unwrap();
        let check = |who: Judge, minute, want: Result<(), Refusal>| {
            assert_eq!(opened.clone().decide(who, Verdict::Accept, at(minute)).map(drop), want);
        };
        check(judge(3), 5, Err(Refusal::InOtherHands));
        check(Judge { takes_over: true, ..judge(3) }, 5, Ok(()));
        check(judge(3), 40, Ok(()));
        check(judge(2), 5, Ok(()));
    }

    #[test]
    fn an_appeal_is_heard_by_somebody_else() {
        let declined = submitted().decide(judge(2), Verdict::Decline, at(1)).unwrap();
        assert_eq!(declined.clone().appeal(person(1), " ", at(2)), Err(Refusal::NoReason));
        assert_eq!(declined.clone().appeal(person(3), "no", at(2)), Err(Refusal::NotDeclined));
        let appealed = declined.appeal(person(1), "the file was read wrongly", at(2)).unwrap();
        assert_eq!(appealed.clone().decide(judge(2), Verdict::Accept, at(3)), Err(Refusal::SameReviewer));
        assert_eq!(appealed.decide(judge(3), Verdict::Accept, at(3)).unwrap().state.name(), "accepted");
    }

    #[test]
    fn a_return_opens_the_next_revision() {
        let returned = submitted().decide(judge(2), Verdict::Return, at(1)).unwrap();
        assert_eq!(returned.revision, 2);
        assert_eq!(returned.clone().submit(0, at(2)), Err(Refusal::NoEvidence));
        assert_eq!(returned.submit(1, at(2)).unwrap().state.name(), "submitted");
        assert_eq!(submitted().submit(1, at(2)), Err(Refusal::AlreadyHandedIn));
    }

    proptest! {
        /// No sequence of calls accepts one's own evidence.
        #[test]
        fn nobody_accepts_her_own(calls in proptest::collection::vec((0u8..4, 1u128..4, 0u8..3), 0..30)) {
            let mut now = Submission::new(person(1));
            for (minute, (call, who, verdict)) in calls.into_iter().enumerate() {
                let t = at(minute as i64 * 60);
                let verdict = [Verdict::Accept, Verdict::Return, Verdict::Decline][verdict as usize];
                let next = match call {
                    0 => now.clone().submit(1, t),
                    1 => now.clone().open(judge(who), t),
                    2 => now.clone().decide(judge(who), verdict, t),
                    _ => now.clone().appeal(person(who), "why", t),
                };
                if let Ok(next) = next { now = next; }
                if let State::Accepted { by, .. } = now.state { prop_assert_ne!(by, person(1)); }
            }
        }
    }
}
