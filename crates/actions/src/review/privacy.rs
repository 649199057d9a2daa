//! What the table of reviews holds about people: words about a learner, by a
//! reviewer. They go with the learner's account and are in both exports.

use cairn_platform::privacy::{Erasure, Export, Holds, Keeping, Privacy, Table, document};

const WORDS: Holds = Holds::Personal("submissions.json", Erasure::Emptied);

/// The table.
const TABLES: &[Table] = &[Table {
    name: "review",
    kept: Keeping::Owner,
    plain: &["organization", "revision", "created_at", "decided_at"],
    ids: &["id", "submission", "reviewer"],
    columns: &[
        document(
            "body",
            &[
                ("scores", WORDS),
                ("scores.*.criterion", WORDS),
                ("scores.*.points", WORDS),
                ("scores.*.comment", WORDS),
                ("comment", WORDS),
                ("override_reason", WORDS),
            ],
        ),
        document(
            "decision",
            &[
                ("verdict", Holds::Plain),
                ("tally", Holds::Plain),
                ("tally.points", Holds::Plain),
                ("tally.maximum", Holds::Plain),
                ("tally.passed", Holds::Plain),
                ("overridden", Holds::Plain),
            ],
        ),
    ],
}];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: &[], exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[Export {
    file: "reviews.json",
    rows: "SELECT submission, revision, body, decision, created_at, decided_at FROM review WHERE reviewer = $1 \
         ORDER BY id",
}];

const ERASURES: &[&str] = &[
    "UPDATE review SET body = '{\"scores\":[],\"comment\":\"\",\"override_reason\":\"\"}' WHERE submission IN \
     (SELECT id FROM submission_fact WHERE learner = $1)",
];
