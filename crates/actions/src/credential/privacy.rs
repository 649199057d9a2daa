//! What the tables of awards and credentials hold about people. Of an issued
//! credential its place in the status list, its dates and its state stay for
//! good: copies in other hands are checked by them.

use cairn_platform::privacy::{Erasure, Export, Holds, Keeping, Privacy, Table, document, personal, secret};

const FILE: &str = "credentials.json";
const HERS: Holds = Holds::Personal(FILE, Erasure::Emptied);

/// The tables.
const TABLES: &[Table] = &[
    Table {
        name: "signing_key",
        kept: Keeping::Always,
        plain: &[
            "organization",
            "id",
            "fragment",
            "public_key",
            "created_at",
            "ended_at",
            "distrusted_from",
            "distrusted_at",
            "distrust_reason",
        ],
        ids: &[],
        columns: &[secret("sealed_seed", Erasure::Nightly)],
    },
    Table {
        name: "status_list",
        kept: Keeping::Always,
        plain: &[
            "organization",
            "id",
            "seed",
            "length",
            "used",
            "changed_at",
            "version",
            "created_at",
            "purpose",
        ],
        ids: &[],
        columns: &[],
    },
    Table {
        name: "award",
        kept: Keeping::Always,
        plain: &["organization", "achievement", "achievement_version", "awarded_at"],
        ids: &["id", "person", "enrollment", "awarded_by"],
        columns: &[
            personal("address_key", FILE, Erasure::Emptied),
            // may be made of the address
            personal("reason", FILE, Erasure::Emptied),
        ],
    },
    Table {
        name: "credential",
        kept: Keeping::Always,
        plain: &[
            "organization",
            "achievement",
            "achievement_version",
            "state",
            "state_at",
            "shared_at",
            "issued_at",
            "valid_from",
            "valid_until",
            "status_list",
            "status_index",
            "version",
            "holds_place",
        ],
        ids: &["id", "award", "person"],
        columns: &[
            personal("address_key", FILE, Erasure::Emptied),
            personal("recipient_name", FILE, Erasure::Emptied),
            personal("state_reason", FILE, Erasure::Emptied),
            document(
                "document",
                &[
                    ("@context.**", Holds::Plain),
                    ("id", Holds::Plain),
                    ("type.**", Holds::Plain),
                    ("name", Holds::Plain),
                    ("description", Holds::Plain),
                    ("image.**", Holds::Plain),
                    ("issuer.**", Holds::Plain),
                    ("validFrom", Holds::Plain),
                    ("validUntil", Holds::Plain),
                    ("awardedDate", Holds::Plain),
                    ("credentialStatus.**", Holds::Plain),
                    ("credentialSchema.**", Holds::Plain),
                    ("refreshService.**", Holds::Plain),
                    ("credentialSubject.type.**", Holds::Plain),
                    ("credentialSubject.achievement.**", Holds::Plain),
                    ("credentialSubject.id", HERS),
                    ("credentialSubject.name", HERS),
                    ("credentialSubject.activityEndDate", HERS),
                    ("credentialSubject.identifier.**", HERS),
                    ("credentialSubject.result.**", HERS),
                    ("evidence.**", HERS),
                    ("proof.**", HERS),
                ],
            ),
        ],
    },
];

/// What it keeps about people.
pub const PRIVACY: Privacy =
    Privacy { tables: TABLES, kept: &[], exports: EXPORTS, letters: &[], erasures: ERASURES };

const EXPORTS: &[Export] = &[Export {
    file: "credentials.json",
    rows: "SELECT c.id, c.recipient_name, c.address_key, c.state, c.state_reason, c.state_at, c.shared_at, c.issued_at, \
         c.valid_from, c.valid_until, a.reason, a.awarded_at, c.document FROM credential c JOIN award a \
         ON a.organization = c.organization AND a.id = c.award WHERE c.person = $1 OR c.address_key IN \
         (SELECT key FROM person_address WHERE person = $1) ORDER BY c.id",
}];

const ERASURES: &[&str] = &[
    "UPDATE credential SET person = NULL, recipient_name = '', state_reason = '', shared_at = NULL, \
     address_key = '', version = version + 1 \
     WHERE person = $1 OR (person IS NULL AND address_key IN (SELECT key FROM person_address WHERE person = $1))",
    // the reason may be made of the address, and stays unique
    "UPDATE award SET reason = 'erased:' || id, person = NULL, address_key = '' \
     WHERE person = $1 OR (person IS NULL AND address_key IN (SELECT key FROM person_address WHERE person = $1))",
];
