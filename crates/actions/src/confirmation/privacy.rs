//! What the table of domains holds about people: nothing.

use cairn_platform::privacy::{Keeping, Privacy, Table};

const TABLES: &[Table] = &[Table {
    name: "organization_domain",
    kept: Keeping::Owner,
    plain: &[
        "organization",
        "domain",
        "token",
        "proved_at",
        "checked_at",
        "failing_since",
        "found",
        "created_at",
    ],
    ids: &[],
    columns: &[],
}];

/// What it keeps.
pub const PRIVACY: Privacy = Privacy { tables: TABLES, kept: &[], exports: &[], erasures: &[] };
