//! Open Badges 3.0 documents as types that serialise the way both published schemas accept.
//!
//! Lists stay lists even with one member, empty ones are left out, `type` is a list where the schema
//! wants one. Whatever the specification allows and these types do not name goes into `extra`.

mod achievement;
mod endorsement;
mod invalid;
mod profile;
pub mod version_2;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use achievement::{Achievement, Alignment, Criteria, Related, ResultDescription, RubricCriterionLevel};
pub use endorsement::{EndorsementCredential, EndorsementSubject};
pub use invalid::Invalid;
pub(crate) use invalid::{said, url};
pub use profile::{Address, IdentifierEntry, Image, Profile};

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

/// Who was awarded what (OB 3.0, B.1.3). Either `id` or an `identifier` is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievementSubject {
    /// The learner's DID or URL, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// `AchievementSubject`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// Other ways to know the learner, such as a hashed e-mail address.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub identifier: Vec<IdentityObject>,
    /// When the learning began.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub activity_start_date: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub activity_end_date: Option<Timestamp>,
    /// Credits earned, in the unit of `creditsAvailable`.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "credits", default)]
    pub credits_earned: Option<f64>,
    /// The number of a licence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub license_number: Option<String>,
    /// The academic term.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub term: Option<String>,
    /// The learner's role.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<String>,
    /// What the learner did, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub narrative: Option<String>,
    /// A picture of this award.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<Image>,
    /// Who assessed, if not the issuer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<Profile>,
    /// What was achieved.
    pub achievement: Achievement,
    /// Results, each for one of the achievement's result descriptions.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub result: Vec<AchievementResult>,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl AchievementSubject {
    /// A subject of an achievement, with nothing said yet about who it is.
    pub fn new(achievement: Achievement) -> Self {
        Self {
            id: None,
            types: types("AchievementSubject"),
            identifier: Vec::new(),
            activity_start_date: None,
            activity_end_date: None,
            credits_earned: None,
            license_number: None,
            term: None,
            role: None,
            narrative: None,
            image: None,
            source: None,
            achievement,
            result: Vec::new(),
            extra: Map::new(),
        }
    }
}

/// One way to know a learner (OB 3.0, B.2 `IdentityObject`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityObject {
    /// `IdentityObject`; a text, not a list.
    #[serde(rename = "type")]
    pub kind: String,
    /// True if `identity_hash` is a hash.
    pub hashed: bool,
    /// The hash (see [`hashed_email`]) or the identity itself.
    pub identity_hash: String,
    /// `emailAddress`, `sourcedId` … (the specification's list, or `ext:…`).
    pub identity_type: String,
    /// The salt of the hash.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub salt: Option<String>,
}

impl IdentityObject {
    /// A learner known by an e-mail address that the credential does not give away.
    pub fn hashed_email(email: &str, salt: &str) -> Self {
        Self {
            kind: "IdentityObject".to_owned(),
            hashed: true,
            identity_hash: hashed_email(email, salt),
            identity_type: "emailAddress".to_owned(),
            salt: Some(salt.to_owned()),
        }
    }
}

/// One result of a learner (OB 3.0, B.1.21 `Result`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AchievementResult {
    /// `Result`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// The id of the result description it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub result_description: Option<String>,
    /// The value, always a text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// The id of the rubric level that was reached.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub achieved_level: Option<String>,
    /// `Completed`, `Enrolled`, `Failed`, `InProgress`, `OnHold`, `Provisional` or `Withdrew`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<String>,
    /// Alignments of the result.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub alignment: Vec<Alignment>,
}

impl Default for AchievementResult {
    fn default() -> Self {
        let (result_description, value, achieved_level, status) = (None, None, None, None);
        Self {
            types: types("Result"),
            result_description,
            value,
            achieved_level,
            status,
            alignment: Vec::new(),
        }
    }
}

/// What an award rests on (OB 3.0, B.1.13 `Evidence`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it can be seen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// `Evidence`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// What it is, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// How it came about, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub narrative: Option<String>,
    /// The kind of work, such as `Report`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub genre: Option<String>,
    /// Whom it is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audience: Option<String>,
}

impl Default for Evidence {
    fn default() -> Self {
        let (id, name, description, narrative, genre, audience) = (None, None, None, None, None, None);
        Self { id, types: types("Evidence"), name, description, narrative, genre, audience }
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
