//! The questions of a quiz, each on its own page; answers are added and taken
//! away by buttons, also without scripts.

use super::frame::{Frame, SaveOutcome, keep, read};
use crate::http::problem::Result;
use crate::http::{Errors, Fields, Reader};
use crate::http::{SignedIn, Ui, page, page_with, see, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_domain::achievement::Definition;
use cairn_domain::assessment::{Choice, Item, Question};
use cairn_domain::requirement::Requirement;
use std::collections::HashSet;

/// The stable name of a kind of question.
pub fn kind_of(question: &Question) -> &'static str {
    match question {
        Question::Single { .. } => "single",
        Question::Multiple { .. } => "multiple",
        Question::Number { .. } => "number",
        Question::Text { .. } => "text",
    }
}

#[derive(Template)]
#[template(path = "achievement/item.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    leaf: String,
    quiz_title: String,
    item: String,
    number: usize,
    kind: &'static str,
    form: Fields,
    errors: Errors,
    choices: Vec<Choice>,
}

impl Page {
    /// Choices with their places.
    fn rows(&self) -> Vec<(usize, usize, &Choice)> {
        self.choices.iter().enumerate().map(|(i, c)| (i, i + 1, c)).collect()
    }
}

type Leaf = Path<(String, String, String)>;
type Place = Path<(String, String, String, String)>;

fn items_mut<'a>(definition: &'a mut Definition, leaf: &str) -> Result<&'a mut Vec<Item>> {
    match definition.requirement.node_mut(leaf) {
        Some(Requirement::Assessment { items, .. }) => Ok(items),
        _ => Err(Error::NotFound.into()),
    }
}

fn items<'a>(definition: &'a Definition, leaf: &str) -> Result<(&'a str, &'a [Item])> {
    match definition.requirement.node(leaf) {
        Some(Requirement::Assessment { title, items, .. }) => Ok((title, items)),
        _ => Err(Error::NotFound.into()),
    }
}

/// Adds, moves or removes a question.
pub async fn change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((org, slug, leaf)): Leaf,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let mut mine = editing.definition.clone();
    let items = items_mut(&mut mine, &leaf)?;
    let (what, id) = form.get("do").split_once(':').ok_or(Error::NotFound)?;
    let base = format!("{}/requirements/{leaf}", editing.path());
    let mut next = base.clone();
    if what == "add" {
        let item = blank(id, items).ok_or(Error::NotFound)?;
        next = format!("{base}/items/{}", item.id);
        items.push(item);
    } else {
        let at = items.iter().position(|i| i.id == id).ok_or(Error::NotFound)?;
        match what {
            "up" if at > 0 => items.swap(at, at - 1),
            "down" if at + 1 < items.len() => items.swap(at, at + 1),
            "remove" => {
                items.remove(at);
            }
            _ => {}
        }
    }
    match keep(&app, &actor, &editing, form.version(), &mine).await? {
        SaveOutcome::Saved => Ok(see(&next)),
        // a button carries no text that could be lost
        SaveOutcome::Conflict => Err(Error::Conflict("achievement-stale".into()).into()),
    }
}

fn blank(kind: &str, items: &[Item]) -> Option<Item> {
    let choices = vec![Choice { text: String::new(), correct: false, feedback: String::new() }; 3];
    let question = match kind {
        "single" => Question::Single { choices },
        "multiple" => Question::Multiple { choices },
        "number" => Question::Number { answer: 0.0, tolerance: 0.0, unit: String::new() },
        "text" => Question::Text { answers: vec![] },
        _ => return None,
    };
    let taken: HashSet<&str> = items.iter().map(|i| i.id.as_str()).collect();
    let id = (1..=10_000).map(|n| format!("q{n}")).find(|id| !taken.contains(id.as_str()))?;
    Some(Item { id, prompt: String::new(), points: 1, explanation: String::new(), question })
}

/// The form of a question, filled.
fn fill(item: &Item) -> Fields {
    let mut f = Fields::default();
    f.put("prompt", &item.prompt);
    f.put("points", item.points.to_string());
    f.put("explanation", &item.explanation);
    match &item.question {
        Question::Single { choices } | Question::Multiple { choices } => fill_choices(&mut f, choices),
        Question::Number { answer, tolerance, unit } => {
            f.put("answer", answer.to_string());
            f.put("tolerance", tolerance.to_string());
            f.put("unit", unit);
        }
        Question::Text { answers } => f.put("answers", answers.join("\n")),
    }
    f
}

fn fill_choices(f: &mut Fields, choices: &[Choice]) {
    for (i, choice) in choices.iter().enumerate() {
        f.put("choice", &choice.text);
        f.put("feedback", &choice.feedback);
        if choice.correct {
            f.put("correct", i.to_string());
        }
    }
}

/// The choices as they were sent, empty ones too.
fn choices(f: &Fields) -> Vec<Choice> {
    let (feedback, correct) = (f.all("feedback"), f.all("correct"));
    let correct: HashSet<&str> = correct.into_iter().collect();
    let choice = |(i, text): (usize, &&str)| Choice {
        text: text.trim().to_owned(),
        correct: correct.contains(i.to_string().as_str()),
        feedback: feedback.get(i).map_or_else(String::new, |t| t.trim().to_owned()),
    };
    f.all("choice").iter().take(50).enumerate().map(choice).collect()
}

/// Reads the form into the question.
fn apply(item: &mut Item, r: &mut Reader<'_>) {
    item.prompt = r.needed("prompt", 5000);
    item.points = r.whole("points", 1..=1000);
    item.explanation = r.words("explanation", 5000);
    match &mut item.question {
        Question::Single { choices: kept } => {
            *kept = said(r.fields);
            if kept.len() < 2 {
                r.wrong("choice-0", "achievement-error-choices");
            } else if kept.iter().filter(|c| c.correct).count() != 1 {
                r.wrong("choice-0", "achievement-error-one-right");
            }
        }
        Question::Multiple { choices: kept } => {
            *kept = said(r.fields);
            if kept.len() < 2 {
                r.wrong("choice-0", "achievement-error-choices");
            } else if !kept.iter().any(|c| c.correct) {
                r.wrong("choice-0", "achievement-error-some-right");
            }
        }
        Question::Number { answer, tolerance, unit } => {
            match r.optional::<f64>("answer") {
                Some(number) if number.is_finite() => *answer = number,
                _ if r.errors.of("answer").is_empty() => r.wrong("answer", "form-error-number"),
                _ => {}
            }
            *tolerance = r.optional::<f64>("tolerance").unwrap_or(0.0).abs();
            *unit = r.name("unit", 20);
        }
        Question::Text { answers } => {
            *answers = r.fields.lines("answers");
            if answers.is_empty() {
                r.wrong("answers", "form-error-empty");
            }
        }
    }
}

fn said(f: &Fields) -> Vec<Choice> {
    choices(f).into_iter().filter(|c| !c.text.is_empty()).collect()
}

fn shown(
    ui: Ui,
    frame: Frame,
    definition: &Definition,
    (leaf, id): (&str, &str),
    form: Fields,
    errors: Errors,
) -> Result<Page> {
    let (quiz_title, items) = items(definition, leaf)?;
    let at = items.iter().position(|i| i.id == id).ok_or(Error::NotFound)?;
    Ok(Page {
        leaf: leaf.to_owned(),
        quiz_title: quiz_title.to_owned(),
        item: id.to_owned(),
        number: at + 1,
        kind: kind_of(&items[at].question),
        choices: choices(&form),
        form,
        errors,
        frame,
        ui,
    })
}

/// Shows a question.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, leaf, id)): Place,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "requirements", &ui);
    let (_, items) = items(&editing.definition, &leaf)?;
    let form = fill(items.iter().find(|i| i.id == id).ok_or(Error::NotFound)?);
    page(&shown(ui, frame, &editing.definition, (&leaf, &id), form, Errors::default())?)
}

/// Saves a question, or adds and removes answers.
pub async fn save(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, leaf, id)): Place,
    Form(mut form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "requirements", &ui);
    let stale = Frame { version: form.version(), ..frame.clone() };
    if change_rows(&mut form) {
        return page(&shown(ui, stale, &editing.definition, (&leaf, &id), form, Errors::default())?);
    }
    let mut mine = editing.definition.clone();
    let item = items_mut(&mut mine, &leaf)?.iter_mut().find(|i| i.id == id).ok_or(Error::NotFound)?;
    let mut reader = Reader::new(&form, &ui);
    apply(item, &mut reader);
    let errors = reader.errors;
    if !errors.is_empty() {
        let shown = shown(ui, stale, &editing.definition, (&leaf, &id), form, errors)?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    match keep(&app, &actor, &editing, form.version(), &mine).await? {
        SaveOutcome::Saved => {
            let path = format!("{}/requirements/{leaf}", editing.path());
            Ok(see_saying(&path, &ui.t("achievement-saved")))
        }
        SaveOutcome::Conflict => {
            let frame = frame.conflicting(&editing.definition, &mine, &ui);
            let status = frame.status();
            page_with(status, &shown(ui, frame, &mine, (&leaf, &id), form, Errors::default())?)
        }
    }
}

/// Does what an “add” or “remove” button asks; false when it was another button.
fn change_rows(form: &mut Fields) -> bool {
    let mut rows = choices(form);
    if form.get("do") == "add" {
        rows.push(Choice { text: String::new(), correct: false, feedback: String::new() });
    } else if let Some(at) = form.pressed("remove").filter(|at| *at < rows.len()) {
        rows.remove(at);
    } else {
        return false;
    }
    form.remove(&["choice", "feedback", "correct"]);
    fill_choices(form, &rows);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::fields::form;
    use cairn_value::steps::is_linear;

    #[test]
    fn a_question_is_read_in_one_go() {
        for names in [&["choice", "feedback", "correct"][..], &["correct"], &["x#"]] {
            let make = |n| {
                let mut fields = form(n, names);
                fields.put("do", "add");
                fields
            };
            is_linear(600, make, |mut fields| change_rows(&mut fields));
        }
    }
}
