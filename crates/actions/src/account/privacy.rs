//! What the tables of accounts hold about people, and for how long.

use cairn_platform::privacy::{Erasure, Export, Keeping, Privacy, Retention, Table, personal, secret};

/// The tables.
const TABLES: &[Table] = &[
    Table {
        name: "session",
        kept: Keeping::Nightly("sessions"),
        plain: &["created_at", "expires_at", "confirmed_at"],
        ids: &["person"],
        columns: &[
            secret("token_hash", Erasure::Row),
            secret("id", Erasure::Row),
            personal("agent", "sessions.json", Erasure::Row),
        ],
    },
    Table {
        name: "email_link",
        kept: Keeping::Nightly("links"),
        plain: &["kind", "language", "created_at", "expires_at", "used_at"],
        ids: &["person"],
        columns: &[
            secret("token_hash", Erasure::Row),
            secret("password_hash", Erasure::Row),
            personal("address_key", "links.json", Erasure::Row),
            personal("address", "links.json", Erasure::Row),
            personal("name", "links.json", Erasure::Row),
        ],
    },
    Table {
        name: "api_token",
        kept: Keeping::Nightly("tokens"),
        plain: &["scopes", "created_at", "expires_at", "revoked_at"],
        ids: &["id", "person"],
        columns: &[secret("token_hash", Erasure::Row), personal("name", "tokens.json", Erasure::Row)],
    },
];

/// What the nightly work deletes of them.
const KEPT: &[Retention] = &[
    Retention {
        name: "sessions",
        days: 1,
        files: &[],
        statements: &["DELETE FROM session WHERE expires_at < $1"],
    },
    Retention {
        name: "links",
        days: 7,
        files: &[],
        statements: &["DELETE FROM email_link WHERE expires_at < $1 OR used_at < $1"],
    },
    Retention {
        name: "tokens",
        days: 30,
        files: &[],
        statements: &["DELETE FROM api_token WHERE revoked_at < $1 OR expires_at < $1"],
    },
];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: KEPT, exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[
    Export {
        file: "sessions.json",
        rows: "SELECT agent, created_at, expires_at FROM session WHERE person = $1 ORDER BY created_at",
    },
    Export {
        file: "links.json",
        rows: "SELECT kind, address, address_key, name, created_at, expires_at, used_at FROM email_link WHERE person = $1 \
         OR address_key IN (SELECT key FROM person_address WHERE person = $1) ORDER BY created_at",
    },
    Export {
        file: "tokens.json",
        rows: "SELECT id, name, scopes, created_at, expires_at, revoked_at FROM api_token WHERE person = $1 ORDER BY id",
    },
];

const ERASURES: &[&str] = &[
    "DELETE FROM session WHERE person = $1",
    "DELETE FROM api_token WHERE person = $1",
    "DELETE FROM email_link WHERE person = $1 OR (person IS NULL AND address_key IN \
     (SELECT key FROM person_address WHERE person = $1))",
];
