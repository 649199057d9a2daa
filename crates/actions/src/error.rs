//! What ends an action other than well.

use cairn_platform::text::Language;
use cairn_value::refusal::Refusal;

/// A field of a form or a request, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field, as in the form or the JSON.
    pub field: String,
    /// What is wrong with it.
    pub refusal: Refusal,
}

impl FieldError {
    /// What is wrong with a field.
    pub fn new(field: &str, refusal: impl Into<Refusal>) -> Self {
        Self { field: field.into(), refusal: refusal.into() }
    }
}

/// Everything that ends an action other than well.
#[derive(Debug)]
pub enum Error {
    /// It is not there, or not for this person.
    NotFound,
    /// Signed in, but not allowed, and no secret in saying so.
    Forbidden(Refusal),
    /// Sign in first.
    SignIn,
    /// A rule of the domain says no.
    Refused(Refusal),
    /// Some fields are wrong.
    Invalid(Vec<FieldError>),
    /// Somebody else was quicker.
    Conflict(Refusal),
    /// Come back in this many seconds.
    TooMany(i64),
    /// Too large an upload or body.
    TooLarge(Refusal),
    /// Something that a program must send is missing or cannot be read.
    Malformed(Refusal),
    /// A body of a kind that is not read here.
    UnknownKind(Refusal),
    /// Our fault.
    Unexpected(anyhow::Error),
}

/// What an action gives when it does not give what was asked for.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A rule says no.
    pub fn refused(refusal: impl Into<Refusal>) -> Self {
        Self::Refused(refusal.into())
    }

    /// One wrong field.
    pub fn invalid(field: &str, refusal: impl Into<Refusal>) -> Self {
        Self::Invalid(vec![FieldError::new(field, refusal)])
    }

    /// What all of it was refused for; none when single fields are wrong, or there is nothing to say.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Forbidden(why)
            | Self::Refused(why)
            | Self::Conflict(why)
            | Self::TooLarge(why)
            | Self::Malformed(why)
            | Self::UnknownKind(why) => Some(why),
            Self::NotFound | Self::SignIn | Self::Invalid(_) | Self::TooMany(_) | Self::Unexpected(_) => None,
        }
    }

    /// True when a row was there already: somebody was quicker.
    pub fn is_duplicate(&self) -> bool {
        let Self::Unexpected(error) = self else { return false };
        error.downcast_ref::<sqlx::Error>().is_some_and(cairn_platform::db::is_duplicate)
    }

    /// A stable name, part of the problem's type and of message keys.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden(_) => "forbidden",
            Self::SignIn => "sign-in",
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::TooMany(_) => "too-many",
            Self::TooLarge(_) => "too-large",
            Self::Malformed(_) => "malformed",
            Self::UnknownKind(_) => "unknown-kind",
            Self::Unexpected(_) => "unexpected",
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            // SQLSTATE 22021: PostgreSQL stores no NUL; only a program sends one
            sqlx::Error::Database(e) if e.code().as_deref() == Some("22021") => Self::refused("text-nul"),
            other => Self::Unexpected(other.into()),
        }
    }
}

impl From<cairn_platform::Error> for Error {
    fn from(error: cairn_platform::Error) -> Self {
        match error {
            cairn_platform::Error::NoSuchFile => Self::refused("file-gone"),
            cairn_platform::Error::TooMany(seconds) => Self::TooMany(seconds),
            cairn_platform::Error::Database(error) => error.into(),
            cairn_platform::Error::Unexpected(error) => Self::Unexpected(error),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Unexpected(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Unexpected(error.into())
    }
}

macro_rules! refusals {
    ($($refusal:ty),* $(,)?) => {$(
        impl From<$refusal> for Error {
            fn from(refusal: $refusal) -> Self { Self::refused(refusal) }
        }
    )*};
}
refusals!(
    cairn_domain::submission::Refusal,
    cairn_domain::review::Refusal,
    cairn_domain::award::Refusal,
    cairn_domain::enrollment::Refusal,
    cairn_domain::standing::Refusal,
);
impl From<cairn_value::id::NotAnId> for Error {
    fn from(_: cairn_value::id::NotAnId) -> Self {
        Self::NotFound
    }
}

/// In English, for the command line and logs.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = Language::En;
        match self {
            Self::Unexpected(error) => write!(f, "{error:#}"),
            Self::Invalid(fields) => {
                write!(f, "invalid")?;
                fields
                    .iter()
                    .try_for_each(|field| write!(f, "; {}: {}", field.field, words.refusal(&field.refusal)))
            }
            Self::TooMany(seconds) => write!(f, "too many; again in {seconds} seconds"),
            Self::NotFound
            | Self::SignIn
            | Self::Forbidden(_)
            | Self::Refused(_)
            | Self::Conflict(_)
            | Self::TooLarge(_)
            | Self::Malformed(_)
            | Self::UnknownKind(_) => {
                f.write_str(self.code())?;
                self.refusal().map_or(Ok(()), |why| write!(f, ": {}", words.refusal(why)))
            }
        }
    }
}

impl std::error::Error for Error {}
