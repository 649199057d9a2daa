//! What the demo's people did, played in the order of the days.

use crate::seed::read::{self, Enrollment, Evidence, Folder};
use crate::seed::{Cast, told};
use anyhow::{Context, Result};
use cairn_actions::App;
use cairn_actions::credential::{self, Sharing};
use cairn_actions::enrollment;
use cairn_actions::published;
use cairn_actions::review::{self, Lock};
use cairn_actions::submission::file::{Upload, kind};
use cairn_actions::submission::{self, HandIn, NewEvidence};
use cairn_domain::assessment::{Item, Question, Response};
use cairn_domain::award::Change;
use cairn_domain::requirement::Requirement;
use cairn_domain::review::Review;
use cairn_domain::submission::Verdict;
use cairn_value::id::{CredentialId, EnrollmentId, SubmissionId};
use cairn_value::time::{Timestamp, add_days};

/// One thing that happened to one enrolment; numbers are positions in it.
enum Step {
    Enroll,
    Prior,
    Read,
    Attempt(usize),
    HandIn(usize),
    Open(usize),
    Decide(usize),
    Appeal(usize),
    Withdraw,
    Share,
    Suspend,
    Revoke,
}

/// A step, how many days ago, and its place among the steps of that day.
struct Act {
    day: i64,
    order: usize,
    enrollment: usize,
    step: Step,
}

/// Plays everything.
pub async fn play(app: &App, folder: &Folder, cast: &Cast, today: Timestamp) -> Result<()> {
    let mut acts: Vec<Act> = vec![];
    for (n, e) in folder.enrollments.iter().enumerate() {
        for (order, (day, step)) in steps(e).into_iter().enumerate() {
            acts.push(Act { day, order, enrollment: n, step });
        }
    }
    acts.sort_by_key(|a| (-a.day, a.enrollment, a.order));
    let mut ids: Vec<Option<EnrollmentId>> = vec![None; folder.enrollments.len()];
    for act in acts {
        let e = &folder.enrollments[act.enrollment];
        // spread over the day, in order
        let minute = (act.enrollment * 7 % 300 + act.order * 11) as i64 - 600;
        let at = Timestamp::from_millisecond(add_days(today, -act.day).as_millisecond() + minute * 60_000)?;
        app.clock.set(at.min(today));
        one(app, cast, e, &act.step, &mut ids[act.enrollment])
            .await
            .with_context(|| format!("{} on {}, {} days ago", e.learner, e.achievement, act.day))?;
    }
    Ok(())
}

/// The steps of an enrolment with their days.
fn steps(e: &Enrollment) -> Vec<(i64, Step)> {
    let mut out = vec![(e.started, Step::Enroll), (e.started, Step::Prior)];
    let first = e.attempts.iter().map(|a| a.day).chain(e.submissions.iter().map(|s| s.day)).max();
    // modules are read before what is done with them, or a few days after the start
    let read = first.unwrap_or(e.started - 3).clamp(0, e.started);
    out.push((read, Step::Read));
    let mut worked: Vec<(i64, Step)> = vec![];
    worked.extend(e.attempts.iter().enumerate().map(|(n, a)| (a.day, Step::Attempt(n))));
    for (n, s) in e.submissions.iter().enumerate() {
        worked.push((s.day, Step::HandIn(n)));
        if let Some(review) = &s.review {
            worked.push((review.day, Step::Open(n)));
            if !review.started_only {
                worked.push((review.day, Step::Decide(n)));
            }
        }
        if let Some(appeal) = &s.appeal {
            worked.push((appeal.day, Step::Appeal(n)));
        }
    }
    worked.sort_by_key(|(day, _)| -day);
    let last = worked.last().map_or(read, |(day, _)| *day);
    out.extend(worked);
    out.extend(e.withdrawn.map(|day| (day, Step::Withdraw)));
    if let Some(c) = &e.credential {
        out.extend(c.share.then_some((last, Step::Share)));
        out.extend(c.suspended.map(|day| (day, Step::Suspend)));
        out.extend(c.revoked.map(|day| (day, Step::Revoke)));
    }
    out
}

async fn one(
    app: &App,
    cast: &Cast,
    e: &Enrollment,
    step: &Step,
    id: &mut Option<EnrollmentId>,
) -> Result<()> {
    let learner = cast.actor(app, &e.learner).await?;
    if let Step::Enroll = step {
        *id = Some(enrollment::enroll(app, &learner, &e.achievement.replace('/', ".")).await.map_err(told)?);
        return Ok(());
    }
    let id = id.context("not enrolled")?;
    match step {
        Step::Enroll => {}
        Step::Prior => use_badges(app, &learner, id).await?,
        Step::Read => {
            let published = version(app, &learner, id).await?;
            for leaf in published.definition.requirement.leaves() {
                let wanted = e.modules.iter().any(|m| m == "*" || m == leaf.id());
                if wanted && matches!(leaf, Requirement::Module { .. }) {
                    enrollment::read_module(app, &learner, id, leaf.id()).await.map_err(told)?;
                }
            }
        }
        Step::Attempt(n) => {
            let attempt = &e.attempts[*n];
            let published = version(app, &learner, id).await?;
            let leaf = published.definition.requirement.leaf(&attempt.requirement);
            let Some(Requirement::Assessment { items, .. }) = leaf else {
                anyhow::bail!("{} is not a quiz", attempt.requirement);
            };
            let answers = items.iter().enumerate().map(|(i, item)| answer(item, i < attempt.right)).collect();
            enrollment::answer(app, &learner, id, &attempt.requirement, answers).await.map_err(told)?;
        }
        Step::HandIn(n) => hand_in(app, &learner, id, &e.submissions[*n]).await?,
        Step::Open(n) | Step::Decide(n) => {
            let s = &e.submissions[*n];
            let r = s.review.as_ref().context("no review")?;
            let reviewer = cast.actor(app, &r.reviewer).await?;
            let submission = submission_of(app, &learner, id, &s.requirement).await?;
            if let Step::Open(_) = step {
                review::open(app, &reviewer, submission, Lock::TakeOver).await.map_err(told)?;
            } else {
                let verdict = Verdict::parse(&r.decision).context("a review needs a decision")?;
                let words = Review {
                    scores: r.scores.clone(),
                    comment: r.comment.clone(),
                    override_reason: String::new(),
                };
                let mut conn = app.db.read().await?;
                let found = submission::find_for_reviewer(&mut conn, &reviewer, submission).await;
                let read = Some(found.map_err(told)?.inner.revision);
                drop(conn);
                review::decide(app, &reviewer, submission, read, verdict, words, Lock::TakeOver)
                    .await
                    .map_err(told)?;
            }
        }
        Step::Appeal(n) => {
            let s = &e.submissions[*n];
            let appeal = s.appeal.as_ref().context("no appeal")?;
            let submission = submission_of(app, &learner, id, &s.requirement).await?;
            submission::appeal(app, &learner, submission, &appeal.text).await.map_err(told)?;
        }
        Step::Withdraw => enrollment::withdraw(app, &learner, id).await.map_err(told)?,
        Step::Share => {
            let credential = credential_of(app, &learner, id).await?;
            credential::set_sharing(app, &learner, credential, Sharing::Public).await.map_err(told)?;
        }
        Step::Suspend | Step::Revoke => {
            let c = e.credential.as_ref().context("no credential")?;
            let credential = credential_of(app, &learner, id).await?;
            let owner = keeper(app, cast, e).await?;
            let (change, reason) = match step {
                Step::Suspend => (Change::Suspend, &c.suspended_reason),
                _ => (Change::Revoke, &c.revoked_reason),
            };
            credential::change_status(app, &owner, credential, change, reason).await.map_err(told)?;
        }
    }
    Ok(())
}

async fn version(
    app: &App,
    learner: &cairn_actions::person::Actor,
    id: EnrollmentId,
) -> Result<published::PublishedVersion> {
    let mut conn = app.db.read().await?;
    Ok(enrollment::find(&mut conn, learner, id).await.map_err(told)?.1)
}

/// Somebody who may change a badge's status in the organisation.
pub async fn keeper(app: &App, cast: &Cast, e: &Enrollment) -> Result<cairn_actions::person::Actor> {
    let slug = e.achievement.split('/').next().unwrap_or("");
    for key in cast.people.keys() {
        let actor = cast.actor(app, key).await?;
        let may = actor.member(slug).is_ok_and(|m| m.may(cairn_domain::permission::Intent::ChangeStatus));
        if may {
            return Ok(actor);
        }
    }
    anyhow::bail!("nobody in {slug} may change a badge's status")
}

pub async fn use_badges(app: &App, learner: &cairn_actions::person::Actor, id: EnrollmentId) -> Result<()> {
    let published = version(app, learner, id).await?;
    for leaf in published.definition.requirement.leaves() {
        if matches!(leaf, Requirement::PriorCredential { .. }) {
            // without the badge the requirement stays open, as it would for anybody
            let _ = enrollment::use_badge(app, learner, id, leaf.id()).await;
        }
    }
    Ok(())
}

/// A right or a wrong answer.
fn answer(item: &Item, right: bool) -> Response {
    let mut out = Response { item: item.id.clone(), ..Response::default() };
    match &item.question {
        Question::Single { choices } => {
            out.chosen = choices.iter().position(|c| c.correct == right).into_iter().collect();
        }
        Question::Multiple { choices } => {
            let all = choices.iter().enumerate();
            out.chosen = all.filter(|(_, c)| c.correct == right).map(|(i, _)| i).collect();
        }
        Question::Number { answer, tolerance, .. } => {
            out.text = if right { answer.to_string() } else { (answer + tolerance + 1.0).to_string() };
        }
        Question::Text { answers } => {
            out.text = if right { answers.first().cloned().unwrap_or_default() } else { "?".into() };
        }
    }
    out
}

async fn hand_in(
    app: &App,
    learner: &cairn_actions::person::Actor,
    id: EnrollmentId,
    s: &read::Submission,
) -> Result<()> {
    let mut submission = None;
    for piece in &s.evidence {
        let new = match piece {
            Evidence::File { title, path } => {
                let bytes = read::evidence(path)?;
                let media_type =
                    kind(&bytes).with_context(|| format!("{path} is of a kind that is not accepted"))?;
                let file_name = path.rsplit('/').next().unwrap_or(path).to_owned();
                let room = submission::room(app, learner, id, &s.requirement).await.map_err(told)?;
                let received = app.blobs.put(&room.place, &bytes).await?;
                let file = Upload { received, file_name, media_type };
                NewEvidence::File { title: title.clone(), file }
            }
            Evidence::Link { title, url } => NewEvidence::Link { title: title.clone(), url: url.clone() },
            Evidence::Text { title, text } => NewEvidence::Text { title: title.clone(), body: text.clone() },
        };
        submission = Some(submission::add(app, learner, id, &s.requirement, new).await.map_err(told)?.0);
    }
    let submission = match submission {
        Some(submission) => submission,
        None => submission_of(app, learner, id, &s.requirement).await?,
    };
    if !s.draft {
        let with = HandIn { message: s.text.clone(), show_evidence: s.show_evidence };
        submission::submit(app, learner, submission, with).await.map_err(told)?;
    }
    Ok(())
}

async fn submission_of(
    app: &App,
    learner: &cairn_actions::person::Actor,
    id: EnrollmentId,
    leaf: &str,
) -> Result<SubmissionId> {
    let mut conn = app.db.read().await?;
    let (enrolled, _) = enrollment::find(&mut conn, learner, id).await.map_err(told)?;
    let all = submission::of_enrollment(&mut conn, enrolled.organization, id).await.map_err(told)?;
    all.into_iter()
        .find(|s| s.requirement == leaf)
        .map(|s| s.id)
        .with_context(|| format!("nothing handed in for {leaf}"))
}

pub async fn credential_of(
    app: &App,
    learner: &cairn_actions::person::Actor,
    id: EnrollmentId,
) -> Result<CredentialId> {
    let mut conn = app.db.read().await?;
    let found = credential::of_enrollment(&mut conn, learner.person, id).await.map_err(told)?;
    found.context("no badge came out of it")
}
