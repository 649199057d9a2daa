//! What was handed in: JSON, a JWS, an SD-JWT, COSE, an envelope or a picture with one of them inside.

use serde_json::{Map, Value, json};

use super::foreign::{self, Foreign};
use super::member::several;
use super::{Check, Outcome, schema};
use crate::bake::{self, BakeError, BakedBadge, Picture, Version};
use crate::cose::{self, Sign1};
use crate::document;
use crate::jose::{self, Envelope, Jws};
use crate::sd_jwt::SdJwt;

/// The largest credential that is read.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A credential as it was handed in.
pub(super) enum Input {
    /// With Data Integrity proofs, or none.
    Json(Map<String, Value>),
    /// In a compact JWS.
    Jws(Box<Jws>),
    /// In an SD-JWT, as far as it is disclosed.
    SdJwt(Box<Disclosing>),
    /// In a COSE_Sign1.
    Cose(Box<Sign1>),
}

/// An SD-JWT and what it discloses.
pub(super) struct Disclosing {
    pub sd_jwt: SdJwt,
    pub claims: Map<String, Value>,
}

impl Disclosing {
    /// True for a credential of SD-JWT VC, whatever else it is.
    pub(super) fn is_vc(&self) -> bool {
        self.claims.contains_key("vct") || self.sd_jwt.jws.typ() == "dc+sd-jwt"
    }

    /// The claims that say for whom it is shown: those of the holder's signature if there is one.
    pub(super) fn binding_claims(&self) -> &Map<String, Value> {
        self.sd_jwt.key_binding().map_or(&self.claims, |binding| &binding.payload)
    }
}

impl Input {
    /// What a JSON document is told that has nothing of a credential: to go on checking its parts would only seem to
    /// say something.
    pub(super) fn refusal(&self) -> Option<Check> {
        let Self::Json(map) = self else { return None };
        let says_so = several(map.get("type")).iter().any(|kind| kind == "VerifiableCredential");
        if says_so || map.contains_key("credentialSubject") {
            return None;
        }
        let message =
            "This is not a credential: it neither says that it is one nor says anything about anybody.";
        Some(Check::new("format", Outcome::Failed, "not_a_credential", message))
    }

    pub(super) fn credential(&self) -> &Map<String, Value> {
        match self {
            Self::Json(map) => map,
            Self::Jws(jws) => jws.credential(),
            Self::SdJwt(disclosing) => &disclosing.claims,
            Self::Cose(sign1) => &sign1.payload,
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
pub(super) enum Document {
    Credential(Input),
    Legacy(Legacy),
    /// An SD-JWT VC that is not in the W3C data model.
    Claims(Box<Disclosing>),
    /// A document of another kind.
    Foreign(Box<Foreign>),
}

fn failed(code: &str, message: impl Into<String>) -> (Check, Option<Document>) {
    (Check::new("format", Outcome::Failed, code, message), None)
}

pub(super) fn read(bytes: &[u8]) -> (Check, Option<Document>) {
    if let Some(check) = foreign::file(bytes) {
        return (check, None);
    }
    match Picture::sniff(bytes) {
        None => read_text(bytes, None),
        Some(picture) => match bake::unbake(bytes) {
            Err(error) => failed("nothing_baked", format!("No badge could be taken out: {error}.")),
            Ok(baked) => read_text(baked.text.as_bytes(), Some((picture, baked.version))),
        },
    }
}

/// Reads another badge of the same picture.
pub(super) fn read_other(picture: &[u8], baked: Result<BakedBadge, BakeError>) -> (Check, Option<Document>) {
    match (Picture::sniff(picture), baked) {
        (Some(picture), Ok(baked)) => read_text(baked.text.as_bytes(), Some((picture, baked.version))),
        (_, Err(error)) => failed("nothing_baked", format!("The badge could not be taken out: {error}.")),
        (None, Ok(_)) => failed("nothing_baked", "This is no picture."),
    }
}

fn read_text(bytes: &[u8], picture: Option<(Picture, Version)>) -> (Check, Option<Document>) {
    if bytes.len() > MOST_BYTES {
        return failed("too_large", "The credential is larger than 4 MiB.");
    }
    let taken = match take_apart(bytes, picture.map(|(_, version)| version)) {
        Ok(taken) => taken,
        Err((code, message)) => return failed(code, message),
    };
    let baked = match picture {
        Some((Picture::Png, _)) => Some("png"),
        Some((Picture::Svg, _)) => Some("svg"),
        None => None,
    };
    // what it is, is said with what can be said of it
    if let Document::Foreign(_) = &taken.read {
        return (Check::new("format", Outcome::Unknown, "foreign", ""), Some(taken.read));
    }
    let mut detail = json!({"form": taken.form, "baked": baked});
    if taken.enveloped {
        detail["enveloped"] = true.into();
    }
    let check = Check::new("format", Outcome::Passed, "readable", "The credential can be read.");
    (check.with(detail), Some(taken.read))
}

struct Intake {
    form: &'static str,
    enveloped: bool,
    read: Document,
}

impl Intake {
    fn new(form: &'static str, read: Document) -> Self {
        Self { form, enveloped: false, read }
    }
}

type NotTaken = (&'static str, String);

fn take_apart(bytes: &[u8], version: Option<Version>) -> Result<Intake, NotTaken> {
    // COSE begins with bytes no text begins with, and may end with any byte
    if matches!(bytes, [0xd2, 0x84, ..] | [0x84, ..]) {
        return take_cose(bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    if bytes.starts_with(b"{") {
        return take_json(bytes);
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if text.contains('~') {
        return take_sd_jwt(text);
    }
    if let Ok(jws) = Jws::parse(text) {
        let jws = Box::new(jws);
        let legacy = is_legacy(&jws.payload);
        let read = if legacy {
            Document::Legacy(Legacy::Signed(jws))
        } else {
            Document::Credential(Input::Jws(jws))
        };
        return Ok(Intake::new("jws", read));
    }
    if version == Some(Version::OpenBadges2)
        && text.starts_with("http")
        && !text.contains(char::is_whitespace)
    {
        return Ok(Intake::new("url", Document::Legacy(Legacy::Url(text.to_owned()))));
    }
    // a tag and a list of four in base64, or the list alone
    if let Ok(bytes @ ([0xd2, 0x84, ..] | [0x84, ..])) = cose::from_base64(text).as_deref() {
        return take_cose(bytes);
    }
    let message = "This is neither a credential (JSON, JWS, SD-JWT or COSE) nor a picture with one inside.";
    Err(("unknown_format", message.to_owned()))
}

fn take_json(bytes: &[u8]) -> Result<Intake, NotTaken> {
    match document::parse(bytes) {
        Ok(Value::Object(map)) if let Some(kind) = Foreign::of(&map) => {
            Ok(Intake::new("json", Document::Foreign(Box::new(Foreign::new(kind, map)))))
        }
        Ok(Value::Object(map)) if is_legacy(&map) => {
            Ok(Intake::new("json", Document::Legacy(Legacy::Json(map))))
        }
        Ok(Value::Object(map)) if is_enveloped(&map) => take_enveloped(map),
        Ok(Value::Object(map)) => Ok(Intake::new("json", Document::Credential(Input::Json(map)))),
        Ok(_) => Err(("not_a_credential", "This is not a credential: it is not a JSON object.".to_owned())),
        Err(error) => Err(("not_json", format!("The credential cannot be read: {error}."))),
    }
}

fn is_enveloped(map: &Map<String, Value>) -> bool {
    several(map.get("type")).iter().any(|kind| kind == "EnvelopedVerifiableCredential")
}

fn take_enveloped(map: Map<String, Value>) -> Result<Intake, NotTaken> {
    let malformed =
        |error: String| ("envelope_malformed", format!("The envelope cannot be opened: {error}."));
    let contexts = several(map.get("@context"));
    if !contexts.iter().all(Value::is_string) || !contexts.iter().any(|context| context == schema::V2) {
        return Err(malformed(format!("its @context is not {}", schema::V2)));
    }
    let (_, secured) = jose::opened(&Value::Object(map)).map_err(|error| malformed(error.to_string()))?;
    let taken = match secured {
        Envelope::Jws(compact) => {
            let jws = Jws::parse(&compact).map_err(|error| malformed(error.to_string()))?;
            Intake::new("jws", Document::Credential(Input::Jws(Box::new(jws))))
        }
        Envelope::SdJwt(text) => take_sd_jwt(&text)?,
        Envelope::Cose(bytes) => take_cose(&bytes)?,
    };
    Ok(Intake { enveloped: true, ..taken })
}

fn take_sd_jwt(text: &str) -> Result<Intake, NotTaken> {
    let read = SdJwt::parse(text).and_then(|sd_jwt| Ok((sd_jwt.claims()?, sd_jwt)));
    let (claims, sd_jwt) =
        read.map_err(|error| ("sd_jwt_malformed", format!("The SD-JWT cannot be read: {error}.")))?;
    let disclosing = Box::new(Disclosing { sd_jwt, claims });
    let in_data_model =
        ["credentialSubject", "@context"].iter().any(|name| disclosing.claims.contains_key(*name));
    let pure = disclosing.is_vc() && !in_data_model;
    let read =
        if pure { Document::Claims(disclosing) } else { Document::Credential(Input::SdJwt(disclosing)) };
    Ok(Intake::new("sd_jwt", read))
}

fn take_cose(bytes: &[u8]) -> Result<Intake, NotTaken> {
    let sign1 = Sign1::parse(bytes);
    let sign1 =
        sign1.map_err(|error| ("cose_malformed", format!("The credential cannot be read: {error}.")))?;
    Ok(Intake::new("cose", Document::Credential(Input::Cose(Box::new(sign1)))))
}

/// An Open Badges 2.0 assertion.
fn is_legacy(map: &Map<String, Value>) -> bool {
    let contexts = several(map.get("@context"));
    let kinds = several(map.get("type"));
    contexts.iter().any(|context| context == "https://w3id.org/openbadges/v2")
        && kinds.iter().any(|kind| kind == "Assertion")
}

/// A credential that was fetched, in any form.
pub(super) fn read_fetched(bytes: &[u8]) -> Option<Input> {
    match read_text(bytes, None).1? {
        Document::Credential(input) => Some(input),
        Document::Legacy(_) | Document::Claims(_) | Document::Foreign(_) => None,
    }
}
