//! Everything that is stored about a person, as a zip to take away.

use crate::http::SignedIn;
use crate::http::problem::Result;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::App;
use cairn_actions::export::{self, Parcel};
use cairn_platform::heavy::Work;
use std::io::Write as _;
use zip::write::SimpleFileOptions;

pub(super) async fn download(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response> {
    let parcel = export::collect(&app, &actor).await?;
    let file = app.heavy.run(Work::Pack, move || pack(parcel)).await??;
    let mut response =
        Body::from_stream(tokio_util::io::ReaderStream::new(tokio::fs::File::from_std(file))).into_response();
    let all = response.headers_mut();
    all.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    all.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"cairn-account.zip\""),
    );
    all.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Packs into a file that is gone when it is closed.
fn pack(parcel: Parcel) -> anyhow::Result<std::fs::File> {
    use std::io::Seek as _;
    let mut zip = zip::ZipWriter::new(tempfile::tempfile()?);
    let options = SimpleFileOptions::default();
    for (name, text) in parcel.texts {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    for (name, place) in parcel.files {
        // a blob that is gone must not keep the rest from its owner
        let Ok(mut file) = std::fs::File::open(place) else { continue };
        zip.start_file(name, options)?;
        std::io::copy(&mut file, &mut zip)?;
    }
    let mut file = zip.finish()?;
    file.rewind()?;
    Ok(file)
}
