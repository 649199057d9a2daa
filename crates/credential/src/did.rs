//! DIDs: `did:key`, `did:web` and `did:jwk`, their documents and where to read them.
//!
//! ```
//! use cairn_credential::did::{web_document, web_document_url};
//! use cairn_credential::key::SigningKey;
//!
//! let did = "did:web:college.example:issuers:1";
//! assert_eq!(web_document_url(did)?, "https://college.example/issuers/1/did.json");
//! // the document to serve there
//! let document = web_document(did, &[("key-1", &SigningKey::from_seed(&[7; 32]).public(), true)]);
//! assert_eq!(document["assertionMethod"][0], "did:web:college.example:issuers:1#key-1");
//! # Ok::<(), cairn_credential::did::DidError>(())
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::jcs;
use crate::key::{KeyError, PublicKey};

/// The contexts of a DID document with Multikeys.
const CONTEXTS: [&str; 2] = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];

/// Why a text is not a DID this crate can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DidError {
    /// Not `did:web:…`.
    #[error("\"{0}\" is not a did:web: it looks like did:web:example.org or did:web:example.org:path")]
    NotWeb(String),
    /// Not `did:key:…`.
    #[error("\"{0}\" is not a did:key: it looks like did:key:z6Mk…")]
    NotKey(String),
    /// Not `did:jwk:…`.
    #[error("\"{0}\" is not a did:jwk: it looks like did:jwk: and a JWK in base64url")]
    NotJwk(String),
    /// The key inside a `did:key` cannot be used.
    #[error("the key in the DID cannot be used: {0}")]
    Key(#[from] KeyError),
}

/// Over which scheme `did:web` documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Always https, as the method says.
    #[default]
    Https,
    /// http for `localhost`, `127.0.0.1` and `[::1]`, for trying things out; https for all else.
    HttpOnLoopback,
}

/// The https URL of a `did:web` document: `did:web:host%3Aport:path:to` is at
/// `https://host:port/path/to/did.json`, a bare host at `/.well-known/did.json` (did:web, 3.2).
pub fn web_document_url(did: &str) -> Result<String, DidError> {
    web_document_url_over(did, Scheme::Https)
}

/// Like [`web_document_url`], with a say in the scheme for loopback hosts.
pub fn web_document_url_over(did: &str, scheme: Scheme) -> Result<String, DidError> {
    let wrong = || DidError::NotWeb(did.to_owned());
    let rest = did.strip_prefix("did:web:").ok_or_else(wrong)?;
    let mut parts = rest.split(':');
    let host = parts.next().unwrap_or_default().replace("%3A", ":").replace("%3a", ":");
    let path: Vec<&str> = parts.collect();
    let plain = |part: &&str| {
        let parsed = part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b));
        !part.is_empty() && parsed && **part != *"." && **part != *".." && !has_separator(part)
    };
    if !is_host(&host) || !path.iter().all(plain) {
        return Err(wrong());
    }
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let loopback = matches!(name, "localhost" | "127.0.0.1");
    let scheme = if scheme == Scheme::HttpOnLoopback && loopback { "http" } else { "https" };
    if path.is_empty() {
        return Ok(format!("{scheme}://{host}/.well-known/did.json"));
    }
    Ok(format!("{scheme}://{host}/{}/did.json", path.join("/")))
}

/// A percent-encoded slash, backslash or full stop could climb out of the path.
fn has_separator(part: &str) -> bool {
    let lower = part.to_ascii_lowercase();
    ["%2f", "%5c", "%2e", "%00"].iter().any(|code| lower.contains(code))
}

/// A domain name with an optional port.
fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    name.len() <= 253 && name.split('.').all(label) && !port.is_empty() && port.parse::<u16>().is_ok()
}

/// The `did:web` of a host (with `:port` if not 443) and the parts of a path.
pub fn web_did(host_and_port: &str, path: &[&str]) -> String {
    let mut did = format!("did:web:{}", host_and_port.replace(':', "%3A"));
    for part in path {
        did.push(':');
        did.push_str(part);
    }
    did
}

/// A key in a hosted document.
#[derive(Debug, Clone, Copy)]
pub struct HostedKey<'a> {
    /// What stands after `#` in the key's id, such as `key-1`.
    pub fragment: &'a str,
    /// The key.
    pub key: &'a PublicKey,
    /// Proofs made from then on are refused; earlier ones stay good. `None` for a key in use.
    pub ended: Option<KeyEnd>,
}

/// How a key ended, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyEnd {
    /// Another took its place (`expires`): nothing is wrong with what it signed until then.
    Replaced(Timestamp),
    /// Somebody else may have used it (`revoked`): what it signed until then stays valid, and that a proof is
    /// from then is the signer's own word.
    Distrusted(Timestamp),
}

/// The document to serve for a `did:web` (or an https issuer id): every key as a Multikey, the active
/// ones in `assertionMethod` and `authentication`. A key that is not active verifies nothing any more;
/// to keep what it signed earlier valid, use [`hosted_document`] with the time it ended.
pub fn web_document(did: &str, keys: &[(&str, &PublicKey, bool)]) -> Value {
    let methods: Vec<Value> =
        keys.iter().map(|(fragment, key, _)| method(did, fragment, key, None)).collect();
    let active: Vec<&str> =
        keys.iter().filter(|(_, _, active)| *active).map(|(fragment, _, _)| *fragment).collect();
    document(did, &methods, &active, &[])
}

/// Like [`web_document`], with key history: an ended key stays in `assertionMethod` and says when it was
/// `revoked`, or since when it `expires`, so that proofs created before that stay valid (CID 1.0, 2.2).
pub fn hosted_document(did: &str, keys: &[HostedKey<'_>]) -> Value {
    let methods: Vec<Value> = keys.iter().map(|key| method(did, key.fragment, key.key, key.ended)).collect();
    let asserting: Vec<&str> = keys.iter().map(|key| key.fragment).collect();
    let ended: Vec<&str> = keys.iter().filter(|key| key.ended.is_some()).map(|key| key.fragment).collect();
    document(did, &methods, &asserting, &ended)
}

fn method(did: &str, fragment: &str, key: &PublicKey, ended: Option<KeyEnd>) -> Value {
    let mut method = json!({
        "id": format!("{did}#{fragment}"),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": key.multibase(),
    });
    match ended {
        None => {}
        Some(KeyEnd::Replaced(at)) => method["expires"] = Value::String(at.to_string()),
        Some(KeyEnd::Distrusted(at)) => method["revoked"] = Value::String(at.to_string()),
    }
    method
}

fn document(did: &str, methods: &[Value], asserting: &[&str], ended: &[&str]) -> Value {
    let id = |fragment: &&str| format!("{did}#{fragment}");
    let authenticating: Vec<String> = asserting.iter().filter(|key| !ended.contains(key)).map(id).collect();
    let asserting: Vec<String> = asserting.iter().map(id).collect();
    json!({
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": asserting,
        "authentication": authenticating,
    })
}

/// The document a `did:key` stands for (did:key, 3.1): the key says everything, nothing is fetched.
pub fn key_document(did: &str) -> Result<Value, DidError> {
    let text = did.strip_prefix("did:key:").ok_or_else(|| DidError::NotKey(did.to_owned()))?;
    let key = PublicKey::from_multibase(text)?;
    Ok(document(did, &[method(did, text, &key, None)], &[text], &[]))
}

/// The `did:jwk` of a key; its only verification method is `#0`.
pub fn jwk_did(key: &PublicKey) -> String {
    format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jcs::canonicalize(&key.jwk())))
}

/// The key a `did:jwk` stands for (did:jwk, "Read").
pub fn jwk_key(did: &str) -> Result<PublicKey, DidError> {
    let not_jwk = || DidError::NotJwk(did.to_owned());
    let encoded = did.strip_prefix("did:jwk:").ok_or_else(not_jwk)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| not_jwk())?;
    let jwk = crate::document::parse(&bytes).map_err(|_| not_jwk())?;
    Ok(PublicKey::from_jwk(&jwk)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    #[test]
    fn web_dids_lead_to_urls() {
        let check = |did: &str, want: Option<&str>| {
            assert_eq!(web_document_url(did).ok().as_deref(), want, "{did}");
        };
        check("did:web:example.org", Some("https://example.org/.well-known/did.json"));
        check("did:web:example.org:issuers:1", Some("https://example.org/issuers/1/did.json"));
        check("did:web:localhost%3A8443:a", Some("https://localhost:8443/a/did.json"));
        check("did:web:", None);
        check("did:web:example.org:", None);
        check("did:web:example.org:..:x", None);
        check("did:web:example.org:%2e%2E:x", None);
        check("did:web:example.org:a%2Fb", None);
        check("did:web:example.org/a", None);
        check("did:web:user@example.org", None);
        check("did:web:example.org%3Aport", None);
        check("did:web:example.org%3A80%3A90", None);
        check("did:web:exa mple.org", None);
        check("did:web:example.org:a#key", None);
        check("did:key:z6Mk", None);
    }

    #[test]
    fn loopback_may_be_read_over_http() {
        let over = |did| web_document_url_over(did, Scheme::HttpOnLoopback).unwrap();
        assert_eq!(over("did:web:localhost%3A80"), "http://localhost:80/.well-known/did.json");
        assert_eq!(over("did:web:127.0.0.1%3A80:a"), "http://127.0.0.1:80/a/did.json");
        assert_eq!(over("did:web:localhost.example"), "https://localhost.example/.well-known/did.json");
    }

    #[test]
    fn web_dids_are_made() {
        assert_eq!(web_did("example.org", &[]), "did:web:example.org");
        assert_eq!(web_did("localhost:80", &["issuers", "1"]), "did:web:localhost%3A80:issuers:1");
    }

    #[test]
    fn documents_list_keys() {
        let (old, new) = (SigningKey::from_seed(&[1; 32]).public(), SigningKey::from_seed(&[2; 32]).public());
        let document = web_document("did:web:a.example", &[("key-1", &old, false), ("key-2", &new, true)]);
        assert_eq!(document["verificationMethod"].as_array().map(Vec::len), Some(2));
        assert_eq!(document["assertionMethod"], json!(["did:web:a.example#key-2"]));
        let (replaced, distrusted) =
            (KeyEnd::Replaced(Timestamp::UNIX_EPOCH), KeyEnd::Distrusted(Timestamp::UNIX_EPOCH));
        let keys = [
            HostedKey { fragment: "key-1", key: &old, ended: Some(distrusted) },
            HostedKey { fragment: "key-2", key: &new, ended: None },
        ];
        let document = hosted_document("did:web:a.example", &keys);
        assert_eq!(document["verificationMethod"][0]["revoked"], "1970-01-01T00:00:00Z");
        assert_eq!(document["assertionMethod"].as_array().map(Vec::len), Some(2));
        assert_eq!(document["authentication"], json!(["did:web:a.example#key-2"]));
        let replaced = HostedKey { fragment: "key-1", key: &old, ended: Some(replaced) };
        let document = hosted_document("did:web:a.example", &[replaced, keys[1]]);
        assert_eq!(document["verificationMethod"][0]["expires"], "1970-01-01T00:00:00Z");
        assert_eq!(document["verificationMethod"][0].get("revoked"), None);
        assert_eq!(document["authentication"], json!(["did:web:a.example#key-2"]));
    }

    #[test]
    fn a_did_jwk_is_its_own_key() {
        let key = SigningKey::from_seed(&[1; 32]).public();
        assert_eq!(jwk_key(&jwk_did(&key)), Ok(key));
        for wrong in ["did:jwk:", "did:jwk:!", "did:jwk:e30", "did:key:z6Mk"] {
            assert!(jwk_key(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_did_key_is_its_own_document() {
        let did = SigningKey::from_seed(&[1; 32]).did_key();
        let document = key_document(&did).unwrap();
        let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
        assert_eq!(document["assertionMethod"], json!([method]));
        assert!(key_document("did:key:z6MkBroken").is_err());
    }
}
