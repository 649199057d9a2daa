//! What the tables of people hold.

use cairn_platform::privacy::{Erased, Keeping, Privacy, Table, personal, secret};

const TABLES: &[Table] = &[
    Table {
        name: "person",
        kept: Keeping::Owner,
        plain: &["language", "operator", "created_at", "deleted_at"],
        ids: &["id"],
        columns: &[
            personal("name", "account.json", Erased::Emptied),
            secret("password_hash", Erased::Emptied),
            secret("salt", Erased::Emptied),
        ],
    },
    Table {
        name: "email",
        kept: Keeping::Owner,
        plain: &["is_primary", "verified_at", "created_at"],
        ids: &["person"],
        columns: &[
            personal("key", "account.json", Erased::Row),
            personal("address", "account.json", Erased::Row),
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
