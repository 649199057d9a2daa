//! Comprehensive Learner Records: one signed document that holds many credentials (1EdTech CLR Standard
//! 2.0).
//!
//! ```
//! use cairn_credential::clr::{Association, AssociationType, ClrCredential, ClrSubject};
//! use cairn_credential::open_badge::*;
//! # let from = "2026-01-15T09:00:00Z".parse()?;
//! # let criteria = Criteria { narrative: Some("Dig four pits.".into()), ..Criteria::default() };
//! # let soils = Achievement::new("urn:uuid:7b2c0d1e-6d0f-4a5b-9a55-4c5d8c1f2a10", "Soils", "Reads soils.", criteria);
//! # let mut badge_subject = AchievementSubject::new(soils.clone());
//! # badge_subject.id = Some("did:example:amy".into());
//! # let college = Profile::new("did:web:college.example", "Riverside College");
//! # let signed = OpenBadgeCredential::new("urn:uuid:0b9d3a2f-53f3-4c70-a0b8-0c8a94bb6d53", "Soils", college.clone(), from, badge_subject).to_value();
//! // `signed` is a credential with its own proof, `soils` an achievement.
//! let mut subject = ClrSubject::new(signed)?;
//! subject.id = Some("did:example:amy".into());
//! subject.association =
//!     vec![Association::new(AssociationType::IsPartOf, &soils.id, "urn:uuid:2d2d0f3e-0d8a-4a4e-8c49-2a5a2f7d2a11")?];
//! subject.achievement = vec![soils];
//! let record = ClrCredential::new("urn:uuid:5f0f6f3e-3f0f-4f65-8a7e-57bd0f2f4a0b", "Transcript", college, from, subject)?;
//! assert_eq!(record.to_value()["type"][1], "ClrCredential");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::document::ENVELOPED;
use crate::open_badge::{
    self, Achievement, CredentialSchema, Evidence, IdentityObject, Image, Invalid, Profile, RefreshService,
    StatusEntry, said, types, url,
};

/// The contexts of a record, of the badges in it, and of `credentialSchema`.
pub const CONTEXTS: [&str; 4] = [
    open_badge::CONTEXTS[0],
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
    open_badge::CONTEXTS[1],
    open_badge::EXTENSIONS_CONTEXT,
];
/// The JSON Schema of a `ClrCredential`, as `credentialSchema` names it.
pub const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json";

/// A record of many credentials (CLR 2.0, `ClrCredential`). Unsigned: [`crate::proof::sign`] its
/// [`Self::to_value`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClrCredential {
    /// [`CONTEXTS`], then what extensions need.
    #[serde(rename = "@context")]
    pub context: Vec<Value>,
    /// A URL or `urn:uuid:`.
    pub id: String,
    /// `VerifiableCredential` and `ClrCredential`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// What the record is called.
    pub name: String,
    /// What it is, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// True if the issuer knows of more than the record says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub partial: Option<bool>,
    /// A picture of the record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<Image>,
    /// Who put the record together.
    pub issuer: Profile,
    /// From when on it counts.
    pub valid_from: Timestamp,
    /// Until when it counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub valid_until: Option<Timestamp>,
    /// When it was awarded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub awarded_date: Option<Timestamp>,
    /// Whose record it is, and what it holds.
    pub credential_subject: ClrSubject,
    /// What the record rests on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub evidence: Vec<Evidence>,
    /// Endorsements of the record, signed documents.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub endorsement: Vec<Value>,
    /// Schemas the document follows.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub credential_schema: Vec<CredentialSchema>,
    /// Where to ask whether it is revoked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credential_status: Option<StatusEntry>,
    /// Where a newer version may be had.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refresh_service: Option<RefreshService>,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ClrCredential {
    /// A record with what every record needs; the rest is set on its fields.
    pub fn new(
        id: &str,
        name: &str,
        issuer: Profile,
        valid_from: Timestamp,
        subject: ClrSubject,
    ) -> Result<Self, Invalid> {
        Ok(Self {
            context: CONTEXTS.iter().map(|url| Value::String((*url).to_owned())).collect(),
            id: url("id", id)?,
            types: vec!["VerifiableCredential".to_owned(), "ClrCredential".to_owned()],
            name: said("name", name)?,
            description: None,
            partial: None,
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
            extra: Map::new(),
        })
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

/// Whose record it is, and what it holds (CLR 2.0, `ClrSubject`). Either `id` or an `identifier` is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClrSubject {
    /// The learner's DID or URL, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// `ClrSubject`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// Other ways to know the learner.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub identifier: Vec<IdentityObject>,
    /// Whole credentials with their proofs, at least one; see [`ClrSubject::hold`].
    pub verifiable_credential: Vec<Value>,
    /// Achievements the associations are about.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub achievement: Vec<Achievement>,
    /// How achievements and credentials belong together.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub association: Vec<Association>,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ClrSubject {
    /// A subject with its first credential, and nothing said yet about who it is.
    pub fn new(credential: Value) -> Result<Self, Invalid> {
        let mut subject = Self {
            id: None,
            types: types("ClrSubject"),
            identifier: Vec::new(),
            verifiable_credential: Vec::new(),
            achievement: Vec::new(),
            association: Vec::new(),
            extra: Map::new(),
        };
        subject.hold(credential)?;
        Ok(subject)
    }

    /// Adds a whole credential: an object that is a `VerifiableCredential` or an
    /// `EnvelopedVerifiableCredential`.
    pub fn hold(&mut self, credential: Value) -> Result<(), Invalid> {
        let known = |kind: &Value| kind == "VerifiableCredential" || kind == ENVELOPED;
        let good = match credential.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().any(known),
            Some(kind) => known(kind),
            None => false,
        };
        if !good {
            return Err(Invalid::new(
                "verifiableCredential",
                "holds whole credentials, objects with that type",
            ));
        }
        self.verifiable_credential.push(credential);
        Ok(())
    }
}

/// How two achievements or credentials belong together (CLR 2.0, `Association`): the source is … the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Association {
    /// `Association`; a text, not a list.
    #[serde(rename = "type")]
    pub kind: String,
    /// In what way.
    pub association_type: AssociationType,
    /// The id of one.
    pub source_id: String,
    /// The id of the other.
    pub target_id: String,
}

impl Association {
    /// An association between the things with these ids.
    pub fn new(association_type: AssociationType, source: &str, target: &str) -> Result<Self, Invalid> {
        let (source_id, target_id) = (url("sourceId", source)?, url("targetId", target)?);
        Ok(Self { kind: "Association".to_owned(), association_type, source_id, target_id })
    }
}

/// The kinds of associations (CLR 2.0, `AssociationType`); there are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AssociationType {
    /// Both are the same.
    ExactMatchOf,
    /// The source is a part below the target in a hierarchy.
    IsChildOf,
    /// The source is above the target in a hierarchy.
    IsParentOf,
    /// The source is one of the things the target is made of.
    IsPartOf,
    /// Both are of the same rank.
    IsPeerOf,
    /// Both have to do with one another.
    IsRelatedTo,
    /// The source comes before the target.
    Precedes,
    /// The target has taken the source's place.
    ReplacedBy,
}

impl AssociationType {
    /// All of them, in the specification's order.
    pub const ALL: [Self; 8] = [
        Self::ExactMatchOf,
        Self::IsChildOf,
        Self::IsParentOf,
        Self::IsPartOf,
        Self::IsPeerOf,
        Self::IsRelatedTo,
        Self::Precedes,
        Self::ReplacedBy,
    ];

    /// As the specification writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExactMatchOf => "exactMatchOf",
            Self::IsChildOf => "isChildOf",
            Self::IsParentOf => "isParentOf",
            Self::IsPartOf => "isPartOf",
            Self::IsPeerOf => "isPeerOf",
            Self::IsRelatedTo => "isRelatedTo",
            Self::Precedes => "precedes",
            Self::ReplacedBy => "replacedBy",
        }
    }

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
