//! The badge picture's page: generated, or uploaded and made safe.

use super::fields::{Errors, Fields};
use super::frame::{Frame, Kept, keep, read};
use crate::App;
use crate::platform::error::{Error, Result};
use crate::platform::picture::{MOST_BYTES, Safe, make_safe};
use crate::platform::web::upload::broken;
use crate::platform::web::{Actor, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "achievement/image.html")]
struct Page {
    ui: Ui,
    frame: Frame,
    is_uploaded: bool,
    errors: Errors,
}

type Place = Path<(String, String)>;

/// Shows the picture and the ways to change it.
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    ui: Ui,
    Path((org, slug)): Place,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let frame = Frame::of(&editing, "image", &ui);
    page(&Page { ui, frame, is_uploaded: editing.definition.image.is_some(), errors: Errors::default() })
}

/// The version that the form was made of: uploads carry it in the address.
#[derive(Deserialize)]
pub struct Seen {
    #[serde(default)]
    version: i64,
}

/// Takes an upload.
pub async fn upload(
    State(app): State<App>,
    actor: Actor,
    ui: Ui,
    Path((org, slug)): Place,
    Query(seen): Query<Seen>,
    form: Multipart,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    let safe = match received(form).await? {
        // reading a picture takes a core for a moment
        Some(bytes) => {
            tokio::task::spawn_blocking(move || make_safe(&bytes)).await.map_err(anyhow::Error::from)?
        }
        None => Err(anyhow::anyhow!("the picture is larger than 2 MB")),
    };
    let blob = match safe {
        Ok(Safe::Png(bytes)) => app.blobs.put(&bytes).await?,
        Ok(Safe::Svg(text)) => app.blobs.put(text.as_bytes()).await?,
        Err(why) => {
            let mut errors = Errors::default();
            errors.put("picture", ui.words.refusal(&why.to_string()));
            let frame = Frame::of(&editing, "image", &ui);
            let status = frame.status();
            let is_uploaded = editing.definition.image.is_some();
            return page_with(status, &Page { ui, frame, is_uploaded, errors });
        }
    };
    put(&app, &actor, ui, editing, seen.version, Some(blob)).await
}

/// Goes back to the generated picture.
pub async fn remove(
    State(app): State<App>,
    actor: Actor,
    ui: Ui,
    Path((org, slug)): Place,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let editing = read(&app, &actor, &org, &slug).await?;
    put(&app, &actor, ui, editing, form.version(), None).await
}

async fn put(
    app: &App,
    actor: &Actor,
    ui: Ui,
    editing: super::Editing,
    version: i64,
    blob: Option<String>,
) -> Result<Response> {
    let mut mine = editing.definition.clone();
    mine.image = blob;
    match keep(app, actor, &editing, version, &mine).await? {
        Kept::Saved => Ok(see_saying(&format!("{}/image", editing.path()), &ui.t("achievement-saved"))),
        Kept::Conflict => {
            let frame = Frame::of(&editing, "image", &ui).conflicting(&editing.definition, &mine, &ui);
            let status = frame.status();
            let is_uploaded = editing.definition.image.is_some();
            page_with(status, &Page { ui, frame, is_uploaded, errors: Errors::default() })
        }
    }
}

/// The file of the form; none when it is too large.
async fn received(mut form: Multipart) -> Result<Option<Vec<u8>>> {
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("picture") {
            continue;
        }
        let mut bytes = vec![];
        while let Some(part) = field.chunk().await.map_err(broken)? {
            if bytes.len() + part.len() > MOST_BYTES {
                return Ok(None);
            }
            bytes.extend_from_slice(&part);
        }
        return Ok(Some(bytes));
    }
    Err(Error::refused("the upload broke off; send it again"))
}
