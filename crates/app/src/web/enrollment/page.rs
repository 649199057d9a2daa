//! Pages of one enrolment: its tree, its modules and its quizzes.

use crate::http::problem::Result;
use crate::http::{Fields, SignedIn, Ui, page, see, see_saying, see_warning};
use crate::web::confirmation::caution;
use crate::web::submission::{Refused, hand_in_page};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::credential::Issuance;
use cairn_actions::enrollment::{self, Attempt, EnrollmentRow, find};
use cairn_actions::published::PublishedVersion;
use cairn_actions::submission;
use cairn_domain::assessment::{Item, Question, Response as Answer};
use cairn_domain::enrollment::{State as Standing, may_attempt};
use cairn_domain::requirement::Requirement;
use cairn_platform::markdown::markdown;
use cairn_value::id::EnrollmentId;
use std::collections::HashMap;

pub(super) async fn enroll(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(key): Path<String>,
) -> Result<Response> {
    let id = enrollment::enroll(&app, &actor, &key).await?;
    Ok(see_saying(&format!("/enrollments/{id}"), &ui.t("enrollment-started")))
}

/// One line of the tree as the page shows it.
struct Node {
    depth: usize,
    kind: &'static str,
    title: String,
    count: u32,
    link: String,
    met: bool,
    state: &'static str,
    minutes: u32,
}

#[derive(Template)]
#[template(path = "enrollment/overview.html")]
struct Overview {
    ui: Ui,
    e: EnrollmentRow,
    published: PublishedVersion,
    /// What is to be known of who offers it; empty when there is nothing.
    caution: String,
    title: String,
    nodes: Vec<Node>,
    laid: usize,
    all: usize,
    next: Option<(String, String)>,
}

pub(super) async fn overview(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (e, published) = find(&mut conn, &actor, id.parse()?).await?;
    let submissions = submission::of_enrollment(&mut conn, e.organization, e.id).await?;
    let tree = &published.definition.requirement;
    let mut nodes = vec![];
    lines(tree, 0, &e, &submissions, &mut nodes);
    let (laid, all) = tree.stones(&e.progress);
    let next = nodes.iter().find(|n| {
        !n.link.is_empty()
            && !n.met
            && !matches!(n.state, "submitted" | "in_review" | "appealed" | "declined")
    });
    let next = next.map(|n| (n.link.clone(), n.title.clone()));
    let title = published.definition.in_language(ui.language).title.to_owned();
    let caution = caution(&ui, published.standing);
    page(&Overview { ui, caution, title, nodes, laid, all, next, e, published })
}

/// Flattens the tree; a root without a title is not shown itself.
fn lines(
    node: &Requirement,
    depth: usize,
    e: &EnrollmentRow,
    submissions: &[submission::SubmissionRow],
    out: &mut Vec<Node>,
) {
    let (kind, count, minutes) = match node {
        Requirement::All { .. } => ("all", 0, 0),
        Requirement::AtLeast { count, .. } => ("at-least", *count, 0),
        Requirement::Module { minutes, .. } => ("module", 0, *minutes),
        Requirement::Assessment { .. } => ("assessment", 0, 0),
        Requirement::Project { minutes, .. } => ("project", 0, *minutes),
        Requirement::ExternalCertificate { .. } => ("external-certificate", 0, 0),
        Requirement::PriorCredential { .. } => ("prior-credential", 0, 0),
        Requirement::Hours { hours, .. } => ("hours", 0, hours * 60),
        Requirement::Attestation { .. } => ("attestation", 0, 0),
    };
    let is_root = depth == 0 && node.is_group();
    if !is_root {
        let state =
            submissions.iter().find(|s| s.requirement == node.id()).map_or("", |s| s.inner.state.name());
        let link = if node.is_group() {
            String::new()
        } else {
            format!("/enrollments/{}/requirements/{}", e.id, node.id())
        };
        let met = node.is_met(&e.progress);
        out.push(Node { depth, kind, title: node.title().to_owned(), count, link, met, state, minutes });
    }
    for part in node.parts() {
        lines(part, depth + usize::from(!is_root), e, submissions, out);
    }
}

#[derive(Template)]
#[template(path = "enrollment/module.html")]
struct Module {
    ui: Ui,
    e: EnrollmentRow,
    title: String,
    leaf: String,
    name: String,
    text: String,
    minutes: u32,
    met: bool,
}

/// One question as the page shows it; right answers only after a pass.
struct QuestionView<'a> {
    item: &'a Item,
    prompt: String,
    choices: Vec<String>,
    multiple: bool,
    unit: String,
    numeric: bool,
    answered: Answer,
    right: Option<bool>,
    explanation: String,
}

#[derive(Template)]
#[template(path = "enrollment/quiz.html")]
struct Quiz<'a> {
    ui: Ui,
    e: EnrollmentRow,
    title: String,
    leaf: String,
    name: String,
    introduction: String,
    questions: Vec<QuestionView<'a>>,
    pass_percent: u8,
    attempts: u32,
    last: Option<Attempt>,
    open: bool,
    left: u32,
    met: bool,
}

#[derive(Template)]
#[template(path = "enrollment/prior.html")]
struct Prior {
    ui: Ui,
    e: EnrollmentRow,
    title: String,
    leaf: String,
    name: String,
    wanted: String,
    met: bool,
}

pub(super) async fn requirement(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (e, published) = find(&mut conn, &actor, id.parse()?).await?;
    let definition = published.definition.clone();
    let requirement = definition.requirement.leaf(&leaf).ok_or(Error::NotFound)?;
    let title = definition.in_language(ui.language).title.to_owned();
    let met = e.progress.contains_key(&leaf);
    let name = requirement.title().to_owned();
    match requirement {
        Requirement::Module { text, minutes, .. } => {
            page(&Module { ui, e, title, leaf, name, text: markdown(text), minutes: *minutes, met })
        }
        Requirement::Assessment { items, introduction, pass_percent, attempts, .. } => {
            let tries = enrollment::attempts_of(&mut conn, &e, &leaf).await?;
            let used = enrollment::used_attempts(&mut conn, &e, &leaf).await?;
            let open = e.state == Standing::Active && may_attempt(requirement, &e.progress, used).is_ok();
            let questions = items.iter().map(|item| asked(item, tries.first(), met)).collect();
            let left = attempts.saturating_sub(used);
            let introduction = markdown(introduction);
            page(&Quiz {
                questions,
                pass_percent: *pass_percent,
                attempts: *attempts,
                last: tries.into_iter().next(),
                ui,
                e,
                title,
                leaf,
                name,
                introduction,
                open,
                left,
                met,
            })
        }
        Requirement::PriorCredential { achievement, .. } => {
            page(&Prior { ui, e, title, leaf, name, wanted: achievement.replace('/', "."), met })
        }
        _ => hand_in_page(&mut conn, ui, &e, &published, requirement, Refused::default()).await,
    }
}

/// What the browser gets of a question. Which choice is right never leaves the
/// server before the quiz is passed.
fn asked<'a>(item: &'a Item, last: Option<&Attempt>, met: bool) -> QuestionView<'a> {
    let (choices, multiple, numeric, unit) = match &item.question {
        Question::Single { choices } => {
            (choices.iter().map(|c| c.text.clone()).collect(), false, false, String::new())
        }
        Question::Multiple { choices } => {
            (choices.iter().map(|c| c.text.clone()).collect(), true, false, String::new())
        }
        Question::Number { unit, .. } => (vec![], false, true, unit.clone()),
        Question::Text { .. } => (vec![], false, false, String::new()),
    };
    let answered = last
        .and_then(|a| a.responses.iter().find(|r| r.item == item.id).cloned())
        .unwrap_or_else(|| Answer { item: item.id.clone(), ..Answer::default() });
    let right =
        last.and_then(|a| a.grade.items.iter().find(|g| g.item == item.id)).map(|g| g.points == g.maximum);
    let explanation = if met { markdown(&item.explanation) } else { String::new() };
    QuestionView {
        item,
        prompt: markdown(&item.prompt),
        choices,
        multiple,
        unit,
        numeric,
        answered,
        right,
        explanation,
    }
}

/// Where to go after something was met: to the badge when it was the last thing.
fn onward(ui: &Ui, id: EnrollmentId, issued: Option<Issuance>, said: &str) -> Response {
    match issued {
        Some(issued) => {
            let said = if issued.is_new() { "enrollment-awarded" } else { "awarding-had-it" };
            see_saying(&format!("/c/{}", issued.credential), &ui.t(said))
        }
        None => see_saying(&format!("/enrollments/{id}"), &ui.t(said)),
    }
}

pub(super) async fn read(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    let issued = enrollment::read_module(&app, &actor, id, &leaf).await?;
    Ok(onward(&ui, id, issued, "enrollment-module-done"))
}

pub(super) async fn use_badge(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    let issued = enrollment::use_badge(&app, &actor, id, &leaf).await?;
    Ok(onward(&ui, id, issued, "enrollment-badge-done"))
}

/// Fields are named `choice-ITEM` (positions) and `text-ITEM`.
pub(super) async fn attempt(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    let (grade, issued) = enrollment::answer(&app, &actor, id, &leaf, responses(&fields)).await?;
    if grade.passed {
        return Ok(onward(&ui, id, issued, "enrollment-quiz-passed"));
    }
    let said = ui.t1("enrollment-quiz-failed", "percent", grade.percent);
    Ok(see_warning(&format!("/enrollments/{id}/requirements/{leaf}"), &said))
}

fn responses(fields: &Fields) -> Vec<Answer> {
    let (mut out, mut places): (Vec<Answer>, HashMap<&str, usize>) = (vec![], HashMap::new());
    for (name, value) in fields.iter() {
        let Some((kind, item)) = name.split_once('-') else { continue };
        if !matches!(kind, "choice" | "text") {
            continue;
        }
        let at = *places.entry(item).or_insert_with(|| {
            out.push(Answer { item: item.to_owned(), ..Answer::default() });
            out.len() - 1
        });
        match (kind, value.parse::<usize>()) {
            ("choice", Ok(position)) => out[at].chosen.push(position),
            ("text", _) => out[at].text = value.chars().take(500).collect(),
            _ => {}
        }
    }
    out
}

pub(super) async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response> {
    enrollment::withdraw(&app, &actor, id.parse()?).await?;
    Ok(see("/desk"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::fields::form;
    use cairn_domain::assessment::grade;
    use cairn_value::steps::is_linear;

    #[test]
    fn an_attempt_is_read_and_graded_in_one_go() {
        for names in [&["choice-q#", "text-q#"][..], &["choice-q1"], &["x#"]] {
            is_linear(600, |n| form(n, names), |fields| grade(&[], &responses(&fields), 70));
        }
    }
}
