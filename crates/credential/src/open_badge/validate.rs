//! What the types of this module cannot rule out: texts that must be URLs or words of a vocabulary, and
//! what belongs together. `validate` of each class looks at everything inside it.

use super::{
    Achievement, AchievementResult, AchievementSubject, AchievementType, Address, Alignment, Criteria,
    EndorsementCredential, Evidence, GeoCoordinates, IdentifierEntry, IdentifierType, IdentityObject, Image,
    Invalid, OpenBadgeCredential, Profile, Related, ResultDescription, ResultStatus, ResultType,
    RubricCriterionLevel, TargetType, said, url,
};

fn maybe_url(member: &str, text: Option<&String>) -> Result<(), Invalid> {
    text.map_or(Ok(()), |text| url(member, text).map(drop))
}

fn kind(member: &str, types: &[String], wanted: &str) -> Result<(), Invalid> {
    let good = types.iter().any(|kind| kind == wanted);
    if good { Ok(()) } else { Err(Invalid::new(member, format!("type does not hold {wanted}"))) }
}

/// A language tag as the schema has it: language, script, region.
fn language(member: &str, tag: Option<&String>) -> Result<(), Invalid> {
    let Some(tag) = tag else { return Ok(()) };
    let mut parts = tag.split('-').peekable();
    let lower = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase());
    let upper = |part: &str| part.bytes().all(|b| b.is_ascii_uppercase());
    let mut good = parts.next().is_some_and(|part| (2..=4).contains(&part.len()) && lower(part));
    if parts.peek().is_some_and(|part| part.len() == 4) {
        let script = parts.next().unwrap_or_default();
        good &= script.is_ascii() && upper(&script[..1]) && lower(&script[1..]);
    }
    if let Some(region) = parts.next() {
        let number = region.len() == 3 && region.bytes().all(|b| b.is_ascii_digit());
        good &= number || region.len() == 2 && upper(region);
    }
    if good && parts.next().is_none() {
        return Ok(());
    }
    Err(Invalid::new(member, format!("\"{tag}\" is not a language tag such as \"en\" or \"de-AT\"")))
}

fn finite(member: &str, number: Option<f64>) -> Result<(), Invalid> {
    match number {
        Some(number) if !number.is_finite() || number < 0.0 => {
            Err(Invalid::new(member, "is not a number from zero up"))
        }
        _ => Ok(()),
    }
}

impl Achievement {
    /// An error if a document with this achievement would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        url("achievement.id", &self.id)?;
        kind("achievement", &self.types, "Achievement")?;
        said("achievement.name", &self.name)?;
        said("achievement.description", &self.description)?;
        self.criteria.validate()?;
        self.achievement_type.as_ref().map_or(Ok(()), |word| word.parse::<AchievementType>().map(drop))?;
        self.image.iter().try_for_each(Image::validate)?;
        self.creator.iter().try_for_each(Profile::validate)?;
        self.alignment.iter().try_for_each(Alignment::validate)?;
        language("achievement.inLanguage", self.in_language.as_ref())?;
        finite("achievement.creditsAvailable", self.credits_available)?;
        self.other_identifier.iter().try_for_each(IdentifierEntry::validate)?;
        self.related.iter().try_for_each(Related::validate)?;
        self.result_description.iter().try_for_each(ResultDescription::validate)
    }
}

impl Criteria {
    /// An error if a document with these criteria would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        maybe_url("criteria.id", self.id.as_ref())
    }
}

impl Alignment {
    /// An error if a document with this alignment would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("alignment", &self.types, "Alignment")?;
        said("alignment.targetName", &self.target_name)?;
        url("alignment.targetUrl", &self.target_url)?;
        self.target_type.as_ref().map_or(Ok(()), |word| word.parse::<TargetType>().map(drop))
    }
}

impl Related {
    /// An error if a document with this relation would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("related", &self.types, "Related")?;
        url("related.id", &self.id)?;
        language("related.inLanguage", self.in_language.as_ref())
    }
}

impl ResultDescription {
    /// An error if a document with this description would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("resultDescription", &self.types, "ResultDescription")?;
        url("resultDescription.id", &self.id)?;
        said("resultDescription.name", &self.name)?;
        self.result_type.parse::<ResultType>()?;
        self.rubric_criterion_level.iter().try_for_each(RubricCriterionLevel::validate)?;
        maybe_url("resultDescription.requiredLevel", self.required_level.as_ref())?;
        self.alignment.iter().try_for_each(Alignment::validate)
    }
}

impl RubricCriterionLevel {
    /// An error if a document with this level would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("rubricCriterionLevel", &self.types, "RubricCriterionLevel")?;
        url("rubricCriterionLevel.id", &self.id)?;
        said("rubricCriterionLevel.name", &self.name)?;
        self.alignment.iter().try_for_each(Alignment::validate)
    }
}

impl Profile {
    /// An error if a document with this profile would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        url("profile.id", &self.id)?;
        kind("profile", &self.types, "Profile")?;
        maybe_url("profile.url", self.url.as_ref())?;
        if self.email.as_ref().is_some_and(|email| !email.contains('@')) {
            return Err(Invalid::new("profile.email", "is not an e-mail address"));
        }
        let is_date = |date: &String| date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok();
        if !self.date_of_birth.as_ref().is_none_or(is_date) {
            return Err(Invalid::new("profile.dateOfBirth", "is not a date such as 2001-12-31"));
        }
        self.image.iter().try_for_each(Image::validate)?;
        self.address.iter().try_for_each(Address::validate)?;
        self.other_identifier.iter().try_for_each(IdentifierEntry::validate)?;
        self.parent_org.iter().try_for_each(|parent| parent.validate())
    }
}

impl Image {
    /// An error if a document with this picture would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("image", std::slice::from_ref(&self.kind), "Image")?;
        url("image.id", &self.id).map(drop)
    }
}

impl IdentifierEntry {
    /// An error if a document with this identifier would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("identifier", std::slice::from_ref(&self.kind), "IdentifierEntry")?;
        said("identifier.identifier", &self.identifier)?;
        self.identifier_type.parse::<IdentifierType>().map(drop)
    }
}

impl IdentityObject {
    /// An error if a document with this identity would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("identifier", std::slice::from_ref(&self.kind), "IdentityObject")?;
        said("identifier.identityHash", &self.identity_hash)?;
        self.identity_type.parse::<IdentifierType>()?;
        let hash = |name: &str, length: usize| {
            let hex = self.identity_hash.strip_prefix(name);
            hex.is_some_and(|hex| hex.len() == length && hex.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        if self.hashed && !hash("sha256$", 64) && !hash("md5$", 32) {
            return Err(Invalid::new(
                "identifier.identityHash",
                "is not sha256$ or md5$ and a hexadecimal hash",
            ));
        }
        Ok(())
    }
}

impl Address {
    /// An error if a document with this address would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("address", &self.types, "Address")?;
        let code = |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        if !self.address_country_code.as_ref().is_none_or(code) {
            return Err(Invalid::new(
                "address.addressCountryCode",
                "is not two capital letters (ISO 3166-1)",
            ));
        }
        self.geo.iter().try_for_each(GeoCoordinates::validate)
    }
}

impl GeoCoordinates {
    /// An error if this is no place on earth.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("geo", std::slice::from_ref(&self.kind), "GeoCoordinates")?;
        let within = |degrees: f64, most: f64| degrees.is_finite() && degrees.abs() <= most;
        if within(self.latitude, 90.0) && within(self.longitude, 180.0) {
            return Ok(());
        }
        Err(Invalid::new("geo", "latitudes go from -90 to 90, longitudes from -180 to 180"))
    }
}

impl Evidence {
    /// An error if a document with this evidence would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("evidence", &self.types, "Evidence")?;
        maybe_url("evidence.id", self.id.as_ref())
    }
}

impl AchievementResult {
    /// An error if a document with this result would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        kind("result", &self.types, "Result")?;
        maybe_url("result.resultDescription", self.result_description.as_ref())?;
        maybe_url("result.achievedLevel", self.achieved_level.as_ref())?;
        let known = |status: &String| ResultStatus::WORDS.contains(&status.as_str());
        if !self.status.as_ref().is_none_or(known) {
            return Err(Invalid::new("result.status", "is not one of the specification's words"));
        }
        self.alignment.iter().try_for_each(Alignment::validate)
    }
}

impl AchievementSubject {
    /// An error if a document with this subject would be invalid: results refer to descriptions that are
    /// there, and somebody is named.
    pub fn validate(&self) -> Result<(), Invalid> {
        const PLACE: &str = "credentialSubject";
        kind(PLACE, &self.types, "AchievementSubject")?;
        maybe_url("credentialSubject.id", self.id.as_ref())?;
        if self.id.is_none() && self.identifier.is_empty() {
            return Err(Invalid::new(PLACE, "names nobody: it needs an id or an identifier"));
        }
        if let (Some(start), Some(end)) = (self.activity_start_date, self.activity_end_date)
            && start > end
        {
            return Err(Invalid::new("credentialSubject.activityEndDate", "is before activityStartDate"));
        }
        finite("credentialSubject.creditsEarned", self.credits_earned)?;
        self.identifier.iter().try_for_each(IdentityObject::validate)?;
        self.image.iter().try_for_each(Image::validate)?;
        self.source.iter().try_for_each(Profile::validate)?;
        self.achievement.validate()?;
        self.result.iter().try_for_each(AchievementResult::validate)?;
        let descriptions = &self.achievement.result_description;
        let described = |id: &String| descriptions.iter().any(|description| description.id == *id);
        if !self.result.iter().filter_map(|result| result.result_description.as_ref()).all(described) {
            let problem = "names a resultDescription the achievement does not have";
            return Err(Invalid::new("credentialSubject.result", problem));
        }
        Ok(())
    }
}

impl OpenBadgeCredential {
    /// An error if the document would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        url("id", &self.id)?;
        said("name", &self.name)?;
        self.issuer.validate()?;
        self.image.iter().try_for_each(Image::validate)?;
        self.credential_subject.validate()?;
        self.evidence.iter().try_for_each(Evidence::validate)?;
        for schema in &self.credential_schema {
            url("credentialSchema.id", &schema.id)?;
        }
        if let Some(status) = &self.credential_status {
            url("credentialStatus.statusListCredential", &status.status_list_credential)?;
        }
        Ok(())
    }
}

impl EndorsementCredential {
    /// An error if the document would be invalid.
    pub fn validate(&self) -> Result<(), Invalid> {
        url("id", &self.id)?;
        said("name", &self.name)?;
        self.issuer.validate()?;
        url("credentialSubject.id", &self.credential_subject.id).map(drop)
    }
}
