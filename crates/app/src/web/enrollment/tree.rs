//! The requirement tree as a program reads it: everything that is needed to
//! work on it, and nothing that tells which answers are right.

use crate::http::shape::instant;
use cairn_actions::enrollment::{Attempt, EnrollmentRow};
use cairn_actions::submission::SubmissionRow;
use cairn_domain::assessment::{Item, Question as QuestionKind};
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::Rubric;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Attempts by the quiz's id, the latest first, and how many are used up: those
/// of enrolments that were given up count too.
pub type Attempts = BTreeMap<String, (Vec<Attempt>, u32)>;

/// A requirement and where the learner stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Node {
    /// Unique in its tree.
    id: String,
    /// all, at-least, module, assessment, project, external-certificate,
    /// prior-credential, hours or attestation.
    kind: String,
    /// What it is called; may be empty for a group.
    title: String,
    /// Markdown: a module's text, a quiz's introduction, what to hand in.
    text: String,
    /// True when it is met.
    met: bool,
    /// When it was met, RFC 3339; null for groups and what is open.
    met_at: Option<String>,
    /// Per cent of a quiz, points of a rubric.
    score: Option<u32>,
    /// Of an `at-least` group: how many parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// Minutes of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u32>,
    /// Hours to be confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<u32>,
    /// "organisation.achievement" of the badge that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    achievement: Option<String>,
    /// A quiz.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiz: Option<Quiz>,
    /// How evidence is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    rubric: Option<RubricView>,
    /// What has been handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    submission: Option<SubmissionRef>,
    /// Parts of a group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    parts: Vec<Node>,
}

/// A submission in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionRef {
    /// Id.
    id: String,
    /// draft, submitted, in_review, returned, accepted, declined, appealed.
    state: String,
    /// 1 for the first.
    revision: u32,
}

/// A quiz without its answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quiz {
    /// Whole per cent that pass.
    pass_percent: u8,
    /// How often it may be tried; 0 is without limit.
    attempts: u32,
    /// How often it was tried.
    used: usize,
    /// Result of the latest attempt.
    last: Option<LastAttempt>,
    /// The questions.
    questions: Vec<QuizItem>,
}

/// The latest attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastAttempt {
    /// RFC 3339.
    at: String,
    /// Whole per cent.
    percent: u8,
    /// True when it was enough.
    passed: bool,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuizItem {
    /// Unique in its quiz.
    id: String,
    /// single, multiple, number or text.
    kind: String,
    /// What is asked, Markdown.
    prompt: String,
    /// Points for a right answer.
    points: u32,
    /// What can be chosen; answers name positions, from 0.
    choices: Vec<String>,
    /// Unit of a number.
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
}

/// How evidence is judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct RubricView {
    /// The sum that passes.
    pass_points: u32,
    /// In the order they are read.
    criteria: Vec<CriterionView>,
}

/// A criterion of a rubric.
#[derive(Debug, Serialize, ToSchema)]
pub struct CriterionView {
    /// Unique in its rubric.
    id: String,
    /// What is judged.
    title: String,
    /// What the reviewer looks for.
    description: String,
    /// Points that it needs by itself.
    required_points: u32,
    /// From the lowest to the highest.
    levels: Vec<LevelView>,
}

/// A level of a criterion.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelView {
    /// What it is called.
    title: String,
    /// Its points.
    points: u32,
    /// What evidence at this level shows.
    description: String,
}

/// Ids of the quizzes of a tree.
pub fn quizzes(tree: &Requirement) -> Vec<&str> {
    let is_quiz = |l: &&Requirement| matches!(l, Requirement::Assessment { .. });
    tree.leaves().into_iter().filter(is_quiz).map(Requirement::id).collect()
}

/// A node and everything below it.
pub fn node(r: &Requirement, e: &EnrollmentRow, submissions: &[SubmissionRow], attempts: &Attempts) -> Node {
    let met = e.progress.get(r.id());
    let submission = submissions.iter().find(|s| s.requirement == r.id()).map(|s| SubmissionRef {
        id: s.id.to_string(),
        state: s.inner.state.name().to_owned(),
        revision: s.inner.revision,
    });
    let mut out = Node {
        id: r.id().to_owned(),
        kind: String::new(),
        title: r.title().to_owned(),
        text: r.brief().to_owned(),
        met: r.is_met(&e.progress),
        met_at: met.map(|m| m.at.to_string()),
        score: met.and_then(|m| m.score),
        count: None,
        minutes: None,
        hours: None,
        achievement: None,
        quiz: None,
        rubric: r.rubric().as_ref().map(rubric),
        submission,
        parts: r.parts().iter().map(|p| node(p, e, submissions, attempts)).collect(),
    };
    let kind = match r {
        Requirement::All { .. } => "all",
        Requirement::AtLeast { count, .. } => {
            out.count = Some(*count);
            "at-least"
        }
        Requirement::Module { minutes, .. } => {
            out.minutes = Some(*minutes);
            "module"
        }
        Requirement::Assessment { id, items, pass_percent, attempts: most, .. } => {
            let (tried, used) = attempts.get(id).map_or((&[][..], 0), |(all, used)| (all.as_slice(), *used));
            out.quiz = Some(quiz(items, *pass_percent, *most, tried, used));
            "assessment"
        }
        Requirement::Project { minutes, .. } => {
            out.minutes = Some(*minutes);
            "project"
        }
        Requirement::ExternalCertificate { .. } => "external-certificate",
        Requirement::PriorCredential { achievement, .. } => {
            out.achievement = Some(achievement.replace('/', "."));
            "prior-credential"
        }
        Requirement::Hours { hours, .. } => {
            out.hours = Some(*hours);
            "hours"
        }
        Requirement::Attestation { .. } => "attestation",
    };
    kind.clone_into(&mut out.kind);
    out
}

fn quiz(items: &[Item], pass_percent: u8, attempts: u32, tried: &[Attempt], used: u32) -> Quiz {
    let last = tried.first().map(|a| LastAttempt {
        at: instant(a.finished_at),
        percent: a.grade.percent,
        passed: a.grade.passed,
    });
    Quiz {
        pass_percent,
        attempts,
        used: used as usize,
        last,
        questions: items.iter().map(question).collect(),
    }
}

fn question(item: &Item) -> QuizItem {
    let (kind, choices, unit) = match &item.question {
        QuestionKind::Single { choices } => ("single", choices.as_slice(), ""),
        QuestionKind::Multiple { choices } => ("multiple", choices.as_slice(), ""),
        QuestionKind::Number { unit, .. } => ("number", &[][..], unit.as_str()),
        QuestionKind::Text { .. } => ("text", &[][..], ""),
    };
    QuizItem {
        id: item.id.clone(),
        kind: kind.to_owned(),
        prompt: item.prompt.clone(),
        points: item.points,
        choices: choices.iter().map(|c| c.text.clone()).collect(),
        unit: unit.to_owned(),
    }
}

/// A rubric as it is told.
pub fn rubric(r: &Rubric) -> RubricView {
    let criterion = |c: &cairn_domain::rubric::Criterion| CriterionView {
        id: c.id.clone(),
        title: c.title.clone(),
        description: c.description.clone(),
        required_points: c.required_points,
        levels: c.levels.iter().map(level).collect(),
    };
    RubricView { pass_points: r.pass_points, criteria: r.criteria.iter().map(criterion).collect() }
}

fn level(l: &cairn_domain::rubric::Level) -> LevelView {
    LevelView { title: l.title.clone(), points: l.points, description: l.description.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_domain::enrollment::State;
    use cairn_value::id::{AchievementId, EnrollmentId, OrganizationId, PersonId, VersionId};
    use serde_json::json;

    #[test]
    fn a_tree_never_tells_the_answers() {
        let tree: Requirement = serde_json::from_value(json!({
            "kind": "all", "id": "root", "parts": [
                { "kind": "module", "id": "m", "title": "Read", "text": "words", "minutes": 5 },
                { "kind": "assessment", "id": "q", "title": "Quiz", "pass_percent": 60, "attempts": 2, "items": [
                    { "id": "a", "prompt": "A?", "explanation": "SECRET-1", "kind": "single", "choices": [
                        { "text": "one", "correct": true, "feedback": "SECRET-2" }, { "text": "two" }] },
                    { "id": "b", "prompt": "B?", "kind": "number", "answer": 421_734.0, "tolerance": 0.731, "unit": "mg" },
                    { "id": "c", "prompt": "C?", "kind": "text", "answers": ["SECRET-3"] }] }]
        }))
        .unwrap();
        let nil = uuid::Uuid::nil();
        let e = EnrollmentRow {
            organization: OrganizationId(nil),
            id: EnrollmentId(nil),
            learner: PersonId(nil),
            achievement: AchievementId(nil),
            version_id: VersionId(nil),
            state: State::Active,
            progress: serde_json::from_value(json!({ "m": { "at": "2026-11-22T12:00:00Z" } })).unwrap(),
            occasion: cairn_domain::enrollment::Occasion::First,
            started_at: 0,
            version: 0,
        };
        assert_eq!(quizzes(&tree), ["q"]);
        let told = serde_json::to_value(node(&tree, &e, &[], &Attempts::new())).unwrap();
        let text = told.to_string();
        for secret in ["SECRET", "421734", "0.731", "correct", "feedback", "explanation"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert_eq!(
            (&told["met"], &told["parts"][0]["met"], &told["parts"][1]["met"]),
            (&json!(false), &json!(true), &json!(false))
        );
        assert_eq!(told["parts"][1]["quiz"]["questions"][0]["choices"], json!(["one", "two"]));
        assert_eq!(told["parts"][1]["quiz"]["questions"][1]["unit"], "mg");
    }
}
