//! What the tables of organisations hold about people, and for how long.

use cairn_platform::privacy::{CONTENT, Erased, Keeping, Kept, Table, document, personal, secret};

/// The tables. An organisation's own contact is public and its owners' to change.
pub const TABLES: &[Table] = &[
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
    Table {
        name: "member",
        kept: Keeping::Owner,
        plain: &["organization", "created_at"],
        ids: &["person"],
        columns: &[personal("role", "memberships.json", Erased::Row)],
    },
    Table {
        name: "invitation",
        kept: Keeping::Nightly("invitations"),
        plain: &["organization", "id", "role", "created_at", "expires_at", "accepted_at"],
        ids: &["invited_by"],
        columns: &[
            personal("address_key", "invitations.json", Erased::Row),
            personal("address", "invitations.json", Erased::Row),
            secret("token_hash", Erased::Row),
        ],
    },
    Table {
        name: "conflict",
        kept: Keeping::Owner,
        plain: &["organization", "created_at"],
        ids: &["reviewer", "learner", "declared_by"],
        columns: &[
            // what was typed; the row goes with the account behind it
            personal("address_key", "conflicts.json", Erased::Row),
            personal("address", "conflicts.json", Erased::Row),
        ],
    },
];

/// What the nightly work deletes of them.
pub const KEPT: &[Kept] = &[Kept {
    name: "invitations",
    days: 30,
    statements: &["DELETE FROM invitation WHERE expires_at < $1 OR accepted_at < $1"],
}];
