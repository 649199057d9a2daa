//! What the tables of rosters hold about people, and for how long.

use cairn_platform::blob_use::Kind as BlobKind;
use cairn_platform::privacy::{
    Erasure, Export, Holds, Keeping, Privacy, Retention, Table, document, personal, secret,
};

const FILE: &str = "rosters.json";

/// The tables. A roster's file is removed when somebody in it is erased; of
/// her row the number and the credential stay.
const TABLES: &[Table] = &[
    Table {
        name: "roster",
        kept: Keeping::Owner,
        plain: &[
            "organization",
            "id",
            "achievement",
            "achievement_version",
            "file_name",
            "state",
            "total",
            "bad",
            "done",
            "skipped",
            "created_at",
            "started_at",
            "finished_at",
            "encoding",
        ],
        ids: &["created_by"],
        // the file tells of others, too, and is nobody's to take away
        columns: &[secret("blob", Erasure::Emptied)],
    },
    Table {
        name: "roster_row",
        kept: Keeping::Nightly("rosters"),
        plain: &["organization", "roster", "number", "state"],
        ids: &["credential"],
        columns: &[
            personal("name", FILE, Erasure::Emptied),
            personal("address", FILE, Erasure::Emptied),
            personal("address_key", FILE, Erasure::Emptied),
            personal("awarded_on", FILE, Erasure::Emptied),
            document(
                "problem",
                &[("*.fault", Holds::Plain), ("*.value", Holds::Personal(FILE, Erasure::Emptied))],
            ),
        ],
    },
];

/// What the nightly work empties or deletes of them: the file after a month,
/// the names after half a year. A roster that was never started goes whole.
const KEPT: &[Retention] = &[
    Retention {
        name: "roster-files",
        days: 30,
        files: &[(
            BlobKind::Roster,
            "SELECT id FROM roster WHERE COALESCE(finished_at, created_at) < $1 AND state <> 'running'",
        )],
        statements: &["UPDATE roster SET blob = '' WHERE blob <> '' AND state <> 'running' \
             AND COALESCE(finished_at, created_at) < $1"],
    },
    Retention {
        name: "rosters",
        days: 180,
        files: &[],
        statements: &[
            "DELETE FROM roster WHERE state IN ('reading', 'ready') AND created_at < $1",
            "DELETE FROM roster_row WHERE NOT EXISTS (SELECT r.id FROM roster r \
             WHERE r.organization = roster_row.organization AND r.id = roster_row.roster) AND $1 > 0",
            "UPDATE roster_row SET name = '', address = '', address_key = '', problem = '', state = \
             CASE WHEN state = 'bad' THEN 'bad' ELSE 'erased' END WHERE address_key <> '' AND roster IN \
             (SELECT id FROM roster WHERE state = 'done' AND finished_at < $1)",
            "UPDATE roster_row SET name = '', address = '', problem = '' WHERE state = 'bad' AND \
             (name <> '' OR address <> '' OR problem <> '') AND roster IN \
             (SELECT id FROM roster WHERE state = 'done' AND finished_at < $1)",
        ],
    },
];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: KEPT, exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[Export {
    file: "rosters.json",
    rows: "SELECT r.roster, r.number, r.name, r.address, r.address_key, r.awarded_on, r.state, r.problem, r.credential \
         FROM roster_row r WHERE r.address_key IN (SELECT key FROM person_address WHERE person = $1) \
         ORDER BY r.roster, r.number",
}];

const ERASURES: &[&str] = &[
    "UPDATE roster SET blob = '' WHERE id IN (SELECT roster FROM roster_row WHERE address_key IN \
     (SELECT key FROM person_address WHERE person = $1) OR credential IN (SELECT id FROM credential_fact WHERE person = $1))",
    // a row that waits is not awarded any more
    "UPDATE roster_row SET state = 'erased' WHERE state = 'ready' AND address_key IN \
     (SELECT key FROM person_address WHERE person = $1)",
    "UPDATE roster_row SET name = '', address = '', problem = '', awarded_on = NULL, address_key = '' \
     WHERE address_key IN (SELECT key FROM person_address WHERE person = $1) OR credential IN \
     (SELECT id FROM credential_fact WHERE person = $1)",
];
