//! Rubrics: criteria, levels, and the rule that says when evidence passes.

use serde::{Deserialize, Serialize};

/// One step of a criterion, worth points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// "Proficient"
    pub title: String,
    /// Points of this level, 0 or more.
    pub points: u32,
    /// What evidence at this level shows.
    #[serde(default)]
    pub description: String,
}

/// One question that the reviewer answers by choosing a level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Unique in its rubric: "risk-analysis".
    pub id: String,
    /// "Analyses risks"
    pub title: String,
    /// What the reviewer looks for.
    #[serde(default)]
    pub description: String,
    /// From the lowest to the highest.
    pub levels: Vec<Level>,
    /// Points that this criterion needs by itself; 0 when only the sum counts.
    #[serde(default)]
    pub required_points: u32,
}

impl Criterion {
    /// Points of the best level.
    pub fn maximum(&self) -> u32 {
        self.levels.iter().map(|l| l.points).max().unwrap_or(0)
    }

    /// The level that gives exactly these points.
    pub fn level(&self, points: u32) -> Option<&Level> {
        self.levels.iter().find(|l| l.points == points)
    }
}

/// OB 3.0 `ResultDescription` of kind `RubricCriterionLevel`, as reviewers see it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// In the order they are read.
    pub criteria: Vec<Criterion>,
    /// The sum that passes.
    pub pass_points: u32,
}

/// A reviewer's level for one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The criterion's id.
    pub criterion: String,
    /// Points of the chosen level.
    pub points: u32,
    /// A word to the learner about this criterion; may be empty.
    #[serde(default)]
    pub comment: String,
}

cairn_value::refusals! {
    /// Scores that do not fit the rubric.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum BadScores {
        /// A criterion has no score.
        Missing(criterion: String) = "scores-missing",
        /// A score names a criterion that is not in the rubric.
        Stranger(criterion: String) = "scores-stranger",
        /// No level of the criterion gives these points.
        NoSuchLevel(criterion: String) = "scores-no-level",
    }
}

/// What the rubric's own rule says of a set of scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Sum of the points.
    pub points: u32,
    /// The most there could be.
    pub maximum: u32,
    /// Sum and every single criterion reached.
    pub passed: bool,
    /// Ids of the criteria below what they need.
    pub below: Vec<String>,
}

impl Rubric {
    /// The most points there are.
    pub fn maximum(&self) -> u32 {
        self.criteria.iter().map(Criterion::maximum).sum()
    }

    /// Applies the rule: every criterion scored with one of its levels, the sum
    /// at least `pass_points`, no criterion below what it needs.
    pub fn tally(&self, scores: &[Score]) -> Result<Tally, BadScores> {
        if let Some(stranger) = scores.iter().find(|s| !self.criteria.iter().any(|c| c.id == s.criterion)) {
            return Err(BadScores::Stranger(stranger.criterion.clone()));
        }
        let mut points = 0;
        let mut below = Vec::new();
        for criterion in &self.criteria {
            let Some(score) = scores.iter().find(|s| s.criterion == criterion.id) else {
                return Err(BadScores::Missing(criterion.title.clone()));
            };
            if criterion.level(score.points).is_none() {
                return Err(BadScores::NoSuchLevel(criterion.title.clone()));
            }
            points += score.points;
            if score.points < criterion.required_points {
                below.push(criterion.id.clone());
            }
        }
        let passed = points >= self.pass_points && below.is_empty();
        Ok(Tally { points, maximum: self.maximum(), passed, below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rubric() -> Rubric {
        let levels = |n: u32| {
            (0..=n)
                .map(|points| Level { title: format!("L{points}"), points, description: String::new() })
                .collect()
        };
        let criterion = |id: &str, required_points| Criterion {
            id: id.into(),
            title: id.to_uppercase(),
            description: String::new(),
            levels: levels(3),
            required_points,
        };
        Rubric { criteria: vec![criterion("a", 2), criterion("b", 0)], pass_points: 4 }
    }

    fn scores(list: &[(&str, u32)]) -> Vec<Score> {
        list.iter()
            .map(|(c, p)| Score { criterion: (*c).into(), points: *p, comment: String::new() })
            .collect()
    }

    #[test]
    fn the_rule_counts_the_sum_and_each_criterion() {
        let check = |list: &[(&str, u32)], passed| {
            assert_eq!(rubric().tally(&scores(list)).unwrap().passed, passed, "{list:?}");
        };
        check(&[("a", 2), ("b", 2)], true);
        check(&[("a", 1), ("b", 3)], false); // the sum is enough, a is not
        check(&[("a", 3), ("b", 0)], false);
        check(&[("a", 3), ("b", 1)], true);
    }

    #[test]
    fn scores_must_fit_the_rubric() {
        let check = |list: &[(&str, u32)], want| assert_eq!(rubric().tally(&scores(list)), Err(want));
        check(&[("a", 2)], BadScores::Missing("B".into()));
        check(&[("a", 2), ("b", 9)], BadScores::NoSuchLevel("B".into()));
        check(&[("a", 2), ("b", 2), ("z", 1)], BadScores::Stranger("z".into()));
    }
}
