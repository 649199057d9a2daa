//! The audit log: append-only, one hash chain an organisation.

use crate::platform::db::Conn;
use crate::platform::id::hex;
use crate::platform::query::QueryBuilder;
use cairn_domain::id::OrganizationId;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::Row as _;

/// Something that happened. `body` holds ids, states and reasons, never an
/// address, a token or evidence.
#[derive(Debug, Clone)]
pub struct Event {
    /// Whose log; none is the instance's own.
    pub organization: Option<OrganizationId>,
    /// Person id, or `system`.
    pub actor: String,
    /// "credential.issued"
    pub kind: &'static str,
    /// Id of what it happened to.
    pub subject: String,
    /// Details.
    pub body: Value,
}

/// One line of the log, as stored.
#[derive(Debug, Clone)]
pub struct Line {
    /// 1 for the first.
    pub seq: i64,
    /// Milliseconds UTC.
    pub at: i64,
    /// Person id, or `system`.
    pub actor: String,
    /// "credential.issued"
    pub kind: String,
    /// Id of what it happened to.
    pub subject: String,
    /// JSON text.
    pub body: String,
    /// Hash of the line before; 64 zeros at the first.
    pub previous: String,
    /// Hash of this line.
    pub hash: String,
}

/// First `previous` of a chain.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Line {
    /// SHA-256 over the chain's name and the line's members, each with its
    /// length before it so that no two lines have the same text.
    pub fn digest(&self, chain: &str) -> String {
        let mut hash = Sha256::new();
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        for part in [chain, &seq, &at, &self.actor, &self.kind, &self.subject, &self.body, &self.previous] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex(&hash.finalize())
    }
}

fn chain(organization: Option<OrganizationId>) -> String {
    organization.map_or_else(String::new, |id| id.to_string())
}

/// Adds one event to its chain, in the caller's transaction.
pub async fn record(conn: &mut Conn, at: Timestamp, event: Event) -> sqlx::Result<()> {
    record_all(conn, at, event.organization, vec![event]).await
}

/// Adds events to one chain. Takes the chain's head for this transaction, so
/// that two writers never continue from the same line.
pub async fn record_all(
    conn: &mut Conn,
    at: Timestamp,
    organization: Option<OrganizationId>,
    events: Vec<Event>,
) -> sqlx::Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let chain = chain(organization);
    sqlx::query("INSERT INTO event_head (organization, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING")
        .bind(&chain)
        .bind(GENESIS)
        .execute(&mut *conn)
        .await?;
    let count = events.len() as i64;
    let head =
        sqlx::query("UPDATE event_head SET seq = seq + $2 WHERE organization = $1 RETURNING seq, hash")
            .bind(&chain)
            .bind(count)
            .fetch_one(&mut *conn)
            .await?;
    let mut seq: i64 = head.get::<i64, _>(0) - count;
    let mut previous: String = head.get(1);
    let mut lines = Vec::with_capacity(events.len());
    for event in events {
        seq += 1;
        let mut line = Line {
            seq,
            at: at.as_millisecond(),
            actor: event.actor,
            kind: event.kind.to_owned(),
            subject: event.subject,
            body: event.body.to_string(),
            previous: previous.clone(),
            hash: String::new(),
        };
        line.hash = line.digest(&chain);
        previous.clone_from(&line.hash);
        lines.push(line);
    }
    for part in lines.chunks(100) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO event (organization, seq, at, actor, kind, subject, body, previous, hash) ",
        );
        insert.push_values(part, |mut row, line| {
            row.push_bind(chain.clone())
                .push_bind(line.seq)
                .push_bind(line.at)
                .push_bind(line.actor.clone())
                .push_bind(line.kind.clone())
                .push_bind(line.subject.clone())
                .push_bind(line.body.clone())
                .push_bind(line.previous.clone())
                .push_bind(line.hash.clone());
        });
        insert.build().execute(&mut *conn).await?;
    }
    sqlx::query("UPDATE event_head SET hash = $2 WHERE organization = $1")
        .bind(&chain)
        .bind(previous)
        .execute(&mut *conn)
        .await?;
    Ok(())
}

const LINE: &str = "SELECT seq, at, actor, kind, subject, body, previous, hash FROM event";

fn line(row: &sqlx::any::AnyRow) -> Line {
    Line {
        seq: row.get(0),
        at: row.get(1),
        actor: row.get(2),
        kind: row.get(3),
        subject: row.get(4),
        body: row.get(5),
        previous: row.get(6),
        hash: row.get(7),
    }
}

/// The newest lines before `before` (not with it), newest first.
pub async fn newest(
    conn: &mut Conn,
    organization: Option<OrganizationId>,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    let sql = format!("{LINE} WHERE organization = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(chain(organization))
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().map(line).collect())
}

/// What a check of a chain found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChainReport {
    /// Organisation id; empty for the instance's own.
    pub chain: String,
    /// Lines read.
    pub lines: i64,
    /// The first thing that is wrong; none when the chain holds.
    pub broken: Option<String>,
}

/// Reads every chain from its first line to its head and recomputes each hash.
pub async fn verify(conn: &mut Conn) -> sqlx::Result<Vec<ChainReport>> {
    let heads = sqlx::query("SELECT organization, seq, hash FROM event_head ORDER BY organization")
        .fetch_all(&mut *conn)
        .await?;
    let mut reports = vec![];
    for head in heads {
        reports.push(verify_chain(conn, head.get(0), head.get(1), head.get(2)).await?);
    }
    Ok(reports)
}

async fn verify_chain(
    conn: &mut Conn,
    chain: String,
    length: i64,
    head: String,
) -> sqlx::Result<ChainReport> {
    let (mut seq, mut previous) = (0, GENESIS.to_owned());
    let broken = loop {
        let sql = format!("{LINE} WHERE organization = $1 AND seq > $2 ORDER BY seq LIMIT 1000");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&chain).bind(seq).fetch_all(&mut *conn).await?;
        if rows.is_empty() {
            break None;
        }
        let mut wrong = None;
        for line in rows.iter().map(line) {
            if line.seq != seq + 1 {
                wrong = Some(format!("line {} is missing", seq + 1));
            } else if line.previous != previous {
                wrong = Some(format!("line {} does not continue line {seq}", line.seq));
            } else if line.digest(&chain) != line.hash {
                wrong = Some(format!("line {} has been changed", line.seq));
            }
            if wrong.is_some() {
                break;
            }
            (seq, previous) = (line.seq, line.hash);
        }
        if wrong.is_some() {
            break wrong;
        }
    };
    let broken = broken.or_else(|| {
        (seq != length || previous != head)
            .then(|| format!("the log ends at line {seq}, its head says {length}"))
    });
    Ok(ChainReport { chain, lines: seq, broken })
}
