//! What the tables of organisations hold about people, and for how long.

use cairn_platform::privacy::{Erasure, Export, Keeping, Privacy, Retention, Table, personal, secret};

/// The tables.
const TABLES: &[Table] = &[
    Table {
        name: "member",
        kept: Keeping::Owner,
        plain: &["organization", "created_at"],
        ids: &["person"],
        columns: &[personal("role", "memberships.json", Erasure::Row)],
    },
    Table {
        name: "invitation",
        kept: Keeping::Nightly("invitations"),
        plain: &["organization", "id", "role", "created_at", "expires_at", "accepted_at"],
        ids: &["invited_by"],
        columns: &[
            personal("address_key", "invitations.json", Erasure::Row),
            personal("address", "invitations.json", Erasure::Row),
            secret("token_hash", Erasure::Row),
        ],
    },
    Table {
        name: "conflict",
        kept: Keeping::Owner,
        plain: &["organization", "created_at"],
        ids: &["reviewer", "learner", "declared_by"],
        columns: &[
            // what was typed; the row goes with the account behind it
            personal("address_key", "conflicts.json", Erasure::Row),
            personal("address", "conflicts.json", Erasure::Row),
        ],
    },
];

/// What the nightly work deletes of them.
const KEPT: &[Retention] = &[Retention {
    name: "invitations",
    days: 30,
    files: &[],
    statements: &["DELETE FROM invitation WHERE expires_at < $1 OR accepted_at < $1"],
}];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: KEPT, exports: EXPORTS, letters: LETTERS, erasures: ERASURES };

const EXPORTS: &[Export] = &[
    Export {
        file: "memberships.json",
        rows: "SELECT o.name AS organization, m.role, m.created_at FROM member m JOIN organization_card o \
         ON o.id = m.organization WHERE m.person = $1 ORDER BY m.created_at, m.role",
    },
    Export {
        file: "invitations.json",
        rows: "SELECT o.name AS organization, i.address, i.address_key, i.role, i.created_at, i.expires_at, i.accepted_at \
         FROM invitation i JOIN organization_card o ON o.id = i.organization WHERE i.invited_by = $1 OR i.address_key IN \
         (SELECT key FROM person_address WHERE person = $1) ORDER BY i.created_at",
    },
    Export {
        file: "conflicts.json", // the reviewer's export does not name the learner's address
        rows: "SELECT o.name AS organization, c.reviewer, c.learner, c.created_at, \
         CASE WHEN c.learner = $1 THEN c.address ELSE '' END AS address, \
         CASE WHEN c.learner = $1 THEN c.address_key ELSE '' END AS address_key FROM conflict c JOIN organization_card o \
         ON o.id = c.organization WHERE c.reviewer = $1 OR c.learner = $1 ORDER BY c.created_at",
    },
];

/// Invitations that she wrote.
const LETTERS: &[&str] = &["SELECT 'invitation-' || i.id AS id FROM invitation i WHERE i.invited_by = $1"];

const ERASURES: &[&str] = &[
    "DELETE FROM member WHERE person = $1",
    "DELETE FROM conflict WHERE reviewer = $1 OR learner = $1",
    "DELETE FROM invitation WHERE address_key IN (SELECT key FROM person_address WHERE person = $1)",
];
