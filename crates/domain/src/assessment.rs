//! Quizzes and exams: items, responses, grading. Words are QTI's.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What the learner reads.
    pub text: String,
    /// Whether choosing it is right.
    #[serde(default)]
    pub correct: bool,
    /// Shown after grading to those who chose it; may be empty.
    #[serde(default)]
    pub feedback: String,
}

/// How an item is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Question {
    /// Exactly one choice is right.
    Single {
        /// At least two.
        choices: Vec<Choice>,
    },
    /// Any number of choices is right; all right and no wrong ones earn the points.
    Multiple {
        /// At least two.
        choices: Vec<Choice>,
    },
    /// A number within a tolerance.
    Number {
        /// The right number.
        answer: f64,
        /// Largest accepted distance from it.
        #[serde(default)]
        tolerance: f64,
        /// "mg", "%"; shown behind the field.
        #[serde(default)]
        unit: String,
    },
    /// A word or a short phrase; case and outer white space do not count.
    Text {
        /// All accepted spellings.
        answers: Vec<String>,
    },
}

/// One question of an assessment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Unique in its assessment.
    pub id: String,
    /// What is asked, Markdown.
    pub prompt: String,
    /// Points for a right answer.
    #[serde(default = "one")]
    pub points: u32,
    /// Shown after grading, whatever was answered; may be empty.
    #[serde(default)]
    pub explanation: String,
    /// How it is answered.
    #[serde(flatten)]
    pub question: Question,
}

fn one() -> u32 {
    1
}

/// What a learner answered to one item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Response {
    /// The item's id.
    pub item: String,
    /// Positions of the chosen choices, from 0.
    #[serde(default)]
    pub chosen: Vec<usize>,
    /// What was typed.
    #[serde(default)]
    pub text: String,
}

/// One graded item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGrade {
    /// The item's id.
    pub item: String,
    /// Points earned.
    pub points: u32,
    /// Points there were.
    pub maximum: u32,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// In the order of the items.
    pub items: Vec<ItemGrade>,
    /// Sum of the points.
    pub points: u32,
    /// The most there could be.
    pub maximum: u32,
    /// Whole per cent, rounded down.
    pub percent: u8,
    /// At least the assessment's `pass_percent`.
    pub passed: bool,
}

impl Item {
    /// True when the response earns the points.
    pub fn is_right(&self, response: &Response) -> bool {
        match &self.question {
            Question::Single { choices } => {
                response.chosen.len() == 1 && choices.get(response.chosen[0]).is_some_and(|c| c.correct)
            }
            Question::Multiple { choices } => {
                choices.iter().enumerate().all(|(i, c)| c.correct == response.chosen.contains(&i))
                    && response.chosen.iter().all(|i| *i < choices.len())
            }
            Question::Number { answer, tolerance, .. } => {
                number(&response.text).is_some_and(|n| (n - answer).abs() <= tolerance + 1e-9)
            }
            Question::Text { answers } => {
                let given = folded(&response.text);
                !given.is_empty() && answers.iter().any(|a| folded(a) == given)
            }
        }
    }
}

/// Reads "12.5", "12,5" and "1 200"; a comma is a decimal sign.
fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite())
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Grades responses. Items without a response earn nothing.
pub fn grade(items: &[Item], responses: &[Response], pass_percent: u8) -> Grade {
    // the first response to each item counts
    let mut by_item: HashMap<&str, &Response> = HashMap::new();
    cairn_value::steps::take(items.len() + responses.len());
    for response in responses {
        by_item.entry(&response.item).or_insert(response);
    }
    let graded: Vec<ItemGrade> = items
        .iter()
        .map(|item| {
            let right = by_item.get(item.id.as_str()).is_some_and(|r| item.is_right(r));
            ItemGrade {
                item: item.id.clone(),
                points: if right { item.points } else { 0 },
                maximum: item.points,
            }
        })
        .collect();
    let points: u32 = graded.iter().map(|g| g.points).sum();
    let maximum: u32 = graded.iter().map(|g| g.maximum).sum();
    let percent = u8::try_from(u64::from(points) * 100 / u64::from(maximum.max(1))).unwrap_or(100);
    Grade { items: graded, points, maximum, percent, passed: percent >= pass_percent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(question: Question) -> Item {
        Item { id: "q".into(), prompt: "?".into(), points: 2, explanation: String::new(), question }
    }

    fn choices(right: &[bool]) -> Vec<Choice> {
        right.iter().map(|c| Choice { text: "x".into(), correct: *c, feedback: String::new() }).collect()
    }

    #[test]
    fn items_are_graded() {
        let check = |question: Question, chosen: &[usize], text: &str, right: bool| {
            let response = Response { item: "q".into(), chosen: chosen.into(), text: text.into() };
            assert_eq!(item(question).is_right(&response), right, "{chosen:?} {text:?}");
        };
        let single = || Question::Single { choices: choices(&[false, true]) };
        check(single(), &[1], "", true);
        check(single(), &[0], "", false);
        check(single(), &[0, 1], "", false);
        check(single(), &[7], "", false);
        let multiple = || Question::Multiple { choices: choices(&[true, false, true]) };
        check(multiple(), &[0, 2], "", true);
        check(multiple(), &[0], "", false);
        check(multiple(), &[0, 1, 2], "", false);
        check(multiple(), &[0, 2, 9], "", false);
        let number = || Question::Number { answer: 12.5, tolerance: 0.1, unit: String::new() };
        check(number(), &[], "12,5", true);
        check(number(), &[], " 12.6 ", true);
        check(number(), &[], "12.7", false);
        check(number(), &[], "NaN", false);
        let text = || Question::Text { answers: vec!["Scrum Master".into()] };
        check(text(), &[], "  scrum   master ", true);
        check(text(), &[], "", false);
    }

    #[test]
    fn a_grade_rounds_down_and_ignores_strangers() {
        let items = [item(Question::Single { choices: choices(&[true, false]) })];
        let responses = [Response { item: "other".into(), chosen: vec![0], text: String::new() }];
        let grade = grade(&items, &responses, 50);
        assert_eq!((grade.points, grade.maximum, grade.percent, grade.passed), (0, 2, 0, false));
    }
}
