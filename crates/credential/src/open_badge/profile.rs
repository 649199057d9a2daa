//! People and organisations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{IdentifierType, Invalid, types};

/// A person or organisation, most often the issuer (OB 3.0, B.1.18 `Profile`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The DID or URL, which a proof's key must belong to.
    pub id: String,
    /// `Profile`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// The home page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// An e-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<String>,
    /// A few words about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub image: Option<Image>,
    /// A postal address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<Address>,
    /// Numbers and codes it is known by elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub other_identifier: Vec<IdentifierEntry>,
    /// The office held.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub official: Option<String>,
    /// The family name of a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub family_name: Option<String>,
    /// The given name of a person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub given_name: Option<String>,
    /// A further name, such as a middle name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub additional_name: Option<String>,
    /// A name after the father.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub patronymic_name: Option<String>,
    /// What stands before the name, such as `Dr`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub honorific_prefix: Option<String>,
    /// What stands after the name, such as `PhD`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub honorific_suffix: Option<String>,
    /// The prefix of the family name, such as `van der`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub family_name_prefix: Option<String>,
    /// The day of birth, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date_of_birth: Option<String>,
    /// The organisation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parent_org: Option<Box<Profile>>,
    /// Endorsements, signed documents.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub endorsement: Vec<Value>,
    /// Other members; their terms need a context.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Profile {
    /// A profile with a name.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            types: types("Profile"),
            name: Some(name.to_owned()),
            url: None,
            email: None,
            phone: None,
            description: None,
            image: None,
            address: None,
            other_identifier: Vec::new(),
            official: None,
            family_name: None,
            given_name: None,
            additional_name: None,
            patronymic_name: None,
            honorific_prefix: None,
            honorific_suffix: None,
            family_name_prefix: None,
            date_of_birth: None,
            parent_org: None,
            endorsement: Vec::new(),
            extra: Map::new(),
        }
    }

    /// Like [`Self::new`]; an error if the id is not a URL or DID.
    pub fn try_new(id: &str, name: &str) -> Result<Self, Invalid> {
        let made = Self::new(id, name);
        made.validate().map(|()| made)
    }
}

/// A picture (OB 3.0, B.2 `Image`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The picture's URL, or a `data:` URL.
    pub id: String,
    /// `Image`; a text, not a list.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the picture shows, for those who do not see it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub caption: Option<String>,
}

impl Image {
    /// A picture without caption.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), kind: "Image".to_owned(), caption: None }
    }

    /// Like [`Self::new`]; an error if the id is not a URL.
    pub fn try_new(id: &str) -> Result<Self, Invalid> {
        let made = Self::new(id);
        made.validate().map(|()| made)
    }
}

/// A number or code (OB 3.0, B.2 `IdentifierEntry`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentifierEntry {
    /// `IdentifierEntry`; a text, not a list.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number or code.
    pub identifier: String,
    /// `identifier`, `sourcedId` … (the specification's list, or `ext:…`).
    pub identifier_type: String,
}

impl IdentifierEntry {
    /// An identifier of some type.
    pub fn new(identifier: &str, identifier_type: &str) -> Self {
        let (identifier, identifier_type) = (identifier.to_owned(), identifier_type.to_owned());
        Self { kind: "IdentifierEntry".to_owned(), identifier, identifier_type }
    }

    /// An identifier of one of the specification's types, or of one's own.
    pub fn of(identifier_type: IdentifierType, identifier: &str) -> Result<Self, Invalid> {
        let made = Self::new(identifier, identifier_type.as_str());
        made.validate().map(|()| made)
    }
}

/// A postal address (OB 3.0, B.2 `Address`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// `Address`.
    #[serde(rename = "type")]
    pub types: Vec<String>,
    /// The country's name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address_country: Option<String>,
    /// The country, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address_country_code: Option<String>,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address_region: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address_locality: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub street_address: Option<String>,
    /// The number of a post office box.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub post_office_box_number: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub postal_code: Option<String>,
    /// Where it is on earth.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub geo: Option<GeoCoordinates>,
}

impl Default for Address {
    fn default() -> Self {
        Self {
            types: types("Address"),
            address_country: None,
            address_country_code: None,
            address_region: None,
            address_locality: None,
            street_address: None,
            post_office_box_number: None,
            postal_code: None,
            geo: None,
        }
    }
}

/// A place on earth (OB 3.0, B.2 `GeoCoordinates`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GeoCoordinates {
    /// `GeoCoordinates`; a text, not a list.
    #[serde(rename = "type")]
    pub kind: String,
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
}

impl GeoCoordinates {
    /// A place; an error if it is not on earth.
    pub fn try_new(latitude: f64, longitude: f64) -> Result<Self, Invalid> {
        let made = Self { kind: "GeoCoordinates".to_owned(), latitude, longitude };
        made.validate().map(|()| made)
    }
}
