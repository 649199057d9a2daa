//! Reads every chain from its first line to its head and recomputes each hash.

use crate::db::Conn;
use crate::event::chain::{ChainKey, Text};
use crate::event::{ERASED, GENESIS, LINE, Line, head, line, seal};
use crate::key_store::KeyStore;
use serde_json::Value;
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet};

/// What a check of a chain found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChainReport {
    /// Organisation id; empty for the instance's own.
    pub chain: String,
    /// Lines read.
    pub lines: i64,
    /// Lines whose personal text was erased, as the log itself says.
    pub erased: i64,
    /// What was wrong before the chain was sealed, as its seal says.
    pub before_seal: Option<String>,
    /// The first thing that is wrong; none when the chain holds.
    pub broken: Option<String>,
}

/// Checks every chain, and that none is shorter than, or other than, the
/// instance's own chain has noted of it.
pub async fn verify(conn: &mut Conn, keys: &KeyStore) -> sqlx::Result<Vec<ChainReport>> {
    let key = ChainKey::of(keys);
    let fault = other_key(conn, &key).await?;
    let mut heads: BTreeMap<String, (i64, String, i64)> = BTreeMap::new();
    let rows =
        sqlx::query("SELECT organization, seq, hash, sealed FROM event_head").fetch_all(&mut *conn).await?;
    for row in rows {
        heads.insert(row.get(0), (row.get(1), row.get(2), row.get(3)));
    }
    // lines of a chain whose head was removed are a broken chain too
    for chain in sqlx::query_scalar("SELECT DISTINCT organization FROM event").fetch_all(&mut *conn).await? {
        heads.entry(chain).or_insert((0, GENESIS.to_owned(), 1));
    }
    let noted = head::noted(conn).await?;
    for (chain, _, _) in &noted {
        heads.entry(chain.clone()).or_insert((0, GENESIS.to_owned(), 1));
    }
    let mut reports = vec![];
    for (chain, (seq, hash, sealed)) in heads {
        let mut report = Check::of(&key, &chain, &noted).run(conn, sealed).await?;
        if report.broken.is_some() && fault.is_some() {
            report.broken.clone_from(&fault);
        }
        if report.broken.is_none() && (report.lines, &report.last) != (seq, &hash) {
            report.broken = Some(format!("the log ends at line {}, its head says {seq}", report.lines));
        }
        reports.push(report.told());
    }
    Ok(reports)
}

/// Said instead of what every line would say when this is not the key of the log.
async fn other_key(conn: &mut Conn, key: &ChainKey) -> sqlx::Result<Option<String>> {
    let known = seal::key_name(conn).await?.filter(|name| *name != key.name());
    Ok(known.map(|_| "the log was written under another master key; check it with that one".to_owned()))
}

/// The check of one chain, on its way.
struct Check<'a> {
    key: &'a ChainKey,
    chain: &'a str,
    /// What the instance's chain says of this one: line and hash.
    noted: BTreeMap<i64, &'a str>,
    lines: i64,
    last: String,
    /// Lines that should have a text and have none.
    without: BTreeSet<i64>,
    /// Lines of which the log says that their text was erased.
    erased: BTreeSet<i64>,
    before_seal: Option<String>,
    broken: Option<String>,
}

impl<'a> Check<'a> {
    fn of(key: &'a ChainKey, chain: &'a str, noted: &'a [(String, i64, String)]) -> Self {
        Self {
            key,
            chain,
            noted: noted
                .iter()
                .filter(|(of, _, _)| of == chain)
                .map(|(_, seq, hash)| (*seq, hash.as_str()))
                .collect(),
            lines: 0,
            last: GENESIS.to_owned(),
            without: BTreeSet::new(),
            erased: BTreeSet::new(),
            before_seal: None,
            broken: None,
        }
    }

    async fn run(mut self, conn: &mut Conn, sealed: i64) -> sqlx::Result<Self> {
        if sealed == 0 {
            self.broken = Some(
                "the log is not sealed; start the server once, which seals a log from before there was a key. \
                 If it does not, the log was changed"
                    .into(),
            );
            return Ok(self);
        }
        if let Some(seal) = seal::of(conn, self.chain).await? {
            self.before(conn, &seal).await?;
        }
        while self.broken.is_none() {
            let rows = part(conn, self.chain, self.lines).await?;
            if rows.is_empty() {
                break;
            }
            for (line, text) in rows {
                self.line(line, text.as_ref());
                if self.broken.is_some() {
                    break;
                }
            }
        }
        if self.broken.is_none() {
            self.end();
        }
        Ok(self)
    }

    /// The lines before the seal are covered by one digest, which the seal states.
    async fn before(&mut self, conn: &mut Conn, seal: &seal::Seal) -> sqlx::Result<()> {
        let (digest, without) = seal::digest(conn, self.key, self.chain, seal.line.seq).await?;
        self.without.extend(without);
        if digest != seal.digest {
            self.broken = Some(format!("a line before the seal (line {}) has been changed", seal.line.seq));
        } else if let Some((seq, _)) = self.noted.range(..seal.line.seq).next() {
            // heads are noted of keyed logs only, and a seal is put on one that was not
            self.broken = Some(format!(
                "line {seq} was noted in the instance's log, and stands before the seal (line {}): the log was \
                 written anew and sealed a second time",
                seal.line.seq
            ));
        }
        self.before_seal.clone_from(&seal.was_broken);
        self.lines = seal.line.seq - 1;
        self.last.clone_from(&seal.line.previous);
        Ok(())
    }

    fn line(&mut self, line: Line, text: Option<&Text>) {
        let wrong = if line.seq != self.lines + 1 {
            format!("line {} is missing", self.lines + 1)
        } else if line.previous != self.last {
            format!("line {} does not continue line {}", line.seq, self.lines)
        } else if self.key.line(self.chain, &line) != line.hash {
            format!("line {} has been changed", line.seq)
        } else if text.is_some_and(|t| t.digest() != line.text_digest) {
            format!("the text of line {} has been changed", line.seq)
        } else if self.noted.get(&line.seq).is_some_and(|hash| *hash != line.hash) {
            format!("line {} is not the one that was noted in the instance's log", line.seq)
        } else {
            String::new()
        };
        if !wrong.is_empty() {
            self.broken = Some(wrong);
            return;
        }
        if text.is_none() && !line.text_digest.is_empty() {
            self.without.insert(line.seq);
        }
        if line.kind == ERASED {
            let body: Value = serde_json::from_str(&line.body).unwrap_or_default();
            self.erased.extend(body["lines"].as_array().into_iter().flatten().filter_map(Value::as_i64));
        }
        (self.lines, self.last) = (line.seq, line.hash);
    }

    fn end(&mut self) {
        if let Some(seq) = self.without.difference(&self.erased).next() {
            self.broken =
                Some(format!("the text of line {seq} is gone, and no line says that it was erased"));
        } else if let Some((seq, _)) = self.noted.last_key_value().filter(|(seq, _)| **seq > self.lines) {
            self.broken =
                Some(format!("the log ends at line {}, the instance's log has noted line {seq}", self.lines));
        }
    }

    fn told(self) -> ChainReport {
        ChainReport {
            chain: self.chain.to_owned(),
            lines: self.lines,
            erased: self.without.len() as i64,
            before_seal: self.before_seal,
            broken: self.broken,
        }
    }
}

/// The next thousand lines.
async fn part(conn: &mut Conn, chain: &str, after: i64) -> sqlx::Result<Vec<(Line, Option<Text>)>> {
    let sql = format!("{LINE} WHERE e.organization = $1 AND e.seq > $2 ORDER BY e.seq LIMIT 1000");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(chain).bind(after).fetch_all(conn).await?;
    Ok(rows.iter().map(line).collect())
}
