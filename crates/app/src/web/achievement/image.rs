//! The badge picture's page: generated, or uploaded and made safe.

use super::frame::{Frame, SaveOutcome, keep_with, read};
use crate::http::form::{MOST_LINE, UploadForm};
use crate::http::problem::Result;
use crate::http::{Errors, Fields};
use crate::http::{SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::person::Actor;
use cairn_platform::blob::ReceivedBlob;
use cairn_platform::heavy::detached;
use cairn_platform::picture::{DRAWING, MOST_BYTES, Safe, make_safe};
use cairn_platform::picture_fault::PictureFault;
use cairn_value::id::PersonId;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

#[derive(Template)]
#[template(path = "achievement/image.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    is_uploaded: bool,
    errors: Errors,
}

/// Largest form with a picture; the picture's own limit is told in words.
pub const MOST_FORM: usize = 2 * MOST_BYTES;

type Where = Path<(String, String)>;

/// Shows the picture and the ways to change it.
pub async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Where,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "image", &ui);
    page(&Page { ui, frame, is_uploaded: editing.definition.image.is_some(), errors: Errors::default() })
}

/// The version that the form was made of: uploads carry it in the address.
#[derive(Deserialize)]
pub struct SeenVersion {
    #[serde(default)]
    version: i64,
}

/// Takes an upload.
pub async fn upload(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Where,
    Query(seen): Query<SeenVersion>,
    request: Request,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let Some(turn) = Turn::of(actor.person) else {
        return Err(Error::Conflict("picture-busy".into()).into());
    };
    let safe = match received(request).await? {
        Some(bytes) => read_safely(bytes, turn).await?,
        None => Err(PictureFault::Large.into()),
    };
    let bytes = match safe {
        Ok(Safe::Png(bytes)) => bytes,
        Ok(Safe::Svg(text)) => text.into_bytes(),
        Err(why) => {
            let mut errors = Errors::default();
            errors.put("picture", ui.refusal(PictureFault::of(&why)));
            let frame = Frame::of(&editing, "image", &ui);
            let status = frame.status();
            let is_uploaded = editing.definition.image.is_some();
            return page_with(status, &Page { ui, frame, is_uploaded, errors });
        }
    };
    let picture = app.blobs.put(&editing.place_for_picture(), &bytes).await?;
    put(&app, &actor, ui, editing, seen.version, Some(picture)).await
}

/// Reading a picture takes a core for a moment, and memory; the turn lasts until it is read.
async fn read_safely(bytes: Vec<u8>, turn: Turn) -> Result<anyhow::Result<Safe>> {
    let permit = DRAWING.acquire().await.map_err(anyhow::Error::from)?;
    let reading = move || {
        let safe = make_safe(&bytes);
        drop((turn, permit));
        safe
    };
    Ok(detached(reading).await?)
}

/// One picture a person at a time.
struct Turn(PersonId);

static READING: Mutex<BTreeSet<PersonId>> = Mutex::new(BTreeSet::new());

impl Turn {
    /// None while another picture of hers is being read.
    fn of(person: PersonId) -> Option<Self> {
        let mut reading = READING.lock().unwrap_or_else(PoisonError::into_inner);
        reading.insert(person).then(|| Self(person))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        READING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Goes back to the generated picture.
pub async fn remove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    ui: Ui,
    Path((org, slug)): Where,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    put(&app, &actor, ui, editing, form.version(), None).await
}

async fn put(
    app: &App,
    actor: &Actor,
    ui: Ui,
    editing: cairn_actions::achievement::Editing,
    version: i64,
    picture: Option<ReceivedBlob>,
) -> Result<Response> {
    let mut mine = editing.definition.clone();
    mine.image = picture.as_ref().map(|p| p.name().to_owned());
    match keep_with(app, actor, &editing, version, &mine, picture).await? {
        SaveOutcome::Saved => {
            Ok(see_saying(&format!("{}/image", editing.path()), &ui.t("achievement-saved")))
        }
        SaveOutcome::Conflict => {
            let frame = Frame::of(&editing, "image", &ui).conflicting(&editing.definition, &mine, &ui);
            let status = frame.status();
            let is_uploaded = editing.definition.image.is_some();
            page_with(status, &Page { ui, frame, is_uploaded, errors: Errors::default() })
        }
    }
}

/// The file of the form; none when it is too large.
async fn received(request: Request) -> Result<Option<Vec<u8>>> {
    let mut form = UploadForm::of(request).await?;
    while let Some(part) = form.next().await? {
        if part.name() == "picture" {
            return part.bytes(MOST_BYTES).await;
        }
        part.text(MOST_LINE).await?;
    }
    Err(Error::refused("upload-broken").into())
}
