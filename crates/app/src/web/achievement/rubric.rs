//! The rubric of a project: criteria and levels, added and taken away by
//! buttons, also without scripts.

use super::frame::{Frame, SaveOutcome, keep, read};
use crate::http::problem::Result;
use crate::http::reader::name_fault;
use crate::http::{Errors, Fields};
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_domain::achievement::Definition;
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::{Criterion, Level, Rubric};
use cairn_value::slug::slug as slug_of;

/// A level as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
struct LevelRow {
    title: String,
    points: String,
    description: String,
}

/// A criterion as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
struct CriterionRow {
    id: String,
    title: String,
    description: String,
    required: String,
    levels: Vec<LevelRow>,
}

#[derive(Template)]
#[template(path = "achievement/rubric.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    leaf: String,
    leaf_title: String,
    pass: String,
    criteria: Vec<CriterionRow>,
    errors: Errors,
}

impl Page {
    fn error(&self, criterion: usize, field: &str) -> String {
        self.errors.of(&format!("c{criterion}-{field}")).to_owned()
    }

    fn level_title_error(&self, criterion: usize, level: usize) -> String {
        self.errors.of(&format!("c{criterion}-l{level}-title")).to_owned()
    }

    fn level_error(&self, criterion: usize, level: usize) -> String {
        self.errors.of(&format!("c{criterion}-l{level}-points")).to_owned()
    }
}

type Place = Path<(String, String, String)>;

fn rubric_of<'a>(definition: &'a Definition, leaf: &str) -> Result<(&'a str, &'a Rubric)> {
    match definition.requirement.node(leaf) {
        Some(Requirement::Project { title, rubric, .. }) => Ok((title, rubric)),
        _ => Err(Error::NotFound.into()),
    }
}

fn rows_of(rubric: &Rubric) -> Vec<CriterionRow> {
    let level = |l: &Level| LevelRow {
        title: l.title.clone(),
        points: l.points.to_string(),
        description: l.description.clone(),
    };
    let criterion = |c: &Criterion| CriterionRow {
        id: c.id.clone(),
        title: c.title.clone(),
        description: c.description.clone(),
        required: c.required_points.to_string(),
        levels: c.levels.iter().map(level).collect(),
    };
    rubric.criteria.iter().map(criterion).collect()
}

/// A criterion to fill in, with four levels.
fn blank(ui: &Ui) -> CriterionRow {
    let level = |points: usize| LevelRow {
        title: ui.t(format!("achievement-level-{points}")),
        points: points.to_string(),
        description: String::new(),
    };
    CriterionRow { required: "0".into(), levels: (0..4).map(level).collect(), ..CriterionRow::default() }
}

/// What was typed: `c0-title`, `c0-l1-points` …
fn rows_sent(f: &Fields) -> Vec<CriterionRow> {
    let has = |name: &str| f.sent(name);
    let level = |c: usize, l: usize| LevelRow {
        title: f.trimmed(&format!("c{c}-l{l}-title")),
        points: f.trimmed(&format!("c{c}-l{l}-points")),
        description: f.trimmed(&format!("c{c}-l{l}-description")),
    };
    let levels =
        |c: usize| (0..20).take_while(|l| has(&format!("c{c}-l{l}-title"))).map(|l| level(c, l)).collect();
    (0..50)
        .take_while(|c| has(&format!("c{c}-title")))
        .map(|c| CriterionRow {
            id: f.trimmed(&format!("c{c}-id")),
            title: f.trimmed(&format!("c{c}-title")),
            description: f.trimmed(&format!("c{c}-description")),
            required: f.trimmed(&format!("c{c}-required")),
            levels: levels(c),
        })
        .collect()
}

/// Does what a button other than “save” asks; false when it was “save”.
fn change_rows(rows: &mut Vec<CriterionRow>, f: &Fields, ui: &Ui) -> bool {
    let parts: Vec<&str> = f.get("do").split('-').collect();
    let number = |at: usize| parts.get(at).and_then(|p| p.parse::<usize>().ok());
    match (parts.first().copied(), parts.get(1).copied(), number(2)) {
        (Some("add"), Some("criterion"), _) => rows.push(blank(ui)),
        (Some("remove"), Some("criterion"), Some(c)) if c < rows.len() => {
            rows.remove(c);
        }
        (Some("add"), Some("level"), Some(c)) if c < rows.len() => {
            let points = rows[c].levels.len().to_string();
            rows[c].levels.push(LevelRow { points, ..LevelRow::default() });
        }
        (Some("remove"), Some("level"), Some(c)) if c < rows.len() => {
            if let Some(l) = number(3).filter(|l| *l < rows[c].levels.len()) {
                rows[c].levels.remove(l);
            }
        }
        _ => return false,
    }
    true
}

/// The rubric that was typed, and what is wrong with it.
fn read_rubric(rows: &[CriterionRow], pass: &str, ui: &Ui) -> (Rubric, Errors) {
    let mut errors = Errors::default();
    let mut number = |field: String, text: &str| {
        text.parse::<u32>().ok().filter(|n| *n <= 10_000).unwrap_or_else(|| {
            errors.put(&field, ui.t("form-error-number"));
            0
        })
    };
    let mut criteria: Vec<Criterion> = vec![];
    for (c, row) in rows.iter().enumerate() {
        let level = |(l, level): (usize, &LevelRow)| Level {
            title: level.title.clone(),
            points: number(format!("c{c}-l{l}-points"), &level.points),
            description: level.description.clone(),
        };
        let levels = row.levels.iter().enumerate().map(level).collect();
        let required = if row.required.is_empty() { "0" } else { &row.required };
        let required_points = number(format!("c{c}-required"), required);
        let id = free_id(row, &criteria);
        let (title, description) = (row.title.clone(), row.description.clone());
        criteria.push(Criterion { id, title, description, levels, required_points });
    }
    let pass_points = number("pass".into(), if pass.is_empty() { "0" } else { pass });
    for (c, row) in rows.iter().enumerate() {
        if row.title.is_empty() {
            errors.put(&format!("c{c}-title"), ui.t("form-error-empty"));
        }
        let levels =
            row.levels.iter().enumerate().map(|(l, level)| (format!("c{c}-l{l}-title"), &level.title));
        for (field, title) in [(format!("c{c}-title"), &row.title)].into_iter().chain(levels) {
            if let Some(fault) = name_fault(title) {
                errors.put(&field, ui.refusal(fault));
            }
        }
    }
    (Rubric { criteria, pass_points }, errors)
}

/// A criterion keeps its id; a new one gets one from its title.
fn free_id(row: &CriterionRow, before: &[Criterion]) -> String {
    let wanted = if row.id.is_empty() { slug_of(&row.title) } else { row.id.clone() };
    let wanted = if wanted.is_empty() { "criterion".to_owned() } else { wanted };
    let taken = |id: &str| before.iter().any(|c| c.id == id);
    if !taken(&wanted) {
        return wanted;
    }
    (2..=1000).map(|n| format!("{wanted}-{n}")).find(|id| !taken(id)).unwrap_or(wanted)
}

/// Shows the rubric.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, leaf)): Place,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "requirements", &ui);
    let (title, rubric) = rubric_of(&editing.definition, &leaf)?;
    let mut criteria = rows_of(rubric);
    if criteria.is_empty() {
        criteria.push(blank(&ui));
    }
    let (leaf_title, pass) = (title.to_owned(), rubric.pass_points.to_string());
    page(&Page { ui, frame, leaf, leaf_title, pass, criteria, errors: Errors::default() })
}

/// Saves the rubric, or adds and removes criteria and levels.
pub async fn save(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, leaf)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "requirements", &ui);
    let leaf_title = rubric_of(&editing.definition, &leaf)?.0.to_owned();
    let (mut criteria, pass) = (rows_sent(&form), form.trimmed("pass"));
    let stale = Frame { version: form.version(), ..frame.clone() };
    if change_rows(&mut criteria, &form, &ui) {
        let errors = Errors::default();
        return page(&Page { ui, frame: stale, leaf, leaf_title, pass, criteria, errors });
    }
    let (new, errors) = read_rubric(&criteria, &pass, &ui);
    if !errors.is_empty() {
        let shown = Page { ui, frame: stale, leaf, leaf_title, pass, criteria, errors };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let mut mine = editing.definition.clone();
    if let Some(Requirement::Project { rubric, .. }) = mine.requirement.node_mut(&leaf) {
        *rubric = new;
    }
    match keep(&app, &actor, &editing, form.version(), &mine).await? {
        SaveOutcome::Saved => {
            let path = format!("{}/requirements/{leaf}", editing.path());
            Ok(see_saying(&path, &ui.t("achievement-saved")))
        }
        SaveOutcome::Conflict => {
            let frame = frame.conflicting(&editing.definition, &mine, &ui);
            let (status, errors) = (frame.status(), Errors::default());
            page_with(status, &Page { ui, frame, leaf, leaf_title, pass, criteria, errors })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::fields::form;
    use cairn_value::steps::is_linear;

    #[test]
    fn a_rubric_is_read_in_one_go() {
        for names in [&["c#-title", "c#-id"][..], &["c0-title", "c0-l#-title"], &["x#"]] {
            is_linear(600, |n| form(n, names), |fields| rows_sent(&fields));
        }
    }
}
