//! The page on which evidence is collected and handed in.

use crate::http::form::{MOST_LINE, UploadForm};
use crate::http::problem::Result;
use crate::http::upload::receive;
use crate::http::{SignedIn, Ui, page, see, see_saying};
use crate::web::credential::send_file;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::enrollment::EnrollmentRow;
use cairn_actions::published::PublishedVersion;
use cairn_actions::review::{self, Feedback};
use cairn_actions::submission::{self, Evidence, HandIn, NewEvidence, Revision, SubmissionRow};
use cairn_domain::enrollment::State as Standing;
use cairn_domain::requirement::Requirement;
use cairn_domain::rubric::Rubric;
use cairn_platform::db::Conn;
use cairn_platform::markdown::markdown;
use cairn_value::id::{EnrollmentId, SubmissionId};
use serde::Deserialize;
use serde_json::json;

/// One revision with what was in it and what was said about it.
struct Past {
    revision: Revision,
    evidence: Vec<Evidence>,
    said: Vec<Feedback>,
}

#[derive(Template)]
#[template(path = "submission/hand_in.html")]
struct HandInPage {
    ui: Ui,
    e: EnrollmentRow,
    title: String,
    leaf: String,
    name: String,
    brief: String,
    rubric: Rubric,
    submission: Option<SubmissionRow>,
    state: &'static str,
    open: bool,
    evidence: Vec<Evidence>,
    past: Vec<Past>,
    appeals: Vec<(String, i64)>,
    is_project: bool,
}

/// The page of a requirement that is judged by people.
pub async fn hand_in_page(
    conn: &mut Conn,
    ui: Ui,
    e: &EnrollmentRow,
    published: &PublishedVersion,
    requirement: &Requirement,
) -> Result<Response> {
    let submissions = submission::of_enrollment(conn, e.organization, e.id).await?;
    let found = submissions.into_iter().find(|s| s.requirement == requirement.id());
    let (mut evidence, mut past, mut appeals) = (vec![], vec![], vec![]);
    if let Some(s) = &found {
        let all = submission::evidence_of(conn, s).await?;
        let said = review::said_about(conn, s).await?;
        for revision in submission::revisions_of(conn, s).await? {
            past.push(Past {
                evidence: all.iter().filter(|e| e.belongs_to(revision.number)).cloned().collect(),
                said: said.iter().filter(|r| r.revision == revision.number).cloned().collect(),
                revision,
            });
        }
        evidence = all.into_iter().filter(|e| e.belongs_to(i64::from(s.inner.revision))).collect();
        appeals = submission::appeals_of(conn, s).await?;
    }
    let page_data = HandInPage {
        title: published.definition.in_language(ui.language).title.to_owned(),
        leaf: requirement.id().to_owned(),
        name: requirement.title().to_owned(),
        brief: markdown(requirement.brief()),
        rubric: requirement.rubric().unwrap_or_default(),
        state: found.as_ref().map_or("", |s| s.inner.state.name()),
        open: e.state == Standing::Active && found.as_ref().is_none_or(|s| s.inner.is_open()),
        is_project: matches!(requirement, Requirement::Project { .. }),
        submission: found,
        e: e.clone(),
        ui,
        evidence,
        past,
        appeals,
    };
    page(&page_data)
}

/// Takes several files, a link and a text in one form; a browser with scripts
/// sends one file at a time and wants JSON.
pub(super) async fn add(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    let room = submission::room(&app, &actor, id, &leaf).await?;
    let mut form = UploadForm::of(request).await?;
    let (mut files, mut fields) = (vec![], std::collections::BTreeMap::new());
    while let Some(part) = form.next().await? {
        match (part.name(), part.file_name()) {
            (_, Some("")) => part.nothing().await?,
            (_, Some(_)) if files.len() < room.files => {
                files.push(receive(&app.blobs, &room.place, part).await?);
            }
            (_, Some(_)) => return Err(submission::too_many().into()),
            ("body", None) => drop(fields.insert("body", part.text(submission::MOST_TEXT).await?)),
            (name, None) => {
                let known = ["title", "url", "link_title", "text_title"].into_iter().find(|k| *k == name);
                let text = part.text(MOST_LINE).await?;
                fields.extend(known.map(|known| (known, text)));
            }
        }
    }
    let field = |name: &str| fields.get(name).map_or("", |v| v.trim()).to_owned();
    let mut added = vec![];
    for file in files {
        let new = NewEvidence::File { title: field("title"), file };
        added.push(submission::add(&app, &actor, id, &leaf, new).await?.1);
    }
    if !field("url").is_empty() {
        let link = NewEvidence::Link { title: field("link_title"), url: field("url") };
        added.push(submission::add(&app, &actor, id, &leaf, link).await?.1);
    }
    if !field("body").is_empty() {
        let title =
            Some(field("text_title")).filter(|t| !t.is_empty()).unwrap_or_else(|| ui.t("submission-text"));
        let text = NewEvidence::Text { title, body: field("body") };
        added.push(submission::add(&app, &actor, id, &leaf, text).await?.1);
    }
    let Some(first) = added.first() else {
        return Err(Error::invalid("files", "submission-nothing").into());
    };
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|a| a.starts_with("application/json"));
    if wants_json {
        let body = json!({ "id": first.id.to_string(), "title": first.title, "size": ui.bytes(first.size) });
        return Ok((StatusCode::CREATED, Json(body)).into_response());
    }
    Ok(see_saying(&format!("/enrollments/{id}/requirements/{leaf}"), &ui.n("submission-added", added.len())))
}

fn back(s: &SubmissionRow) -> String {
    format!("/enrollments/{}/requirements/{}", s.enrollment, s.requirement)
}

pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, evidence)): Path<(String, String)>,
) -> Result<Response> {
    let submission = submission::remove(&app, &actor, id.parse()?, evidence.parse()?).await?;
    Ok(see(&back(&submission)))
}

#[derive(Deserialize)]
pub(super) struct HandInForm {
    #[serde(default)]
    message: String,
    show_evidence: Option<String>,
}

pub(super) async fn hand_in(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(form): Form<HandInForm>,
) -> Result<Response> {
    let id: SubmissionId = id.parse()?;
    let with = HandIn { message: form.message, show_evidence: form.show_evidence.is_some() };
    submission::submit(&app, &actor, id, with).await?;
    let mut conn = app.db.read().await?;
    let submission = submission::find_own(&mut conn, &actor, id).await?;
    Ok(see_saying(&back(&submission), &ui.t("submission-handed-in")))
}

#[derive(Deserialize)]
pub(super) struct AppealForm {
    #[serde(default)]
    reason: String,
}

pub(super) async fn appeal(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(form): Form<AppealForm>,
) -> Result<Response> {
    let submission = submission::appeal(&app, &actor, id.parse()?, &form.reason).await?;
    Ok(see_saying(&back(&submission), &ui.t("submission-appealed")))
}

pub(super) async fn file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response> {
    let evidence = {
        let mut conn = app.db.read().await?;
        submission::file_for(&mut conn, &actor, id.parse()?).await?
    };
    send_file(&app, &evidence.blob, &evidence.media_type, &evidence.file_name).await
}
