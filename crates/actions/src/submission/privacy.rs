//! What the tables of submissions hold about people.

use cairn_platform::privacy::{Erasure, Export, Holds, Keeping, Privacy, Table, document, personal};

const FILE: &str = "submissions.json";

/// The tables. What was accepted or declined stays as a number, empty.
const TABLES: &[Table] = &[
    Table {
        name: "submission",
        kept: Keeping::Owner,
        plain: &[
            "organization",
            "achievement",
            "achievement_version",
            "requirement",
            "state",
            "revision",
            "show_evidence",
            "submitted_at",
            "created_at",
            "version",
        ],
        ids: &["id", "enrollment", "learner"],
        columns: &[
            document(
                "body",
                &[
                    ("state", Holds::Plain),
                    ("at", Holds::Plain),
                    ("by", Holds::Plain),
                    ("since", Holds::Plain),
                    ("declined_by", Holds::Plain),
                ],
            ),
            personal("message", FILE, Erasure::Emptied),
        ],
    },
    Table {
        name: "submission_revision",
        kept: Keeping::Owner,
        plain: &["organization", "revision", "submitted_at"],
        ids: &["submission"],
        columns: &[personal("message", "messages.json", Erasure::Emptied)],
    },
    Table {
        name: "evidence",
        kept: Keeping::Owner,
        plain: &[
            "organization",
            "kind",
            "media_type",
            "size",
            "added_revision",
            "removed_revision",
            "created_at",
        ],
        ids: &["id", "submission"],
        columns: &[
            personal("title", FILE, Erasure::Emptied),
            personal("file_name", FILE, Erasure::Emptied),
            personal("blob", FILE, Erasure::Emptied),
            personal("url", FILE, Erasure::Emptied),
            personal("body", FILE, Erasure::Emptied),
        ],
    },
    Table {
        name: "appeal",
        kept: Keeping::Owner,
        plain: &["organization", "revision", "created_at"],
        ids: &["submission"],
        columns: &[personal("reason", "appeals.json", Erasure::Emptied)],
    },
];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: &[], exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[
    Export {
        file: "messages.json",
        rows: "SELECT r.submission, r.revision, r.message, r.submitted_at FROM submission_revision r JOIN submission s \
         ON s.organization = r.organization AND s.id = r.submission WHERE s.learner = $1 \
         ORDER BY r.submission, r.revision",
    },
    Export {
        file: "appeals.json",
        rows: "SELECT a.submission, a.revision, a.reason, a.created_at FROM appeal a JOIN submission s \
         ON s.organization = a.organization AND s.id = a.submission WHERE s.learner = $1 \
         ORDER BY a.submission, a.revision",
    },
];

const ERASURES: &[&str] = &[
    "UPDATE evidence SET title = '', file_name = '', blob = '', url = '', body = '' WHERE submission IN \
     (SELECT id FROM submission WHERE learner = $1)",
    "UPDATE submission_revision SET message = '' WHERE submission IN (SELECT id FROM submission WHERE learner = $1)",
    "UPDATE appeal SET reason = '' WHERE submission IN (SELECT id FROM submission WHERE learner = $1)",
    "DELETE FROM submission WHERE learner = $1 AND state <> 'accepted' AND state <> 'declined'",
    "UPDATE submission SET message = '', show_evidence = 0 WHERE learner = $1",
];
