//! What the tables of the catalogue hold about people: nothing.

use cairn_platform::privacy::{Keeping, Privacy, Table};

/// The tables.
const TABLES: &[Table] = &[Table {
    name: "catalog_entry",
    kept: Keeping::Owner,
    plain: &[
        "organization",
        "achievement",
        "field",
        "programme",
        "participation",
        "language",
        "level",
        "hours",
        "price",
        "title",
        "sort_key",
        "published_at",
    ],
    ids: &[],
    columns: &[],
}];

/// What it keeps about people.
pub const PRIVACY: Privacy = Privacy { tables: TABLES, kept: &[], exports: &[], letters: &[], erasures: &[] };
