//! One node of the tree on its own page: title, texts, numbers, and the ways to
//! its questions or its rubric.

use super::frame::{Frame, SaveOutcome, keep, read};
use super::tree::word;
use crate::http::problem::Result;
use crate::http::{Errors, Fields, Reader};
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::published::find_current;
use cairn_domain::achievement::Definition;
use cairn_domain::requirement::Requirement;
use cairn_platform::markdown::plain;

/// A question in the list of a quiz.
struct Line {
    id: String,
    prompt: String,
    kind: String,
    points: u32,
}

#[derive(Template)]
#[template(path = "achievement/leaf.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    id: String,
    kind: &'static str,
    word: String,
    title: String,
    form: Fields,
    errors: Errors,
    lines: Vec<Line>,
    /// Criteria of a rubric, and its most points.
    rubric: (usize, u32),
}

type Place = Path<(String, String, String)>;

fn shown(ui: Ui, frame: Frame, node: &Requirement, form: Fields, errors: Errors) -> Page {
    let (lines, rubric) = match node {
        Requirement::Assessment { items, .. } => {
            let line = |item: &cairn_domain::assessment::Item| Line {
                id: item.id.clone(),
                prompt: plain(&item.prompt).chars().take(120).collect(),
                kind: ui.word("achievement-item", super::quiz::kind_of(&item.question)),
                points: item.points,
            };
            (items.iter().map(line).collect(), (0, 0))
        }
        Requirement::Project { rubric, .. } => (vec![], (rubric.criteria.len(), rubric.maximum())),
        _ => (vec![], (0, 0)),
    };
    Page {
        id: node.id().to_owned(),
        kind: node.kind(),
        word: word(node, &ui),
        title: node.title().to_owned(),
        form,
        errors,
        lines,
        rubric,
        frame,
        ui,
    }
}

/// The form of a node, filled.
fn fill(node: &Requirement) -> Fields {
    let mut f = Fields::default();
    f.put("title", node.title());
    f.put("brief", node.brief());
    match node {
        Requirement::All { .. } => f.put("rule", "all"),
        Requirement::AtLeast { count, .. } => {
            f.put("rule", "at-least");
            f.put("count", count.to_string());
        }
        Requirement::Module { minutes, .. } | Requirement::Project { minutes, .. } => {
            f.put("minutes", minutes.to_string());
        }
        Requirement::Assessment { pass_percent, attempts, .. } => {
            f.put("pass_percent", pass_percent.to_string());
            f.put("attempts", attempts.to_string());
        }
        Requirement::Hours { hours, .. } => f.put("hours", hours.to_string()),
        Requirement::PriorCredential { achievement, .. } => f.put("achievement", achievement),
        Requirement::ExternalCertificate { .. } | Requirement::Attestation { .. } => {}
    }
    f
}

/// Reads the form into the node.
fn apply(node: &mut Requirement, r: &mut Reader<'_>) {
    let new_title = if node.is_group() { r.name("title", 200) } else { r.needed_name("title", 200) };
    if node.is_group() {
        return apply_group(node, new_title, r);
    }
    let new_brief = r.words("brief", 200_000);
    match node {
        Requirement::All { .. } | Requirement::AtLeast { .. } => {}
        Requirement::Module { title, text, minutes, .. } => {
            (*title, *text, *minutes) = (new_title, new_brief, r.whole("minutes", 0..=100_000));
        }
        Requirement::Assessment { title, introduction, pass_percent, attempts, .. } => {
            (*title, *introduction) = (new_title, new_brief);
            *pass_percent = u8::try_from(r.whole("pass_percent", 1..=100)).unwrap_or(100);
            *attempts = r.whole("attempts", 0..=1000);
        }
        Requirement::Project { title, brief, minutes, .. } => {
            (*title, *brief, *minutes) = (new_title, new_brief, r.whole("minutes", 0..=100_000));
        }
        Requirement::Hours { title, brief, hours, .. } => {
            (*title, *brief, *hours) = (new_title, new_brief, r.whole("hours", 1..=10_000));
        }
        Requirement::PriorCredential { title, achievement, .. } => {
            *title = new_title;
            *achievement = r.needed("achievement", 130).replacen('.', "/", 1);
        }
        Requirement::ExternalCertificate { title, brief, .. }
        | Requirement::Attestation { title, brief, .. } => {
            (*title, *brief) = (new_title, new_brief);
        }
    }
}

/// A group may change its rule and keeps its parts.
fn apply_group(node: &mut Requirement, title: String, r: &mut Reader<'_>) {
    let id = node.id().to_owned();
    let parts = node.parts().to_vec();
    *node = if r.fields.get("rule") == "at-least" {
        let most = u32::try_from(parts.len().max(1)).unwrap_or(u32::MAX);
        let count = r.whole("count", 1..=most);
        Requirement::AtLeast { id, title, count, parts }
    } else {
        Requirement::All { id, title, parts }
    };
}

/// Shows a node.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, id)): Place,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let node = editing.definition.requirement.node(&id).ok_or(Error::NotFound)?;
    let frame = Frame::of(&editing, "requirements", &ui);
    page(&shown(ui, frame, node, fill(node), Errors::default()))
}

/// Saves a node.
pub async fn save(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug, id)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "requirements", &ui);
    let mut mine = editing.definition.clone();
    let node = mine.requirement.node_mut(&id).ok_or(Error::NotFound)?;
    let mut reader = Reader::new(&form, &ui);
    apply(node, &mut reader);
    let mut errors = reader.errors;
    if let Requirement::PriorCredential { achievement, .. } = node {
        check_prior(&app, achievement, &editing.key(), &ui, &mut errors).await?;
    }
    if !errors.is_empty() {
        let frame = Frame { version: form.version(), ..frame };
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(ui, frame, &node.clone(), form, errors));
    }
    match keep(&app, &actor, &editing, form.version(), &mine).await? {
        SaveOutcome::Saved => {
            let path = format!("{}/requirements/{id}", editing.path());
            Ok(see_saying(&path, &ui.t("achievement-saved")))
        }
        SaveOutcome::Conflict => {
            let frame = frame.conflicting(&editing.definition, &mine, &ui);
            let (status, node) = (frame.status(), found(&mine, &id)?);
            page_with(status, &shown(ui, frame, node, form, Errors::default()))
        }
    }
}

fn found<'a>(definition: &'a Definition, id: &str) -> Result<&'a Requirement> {
    definition.requirement.node(id).ok_or(Error::NotFound.into())
}

/// Another micro-credential that is asked for must be there, and not be this one.
async fn check_prior(app: &App, wanted: &str, own: &str, ui: &Ui, errors: &mut Errors) -> Result<()> {
    let key = wanted.replacen('/', ".", 1);
    if wanted.is_empty() {
        return Ok(());
    }
    if key == own {
        errors.put("achievement", ui.t("achievement-error-prior-own"));
        return Ok(());
    }
    let mut conn = app.db.read().await?;
    match find_current(&mut conn, &key).await {
        Ok(_) => {}
        Err(Error::NotFound) => errors.put("achievement", ui.t("achievement-error-prior")),
        Err(other) => return Err(other.into()),
    }
    Ok(())
}
