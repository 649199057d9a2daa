//! Who was awarded what, with what results, and what that rests on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Achievement, Alignment, IdentifierType, Image, Invalid, Profile, credits, hashed_email, types};

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

    /// A learner known by a name or number that anybody may read.
    pub fn plain(identity_type: IdentifierType, identity: &str) -> Result<Self, Invalid> {
        let made = Self {
            kind: "IdentityObject".to_owned(),
            hashed: false,
            identity_hash: identity.to_owned(),
            identity_type: identity_type.into(),
            salt: None,
        };
        made.validate().map(|()| made)
    }

    /// True if this is the identity of somebody with this e-mail address.
    pub fn is_email(&self, email: &str) -> bool {
        let salt = self.salt.as_deref().unwrap_or_default();
        self.identity_type == "emailAddress"
            && if self.hashed {
                self.identity_hash.eq_ignore_ascii_case(&hashed_email(email, salt))
            } else {
                self.identity_hash.trim().to_lowercase() == email.trim().to_lowercase()
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
