//! What was handed in: JSON, a JWS, or a picture with one of them inside.

use serde_json::{Map, Value, json};

use super::{Check, Outcome};
use crate::bake::{self, Picture, Version};
use crate::document;
use crate::jose::Jws;

/// The largest credential that is read.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A credential as it was handed in.
pub(super) enum Input {
    /// With Data Integrity proofs, or none.
    Json(Map<String, Value>),
    /// In a compact JWS.
    Jws(Box<Jws>),
}

impl Input {
    pub(super) fn credential(&self) -> &Map<String, Value> {
        match self {
            Self::Json(map) => map,
            Self::Jws(jws) => jws.credential(),
        }
    }
}

fn failed(code: &str, message: impl Into<String>) -> (Check, Option<Input>) {
    (Check::new("format", Outcome::Failed, code, message), None)
}

pub(super) fn read(bytes: &[u8]) -> (Check, Option<Input>) {
    match Picture::sniff(bytes) {
        None => read_text(bytes, None),
        Some(picture) => match bake::unbake(bytes) {
            Err(error) => failed("nothing_baked", error.to_string()),
            Ok(baked) if baked.version == Version::OpenBadges2 => {
                let message = "The picture holds an Open Badges 2.0 badge, which cannot be checked here.";
                (Check::new("format", Outcome::Unknown, "open_badges_2", message), None)
            }
            Ok(baked) => read_text(baked.text.as_bytes(), Some(picture)),
        },
    }
}

fn read_text(bytes: &[u8], picture: Option<Picture>) -> (Check, Option<Input>) {
    if bytes.len() > MOST_BYTES {
        return failed("too_large", "The credential is larger than 4 MiB.");
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    let (form, input) = if bytes.starts_with(b"{") {
        match document::parse(bytes) {
            Ok(Value::Object(map)) => ("json", Input::Json(map)),
            Ok(_) => return failed("not_a_credential", "This is not a credential: it is not a JSON object."),
            Err(error) => return failed("not_json", format!("The credential cannot be read: {error}.")),
        }
    } else {
        let Some(input) = read_jws(bytes) else {
            let message = "This is neither a credential (JSON or JWS) nor a picture with one inside.";
            return failed("unknown_format", message);
        };
        ("jws", input)
    };
    let baked = match picture {
        Some(Picture::Png) => Some("png"),
        Some(Picture::Svg) => Some("svg"),
        None => None,
    };
    let check = Check::new("format", Outcome::Passed, "readable", "The credential can be read.");
    (check.with(json!({"form": form, "baked": baked})), Some(input))
}

fn read_jws(bytes: &[u8]) -> Option<Input> {
    Some(Input::Jws(Box::new(Jws::parse(std::str::from_utf8(bytes).ok()?).ok()?)))
}

/// A credential that was fetched, in either form.
pub(super) fn read_fetched(bytes: &[u8]) -> Option<Input> {
    read_text(bytes, None).1
}
