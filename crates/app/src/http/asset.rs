//! Styles, scripts, fonts and icons: part of the program, cached for ever by
//! an address that changes with their content.

use crate::http::problem::Result;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use cairn_actions::Error;
use cairn_platform::id::hex;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "ui/"]
#[include = "css/*"]
#[include = "js/*"]
#[include = "font/*.woff2"]
#[include = "icon/*"]
struct Files;

struct Assets {
    hash: String,
    files: BTreeMap<String, (Vec<u8>, &'static str)>,
}

fn assets() -> &'static Assets {
    static ASSETS: OnceLock<Assets> = OnceLock::new();
    ASSETS.get_or_init(|| {
        let mut files = BTreeMap::new();
        let mut css = String::new();
        let mut names: Vec<_> = Files::iter().collect();
        names.sort(); // _order.css, which names the order of the layers, comes first
        let mut hash = Sha256::new();
        for name in names {
            let Some(file) = Files::get(&name) else { continue };
            hash.update(name.as_bytes());
            hash.update(&file.data);
            if name.starts_with("css/") {
                css.push_str(&String::from_utf8_lossy(&file.data));
                css.push('\n');
            } else {
                files.insert(name.to_string(), (file.data.into_owned(), kind(&name)));
            }
        }
        files.insert("app.css".into(), (css.into_bytes(), "text/css; charset=utf-8"));
        Assets { hash: hex(&hash.finalize())[..12].to_owned(), files }
    })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("css") => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `/assets/HASH/NAME`
pub fn address(name: &str) -> String {
    format!("/assets/{}/{name}", assets().hash)
}

/// Answers an asset.
pub async fn serve(Path((hash, name)): Path<(String, String)>) -> Result<Response> {
    let all = assets();
    let (bytes, kind) = all.files.get(&name).ok_or(Error::NotFound)?;
    let cache = if hash == all.hash { "public, max-age=31536000, immutable" } else { "public, max-age=60" };
    let mut response = bytes.clone().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
}
