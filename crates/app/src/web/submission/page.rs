//! What is done on the page on which evidence is collected: adding, taking out, handing in, appealing.

use super::hand_in::{Refused, again};
use crate::http::form::{MOST_LINE, UploadForm};
use crate::http::problem::{self, Problem, Result};
use crate::http::upload::{Upload, receive};
use crate::http::{Errors, Fields, SignedIn, Ui, see, see_saying};
use crate::web::credential::send_file;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person::Actor;
use cairn_actions::submission::{self, Evidence, HandIn, NewEvidence, Room, SubmissionRow};
use cairn_value::id::{EnrollmentId, SubmissionId};
use serde::Deserialize;
use serde_json::json;

/// What became of a form with evidence: what of it is there now, what was typed, and what was refused, each with the
/// field that it is about (none where the refusal says it itself).
#[derive(Default)]
struct Taken {
    added: Vec<Evidence>,
    typed: Fields,
    faults: Vec<(Option<&'static str>, Error)>,
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
    let mut taken = take(&app, &ui, &actor, (id, &leaf), request).await?;
    if taken.added.is_empty() && taken.faults.is_empty() {
        // the page has a form for each of them
        let field = ["url", "body"].into_iter().find(|f| taken.typed.sent(f)).unwrap_or("files");
        taken.faults.push((None, Error::invalid(field, "submission-nothing")));
    }
    if headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|a| a.starts_with("application/json"))
    {
        return told(&ui, taken);
    }
    if taken.faults.is_empty() {
        let said = ui.n("submission-added", taken.added.len());
        return Ok(see_saying(&format!("/enrollments/{id}/requirements/{leaf}"), &said));
    }
    let status = problem::status(&taken.faults[0].1);
    let errors = sentences(&ui, taken.faults)?;
    let mut response = again(&app, ui, &actor, (id, &leaf), Refused { typed: taken.typed, errors }).await?;
    *response.status_mut() = status;
    Ok(response)
}

/// What is wrong, beside the fields that it is wrong with.
fn sentences(ui: &Ui, faults: Vec<(Option<&'static str>, Error)>) -> Result<Errors> {
    let mut errors = Errors::default();
    for (field, fault) in faults {
        match (field, fault) {
            (Some(field), Error::Refused(why) | Error::TooLarge(why) | Error::UnknownKind(why)) => {
                errors.put(field, ui.refusal(why));
            }
            (_, fault) => errors.0.extend(Errors::of_action(fault, ui)?.0),
        }
    }
    Ok(errors)
}

/// The same for a script.
fn told(ui: &Ui, mut taken: Taken) -> Result<Response> {
    if !taken.faults.is_empty() {
        return Err(taken.faults.remove(0).1.into());
    }
    let first = &taken.added[0];
    let body = json!({ "id": first.id.to_string(), "title": first.title, "size": ui.bytes(first.size) });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Reads the form and adds what can be added; what is refused keeps nothing else out.
async fn take(
    app: &App,
    ui: &Ui,
    actor: &Actor,
    (id, leaf): (EnrollmentId, &str),
    request: Request,
) -> Result<Taken> {
    let mut taken = Taken::default();
    let room = match submission::room(app, actor, id, leaf).await {
        Ok(room) => Ok(room),
        // what was typed is read nevertheless, and given back
        Err(full @ Error::Refused(_)) => Err(full),
        Err(other) => return Err(other.into()),
    };
    let (files, fault) = read(app, room.as_ref().ok(), request, &mut taken.typed).await?;
    if let Err(full) = room {
        taken.faults.push((Some("files"), full));
        return Ok(taken);
    }
    taken.faults.extend(fault.map(|fault| (Some("files"), fault)));
    let field = |name: &str| taken.typed.trimmed(name);
    let mut new: Vec<(&[&str], NewEvidence)> = vec![];
    for file in files {
        new.push((&[], NewEvidence::File { title: field("title"), file }));
    }
    if !field("url").is_empty() {
        new.push((
            &["url", "link_title"],
            NewEvidence::Link { title: field("link_title"), url: field("url") },
        ));
    }
    if !field("body").is_empty() {
        let title =
            Some(field("text_title")).filter(|t| !t.is_empty()).unwrap_or_else(|| ui.t("submission-text"));
        new.push((&["body", "text_title"], NewEvidence::Text { title, body: field("body") }));
    }
    for (fields, new) in new {
        match submission::add(app, actor, id, leaf, new).await {
            Ok((_, evidence)) => {
                taken.added.push(evidence);
                // what is there now need not be sent again
                taken.typed.remove(fields);
            }
            Err(error) => taken.faults.push((None, error)),
        }
    }
    Ok(taken)
}

/// The files of a form and its short fields. A file that is refused ends it: what comes behind it is not waited for,
/// what came before it is kept.
async fn read(
    app: &App,
    room: Option<&Room>,
    request: Request,
    typed: &mut Fields,
) -> Result<(Vec<Upload>, Option<Error>)> {
    let mut form = UploadForm::of(request).await?;
    let mut files = vec![];
    while let Some(part) = form.next().await? {
        match (part.name(), part.file_name()) {
            (_, Some("")) => part.nothing().await?,
            (_, Some(_)) => {
                let Some(room) = room.filter(|room| files.len() < room.files) else {
                    return Ok((files, Some(submission::too_many())));
                };
                match receive(&app.blobs, &room.place, part).await {
                    Ok(file) => files.push(file),
                    Err(Problem(
                        fault @ (Error::Refused(_) | Error::TooLarge(_) | Error::UnknownKind(_)),
                    )) => {
                        return Ok((files, Some(fault)));
                    }
                    Err(other) => return Err(other),
                }
            }
            ("body", None) => typed.put("body", part.text(submission::MOST_TEXT).await?),
            (name, None) => {
                let known = ["title", "url", "link_title", "text_title"].into_iter().find(|k| *k == name);
                let text = part.text(MOST_LINE).await?;
                if let Some(known) = known {
                    typed.put(known, text);
                }
            }
        }
    }
    Ok((files, None))
}

fn back(s: &SubmissionRow) -> String {
    format!("/enrollments/{}/requirements/{}", s.enrollment, s.requirement)
}

async fn own(app: &App, actor: &Actor, id: SubmissionId) -> Result<SubmissionRow> {
    let mut conn = app.db.read().await?;
    Ok(submission::find_own(&mut conn, actor, id).await?)
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
    let with = HandIn { message: form.message.clone(), show_evidence: form.show_evidence.is_some() };
    let done = submission::submit(&app, &actor, id, with).await;
    let s = own(&app, &actor, id).await?;
    let Err(error) = done else { return Ok(see_saying(&back(&s), &ui.t("submission-handed-in"))) };
    let errors = Errors::of_action(error, &ui)?;
    let mut typed = Fields::default();
    typed.put("message", form.message);
    if let Some(ticked) = form.show_evidence {
        typed.put("show_evidence", ticked);
    }
    again(&app, ui, &actor, (s.enrollment, &s.requirement), Refused { typed, errors }).await
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
    let id: SubmissionId = id.parse()?;
    let error = match submission::appeal(&app, &actor, id, &form.reason).await {
        Ok(submission) => return Ok(see_saying(&back(&submission), &ui.t("submission-appealed"))),
        Err(error) => error,
    };
    let errors = Errors::of_action(error, &ui)?;
    let s = own(&app, &actor, id).await?;
    let typed = Fields::from(vec![("reason".to_owned(), form.reason)]);
    again(&app, ui, &actor, (s.enrollment, &s.requirement), Refused { typed, errors }).await
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
