//! The plain sections' pages: shown, saved, and shown again with what was typed
//! when something is wrong or somebody else was quicker.

use super::form::{Section, fill_skills, other_language, skill_rows};
use super::frame::{Frame, SaveOutcome, keep, read};
use crate::http::problem::Result;
use crate::http::{Errors, Fields};
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_domain::achievement::{
    AssessmentType, Definition, Field, Participation, Programme, RenewalRule, SkillLink, Supervision,
};

#[derive(Template)]
#[template(path = "achievement/section.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    section: Section,
    form: Fields,
    errors: Errors,
    /// Rows of skills.
    skills: Vec<SkillLink>,
    /// Of the translation, and what is translated.
    other: &'static str,
    own: Definition,
}

impl Page {
    fn new(ui: Ui, frame: Frame, section: Section, form: Fields, own: Definition) -> Self {
        let mut skills = if section == Section::Skills { skill_rows(&form) } else { vec![] };
        if skills.is_empty() {
            skills.push(SkillLink::default());
        }
        Self { ui, frame, section, form, errors: Errors::default(), skills, other: other_language(&own), own }
    }
}

/// A row of the skills form.
struct Row {
    at: usize,
    number: usize,
    cells: Vec<Cell>,
}

struct Cell {
    name: &'static str,
    id: String,
    value: String,
    error: String,
}

impl Page {
    fn rows(&self) -> Vec<Row> {
        let cell = |name: &'static str, at: usize, value: &str| {
            let id = format!("{name}-{at}");
            Cell { name, value: value.to_owned(), error: self.errors.of(&id).to_owned(), id }
        };
        let row = |(at, skill): (usize, &SkillLink)| Row {
            at,
            number: at + 1,
            cells: vec![
                cell("name", at, &skill.name),
                cell("framework", at, &skill.framework),
                cell("url", at, &skill.url),
            ],
        };
        self.skills.iter().enumerate().map(row).collect()
    }
}

type Place = Path<(String, String, String)>;

/// Shows a section.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, section)): Place,
) -> Result<Response> {
    let section = Section::parse(&section).ok_or(Error::NotFound)?;
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, section.name(), &ui);
    let form = section.fill(&editing.definition);
    page(&Page::new(ui, frame, section, form, editing.definition))
}

/// Saves a section, or adds and removes rows of skills.
pub async fn save(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, section)): Place,
    Form(mut fields): Form<Fields>,
) -> Result<Response> {
    let section = Section::parse(&section).ok_or(Error::NotFound)?;
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, section.name(), &ui);
    if section == Section::Skills && change_rows(&mut fields) {
        // the version that the form was opened on stays in it
        let frame = Frame { version: fields.version(), ..frame };
        return page(&Page::new(ui, frame, section, fields, editing.definition));
    }
    let mut mine = editing.definition.clone();
    let errors = section.apply(&mut mine, &fields, &ui);
    if !errors.is_empty() {
        let frame = Frame { version: fields.version(), ..frame };
        let shown = Page { errors, ..Page::new(ui, frame, section, fields, editing.definition) };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    match keep(&app, &actor, &editing, fields.version(), &mine).await? {
        SaveOutcome::Saved => {
            let path = format!("{}/{}", editing.path(), section.name());
            Ok(see_saying(&path, &ui.t("achievement-saved")))
        }
        SaveOutcome::Conflict => {
            let frame = frame.conflicting(&editing.definition, &mine, &ui);
            let status = frame.status();
            page_with(status, &Page::new(ui, frame, section, fields, editing.definition))
        }
    }
}

/// Does what an “add” or “remove” button asks; false when it was another button.
fn change_rows(fields: &mut Fields) -> bool {
    let mut rows = skill_rows(fields);
    if fields.get("do") == "add" {
        rows.push(SkillLink::default());
    } else if let Some(at) = fields.pressed("remove").filter(|at| *at < rows.len()) {
        rows.remove(at);
    } else {
        return false;
    }
    let version = fields.version();
    let mut changed = Fields::default();
    changed.put("version", version.to_string());
    fill_skills(&mut changed, &rows);
    *fields = changed;
    true
}
