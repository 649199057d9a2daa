//! The specification's vocabularies (OB 3.0, B.3): closed ones, and those that issuers may extend with
//! words of their own that begin with `ext:`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;

/// A word of an issuer's own, such as `ext:Workshop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension(String);

impl Extension {
    /// A word of letters, digits, `.`, `_` and `-`, with or without the `ext:` before it.
    pub fn new(word: &str) -> Result<Self, Invalid> {
        let name = word.strip_prefix("ext:").unwrap_or(word);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.bytes().all(plain) {
            return Ok(Self(format!("ext:{name}")));
        }
        Err(Invalid::new(word, "is not a word of letters, digits, \".\", \"_\" and \"-\" after ext:"))
    }

    /// With the `ext:`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $member:literal, $($variant:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`.")] $variant,)*
            /// A word of the issuer's own.
            Ext(Extension),
        }

        impl $name {
            /// The specification's words.
            pub const WORDS: &[&str] = &[$($text,)*];

            /// As documents write it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Ext(word) => word.as_str(),
                }
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(word: &str) -> Result<Self, Invalid> {
                match word {
                    $($text => Ok(Self::$variant),)*
                    own if own.starts_with("ext:") => Extension::new(own).map(Self::Ext),
                    other => Err(Invalid::new(
                        $member,
                        format!("\"{other}\" is not one of the specification's words, nor begins with ext:"),
                    )),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(word: String) -> Result<Self, Invalid> {
                word.parse()
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// Kinds of achievements (OB 3.0, `AchievementType`).
    AchievementType, "achievementType",
    Achievement = "Achievement",
    ApprenticeshipCertificate = "ApprenticeshipCertificate",
    Assessment = "Assessment",
    Assignment = "Assignment",
    AssociateDegree = "AssociateDegree",
    Award = "Award",
    Badge = "Badge",
    BachelorDegree = "BachelorDegree",
    Certificate = "Certificate",
    CertificateOfCompletion = "CertificateOfCompletion",
    Certification = "Certification",
    CommunityService = "CommunityService",
    Competency = "Competency",
    Course = "Course",
    CoCurricular = "CoCurricular",
    Degree = "Degree",
    Diploma = "Diploma",
    DoctoralDegree = "DoctoralDegree",
    Fieldwork = "Fieldwork",
    GeneralEducationDevelopment = "GeneralEducationDevelopment",
    JourneymanCertificate = "JourneymanCertificate",
    LearningProgram = "LearningProgram",
    License = "License",
    Membership = "Membership",
    ProfessionalDoctorate = "ProfessionalDoctorate",
    QualityAssuranceCredential = "QualityAssuranceCredential",
    MasterCertificate = "MasterCertificate",
    MasterDegree = "MasterDegree",
    MicroCredential = "MicroCredential",
    ResearchDoctorate = "ResearchDoctorate",
    SecondarySchoolDiploma = "SecondarySchoolDiploma",
}

vocabulary! {
    /// What an alignment points to (OB 3.0, `AlignmentTargetType`).
    TargetType, "targetType",
    CeasnCompetency = "ceasn:Competency",
    CetermsCredential = "ceterms:Credential",
    CfItem = "CFItem",
    CfRubric = "CFRubric",
    CfRubricCriterion = "CFRubricCriterion",
    CfRubricCriterionLevel = "CFRubricCriterionLevel",
    Ctdl = "CTDL",
}

vocabulary! {
    /// Kinds of results (OB 3.0, `ResultType`).
    ResultType, "resultType",
    GradePointAverage = "GradePointAverage",
    LetterGrade = "LetterGrade",
    Percent = "Percent",
    PerformanceLevel = "PerformanceLevel",
    PredictedScore = "PredictedScore",
    RawScore = "RawScore",
    Result = "Result",
    RubricCriterion = "RubricCriterion",
    RubricCriterionLevel = "RubricCriterionLevel",
    RubricScore = "RubricScore",
    ScaledScore = "ScaledScore",
    Status = "Status",
}

vocabulary! {
    /// Kinds of names and numbers that people, courses and organisations are known by (OB 3.0,
    /// `IdentifierTypeEnum`).
    IdentifierType, "identifierType",
    Name = "name",
    SourcedId = "sourcedId",
    SystemId = "systemId",
    ProductId = "productId",
    UserName = "userName",
    AccountId = "accountId",
    EmailAddress = "emailAddress",
    NationalIdentityNumber = "nationalIdentityNumber",
    Isbn = "isbn",
    Issn = "issn",
    LisSourcedId = "lisSourcedId",
    OneRosterSourcedId = "oneRosterSourcedId",
    SisSourcedId = "sisSourcedId",
    LtiContextId = "ltiContextId",
    LtiDeploymentId = "ltiDeploymentId",
    LtiToolId = "ltiToolId",
    LtiPlatformId = "ltiPlatformId",
    LtiUserId = "ltiUserId",
    Identifier = "identifier",
}

/// How far a learner has come (OB 3.0, `ResultStatusType`); there are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResultStatus {
    /// Done.
    Completed,
    /// Signed up.
    Enrolled,
    /// Not passed.
    Failed,
    /// Begun.
    InProgress,
    /// Interrupted.
    OnHold,
    /// Not final yet.
    Provisional,
    /// Given up.
    Withdrew,
}

impl ResultStatus {
    /// The specification's words.
    pub const WORDS: &[&str] =
        &["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"];

    /// As documents write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "Completed",
            Self::Enrolled => "Enrolled",
            Self::Failed => "Failed",
            Self::InProgress => "InProgress",
            Self::OnHold => "OnHold",
            Self::Provisional => "Provisional",
            Self::Withdrew => "Withdrew",
        }
    }
}

impl From<ResultStatus> for String {
    fn from(status: ResultStatus) -> Self {
        status.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_round() {
        fn all<T: FromStr<Err = Invalid> + Into<String>>(words: &[&str], number: usize) {
            assert_eq!(words.len(), number);
            for word in words {
                assert_eq!(Into::<String>::into(word.parse::<T>().unwrap()), *word);
            }
            assert_eq!(
                Into::<String>::into("ext:Own-1.x".parse::<T>().unwrap_or_else(|_| panic!())),
                "ext:Own-1.x"
            );
            for wrong in ["", "Wrong", "ext:", "ext:a b", "ext:-", "EXT:a"] {
                assert!(wrong.parse::<T>().is_err(), "{wrong}");
            }
        }
        all::<AchievementType>(AchievementType::WORDS, 31);
        all::<TargetType>(TargetType::WORDS, 7);
        all::<ResultType>(ResultType::WORDS, 12);
        all::<IdentifierType>(IdentifierType::WORDS, 19);
        for word in ResultStatus::WORDS {
            let status: ResultStatus = serde_json::from_value((*word).into()).unwrap();
            assert_eq!(status.as_str(), *word);
        }
        let text = serde_json::to_string(&TargetType::CeasnCompetency).unwrap();
        assert_eq!(text, "\"ceasn:Competency\"");
        assert_eq!(serde_json::from_str::<TargetType>(&text).unwrap(), TargetType::CeasnCompetency);
    }
}
