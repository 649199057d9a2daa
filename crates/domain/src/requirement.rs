//! The requirement tree: what must be met, and whether it is.

use crate::assessment::Item;
use crate::rubric::{Criterion, Level, Rubric};
use cairn_value::id::EvidenceId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A node of the tree. Every node has an `id` that is unique in its tree and a
/// `title` in the definition's language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Requirement {
    /// All parts must be met.
    All {
        /// Unique in the tree.
        id: String,
        /// What the group is called; may be empty at the root.
        #[serde(default)]
        title: String,
        /// In the order they are shown.
        #[serde(default)]
        parts: Vec<Requirement>,
    },
    /// At least `count` of the parts must be met; any-of has `count = 1`.
    AtLeast {
        /// Unique in the tree.
        id: String,
        /// What the group is called.
        #[serde(default)]
        title: String,
        /// From 1 to the number of parts.
        count: u32,
        /// In the order they are shown.
        #[serde(default)]
        parts: Vec<Requirement>,
    },
    /// A text to read.
    Module {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// Markdown.
        text: String,
        /// Minutes that reading and thinking take.
        #[serde(default)]
        minutes: u32,
    },
    /// A quiz or an exam, graded by the program.
    Assessment {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// What to know before starting, Markdown.
        #[serde(default)]
        introduction: String,
        /// The questions.
        items: Vec<Item>,
        /// Whole per cent that pass, 1 to 100.
        pass_percent: u8,
        /// How often it may be tried; 0 is without limit.
        #[serde(default)]
        attempts: u32,
    },
    /// Evidence judged against a rubric.
    Project {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// The task, Markdown.
        brief: String,
        /// How it is judged.
        rubric: Rubric,
        /// Minutes of work.
        #[serde(default)]
        minutes: u32,
    },
    /// A certificate from elsewhere, confirmed by a reviewer.
    ExternalCertificate {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// Which certificates count, Markdown.
        brief: String,
    },
    /// A credential earned before, here.
    PriorCredential {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// Slug of the achievement, `organisation/achievement`.
        achievement: String,
    },
    /// Hours of continuing education, confirmed by a reviewer.
    Hours {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// How many hours.
        hours: u32,
        /// What counts, Markdown.
        #[serde(default)]
        brief: String,
    },
    /// A supervisor's statement, confirmed by a reviewer.
    Attestation {
        /// Unique in the tree.
        id: String,
        /// What it is called.
        title: String,
        /// Who attests what, Markdown.
        brief: String,
    },
}

/// What a requirement was met by: everything that the decision has learned, so that nobody looks it up again. It
/// travels from the submission to the credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// When.
    pub at: jiff::Timestamp,
    /// Whole per cent of an assessment, points of a rubric; none for the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// What was reached, criterion by criterion of a rubric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<CriterionLevel>,
    /// The evidence that was judged, by reference: what its owner no longer shows, or erases, is not copied on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceId>,
}

impl Met {
    /// Met by a score, or by nothing that is counted.
    pub fn plainly(at: jiff::Timestamp, score: Option<u32>) -> Self {
        Self { at, score, outcomes: vec![], evidence: vec![] }
    }
}

/// The level that was reached of one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionLevel {
    /// The criterion's id.
    pub criterion: String,
    /// Points of its level.
    pub points: u32,
}

/// Which leaves of an enrolment's tree are met, by the leaf's id.
pub type Progress = BTreeMap<String, Met>;

cairn_value::refusals! {
    /// What keeps a quiz from being taken or passed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum QuizFault {
        /// No questions.
        NoQuestions = "quiz-no-questions",
        /// A pass mark outside 1 to 100 per cent.
        PassMark = "quiz-pass-mark",
        /// Two questions with the same id.
        SameId = "quiz-same-id",
        /// A question without text.
        NoText = "quiz-no-text",
        /// A question that does not have exactly one right answer.
        NotOneAnswer = "quiz-not-one-answer",
        /// A question with fewer than two answers.
        FewAnswers = "quiz-few-answers",
        /// A question without a right answer.
        NoAnswer = "quiz-no-answer",
    }
}

cairn_value::refusals! {
    /// What keeps a rubric from being scored or passed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum RubricFault {
        /// No criteria.
        NoCriteria = "rubric-no-criteria",
        /// Two criteria with the same id.
        SameId = "rubric-same-id",
        /// A criterion with fewer than two levels.
        FewLevels = "rubric-few-levels",
        /// Two levels with the same points.
        SamePoints = "rubric-same-points",
        /// A criterion that asks for more points than its best level gives.
        CriterionMark = "rubric-criterion-mark",
        /// A pass mark that nobody can reach.
        PassMark = "rubric-pass-mark",
    }
}

cairn_value::refusals! {
    /// Something about a tree that keeps it from being published.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum BadTree {
        /// Two nodes have the same id.
        SameId(name: String) = "tree-same-id",
        /// A group has no parts.
        Empty(name: String) = "tree-group-empty",
        /// `count` is not possible.
        TooMany(name: String) = "tree-group-too-many",
        /// A leaf has no title.
        NoTitle(name: String) = "tree-no-title",
        /// A quiz has no items, or an item cannot be answered.
        BadQuiz(title: String, fault: QuizFault) = "tree-quiz",
        /// A rubric cannot be passed or cannot be scored.
        BadRubric(title: String, fault: RubricFault) = "tree-rubric",
        /// Deeper than `MAX_DEPTH`, or more than `MAX_NODES` nodes.
        TooLarge = "tree-too-large",
    }
}

/// Deepest nesting that is accepted.
pub const MAX_DEPTH: usize = 8;
/// Most nodes that are accepted.
pub const MAX_NODES: usize = 500;

impl Requirement {
    /// The node's id.
    pub fn id(&self) -> &str {
        match self {
            Self::All { id, .. }
            | Self::AtLeast { id, .. }
            | Self::Module { id, .. }
            | Self::Assessment { id, .. }
            | Self::Project { id, .. }
            | Self::ExternalCertificate { id, .. }
            | Self::PriorCredential { id, .. }
            | Self::Hours { id, .. }
            | Self::Attestation { id, .. } => id,
        }
    }

    /// The node's title; empty for a group without one.
    pub fn title(&self) -> &str {
        match self {
            Self::All { title, .. }
            | Self::AtLeast { title, .. }
            | Self::Module { title, .. }
            | Self::Assessment { title, .. }
            | Self::Project { title, .. }
            | Self::ExternalCertificate { title, .. }
            | Self::PriorCredential { title, .. }
            | Self::Hours { title, .. }
            | Self::Attestation { title, .. } => title,
        }
    }

    /// The parts of a group; empty for a leaf.
    pub fn parts(&self) -> &[Requirement] {
        match self {
            Self::All { parts, .. } | Self::AtLeast { parts, .. } => parts,
            _ => &[],
        }
    }

    /// True for nodes that hold others.
    pub fn is_group(&self) -> bool {
        matches!(self, Self::All { .. } | Self::AtLeast { .. })
    }

    /// All leaves, in the order they are shown.
    pub fn leaves(&self) -> Vec<&Requirement> {
        if self.is_group() { self.parts().iter().flat_map(Requirement::leaves).collect() } else { vec![self] }
    }

    /// The leaf with this id.
    pub fn leaf(&self, id: &str) -> Option<&Requirement> {
        self.leaves().into_iter().find(|r| r.id() == id)
    }

    /// True when the progress meets this node.
    pub fn is_met(&self, progress: &Progress) -> bool {
        match self {
            Self::All { parts, .. } => !parts.is_empty() && parts.iter().all(|p| p.is_met(progress)),
            Self::AtLeast { count, parts, .. } => {
                *count > 0 && parts.iter().filter(|p| p.is_met(progress)).count() >= *count as usize
            }
            leaf => progress.contains_key(leaf.id()),
        }
    }

    /// Stones laid and stones that make the cairn: what is met of what is
    /// needed. A choice counts only as many parts as it asks for.
    pub fn stones(&self, progress: &Progress) -> (usize, usize) {
        match self {
            Self::All { parts, .. } => parts
                .iter()
                .map(|p| p.stones(progress))
                .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
            Self::AtLeast { count, parts, .. } => {
                let mut each: Vec<_> = parts.iter().map(|p| p.stones(progress)).collect();
                // the parts nearest to done are the ones that will count
                each.sort_by_key(|(laid, all)| (all - laid, usize::MAX - laid));
                each.iter().take(*count as usize).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
            }
            leaf => (usize::from(progress.contains_key(leaf.id())), 1),
        }
    }

    /// The rubric by which a reviewer judges this leaf; none for leaves that
    /// the program judges itself. Certificates, hours and attestations have one
    /// criterion: confirmed or not.
    pub fn rubric(&self) -> Option<Rubric> {
        match self {
            Self::Project { rubric, .. } => Some(rubric.clone()),
            Self::ExternalCertificate { title, .. }
            | Self::Hours { title, .. }
            | Self::Attestation { title, .. } => Some(confirmation(title)),
            _ => None,
        }
    }

    /// The text that tells the learner what to hand in.
    pub fn brief(&self) -> &str {
        match self {
            Self::Project { brief, .. }
            | Self::ExternalCertificate { brief, .. }
            | Self::Hours { brief, .. }
            | Self::Attestation { brief, .. } => brief,
            Self::Assessment { introduction, .. } => introduction,
            Self::Module { text, .. } => text,
            _ => "",
        }
    }

    /// The first thing that keeps the tree from being published.
    pub fn check(&self) -> Result<(), BadTree> {
        let mut seen = std::collections::BTreeSet::new();
        self.check_node(&mut seen, 1)
    }

    fn check_node<'a>(
        &'a self,
        seen: &mut std::collections::BTreeSet<&'a str>,
        depth: usize,
    ) -> Result<(), BadTree> {
        if depth > MAX_DEPTH || seen.len() >= MAX_NODES {
            return Err(BadTree::TooLarge);
        }
        if !seen.insert(self.id()) {
            return Err(BadTree::SameId(self.id().to_owned()));
        }
        if !self.is_group() && self.title().trim().is_empty() {
            return Err(BadTree::NoTitle(self.id().to_owned()));
        }
        match self {
            Self::All { parts, .. } if parts.is_empty() => Err(BadTree::Empty(self.name())),
            Self::AtLeast { parts, .. } if parts.is_empty() => Err(BadTree::Empty(self.name())),
            Self::AtLeast { count, parts, .. } if *count == 0 || *count as usize > parts.len() => {
                Err(BadTree::TooMany(self.name()))
            }
            Self::Assessment { items, pass_percent, .. } => check_quiz(self.title(), items, *pass_percent),
            Self::Project { rubric, .. } => check_rubric(self.title(), rubric),
            _ => self.parts().iter().try_for_each(|p| p.check_node(seen, depth + 1)),
        }
    }

    fn name(&self) -> String {
        if self.title().is_empty() { self.id().to_owned() } else { self.title().to_owned() }
    }
}

fn confirmation(title: &str) -> Rubric {
    Rubric {
        criteria: vec![Criterion {
            id: "confirmed".into(),
            title: title.into(),
            description: String::new(),
            levels: vec![
                Level { title: "Not confirmed".into(), points: 0, description: String::new() },
                Level { title: "Confirmed".into(), points: 1, description: String::new() },
            ],
            required_points: 1,
        }],
        pass_points: 1,
    }
}

fn check_quiz(title: &str, items: &[Item], pass_percent: u8) -> Result<(), BadTree> {
    use crate::assessment::Question;
    let bad = |what| Err(BadTree::BadQuiz(title.to_owned(), what));
    if items.is_empty() {
        return bad(QuizFault::NoQuestions);
    }
    if !(1..=100).contains(&pass_percent) {
        return bad(QuizFault::PassMark);
    }
    let mut ids = std::collections::BTreeSet::new();
    for item in items {
        if !ids.insert(&item.id) {
            return bad(QuizFault::SameId);
        }
        if item.prompt.trim().is_empty() {
            return bad(QuizFault::NoText);
        }
        match &item.question {
            Question::Single { choices } if choices.iter().filter(|c| c.correct).count() != 1 => {
                return bad(QuizFault::NotOneAnswer);
            }
            Question::Single { choices } | Question::Multiple { choices } if choices.len() < 2 => {
                return bad(QuizFault::FewAnswers);
            }
            Question::Multiple { choices } if !choices.iter().any(|c| c.correct) => {
                return bad(QuizFault::NoAnswer);
            }
            Question::Text { answers } if answers.iter().all(|a| a.trim().is_empty()) => {
                return bad(QuizFault::NoAnswer);
            }
            Question::Number { answer, tolerance, .. } if !answer.is_finite() || *tolerance < 0.0 => {
                return bad(QuizFault::NoAnswer);
            }
            Question::Single { .. }
            | Question::Multiple { .. }
            | Question::Number { .. }
            | Question::Text { .. } => {}
        }
    }
    Ok(())
}

fn check_rubric(title: &str, rubric: &Rubric) -> Result<(), BadTree> {
    let bad = |what| Err(BadTree::BadRubric(title.to_owned(), what));
    if rubric.criteria.is_empty() {
        return bad(RubricFault::NoCriteria);
    }
    let mut ids = std::collections::BTreeSet::new();
    for criterion in &rubric.criteria {
        if !ids.insert(&criterion.id) {
            return bad(RubricFault::SameId);
        }
        if criterion.levels.len() < 2 {
            return bad(RubricFault::FewLevels);
        }
        let mut points: Vec<_> = criterion.levels.iter().map(|l| l.points).collect();
        points.sort_unstable();
        points.dedup();
        if points.len() != criterion.levels.len() {
            return bad(RubricFault::SamePoints);
        }
        if criterion.required_points > criterion.maximum() {
            return bad(RubricFault::CriterionMark);
        }
    }
    if rubric.pass_points > rubric.maximum() {
        return bad(RubricFault::PassMark);
    }
    Ok(())
}
