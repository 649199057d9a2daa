//! What the table of repeated calls holds about people, and for how long.

use cairn_platform::privacy::{Erasure, Export, Holds, Keeping, Privacy, Retention, Table, document, secret};

/// The table. An answer may tell of others than its caller: with their account
/// it is emptied, too.
const TABLES: &[Table] = &[Table {
    name: "idempotency",
    kept: Keeping::Nightly("answers"),
    plain: &["status", "created_at"],
    ids: &["person"],
    columns: &[
        secret("key", Erasure::Row),
        secret("request_hash", Erasure::Row),
        document("response", &[("**", Holds::Personal("answers.json", Erasure::Row))]),
    ],
}];

/// What the nightly work deletes of it.
const KEPT: &[Retention] = &[Retention {
    name: "answers",
    days: 7,
    files: &[],
    statements: &["DELETE FROM idempotency WHERE created_at < $1"],
}];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: KEPT, exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[Export {
    file: "answers.json",
    rows: "SELECT status, response, created_at FROM idempotency WHERE person = $1 ORDER BY created_at",
}];

const ERASURES: &[&str] = &["DELETE FROM idempotency WHERE person = $1"];
