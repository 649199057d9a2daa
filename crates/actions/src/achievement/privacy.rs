//! What the tables of micro-credentials hold about people: nothing but ids.

use cairn_platform::privacy::{CONTENT, Keeping, Privacy, Table, document};

/// The tables. Definitions are what the organisation publishes.
const TABLES: &[Table] = &[
    Table {
        name: "achievement",
        kept: Keeping::Owner,
        plain: &["organization", "id", "slug", "published_version", "retired_at", "created_at", "version"],
        ids: &[],
        columns: &[document("draft", CONTENT)],
    },
    Table {
        name: "achievement_version",
        kept: Keeping::Always,
        plain: &["organization", "id", "achievement", "number", "published_at"],
        ids: &["published_by"],
        columns: &[document("body", CONTENT)],
    },
];

/// What it keeps about people.
pub const PRIVACY: Privacy = Privacy { tables: TABLES, kept: &[], exports: &[], letters: &[], erasures: &[] };
