//! Ids with types: a person is never taken for an achievement.

/// The text was not an id of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this is not an id")
    }
}

impl std::error::Error for NotAnId {}

/// Makes ids with types. The crate that calls it needs `serde` with `derive`, and `uuid`.
///
/// ```
/// cairn_value::ids! {
///     /// A lamp.
///     LampId,
/// }
/// assert!("no id".parse::<LampId>().is_err());
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub ::uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::NotAnId;
            fn from_str(text: &str) -> Result<Self, $crate::id::NotAnId> {
                ::uuid::Uuid::try_parse(text).map(Self).map_err(|_| $crate::id::NotAnId)
            }
        }
    )*};
}

ids! {
    /// A tenant: issues, employs, or both.
    OrganizationId,
    /// Someone who signs in.
    PersonId,
    /// A micro-credential's lasting identity; its content lives in versions.
    AchievementId,
    /// One immutable content of an achievement.
    VersionId,
    /// One person working on one achievement version.
    EnrollmentId,
    /// One try at an assessment.
    AttemptId,
    /// What a learner hands in for a requirement.
    SubmissionId,
    /// One artefact of a submission.
    EvidenceId,
    /// One reviewer's scores and comments.
    ReviewId,
    /// The fact that a person met an achievement version.
    AwardId,
    /// The signed document of an award.
    CredentialId,
    /// One Bitstring Status List.
    StatusListId,
    /// A roster to award at once.
    RosterId,
    /// An organisation's signing key.
    KeyId,
    /// An invitation to join an organisation.
    InvitationId,
    /// A key to the API.
    TokenId,
}
