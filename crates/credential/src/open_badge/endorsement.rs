//! Endorsements: credentials about a credential, an achievement or a profile.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{CONTEXTS, Profile, types};

/// A statement of support (OB 3.0, B.1.9 `EndorsementCredential`). Unsigned, like the other documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementCredential {
    /// [`CONTEXTS`], then what extensions need.
    #[serde(rename = "@context")]
    pub context: Vec<Value>,
    /// A URL or `urn:uuid:`.
    pub id: String,
    /// `VerifiableCredential` and `EndorsementCredential`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// What the endorsement is called.
    pub name: String,
    /// Who endorses.
    pub issuer: Profile,
    /// From when on it counts.
    pub valid_from: Timestamp,
    /// Until when it counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_until: Option<Timestamp>,
    /// What is endorsed.
    pub credential_subject: EndorsementSubject,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl EndorsementCredential {
    /// An endorsement of the thing with this id.
    pub fn new(
        id: &str,
        name: &str,
        issuer: Profile,
        valid_from: Timestamp,
        endorsed: &str,
        comment: &str,
    ) -> Self {
        Self {
            context: CONTEXTS.iter().map(|url| Value::String((*url).to_owned())).collect(),
            id: id.to_owned(),
            types: vec!["VerifiableCredential".to_owned(), "EndorsementCredential".to_owned()],
            name: name.to_owned(),
            issuer,
            valid_from,
            valid_until: None,
            credential_subject: EndorsementSubject {
                id: endorsed.to_owned(),
                types: types("EndorsementSubject"),
                endorsement_comment: (!comment.is_empty()).then(|| comment.to_owned()),
            },
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

/// What is endorsed (OB 3.0, B.1.10 `EndorsementSubject`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementSubject {
    /// The id of the endorsed credential, achievement or profile.
    pub id: String,
    /// `EndorsementSubject`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// Why, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub endorsement_comment: Option<String>,
}
