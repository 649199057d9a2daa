//! Judging: the queue, a submission with its rubric, the decision.

use crate::http::SignedIn;
use crate::http::call::{Call, Path, Query};
use crate::http::idempotency::Reply;
use crate::http::problem::Result;
use crate::http::shape::{self, Badge, List, Organization};
use crate::web::credential::api::achievement_id;
use crate::web::credential::send_file;
use crate::web::enrollment::tree::{RubricView, rubric};
use crate::web::submission::api::{CriterionScore, Eye, Submission, whole};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person;
use cairn_actions::person::Actor;
use cairn_actions::published;
use cairn_actions::published::PublishedVersion;
use cairn_actions::review::{self, Filter, Lock, QueueEntry};
use cairn_actions::submission;
use cairn_domain::permission::Intent;
use cairn_domain::review::Review;
use cairn_domain::rubric::Score;
use cairn_domain::submission::{EvidenceKind, State as Standing, Verdict};
use cairn_value::id::{EvidenceId, SubmissionId};
use cairn_value::mark::Mark;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What this file adds to the description of the interface.
#[derive(OpenApi)]
#[openapi(paths(queue, find, file, open, decide))]
pub struct Api;

/// A submission in the queue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// Submission id.
    id: String,
    /// submitted, in_review, returned, accepted, declined, appealed.
    state: String,
    /// 1 for the first.
    revision: u32,
    /// The learner's name.
    learner: String,
    /// "organisation.achievement"
    achievement: String,
    /// Its title in the reviewer's language.
    title: String,
    /// Id of the requirement.
    requirement: String,
    /// Whose micro-credential.
    organization: Organization,
    /// RFC 3339.
    submitted_at: Option<String>,
}

fn waiting(q: &QueueEntry, published: &PublishedVersion, actor: &Actor) -> Waiting {
    let s = &q.submission;
    Waiting {
        id: s.id.to_string(),
        state: s.inner.state.name().to_owned(),
        revision: s.inner.revision,
        learner: q.learner.clone(),
        achievement: published.key.clone(),
        title: published.definition.in_language(actor.language.code()).title.to_owned(),
        requirement: s.requirement.clone(),
        organization: Organization {
            id: published.organization.to_string(),
            slug: published.organization_slug.clone(),
            name: published.organization_name.clone(),
        },
        submitted_at: s.submitted_at.map(shape::instant),
    }
}

/// What a reviewer looks for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// waiting, mine, appealed or done; waiting when it is not given.
    #[serde(default)]
    view: String,
    /// An organisation's slug.
    #[serde(default)]
    organization: String,
    /// Achievement id or "organisation.achievement".
    #[serde(default)]
    achievement: String,
    /// How many things, 1 to 100; 50 when it is not given.
    limit: Option<i64>,
    /// Where to go on; part of `next`.
    #[serde(default)]
    after: String,
}

impl Search {
    fn after(&self) -> Result<Option<(i64, String)>> {
        if self.after.is_empty() {
            return Ok(None);
        }
        let mark = Mark::parse(&self.after).and_then(|m| Some((m.key.parse().ok()?, m.id)));
        Ok(Some(mark.ok_or_else(|| Error::invalid("after", "page-mark"))?))
    }
}

/// The queue of the reviewer whose token it is; what waits longest comes first.
#[utoipa::path(get, path = "/api/v1/reviews", tag = "reviewing", params(Search),
    responses((status = 200, body = List<Waiting>)))]
pub async fn queue(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(search): Query<Search>,
) -> Result<Json<List<Waiting>>> {
    let limit = shape::limit(search.limit)?;
    if !matches!(search.view.as_str(), "" | "waiting" | "mine" | "appealed" | "done") {
        return Err(Error::invalid("view", "choose-view").into());
    }
    let mut organizations = vec![];
    if !search.organization.is_empty() {
        let member = actor.member(&search.organization).ok().filter(|m| m.may(Intent::Review));
        organizations.push(member.ok_or(Error::NotFound)?.organization.to_string());
    }
    let mut conn = app.db.read().await?;
    let filter = Filter {
        organizations,
        view: search.view.clone(),
        achievement: achievement_id(&mut conn, &search.achievement).await?,
        reviewer: String::new(),
        after: search.after()?,
    };
    let mut found = review::queue(&mut conn, &actor, filter, limit as i64 + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mark = found.last().filter(|_| more).map(|last| {
        let key = last.submission.submitted_at.unwrap_or(0).to_string();
        Mark { key, id: last.submission.id.to_string() }.to_string()
    });
    let limit = limit.to_string();
    let query = [
        ("view", search.view.as_str()),
        ("organization", &search.organization),
        ("achievement", &search.achievement),
        ("limit", &limit),
    ];
    let next = mark.map(|m| shape::next(&app.config.base_url, "/api/v1/reviews", &query, &m));
    let mut items = vec![];
    for queued in found {
        let published = published::find_version(&mut conn, queued.submission.version_id).await?;
        items.push(waiting(&queued, &published, &actor));
    }
    Ok(Json(List { items, next }))
}

/// What a reviewer has so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewDraft {
    /// Criterion by criterion.
    scores: Vec<CriterionScore>,
    /// To the learner.
    comment: String,
}

/// A submission as a reviewer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workspace {
    #[serde(flatten)]
    submission: Submission,
    /// The learner's name.
    learner: String,
    /// "organisation.achievement"
    achievement: String,
    /// Title of the requirement.
    title: String,
    /// What was to be handed in, Markdown.
    brief: String,
    /// How it is judged.
    rubric: RubricView,
    /// One's own notes about this revision.
    notes: ReviewDraft,
}

/// A submission with its evidence, rubric and history.
#[utoipa::path(get, path = "/api/v1/reviews/{id}", tag = "reviewing",
    params(("id" = String, Path, description = "Submission id")), responses((status = 200, body = Workspace)))]
pub async fn find(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<Workspace>> {
    let mut conn = app.db.read().await?;
    let s = submission::find_for_reviewer(&mut conn, &actor, id.parse()?).await?;
    if s.inner.state == Standing::Draft {
        return Err(Error::NotFound.into());
    }
    let (judged_by, published) = review::rubric_of(&mut conn, &s).await?;
    let draft = review::draft_of(&mut conn, &actor, &s).await?;
    let leaf = published.definition.requirement.leaf(&s.requirement).ok_or(Error::NotFound)?;
    let score = |s: Score| CriterionScore { criterion: s.criterion, points: s.points, comment: s.comment };
    Ok(Json(Workspace {
        submission: whole(&mut conn, &s, Eye::Reviewer).await?,
        learner: person::name(&mut conn, s.inner.learner).await?,
        achievement: published.key.clone(),
        title: leaf.title().to_owned(),
        brief: leaf.brief().to_owned(),
        rubric: rubric(&judged_by),
        notes: ReviewDraft { scores: draft.scores.into_iter().map(score).collect(), comment: draft.comment },
    }))
}

/// A file of the evidence.
#[utoipa::path(get, path = "/api/v1/reviews/{id}/evidence/{evidence}", tag = "reviewing",
    params(("id" = String, Path, description = "Submission id"), ("evidence" = String, Path, description = "Evidence id")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>)))]
pub async fn file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path((id, evidence)): Path<(String, String)>,
) -> Result<Response> {
    let (id, evidence): (SubmissionId, EvidenceId) = (id.parse()?, evidence.parse()?);
    let found = {
        let mut conn = app.db.read().await?;
        let s = submission::find_for_reviewer(&mut conn, &actor, id).await?;
        let all = submission::evidence_of(&mut conn, &s).await?;
        // what is in the learner's draft only has not been handed in
        let current = submission::revisions_of(&mut conn, &s).await?.first().map_or(0, |r| r.number);
        let handed_in = |e: &submission::Evidence| e.id == evidence && e.added_revision <= current;
        all.into_iter().find(|e| handed_in(e) && e.kind == EvidenceKind::File).ok_or(Error::NotFound)?
    };
    send_file(&app, &found.blob, &found.media_type, &found.file_name).await
}

/// How to open a submission.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// True: take it over from the reviewer who has it open.
    #[serde(default)]
    take_over: bool,
}

fn lock(take_over: bool) -> Lock {
    if take_over { Lock::TakeOver } else { Lock::Respect }
}

/// Where a submission stands after an opening or a decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct Judged {
    /// Submission id.
    id: String,
    /// in_review, accepted, returned or declined.
    state: String,
    /// The learner's badge, when this was the last thing.
    credential: Option<Badge>,
}

/// Opens a submission: it is this reviewer's for a while.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/opening", tag = "reviewing", request_body = Opening,
    params(("id" = String, Path, description = "Submission id")), responses((status = 200, body = Judged)))]
pub async fn open(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<Opening>,
) -> Result<Response> {
    let id: SubmissionId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        review::open(&app, &actor, id, lock(body.take_over)).await?;
        Reply::ok(&Judged { id: id.to_string(), state: "in_review".into(), credential: None })
    })
    .await
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// It meets the requirement.
    Accept,
    /// Improve and hand in again.
    Return,
    /// It does not meet the requirement.
    Decline,
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// accept, return or decline.
    verdict: Ruling,
    /// A level for each criterion of the rubric.
    #[serde(default)]
    scores: Vec<CriterionScore>,
    /// To the learner.
    #[serde(default)]
    comment: String,
    /// Why the verdict differs from what the scores say.
    #[serde(default)]
    override_reason: String,
    /// True: decide although another reviewer has it open.
    #[serde(default)]
    take_over: bool,
    /// The revision that was read, as `revision` of the submission says. May be left out for the first one only;
    /// when the learner has handed in another one since, nothing is decided and the answer is 409.
    #[serde(default)]
    revision: Option<u32>,
}

impl NewDecision {
    fn review(self) -> Review {
        let short = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        let score = |s: CriterionScore| Score {
            comment: short(&s.comment, 5000),
            criterion: s.criterion,
            points: s.points,
        };
        Review {
            comment: short(&self.comment, 10_000),
            override_reason: short(&self.override_reason, 10_000),
            scores: self.scores.into_iter().map(score).collect(),
        }
    }
}

/// Decides on a submission; an acceptance that completes a micro-credential
/// issues the badge.
#[utoipa::path(post, path = "/api/v1/reviews/{id}/decision", tag = "reviewing", request_body = NewDecision,
    params(("id" = String, Path, description = "Submission id")), responses((status = 200, body = Judged)))]
pub async fn decide(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Call { body, once }: Call<NewDecision>,
) -> Result<Response> {
    let id: SubmissionId = id.parse()?;
    once.run(&app, &actor, move |app, actor| async move {
        let (verdict, state) = match body.verdict {
            Ruling::Accept => (Verdict::Accept, "accepted"),
            Ruling::Return => (Verdict::Return, "returned"),
            Ruling::Decline => (Verdict::Decline, "declined"),
        };
        let lock = lock(body.take_over);
        let read = body.revision;
        let issued = review::decide(&app, &actor, id, read, verdict, body.review(), lock).await?;
        let credential = Badge::of(&app.config.base_url, issued.as_ref());
        Reply::ok(&Judged { id: id.to_string(), state: state.into(), credential })
    })
    .await
}
