//! What the tables of micro-credentials hold about people: nothing but ids.

use cairn_platform::privacy::{CONTENT, Keeping, Table, document};

/// The tables. Definitions are what the organisation publishes.
pub const TABLES: &[Table] = &[
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
