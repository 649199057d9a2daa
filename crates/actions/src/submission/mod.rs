//! Handing in: evidence is collected, handed in, returned, handed in again.

pub mod file;
pub mod privacy;
mod store;

pub use store::{Evidence, Filter, QueueEntry, Revision, SubmissionRow};

use crate::app::App;
use crate::credential;
use crate::enrollment;
use crate::error::{Error, Result};
use crate::organization;
use crate::person::Actor;
use crate::published::PublishedVersion;
use crate::submission::file::Upload;
use cairn_domain::permission::Intent;
use cairn_domain::submission::{EvidenceKind, Refusal, Submission};
use cairn_platform::blob::{Place, ReceivedBlob};
use cairn_platform::blob_use::{self, Kind, Owner, ReleasedBlobs};
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_platform::mail::{self, Letter};
use cairn_value::id::{EnrollmentId, EvidenceId, OrganizationId, SubmissionId};
use serde_json::json;

/// Most artefacts in one revision.
const MOST_EVIDENCE: usize = 50;
/// Bytes of the longest text: 50,000 characters of four bytes.
pub const MOST_TEXT: usize = 200_000;
/// Something to add to a submission.
#[derive(Debug)]
pub enum NewEvidence {
    /// A file that has arrived.
    File {
        /// What it is called; empty is the file's name.
        title: String,
        /// The file.
        file: Upload,
    },
    /// An address.
    Link {
        /// What it is called; empty is the address.
        title: String,
        /// `https://…`
        url: String,
    },
    /// Words.
    Text {
        /// What it is called.
        title: String,
        /// The words.
        body: String,
    },
}

/// Room for files that a learner may add now.
#[derive(Debug)]
pub struct Room {
    /// For each of them.
    pub place: Place,
    /// How many; none is left at 0.
    pub files: usize,
}

/// Looks whether evidence may be added, before a file is taken in; adding looks again.
pub async fn room(app: &App, actor: &Actor, enrollment: EnrollmentId, leaf: &str) -> Result<Room> {
    let mut conn = app.db.read().await?;
    let (enrolled, published) = enrollment::find(&mut conn, actor, enrollment).await?;
    if enrollment::open_leaf(&enrolled, &published, leaf)?.rubric().is_none() {
        return Err(Error::NotFound);
    }
    let found = store::of_enrollment(&mut conn, enrolled.organization, enrollment).await?;
    let there = match found.into_iter().find(|s| s.requirement == leaf) {
        Some(submission) => pieces(&mut conn, &submission).await?,
        None => 0,
    };
    Ok(Room { place: Place::granted(app.config.max_upload), files: MOST_EVIDENCE - there })
}

/// How many pieces the draft has; refused when nothing can be added to it.
async fn pieces(conn: &mut Conn, submission: &SubmissionRow) -> Result<usize> {
    if !submission.inner.is_open() {
        return Err(Refusal::Closed.into());
    }
    let revision = i64::from(submission.inner.revision);
    let there = store::evidence(conn, submission).await?;
    let count = there.iter().filter(|e| e.belongs_to(revision)).count();
    if count >= MOST_EVIDENCE { Err(too_many()) } else { Ok(count) }
}

pub fn too_many() -> Error {
    Error::refused("evidence-most")
}

/// Adds evidence to the draft for a requirement, which is begun when there is none.
pub async fn add(
    app: &App,
    actor: &Actor,
    enrollment: EnrollmentId,
    leaf: &str,
    new: NewEvidence,
) -> Result<(SubmissionId, Evidence)> {
    let mut tx = app.db.begin().await?;
    let (enrolled, published) = enrollment::find(&mut tx, actor, enrollment).await?;
    if enrollment::open_leaf(&enrolled, &published, leaf)?.rubric().is_none() {
        return Err(Error::NotFound);
    }
    let now = app.clock.now().as_millisecond();
    let fresh = SubmissionRow {
        organization: enrolled.organization,
        id: SubmissionId(id::fresh()),
        enrollment,
        achievement: enrolled.achievement.to_string(),
        version_id: enrolled.version_id,
        requirement: leaf.to_owned(),
        inner: Submission::new(actor.person),
        message: String::new(),
        show_evidence: false,
        submitted_at: None,
        created_at: now,
        version: 0,
    };
    // of two that begin it at once one begins it, and both add to it
    store::begin(&mut tx, &fresh).await?;
    let submission = store::take(&mut tx, enrolled.organization, enrollment, leaf).await?;
    pieces(&mut tx, &submission).await?;
    let (evidence, file) = artefact(new, i64::from(submission.inner.revision))?;
    store::insert_evidence(&mut tx, &submission, &evidence, now).await?;
    if let Some(file) = file {
        blob_use::keep(&mut tx, file, &handed_in(submission.organization, evidence.id)).await?;
    }
    tx.commit().await?;
    Ok((submission.id, evidence))
}

/// A piece of evidence as the one that uses a file.
fn handed_in(organization: OrganizationId, evidence: EvidenceId) -> Owner {
    Owner { organization, kind: Kind::Evidence, id: evidence.to_string() }
}

fn artefact(new: NewEvidence, revision: i64) -> Result<(Evidence, Option<ReceivedBlob>)> {
    let short = |text: &str| text.trim().chars().take(200).collect::<String>();
    let mut out = Evidence {
        id: EvidenceId(id::fresh()),
        kind: EvidenceKind::Text,
        title: String::new(),
        file_name: String::new(),
        media_type: String::new(),
        size: 0,
        blob: String::new(),
        url: String::new(),
        body: String::new(),
        added_revision: revision,
        removed_revision: None,
    };
    let mut received = None;
    match new {
        NewEvidence::File { title, file } => {
            out.kind = EvidenceKind::File;
            out.title = if title.trim().is_empty() { file.file_name.clone() } else { short(&title) };
            out.media_type = file.media_type.to_owned();
            out.file_name = file.file_name;
            out.size = file.received.size() as i64;
            file.received.name().clone_into(&mut out.blob);
            received = Some(file.received);
        }
        NewEvidence::Link { title, url } => {
            let url = url.trim().to_owned();
            let parsed =
                url::Url::parse(&url).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
            if parsed.is_none() || url.len() > 2000 {
                return Err(Error::invalid("url", "url-form"));
            }
            out.kind = EvidenceKind::Link;
            out.title = if title.trim().is_empty() { short(&url) } else { short(&title) };
            out.url = url;
        }
        NewEvidence::Text { title, body } => {
            if body.trim().is_empty() {
                return Err(Error::invalid("body", "evidence-text-empty"));
            }
            if body.chars().count() > 50_000 {
                return Err(Error::invalid("body", "evidence-text-long"));
            }
            out.kind = EvidenceKind::Text;
            out.title = short(&title);
            out.body = body;
        }
    }
    Ok((out, received))
}

/// The learner's own submission; somebody else's is not found.
pub async fn find_own(conn: &mut Conn, actor: &Actor, id: SubmissionId) -> Result<SubmissionRow> {
    store::find(conn, id).await?.filter(|s| s.inner.learner == actor.person).ok_or(Error::NotFound)
}

/// A submission for those who review in its organisation. To whoever is in conflict with the learner it does not
/// exist, nor do its files.
pub async fn find_for_reviewer(conn: &mut Conn, actor: &Actor, id: SubmissionId) -> Result<SubmissionRow> {
    let found = store::find(conn, id).await?.ok_or(Error::NotFound)?;
    if reviews(conn, actor, &found).await? { Ok(found) } else { Err(Error::NotFound) }
}

async fn reviews(conn: &mut Conn, actor: &Actor, s: &SubmissionRow) -> Result<bool> {
    if actor.with(s.organization, Intent::Review).is_err() {
        return Ok(false);
    }
    Ok(!organization::has_conflict(conn, s.organization, actor.person, s.inner.learner).await?)
}

/// Takes a piece of evidence out of the draft. A file that was never handed in
/// is gone with it.
pub async fn remove(
    app: &App,
    actor: &Actor,
    id: SubmissionId,
    evidence: EvidenceId,
) -> Result<SubmissionRow> {
    let mut tx = app.db.begin().await?;
    let submission = find_own(&mut tx, actor, id).await?;
    if !submission.inner.is_open() {
        return Err(Refusal::Closed.into());
    }
    store::remove_evidence(&mut tx, &submission, evidence).await?;
    let mut released = ReleasedBlobs::default();
    if store::forget_file(&mut tx, &submission, evidence).await? {
        released = blob_use::release(&mut tx, Kind::Evidence, &evidence.to_string()).await?;
    }
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(submission)
}

/// What goes with the evidence when it is handed in.
#[derive(Debug, Clone)]
pub struct HandIn {
    /// To the reviewer.
    pub message: String,
    /// The learner agrees to show the evidence on the badge.
    pub show_evidence: bool,
}

/// Hands in: the revision is closed, the reviewers are told.
pub async fn submit(app: &App, actor: &Actor, id: SubmissionId, with: HandIn) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let mut submission = find_own(&mut tx, actor, id).await?;
    let (enrolled, published) = enrollment::find(&mut tx, actor, submission.enrollment).await?;
    enrollment::open_leaf(&enrolled, &published, &submission.requirement)?;
    let revision = i64::from(submission.inner.revision);
    let count =
        store::evidence(&mut tx, &submission).await?.iter().filter(|e| e.belongs_to(revision)).count();
    let now = app.clock.now();
    submission.inner = submission.inner.submit(count, now)?;
    submission.message = with.message.trim().chars().take(10_000).collect();
    submission.show_evidence = with.show_evidence;
    submission.submitted_at = Some(now.as_millisecond());
    save(&mut tx, &submission).await?;
    store::keep_revision(&mut tx, &submission, now.as_millisecond()).await?;
    record(
        &mut tx,
        app,
        &actor.log_name(),
        &submission,
        "submission.submitted",
        json!({ "revision": revision }),
    )
    .await?;
    tell_reviewers(&mut tx, app, &submission, &published).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// The learner disagrees with a decline.
pub async fn appeal(app: &App, actor: &Actor, id: SubmissionId, reason: &str) -> Result<SubmissionRow> {
    let mut tx = app.db.begin().await?;
    let mut submission = find_own(&mut tx, actor, id).await?;
    let now = app.clock.now();
    let reason: String = reason.trim().chars().take(10_000).collect();
    submission.inner = submission.inner.appeal(actor.person, &reason, now)?;
    save(&mut tx, &submission).await?;
    store::insert_appeal(&mut tx, &submission, &reason, now.as_millisecond()).await?;
    record(&mut tx, app, &actor.log_name(), &submission, "submission.appealed", json!({})).await?;
    let published = crate::published::find_version(&mut tx, submission.version_id).await?;
    tell_reviewers(&mut tx, app, &submission, &published).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(submission)
}

/// Saves in the caller's transaction; a conflict when somebody else was quicker.
pub(crate) async fn save(conn: &mut Conn, submission: &SubmissionRow) -> Result<()> {
    if store::save(conn, submission).await? {
        return Ok(());
    }
    Err(Error::Conflict("changed".into()))
}

/// Writes an event about a submission.
pub(crate) async fn record(
    conn: &mut Conn,
    app: &App,
    actor: &str,
    s: &SubmissionRow,
    kind: &'static str,
    body: serde_json::Value,
) -> Result<()> {
    let event = Event {
        organization: Some(s.organization),
        actor: actor.to_owned(),
        kind,
        subject: s.id.to_string(),
        body,
    };
    event::record(conn, app, event).await?;
    Ok(())
}

async fn tell_reviewers(
    conn: &mut Conn,
    app: &App,
    s: &SubmissionRow,
    published: &PublishedVersion,
) -> Result<()> {
    for reviewer in organization::reviewers_to_tell(conn, s.organization, s.inner.learner).await? {
        let title = published.definition.in_language(reviewer.language.code()).title;
        let values = [
            ("name", reviewer.name.as_str()),
            ("title", title),
            ("organization", &published.organization_name),
        ];
        let letter = Letter {
            id: format!("{}-{}-{}-{}", s.inner.state.name(), s.id, s.inner.revision, reviewer.person),
            kind: "submitted",
            address: &reviewer.address,
            person: Some(reviewer.person.clone()),
            language: reviewer.language,
            values: &values,
            link: Some(format!("{}/reviews/{}", app.config.base_url, s.id)),
        };
        mail::write(conn, app, letter).await?;
    }
    Ok(())
}

/// The submissions of an enrolment.
pub async fn of_enrollment(
    conn: &mut Conn,
    organization: OrganizationId,
    enrollment: EnrollmentId,
) -> Result<Vec<SubmissionRow>> {
    store::of_enrollment(conn, organization, enrollment).await
}

/// All evidence of a submission, of every revision.
pub async fn evidence_of(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<Evidence>> {
    store::evidence(conn, s).await
}

/// All that was handed in, the latest first.
pub async fn revisions_of(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<Revision>> {
    Ok(store::revisions(conn, s).await?)
}

/// Reasons of appeals, the latest first.
pub async fn appeals_of(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<(String, i64)>> {
    Ok(store::appeals(conn, s).await?)
}

/// The evidence of the revision that was judged, by reference.
pub async fn judged(conn: &mut Conn, s: &SubmissionRow) -> Result<Vec<EvidenceId>> {
    let revision = i64::from(s.inner.revision);
    let all = store::evidence(conn, s).await?;
    Ok(all.into_iter().filter(|e| e.belongs_to(revision)).map(|e| e.id).collect())
}

/// A file that the learner shows on a badge, for whoever may see that badge: it belongs to the very enrolment
/// that the badge comes from. What the badge's document names is the word of whoever corrected it, and opens nothing.
pub async fn file_on(conn: &mut Conn, badge: &credential::CredentialRow, id: EvidenceId) -> Result<Evidence> {
    let organization: OrganizationId = badge.organization.parse()?;
    let enrollment = credential::earned_by(conn, badge).await?.ok_or(Error::NotFound)?;
    if !store::is_shown(conn, organization, enrollment, id).await? {
        return Err(Error::NotFound);
    }
    let (evidence, _) = store::one(conn, Some(organization), id).await?.ok_or(Error::NotFound)?;
    if evidence.kind == EvidenceKind::File { Ok(evidence) } else { Err(Error::NotFound) }
}

/// A file for the learner who handed it in, or for those who review it.
pub async fn file_for(conn: &mut Conn, actor: &Actor, id: EvidenceId) -> Result<Evidence> {
    let (evidence, submission) = store::one(conn, None, id).await?.ok_or(Error::NotFound)?;
    let submission = store::find(conn, submission).await?.ok_or(Error::NotFound)?;
    let is_own = submission.inner.learner == actor.person;
    let may_see = is_own || reviews(conn, actor, &submission).await?;
    if evidence.kind == EvidenceKind::File && may_see { Ok(evidence) } else { Err(Error::NotFound) }
}

/// How many wait for a review.
pub async fn count_waiting(conn: &mut Conn) -> Result<i64> {
    Ok(store::count_waiting(conn).await?)
}

/// A page of the queue: what waits longest comes first; what is done, newest first. The caller says whose, and with
/// which learners (organisation and account) she is in conflict.
pub async fn queue(
    conn: &mut Conn,
    filter: &Filter,
    conflicts: &[(String, String)],
    limit: i64,
) -> Result<Vec<QueueEntry>> {
    store::queue(conn, filter, conflicts, limit).await
}

/// What is in these organisations' queues: micro-credential and its newest version there.
pub async fn in_queues(conn: &mut Conn, organizations: &[String]) -> Result<Vec<(String, String)>> {
    store::achievements(conn, organizations).await
}
