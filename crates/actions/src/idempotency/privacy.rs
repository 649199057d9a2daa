//! What the table of repeated calls holds about people, and for how long.

use cairn_platform::privacy::{Erased, Holds, Keeping, Kept, Table, document, secret};

/// The table. An answer may tell of others than its caller: with their account
/// it is emptied, too.
pub const TABLES: &[Table] = &[Table {
    name: "idempotency",
    kept: Keeping::Nightly("answers"),
    plain: &["status", "created_at"],
    ids: &["person"],
    columns: &[
        secret("key", Erased::Row),
        secret("request_hash", Erased::Row),
        document("response", &[("**", Holds::Personal("answers.json", Erased::Row))]),
    ],
}];

/// What the nightly work deletes of it.
pub const KEPT: &[Kept] =
    &[Kept { name: "answers", days: 7, statements: &["DELETE FROM idempotency WHERE created_at < $1"] }];
