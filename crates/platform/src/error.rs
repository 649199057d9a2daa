//! What the platform refuses or cannot do; each subject says it in its own words.

/// Why something did not happen.
#[derive(Debug)]
pub enum Error {
    /// The bytes that a name stands for are not there, or not this organisation's.
    NoSuchFile,
    /// A limit is used up; come back in this many seconds.
    TooMany(i64),
    /// The database says no.
    Database(sqlx::Error),
    /// Our fault, or the machine's.
    Unexpected(anyhow::Error),
}

/// What the platform gives when it does not give what was asked for.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchFile => f.write_str("this file is not there any more"),
            Self::TooMany(seconds) => write!(f, "too many; come back in {seconds} s"),
            Self::Database(error) => error.fmt(f),
            Self::Unexpected(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Unexpected(error)
    }
}
