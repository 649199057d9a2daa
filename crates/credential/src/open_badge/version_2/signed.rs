//! The signed form of an Open Badges 2.0 badge (`SignedBadge`), and the documents it is verified with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{BadgeDocuments, CONTEXT, host, pem, several};
use crate::jose::algorithm;
use crate::key::{KeyPair, PublicKey};

/// Why a badge could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Nothing can be served at the key's address.
    #[error("\"{0}\" is no place for a key: use the http(s) address of its document")]
    Address(String),
    /// Verifiers would refuse the badge, since anybody can say a key is somebody's.
    #[error("the issuer's document does not name the key {0}: list it with Rendered::list_key first")]
    NotListed(String),
    /// The assertion is not a JSON object.
    #[error("only a JSON object can be signed: take the assertion as it was rendered")]
    NotAnObject,
}

impl BadgeDocuments {
    /// Says in the issuer's document that the key whose [`key_document`] is at this address is the issuer's.
    /// Keep the keys of earlier badges listed.
    pub fn list_key(&mut self, url: &str) {
        let Some(issuer) = self.issuer.as_object_mut() else { return };
        let mut keys = several(issuer.get("publicKey")).to_vec();
        if !keys.iter().any(|key| key == url) {
            keys.push(url.into());
        }
        let keys = if let [one] = &keys[..] { one.clone() } else { Value::Array(keys) };
        issuer.insert("publicKey".into(), keys);
    }

    /// Says in the issuer's document where the [`revocation_list`] is, which signed badges need.
    pub fn list_revocations(&mut self, url: &str) {
        let Some(issuer) = self.issuer.as_object_mut() else { return };
        issuer.insert("revocationList".into(), url.into());
    }
}

/// Signs the assertion: a compact JWS (RFC 7515) to hand out or to bake. `creator` is the address of the
/// key's [`key_document`], which the issuer's document has to list.
///
/// The algorithm is that of the key. Many verifiers, 1EdTech's own among them, read RSA keys (`RS256`) only:
/// for them the badge has to be hosted, which all of them read.
///
/// ```
/// # use cairn_credential::key::{KeyPair, SigningKey};
/// # use cairn_credential::open_badge::version_2::{BadgeDocuments, key_document, sign};
/// # use serde_json::json;
/// # let mut rendered = BadgeDocuments {
/// #     assertion: json!({"id": "https://a.example/v2/assertions/1"}),
/// #     badge_class: json!({}),
/// #     issuer: json!({"id": "https://a.example/v2/issuer"}),
/// # };
/// let key = KeyPair::from(SigningKey::from_seed(&[7; 32]));
/// let url = "https://a.example/v2/keys/1";
/// rendered.list_key(url);
/// let compact = sign(&rendered, &key, url)?;
/// assert_eq!(compact.split('.').count(), 3);
/// // To be served at the key's address:
/// let document = key_document(url, "https://a.example/v2/issuer", &key.public());
/// assert_eq!(document["type"], "CryptographicKey");
/// # Ok::<(), cairn_credential::open_badge::version_2::SignError>(())
/// ```
pub fn sign(rendered: &BadgeDocuments, key: &KeyPair, creator: &str) -> Result<String, SignError> {
    if host(creator).is_none() {
        return Err(SignError::Address(creator.to_owned()));
    }
    if !several(rendered.issuer.get("publicKey")).iter().any(|listed| listed == creator) {
        return Err(SignError::NotListed(creator.to_owned()));
    }
    let mut assertion = rendered.assertion.as_object().cloned().ok_or(SignError::NotAnObject)?;
    assertion.insert("verification".into(), json!({"type": "SignedBadge", "creator": creator}));
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": algorithm(key.kind()), "typ": "JWT"});
    let signing_input = format!("{}.{}", encode(&header), encode(&Value::Object(assertion)));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signing_input.as_bytes()));
    Ok(format!("{signing_input}.{signature}"))
}

/// The `CryptographicKey` to serve at the key's address; `issuer` is the address of its owner's document.
pub fn key_document(url: &str, issuer: &str, key: &PublicKey) -> Value {
    json!({
        "@context": CONTEXT,
        "type": "CryptographicKey",
        "id": url,
        "owner": issuer,
        "publicKeyPem": pem::write(key),
    })
}

/// The `RevocationList` to serve at the address that [`BadgeDocuments::list_revocations`] names: addresses (`id`)
/// of assertions taken back, each with a reason if there is one to tell.
pub fn revocation_list(url: &str, issuer: &str, revoked: &[(&str, Option<&str>)]) -> Value {
    let entry = |(id, reason): &(&str, Option<&str>)| match reason {
        Some(reason) => json!({"id": id, "revocationReason": reason}),
        None => json!({"id": id}),
    };
    json!({
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": url,
        "issuer": issuer,
        "revokedAssertions": revoked.iter().map(entry).collect::<Vec<_>>(),
    })
}
