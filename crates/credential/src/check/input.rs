//! What was handed in: JSON, a JWS, or a picture with one of them inside.

use serde_json::{Map, Value, json};

use super::{Check, Outcome, several};
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

/// An Open Badges 2.0 assertion as it was handed in.
pub(super) enum Legacy {
    /// The address of a hosted one.
    Url(String),
    /// The text of one that should be hosted.
    Json(Map<String, Value>),
    /// One in a compact JWS.
    Signed(Box<Jws>),
}

/// What was handed in.
pub(super) enum Read {
    Credential(Input),
    Legacy(Legacy),
}

fn failed(code: &str, message: impl Into<String>) -> (Check, Option<Read>) {
    (Check::new("format", Outcome::Failed, code, message), None)
}

pub(super) fn read(bytes: &[u8]) -> (Check, Option<Read>) {
    match Picture::sniff(bytes) {
        None => read_text(bytes, None),
        Some(picture) => match bake::unbake(bytes) {
            Err(error) => failed("nothing_baked", format!("No badge could be taken out: {error}.")),
            Ok(baked) => read_text(baked.text.as_bytes(), Some((picture, baked.version))),
        },
    }
}

fn read_text(bytes: &[u8], picture: Option<(Picture, Version)>) -> (Check, Option<Read>) {
    if bytes.len() > MOST_BYTES {
        return failed("too_large", "The credential is larger than 4 MiB.");
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    let (form, read) = match take_apart(bytes, picture.map(|(_, version)| version)) {
        Ok(taken) => taken,
        Err((code, message)) => return failed(code, message),
    };
    let baked = match picture {
        Some((Picture::Png, _)) => Some("png"),
        Some((Picture::Svg, _)) => Some("svg"),
        None => None,
    };
    let check = Check::new("format", Outcome::Passed, "readable", "The credential can be read.");
    (check.with(json!({"form": form, "baked": baked})), Some(read))
}

fn take_apart(
    bytes: &[u8],
    version: Option<Version>,
) -> Result<(&'static str, Read), (&'static str, String)> {
    if bytes.starts_with(b"{") {
        return match document::parse(bytes) {
            Ok(Value::Object(map)) if is_legacy(&map) => Ok(("json", Read::Legacy(Legacy::Json(map)))),
            Ok(Value::Object(map)) => Ok(("json", Read::Credential(Input::Json(map)))),
            Ok(_) => {
                Err(("not_a_credential", "This is not a credential: it is not a JSON object.".to_owned()))
            }
            Err(error) => Err(("not_json", format!("The credential cannot be read: {error}."))),
        };
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if let Ok(jws) = Jws::parse(text) {
        let jws = Box::new(jws);
        let legacy = is_legacy(&jws.payload);
        let read = if legacy { Read::Legacy(Legacy::Signed(jws)) } else { Read::Credential(Input::Jws(jws)) };
        return Ok(("jws", read));
    }
    if version == Some(Version::OpenBadges2)
        && text.starts_with("http")
        && !text.contains(char::is_whitespace)
    {
        return Ok(("url", Read::Legacy(Legacy::Url(text.to_owned()))));
    }
    let message = "This is neither a credential (JSON or JWS) nor a picture with one inside.";
    Err(("unknown_format", message.to_owned()))
}

/// An Open Badges 2.0 assertion.
fn is_legacy(map: &Map<String, Value>) -> bool {
    let contexts = several(map.get("@context"));
    let kinds = several(map.get("type"));
    contexts.iter().any(|context| context == "https://w3id.org/openbadges/v2")
        && kinds.iter().any(|kind| kind == "Assertion")
}

/// A credential that was fetched, in either form.
pub(super) fn read_fetched(bytes: &[u8]) -> Option<Input> {
    match read_text(bytes, None).1? {
        Read::Credential(input) => Some(input),
        Read::Legacy(_) => None,
    }
}
