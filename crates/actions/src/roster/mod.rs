//! Award at once to everybody on a list: upload, preview, award by a job.

pub mod csv;
pub mod job;
pub mod privacy;
pub mod record;
mod store;
pub mod upload;

pub use job::work;
pub use upload::{File, receive, upload};

use self::csv::Problem;
use crate::app::App;
use crate::credential;
use crate::error::{Error, Result};
use crate::person::{self, Actor};
use cairn_domain::permission::Intent;
use cairn_platform::blob::Place;
use cairn_platform::blob_use::{self, Kind, Owner, ReleasedBlobs};
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::heavy::Work;
use cairn_platform::id;
use cairn_platform::job as jobs;
use cairn_platform::text::Language;
use cairn_value::id::{OrganizationId, PersonId, RosterId};
use cairn_value::refusal::Refusal;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Seek as _, SeekFrom};
use store::New;
pub use store::{Choice, SavedRoster, State, StoredRow};

/// Rows that a preview shows of the good ones.
const FIRST_GOOD: i64 = 10;
/// Rows that a preview shows of the bad ones (the rest is in the download) and
/// of those whose people had the badge.
const FIRST_BAD: i64 = 100;

/// A roster as people see it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The roster.
    pub roster: SavedRoster,
    /// Good rows whose addresses have this badge already.
    pub awarded_before: i64,
    /// The first good rows.
    pub first: Vec<StoredRow>,
    /// The first bad rows.
    pub bad: Vec<StoredRow>,
    /// The first rows whose people had the badge.
    pub skipped: Vec<StoredRow>,
    /// The first rows of people whose badge was revoked; they were awarded nothing.
    pub revoked: Vec<StoredRow>,
    /// How many there are; while ready, how many there will be.
    pub revoked_count: i64,
    /// True when the job was given up.
    pub is_stuck: bool,
}

impl Preview {
    /// Badges that would be awarded.
    pub fn to_award(&self) -> i64 {
        self.roster.good() - self.awarded_before
    }

    /// While ready: good rows whose addresses have the badge in force.
    pub fn has_before(&self) -> i64 {
        self.awarded_before - self.revoked_count
    }

    /// Rows whose people had the badge.
    pub fn had_it(&self) -> i64 {
        self.roster.skipped - self.revoked_count
    }

    /// The state's name, and "failed" when the job was given up.
    pub fn state(&self) -> &'static str {
        if self.is_stuck { "failed" } else { self.roster.state.name() }
    }
}

/// The same person, the same version: one award, however many rosters name her.
fn reason(version: &str, key: &str) -> String {
    format!("roster:{version}:{key}")
}

fn job_id(id: RosterId) -> String {
    format!("roster-{id}")
}

/// The organisation with this slug, if the actor may award there.
pub fn awarder(actor: &Actor, slug: &str) -> Result<OrganizationId> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::Award)?;
    Ok(organization)
}

/// Room for a list, for whoever may award.
pub fn place(actor: &Actor, organization: OrganizationId) -> Result<Place> {
    actor.with(organization, Intent::Award)?;
    Ok(Place::granted(csv::MOST_BYTES))
}

/// Addresses of whoever acts, to whom she awards nothing: nobody says of herself what she has earned.
async fn own_keys(conn: &mut Conn, person: PersonId) -> Result<Vec<String>> {
    Ok(person::addresses(conn, person).await?.into_iter().map(|own| own.key).collect())
}

/// A published achievement of the organisation, to be awarded by this person.
async fn choose(app: &App, actor: &Actor, organization: OrganizationId, slug: &str) -> Result<Choice> {
    actor.with(organization, Intent::Award)?;
    let mut conn = app.db.read().await?;
    let choices = store::choices(&mut conn, organization).await?;
    let unknown = || Error::invalid("achievement", "roster-no-achievement");
    choices.into_iter().find(|c| c.slug == slug).ok_or_else(unknown)
}

/// A roster of an organisation in which the actor may award.
pub async fn find(
    conn: &mut Conn,
    actor: &Actor,
    organization: OrganizationId,
    id: RosterId,
) -> Result<SavedRoster> {
    actor.with(organization, Intent::Award)?;
    store::find(conn, organization, id).await?.ok_or(Error::NotFound)
}

/// A roster with its first rows.
pub async fn preview(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    id: RosterId,
) -> Result<Preview> {
    let mut conn = app.db.read().await?;
    let roster = find(&mut conn, actor, organization, id).await?;
    let is_ready = roster.state == State::Ready;
    let now = app.clock.now().as_millisecond();
    let awarded_before =
        if is_ready { store::count_awarded_before(&mut conn, organization, &roster, now).await? } else { 0 };
    let first =
        if is_ready { store::rows(&mut conn, organization, id, "ready", FIRST_GOOD).await? } else { vec![] };
    let bad = store::rows(&mut conn, organization, id, "bad", FIRST_BAD).await?;
    let (mut skipped, mut revoked, mut revoked_count) = (vec![], vec![], 0);
    if is_ready {
        revoked_count = store::count_revoked_before(&mut conn, organization, &roster, now).await?;
    } else if roster.skipped > 0 {
        skipped = store::rows(&mut conn, organization, id, "skipped", FIRST_BAD).await?;
        revoked = store::rows(&mut conn, organization, id, "revoked", FIRST_BAD).await?;
        revoked_count = store::count_rows(&mut conn, organization, id, "revoked").await?;
    }
    let is_stuck = is_stuck(&mut conn, &roster).await?;
    Ok(Preview { roster, awarded_before, first, bad, skipped, revoked, revoked_count, is_stuck })
}

pub async fn is_stuck(conn: &mut Conn, roster: &SavedRoster) -> Result<bool> {
    let state =
        if roster.state == State::Running { jobs::state(conn, &job_id(roster.id)).await? } else { None };
    Ok(state.as_deref() == Some("dead"))
}

/// A page of rosters, newest first.
pub async fn list(
    conn: &mut Conn,
    actor: &Actor,
    organization: OrganizationId,
    before: Option<RosterId>,
    limit: i64,
) -> Result<Vec<SavedRoster>> {
    actor.with(organization, Intent::Award)?;
    Ok(store::list(conn, organization, before, limit).await?)
}

/// What a roster may award.
pub async fn choices(conn: &mut Conn, actor: &Actor, organization: OrganizationId) -> Result<Vec<Choice>> {
    actor.with(organization, Intent::Award)?;
    Ok(store::choices(conn, organization).await?)
}

/// Starts the award. Starting again changes nothing, unless the job was given
/// up: then it goes on where it stopped.
pub async fn start(app: &App, actor: &Actor, organization: OrganizationId, id: RosterId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let roster = find(&mut tx, actor, organization, id).await?;
    let now = app.clock.now();
    if roster.good() == 0 {
        return Err(Error::refused("roster-no-good-row"));
    }
    crate::confirmation::require_may_issue(&mut tx, app, organization).await?;
    credential::reach::require_few(&mut tx, organization, roster.good()).await?;
    let own = own_keys(&mut tx, actor.person).await?;
    if let Some(row) = store::row_of(&mut tx, organization, id, &own).await? {
        return Err(Error::refused(Refusal::new("roster-own").with("row", row.to_string())));
    }
    // said now, to the person, rather than by the job to nobody
    let keys = credential::key::list(&mut tx, organization).await?;
    if keys.iter().all(|k| k.ended_at.is_some()) {
        return Err(Error::refused("organization-no-key"));
    }
    if store::set_running(&mut tx, organization, id, now.as_millisecond()).await? {
        let body = json!({ "organization": organization, "roster": id, "actor": actor.log_name() });
        jobs::enqueue(&mut tx, &job_id(id), "award_roster", &body, now).await?;
        let event = Event {
            organization: Some(organization),
            actor: actor.log_name(),
            kind: "roster.started",
            subject: id.to_string(),
            body: json!({ "achievement": roster.achievement, "version": roster.version, "good": roster.good() }),
        };
        event::record(&mut tx, app, event).await?;
    } else {
        jobs::revive(&mut tx, &job_id(id), now).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// Makes a new roster of an earlier one's good rows, for another achievement.
/// The days on which the earlier badge was earned are not those of the new one.
pub async fn copy(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    from: RosterId,
    slug: &str,
) -> Result<RosterId> {
    let choice = choose(app, actor, organization, slug).await?;
    let now = app.clock.now();
    let to = RosterId(id::fresh());
    let mut tx = app.db.begin().await?;
    let old = find(&mut tx, actor, organization, from).await?;
    let new = New {
        id: to,
        choice,
        file_name: old.file_name,
        blob: String::new(),
        created_by: actor.person,
        created_at: now.as_millisecond(),
    };
    store::insert(&mut tx, organization, &new).await?;
    let total = store::copy_rows(&mut tx, organization, from, to).await?;
    if total == 0 {
        return Err(Error::refused("roster-nothing-again"));
    }
    store::set_read(&mut tx, organization, to, (total, 0), "utf-8").await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "roster.uploaded",
        subject: to.to_string(),
        body: json!({
            "achievement": new.choice.id, "version": new.choice.version, "copy_of": from, "total": total, "bad": 0,
        }),
    };
    event::record(&mut tx, app, event).await?;
    tx.commit().await?;
    Ok(to)
}

/// The roster as the one that uses its file.
fn read_from(organization: OrganizationId, id: RosterId) -> Owner {
    Owner { organization, kind: Kind::Roster, id: id.to_string() }
}

/// Takes a roster that was not started out of the database, with its rows; none
/// when it was started.
async fn take_out(
    conn: &mut Conn,
    organization: OrganizationId,
    id: RosterId,
) -> Result<Option<ReleasedBlobs>> {
    if !store::remove(conn, organization, id).await? {
        return Ok(None);
    }
    Ok(Some(blob_use::release(conn, Kind::Roster, &id.to_string()).await?))
}

/// Removes a roster before it is started, with its rows and its file.
pub async fn remove(app: &App, actor: &Actor, organization: OrganizationId, id: RosterId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    find(&mut tx, actor, organization, id).await?;
    let Some(released) = take_out(&mut tx, organization, id).await? else {
        return Err(Error::refused("roster-started"));
    };
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "roster.removed",
        subject: id.to_string(),
        body: json!({}),
    };
    event::record(&mut tx, app, event).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(())
}

/// What is wrong and what to do, in one sentence.
pub fn advice(words: Language, problem: &Problem) -> String {
    words.text(&format!("roster-problem-{}", problem.fault.name()), &[("value", &problem.value)])
}

/// The bad rows as a file to correct: all its columns and one that says what to do.
pub async fn problems(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    id: RosterId,
) -> Result<(SavedRoster, tokio::fs::File)> {
    let (roster, rows) = {
        let mut conn = app.db.read().await?;
        let roster = find(&mut conn, actor, organization, id).await?;
        let rows = store::rows(&mut conn, organization, id, "bad", i64::from(csv::MOST_ROWS)).await?;
        (roster, rows)
    };
    if rows.is_empty() || roster.blob.is_empty() {
        return Err(Error::NotFound);
    }
    let words = actor.language;
    let input = app.blobs.file(&roster.blob).await?.into_std().await;
    let heading = words.text("roster-column-problem", &[]);
    let write = move || -> anyhow::Result<std::fs::File> {
        let told =
            |row: &StoredRow| row.problems.iter().map(|p| advice(words, p)).collect::<Vec<_>>().join(" ");
        let wanted: BTreeMap<u32, String> = rows.iter().map(|r| (r.number as u32, told(r))).collect();
        let mut out = tempfile::tempfile()?;
        csv::write_problems(input, &heading, &wanted, std::io::BufWriter::new(&out))
            .map_err(|e| anyhow::anyhow!("reading a roster again: {e:?}"))?;
        out.seek(SeekFrom::Start(0))?;
        Ok(out)
    };
    let out = app.heavy.run(Work::Read, write).await??;
    Ok((roster, tokio::fs::File::from_std(out)))
}
