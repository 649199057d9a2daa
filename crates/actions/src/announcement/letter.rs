//! Letters to those who want them, and the token of their way out.

use super::store;
use crate::app::App;
use crate::confirmation;
use crate::error::{Error, Result};
use crate::person::Contact;
use cairn_domain::announcement::AnnouncementId;
use cairn_platform::id;
use cairn_platform::job::{self, Job, JobError};
use cairn_platform::mail::{self, Letter, WayOut};
use cairn_value::id::{OrganizationId, PersonId};
use serde::Deserialize;
use serde_json::json;

/// Letters in one transaction.
const PART: i64 = 200;

#[derive(Deserialize)]
struct Body {
    organization: OrganizationId,
    announcement: AnnouncementId,
    /// The last reader of the part before.
    after: String,
}

/// The job `tell_announcement`: writes to those who want letters, part by part. What was withdrawn meanwhile, or
/// comes from an organisation that was stopped, is not written.
pub async fn tell(app: &App, job: &Job) -> Result<(), JobError> {
    let body: Body = serde_json::from_str(&job.body).map_err(|e| JobError::GiveUp(e.into()))?;
    write_part(app, &body).await.map_err(|error| match error {
        Error::Unexpected(error) => JobError::Retry(error),
        other => JobError::GiveUp(anyhow::anyhow!("an announcement was not told: {other}")),
    })
}

async fn write_part(app: &App, body: &Body) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let found = store::find(&mut tx, body.organization, body.announcement).await?.ok_or(Error::NotFound)?;
    let standing = confirmation::standing(&mut tx, body.organization).await?;
    // whom nobody has confirmed is read on the desk, beside a word about that, and writes no letters
    let is_known = confirmation::notice(standing).is_none();
    if found.withdrawn_at.is_some() || !is_known || !confirmation::is_offered(app, standing) {
        return Ok(());
    }
    let name = store::name_of(&mut tx, body.organization).await?.unwrap_or_default();
    let readers = store::readers(&mut tx, &found, body.organization, &body.after, PART).await?;
    for reader in &readers {
        write(&mut tx, app, body, (&found.title, &found.body, &name), reader).await?;
    }
    if let Some(last) = readers.last().filter(|_| readers.len() as i64 == PART) {
        let id = format!("announcement-{}-{}", body.announcement, last.person);
        let next = json!({ "organization": body.organization, "announcement": body.announcement, "after": last.person });
        job::enqueue(&mut tx, &id, "tell_announcement", &next, app.clock.now()).await?;
    }
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

async fn write(
    conn: &mut cairn_platform::db::Conn,
    app: &App,
    body: &Body,
    (title, text, organization): (&str, &str, &str),
    reader: &Contact,
) -> Result<()> {
    let base = &app.config.base_url;
    let token = token(app, body.organization, &reader.person);
    let out = WayOut {
        page: format!("{base}/announcements/letters/{token}"),
        one_click: format!("{base}/api/v1/announcements/letters/{token}"),
    };
    let letter = Letter {
        id: format!("announcement-{}-{}", body.announcement, reader.person),
        kind: "announcement",
        address: &reader.address,
        person: Some(reader.person.clone()),
        language: reader.language,
        values: &[
            ("name", reader.name.as_str()),
            ("organization", organization),
            ("title", title),
            ("text", text),
        ],
        link: Some(format!("{base}/announcements")),
    };
    mail::write_with_way_out(conn, app, letter, &out).await?;
    Ok(())
}

/// Says whose letters to whom, and that we have said so: no row is needed, and nobody can make one.
fn token(app: &App, organization: OrganizationId, person: &str) -> String {
    format!("{organization}.{person}.{}", seal(app, &format!("{organization}.{person}")))
}

fn seal(app: &App, text: &str) -> String {
    id::hex(&app.keys.derive(&format!("announcement letters {text}"))[..16])
}

/// What a token says, when it is one of ours.
pub fn read_token(app: &App, token: &str) -> Option<(OrganizationId, PersonId)> {
    let (said, sealed) = token.rsplit_once('.')?;
    let (organization, person) = said.split_once('.')?;
    let read = (organization.parse().ok()?, person.parse().ok()?);
    id::same(&seal(app, said), sealed).then_some(read)
}
