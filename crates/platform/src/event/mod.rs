//! The audit log: append-only, one chain of keyed hashes an organisation. What
//! is personal in a line lies apart and can be erased; the chain still holds.

pub mod chain;
pub mod head;
pub mod seal;
pub mod verify;

pub use verify::{ChainReport, verify};

use crate::db::Conn;
use crate::key_store::KeyStore;
use crate::platform::Platform;
use crate::query::QueryBuilder;
use cairn_value::id::OrganizationId;
use chain::{ChainKey, Text};
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::Row as _;
use std::collections::BTreeMap;

/// Something that happened. `body` holds ids, states and reasons, never an
/// address, a token or evidence. Members that [`chain::PLAIN`] does not name
/// are taken for personal and kept apart.
#[derive(Debug, Clone)]
pub struct Event {
    /// Whose log; none is the instance's own.
    pub organization: Option<OrganizationId>,
    /// Person id, or `system`.
    pub actor: String,
    /// "credential.issued"
    pub kind: &'static str,
    /// Id of what it happened to, or empty; never words: it stays for good, and whoever reads the log sees it.
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
    /// Keyed digest of the personal text; empty when the line has none.
    pub text_digest: String,
    /// Hash of the line before; 64 zeros at the first.
    pub previous: String,
    /// Hash of this line; empty for a line from before the chain was keyed.
    pub hash: String,
}

/// First `previous` of a chain.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The kind of line that says which texts were erased.
const ERASED: &str = "audit.texts_erased";

fn chain_name(organization: Option<OrganizationId>) -> String {
    organization.map_or_else(String::new, |id| id.to_string())
}

/// Adds one event to its chain, in the caller's transaction.
pub async fn record(conn: &mut Conn, app: &Platform, event: Event) -> sqlx::Result<()> {
    record_all(conn, app, event.organization, vec![event]).await
}

/// Adds events to one chain.
pub async fn record_all(
    conn: &mut Conn,
    app: &Platform,
    organization: Option<OrganizationId>,
    events: Vec<Event>,
) -> sqlx::Result<()> {
    append(conn, &app.keys, app.clock.now(), &chain_name(organization), events).await.map(drop)
}

/// Takes the chain's head for this transaction, so that two writers never
/// continue from the same line. Gives the new head.
pub(crate) async fn append(
    conn: &mut Conn,
    keys: &KeyStore,
    at: Timestamp,
    chain: &str,
    events: Vec<Event>,
) -> sqlx::Result<(i64, String)> {
    if let Some(event) = events.iter().find(|event| !is_id(&event.subject)) {
        // from a request that nobody checked: better no line, and no change, than one that cannot be erased
        return Err(sqlx::Error::Protocol(format!("the subject of a line “{}” is no id", event.kind)));
    }
    let count = events.len() as i64;
    let (mut seq, mut previous) = take_head(conn, chain, count).await?;
    let key = ChainKey::of(keys);
    let (mut lines, mut texts) = (Vec::with_capacity(events.len()), vec![]);
    for event in events {
        seq += 1;
        let (body, text) = chain::split(event.body);
        let mut line = Line {
            seq,
            at: at.as_millisecond(),
            actor: event.actor,
            kind: event.kind.to_owned(),
            subject: event.subject,
            body,
            text_digest: text.as_ref().map(Text::digest).unwrap_or_default(),
            previous: previous.clone(),
            hash: String::new(),
        };
        line.hash = key.line(chain, &line);
        previous.clone_from(&line.hash);
        lines.push(line);
        texts.extend(text.map(|text| (seq, text)));
    }
    insert_lines(conn, chain, &lines).await?;
    insert_texts(conn, chain, &texts).await?;
    sqlx::query("UPDATE event_head SET hash = $2 WHERE organization = $1")
        .bind(chain)
        .bind(&previous)
        .execute(&mut *conn)
        .await?;
    Ok((seq, previous))
}

/// Numbers, names in addresses, domains: nothing with which a sentence could be written.
fn is_id(text: &str) -> bool {
    text.len() <= 253 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The head as it was, now moved on by `count` lines.
async fn take_head(conn: &mut Conn, chain: &str, count: i64) -> sqlx::Result<(i64, String)> {
    sqlx::query(
        "INSERT INTO event_head (organization, seq, hash, sealed) VALUES ($1, 0, $2, 1) ON CONFLICT DO NOTHING",
    )
    .bind(chain)
    .bind(GENESIS)
    .execute(&mut *conn)
    .await?;
    let head =
        sqlx::query("UPDATE event_head SET seq = seq + $2 WHERE organization = $1 RETURNING seq, hash")
            .bind(chain)
            .bind(count)
            .fetch_one(conn)
            .await?;
    Ok((head.get::<i64, _>(0) - count, head.get(1)))
}

async fn insert_lines(conn: &mut Conn, chain: &str, lines: &[Line]) -> sqlx::Result<()> {
    for part in lines.chunks(100) {
        let mut insert = QueryBuilder::new(
            "INSERT INTO event (organization, seq, at, actor, kind, subject, body, text_digest, previous, hash) ",
        );
        insert.push_values(part, |mut row, line| {
            row.push_bind(chain.to_owned())
                .push_bind(line.seq)
                .push_bind(line.at)
                .push_bind(line.actor.clone())
                .push_bind(line.kind.clone())
                .push_bind(line.subject.clone())
                .push_bind(line.body.clone())
                .push_bind(line.text_digest.clone())
                .push_bind(line.previous.clone())
                .push_bind(line.hash.clone());
        });
        insert.build().execute(&mut *conn).await?;
    }
    Ok(())
}

async fn insert_texts(conn: &mut Conn, chain: &str, texts: &[(i64, Text)]) -> sqlx::Result<()> {
    for part in texts.chunks(100) {
        let mut insert = QueryBuilder::new("INSERT INTO event_text (organization, seq, key, body) ");
        insert.push_values(part, |mut row, (seq, text)| {
            row.push_bind(chain.to_owned())
                .push_bind(*seq)
                .push_bind(text.key.clone())
                .push_bind(text.body.clone());
        });
        insert.build().execute(&mut *conn).await?;
    }
    Ok(())
}

const LINE: &str = "SELECT e.seq, e.at, e.actor, e.kind, e.subject, e.body, e.text_digest, e.previous, e.hash, t.key, t.body \
     FROM event e LEFT JOIN event_text t ON t.organization = e.organization AND t.seq = e.seq";

/// A line and its personal text, if it has one that is not erased.
fn line(row: &sqlx::any::AnyRow) -> (Line, Option<Text>) {
    let line = Line {
        seq: row.get(0),
        at: row.get(1),
        actor: row.get(2),
        kind: row.get(3),
        subject: row.get(4),
        body: row.get(5),
        text_digest: row.get(6),
        previous: row.get(7),
        hash: row.get(8),
    };
    let key: Option<String> = row.get(9);
    (line, key.map(|key| Text { key, body: row.get(10) }))
}

/// A line as people read it: with its personal text in the body.
fn whole(row: &sqlx::any::AnyRow) -> Line {
    let (line, text) = line(row);
    let body = chain::joined(&line.body, text.as_ref().map(|t| t.body.as_str()));
    Line { body, ..line }
}

/// The newest lines before `before` (not with it), newest first.
pub async fn newest(
    conn: &mut Conn,
    organization: Option<OrganizationId>,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    let sql = format!("{LINE} WHERE e.organization = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(chain_name(organization))
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(rows.iter().map(whole).collect())
}

/// Lines of an organisation that are of one of these kinds, newest first.
pub async fn of_kinds(
    conn: &mut Conn,
    organization: OrganizationId,
    kinds: &[&str],
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    let mut query = QueryBuilder::new(format!("{LINE} WHERE e.organization = "));
    query.push_bind(chain_name(Some(organization))).push(" AND e.kind IN (");
    let mut list = query.separated(", ");
    for kind in kinds {
        list.push_bind((*kind).to_owned());
    }
    query.push(") ORDER BY e.seq DESC LIMIT ").push_bind(limit);
    let rows = query.build().fetch_all(conn).await?;
    Ok(rows.iter().map(whole).collect())
}

/// Lines in which somebody acted, or which tell of one of these subjects,
/// oldest first.
pub async fn about(
    conn: &mut Conn,
    actor: &str,
    subjects: &[String],
    limit: usize,
) -> sqlx::Result<Vec<Line>> {
    let mut found = vec![];
    let sql = format!("{LINE} WHERE e.actor = $1 OR e.subject = $1 ORDER BY e.at, e.seq LIMIT $2");
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(actor).bind(limit as i64).fetch_all(&mut *conn).await?;
    found.extend(rows.iter().map(whole));
    for part in subjects.chunks(100) {
        let mut query = QueryBuilder::new(format!("{LINE} WHERE e.actor <> "));
        query.push_bind(actor.to_owned()).push(" AND e.subject IN (");
        let mut list = query.separated(", ");
        for subject in part {
            list.push_bind(subject.clone());
        }
        query.push(") ORDER BY e.at, e.seq LIMIT ").push_bind(limit as i64);
        found.extend(query.build().fetch_all(&mut *conn).await?.iter().map(whole));
    }
    found.sort_by_key(|l| (l.at, l.seq));
    found.truncate(limit);
    Ok(found)
}

/// Erases the personal text of all lines about these subjects, with the keys
/// of its digests; each chain gets a line that says which of its lines lost
/// their text. The chains still hold.
pub async fn erase_texts(
    conn: &mut Conn,
    app: &Platform,
    actor: &str,
    subjects: &[String],
) -> sqlx::Result<()> {
    let mut lost: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for part in subjects.chunks(100) {
        let mut query = QueryBuilder::new(
            "SELECT e.organization, e.seq FROM event e JOIN event_text t ON t.organization = e.organization \
             AND t.seq = e.seq WHERE e.subject IN (",
        );
        let mut list = query.separated(", ");
        for subject in part {
            list.push_bind(subject.clone());
        }
        query.push(")");
        for row in query.build().fetch_all(&mut *conn).await? {
            lost.entry(row.get(0)).or_default().push(row.get(1));
        }
    }
    for (chain, mut lines) in lost {
        // the old head, with which a guess of an old text could be tried, goes too
        lines.extend(seal::goes_with(conn, &chain, &lines).await?);
        lines.sort_unstable();
        lines.dedup();
        for part in lines.chunks(500) {
            let mut delete = QueryBuilder::new("DELETE FROM event_text WHERE organization = ");
            delete.push_bind(chain.clone()).push(" AND seq IN (");
            let mut list = delete.separated(", ");
            for seq in part {
                list.push_bind(*seq);
            }
            delete.push(")").build().execute(&mut *conn).await?;
            let event = Event {
                organization: None,
                actor: actor.to_owned(),
                kind: ERASED,
                subject: String::new(),
                body: json!({ "lines": part }),
            };
            append(conn, &app.keys, app.clock.now(), &chain, vec![event]).await?;
        }
    }
    Ok(())
}

/// When the newest line was written; none before the first.
pub async fn newest_at(conn: &mut Conn) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT max(at) FROM event").fetch_one(conn).await
}
