//! Steps of migrations that one SQL text cannot say: what must be read out of
//! JSON, or needs the master key. Each runs once, in its migration's transaction.

use anyhow::{Context as _, Result};
use cairn_domain::display_name::look;
use cairn_domain::requirement::{CriterionLevel, Progress};
use cairn_domain::review::Review;
use cairn_domain::rubric::Score;
use cairn_platform::blob::is_name;
use cairn_platform::blob_use::{self, Kind, Owner};
use cairn_platform::db::Conn;
use cairn_platform::key_store::KeyStore;
use cairn_platform::mail;
use cairn_value::email::Email;

/// Fills the table for what was stored before it was there: evidence and
/// rosters name their blob in a column, definitions in their JSON.
pub(crate) async fn fill_blob_use(conn: &mut Conn) -> Result<()> {
    for sql in [
        "INSERT INTO blob_use (organization, kind, owner, blob) SELECT organization, 'evidence', id, blob \
         FROM evidence WHERE blob <> ''",
        "INSERT INTO blob_use (organization, kind, owner, blob) SELECT organization, 'roster', id, blob \
         FROM roster WHERE blob <> ''",
    ] {
        sqlx::query(sql).execute(&mut *conn).await?;
    }
    let drafts = "SELECT organization, id, draft FROM achievement WHERE draft LIKE '%\"image\":\"%' AND id > $1 \
         ORDER BY id LIMIT 200";
    let versions = "SELECT organization, id, body FROM achievement_version WHERE body LIKE '%\"image\":\"%' \
         AND id > $1 ORDER BY id LIMIT 200";
    for (kind, sql) in [(Kind::Draft, drafts), (Kind::Version, versions)] {
        let mut after = String::new();
        loop {
            let rows: Vec<(String, String, String)> =
                sqlx::query_as(sql).bind(&after).fetch_all(&mut *conn).await?;
            let Some((_, last, _)) = rows.last() else { break };
            after.clone_from(last);
            for (organization, id, text) in &rows {
                let definition: serde_json::Value = serde_json::from_str(text)
                    .with_context(|| format!("reading the {} {id}", kind.name()))?;
                let Some(name) = definition["image"].as_str().filter(|name| is_name(name)) else { continue };
                let owner = Owner { organization: organization.parse()?, kind, id: id.clone() };
                blob_use::insert(conn, name, &owner).await?;
            }
        }
    }
    Ok(())
}

/// Fills the key that look-alike names of organisations share.
pub(crate) async fn fill_looks(conn: &mut Conn) -> Result<()> {
    let names: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM organization").fetch_all(&mut *conn).await?;
    for (id, name) in names {
        sqlx::query("UPDATE organization SET look = $2 WHERE id = $1")
            .bind(id)
            .bind(look(&name))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Takes links out of the letters that are stored: of those that wait they are
/// sealed, of those that were sent they are gone.
pub(crate) async fn seal_links(conn: &mut Conn, keys: &KeyStore) -> Result<()> {
    let mut after = String::new();
    loop {
        let rows: Vec<(String, String, String, Option<i64>)> =
            sqlx::query_as("SELECT id, plain, html, sent_at FROM mail WHERE id > $1 ORDER BY id LIMIT 500")
                .bind(&after)
                .fetch_all(&mut *conn)
                .await?;
        let Some((last, ..)) = rows.last() else { return Ok(()) };
        after.clone_from(last);
        for (id, plain, html, sent_at) in &rows {
            let Some(link) = secret_link(plain) else { continue };
            let sealed = match sent_at {
                None => keys.seal(&mail::label(id), link.as_bytes())?,
                Some(_) => String::new(),
            };
            let mark = mail::mark(id);
            sqlx::query("UPDATE mail SET plain = $2, html = $3, sealed_link = $4 WHERE id = $1")
                .bind(id)
                .bind(plain.replace(link, &mark))
                .bind(html.replace(link, &mark))
                .bind(sealed)
                .execute(&mut *conn)
                .await?;
        }
    }
}

/// Writes the compared form of each letter's address beside it. Lower case is
/// the program's, not the database's: SQLite knows that of ASCII only.
pub(crate) async fn fill_mail_key(conn: &mut Conn) -> Result<()> {
    let addresses: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT address FROM mail").fetch_all(&mut *conn).await?;
    for address in addresses {
        sqlx::query("UPDATE mail SET address_key = $2 WHERE address = $1")
            .bind(&address)
            .bind(mail::address_key(&address))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Writes into the progress of enrolments that go on what their accepted evidence has reached, which was looked
/// up in the reviews before.
pub(crate) async fn fill_met(conn: &mut Conn) -> Result<()> {
    let rows: Vec<(String, String, String, String, i64, String)> = sqlx::query_as(
        "SELECT s.organization, s.enrollment, s.requirement, s.id, s.revision, r.body FROM submission s \
         JOIN enrollment n ON n.organization = s.organization AND n.id = s.enrollment \
         JOIN review r ON r.organization = s.organization AND r.submission = s.id AND r.revision = s.revision \
         WHERE n.state = 'active' AND s.state = 'accepted' AND r.decided_at IS NOT NULL \
         ORDER BY s.organization, s.enrollment, s.requirement, r.decided_at, r.id",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (organization, enrollment, requirement, submission, revision, review) in &rows {
        let text: String =
            sqlx::query_scalar("SELECT progress FROM enrollment WHERE organization = $1 AND id = $2")
                .bind(organization)
                .bind(enrollment)
                .fetch_one(&mut *conn)
                .await?;
        let mut progress: Progress = serde_json::from_str(&text)
            .with_context(|| format!("reading the progress of the enrolment {enrollment}"))?;
        let Some(met) = progress.get_mut(requirement) else { continue };
        let review: Review = serde_json::from_str(review)
            .with_context(|| format!("reading a review of the submission {submission}"))?;
        let reached = |s: Score| CriterionLevel { criterion: s.criterion, points: s.points };
        met.outcomes = review.scores.into_iter().map(reached).collect();
        let evidence: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM evidence WHERE organization = $1 AND submission = $2 AND added_revision <= $3 \
             AND (removed_revision IS NULL OR removed_revision > $3) ORDER BY id",
        )
        .bind(organization)
        .bind(submission)
        .bind(revision)
        .fetch_all(&mut *conn)
        .await?;
        met.evidence = evidence.iter().map(|id| id.parse()).collect::<Result<_, _>>()?;
        sqlx::query("UPDATE enrollment SET progress = $3 WHERE organization = $1 AND id = $2")
            .bind(organization)
            .bind(enrollment)
            .bind(serde_json::to_string(&progress)?)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// The line that is a link with a secret in it.
fn secret_link(plain: &str) -> Option<&str> {
    let is_secret = |line: &&str| {
        let path = line.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
        path.is_some_and(|path| path.starts_with("links/") || path.starts_with("invitations/"))
    };
    plain.lines().map(str::trim).find(is_secret)
}

/// Tables that hold keys of addresses, with the column of the address beside it.
const ADDRESSES: &[(&str, &str, &str)] = &[
    ("email", "key", "address"),
    ("invitation", "address_key", "address"),
    ("roster_row", "address_key", "address"),
    ("award", "address_key", ""),
    ("credential", "address_key", ""),
    ("mail", "address_key", "address"),
];

/// Domains in letters beyond ASCII become what mail servers look up. What is
/// refused today stays as it is: nobody else can be matched with it.
pub(crate) async fn plain_addresses(conn: &mut Conn) -> sqlx::Result<()> {
    for (table, key, address) in ADDRESSES {
        for old in keys_beyond_ascii(conn, table, key).await? {
            let Ok(email) = Email::parse(&old) else { continue };
            if email.key() != old {
                rename_key(conn, (table, key, address), &old, &email).await?;
            }
        }
    }
    Ok(())
}

/// Keys of addresses with letters beyond ASCII. Table and column are our own words.
async fn keys_beyond_ascii(conn: &mut Conn, table: &str, key: &str) -> sqlx::Result<Vec<String>> {
    let sql = format!("SELECT DISTINCT {key} FROM {table} WHERE length({key}) <> octet_length({key})");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(conn).await
}

/// Gives a key of an address its form of today. Where somebody has that address
/// already, the old form stays.
async fn rename_key(
    conn: &mut Conn,
    (table, key, address): (&str, &str, &str),
    old: &str,
    email: &Email,
) -> sqlx::Result<()> {
    let also = if address.is_empty() { String::new() } else { format!(", {address} = $3") };
    let free =
        if table == "email" { " AND NOT EXISTS (SELECT e.key FROM email e WHERE e.key = $2)" } else { "" };
    let sql = format!("UPDATE {table} SET {key} = $2{also} WHERE {key} = $1{free}");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(old).bind(email.key());
    let query = if address.is_empty() { query } else { query.bind(email.as_str()) };
    query.execute(conn).await?;
    Ok(())
}
