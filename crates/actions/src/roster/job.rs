//! The award itself: two hundred rows at a time, each part in one transaction
//! with its credentials, letters and counts. A part that was not committed
//! never happened; the job goes on at the first row that is still ready.

use crate::app::App;
use crate::credential::{self, Again, Issuance, NewAward, Origin};
use crate::error::{Error, Result};
use crate::published;
use crate::published::PublishedVersion;
use crate::roster::store::{self, SavedRoster, StoredRow};
use cairn_platform::db::Tx;
use cairn_platform::event::{self, Event};
use cairn_platform::job::{self, Job, JobError};
use cairn_value::id::{OrganizationId, RosterId};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

/// Rows that are awarded in one transaction.
const PART: i64 = 200;

/// What the job was given.
#[derive(Debug, Deserialize)]
struct Body {
    organization: OrganizationId,
    roster: RosterId,
    actor: String,
}

/// The job `award_roster`.
pub async fn work(app: &App, job: &Job) -> Result<(), JobError> {
    let body: Body = serde_json::from_str(&job.body).map_err(|e| JobError::GiveUp(e.into()))?;
    let (roster, published) = load(app, &body).await.map_err(failed)?;
    while award_part(app, job, &body, &roster, &published).await.map_err(failed)? {}
    Ok(())
}

/// What may work a minute later is tried again; what is refused is not.
fn failed(error: Error) -> JobError {
    match error {
        Error::Unexpected(error) => JobError::Retry(error),
        Error::Conflict(why) => JobError::Retry(anyhow::anyhow!(why)),
        Error::TooMany(seconds) => JobError::Retry(anyhow::anyhow!("too many awards for {seconds} seconds")),
        other => JobError::GiveUp(anyhow::anyhow!("awarding a roster was refused: {other:?}")),
    }
}

async fn load(app: &App, body: &Body) -> Result<(SavedRoster, PublishedVersion)> {
    let mut conn = app.db.read().await?;
    let roster = store::find(&mut conn, body.organization, body.roster).await?.ok_or(Error::NotFound)?;
    let published = published::find_version(&mut conn, roster.version.parse()?).await?;
    Ok((roster, published))
}

/// False when nothing is left.
async fn award_part(
    app: &App,
    job: &Job,
    body: &Body,
    roster: &SavedRoster,
    published: &PublishedVersion,
) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    // first, so that a second worker waits here and then finds other rows
    job::keep_claim(&mut tx, &job.id, app.clock.now()).await?;
    // takes the roster's row: an account that is erased meanwhile comes before or after this part
    store::add_done(&mut tx, body.organization, body.roster, 0, 0).await?;
    let rows = store::rows(&mut tx, body.organization, body.roster, "ready", PART).await?;
    if rows.is_empty() {
        finish(app, tx, body).await?;
        return Ok(false);
    }
    let awards = awards(roster, &rows)?;
    let issued = credential::issue(&mut tx, app, published, &body.actor, awards).await?;
    credential::reach::count(&mut tx, app, body.organization, &issued).await?;
    credential::tell(&mut tx, app, published, &issued).await?;
    let became = |came: Origin| -> Vec<(i64, String)> {
        let those = rows.iter().zip(&issued).filter(|(_, i): &(_, &Issuance)| i.came == came);
        those.map(|(row, i)| (row.number, i.credential.to_string())).collect()
    };
    let (awarded, skipped, revoked) = (became(Origin::New), became(Origin::Before), became(Origin::Revoked));
    store::settle(&mut tx, body.organization, body.roster, "awarded", &awarded).await?;
    store::settle(&mut tx, body.organization, body.roster, "skipped", &skipped).await?;
    store::settle(&mut tx, body.organization, body.roster, "revoked", &revoked).await?;
    let (done, left_out) = (awarded.len() as i64, (skipped.len() + revoked.len()) as i64);
    store::add_done(&mut tx, body.organization, body.roster, done, left_out).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(true)
}

fn awards(roster: &SavedRoster, rows: &[StoredRow]) -> Result<Vec<NewAward>> {
    rows.iter()
        .map(|row| {
            let at = row.awarded_on.or(roster.started_at).unwrap_or(roster.created_at);
            Ok(NewAward {
                reason: super::reason(&roster.version, &row.key),
                person: None,
                name: row.name.clone(),
                address: row.address.clone(),
                enrollment: None,
                at: Timestamp::from_millisecond(at).map_err(anyhow::Error::from)?,
                outcomes: vec![],
                evidence: vec![],
                // a list says nothing about a revocation
                again: Again::No,
            })
        })
        .collect()
}

async fn finish(app: &App, mut tx: Tx, body: &Body) -> Result<()> {
    let now = app.clock.now();
    if store::set_done(&mut tx, body.organization, body.roster, now.as_millisecond()).await? {
        let roster = store::find(&mut tx, body.organization, body.roster).await?.ok_or(Error::NotFound)?;
        let event = Event {
            organization: Some(body.organization),
            actor: body.actor.clone(),
            kind: "roster.finished",
            subject: body.roster.to_string(),
            body: json!({ "awarded": roster.done, "skipped": roster.skipped }),
        };
        event::record(&mut tx, app, event).await?;
    }
    tx.commit().await?;
    Ok(())
}
