//! The reviewer's desk and workspace.

use crate::http::problem::Result;
use crate::http::{Fields, SignedIn, Ui, page, page_with, see, see_saying};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person;
use cairn_actions::person::Actor;
use cairn_actions::published;
use cairn_actions::review::{self, Feedback, Filter, Lock, QueueEntry};
use cairn_actions::submission::file::shows_inline;
use cairn_actions::submission::{self, Evidence, Revision, SubmissionRow};
use cairn_domain::permission::Intent;
use cairn_domain::review::Review;
use cairn_domain::rubric::{Criterion, Rubric, Score};
use cairn_domain::submission::{LOCK_MINUTES, State as Standing, Verdict};
use cairn_platform::markdown::markdown;
use cairn_value::mark::Mark;
use serde::Deserialize;
use serde_json::json;

/// Rows on one page of the queue.
const PAGE: i64 = 30;
/// Days after which a submission is late.
const LATE_DAYS: i64 = 7;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    view: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    achievement: String,
    #[serde(default)]
    after: String,
}

/// One line of the queue.
struct Row {
    queued: QueueEntry,
    title: String,
    requirement: String,
    organization: String,
    at: i64,
    late: bool,
}

#[derive(Template)]
#[template(path = "review/queue.html")]
struct QueuePage {
    ui: Ui,
    search: Search,
    organizations: Vec<(String, String)>,
    achievements: Vec<(String, String)>,
    rows: Vec<Row>,
    next: String,
}

pub(super) async fn queue(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Query(search): Query<Search>,
) -> Result<Response> {
    let memberships = actor.organizations_with(Intent::Review);
    if memberships.is_empty() {
        return Err(Error::NotFound.into());
    }
    let chosen = memberships.iter().find(|m| m.slug == search.organization);
    let filter = Filter {
        organizations: chosen.iter().map(|m| m.organization.to_string()).collect(),
        view: search.view.clone(),
        achievement: search.achievement.clone(),
        reviewer: String::new(),
        after: Mark::parse(&search.after).and_then(|m| Some((m.key.parse().ok()?, m.id))),
    };
    let mut conn = app.db.read().await?;
    let mut found = review::queue(&mut conn, &actor, filter, PAGE + 1).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map_or_else(String::new, |last| next_page(&search, last));
    let all: Vec<String> = memberships.iter().map(|m| m.organization.to_string()).collect();
    let mut achievements = vec![];
    for (id, version) in review::achievements(&mut conn, &all).await? {
        let published = published::find_version(&mut conn, version.parse()?).await?;
        achievements.push((id, published.definition.in_language(ui.language).title.to_owned()));
    }
    let mut rows = vec![];
    for queued in found {
        let published = published::find_version(&mut conn, queued.submission.version_id).await?;
        let at = queued.submission.submitted_at.unwrap_or(queued.submission.created_at);
        rows.push(Row {
            title: published.definition.in_language(ui.language).title.to_owned(),
            requirement: requirement_title(&published, &queued.submission),
            organization: published.organization_name.clone(),
            late: queued.submission.inner.is_waiting() && ui.now - at > LATE_DAYS * 86_400_000,
            at,
            queued,
        });
    }
    let organizations = memberships.iter().map(|m| (m.slug.clone(), m.name.clone())).collect();
    page(&QueuePage { ui, search, organizations, achievements, rows, next })
}

fn next_page(search: &Search, last: &QueueEntry) -> String {
    let at = last.submission.submitted_at.unwrap_or(0);
    let mark = Mark { key: at.to_string(), id: last.submission.id.to_string() };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("view", &search.view)
        .append_pair("organization", &search.organization)
        .append_pair("achievement", &search.achievement)
        .append_pair("after", &mark.to_string())
        .finish();
    format!("/reviews?{query}")
}

fn requirement_title(published: &published::PublishedVersion, s: &SubmissionRow) -> String {
    published.definition.requirement.leaf(&s.requirement).map_or("", |l| l.title()).to_owned()
}

/// A piece of evidence beside the rubric.
struct Piece {
    evidence: Evidence,
    text: String,
    inline: bool,
    fresh: bool,
}

/// An earlier revision and what was said about it.
struct Earlier {
    revision: Revision,
    evidence: Vec<Evidence>,
    said: Vec<Feedback>,
}

/// A criterion with what the reviewer has chosen so far.
struct CriterionDraft<'a> {
    criterion: &'a Criterion,
    points: Option<u32>,
    comment: String,
}

#[derive(Template)]
#[template(path = "review/workspace.html")]
struct Workspace<'a> {
    ui: Ui,
    s: SubmissionRow,
    learner: String,
    title: String,
    requirement: String,
    brief: String,
    rubric: &'a Rubric,
    scored: Vec<CriterionDraft<'a>>,
    draft: Review,
    pieces: Vec<Piece>,
    earlier: Vec<Earlier>,
    appeals: Vec<(String, i64)>,
    state: &'static str,
    may_judge: bool,
    /// Why she may not.
    refusal: String,
    opened_by_me: bool,
    locked_by: Option<String>,
    error: String,
    said: Vec<Feedback>,
}

pub(super) async fn workspace(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response> {
    show(&app, ui, &actor, &id, None, (StatusCode::OK, String::new())).await
}

/// The workspace; after a refusal with what the reviewer had typed and why.
async fn show(
    app: &App,
    ui: Ui,
    actor: &Actor,
    id: &str,
    typed: Option<Review>,
    (status, error): (StatusCode, String),
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let s = submission::find_for_reviewer(&mut conn, actor, id.parse()?).await?;
    if s.inner.state == Standing::Draft {
        return Err(Error::NotFound.into());
    }
    let (rubric, published) = review::rubric_of(&mut conn, &s).await?;
    let draft = match typed {
        Some(typed) => typed,
        None => review::draft_of(&mut conn, actor, &s).await?,
    };
    let all = submission::evidence_of(&mut conn, &s).await?;
    let said = review::said_about(&mut conn, &s).await?;
    let revisions = submission::revisions_of(&mut conn, &s).await?;
    // a returned submission already counts its next revision; what was handed in is the one before
    let current = revisions.first().map_or(1, |r| r.number);
    let piece = |e: &Evidence| Piece {
        text: markdown(&e.body),
        inline: shows_inline(&e.media_type),
        fresh: current > 1 && e.added_revision == current,
        evidence: e.clone(),
    };
    let pieces = all.iter().filter(|e| e.belongs_to(current)).map(piece).collect();
    let earlier = revisions
        .iter()
        .filter(|r| r.number < current)
        .map(|r| Earlier {
            evidence: all.iter().filter(|e| e.belongs_to(r.number)).cloned().collect(),
            said: said.iter().filter(|x| x.revision == r.number).cloned().collect(),
            revision: r.clone(),
        })
        .collect();
    let learner = person::name(&mut conn, s.inner.learner).await?;
    let (opened_by_me, locked_by) = match &s.inner.state {
        Standing::InReview { by, since, .. } if *by != actor.person => {
            let fresh = ui.now - since.as_millisecond() < LOCK_MINUTES * 60_000;
            let name = if fresh { Some(person::name(&mut conn, *by).await?) } else { None };
            (false, name)
        }
        Standing::InReview { .. } => (true, None),
        _ => (false, None),
    };
    let refusal = review::may_judge(&mut conn, app, actor, &s, Lock::TakeOver).await.err();
    let scored = rubric.criteria.iter().map(|c| scored(c, &draft)).collect();
    let leaf = published.definition.requirement.leaf(&s.requirement);
    page_with(
        status,
        &Workspace {
            title: published.definition.in_language(ui.language).title.to_owned(),
            requirement: requirement_title(&published, &s),
            brief: markdown(leaf.map_or("", |l| l.brief())),
            state: s.inner.state.name(),
            may_judge: refusal.is_none(),
            refusal: refusal.map_or_else(String::new, |why| ui.refusal(why)),
            said: said.into_iter().filter(|x| x.revision == current).collect(),
            appeals: submission::appeals_of(&mut conn, &s).await?,
            rubric: &rubric,
            learner,
            ui,
            s,
            scored,
            draft,
            pieces,
            earlier,
            opened_by_me,
            locked_by,
            error,
        },
    )
}

fn scored<'a>(criterion: &'a Criterion, draft: &Review) -> CriterionDraft<'a> {
    let score = draft.scores.iter().find(|s| s.criterion == criterion.id);
    CriterionDraft {
        criterion,
        points: score.map(|s| s.points),
        comment: score.map_or(String::new(), |s| s.comment.clone()),
    }
}

#[derive(Deserialize)]
pub(super) struct OpenForm {
    take_over: Option<String>,
}

fn lock(take_over: Option<&String>) -> Lock {
    if take_over.is_some() { Lock::TakeOver } else { Lock::Respect }
}

pub(super) async fn open(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(form): Form<OpenForm>,
) -> Result<Response> {
    review::open(&app, &actor, id.parse()?, lock(form.take_over.as_ref())).await?;
    Ok(see(&format!("/reviews/{id}")))
}

/// The revision that was on the page from which a form comes; without a word of it the first.
fn revision_read(fields: &Fields) -> u32 {
    if fields.sent("revision") { fields.get("revision").parse().unwrap_or(0) } else { 1 }
}

/// Fields: `points-CRITERION`, `comment-CRITERION`, `comment`, `override_reason`,
/// `verdict`, `take_over`, `revision`.
fn read(fields: &Fields) -> Review {
    let mut scores = vec![];
    for (name, points) in fields.iter() {
        let Some(criterion) = name.strip_prefix("points-") else { continue };
        let Ok(points) = points.parse() else { continue };
        let comment = fields.get(&format!("comment-{criterion}")).trim().chars().take(5000).collect();
        scores.push(Score { criterion: criterion.to_owned(), points, comment });
    }
    let text = |name: &str| fields.get(name).trim().chars().take(10_000).collect();
    Review { scores, comment: text("comment"), override_reason: text("override_reason") }
}

pub(super) async fn draft(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let seen = Some(revision_read(&fields));
    review::keep_draft(&app, &actor, id.parse()?, seen, &read(&fields)).await?;
    Ok(Json(json!({ "saved": true })).into_response())
}

pub(super) async fn decide(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let review = read(&fields);
    let Some(verdict) = Verdict::parse(fields.get("verdict")) else {
        let why = (StatusCode::UNPROCESSABLE_ENTITY, ui.t("review-choose"));
        return show(&app, ui, &actor, &id, Some(review), why).await;
    };
    let seen = Some(revision_read(&fields));
    let lock = if fields.sent("take_over") { Lock::TakeOver } else { Lock::Respect };
    match review::decide(&app, &actor, id.parse()?, seen, verdict, review.clone(), lock).await {
        Ok(_) => Ok(see_saying("/reviews", &ui.word("review-done", verdict.name()))),
        // nothing that was typed is lost
        Err(Error::Refused(why)) => {
            let why = (StatusCode::UNPROCESSABLE_ENTITY, ui.words.refusal(&why));
            show(&app, ui, &actor, &id, Some(review), why).await
        }
        Err(Error::Conflict(why)) => {
            let why = (StatusCode::CONFLICT, ui.words.refusal(&why));
            show(&app, ui, &actor, &id, Some(review), why).await
        }
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::fields::form;
    use cairn_value::steps::is_linear;

    #[test]
    fn a_review_is_read_in_one_go() {
        for names in [&["points-#", "comment-#"][..], &["points-a"], &["comment-#"]] {
            is_linear(600, |n| form(n, names), |fields| read(&fields));
        }
    }
}
