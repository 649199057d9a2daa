//! One person working on one achievement version.

use crate::requirement::{Met, Progress, Requirement};
use cairn_value::id::{CredentialId, PersonId, VersionId};
use serde::{Deserialize, Serialize};

/// Where an enrolment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Working on it.
    Active,
    /// Everything is met; the award is on its way.
    Completed,
    /// The credential is issued.
    Awarded,
    /// Given up; can be taken up again.
    Withdrawn,
}

impl State {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Awarded => "awarded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state with this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Completed, Self::Awarded, Self::Withdrawn].into_iter().find(|s| s.name() == text)
    }
}

/// What somebody works for. Attempts at a quiz are counted for each occasion: withdrawing and enrolling
/// again gives no new ones, renewing a badge that has run out does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// The first badge of this version.
    First,
    /// A badge that takes the place of this one, which has run out.
    Renewal(CredentialId),
}

impl Occasion {
    /// As it is stored: empty, or the badge's id.
    pub fn stored(self) -> String {
        match self {
            Self::First => String::new(),
            Self::Renewal(credential) => credential.to_string(),
        }
    }

    /// The occasion that is stored like this.
    pub fn parse(text: &str) -> Self {
        text.parse().map_or(Self::First, Self::Renewal)
    }

    /// The series in which attempts are counted.
    pub fn series(self, learner: PersonId, version: VersionId) -> String {
        format!("{learner}/{version}/{}", self.stored())
    }
}

cairn_value::refusals! {
    /// Why something cannot be done to an enrolment now.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Refusal {
        /// Nothing can be added.
        NotActive = "enrollment-not-active",
        /// The id is not in the tree.
        NoSuchRequirement = "requirement-unknown",
        /// A quiz has been tried as often as allowed.
        NoAttemptsLeft = "quiz-attempts-used",
        /// Passed is passed.
        AlreadyMet = "requirement-met",
    }
}

/// Records that a leaf is met; the earliest time stays. True when the whole
/// tree is met after that.
pub fn meet(tree: &Requirement, progress: &mut Progress, leaf: &str, met: Met) -> Result<bool, Refusal> {
    if tree.leaf(leaf).is_none() {
        return Err(Refusal::NoSuchRequirement);
    }
    progress.entry(leaf.to_owned()).or_insert(met);
    Ok(tree.is_met(progress))
}

/// Refuses another attempt at an assessment that is met or used up.
pub fn may_attempt(leaf: &Requirement, progress: &Progress, attempts_so_far: u32) -> Result<(), Refusal> {
    let Requirement::Assessment { id, attempts, .. } = leaf else { return Err(Refusal::NoSuchRequirement) };
    if progress.contains_key(id) {
        return Err(Refusal::AlreadyMet);
    }
    if *attempts > 0 && attempts_so_far >= *attempts {
        return Err(Refusal::NoAttemptsLeft);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_value::time::Timestamp;

    fn module(id: &str) -> Requirement {
        Requirement::Module { id: id.into(), title: id.into(), text: String::new(), minutes: 0 }
    }

    fn tree() -> Requirement {
        let choice = Requirement::AtLeast {
            id: "g".into(),
            title: "Choose".into(),
            count: 1,
            parts: vec![module("b"), module("c")],
        };
        Requirement::All { id: "root".into(), title: String::new(), parts: vec![module("a"), choice] }
    }

    #[test]
    fn a_tree_is_met_by_its_leaves() {
        let check = |leaves: &[&str], met, stones| {
            let mut progress = Progress::new();
            for leaf in leaves {
                meet(&tree(), &mut progress, leaf, Met::plainly(Timestamp::UNIX_EPOCH, None)).unwrap();
            }
            assert_eq!((tree().is_met(&progress), tree().stones(&progress)), (met, stones), "{leaves:?}");
        };
        check(&[], false, (0, 2));
        check(&["b", "c"], false, (1, 2));
        check(&["a"], false, (1, 2));
        check(&["a", "c"], true, (2, 2));
    }

    #[test]
    fn a_stranger_is_not_met() {
        let got = meet(&tree(), &mut Progress::new(), "zzz", Met::plainly(Timestamp::UNIX_EPOCH, None));
        assert_eq!(got, Err(Refusal::NoSuchRequirement));
    }
}
