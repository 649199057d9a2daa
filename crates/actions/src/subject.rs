//! The list of subjects, in the order of calling: a subject may call those above it, never those below. News from
//! below travels by events.

use crate::app::App;
use cairn_platform::job::Work;
use cairn_platform::privacy::Privacy;
use cairn_platform::work;

/// What a subject tells the house about itself.
#[derive(Debug)]
pub struct Subject {
    /// Its folder.
    pub name: &'static str,
    /// What is done later, and what is done every night.
    pub works: &'static [Work<App>],
    /// What it keeps about people.
    pub privacy: Privacy,
}

const fn subject(name: &'static str, works: &'static [Work<App>], privacy: Privacy) -> Subject {
    Subject { name, works, privacy }
}

/// All of them.
pub const SUBJECTS: &[Subject] = &[
    subject("person", &[], crate::person::privacy::PRIVACY),
    subject(
        "confirmation",
        &[
            work!(nightly "check_domains", crate::confirmation::domain::nightly),
            work!(nightly "organizations_wait", crate::confirmation::tell_waiting),
        ],
        crate::confirmation::privacy::PRIVACY,
    ),
    subject("published", &[], Privacy::NONE),
    subject("catalog", &[], crate::catalog::privacy::PRIVACY),
    subject("achievement", &[], crate::achievement::privacy::PRIVACY),
    subject("credential", &[], crate::credential::privacy::PRIVACY),
    subject("award", &[], Privacy::NONE),
    subject("organization", &[], crate::organization::privacy::PRIVACY),
    subject("enrollment", &[], crate::enrollment::privacy::PRIVACY),
    subject("submission", &[], crate::submission::privacy::PRIVACY),
    subject("review", &[], crate::review::privacy::PRIVACY),
    subject(
        "announcement",
        &[work!("tell_announcement", crate::announcement::letter::tell)],
        crate::announcement::privacy::PRIVACY,
    ),
    subject("roster", &[work!("award_roster", crate::roster::work)], crate::roster::privacy::PRIVACY),
    subject("verification", &[], Privacy::NONE),
    subject("audit", &[work!(nightly "audit_head", crate::audit::sign)], Privacy::NONE),
    subject("idempotency", &[], crate::idempotency::privacy::PRIVACY),
    subject("account", &[work!("send_link", crate::account::send_link)], crate::account::privacy::PRIVACY),
    subject("export", &[], Privacy::NONE),
    subject("erasure", &[], Privacy::NONE),
];
