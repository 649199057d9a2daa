//! Signing keys of organisations: made, sealed, used, ended; and the DID
//! document that tells the world about them.

use crate::app::App;
use crate::confirmation;
use crate::credential::store;
pub use crate::credential::store::KeyEntry;
use crate::error::{Error, Result};
use cairn_credential::did::{HostedKey, KeyEnd, hosted_document};
use cairn_credential::key::{PublicKey, SigningKey};
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_value::id::{KeyId, OrganizationId};
use jiff::Timestamp;
use serde_json::{Value, json};

impl KeyEntry {
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
    confirmation::hold(conn, organization).await?;
    let now = app.clock.now();
    let number = store::count_keys(conn, organization).await?;
    store::end_keys(conn, organization, now.as_millisecond()).await?;
    let key_id = KeyId(id::fresh());
    let seed = zeroize::Zeroizing::new(id::random::<32>());
    let fragment = format!("key-{}", number + 1);
    let public = SigningKey::from_seed(&seed).public().multibase();
    let new = store::NewKey {
        id: key_id,
        fragment: &fragment,
        public_key: &public,
        sealed_seed: &app.keys.seal(&key_id.to_string(), &seed[..])?,
        at: now.as_millisecond(),
    };
    store::insert_key(conn, organization, &new).await?;
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
pub(crate) async fn distrust(
    conn: &mut Conn,
    organization: OrganizationId,
    fragment: &str,
    from: Timestamp,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let (from, now) = (from.as_millisecond(), now.as_millisecond());
    Ok(store::distrust(conn, organization, fragment, from, reason, now).await?)
}

/// The key that signs now.
pub async fn signer(conn: &mut Conn, app: &App, organization: OrganizationId, slug: &str) -> Result<Signer> {
    let (key_id, fragment, sealed) =
        store::sealed_key(conn, organization).await?.ok_or_else(|| Error::refused("organization-no-key"))?;
    let method = format!("{}#{fragment}", did(app, slug));
    if let Some(key) = app.cache.key(&key_id) {
        return Ok(Signer { method, key });
    }
    let seed = app.keys.unseal(&key_id, &sealed)?;
    let seed: &[u8; 32] =
        seed[..].try_into().map_err(|_| anyhow::anyhow!("a signing key has a wrong length"))?;
    let key = std::sync::Arc::new(SigningKey::from_seed(seed));
    app.cache.keep_key(&key_id, &key);
    Ok(Signer { method, key })
}

/// All keys, the newest first.
pub async fn list(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<KeyEntry>> {
    Ok(store::keys(conn, organization).await?)
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

/// Ids and sealed seeds of all keys of the instance, for whoever looks whether the master key opens them.
pub async fn sealed_seeds(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(store::sealed_seeds(conn).await?)
}
