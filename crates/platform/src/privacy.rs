//! What every column of every table holds: whether it is personal, how its
//! person gets it, what her erasure does to it, how long it is kept. Each
//! feature says so beside its tables; a test compares with the real schema.

use crate::blob_use::Kind;
use crate::db::Conn;
use crate::job::{self, Job, JobError};
use crate::platform::Platform;
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Column as _, Row as _, ValueRef as _};

/// A table, all columns of which are classified.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// For how long a row is kept.
    pub kept: Keeping,
    /// Columns that say nothing about a person: states, instants, numbers,
    /// content of the organisation.
    pub plain: &'static [&'static str],
    /// Ids of a person or of something of hers. They name nobody once her
    /// account is erased, and stay so that the rest holds together.
    pub ids: &'static [&'static str],
    /// Columns that hold something personal, secret, or JSON.
    pub columns: &'static [Column],
}

/// For how long rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// As long as what it belongs to: organisation, account, or instance.
    Owner,
    /// By the nightly work, under this name in [`Retention`].
    Nightly(&'static str),
    /// As long as the instance: the audit log, and what status lists need.
    Always,
}

/// A column that is more than plain.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// What a column, or a member of a document, holds.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    /// Nothing about a person.
    Plain,
    /// Something personal: the file of the export that has it, and what erasure does.
    Personal(&'static str, Erasure),
    /// Something that must not be exported: hashes of secrets, sealed texts.
    Secret(Erasure),
    /// JSON, member by member: `a.b`, `a.*.b` for each of a list or map, and
    /// `a.**` for all below.
    Document(&'static [(&'static str, Holds)]),
}

/// What the erasure of an account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// The row is deleted.
    Row,
    /// The column is emptied, or put to what names nobody.
    Emptied,
    /// It does not belong to one person's account; the nightly work deletes it.
    Nightly,
}

/// A file of a person's export.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    /// Its name in the parcel: "letters.json".
    pub file: &'static str,
    /// Its rows; `$1` is the person. Hashes of secrets are left out.
    pub rows: &'static str,
}

/// What a subject keeps about people: every column, what an export has, what an erasure does, how long it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Privacy {
    /// Its tables.
    pub tables: &'static [Table],
    /// What the nightly work deletes.
    pub kept: &'static [Retention],
    /// What a person's export has of them.
    pub exports: &'static [Export],
    /// Statements that give, as `id`, the letters that go with a person's account though they are not written to her;
    /// `$1` is the person. They run before the erasures, which may take away what they look at.
    pub letters: &'static [&'static str],
    /// What a person's erasure does to them, in the order in which they find each other; `$1` is the person.
    pub erasures: &'static [&'static str],
}

impl Privacy {
    /// Of a subject that keeps nothing.
    pub const NONE: Self = Self { tables: &[], kept: &[], exports: &[], letters: &[], erasures: &[] };
}

/// The rows of a file of an export, each by its columns' names.
pub async fn rows(conn: &mut Conn, export: &Export, person: &str) -> sqlx::Result<Vec<Value>> {
    let rows = sqlx::query(export.rows).bind(person).fetch_all(conn).await?;
    rows.iter().map(row).collect()
}

/// A row by its columns' names; texts that are JSON as what they say.
fn row(row: &AnyRow) -> sqlx::Result<Value> {
    let mut members = Map::new();
    for (n, column) in row.columns().iter().enumerate() {
        let value = if row.try_get_raw(n)?.is_null() {
            Value::Null
        } else if let Ok(number) = row.try_get::<i64, _>(n) {
            number.into()
        } else {
            let text: String = row.try_get(n)?;
            match text.chars().next() {
                Some('{' | '[') => serde_json::from_str(&text).unwrap_or(Value::String(text)),
                _ => Value::String(text),
            }
        };
        members.insert(column.name().to_owned(), value);
    }
    Ok(Value::Object(members))
}

/// Runs what a subject's erasure does to a person's rows, in the caller's transaction.
pub async fn erase(conn: &mut Conn, privacy: &Privacy, person: &str) -> sqlx::Result<()> {
    for ids in privacy.letters {
        let job = format!("DELETE FROM job WHERE id IN (SELECT 'mail-' || letter.id FROM ({ids}) letter)");
        sqlx::query(AssertSqlSafe(job)).bind(person).execute(&mut *conn).await?;
        let mail = format!("DELETE FROM mail WHERE id IN ({ids})");
        sqlx::query(AssertSqlSafe(mail)).bind(person).execute(&mut *conn).await?;
    }
    for &sql in privacy.erasures {
        sqlx::query(sql).bind(person).execute(&mut *conn).await?;
    }
    Ok(())
}

/// A personal column.
pub const fn personal(name: &'static str, export: &'static str, erased: Erasure) -> Column {
    Column { name, holds: Holds::Personal(export, erased) }
}

/// A column with a secret.
pub const fn secret(name: &'static str, erased: Erasure) -> Column {
    Column { name, holds: Holds::Secret(erased) }
}

/// A column with JSON.
pub const fn document(name: &'static str, members: &'static [(&'static str, Holds)]) -> Column {
    Column { name, holds: Holds::Document(members) }
}

/// All members say nothing about a person: content of the organisation.
pub const CONTENT: &[(&str, Holds)] = &[("**", Holds::Plain)];

/// True when the document's members name this path (`a.0.b`).
pub fn covers(members: &[(&str, Holds)], path: &str) -> bool {
    members.iter().any(|(pattern, _)| {
        let (mut parts, mut steps) = (pattern.split('.'), path.split('.'));
        loop {
            match (parts.next(), steps.next()) {
                (Some("**"), _) | (None, None) => return true,
                (Some(part), Some(step)) if part == "*" || part == step => {}
                _ => return false,
            }
        }
    })
}

/// What the nightly work deletes.
#[derive(Debug)]
pub struct Retention {
    /// Its name, part of a message key: `privacy-kept-letters`.
    pub name: &'static str,
    /// Days for which it is kept.
    pub days: i64,
    /// Whose files are let go first: what owns them, and a statement that gives its ids, with the instant as `$1`.
    pub files: &'static [(Kind, &'static str)],
    /// Statements with the instant as `$1`; those with a LIMIT are repeated
    /// until nothing is left to do.
    pub statements: &'static [&'static str],
}

/// The platform's own.
pub const KEPT: &[Retention] = &[
    Retention {
        name: "letters",
        days: 90,
        files: &[],
        statements: &["DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE created_at < $1 LIMIT 500)"],
    },
    Retention {
        name: "jobs",
        days: 30,
        files: &[],
        statements: &["DELETE FROM job WHERE id IN (SELECT id FROM job WHERE ended_at < $1 LIMIT 500)"],
    },
    Retention {
        name: "rates",
        days: 1,
        files: &[],
        statements: &[
            "DELETE FROM rate WHERE key IN (SELECT key FROM rate WHERE window_started_at < $1 LIMIT 500)",
        ],
    },
];

/// The job `retention`: deletes what is older than it is kept. The demo keeps
/// its world, which is older than it looks.
pub async fn clean(app: &Platform, job: &Job, kept: &[&Retention]) -> Result<(), JobError> {
    if app.config.demo {
        return Ok(());
    }
    let now = app.clock.now();
    for kept in kept {
        let before = now.as_millisecond() - kept.days * 86_400_000;
        for (kind, owners) in kept.files {
            let mut tx = app.db.begin().await?;
            let sql = format!("DELETE FROM blob_use WHERE kind = '{}' AND owner IN ({owners})", kind.name());
            sqlx::query(AssertSqlSafe(sql)).bind(before).execute(&mut *tx).await?;
            job::keep_claim(&mut tx, &job.id, app.clock.now()).await?;
            tx.commit().await?;
        }
        for &sql in kept.statements {
            loop {
                let mut tx = app.db.begin().await?;
                let done = sqlx::query(sql).bind(before).execute(&mut *tx).await?.rows_affected();
                job::keep_claim(&mut tx, &job.id, app.clock.now()).await?;
                tx.commit().await?;
                if done == 0 || !sql.contains("LIMIT") {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The platform's tables.
pub const TABLES: &[Table] = &[
    Table {
        name: "event_head",
        kept: Keeping::Always,
        plain: &["organization", "seq", "hash", "sealed", "noted"],
        ids: &[],
        columns: &[],
    },
    Table {
        name: "event",
        kept: Keeping::Always,
        plain: &["organization", "seq", "at", "kind", "text_digest", "previous", "hash"],
        ids: &["actor", "subject"],
        // what is personal lies in event_text; see event::chain::PLAIN
        columns: &[document("body", CONTENT)],
    },
    Table {
        name: "event_text",
        kept: Keeping::Owner,
        plain: &["organization", "seq"],
        ids: &[],
        columns: &[
            secret("key", Erasure::Row),
            document("body", &[("**", Holds::Personal("actions.json", Erasure::Row))]),
        ],
    },
    Table {
        name: "audit_head",
        kept: Keeping::Always,
        plain: &["day", "created_at"],
        ids: &[],
        columns: &[document("document", CONTENT)],
    },
    Table {
        name: "job",
        kept: Keeping::Nightly("jobs"),
        plain: &["kind", "state", "run_at", "claimed_until", "attempts", "created_at", "ended_at"],
        ids: &["id"],
        columns: &[
            document(
                "body",
                &[
                    ("mail", Holds::Plain),
                    ("organization", Holds::Plain),
                    ("roster", Holds::Plain),
                    ("actor", Holds::Plain),
                    // of a link that was asked for, until its letter is written
                    ("wish", Holds::Plain),
                    ("language", Holds::Plain),
                    ("email", Holds::Secret(Erasure::Row)),
                    ("name", Holds::Secret(Erasure::Row)),
                ],
            ),
            // what a mail server says may have the address in it
            personal("error", "letters.json", Erasure::Row),
        ],
    },
    Table {
        name: "mail",
        kept: Keeping::Nightly("letters"),
        plain: &["created_at", "started_at", "sent_at"],
        ids: &["id", "person"],
        columns: &[
            personal("address", "letters.json", Erasure::Row),
            personal("address_key", "letters.json", Erasure::Row),
            personal("subject", "letters.json", Erasure::Row),
            personal("plain", "letters.json", Erasure::Row),
            personal("html", "letters.json", Erasure::Row),
            personal("error", "letters.json", Erasure::Row),
            secret("sealed_link", Erasure::Row),
        ],
    },
    Table {
        name: "rate",
        kept: Keeping::Nightly("rates"),
        plain: &["window_started_at", "used"],
        ids: &[],
        columns: &[secret("key", Erasure::Nightly)],
    },
    Table { name: "search_word", kept: Keeping::Owner, plain: &["word", "uses"], ids: &[], columns: &[] },
    Table {
        name: "search_text",
        kept: Keeping::Owner,
        plain: &["achievement", "title", "summary", "body", "words"],
        ids: &[],
        columns: &[],
    },
    Table { name: "setting", kept: Keeping::Always, plain: &["name", "value"], ids: &[], columns: &[] },
    Table { name: "migration", kept: Keeping::Always, plain: &["name", "digest"], ids: &[], columns: &[] },
    Table {
        name: "blob_use",
        kept: Keeping::Owner,
        plain: &["organization", "kind", "blob"],
        ids: &["owner"],
        columns: &[],
    },
];

/// What the platform itself keeps about people.
pub const PRIVACY: Privacy = Privacy {
    tables: TABLES,
    kept: KEPT,
    letters: &[],
    exports: &[Export {
        file: "letters.json",
        rows: "SELECT m.address, m.address_key, m.subject, m.plain, m.html, m.created_at, m.sent_at, m.error, \
         j.error AS job_error FROM mail m LEFT JOIN job j ON j.id = 'mail-' || m.id WHERE m.person = $1 \
         OR m.address_key IN (SELECT key FROM person_address WHERE person = $1) ORDER BY m.created_at, m.id",
    }],
    erasures: &[
        // letters to her, and those in which she invited somebody, with the jobs that send them
        "DELETE FROM job WHERE id IN (SELECT 'mail-' || m.id FROM mail m WHERE m.person = $1 OR (m.person IS NULL \
     AND m.address_key IN (SELECT key FROM person_address WHERE person = $1)))",
        "DELETE FROM mail WHERE person = $1 OR (person IS NULL AND address_key IN \
     (SELECT key FROM person_address WHERE person = $1))",
    ],
};

#[cfg(test)]
mod tests {
    use super::{Holds, covers};

    #[test]
    fn a_path_is_covered_by_its_pattern_only() {
        let members = [("a.*.b", Holds::Plain), ("c.**", Holds::Plain), ("d", Holds::Plain)];
        for (path, want) in [
            ("a.0.b", true),
            ("a.0.c", false),
            ("a.0", false),
            ("a.0.b.x", false),
            ("c.x.y", true),
            ("d", true),
            ("e", false),
        ] {
            assert_eq!(covers(&members, path), want, "{path}");
        }
    }
}
