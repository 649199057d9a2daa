//! Earning: enrol, read, answer, and, when the tree is met, be awarded.

pub mod privacy;
mod store;

use crate::published;
pub use store::{Attempt, EnrollmentRow};

use crate::app::App;
use crate::credential::{self, Again, Issuance, NewAward, document::Outcome};
use crate::error::{Error, Result};
use crate::person;
use crate::person::Actor;
use crate::published::PublishedVersion;
use cairn_domain::assessment::{Grade, Response, grade};
use cairn_domain::enrollment::{Occasion, Refusal, State, may_attempt, meet};
use cairn_domain::requirement::{Met, Requirement};
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_value::id::{AttemptId, EnrollmentId, OrganizationId};
use serde_json::json;

/// Starts to work on the published version, or goes on where it was left.
pub async fn enroll(app: &App, actor: &Actor, key: &str) -> Result<EnrollmentId> {
    let mut tx = app.db.begin().await?;
    let published = published::find_published(&mut tx, key).await?;
    if let Some(open) = store::open_of(&mut tx, actor.person, published.achievement).await? {
        return Ok(open.id);
    }
    crate::confirmation::require_may_issue(&mut tx, app, published.organization).await?;
    let now = app.clock.now();
    let before = store::run_out(&mut tx, actor.person, published.version, now.as_millisecond()).await?;
    let enrolled = EnrollmentRow {
        organization: published.organization,
        id: EnrollmentId(id::fresh()),
        learner: actor.person,
        achievement: published.achievement,
        version_id: published.version,
        state: State::Active,
        progress: std::collections::BTreeMap::new(),
        occasion: before.as_deref().map_or(Occasion::First, Occasion::parse),
        started_at: now.as_millisecond(),
        version: 0,
    };
    store::insert(&mut tx, &enrolled).await?;
    record(&mut tx, app, actor, &enrolled, "enrollment.started", json!({})).await?;
    tx.commit().await?;
    Ok(enrolled.id)
}

async fn record(
    conn: &mut Conn,
    app: &App,
    actor: &Actor,
    e: &EnrollmentRow,
    kind: &'static str,
    body: serde_json::Value,
) -> Result<()> {
    let event = Event {
        organization: Some(e.organization),
        actor: actor.log_name(),
        kind,
        subject: e.id.to_string(),
        body,
    };
    event::record(conn, app, event).await?;
    Ok(())
}

/// The learner's own enrolment with its version; somebody else's is not found.
pub async fn find(
    conn: &mut Conn,
    actor: &Actor,
    id: EnrollmentId,
) -> Result<(EnrollmentRow, PublishedVersion)> {
    let enrolled = store::find_of(conn, actor.person, id).await?.ok_or(Error::NotFound)?;
    let published = published::find_version(conn, enrolled.version_id).await?;
    Ok((enrolled, published))
}

/// An enrolment for those who review in its organisation.
pub(crate) async fn find_in(
    conn: &mut Conn,
    organization: OrganizationId,
    id: EnrollmentId,
) -> Result<(EnrollmentRow, PublishedVersion)> {
    let enrolled = store::find_in(conn, organization, id).await?.ok_or(Error::NotFound)?;
    let published = published::find_version(conn, enrolled.version_id).await?;
    Ok((enrolled, published))
}

/// All enrolments of a learner, newest first.
pub async fn of_learner(conn: &mut Conn, actor: &Actor) -> Result<Vec<EnrollmentRow>> {
    store::of_learner(conn, actor.person).await
}

/// All attempts of an enrolment at its quizzes, as its learner may take them away.
pub async fn all_attempts_of(conn: &mut Conn, e: &EnrollmentRow) -> Result<Vec<serde_json::Value>> {
    let published = published::find_version(conn, e.version_id).await?;
    let mut out = vec![];
    for leaf in published.definition.requirement.leaves() {
        if !matches!(leaf, Requirement::Assessment { .. }) {
            continue;
        }
        for a in store::attempts(conn, e, leaf.id()).await? {
            out.push(json!({ "requirement": leaf.id(), "number": a.number, "at": a.finished_at, "responses": a.responses, "grade": a.grade }));
        }
    }
    Ok(out)
}

/// A learner's attempts at one quiz, the latest first.
pub async fn attempts_of(conn: &mut Conn, e: &EnrollmentRow, leaf: &str) -> Result<Vec<Attempt>> {
    store::attempts(conn, e, leaf).await
}

/// How many attempts at one quiz are used up on this occasion.
pub async fn used_attempts(conn: &mut Conn, e: &EnrollmentRow, leaf: &str) -> Result<u32> {
    Ok(store::used_attempts(conn, e, leaf).await?)
}

/// The leaf, when the enrolment is one that can be worked on.
pub fn open_leaf<'a>(
    e: &EnrollmentRow,
    published: &'a PublishedVersion,
    leaf: &str,
) -> Result<&'a Requirement> {
    if e.state != State::Active {
        return Err(Refusal::NotActive.into());
    }
    published.definition.requirement.leaf(leaf).ok_or(Error::NotFound)
}

/// The learner has read a module.
pub async fn read_module(app: &App, actor: &Actor, id: EnrollmentId, leaf: &str) -> Result<Option<Issuance>> {
    let mut tx = app.db.begin().await?;
    let (enrolled, published) = find(&mut tx, actor, id).await?;
    let Requirement::Module { .. } = open_leaf(&enrolled, &published, leaf)? else {
        return Err(Error::NotFound);
    };
    let met = Met::plainly(app.clock.now(), None);
    let issued = met_in(&mut tx, app, &actor.log_name(), enrolled, &published, leaf, met).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(issued)
}

/// Grades the answers to a quiz and keeps them as an attempt.
pub async fn answer(
    app: &App,
    actor: &Actor,
    id: EnrollmentId,
    leaf: &str,
    responses: Vec<Response>,
) -> Result<(Grade, Option<Issuance>)> {
    let mut tx = app.db.begin().await?;
    let (enrolled, published) = find(&mut tx, actor, id).await?;
    let requirement = open_leaf(&enrolled, &published, leaf)?;
    let so_far = store::attempts(&mut tx, &enrolled, leaf).await?.len();
    let used = store::used_attempts(&mut tx, &enrolled, leaf).await?;
    may_attempt(requirement, &enrolled.progress, used)?;
    let Requirement::Assessment { items, pass_percent, .. } = requirement else {
        return Err(Error::NotFound);
    };
    let graded = grade(items, &responses, *pass_percent);
    let attempt = store::Attempt {
        number: so_far as i64 + 1,
        finished_at: app.clock.now().as_millisecond(),
        responses,
        grade: graded.clone(),
    };
    let attempt_id = AttemptId(id::fresh());
    let kept = store::insert_attempt(&mut tx, &enrolled, attempt_id, leaf, used, &attempt).await;
    kept.map_err(|error| {
        if error.is_duplicate() {
            return Error::Conflict("quiz-sent-twice".into());
        }
        error
    })?;
    let body = json!({ "requirement": leaf, "percent": graded.percent, "passed": graded.passed });
    record(&mut tx, app, actor, &enrolled, "attempt.graded", body).await?;
    let mut issued = None;
    if graded.passed {
        let met = Met::plainly(app.clock.now(), Some(u32::from(graded.percent)));
        issued = met_in(&mut tx, app, &actor.log_name(), enrolled, &published, leaf, met).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok((graded, issued))
}

/// Meets a requirement with a badge that the learner has and that is valid now.
pub async fn use_badge(app: &App, actor: &Actor, id: EnrollmentId, leaf: &str) -> Result<Option<Issuance>> {
    let mut tx = app.db.begin().await?;
    let (enrolled, published) = find(&mut tx, actor, id).await?;
    let Requirement::PriorCredential { achievement: wanted, .. } = open_leaf(&enrolled, &published, leaf)?
    else {
        return Err(Error::NotFound);
    };
    // a retired one still counts
    let (wanted, _) = published::find_current(&mut tx, &wanted.replace('/', ".")).await?;
    let now = app.clock.now().as_millisecond();
    let Some(badge) = store::valid_badge(&mut tx, actor.person, wanted.achievement, now).await? else {
        return Err(Error::refused("badge-none"));
    };
    record(
        &mut tx,
        app,
        actor,
        &enrolled,
        "badge.counted",
        json!({ "requirement": leaf, "credential": badge }),
    )
    .await?;
    let met = Met::plainly(app.clock.now(), None);
    let issued = met_in(&mut tx, app, &actor.log_name(), enrolled, &published, leaf, met).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(issued)
}

/// Gives up; what was done is kept, and enrolling again starts anew.
pub async fn withdraw(app: &App, actor: &Actor, id: EnrollmentId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let (mut enrolled, _) = find(&mut tx, actor, id).await?;
    if enrolled.state != State::Active {
        return Err(Refusal::NotActive.into());
    }
    enrolled.state = State::Withdrawn;
    let now = app.clock.now().as_millisecond();
    if !store::save(&mut tx, &enrolled, Some(now)).await? {
        return Err(conflict());
    }
    record(&mut tx, app, actor, &enrolled, "enrollment.withdrawn", json!({})).await?;
    tx.commit().await?;
    Ok(())
}

fn conflict() -> Error {
    Error::Conflict("changed".into())
}

/// Records in the caller's transaction that a leaf is met; when that completes
/// the tree, awards and issues at once.
pub(crate) async fn met_in(
    conn: &mut Conn,
    app: &App,
    actor: &str,
    mut enrolled: EnrollmentRow,
    published: &PublishedVersion,
    leaf: &str,
    met: Met,
) -> Result<Option<Issuance>> {
    let now = app.clock.now();
    let complete = meet(&published.definition.requirement, &mut enrolled.progress, leaf, met)?;
    let ended = complete.then_some(now.as_millisecond());
    if complete {
        enrolled.state = State::Awarded;
    }
    if !store::save(conn, &enrolled, ended).await? {
        return Err(conflict());
    }
    let kind = "requirement.met";
    let event = Event {
        organization: Some(enrolled.organization),
        actor: actor.to_owned(),
        kind,
        subject: enrolled.id.to_string(),
        body: json!({ "requirement": leaf }),
    };
    event::record(conn, app, event).await?;
    if !complete {
        return Ok(None);
    }
    let award = new_award(conn, app, &enrolled, published).await?;
    let issued = credential::issue(conn, app, published, actor, vec![award]).await?;
    credential::tell(conn, app, published, &issued).await?;
    Ok(issued.into_iter().next())
}

/// What the credential of a completed enrolment says.
async fn new_award(
    conn: &mut Conn,
    app: &App,
    e: &EnrollmentRow,
    published: &PublishedVersion,
) -> Result<NewAward> {
    let contact =
        person::contact(conn, e.learner).await?.ok_or_else(|| Error::refused("learner-no-address"))?;
    let mut outcomes = vec![];
    for leaf in published.definition.requirement.leaves() {
        let Some(met) = e.progress.get(leaf.id()) else { continue };
        match leaf {
            Requirement::Assessment { id, .. } => {
                outcomes.push(Outcome::Percent { leaf: id.clone(), percent: met.score.unwrap_or(0) });
            }
            Requirement::Project { id, .. } => {
                outcomes.extend(met.outcomes.iter().map(|reached| Outcome::Level {
                    leaf: id.clone(),
                    criterion: reached.criterion.clone(),
                    points: reached.points,
                }));
            }
            _ => {}
        }
    }
    Ok(NewAward {
        reason: format!("enrollment:{}", e.id),
        person: Some(e.learner),
        name: contact.name,
        address: contact.address,
        enrollment: Some(e.id),
        at: app.clock.now(),
        outcomes,
        evidence: store::shown(conn, e).await?,
        // what was earned anew stands on evidence of its own
        again: Again::Anew,
    })
}

/// How many there are.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    Ok(store::count(conn).await?)
}
