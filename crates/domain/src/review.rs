//! Reviews and the decision that comes out of them.

use crate::rubric::{BadScores, Rubric, Score, Tally};
use crate::submission::Verdict;
use cairn_value::refusal;
use serde::{Deserialize, Serialize};

/// One reviewer's scores and words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Review {
    /// One for each criterion; may be incomplete while it is a draft.
    #[serde(default)]
    pub scores: Vec<Score>,
    /// To the learner.
    #[serde(default)]
    pub comment: String,
    /// Why the decision differs from the rubric's rule; empty when it does not.
    #[serde(default)]
    pub override_reason: String,
}

/// A decision with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What counts.
    pub verdict: Verdict,
    /// What the rubric's rule says; none when a return or a decline was not fully scored.
    pub tally: Option<Tally>,
    /// The verdict goes against the rule.
    pub overridden: bool,
}

/// Why a review does not make a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The scores do not fit.
    Scores(BadScores),
    /// Accepting against the rule needs a reason.
    BelowPass,
    /// Declining against the rule needs a reason.
    AbovePass,
    /// A return or a decline without a word helps nobody.
    NoComment,
}

impl From<BadScores> for Refusal {
    fn from(scores: BadScores) -> Self {
        Self::Scores(scores)
    }
}

impl From<&Refusal> for refusal::Refusal {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Scores(scores) => scores.into(),
            Refusal::BelowPass => Self::new("review-below-pass"),
            Refusal::AbovePass => Self::new("review-above-pass"),
            Refusal::NoComment => Self::new("review-comment"),
        }
    }
}

cairn_value::refusal_of!(Refusal);

/// Rule 5: the decision is computed from the rubric's rule and the review; an
/// override carries a reason. A return needs a comment and may be partly scored.
pub fn decide(rubric: &Rubric, review: &Review, verdict: Verdict) -> Result<Decision, Refusal> {
    let reasoned = !review.override_reason.trim().is_empty();
    let commented =
        !review.comment.trim().is_empty() || review.scores.iter().any(|s| !s.comment.trim().is_empty());
    match verdict {
        Verdict::Accept => {
            let tally = rubric.tally(&review.scores)?;
            if !tally.passed && !reasoned {
                return Err(Refusal::BelowPass);
            }
            Ok(Decision { verdict, overridden: !tally.passed, tally: Some(tally) })
        }
        Verdict::Return => {
            if !commented {
                return Err(Refusal::NoComment);
            }
            Ok(Decision { verdict, overridden: false, tally: rubric.tally(&review.scores).ok() })
        }
        Verdict::Decline => {
            if !commented {
                return Err(Refusal::NoComment);
            }
            let tally = rubric.tally(&review.scores)?;
            if tally.passed && !reasoned {
                return Err(Refusal::AbovePass);
            }
            Ok(Decision { verdict, overridden: tally.passed, tally: Some(tally) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::{Criterion, Level};

    fn rubric() -> Rubric {
        let level = |points: u32| Level { title: points.to_string(), points, description: String::new() };
        Rubric {
            criteria: vec![Criterion {
                id: "a".into(),
                title: "A".into(),
                description: String::new(),
                levels: vec![level(0), level(1), level(2)],
                required_points: 0,
            }],
            pass_points: 1,
        }
    }

    #[test]
    fn the_rule_decides_and_an_override_needs_a_reason() {
        let check = |points, comment: &str, reason: &str, verdict, want: Result<bool, Refusal>| {
            let review = Review {
                scores: vec![Score { criterion: "a".into(), points, comment: String::new() }],
                comment: comment.into(),
                override_reason: reason.into(),
            };
            assert_eq!(decide(&rubric(), &review, verdict).map(|d| d.overridden), want);
        };
        check(1, "", "", Verdict::Accept, Ok(false));
        check(0, "", "", Verdict::Accept, Err(Refusal::BelowPass));
        check(0, "", "shown orally", Verdict::Accept, Ok(true));
        check(2, "", "", Verdict::Return, Err(Refusal::NoComment));
        check(2, "more, please", "", Verdict::Return, Ok(false));
        check(0, "no", "", Verdict::Decline, Ok(false));
        check(2, "no", "", Verdict::Decline, Err(Refusal::AbovePass));
        check(2, "copied", "copied from a colleague", Verdict::Decline, Ok(true));
    }

    #[test]
    fn accepting_needs_every_criterion() {
        let want = Err(Refusal::Scores(BadScores::Missing("A".into())));
        assert_eq!(decide(&rubric(), &Review::default(), Verdict::Accept), want);
    }
}
