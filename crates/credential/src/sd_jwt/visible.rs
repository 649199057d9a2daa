//! What no holder may keep back: who says it, from when until when it counts, whether it still does, and
//! whose it is. Such a claim never stands in a disclosure.

use serde_json::{Map, Value};

use super::path::{Path, Segment};
use super::{Format, SdJwtError};

type Members = Map<String, Value>;

/// For any reader (SD-JWT VC, 2.2.2.2). The others it registers, `sub` and `iat`, may be selective: without
/// `iat` a key that has ended counts for nothing, so that keeping it back helps nobody.
const CLAIMS: [&str; 8] = ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status"];
/// When it was issued. Only SD-JWT VC lets it be selective, and we do not issue it so there either.
const ISSUED: &str = "iat";
/// Likewise in the W3C data model, besides the ids of issuer and subject.
const CREDENTIAL: [&str; 8] = [
    "@context",
    "id",
    "type",
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
    "credentialStatus",
];

/// Refuses the first place that must always be visible. `claims`: with everything disclosed.
pub(super) fn check(places: &[Vec<Segment>], claims: &Members, format: Format) -> Result<(), SdJwtError> {
    let in_data_model = match format {
        Format::Credential => true,
        // whoever presents signs the whole, so has nothing to hide from themselves
        Format::Presentation => false,
        Format::SdJwtVc => ["@context", "credentialSubject"].iter().any(|name| claims.contains_key(*name)),
    };
    let found = places.iter().find_map(|place| match name(place, 0) {
        Some(ISSUED) if format != Format::SdJwtVc => Some(ISSUED.to_owned()),
        Some(_) | None => forbidden(place, claims, in_data_model),
    });
    match found {
        Some(name) => Err(SdJwtError::AlwaysVisible(name)),
        None => Ok(()),
    }
}

/// Also refuses what we do not hide although others may: when it was issued, a schema that is named to be
/// followed, and what makes a presentation one.
pub(super) fn check_issuing(
    places: &[Vec<Segment>],
    claims: &Members,
    format: Format,
) -> Result<(), SdJwtError> {
    check(places, claims, format)?;
    let more: &[&str] = match format {
        Format::Credential | Format::SdJwtVc if claims.contains_key("@context") => {
            &[ISSUED, "credentialSchema"]
        }
        Format::Credential | Format::SdJwtVc => &[ISSUED],
        Format::Presentation => &["@context", "type"],
    };
    let found = places.iter().find(|place| name(place, 0).is_some_and(|first| more.contains(&first)));
    found.map_or(Ok(()), |place| Err(SdJwtError::AlwaysVisible(Path(place.clone()).to_string())))
}

fn name(place: &[Segment], at: usize) -> Option<&str> {
    match place.get(at) {
        Some(Segment::Name(name)) => Some(name),
        Some(Segment::Index(_) | Segment::Every) | None => None,
    }
}

/// The claim that must be visible and is not, if the place hides one.
fn forbidden(place: &[Segment], claims: &Members, in_data_model: bool) -> Option<String> {
    let first = name(place, 0)?;
    let said = || Path(place.to_vec()).to_string();
    if CLAIMS.contains(&first) || in_data_model && CREDENTIAL.contains(&first) {
        return Some(said());
    }
    match first {
        // what the issuer says of itself, besides who it is, may be hidden
        "issuer" if in_data_model => name(place, 1).is_none_or(|second| second == "id").then(said),
        "credentialSubject" if in_data_model => hidden_subject(place, claims.get("credentialSubject")?),
        _ => None,
    }
}

/// What of a subject's id a place hides: the id, or a whole subject that has one.
fn hidden_subject(place: &[Segment], subjects: &Value) -> Option<String> {
    let (subject, rest) = match (place.get(1), subjects) {
        (Some(Segment::Index(index)), Value::Array(several)) => (several.get(*index)?, &place[2..]),
        _ => (subjects, &place[1..]),
    };
    let has_id = match subject {
        Value::Array(several) => several.iter().any(|one| one.get("id").is_some()),
        one => one.get("id").is_some(),
    };
    match rest.first() {
        None if has_id => Some(format!("{}.id", Path(place.to_vec()))),
        Some(Segment::Name(name)) if name == "id" => Some(Path(place.to_vec()).to_string()),
        None | Some(_) => None,
    }
}

/// Where more is hidden than is shown, or seems to be: decoys look the same.
#[derive(Debug, Default)]
pub(crate) struct KeptBack(pub(super) Vec<Vec<Segment>>);

impl KeptBack {
    /// True if there are claims beside the outermost ones.
    pub(crate) fn beside(&self) -> bool {
        self.0.iter().any(Vec::is_empty)
    }

    /// True if there are claims inside the outermost one of this name.
    pub(crate) fn inside(&self, claim: &str) -> bool {
        self.0.iter().any(|place| name(place, 0) == Some(claim))
    }
}
