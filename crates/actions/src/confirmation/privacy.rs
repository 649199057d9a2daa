//! What the tables of organisations and of their domains hold about people: nothing but who decided.

use cairn_platform::privacy::{CONTENT, Keeping, Privacy, Table, document};

/// The tables. An organisation's own contact is public and its owners' to change.
const TABLES: &[Table] = &[
    Table {
        name: "organization",
        kept: Keeping::Owner,
        plain: &[
            "id",
            "slug",
            "name",
            "kind",
            "country",
            "url",
            "email",
            "language",
            "description",
            "issues",
            "created_at",
            "standing",
            "standing_before",
            "standing_reason",
            "standing_at",
            "name_wanted",
            "look",
        ],
        ids: &["standing_by"],
        columns: &[document("translations", CONTENT)],
    },
    Table {
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
    },
];

/// What it keeps.
pub const PRIVACY: Privacy = Privacy { tables: TABLES, kept: &[], exports: &[], letters: &[], erasures: &[] };
