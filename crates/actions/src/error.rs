//! What ends an action other than well.

/// A field of a form or a request, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Name of the field, as in the form or the JSON.
    pub field: String,
    /// A sentence.
    pub message: String,
}

impl FieldError {
    /// A sentence about a field.
    pub fn new(field: &str, message: impl std::fmt::Display) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }
}

/// Everything that ends an action other than well.
#[derive(Debug)]
pub enum Error {
    /// It is not there, or not for this person.
    NotFound,
    /// Signed in, but not allowed, and no secret in saying so.
    Forbidden(&'static str),
    /// Sign in first.
    SignIn,
    /// A rule of the domain says no, in words for the person.
    Refused(String),
    /// Some fields are wrong.
    Invalid(Vec<FieldError>),
    /// Somebody else was quicker.
    Conflict(String),
    /// Come back in this many seconds.
    TooMany(i64),
    /// Too large an upload or body.
    TooLarge(String),
    /// Something that a program must send is missing or cannot be read.
    Malformed(String),
    /// A body of a kind that is not read here.
    UnknownKind(String),
    /// Our fault.
    Unexpected(anyhow::Error),
}

/// What an action gives when it does not give what was asked for.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with the rule's own words.
    pub fn refused(reason: impl std::fmt::Display) -> Self {
        Self::Refused(reason.to_string())
    }

    /// One wrong field.
    pub fn invalid(field: &str, message: impl std::fmt::Display) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
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
            sqlx::Error::Database(e) if e.code().as_deref() == Some("22021") => {
                Self::Refused("a text must not hold the character NUL".into())
            }
            other => Self::Unexpected(other.into()),
        }
    }
}

impl From<cairn_platform::Error> for Error {
    fn from(error: cairn_platform::Error) -> Self {
        match error {
            cairn_platform::Error::NoSuchFile => {
                Self::refused("this file is not there any more; upload it again")
            }
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

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unexpected(error) => write!(f, "{error:#}"),
            Self::Refused(text)
            | Self::Conflict(text)
            | Self::TooLarge(text)
            | Self::Malformed(text)
            | Self::UnknownKind(text) => write!(f, "{}: {text}", self.code()),
            Self::Invalid(fields) => {
                write!(f, "invalid")?;
                fields.iter().try_for_each(|field| write!(f, "; {}: {}", field.field, field.message))
            }
            Self::Forbidden(text) => write!(f, "forbidden: {text}"),
            Self::TooMany(seconds) => write!(f, "too many; again in {seconds} seconds"),
            Self::NotFound | Self::SignIn => f.write_str(self.code()),
        }
    }
}

impl std::error::Error for Error {}
