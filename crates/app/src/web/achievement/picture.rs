//! Badge pictures: generated from the definition or uploaded, as SVG and PNG,
//! for everybody who knows a published version.

use crate::http::problem::Result;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::published::Recent;
use cairn_actions::published::{PublishedVersion, find_version, is_picture_public};
use cairn_domain::achievement::Definition;
use cairn_domain::art::{Motif, badge_svg};
use cairn_domain::standing::Standing;
use cairn_platform::blob::Blobs;
use cairn_platform::heavy::detached;
use cairn_platform::picture;
use cairn_value::id::VersionId;
use std::sync::Arc;

/// Longer side of the PNG.
pub const SIDE: u32 = 600;

/// A badge's picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// As shapes; none when the upload was a PNG.
    pub svg: Option<String>,
    /// The same as pixels, its longer side 400 to 600.
    pub png: Vec<u8>,
}

static PICTURES: Recent<Picture> = Recent::new(40);

/// The picture of a published version.
pub async fn picture(app: &App, version: VersionId) -> Result<Picture> {
    Ok(Picture::clone(&*kept(app, version).await?))
}

async fn kept(app: &App, version: VersionId) -> Result<Arc<Picture>> {
    if let Some(picture) = PICTURES.get(version) {
        return Ok(picture);
    }
    let published = {
        let mut conn = app.db.read().await?;
        find_version(&mut conn, version).await?
    };
    let source = source(app, &published).await?;
    // drawing takes tens of milliseconds of a core
    let _permit = picture::DRAWING.acquire().await.map_err(anyhow::Error::from)?;
    if let Some(picture) = PICTURES.get(version) {
        // somebody else asked for it and was quicker
        return Ok(picture);
    }
    let stand_in = generated(&published.definition, drawn_name(&published), published.achievement);
    let drawing = move || {
        draw(source).or_else(|why| {
            // uploaded to an older Cairn, which allowed more
            tracing::warn!("The picture of version {version} is not drawn, a generated one is: {why:#}");
            draw(Source::Svg(stand_in))
        })
    };
    let drawn = detached(drawing).await??;
    Ok(PICTURES.put(version, drawn))
}

/// The issuer's name for a generated picture. One that the operator has declined, or that looks like another's, is
/// not drawn: badges that were issued before it was taken show this picture, too.
fn drawn_name(published: &PublishedVersion) -> &str {
    match published.standing {
        Standing::Contested | Standing::Held | Standing::Declined => "",
        Standing::Unconfirmed | Standing::NotLookedAt | Standing::Confirmed | Standing::Suspended => {
            &published.organization_name
        }
    }
}

enum Source {
    Svg(String),
    Png(Vec<u8>),
}

async fn source(app: &App, published: &PublishedVersion) -> Result<Source> {
    let Some(blob) = &published.definition.image else {
        let name = drawn_name(published);
        return Ok(Source::Svg(generated(&published.definition, name, published.achievement)));
    };
    uploaded(&app.blobs, blob).await
}

async fn uploaded(blobs: &Blobs, blob: &str) -> Result<Source> {
    let bytes = blobs.get(blob).await?;
    Ok(if bytes.starts_with(b"\x89PNG") {
        Source::Png(bytes)
    } else {
        Source::Svg(String::from_utf8(bytes).map_err(anyhow::Error::from)?)
    })
}

fn draw(source: Source) -> anyhow::Result<Picture> {
    match source {
        Source::Svg(svg) => {
            let png = picture::svg_to_png(&svg, SIDE)?;
            Ok(Picture { svg: Some(picture::svg_without_text(&svg)?), png })
        }
        Source::Png(png) => Ok(Picture { svg: None, png: picture::fit_png(&png, SIDE)? }),
    }
}

/// The generated badge. The achievement's id is the seed, so that its stones
/// stay the same from version to version.
pub fn generated(
    definition: &Definition,
    issuer: &str,
    achievement: cairn_value::id::AchievementId,
) -> String {
    badge_svg(&Motif {
        title: &definition.title,
        issuer,
        field: definition.field.name(),
        level: definition.level.eqf,
        seed: &achievement.to_string(),
    })
}

/// The picture of a draft, as it will be: media type and bytes.
pub async fn of_draft(
    app: &App,
    editing: &cairn_actions::achievement::draft::Editing,
) -> Result<(&'static str, Vec<u8>)> {
    if let Some(blob) = &editing.definition.image {
        return Ok(match uploaded(&app.blobs, blob).await? {
            Source::Svg(svg) => ("image/svg+xml", svg.into_bytes()),
            Source::Png(png) => ("image/png", png),
        });
    }
    let svg = generated(&editing.definition, &editing.organization_name, editing.achievement);
    // shapes instead of letters: the browser does not have the badges' font
    let _permit = picture::DRAWING.acquire().await.map_err(anyhow::Error::from)?;
    let shapes = detached(move || picture::svg_without_text(&svg)).await??;
    Ok(("image/svg+xml", shapes.into_bytes()))
}

/// `/images/{version}.svg` and `/images/{version}.png`
pub async fn serve(State(app): State<App>, Path(file): Path<String>) -> Result<Response> {
    let (version, kind) = file.split_once('.').ok_or(Error::NotFound)?;
    if !matches!(kind, "svg" | "png") {
        return Err(Error::NotFound.into());
    }
    let version = version.parse()?;
    let is_public = {
        let mut conn = app.db.read().await?;
        is_picture_public(&mut conn, &app, version).await?
    };
    if !is_public {
        return Err(Error::NotFound.into());
    }
    let picture = kept(&app, version).await?;
    Ok(match (kind, &picture.svg) {
        ("svg", Some(svg)) => bytes("image/svg+xml", svg.clone().into_bytes(), IMMUTABLE),
        // a PNG was uploaded: whoever asks for any picture gets it
        _ => bytes("image/png", picture.png.clone(), IMMUTABLE),
    })
}

const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// A picture as an answer, which may run nothing even when opened by itself.
pub fn bytes(kind: &'static str, bytes: Vec<u8>, cache: &'static str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    response
}
