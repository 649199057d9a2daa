//! What can be achieved, and how it is assessed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{IdentifierEntry, Image, Invalid, Profile, ResultType, TargetType, credits, types};

/// Something that can be achieved (OB 3.0, B.1.2 `Achievement`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Achievement {
    /// A URL or `urn:uuid:`.
    pub id: String,
    /// `Achievement`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// `MicroCredential`, `Badge`, `Course` … (the specification's list, or `ext:…`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub achievement_type: Option<String>,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What has to be done for it.
    pub criteria: Criteria,
    /// The picture.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<Image>,
    /// Who made it up.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub creator: Option<Profile>,
    /// Competencies, frameworks and levels it aligns with.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub alignment: Vec<Alignment>,
    /// A code people use, such as a course number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub human_code: Option<String>,
    /// The field of study.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field_of_study: Option<String>,
    /// The specialization within it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub specialization: Option<String>,
    /// The language of instruction, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub in_language: Option<String>,
    /// The version.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// Keywords.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tag: Vec<String>,
    /// Credits it is worth.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "credits", default)]
    pub credits_available: Option<f64>,
    /// Numbers and codes it is known by elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub other_identifier: Vec<IdentifierEntry>,
    /// Related achievements.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub related: Vec<Related>,
    /// What results there can be.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub result_description: Vec<ResultDescription>,
    /// Endorsements, signed documents.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub endorsement: Vec<Value>,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Achievement {
    /// An achievement with what every achievement needs; the rest is set on its fields.
    pub fn new(id: &str, name: &str, description: &str, criteria: Criteria) -> Self {
        Self {
            id: id.to_owned(),
            types: types("Achievement"),
            achievement_type: None,
            name: name.to_owned(),
            description: description.to_owned(),
            criteria,
            image: None,
            creator: None,
            alignment: Vec::new(),
            human_code: None,
            field_of_study: None,
            specialization: None,
            in_language: None,
            version: None,
            tag: Vec::new(),
            credits_available: None,
            other_identifier: Vec::new(),
            related: Vec::new(),
            result_description: Vec::new(),
            endorsement: Vec::new(),
            extra: Map::new(),
        }
    }

    /// Like [`Self::new`]; an error if the id is not a URL, or a text says nothing.
    pub fn try_new(id: &str, name: &str, description: &str, criteria: Criteria) -> Result<Self, Invalid> {
        let made = Self::new(id, name, description, criteria);
        made.validate().map(|()| made)
    }
}

/// What has to be done (OB 3.0, B.1.7 `Criteria`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Criteria {
    /// A page that says it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// The criteria in Markdown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub narrative: Option<String>,
}

/// A link to a framework's item (OB 3.0, B.1.5 `Alignment`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alignment {
    /// `Alignment`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// `CFItem`, `ceasn:Competency`, `CTDL` … (the specification's list, or `ext:…`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target_type: Option<String>,
    /// The item's name.
    pub target_name: String,
    /// The item's URL.
    pub target_url: String,
    /// The item's code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target_code: Option<String>,
    /// What the item is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target_description: Option<String>,
    /// The framework's name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target_framework: Option<String>,
}

impl Alignment {
    /// An alignment with the item of this name and URL.
    pub fn new(target_name: &str, target_url: &str) -> Self {
        Self {
            types: types("Alignment"),
            target_type: None,
            target_name: target_name.to_owned(),
            target_url: target_url.to_owned(),
            target_code: None,
            target_description: None,
            target_framework: None,
        }
    }

    /// Like [`Self::new`], with what it points to; an error if the URL is none, or the name says nothing.
    pub fn try_new(target_type: TargetType, target_name: &str, target_url: &str) -> Result<Self, Invalid> {
        let target_type = Some(target_type.into());
        let made = Self { target_type, ..Self::new(target_name, target_url) };
        made.validate().map(|()| made)
    }
}

/// A related achievement (OB 3.0, B.1.19 `Related`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// The other achievement's id.
    pub id: String,
    /// `Related`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// Its language, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub in_language: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
}

impl Related {
    /// A relation to the achievement of this id.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), types: types("Related"), in_language: None, version: None }
    }

    /// Like [`Self::new`]; an error if the id is not a URL.
    pub fn try_new(id: &str) -> Result<Self, Invalid> {
        let made = Self::new(id);
        made.validate().map(|()| made)
    }
}

/// A kind of result an achievement can have (OB 3.0, B.1.22 `ResultDescription`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultDescription {
    /// A URL or `urn:uuid:`, which results refer to.
    pub id: String,
    /// `ResultDescription`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// What the result is called.
    pub name: String,
    /// `RawScore`, `RubricCriterionLevel`, `Percent` … (the specification's list, or `ext:…`).
    pub result_type: String,
    /// The values there can be, from least to best.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub allowed_value: Vec<String>,
    /// The id of the level that is needed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub required_level: Option<String>,
    /// The value that is needed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub required_value: Option<String>,
    /// The levels of a rubric's criterion, from least to best.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rubric_criterion_level: Vec<RubricCriterionLevel>,
    /// The least value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value_min: Option<String>,
    /// The best value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value_max: Option<String>,
    /// Alignments of the result.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub alignment: Vec<Alignment>,
}

impl ResultDescription {
    /// A result of this id, name and type.
    pub fn new(id: &str, name: &str, result_type: &str) -> Self {
        Self {
            id: id.to_owned(),
            types: types("ResultDescription"),
            name: name.to_owned(),
            result_type: result_type.to_owned(),
            allowed_value: Vec::new(),
            required_level: None,
            required_value: None,
            rubric_criterion_level: Vec::new(),
            value_min: None,
            value_max: None,
            alignment: Vec::new(),
        }
    }

    /// Like [`Self::new`]; an error if the id is not a URL, or the name says nothing.
    pub fn try_new(id: &str, name: &str, result_type: ResultType) -> Result<Self, Invalid> {
        let made = Self::new(id, name, result_type.as_str());
        made.validate().map(|()| made)
    }
}

/// A level of a rubric's criterion (OB 3.0, B.1.23 `RubricCriterionLevel`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RubricCriterionLevel {
    /// A URL or `urn:uuid:`, which results refer to.
    pub id: String,
    /// `RubricCriterionLevel`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// What the level is called.
    pub name: String,
    /// What reaching it means.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// The level's place, such as `1`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<String>,
    /// The points it is worth, a text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub points: Option<String>,
    /// Alignments of the level.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub alignment: Vec<Alignment>,
}

impl RubricCriterionLevel {
    /// A level of this id and name.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            types: types("RubricCriterionLevel"),
            name: name.to_owned(),
            description: None,
            level: None,
            points: None,
            alignment: Vec::new(),
        }
    }

    /// Like [`Self::new`]; an error if the id is not a URL, or the name says nothing.
    pub fn try_new(id: &str, name: &str) -> Result<Self, Invalid> {
        let made = Self::new(id, name);
        made.validate().map(|()| made)
    }
}
