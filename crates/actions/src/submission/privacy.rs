//! What the tables of submissions hold about people.

use cairn_platform::privacy::{Erased, Holds, Keeping, Table, document, personal};

const FILE: &str = "submissions.json";

/// The tables. What was accepted or declined stays as a number, empty.
pub const TABLES: &[Table] = &[
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
            personal("message", FILE, Erased::Emptied),
        ],
    },
    Table {
        name: "submission_revision",
        kept: Keeping::Owner,
        plain: &["organization", "revision", "submitted_at"],
        ids: &["submission"],
        columns: &[personal("message", "messages.json", Erased::Emptied)],
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
            personal("title", FILE, Erased::Emptied),
            personal("file_name", FILE, Erased::Emptied),
            personal("blob", FILE, Erased::Emptied),
            personal("url", FILE, Erased::Emptied),
            personal("body", FILE, Erased::Emptied),
        ],
    },
    Table {
        name: "appeal",
        kept: Keeping::Owner,
        plain: &["organization", "revision", "created_at"],
        ids: &["submission"],
        columns: &[personal("reason", "appeals.json", Erased::Emptied)],
    },
];
