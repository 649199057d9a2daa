//! What the tables of accounts hold about people, and for how long.

use cairn_platform::privacy::{Erased, Keeping, Kept, Table, personal, secret};

/// The tables.
pub const TABLES: &[Table] = &[
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
    Table {
        name: "session",
        kept: Keeping::Nightly("sessions"),
        plain: &["created_at", "expires_at", "confirmed_at"],
        ids: &["person"],
        columns: &[
            secret("token_hash", Erased::Row),
            secret("id", Erased::Row),
            personal("agent", "sessions.json", Erased::Row),
        ],
    },
    Table {
        name: "email_link",
        kept: Keeping::Nightly("links"),
        plain: &["kind", "language", "created_at", "expires_at", "used_at"],
        ids: &["person"],
        columns: &[
            secret("token_hash", Erased::Row),
            secret("password_hash", Erased::Row),
            personal("address_key", "links.json", Erased::Row),
            personal("address", "links.json", Erased::Row),
            personal("name", "links.json", Erased::Row),
        ],
    },
    Table {
        name: "api_token",
        kept: Keeping::Nightly("tokens"),
        plain: &["scopes", "created_at", "expires_at", "revoked_at"],
        ids: &["id", "person"],
        columns: &[secret("token_hash", Erased::Row), personal("name", "tokens.json", Erased::Row)],
    },
];

/// What the nightly work deletes of them.
pub const KEPT: &[Kept] = &[
    Kept { name: "sessions", days: 1, statements: &["DELETE FROM session WHERE expires_at < $1"] },
    Kept {
        name: "links",
        days: 7,
        statements: &["DELETE FROM email_link WHERE expires_at < $1 OR used_at < $1"],
    },
    Kept {
        name: "tokens",
        days: 30,
        statements: &["DELETE FROM api_token WHERE revoked_at < $1 OR expires_at < $1"],
    },
];
