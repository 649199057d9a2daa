//! The requirement tree: seen whole; nodes added, moved, removed.

use super::frame::{Frame, SaveOutcome, keep, read};
use crate::http::problem::Result;
use crate::http::reader::name_fault;
use crate::http::{Errors, Fields};
use crate::http::{SignedIn, Ui, page, page_with, see, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_domain::outline::{KINDS, Way, blank};
use cairn_domain::requirement::Requirement;

/// A node as it is drawn, with what is under it.
#[derive(Template)]
#[template(path = "achievement/branch.html")]
struct Branch {
    ui: Ui,
    base: String,
    id: String,
    word: String,
    title: String,
    facts: String,
    is_root: bool,
    is_first: bool,
    is_last: bool,
    parts: Vec<Branch>,
}

#[derive(Template)]
#[template(path = "achievement/requirements.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    tree: Branch,
    /// Id and words of each group, to put something into.
    groups: Vec<(String, String)>,
    form: Fields,
    errors: Errors,
}

type Place = Path<(String, String)>;

fn shown(ui: Ui, frame: Frame, root: &Requirement, form: Fields, errors: Errors) -> Page {
    let mut groups = vec![];
    collect_groups(root, &ui, 0, &mut groups);
    Page { tree: branch(root, &ui, &frame.base, None), groups, form, errors, frame, ui }
}

fn branch(node: &Requirement, ui: &Ui, base: &str, place: Option<(usize, usize)>) -> Branch {
    let parts = node.parts();
    Branch {
        id: node.id().to_owned(),
        word: word(node, ui),
        title: node.title().to_owned(),
        facts: facts(node, ui),
        is_root: place.is_none(),
        is_first: place.is_none_or(|(at, _)| at == 0),
        is_last: place.is_none_or(|(at, all)| at + 1 == all),
        parts: parts.iter().enumerate().map(|(i, p)| branch(p, ui, base, Some((i, parts.len())))).collect(),
        base: base.to_owned(),
        ui: ui.clone(),
    }
}

/// What kind of node it is.
pub fn word(node: &Requirement, ui: &Ui) -> String {
    match node {
        Requirement::AtLeast { count, .. } => ui.n("requirement-at-least", *count),
        other => ui.word("requirement", other.kind()),
    }
}

fn facts(node: &Requirement, ui: &Ui) -> String {
    match node {
        Requirement::Module { minutes, .. } | Requirement::Project { minutes, .. } if *minutes > 0 => {
            ui.n("catalog-minutes", *minutes)
        }
        Requirement::Assessment { items, .. } => ui.n("catalog-questions", items.len()),
        Requirement::Hours { hours, .. } => ui.n("catalog-hours", *hours),
        Requirement::PriorCredential { achievement, .. } => achievement.clone(),
        Requirement::All { .. }
        | Requirement::AtLeast { .. }
        | Requirement::Module { .. }
        | Requirement::Project { .. }
        | Requirement::ExternalCertificate { .. }
        | Requirement::Attestation { .. } => String::new(),
    }
}

fn collect_groups(node: &Requirement, ui: &Ui, depth: usize, out: &mut Vec<(String, String)>) {
    if node.is_group() {
        let name = if node.title().is_empty() { word(node, ui) } else { node.title().to_owned() };
        out.push((node.id().to_owned(), format!("{}{name}", "– ".repeat(depth))));
        node.parts().iter().for_each(|p| collect_groups(p, ui, depth + 1, out));
    }
}

/// Shows the tree.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "requirements", &ui);
    page(&shown(ui, frame, &editing.definition.requirement, Fields::default(), Errors::default()))
}

/// Adds, moves or removes a node.
pub async fn change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    if let Some(fault) = name_fault(form.get("title")).filter(|_| form.get("do") == "add") {
        let frame = Frame { version: form.version(), ..Frame::of(&editing, "requirements", &ui) };
        let mut errors = Errors::default();
        errors.put("title", ui.refusal(fault));
        let shown = shown(ui, frame, &editing.definition.requirement, form, errors);
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let mut mine = editing.definition.clone();
    let added = act(&mut mine.requirement, &form)?;
    match keep(&app, &actor, &editing, form.version(), &mine).await? {
        SaveOutcome::Saved => {
            let base = format!("{}/requirements", editing.path());
            Ok(match added {
                Some(id) => see(&format!("{base}/{id}")),
                None => see_saying(&base, &ui.t("achievement-saved")),
            })
        }
        SaveOutcome::Conflict => {
            let frame = Frame::of(&editing, "requirements", &ui).conflicting(&editing.definition, &mine, &ui);
            let status = frame.status();
            page_with(status, &shown(ui, frame, &editing.definition.requirement, form, Errors::default()))
        }
    }
}

/// Does what the pressed button says; gives the id of a node that was added.
fn act(root: &mut Requirement, form: &Fields) -> Result<Option<String>> {
    let (what, id) = form.get("do").split_once(':').unwrap_or((form.get("do"), ""));
    let done = match what {
        "up" => root.shift(id, Way::Up),
        "down" => root.shift(id, Way::Down),
        "remove" => root.remove(id),
        "add" => {
            let fresh = root.fresh_id(form.get("kind"));
            let node =
                blank(form.get("kind"), fresh.clone(), form.trimmed("title")).map_err(Error::refused)?;
            root.add(form.get("group"), node).map_err(Error::refused)?;
            return Ok(Some(fresh));
        }
        _ => return Err(Error::NotFound.into()),
    };
    done.map_err(Error::refused)?;
    Ok(None)
}
