//! Judging: the queue, the workspace, the decision that counts.

pub mod privacy;
mod store;

use crate::published;
pub use crate::submission::{Filter, QueueEntry};

use crate::app::App;
use crate::credential::Issuance;
use crate::enrollment;
use crate::error::{Error, Result};
use crate::organization;
use crate::person;
use crate::person::Actor;
use crate::published::PublishedVersion;
use crate::submission::{self, SubmissionRow};
use cairn_domain::permission::Intent;
use cairn_domain::requirement::{CriterionLevel, Met};
use cairn_domain::review::{Decision, Review, decide as judge_by_rule};
use cairn_domain::rubric::{Rubric, Score};
use cairn_domain::submission::{Judge, Verdict};
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_platform::mail::{self, Letter};
use cairn_value::id::{ReviewId, SubmissionId};
use serde_json::json;

/// What a review said, as the learner reads it.
#[derive(Debug, Clone)]
pub struct Feedback {
    /// About which revision.
    pub revision: i64,
    /// The reviewer's name.
    pub reviewer: String,
    /// Scores and words.
    pub review: Review,
    /// What it led to.
    pub decision: Decision,
    /// Milliseconds UTC.
    pub at: i64,
}

/// Decided reviews of a submission, the latest first; drafts are the reviewer's own.
pub async fn said_about(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<Feedback>> {
    let kept = store::of_submission(conn, s).await?;
    let said = kept.into_iter().filter_map(|k| {
        Some(Feedback {
            revision: k.revision,
            reviewer: k.name,
            review: k.review,
            decision: k.decision?,
            at: k.decided_at?,
        })
    });
    Ok(said.collect())
}

/// A reviewer's own draft for the revision that is before her.
pub async fn draft_of(conn: &mut Conn, actor: &Actor, s: &SubmissionRow) -> Result<Review> {
    let (me, revision) = (actor.person.to_string(), i64::from(s.inner.revision));
    let kept = store::of_submission(conn, s).await?;
    let mine = kept.into_iter().find(|k| k.reviewer == me && k.revision == revision && k.decision.is_none());
    Ok(mine.map(|k| k.review).unwrap_or_default())
}

/// A page of the queue for this reviewer.
pub async fn queue(
    conn: &mut Conn,
    actor: &Actor,
    mut filter: Filter,
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    let mine: Vec<String> =
        actor.organizations_with(Intent::Review).iter().map(|m| m.organization.to_string()).collect();
    filter.organizations.retain(|o| mine.contains(o));
    if filter.organizations.is_empty() {
        filter.organizations = mine;
    }
    if filter.organizations.is_empty() {
        return Ok(vec![]);
    }
    filter.reviewer = actor.person.to_string();
    let conflicts = organization::conflicts_of(conn, actor.person).await?;
    submission::queue(conn, &filter, &conflicts, limit).await
}

/// Whether a reviewer takes over what another one has opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Leaves it to her.
    Respect,
    /// Takes it over, as agreed.
    TakeOver,
}

async fn judge(conn: &mut Conn, actor: &Actor, s: &SubmissionRow, lock: Lock) -> Result<Judge> {
    let conflict = organization::has_conflict(conn, s.organization, actor.person, s.inner.learner).await?;
    Ok(Judge { person: actor.person, conflict, takes_over: lock == Lock::TakeOver })
}

/// Why she may not judge it now, if she may not: as the rules say, whatever a page shows.
pub async fn may_judge(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    s: &SubmissionRow,
    lock: Lock,
) -> Result<(), cairn_domain::submission::Refusal> {
    let judge = match judge(conn, actor, s, lock).await {
        Ok(judge) => judge,
        Err(error) => {
            tracing::error!("Whether a conflict is declared could not be read: {error}");
            return Err(cairn_domain::submission::Refusal::Conflict);
        }
    };
    s.inner.may_judge(judge, app.clock.now())
}

/// What is in these organisations' queues: micro-credential and its newest version there.
pub async fn achievements(conn: &mut Conn, organizations: &[String]) -> Result<Vec<(String, String)>> {
    submission::in_queues(conn, organizations).await
}

/// Opens a submission: it is this reviewer's for a while.
pub async fn open(app: &App, actor: &Actor, id: SubmissionId, lock: Lock) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut s = submission::find_for_reviewer(&mut tx, actor, id).await?;
    let judge = judge(&mut tx, actor, &s, lock).await?;
    s.inner = s.inner.open(judge, app.clock.now())?;
    submission::save(&mut tx, &s).await?;
    submission::record(&mut tx, app, &actor.log_name(), &s, "submission.opened", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// A decision is about what was read. `read` is the revision that was; not said, it can only have been the first.
fn is_what_was_read(s: &SubmissionRow, read: Option<u32>) -> Result<()> {
    match read {
        Some(read) if read == s.inner.revision => Ok(()),
        None if s.inner.revision == 1 => Ok(()),
        None => Err(Error::invalid("revision", "review-revision")),
        Some(_) => Err(Error::Conflict("review-other-revision".into())),
    }
}

/// Keeps what the reviewer has so far.
pub async fn keep_draft(
    app: &App,
    actor: &Actor,
    id: SubmissionId,
    read: Option<u32>,
    review: &Review,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let s = submission::find_for_reviewer(&mut tx, actor, id).await?;
    if !s.inner.is_waiting() {
        return Err(cairn_domain::submission::Refusal::NotWaiting.into());
    }
    is_what_was_read(&s, read)?;
    let now = app.clock.now().as_millisecond();
    let new = store::Fresh {
        id: ReviewId(id::fresh()),
        reviewer: actor.person,
        revision: s.inner.revision,
        review,
        decision: None,
    };
    store::put(&mut tx, &s, &new, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The rubric by which a submission is judged, and its version.
pub async fn rubric_of(conn: &mut Conn, s: &SubmissionRow) -> Result<(Rubric, PublishedVersion)> {
    let published = published::find_version(conn, s.version_id).await?;
    let rubric = published
        .definition
        .requirement
        .leaf(&s.requirement)
        .and_then(cairn_domain::requirement::Requirement::rubric);
    Ok((rubric.ok_or(Error::NotFound)?, published))
}

/// The act that counts. Everything that follows from it is in one transaction:
/// submission, review, progress, and, when the tree is met, award, signed
/// credential, status-list position, audit events and letters. `read` is the
/// revision that the reviewer has read: another one that was handed in since is
/// not decided on unseen.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: SubmissionId,
    read: Option<u32>,
    verdict: Verdict,
    review: Review,
    lock: Lock,
) -> Result<Option<Issuance>> {
    let mut tx = app.db.begin().await?;
    let mut s = submission::find_for_reviewer(&mut tx, actor, id).await?;
    let (rubric, published) = rubric_of(&mut tx, &s).await?;
    let judge = judge(&mut tx, actor, &s, lock).await?;
    if s.inner.is_waiting() {
        is_what_was_read(&s, read)?;
    }
    let decision = judge_by_rule(&rubric, &review, verdict)?;
    let (now, revision) = (app.clock.now(), s.inner.revision);
    s.inner = s.inner.decide(judge, verdict, now)?;
    submission::save(&mut tx, &s).await?;
    let new = store::Fresh {
        id: ReviewId(id::fresh()),
        reviewer: actor.person,
        revision,
        review: &review,
        decision: Some(&decision),
    };
    if !store::put(&mut tx, &s, &new, now.as_millisecond()).await? {
        return Err(Error::Conflict("review-decided".into()));
    }
    let kind = match verdict {
        Verdict::Accept => "submission.accepted",
        Verdict::Return => "submission.returned",
        Verdict::Decline => "submission.declined",
    };
    let body =
        json!({ "revision": revision, "overridden": decision.overridden, "reason": review.override_reason });
    submission::record(&mut tx, app, &actor.log_name(), &s, kind, body).await?;
    tell_learner(&mut tx, app, &s, &published, verdict, &review, revision).await?;
    let mut issued = None;
    if verdict == Verdict::Accept {
        let (enrolled, published) = enrollment::find_in(&mut tx, s.organization, s.enrollment).await?;
        if enrolled.state == cairn_domain::enrollment::State::Active {
            let reached =
                |score: &Score| CriterionLevel { criterion: score.criterion.clone(), points: score.points };
            let met = Met {
                at: now,
                score: decision.tally.as_ref().map(|t| t.points),
                outcomes: review.scores.iter().map(reached).collect(),
                evidence: submission::judged(&mut tx, &s).await?,
            };
            let by = actor.log_name();
            issued = enrollment::met_in(&mut tx, app, &by, enrolled, &published, &s.requirement, met).await?;
        }
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(issued)
}

async fn tell_learner(
    conn: &mut Conn,
    app: &App,
    s: &SubmissionRow,
    published: &PublishedVersion,
    verdict: Verdict,
    review: &Review,
    revision: u32,
) -> Result<()> {
    let Some(learner) = person::contact(conn, s.inner.learner).await? else { return Ok(()) };
    let kind = match verdict {
        Verdict::Accept => "accepted",
        Verdict::Return => "returned",
        Verdict::Decline => "declined",
    };
    let requirement = published.definition.requirement.leaf(&s.requirement).map_or("", |l| l.title());
    let values = [
        ("name", learner.name.as_str()),
        ("title", published.definition.in_language(learner.language.code()).title),
        ("requirement", requirement),
        ("comment", review.comment.trim()),
    ];
    let letter = Letter {
        // the same revision is decided again only after an appeal
        id: format!("{kind}-{}-{revision}-{}", s.id, s.version),
        kind,
        address: &learner.address,
        person: Some(learner.person.clone()),
        language: learner.language,
        values: &values,
        link: Some(format!(
            "{}/enrollments/{}/requirements/{}",
            app.config.base_url, s.enrollment, s.requirement
        )),
    };
    mail::write(conn, app, letter).await?;
    Ok(())
}
