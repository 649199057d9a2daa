//! The list of subjects, in the order of calling: a subject may call those above it, never those below. News from
//! below travels by events.

use cairn_platform::privacy::Privacy;

/// What a subject tells the house about itself.
#[derive(Debug)]
pub struct Subject {
    /// Its folder.
    pub name: &'static str,
    /// What it keeps about people.
    pub privacy: Privacy,
}

const fn subject(name: &'static str, privacy: Privacy) -> Subject {
    Subject { name, privacy }
}

/// All of them.
pub const SUBJECTS: &[Subject] = &[
    subject("person", crate::person::privacy::PRIVACY),
    subject("confirmation", crate::confirmation::privacy::PRIVACY),
    subject("published", Privacy::NONE),
    subject("catalog", crate::catalog::privacy::PRIVACY),
    subject("achievement", crate::achievement::privacy::PRIVACY),
    subject("credential", crate::credential::privacy::PRIVACY),
    subject("award", Privacy::NONE),
    subject("organization", crate::organization::privacy::PRIVACY),
    subject("enrollment", crate::enrollment::privacy::PRIVACY),
    subject("submission", crate::submission::privacy::PRIVACY),
    subject("review", crate::review::privacy::PRIVACY),
    subject("roster", crate::roster::privacy::PRIVACY),
    subject("verification", Privacy::NONE),
    subject("audit", Privacy::NONE),
    subject("idempotency", crate::idempotency::privacy::PRIVACY),
    subject("account", crate::account::privacy::PRIVACY),
    subject("export", Privacy::NONE),
    subject("erasure", Privacy::NONE),
];
