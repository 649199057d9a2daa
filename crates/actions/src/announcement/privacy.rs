//! What the tables of announcements hold about people, and for how long.

use cairn_platform::privacy::{Erasure, Export, Keeping, Privacy, Retention, Table, personal};

const FILE: &str = "announcements.json";

/// The tables. An announcement is the organisation's; what a reader has chosen is hers.
const TABLES: &[Table] = &[
    Table {
        name: "announcement",
        kept: Keeping::Nightly("announcements"),
        plain: &[
            "organization",
            "id",
            "achievement",
            "audience",
            "title",
            "body",
            "appears_at",
            "created_at",
            "withdrawn_at",
        ],
        ids: &["created_by"],
        columns: &[],
    },
    Table {
        name: "announcement_reader",
        kept: Keeping::Owner,
        plain: &["organization"],
        ids: &["person"],
        columns: &[personal("letters_since", FILE, Erasure::Row), personal("read_until", FILE, Erasure::Row)],
    },
];

/// What the nightly work deletes of them.
const KEPT: &[Retention] = &[Retention {
    name: "announcements",
    days: 365,
    files: &[],
    statements: &["DELETE FROM announcement WHERE appears_at < $1"],
}];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: KEPT, exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[Export {
    file: FILE,
    rows: "SELECT organization, letters_since, read_until FROM announcement_reader WHERE person = $1 \
        ORDER BY organization",
}];

const ERASURES: &[&str] = &["DELETE FROM announcement_reader WHERE person = $1"];
