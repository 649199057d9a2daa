//! What the tables of people hold.

use cairn_platform::privacy::{Erasure, Keeping, Privacy, Table, personal, secret};

const TABLES: &[Table] = &[
    Table {
        name: "person",
        kept: Keeping::Owner,
        plain: &["language", "operator", "created_at", "deleted_at"],
        ids: &["id"],
        columns: &[
            personal("name", "account.json", Erasure::Emptied),
            secret("password_hash", Erasure::Emptied),
            secret("salt", Erasure::Emptied),
        ],
    },
    Table {
        name: "email",
        kept: Keeping::Owner,
        plain: &["is_primary", "verified_at", "created_at"],
        ids: &["person"],
        columns: &[
            personal("key", "account.json", Erasure::Row),
            personal("address", "account.json", Erasure::Row),
        ],
    },
];

/// What it keeps about people. The account's row stays and names nobody; see `erasure`.
pub const PRIVACY: Privacy = Privacy {
    tables: TABLES,
    kept: &[],
    exports: &[],
    letters: &[],
    erasures: &["DELETE FROM email WHERE person = $1"],
};
