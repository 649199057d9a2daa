//! Open Badges 3.0 documents as types that serialise the way both published schemas accept.
//!
//! Lists stay lists even with one member, empty ones are left out, `type` is a list where the schema
//! wants one. Whatever the specification allows and these types do not name goes into `extra`.
//!
//! What the types cannot rule out is found by `validate`; [`OpenBadgeCredential::document`] gives only
//! documents that are valid and can be signed.
//!
//! ```
//! use cairn_credential::open_badge::*;
//!
//! let criteria = Criteria { narrative: Some("Dig four pits.".into()), ..Criteria::default() };
//! let id = "urn:uuid:7b2c0d1e-6d0f-4a5b-9a55-4c5d8c1f2a10";
//! let mut achievement = Achievement::try_new(id, "Soils", "Reads soils.", criteria)?;
//! achievement.achievement_type = Some(AchievementType::MicroCredential.into());
//! let item = "https://frameworks.example/items/4";
//! achievement.alignment = vec![Alignment::try_new(TargetType::CfItem, "Describe soils", item)?];
//!
//! let mut subject = AchievementSubject::new(achievement);
//! subject.identifier = vec![IdentityObject::hashed_email("amy@example.org", "salt")];
//! let issuer = Profile::try_new("did:web:college.example", "Riverside College")?;
//! let id = "urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53";
//! let mut credential =
//!     OpenBadgeCredential::new(id, "Soils", issuer, "2026-01-15T09:00:00Z".parse()?, subject);
//! assert!(credential.document().is_ok());
//!
//! credential.image = Some(Image::new("picture.png"));
//! let refused = credential.document().unwrap_err();
//! assert_eq!(refused.to_string(), "image.id: \"picture.png\" is not a whole URL, DID or urn:uuid:");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod achievement;
mod endorsement;
mod invalid;
mod profile;
mod subject;
mod validate;
pub mod version_2;
mod word;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use achievement::{Achievement, Alignment, Criteria, Related, ResultDescription, RubricCriterionLevel};
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use invalid::Invalid;
pub(crate) use invalid::{said, url};
pub use profile::{Address, GeoCoordinates, IdentifierEntry, Image, Profile};
pub use subject::{AchievementResult, AchievementSubject, Evidence, IdentityObject};
pub use word::{AchievementType, Extension, IdentifierType, ResultStatus, ResultType, TargetType};

/// The first two contexts of every Open Badges 3.0 credential.
pub const CONTEXTS: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"];
/// The context of `1EdTechJsonSchemaValidator2019`, `1EdTechCredentialRefresh` and `1EdTechRevocationList`.
pub const EXTENSIONS_CONTEXT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
/// The JSON Schema of an `AchievementCredential`, as `credentialSchema` names it.
pub const ACHIEVEMENT_SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// `sha256$` and the hash of the e-mail address followed by the salt (OB 3.0, B.4 `IdentityObject`). The
/// address is trimmed and lower-cased first: the specification is silent, and `Amy@…` is `amy@…`.
pub fn hashed_email(email: &str, salt: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(email.trim().to_lowercase().as_bytes());
    hasher.update(salt.as_bytes());
    format!("sha256${}", crate::key::hex(&hasher.finalize()))
}

pub(crate) fn types(name: &str) -> Vec<String> {
    vec![name.to_owned()]
}

/// Whole numbers of credits are written without a fraction.
#[expect(clippy::ref_option, reason = "serde hands the field over by reference")]
fn credits<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(credits) if credits.fract() == 0.0 && credits.abs() < 9e15 => {
            serializer.serialize_i64(*credits as i64)
        }
        Some(credits) => serializer.serialize_f64(*credits),
        None => serializer.serialize_none(),
    }
}

/// A credential that says someone met the criteria of an achievement (OB 3.0, B.1.1
/// `AchievementCredential`). Unsigned: [`crate::proof::sign`] its [`Self::to_value`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenBadgeCredential {
    /// [`CONTEXTS`], then what extensions need.
    #[serde(rename = "@context")]
    pub context: Vec<Value>,
    /// A URL or `urn:uuid:`.
    pub id: String,
    /// `VerifiableCredential` and `OpenBadgeCredential`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// What the credential is called.
    pub name: String,
    /// What it is, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The picture of this award, if it is not the achievement's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<Image>,
    /// Who issues it.
    pub issuer: Profile,
    /// From when on it counts.
    pub valid_from: Timestamp,
    /// Until when it counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_until: Option<Timestamp>,
    /// When it was awarded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub awarded_date: Option<Timestamp>,
    /// Who was awarded what.
    pub credential_subject: AchievementSubject,
    /// What the award rests on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub evidence: Vec<Evidence>,
    /// Endorsements of this credential, signed documents.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub endorsement: Vec<Value>,
    /// Schemas the document follows.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub credential_schema: Vec<CredentialSchema>,
    /// Where to ask whether it is revoked; one entry (OB 3.0 allows no list).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credential_status: Option<StatusEntry>,
    /// Where a newer version may be had.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refresh_service: Option<RefreshService>,
    /// Terms of use, each an object with a `type`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub terms_of_use: Vec<Value>,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl OpenBadgeCredential {
    /// A credential with what every credential needs; the rest is set on its fields.
    pub fn new(
        id: &str,
        name: &str,
        issuer: Profile,
        valid_from: Timestamp,
        subject: AchievementSubject,
    ) -> Self {
        Self {
            context: CONTEXTS.iter().map(|url| Value::String((*url).to_owned())).collect(),
            id: id.to_owned(),
            types: vec!["VerifiableCredential".to_owned(), "OpenBadgeCredential".to_owned()],
            name: name.to_owned(),
            description: None,
            image: None,
            issuer,
            valid_from,
            valid_until: None,
            awarded_date: None,
            credential_subject: subject,
            evidence: Vec::new(),
            endorsement: Vec::new(),
            credential_schema: Vec::new(),
            credential_status: None,
            refresh_service: None,
            terms_of_use: Vec::new(),
            extra: Map::new(),
        }
    }

    /// The JSON document, ready to be signed.
    ///
    /// # Panics
    ///
    /// Never: everything these types hold can be written as JSON.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("no map has keys other than text")
    }
}

/// A schema the document follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialSchema {
    /// The schema's URL, such as [`ACHIEVEMENT_SCHEMA`].
    pub id: String,
    /// `1EdTechJsonSchemaValidator2019`, which needs [`EXTENSIONS_CONTEXT`].
    #[serde(rename = "type")]
    pub kind: String,
}

/// Where a newer version may be had; `1EdTechCredentialRefresh` needs [`EXTENSIONS_CONTEXT`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshService {
    /// The URL to ask.
    pub id: String,
    /// `1EdTechCredentialRefresh`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Where in a status list the credential's bit is (Bitstring Status List 1.0, 2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusEntry {
    /// An id of the entry that is not the list's URL, such as the URL with `#index`.
    pub id: String,
    /// `BitstringStatusListEntry`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `revocation`, `suspension`, `refresh` or `message`.
    pub status_purpose: String,
    /// The bit's place, a decimal number as text.
    pub status_list_index: String,
    /// The URL of the list.
    pub status_list_credential: String,
}

impl StatusEntry {
    /// The entry for a bit of a list.
    pub fn new(list_url: &str, index: usize, purpose: &str) -> Self {
        Self {
            id: format!("{list_url}#{index}"),
            kind: "BitstringStatusListEntry".to_owned(),
            status_purpose: purpose.to_owned(),
            status_list_index: index.to_string(),
            status_list_credential: list_url.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_hashed_as_the_specification_shows() {
        let want = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399";
        assert_eq!(hashed_email("a@example.com", "Kosher"), want);
        assert_eq!(hashed_email(" A@Example.com", "Kosher"), want);
    }
}
