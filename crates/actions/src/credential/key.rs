//! Signing keys of organisations: made, sealed, used, ended; and the DID
//! document that tells the world about them.

use crate::app::App;
use crate::credential::store;
use crate::error::{Error, Result};
use cairn_credential::did::{HostedKey, KeyEnd, hosted_document};
use cairn_credential::key::{PublicKey, SigningKey};
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_value::id::{KeyId, OrganizationId};
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::Row as _;

/// A key as the organisation's page shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its name in the DID document: `key-1`.
    pub fragment: String,
    /// Multibase.
    pub public_key: String,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// Milliseconds UTC; none while it signs.
    pub ended_at: Option<i64>,
    /// Milliseconds UTC; from then on what it signed does not count.
    pub distrusted_from: Option<i64>,
    /// Why not.
    pub distrust_reason: String,
}

impl Shown {
    /// Proofs that were made from then on do not count.
    fn end(&self) -> Option<KeyEnd> {
        let time = |ms| Timestamp::from_millisecond(ms).ok();
        match (self.ended_at, self.distrusted_from) {
            (Some(ended), Some(from)) => time(ended.min(from)).map(KeyEnd::Distrusted),
            (None, Some(from)) => time(from).map(KeyEnd::Distrusted),
            (Some(ended), None) => time(ended).map(KeyEnd::Replaced),
            (None, None) => None,
        }
    }
}

/// An opened key with the address of its verification method.
#[derive(Clone)]
pub struct Signer {
    /// `did:web:…#key-1`
    pub method: String,
    /// Opens and signs.
    pub key: std::sync::Arc<SigningKey>,
}

/// `did:web:HOST:issuers:SLUG`
pub fn did(app: &App, slug: &str) -> String {
    cairn_credential::did::web_did(app.config.host(), &["issuers", slug])
}

/// Makes a new key for an organisation and ends the one that signed until now.
/// What was signed with the old key stays valid.
pub async fn rotate(conn: &mut Conn, app: &App, organization: OrganizationId, actor: &str) -> Result<()> {
    // whoever signs now has signed before this key ends
    store::hold(conn, organization).await?;
    let now = app.clock.now();
    let number: i64 = sqlx::query_scalar("SELECT count(*) FROM signing_key WHERE organization = $1")
        .bind(organization.to_string())
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query("UPDATE signing_key SET ended_at = $2 WHERE organization = $1 AND ended_at IS NULL")
        .bind(organization.to_string())
        .bind(now.as_millisecond())
        .execute(&mut *conn)
        .await?;
    let key_id = KeyId(id::fresh());
    let seed = zeroize::Zeroizing::new(id::random::<32>());
    let fragment = format!("key-{}", number + 1);
    let public = SigningKey::from_seed(&seed).public().multibase();
    sqlx::query(
        "INSERT INTO signing_key (organization, id, fragment, public_key, sealed_seed, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(organization.to_string())
    .bind(key_id.to_string())
    .bind(&fragment)
    .bind(&public)
    .bind(app.keys.seal(&key_id.to_string(), &seed[..])?)
    .bind(now.as_millisecond())
    .execute(&mut *conn)
    .await?;
    let event = Event {
        organization: Some(organization),
        actor: actor.to_owned(),
        kind: "key.made",
        subject: key_id.to_string(),
        body: json!({ "fragment": fragment, "public_key": public }),
    };
    event::record(conn, app, event).await?;
    Ok(())
}

/// What it signed from this instant on does not count; it has ended already.
pub async fn distrust(
    conn: &mut Conn,
    organization: OrganizationId,
    fragment: &str,
    from: Timestamp,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "UPDATE signing_key SET distrusted_from = $3, distrusted_at = $4, distrust_reason = $5 \
         WHERE organization = $1 AND fragment = $2",
    )
    .bind(organization.to_string())
    .bind(fragment)
    .bind(from.as_millisecond())
    .bind(now.as_millisecond())
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(())
}

/// The key that signs now.
pub async fn signer(conn: &mut Conn, app: &App, organization: OrganizationId, slug: &str) -> Result<Signer> {
    let row = sqlx::query(
        "SELECT id, fragment, sealed_seed FROM signing_key WHERE organization = $1 AND ended_at IS NULL",
    )
    .bind(organization.to_string())
    .fetch_optional(conn)
    .await?
    .ok_or_else(|| Error::refused("this organisation has no signing key; make one on its page"))?;
    let key_id: String = row.get(0);
    let method = format!("{}#{}", did(app, slug), row.get::<String, _>(1));
    if let Some(key) = app.cache.key(&key_id) {
        return Ok(Signer { method, key });
    }
    let seed = app.keys.unseal(&key_id, &row.get::<String, _>(2))?;
    let seed: &[u8; 32] =
        seed[..].try_into().map_err(|_| anyhow::anyhow!("a signing key has a wrong length"))?;
    let key = std::sync::Arc::new(SigningKey::from_seed(seed));
    app.cache.keep_key(&key_id, &key);
    Ok(Signer { method, key })
}

/// All keys, the newest first.
pub async fn list(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Shown>> {
    let rows = sqlx::query(
        "SELECT fragment, public_key, created_at, ended_at, distrusted_from, distrust_reason FROM signing_key \
         WHERE organization = $1 ORDER BY id DESC",
    )
    .bind(organization.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows
        .iter()
        .map(|r| Shown {
            fragment: r.get(0),
            public_key: r.get(1),
            created_at: r.get(2),
            ended_at: r.get(3),
            distrusted_from: r.get(4),
            distrust_reason: r.get(5),
        })
        .collect())
}

/// The DID document of an organisation, with its ended keys, so that what they
/// signed can still be checked.
pub async fn did_document(
    conn: &mut Conn,
    app: &App,
    organization: OrganizationId,
    slug: &str,
) -> Result<Value> {
    let mut keys = vec![];
    for shown in list(conn, organization).await?.into_iter().rev() {
        let key = PublicKey::from_multibase(&shown.public_key).map_err(anyhow::Error::from)?;
        let ended = shown.end();
        keys.push((shown.fragment, key, ended));
    }
    let hosted: Vec<HostedKey<'_>> =
        keys.iter().map(|(fragment, key, ended)| HostedKey { fragment, key, ended: *ended }).collect();
    Ok(hosted_document(&did(app, slug), &hosted))
}
