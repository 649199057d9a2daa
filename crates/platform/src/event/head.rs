//! Heads that leave the database. Once a day the instance's own chain notes the
//! heads of all chains that have grown, and its own head is signed: whoever
//! keeps that short document can tell later whether the log was cut or written
//! anew. A restored backup is a line of the log, by which such a gap is explained.

use crate::clock::Clock;
use crate::db::Conn;
use crate::event::{Event, append, chain_name, seal};
use crate::key_store::KeyStore;
use crate::platform::Platform;
use anyhow::{Context, Result, ensure};
use cairn_credential::key::{KeyKind, KeyPair, PublicKey, SigningKey};
use cairn_credential::proof::{self, ProofOptions, Suite};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::Row as _;

/// The kind of line that notes heads.
const NOTED: &str = "audit.heads";
/// The kind of line that says that a backup was restored.
const RESTORED: &str = "instance.restored";
/// Heads that one line notes.
const PART: usize = 500;
/// The name of the key in the instance's document.
pub const KEY: &str = "audit-heads";

const SEED: &str = "audit heads";

/// The public half of the key that signs heads.
pub fn public_key(keys: &KeyStore) -> PublicKey {
    SigningKey::from_seed(&keys.derive(SEED)).public()
}

/// `did:web:HOST`
pub fn did(app: &Platform) -> String {
    cairn_credential::did::web_did(app.config.host(), &[])
}

/// What was signed.
#[derive(Debug, Clone)]
pub struct SignedHead {
    /// Line of the instance's chain.
    pub line: i64,
    /// Its hash.
    pub hash: String,
    /// True when something has happened since the head before.
    pub is_new: bool,
    /// The document.
    pub document: Value,
}

/// Notes and signs today's head and keeps it for the public address. A second
/// time on a day gives the first document again.
pub async fn sign(app: &Platform) -> Result<SignedHead> {
    let now = app.clock.now();
    let day = now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let mut tx = app.db.begin().await?;
    let latest = latest(&mut tx).await?;
    if let Some(signed) = latest.as_ref().filter(|s| s.document["day"] == day.as_str()) {
        return Ok(signed.clone());
    }
    let heads: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT organization, seq, hash FROM event_head WHERE organization <> '' AND seq > noted \
         ORDER BY organization DESC",
    )
    .fetch_all(&mut *tx)
    .await?;
    let own: Option<(i64, String)> =
        sqlx::query_as("SELECT seq, hash FROM event_head WHERE organization = ''")
            .fetch_optional(&mut *tx)
            .await?;
    let before = latest.map(|s| (s.line, s.hash));
    let is_new = !heads.is_empty() || own != before;
    let (line, hash) = match own {
        Some(own) if !is_new => own,
        _ => append(&mut tx, &app.keys, now, &chain_name(None), lines(&heads)).await?,
    };
    let document = document(app, &day, now, line, &hash)?;
    sqlx::query(
        "INSERT INTO audit_head (day, document, created_at) VALUES ($1, $2, $3) ON CONFLICT (day) DO NOTHING",
    )
    .bind(&day)
    .bind(document.to_string())
    .bind(now.as_millisecond())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    remember(app, &heads).await?;
    Ok(SignedHead { line, hash, is_new, document })
}

/// Apart from the line that notes them: no transaction holds two chains here.
/// Should it not come to this, a head is noted twice, which is as good.
async fn remember(app: &Platform, heads: &[(String, i64, String)]) -> Result<()> {
    let mut tx = app.db.begin().await?;
    for (chain, seq, _) in heads {
        sqlx::query("UPDATE event_head SET noted = $2 WHERE organization = $1 AND noted < $2")
            .bind(chain)
            .bind(*seq)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Also without heads one line is written: it is what the day's head stands on.
fn lines(heads: &[(String, i64, String)]) -> Vec<Event> {
    let line = |part: &[(String, i64, String)]| {
        let heads: Map<String, Value> =
            part.iter().map(|(chain, seq, hash)| (chain.clone(), json!([seq, hash]))).collect();
        Event {
            organization: None,
            actor: "system".into(),
            kind: NOTED,
            subject: String::new(),
            body: json!({ "heads": heads }),
        }
    };
    if heads.is_empty() { vec![line(&[])] } else { heads.chunks(PART).map(line).collect() }
}

fn document(app: &Platform, day: &str, now: Timestamp, line: i64, hash: &str) -> Result<Value> {
    let mut document = json!({
        "type": "CairnAuditHead",
        "instance": app.config.base_url,
        "day": day,
        "at": now.to_string(),
        "line": line,
        "hash": hash,
    });
    let method = format!("{}#{KEY}", did(app));
    let key =
        KeyPair::from_seed(KeyKind::Ed25519, &app.keys.derive(SEED)[..]).context("the key of the heads")?;
    proof::sign_with(&mut document, Suite::EddsaJcs2022, &key, &ProofOptions::new(&method, now))
        .context("signing the head of the audit log")?;
    Ok(document)
}

async fn latest(conn: &mut Conn) -> Result<Option<SignedHead>> {
    let text: Option<String> =
        sqlx::query_scalar("SELECT document FROM audit_head ORDER BY day DESC LIMIT 1")
            .fetch_optional(conn)
            .await?;
    let Some(text) = text else { return Ok(None) };
    let document: Value = serde_json::from_str(&text)?;
    let hash = document["hash"].as_str().unwrap_or_default().to_owned();
    Ok(Some(SignedHead { line: document["line"].as_i64().unwrap_or(0), hash, is_new: false, document }))
}

/// The signed heads, newest first.
pub async fn published(conn: &mut Conn, limit: i64) -> Result<Vec<Value>> {
    let texts: Vec<String> = sqlx::query_scalar("SELECT document FROM audit_head ORDER BY day DESC LIMIT $1")
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(texts.iter().map(|t| serde_json::from_str(t)).collect::<Result<_, _>>()?)
}

/// Whether heads of this log were noted or signed, which is done of keyed logs only.
pub(super) async fn is_begun(conn: &mut Conn) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM audit_head) + (SELECT count(*) FROM event WHERE organization = '' AND kind = $1)",
    )
    .bind(NOTED)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

/// What the instance's chain has noted: chain, line, hash.
pub(super) async fn noted(conn: &mut Conn) -> sqlx::Result<Vec<(String, i64, String)>> {
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM event WHERE organization = '' AND kind = $1 ORDER BY seq")
            .bind(NOTED)
            .fetch_all(conn)
            .await?;
    let mut found = vec![];
    for body in bodies {
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        for (chain, head) in body["heads"].as_object().into_iter().flatten() {
            if let (Some(seq), Some(hash)) = (head[0].as_i64(), head[1].as_str()) {
                found.push((chain.clone(), seq, hash.to_owned()));
            }
        }
    }
    Ok(found)
}

/// How the log stands to a head that was signed earlier.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Standing {
    /// The log has this very line.
    Holds {
        /// The line.
        line: i64,
    },
    /// The line is gone, and a restored backup explains it.
    Restored {
        /// The line.
        line: i64,
        /// When the backup was restored.
        restored_at: String,
    },
    /// The log was cut or written anew.
    Broken {
        /// In words.
        why: String,
    },
}

/// Compares the log with a signed head. Fails when the document is not a head
/// that this instance signed.
pub async fn compare(conn: &mut Conn, keys: &KeyStore, head: &Value) -> Result<Standing> {
    let key = public_key(keys);
    ensure!(head["type"] == "CairnAuditHead", "this is not a signed head of an audit log");
    proof::verify(head, &head["proof"][0], &key)
        .context("this head was changed, or another instance (or another master key) signed it")?;
    let line = head["line"].as_i64().context("the head names no line")?;
    let at: Timestamp = head["at"].as_str().unwrap_or_default().parse().context("the head has no time")?;
    let hash: Option<String> =
        sqlx::query_scalar("SELECT hash FROM event WHERE organization = '' AND seq = $1")
            .bind(line)
            .fetch_optional(&mut *conn)
            .await?;
    if hash.as_deref() == head["hash"].as_str() {
        return Ok(Standing::Holds { line });
    }
    // before the seal stands what was written without a key: no word of it excuses anything
    let sealed = seal::of(conn, &chain_name(None)).await?.map_or(0, |seal| seal.line.seq);
    let restored: Vec<String> = sqlx::query_scalar(
        "SELECT body FROM event WHERE organization = '' AND kind = $1 AND seq > $2 ORDER BY seq",
    )
    .bind(RESTORED)
    .bind(sealed)
    .fetch_all(conn)
    .await?;
    for body in restored {
        let body: Value = serde_json::from_str(&body)?;
        let restored_at: Timestamp = body["restored_at"].as_str().unwrap_or_default().parse()?;
        let is_lost = body["after_line"].as_i64().is_some_and(|last| last < line)
            && body["last_at"].as_i64().is_some_and(|last| last <= at.as_millisecond())
            && at <= restored_at;
        if is_lost {
            return Ok(Standing::Restored { line, restored_at: restored_at.to_string() });
        }
    }
    let day = head["day"].as_str().unwrap_or("?");
    let why = match hash {
        Some(_) => format!("line {line} of the instance's log is not the one whose hash was signed on {day}"),
        None => format!("line {line} of the instance's log, which was signed on {day}, is missing"),
    };
    Ok(Standing::Broken { why })
}

/// Records that the database is that of a backup: a restore is an event, not an
/// alarm. `id` names the restore, which is recorded once.
pub async fn record_restore(app: &Platform, id: &str, backup_at: &str, restored_at: Timestamp) -> Result<()> {
    let mut tx = app.db.begin().await?;
    // hold the chain's head, so that two starts at once record one line
    sqlx::query("UPDATE event_head SET hash = hash WHERE organization = ''").execute(&mut *tx).await?;
    let known: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM event WHERE organization = '' AND kind = $1 AND subject = $2",
    )
    .bind(RESTORED)
    .bind(id)
    .fetch_one(&mut *tx)
    .await?;
    if known > 0 {
        return Ok(());
    }
    let last = sqlx::query("SELECT seq, at FROM event WHERE organization = '' ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut *tx)
        .await?;
    let (after, at): (i64, i64) = last.map_or((0, 0), |r| (r.get(0), r.get(1)));
    let event = Event {
        organization: None,
        actor: "system".into(),
        kind: RESTORED,
        subject: id.to_owned(),
        body: json!({
            "backup_at": backup_at, "restored_at": restored_at.to_string(), "after_line": after, "last_at": at,
        }),
    };
    append(&mut tx, &app.keys, app.clock.now(), "", vec![event]).await?;
    tx.commit().await?;
    Ok(())
}

/// The note that `cairn restore` leaves in the data folder for the next start.
pub const NOTE: &str = "restored.json";

/// What the note says.
pub fn note(backup_at: &str) -> String {
    let id = crate::id::fresh().to_string();
    json!({ "id": id, "backup_at": backup_at, "restored_at": Clock::System.now().to_string() }).to_string()
}

/// Turns the note into a line of the log.
pub async fn record_note(app: &Platform) -> Result<()> {
    let file = app.config.data.join(NOTE);
    let Ok(text) = std::fs::read_to_string(&file) else { return Ok(()) };
    let note: Value = serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))?;
    let text = |name: &str| note[name].as_str().unwrap_or_default();
    record_restore(app, text("id"), text("backup_at"), text("restored_at").parse()?).await?;
    std::fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))
}
