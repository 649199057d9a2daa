//! A roster's file on its way in: to the blob store first, then read row by
//! row on a thread of its own and written in parts. Nobody sees a roster that
//! was not read to its end.

use crate::app::App;
use crate::error::{Error, Result};
use crate::person::Actor;
use crate::roster::csv::{BadFile, Column, Fault, MOST_ROWS, Problem, Roster, Row};
use crate::roster::store::{self, New};
use cairn_platform::blob::{Place, ReceivedBlob};
use cairn_platform::blob_use::{self, ReleasedBlobs};
use cairn_platform::event::{self, Event};
use cairn_platform::heavy::Work;
use cairn_platform::id;
use cairn_value::id::{OrganizationId, RosterId};
use cairn_value::refusal::{Argument, Refusal};
use futures_util::{Stream, StreamExt as _};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use tokio::sync::mpsc::{Sender, channel};

/// Rows that are written at once.
const PART: usize = 1000;
/// Milliseconds after which a roster that is still being read never will be.
const FORGOTTEN_MS: i64 = 3_600_000;

/// A file that has arrived.
#[derive(Debug)]
pub struct File {
    /// Its bytes, kept when a roster uses them.
    received: ReceivedBlob,
    /// As the browser named it.
    name: String,
}

/// Streams a file to its place.
pub async fn receive(
    app: &App,
    place: &Place,
    name: &str,
    chunks: impl Stream<Item = Result<impl AsRef<[u8]>>>,
) -> Result<File> {
    let mut chunks = std::pin::pin!(chunks);
    let mut incoming = app.blobs.receive(place).await?;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        if !incoming.has_room_for(chunk.as_ref().len()) {
            return Err(Error::invalid("file", "roster-file-too-large"));
        }
        incoming.write(chunk.as_ref()).await?;
    }
    let received = incoming.finish().await?;
    if received.size() == 0 {
        return Err(Error::invalid("file", "roster-file-empty"));
    }
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let name: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    Ok(File { received, name })
}

/// Makes a roster of a file. Bad rows do not hold up the good ones; a file
/// that cannot be read at all leaves nothing behind.
pub async fn upload(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    slug: &str,
    file: File,
) -> Result<RosterId> {
    let now = app.clock.now();
    let choice = super::choose(app, actor, organization, slug).await?;
    let id = RosterId(id::fresh());
    let new = New {
        id,
        choice,
        file_name: file.name,
        blob: file.received.name().to_owned(),
        created_by: actor.person,
        created_at: now.as_millisecond(),
    };
    let mut tx = app.db.begin().await?;
    let mut released = ReleasedBlobs::default();
    for old in store::half_read(&mut tx, organization, now.as_millisecond() - FORGOTTEN_MS).await? {
        released =
            released.and(super::take_out(&mut tx, organization, old.parse()?).await?.unwrap_or_default());
    }
    store::insert(&mut tx, organization, &new).await?;
    blob_use::keep(&mut tx, file.received, &super::read_from(organization, id)).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    match read(app, organization, &new).await {
        Ok(Ok(read)) => finish(app, actor, organization, &new, &read).await.map(|()| id),
        Ok(Err(bad)) => {
            forget(app, organization, id).await?;
            Err(Error::invalid("file", refusal_of(bad)?))
        }
        Err(error) => {
            forget(app, organization, id).await?;
            Err(error)
        }
    }
}

/// What was in the file.
struct FileCounts {
    total: i64,
    bad: i64,
    is_latin: bool,
}

async fn read(app: &App, organization: OrganizationId, new: &New) -> Result<Result<FileCounts, BadFile>> {
    let file = app.blobs.file(&new.blob).await?.into_std().await;
    let today = app.clock.now().to_zoned(TimeZone::UTC).date();
    let own = super::own_keys(&mut *app.db.read().await?, new.created_by).await?;
    let (send, mut parts) = channel(2);
    let heavy = app.clone();
    let reading =
        tokio::spawn(
            async move { heavy.heavy.run(Work::Read, move || read_parts(file, today, &send)).await },
        );
    let (mut total, mut bad) = (0, 0);
    while let Some(mut part) = parts.recv().await {
        for row in part.iter_mut().filter(|row| own.contains(&row.key)) {
            row.problems.push(Problem { fault: Fault::EmailOwn, value: row.address.clone() });
        }
        total += part.len() as i64;
        bad += part.iter().filter(|r| !r.problems.is_empty()).count() as i64;
        let mut tx = app.db.begin().await?;
        store::insert_rows(&mut tx, organization, new.id, part).await?;
        tx.commit().await?;
    }
    let read = reading.await.map_err(anyhow::Error::from)??;
    Ok(read.map(|is_latin| FileCounts { total, bad, is_latin }))
}

/// Reads to the end, part by part; true when the file is not UTF-8.
fn read_parts(file: std::fs::File, today: Date, send: &Sender<Vec<Row>>) -> Result<bool, BadFile> {
    let mut roster = Roster::open(file, today)?;
    let mut part = Vec::with_capacity(PART);
    while let Some(row) = roster.next()? {
        part.push(row);
        // nobody listens any more: the request was given up
        if part.len() == PART && send.blocking_send(std::mem::take(&mut part)).is_err() {
            break;
        }
    }
    if !part.is_empty() {
        let _ = send.blocking_send(part);
    }
    Ok(roster.is_latin())
}

async fn finish(
    app: &App,
    actor: &Actor,
    organization: OrganizationId,
    new: &New,
    read: &FileCounts,
) -> Result<()> {
    let encoding = if read.is_latin { "windows-1252" } else { "utf-8" };
    let mut tx = app.db.begin().await?;
    store::set_read(&mut tx, organization, new.id, (read.total, read.bad), encoding).await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.log_name(),
        kind: "roster.uploaded",
        subject: new.id.to_string(),
        body: json!({
            "achievement": new.choice.id, "version": new.choice.version, "file": new.blob,
            "total": read.total, "bad": read.bad,
        }),
    };
    event::record(&mut tx, app, event).await?;
    tx.commit().await?;
    Ok(())
}

async fn forget(app: &App, organization: OrganizationId, id: RosterId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let released = super::take_out(&mut tx, organization, id).await?.unwrap_or_default();
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(())
}

/// Why a file is no roster, and what to do.
fn refusal_of(bad: BadFile) -> Result<Refusal> {
    let column = |column: Column| Argument::Word(format!("roster-column-{}", column.name()));
    Ok(match bad {
        BadFile::Empty => Refusal::new("roster-file-empty"),
        BadFile::NotText => Refusal::new("roster-file-not-text"),
        BadFile::Utf16 => Refusal::new("roster-file-utf-16"),
        BadFile::NoRows => Refusal::new("roster-file-no-rows"),
        BadFile::TooManyRows => Refusal::new("roster-file-too-many").with("most", MOST_ROWS),
        BadFile::Missing(missing, found) => {
            Refusal::new("roster-file-missing").with("column", column(missing)).with("found", found)
        }
        BadFile::Twice(twice) => Refusal::new("roster-file-twice").with("column", column(twice)),
        BadFile::Endless(row) => Refusal::new("roster-file-endless").with("row", row.to_string()),
        BadFile::Io(error) => return Err(Error::Unexpected(error.into())),
    })
}
