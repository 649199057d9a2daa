//! Chains from before the log was keyed are sealed, once: each is checked as
//! it was written, its personal texts are moved apart, and a line of the new
//! kind states its old head, what the check found, and a keyed digest of all
//! that was there. What was broken is recorded as broken.
//!
//! Who can write into the database could make a keyed log look like an old one and have it sealed anew. So nothing
//! is sealed once the data folder knows that this instance's log is keyed, or once heads of it were noted or signed.

use crate::db::{Conn, Db};
use crate::event::chain::{self, ChainKey, Text};
use crate::event::{Event, GENESIS, LINE, Line, append, head, insert_texts, line};
use crate::key_store::KeyStore;
use crate::private;
use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::path::Path;

/// The kind of line that seals what stands before it.
const SEALED: &str = "audit.sealed";
/// The setting that says that all old chains of this instance are sealed.
const DONE: &str = "audit.sealed";

/// The file in the data folder that says the same, where no database reaches. After a restore of a database from
/// before there was a key it is removed by hand.
pub use crate::private::KEYED as MARK;

/// A seal as it stands in its chain.
pub struct Seal {
    /// Its line.
    pub line: Line,
    /// Over the lines before it.
    pub digest: String,
    /// What was wrong with the lines before it when it was made.
    pub was_broken: Option<String>,
}

/// Seals every chain that is not sealed, each in a transaction of its own, so
/// that a start that is cut short goes on with the next chain.
pub async fn old_chains(db: &Db, keys: &KeyStore, data: &Path, now: Timestamp) -> anyhow::Result<()> {
    let (name, mark) = (ChainKey::of(keys).name(), data.join(MARK));
    let mut conn = db.read().await?;
    if let Some(known) = key_name(&mut conn).await? {
        if known == name {
            return put_mark(&mark, &name);
        }
        tracing::error!("The master key is not the one under which the audit log was written");
        return Ok(());
    }
    if mark.exists() || head::is_begun(&mut conn).await? {
        tracing::error!(
            "The database says that the audit log was never keyed, and it was: it has been changed. Nothing is \
             sealed; look at `cairn audit verify`. Should this be a restored database from before there was a key, \
             remove {}",
            mark.display()
        );
        return Ok(());
    }
    let chains: Vec<String> = sqlx::query_scalar(
        "SELECT organization FROM event_head WHERE sealed = 0 \
         UNION SELECT organization FROM event WHERE organization NOT IN (SELECT organization FROM event_head)",
    )
    .fetch_all(&mut *conn)
    .await?;
    drop(conn);
    for chain in chains {
        let mut tx = db.begin().await?;
        one(&mut tx, keys, now, &chain).await?;
        tx.commit().await?;
    }
    let mut tx = db.begin().await?;
    sqlx::query("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(DONE)
        .bind(&name)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    put_mark(&mark, &name)
}

/// Leaves the mark, unless it is there.
fn put_mark(mark: &Path, name: &str) -> anyhow::Result<()> {
    if mark.exists() {
        return Ok(());
    }
    let write = || private::file(mark).and_then(|()| std::fs::write(mark, name));
    write().with_context(|| format!("writing {}", mark.display()))
}

/// The name of the key under which this instance's log was begun.
pub async fn key_name(conn: &mut Conn) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM setting WHERE name = $1").bind(DONE).fetch_optional(conn).await
}

/// Seals a chain, unless another node was quicker.
async fn one(conn: &mut Conn, keys: &KeyStore, now: Timestamp, chain: &str) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO event_head (organization, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING")
        .bind(chain)
        .bind(GENESIS)
        .execute(&mut *conn)
        .await?;
    // takes the row: who comes second finds it sealed
    let head = sqlx::query(
        "UPDATE event_head SET sealed = 1 WHERE organization = $1 AND sealed = 0 RETURNING seq, hash",
    )
    .bind(chain)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(head) = head else { return Ok(()) };
    let (length, old_head): (i64, String) = (head.get(0), head.get(1));
    let (last, fault) = move_texts(conn, chain, length, &old_head).await?;
    let end = length.max(last);
    if fault.is_none() {
        // an old hash would let somebody try guesses of a text that was erased
        sqlx::query("UPDATE event SET previous = '', hash = '' WHERE organization = $1 AND seq <= $2")
            .bind(chain)
            .bind(end)
            .execute(&mut *conn)
            .await?;
    } else {
        tracing::error!("The audit log of “{chain}” was changed before it was sealed: {fault:?}");
    }
    if end > length {
        sqlx::query("UPDATE event_head SET seq = $2 WHERE organization = $1")
            .bind(chain)
            .bind(end)
            .execute(&mut *conn)
            .await?;
    }
    let (digest, _) = digest(conn, &ChainKey::of(keys), chain, end + 1).await?;
    let found = if fault.is_none() { "whole" } else { "broken" };
    let event = Event {
        organization: None,
        actor: "system".into(),
        kind: SEALED,
        subject: String::new(),
        body: json!({
            "old_lines": length, "old_head": old_head, "found": found, "old_fault": fault, "digest": digest,
        }),
    };
    append(conn, keys, now, chain, vec![event]).await?;
    Ok(())
}

/// Checks an old chain and moves the personal members of its lines apart. Gives
/// the number of the last line and the first thing that is wrong.
async fn move_texts(
    conn: &mut Conn,
    chain: &str,
    length: i64,
    head: &str,
) -> sqlx::Result<(i64, Option<String>)> {
    let (mut seq, mut previous, mut fault) = (0, GENESIS.to_owned(), None);
    loop {
        let lines = lines_after(conn, chain, seq, i64::MAX).await?;
        if lines.is_empty() {
            break;
        }
        for (line, _) in lines {
            if fault.is_none() {
                fault = old_fault(chain, &line, seq, &previous);
            }
            let body = serde_json::from_str(&line.body).unwrap_or_else(|_| Value::String(line.body.clone()));
            if let (plain, Some(text)) = chain::split(body) {
                set_apart(conn, chain, line.seq, &plain, text).await?;
            }
            (seq, previous) = (line.seq, line.hash);
        }
    }
    if fault.is_none() && (seq != length || previous != head) {
        fault = Some(format!("the log ended at line {seq}, its head said {length}"));
    }
    Ok((seq, fault))
}

fn old_fault(chain: &str, line: &Line, seq: i64, previous: &str) -> Option<String> {
    if line.seq != seq + 1 {
        Some(format!("line {} was missing", seq + 1))
    } else if line.previous != previous {
        Some(format!("line {} did not continue line {seq}", line.seq))
    } else if chain::unkeyed(chain, line) != line.hash {
        Some(format!("line {} had been changed", line.seq))
    } else {
        None
    }
}

async fn set_apart(conn: &mut Conn, chain: &str, seq: i64, plain: &str, text: Text) -> sqlx::Result<()> {
    sqlx::query("UPDATE event SET body = $3, text_digest = $4 WHERE organization = $1 AND seq = $2")
        .bind(chain)
        .bind(seq)
        .bind(plain)
        .bind(text.digest())
        .execute(&mut *conn)
        .await?;
    insert_texts(conn, chain, &[(seq, text)]).await
}

async fn lines_after(
    conn: &mut Conn,
    chain: &str,
    after: i64,
    end: i64,
) -> sqlx::Result<Vec<(Line, Option<Text>)>> {
    let sql =
        format!("{LINE} WHERE e.organization = $1 AND e.seq > $2 AND e.seq < $3 ORDER BY e.seq LIMIT 1000");
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(chain).bind(after).bind(end).fetch_all(conn).await?;
    Ok(rows.iter().map(line).collect())
}

/// The digest of the lines before `end`, and those of them whose text is gone.
/// A text that was changed makes it another digest.
pub async fn digest(
    conn: &mut Conn,
    key: &ChainKey,
    chain: &str,
    end: i64,
) -> sqlx::Result<(String, Vec<i64>)> {
    let (mut seq, mut digest, mut without) = (0, key.before(chain), vec![]);
    loop {
        let lines = lines_after(conn, chain, seq, end).await?;
        if lines.is_empty() {
            return Ok((digest.finish(), without));
        }
        for (mut line, text) in lines {
            seq = line.seq;
            match text {
                Some(text) => line.text_digest = text.digest(),
                None if line.text_digest.is_empty() => {}
                None => without.push(seq),
            }
            digest.add(&line);
        }
    }
}

/// The seal of a chain; none for a chain that was keyed from its first line.
pub async fn of(conn: &mut Conn, chain: &str) -> sqlx::Result<Option<Seal>> {
    let sql = format!("{LINE} WHERE e.organization = $1 AND e.kind = $2 ORDER BY e.seq LIMIT 1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(chain).bind(SEALED).fetch_optional(conn).await?;
    Ok(row.map(|row| {
        let (line, _) = line(&row);
        let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
        let text = |name: &str| body[name].as_str().map(String::from);
        Seal { digest: text("digest").unwrap_or_default(), was_broken: text("old_fault"), line }
    }))
}

/// The seal's own line when one of these is from before it: its text is the
/// old head, with which somebody could try guesses of the erased one.
pub async fn goes_with(conn: &mut Conn, chain: &str, lines: &[i64]) -> sqlx::Result<Option<i64>> {
    let seal = of(conn, chain).await?.map(|s| s.line.seq);
    Ok(seal.filter(|seal| lines.iter().any(|seq| seq < seal)))
}
