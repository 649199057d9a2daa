//! Earning: enrol, read, answer, use a badge.

use super::tree::{self, Node};
use crate::http::SignedIn;
use crate::http::call::{Call, Nothing, Path, Query};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, Badge, List, Organization, Part};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::enrollment::{self, EnrollmentRow};
use cairn_actions::person::Actor;
use cairn_actions::published;
use cairn_actions::published::PublishedVersion;
use cairn_actions::submission;
use cairn_domain::assessment::{self, Grade};
use cairn_value::id::EnrollmentId;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(list, create, find, withdraw, read, attempt, use_badge))]
pub struct Api;

/// Most answers in one attempt, and most positions in one answer.
const MOST_ANSWERS: usize = 500;

/// An enrolment in few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrollment {
    /// Id.
    id: String,
    /// Its page.
    url: String,
    /// active, awarded or withdrawn.
    state: String,
    /// "organisation.achievement"
    achievement: String,
    /// Number of the version that is worked on.
    version: i64,
    /// Title in the person's language.
    title: String,
    /// Who offers it.
    organization: Organization,
    /// RFC 3339.
    started_at: String,
    /// Requirements that are met, of those that are needed.
    met: usize,
    /// How many are needed.
    needed: usize,
}

/// An enrolment with its requirements.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrollmentTree {
    #[serde(flatten)]
    enrollment: Enrollment,
    /// What must be met, and what is.
    requirement: Node,
}

fn short(e: &EnrollmentRow, published: &PublishedVersion, actor: &Actor, base: &str) -> Enrollment {
    let (met, needed) = published.definition.requirement.stones(&e.progress);
    Enrollment {
        id: e.id.to_string(),
        url: format!("{base}/enrollments/{}", e.id),
        state: e.state.name().to_owned(),
        achievement: published.key.clone(),
        version: published.number,
        title: published.definition.in_language(actor.language.code()).title.to_owned(),
        organization: Organization {
            id: published.organization.to_string(),
            slug: published.organization_slug.clone(),
            name: published.organization_name.clone(),
        },
        started_at: shape::instant(e.started_at),
        met,
        needed,
    }
}

/// Enrolments of the person whose token it is, newest first.
#[utoipa::path(get, path = "/api/v1/enrollments", tag = "earning", params(Part),
    responses((status = 200, body = List<Enrollment>)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(part): Query<Part>,
) -> Result<Json<List<Enrollment>>> {
    let (limit, base) = (part.limit()?, &app.config.base_url);
    let mut conn = app.db.read().await?;
    let all = enrollment::of_learner(&mut conn, &actor).await?;
    let (page, mark) = shape::cut(all, part.after.as_deref().unwrap_or(""), limit, |e| e.id.to_string());
    let mut items = vec![];
    for e in page {
        let published = published::find_version(&mut conn, e.version_id).await?;
        items.push(short(&e, &published, &actor, base));
    }
    let next = mark.map(|m| shape::next(base, "/api/v1/enrollments", &[("limit", &limit.to_string())], &m));
    Ok(Json(List { items, next }))
}

/// One of one's own enrolments: its requirements and what is met. Which answers
/// to a quiz are right is never told.
#[utoipa::path(get, path = "/api/v1/enrollments/{id}", tag = "earning",
    params(("id" = String, Path, description = "Enrolment id")), responses((status = 200, body = EnrollmentTree)))]
pub async fn find(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<EnrollmentTree>> {
    let mut conn = app.db.read().await?;
    let (e, published) = enrollment::find(&mut conn, &actor, id.parse()?).await?;
    let submissions = submission::of_enrollment(&mut conn, e.organization, e.id).await?;
    let mut attempts = tree::Attempts::new();
    for quiz in tree::quizzes(&published.definition.requirement) {
        let all = enrollment::attempts_of(&mut conn, &e, quiz).await?;
        let used = enrollment::used_attempts(&mut conn, &e, quiz).await?;
        attempts.insert(quiz.to_owned(), (all, used));
    }
    let requirement = tree::node(&published.definition.requirement, &e, &submissions, &attempts);
    Ok(Json(EnrollmentTree { enrollment: short(&e, &published, &actor, &app.config.base_url), requirement }))
}

/// What to work on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnrollment {
    /// "organisation.achievement"
    achievement: String,
}

/// An enrolment that was begun, or gone on with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Begun {
    /// Id.
    id: String,
    /// Its page.
    url: String,
}

/// Starts to work on a micro-credential, or goes on where it was left.
#[utoipa::path(post, path = "/api/v1/enrollments", tag = "earning", request_body = NewEnrollment,
    responses((status = 201, body = Begun)))]
pub async fn create(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Call { body, once }: Call<NewEnrollment>,
) -> Result<Response> {
    once.run(&app, &actor, move |app, actor| async move {
        let id = enrollment::enroll(&app, &actor, &body.achievement).await?;
        Reply::created(&Begun {
            id: id.to_string(),
            url: format!("{}/enrollments/{id}", app.config.base_url),
        })
    })
    .await
}

/// What has been met, and the badge when that was the last thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Progressed {
    /// Id of the requirement.
    requirement: String,
    /// True when it is met now.
    met: bool,
    /// The badge, when everything is met.
    credential: Option<Badge>,
}

/// A module has been read.
#[utoipa::path(post, path = "/api/v1/enrollments/{id}/requirements/{leaf}/reading", tag = "earning",
    request_body = Nothing,
    params(("id" = String, Path, description = "Enrolment id"), ("leaf" = String, Path, description = "Requirement id")),
    responses((status = 200, body = Progressed)))]
pub async fn read(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let issued = enrollment::read_module(&app, &actor, id, &leaf).await?;
        let credential = Badge::of(&app.config.base_url, issued.as_ref());
        Reply::ok(&Progressed { requirement: leaf, met: true, credential })
    })
    .await
}

/// Meets a requirement with a badge that one has.
#[utoipa::path(post, path = "/api/v1/enrollments/{id}/requirements/{leaf}/badge", tag = "earning",
    request_body = Nothing,
    params(("id" = String, Path, description = "Enrolment id"), ("leaf" = String, Path, description = "Requirement id")),
    responses((status = 200, body = Progressed)))]
pub async fn use_badge(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let issued = enrollment::use_badge(&app, &actor, id, &leaf).await?;
        let credential = Badge::of(&app.config.base_url, issued.as_ref());
        Reply::ok(&Progressed { requirement: leaf, met: true, credential })
    })
    .await
}

/// The answer to one question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuizResponse {
    /// The question's id.
    item: String,
    /// Positions of the chosen choices, from 0.
    #[serde(default)]
    chosen: Vec<usize>,
    /// A number or a text.
    #[serde(default)]
    text: String,
}

/// An attempt at a quiz.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttempt {
    /// Answers; a question without one earns nothing.
    responses: Vec<QuizResponse>,
}

/// How one question was graded.
#[derive(Debug, Serialize, ToSchema)]
pub struct GradedItem {
    /// The question's id.
    item: String,
    /// Points earned.
    points: u32,
    /// Points there were.
    maximum: u32,
}

/// How an attempt was graded.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptGrade {
    /// True when it was enough.
    passed: bool,
    /// Whole per cent, rounded down.
    percent: u8,
    /// Sum of the points.
    points: u32,
    /// The most there could be.
    maximum: u32,
    /// Question by question.
    items: Vec<GradedItem>,
    /// The badge, when this was the last thing.
    credential: Option<Badge>,
}

fn graded(grade: Grade, credential: Option<Badge>) -> AttemptGrade {
    let item = |g: assessment::ItemGrade| GradedItem { item: g.item, points: g.points, maximum: g.maximum };
    AttemptGrade {
        passed: grade.passed,
        percent: grade.percent,
        points: grade.points,
        maximum: grade.maximum,
        items: grade.items.into_iter().map(item).collect(),
        credential,
    }
}

impl NewAttempt {
    fn responses(self) -> Result<Vec<assessment::Response>> {
        let is_long = |r: &QuizResponse| r.chosen.len() > MOST_ANSWERS || r.text.chars().count() > 500;
        if self.responses.len() > MOST_ANSWERS || self.responses.iter().any(is_long) {
            return Err(Error::invalid("responses", "quiz-answers-most").into());
        }
        let response =
            |r: QuizResponse| assessment::Response { item: r.item, chosen: r.chosen, text: r.text };
        Ok(self.responses.into_iter().map(response).collect())
    }
}

/// Answers a quiz; each attempt counts.
#[utoipa::path(post, path = "/api/v1/enrollments/{id}/requirements/{leaf}/attempts", tag = "earning",
    request_body = NewAttempt,
    params(("id" = String, Path, description = "Enrolment id"), ("leaf" = String, Path, description = "Requirement id")),
    responses((status = 201, body = AttemptGrade)))]
pub async fn attempt(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, leaf)): Path<(String, String)>,
    Call { body, once }: Call<NewAttempt>,
) -> Result<Response> {
    let (id, responses): (EnrollmentId, _) = (id.parse()?, body.responses()?);
    once.run(&app, &actor, move |app, actor| async move {
        let (grade, issued) = enrollment::answer(&app, &actor, id, &leaf, responses).await?;
        let credential = Badge::of(&app.config.base_url, issued.as_ref());
        Reply::created(&graded(grade, credential))
    })
    .await
}

/// What an enrolment has come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrollmentState {
    /// Id.
    id: String,
    /// withdrawn
    state: String,
}

/// Gives up; what was done is kept, and enrolling again starts anew.
#[utoipa::path(post, path = "/api/v1/enrollments/{id}/withdrawal", tag = "earning", request_body = Nothing,
    params(("id" = String, Path, description = "Enrolment id")), responses((status = 200, body = EnrollmentState)))]
pub async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { once, .. }: Call<Nothing>,
) -> Result<Response> {
    let id: EnrollmentId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        enrollment::withdraw(&app, &actor, id).await?;
        Reply::ok(&EnrollmentState { id: id.to_string(), state: "withdrawn".into() })
    })
    .await
}
