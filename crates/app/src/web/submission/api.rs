//! Handing in: evidence, the draft, what was said about it.

use crate::http::SignedIn;
use crate::http::call::{Call, Nothing, Path};
use crate::http::form::{MOST_LINE, UploadForm};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
pub use crate::http::route::MOST_LONG_FORM;
use crate::http::shape::instant;
use crate::http::upload::{Upload, receive};
use axum::Json;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person::Actor;
use cairn_actions::review::{self, Feedback};
use cairn_actions::submission::{self, HandIn, NewEvidence, Room, SubmissionRow};
use cairn_platform::db::Conn;
use cairn_value::id::{EnrollmentId, EvidenceId, SubmissionId};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(add, find, remove, hand_in, appeal))]
pub struct Api;

/// A piece of evidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Artefact {
    /// Id.
    id: String,
    /// file, link or text.
    kind: String,
    /// What it is called.
    title: String,
    /// Name of a file.
    file_name: String,
    /// Kind of a file, told by content.
    media_type: String,
    /// Bytes of a file.
    size: i64,
    /// Address of a link.
    url: String,
    /// Words of a text.
    text: String,
}

fn artefact(e: &submission::Evidence) -> Artefact {
    Artefact {
        id: e.id.to_string(),
        kind: e.kind.name().to_owned(),
        title: e.title.clone(),
        file_name: e.file_name.clone(),
        media_type: e.media_type.clone(),
        size: e.size,
        url: e.url.clone(),
        text: e.body.clone(),
    }
}

/// Points for one criterion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionScore {
    /// The criterion's id.
    pub criterion: String,
    /// Points of the chosen level.
    pub points: u32,
    /// A word to the learner about this criterion.
    #[serde(default)]
    pub comment: String,
}

/// What a reviewer said.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewSaid {
    /// accept, return or decline.
    verdict: String,
    /// The reviewer's name.
    reviewer: String,
    /// To the learner.
    comment: String,
    /// Criterion by criterion.
    scores: Vec<CriterionScore>,
    /// RFC 3339.
    at: String,
}

fn said(s: &Feedback) -> ReviewSaid {
    let score = |s: &cairn_domain::rubric::Score| CriterionScore {
        criterion: s.criterion.clone(),
        points: s.points,
        comment: s.comment.clone(),
    };
    ReviewSaid {
        verdict: s.decision.verdict.name().to_owned(),
        reviewer: s.reviewer.clone(),
        comment: s.review.comment.clone(),
        scores: s.review.scores.iter().map(score).collect(),
        at: instant(s.at),
    }
}

/// A revision that was handed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandedIn {
    /// 1 for the first.
    revision: i64,
    /// What the learner wrote.
    message: String,
    /// RFC 3339.
    submitted_at: String,
    /// What was in it.
    evidence: Vec<Artefact>,
    /// What was said about it.
    reviews: Vec<ReviewSaid>,
}

/// Why a learner disagreed with a decline.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppealSaid {
    /// In her words.
    reason: String,
    /// RFC 3339.
    at: String,
}

/// What is handed in for a requirement.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submission {
    /// Id.
    id: String,
    /// The enrolment.
    enrollment: String,
    /// Id of the requirement.
    requirement: String,
    /// draft, submitted, in_review, returned, accepted, declined, appealed.
    state: String,
    /// The revision that is worked on or judged; 1 for the first.
    revision: u32,
    /// Evidence of the draft; empty when nothing can be added.
    draft: Vec<Artefact>,
    /// All that was handed in, the latest first.
    revisions: Vec<HandedIn>,
    /// Appeals, the latest first.
    appeals: Vec<AppealSaid>,
}

/// Who looks at a submission.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Eye {
    /// The learner, who sees her draft.
    Learner,
    /// A reviewer, who sees what was handed in.
    Reviewer,
}

/// A submission with its history.
pub async fn whole(conn: &mut Conn, s: &SubmissionRow, eye: Eye) -> Result<Submission> {
    let all = submission::evidence_of(conn, s).await?;
    let reviews = review::said_about(conn, s).await?;
    let part =
        |revision: i64| all.iter().filter(|e| e.belongs_to(revision)).map(artefact).collect::<Vec<_>>();
    let revisions = submission::revisions_of(conn, s).await?.into_iter().map(|r| HandedIn {
        evidence: part(r.number),
        reviews: reviews.iter().filter(|x| x.revision == r.number).map(said).collect(),
        revision: r.number,
        message: r.message,
        submitted_at: instant(r.submitted_at),
    });
    let sees_draft = eye == Eye::Learner && s.inner.is_open();
    let appeals = submission::appeals_of(conn, s).await?;
    Ok(Submission {
        id: s.id.to_string(),
        enrollment: s.enrollment.to_string(),
        requirement: s.requirement.clone(),
        state: s.inner.state.name().to_owned(),
        revision: s.inner.revision,
        draft: if sees_draft { part(i64::from(s.inner.revision)) } else { vec![] },
        revisions: revisions.collect(),
        appeals: appeals.into_iter().map(|(reason, at)| AppealSaid { reason, at: instant(at) }).collect(),
    })
}

/// One's own submission, with what was said about it.
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "earning",
    params(("id" = String, Path, description = "Submission id")), responses((status = 200, body = Submission)))]
pub async fn find(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Submission>> {
    let mut conn = app.db.read().await?;
    let s = submission::find_own(&mut conn, &actor, id.parse()?).await?;
    Ok(Json(whole(&mut conn, &s, Eye::Learner).await?))
}

/// A link or a text as evidence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NewArtefact {
    /// An address.
    Link {
        /// What it is called; the address when it is empty.
        #[serde(default)]
        title: String,
        /// `https://…`
        url: String,
    },
    /// Words.
    Text {
        /// What it is called.
        #[serde(default)]
        title: String,
        /// The words, Markdown.
        text: String,
    },
}

/// A file as evidence.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read part by part")]
pub struct FileForm {
    /// What it is called; the file's name when it is empty.
    title: Option<String>,
    /// PDF, PNG, JPEG, WebP, GIF, MP4, MP3, Office or OpenDocument, ZIP or plain
    /// text, told by content.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Evidence that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct Added {
    /// The submission it belongs to.
    submission: String,
    /// The evidence.
    evidence: Artefact,
}

/// Adds evidence to the draft for a requirement: JSON for a link or a text, a
/// multipart form for a file. `Idempotency-Key` counts for JSON only.
#[utoipa::path(post, path = "/api/v1/enrollments/{id}/requirements/{leaf}/evidence", tag = "earning",
    request_body(content((NewArtefact = "application/json"), (FileForm = "multipart/form-data"))),
    params(("id" = String, Path, description = "Enrolment id"), ("leaf" = String, Path, description = "Requirement id")),
    responses((status = 201, body = Added)))]
pub async fn add(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
    mut request: Request,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if kind.starts_with("multipart/form-data") {
        let room = submission::room(&app, &actor, id, &leaf).await?;
        let (title, file) = receive_file(&app, &room, request).await?;
        return Ok(add_one(&app, &actor, id, &leaf, NewEvidence::File { title, file })
            .await?
            .into_response());
    }
    DefaultBodyLimit::max(MOST_LONG_FORM).apply(&mut request);
    let Call { body, once } = Call::<NewArtefact>::from_request(request, &app).await?;
    once.run(&app, &actor, move |app, actor| async move {
        let new = match body {
            NewArtefact::Link { title, url } => NewEvidence::Link { title, url },
            NewArtefact::Text { title, text } => NewEvidence::Text { title, body: text },
        };
        add_one(&app, &actor, id, &leaf, new).await
    })
    .await
}

async fn receive_file(app: &App, room: &Room, request: Request) -> Result<(String, Upload)> {
    let mut form = UploadForm::of(request).await?;
    let (mut title, mut file) = (String::new(), None);
    while let Some(part) = form.next().await? {
        match part.name() {
            "title" => title = part.text(MOST_LINE).await?,
            "file" if file.is_none() => file = Some(receive(&app.blobs, &room.place, part).await?),
            _ => {
                return Err(Error::invalid("file", "send-file-title").into());
            }
        }
    }
    Ok((title, file.ok_or_else(|| Error::invalid("file", "send-file"))?))
}

async fn add_one(app: &App, actor: &Actor, id: EnrollmentId, leaf: &str, new: NewEvidence) -> Result<Reply> {
    let (submission, evidence) = submission::add(app, actor, id, leaf, new).await?;
    Reply::created(&Added { submission: submission.to_string(), evidence: artefact(&evidence) })
}

/// Where a submission stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionState {
    /// Id.
    id: String,
    /// draft, submitted, in_review, returned, accepted, declined, appealed.
    state: String,
}

/// Takes a piece of evidence out of the draft.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/evidence/{evidence}/removal", tag = "earning",
    request_body = Nothing,
    params(("id" = String, Path, description = "Submission id"), ("evidence" = String, Path, description = "Evidence id")),
    responses((status = 200, body = SubmissionState)))]
pub async fn remove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, evidence)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    let (id, evidence): (SubmissionId, EvidenceId) = (id.parse()?, evidence.parse()?);
    once.run(&app, &actor, move |app, actor| async move {
        let s = submission::remove(&app, &actor, id, evidence).await?;
        Reply::ok(&SubmissionState { id: s.id.to_string(), state: s.inner.state.name().to_owned() })
    })
    .await
}

/// What goes with the evidence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandIn {
    /// To the reviewer.
    #[serde(default)]
    message: String,
    /// True: the evidence may be shown on the badge.
    #[serde(default)]
    show_evidence: bool,
}

/// Hands in: the draft is closed, the reviewers are told.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/handing-in", tag = "earning", request_body = NewHandIn,
    params(("id" = String, Path, description = "Submission id")), responses((status = 200, body = SubmissionState)))]
pub async fn hand_in(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<NewHandIn>,
) -> Result<Response> {
    let id: SubmissionId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let with = HandIn { message: body.message, show_evidence: body.show_evidence };
        submission::submit(&app, &actor, id, with).await?;
        Reply::ok(&SubmissionState { id: id.to_string(), state: "submitted".into() })
    })
    .await
}

/// Why one disagrees.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// To whoever looks at it again.
    reason: String,
}

/// Disagrees with a decline; another reviewer decides.
#[utoipa::path(post, path = "/api/v1/submissions/{id}/appeal", tag = "earning", request_body = NewAppeal,
    params(("id" = String, Path, description = "Submission id")), responses((status = 200, body = SubmissionState)))]
pub async fn appeal(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<NewAppeal>,
) -> Result<Response> {
    let id: SubmissionId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let s = submission::appeal(&app, &actor, id, &body.reason).await?;
        Reply::ok(&SubmissionState { id: s.id.to_string(), state: s.inner.state.name().to_owned() })
    })
    .await
}
