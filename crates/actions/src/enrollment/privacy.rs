//! What the tables of enrolments hold about people.

use cairn_platform::privacy::{Erasure, Holds, Keeping, Privacy, Table, document};

const HERS: Holds = Holds::Personal("enrollments.json", Erasure::Emptied);

/// The tables. An enrolment stays as a number in the organisation's statistics.
const TABLES: &[Table] = &[
    Table {
        name: "enrollment",
        kept: Keeping::Owner,
        plain: &[
            "organization",
            "achievement",
            "achievement_version",
            "state",
            "started_at",
            "ended_at",
            "version",
        ],
        ids: &["id", "learner", "occasion"],
        columns: &[document(
            "progress",
            &[
                ("*.at", HERS),
                ("*.score", HERS),
                ("*.outcomes", HERS),
                ("*.outcomes.*.criterion", HERS),
                ("*.outcomes.*.points", HERS),
                ("*.evidence", HERS),
                ("*.evidence.*", HERS),
            ],
        )],
    },
    Table {
        name: "attempt",
        kept: Keeping::Owner,
        plain: &["organization", "requirement", "number", "turn", "started_at", "finished_at"],
        ids: &["id", "enrollment", "series"],
        columns: &[
            document(
                "responses",
                &[("*.item", HERS), ("*.chosen", HERS), ("*.chosen.*", HERS), ("*.text", HERS)],
            ),
            document(
                "grade",
                &[
                    ("items", HERS),
                    ("items.*.item", HERS),
                    ("items.*.points", HERS),
                    ("items.*.maximum", HERS),
                    ("points", HERS),
                    ("maximum", HERS),
                    ("percent", HERS),
                    ("passed", HERS),
                ],
            ),
        ],
    },
];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: &[], exports: &[], letters: &[], erasures: ERASURES };

const ERASURES: &[&str] = &[
    "UPDATE attempt SET responses = '[]', grade = NULL WHERE enrollment IN \
     (SELECT id FROM enrollment WHERE learner = $1)",
    "UPDATE enrollment SET progress = '{}', version = version + 1 WHERE learner = $1",
    "UPDATE enrollment SET state = 'withdrawn' WHERE learner = $1 AND state IN ('active', 'completed')",
];
