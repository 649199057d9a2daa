//! The keys of an issuer named by an https URL, in its metadata (SD-JWT VC, 3: JWT VC Issuer Metadata).

use serde_json::{Map, Value};

use super::Purpose;
use super::desk::{Desk, ELSEWHERE, Word};
use super::keys::{Controller, FoundKey, Missing};
use super::member::text;
use crate::did::Scheme;
use crate::document;
use crate::key::PublicKey;

/// More keys than any issuer lists.
const MOST_KEYS: usize = 256;

fn wrong(code: &'static str, message: impl Into<String>) -> Missing {
    Missing::Wrong { code, message: message.into() }
}

/// The issuer's key of this name, or the only one it has.
pub(super) fn find(desk: &mut Desk<'_>, issuer: &str, key_id: Option<&str>) -> Result<FoundKey, Missing> {
    let url = url(issuer, desk.facts.scheme)?;
    let metadata = read(desk, &url)?;
    if text(metadata.get("issuer")) != Some(issuer) {
        let message =
            format!("The document at {url}, which should be about {issuer}, is about somebody else.");
        return Err(wrong("key_document_mismatch", message));
    }
    let keys = match (metadata.get("jwks"), text(metadata.get("jwks_uri"))) {
        (Some(Value::Object(keys)), None) => keys.clone(),
        (None, Some(uri)) if uri.starts_with("https://") => read(desk, uri)?,
        _ => {
            let message = format!("The document at {url} does not list keys (jwks or an https jwks_uri).");
            return Err(wrong("key_document_malformed", message));
        }
    };
    let keys = keys.get("keys").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let named = |key: &&Value| key_id.is_none_or(|id| text(key.get("kid")) == Some(id));
    let mut found = keys.iter().take(MOST_KEYS).filter(named);
    let (Some(jwk), None) = (found.next(), found.next()) else {
        let message = format!("{issuer} does not list one key of the name {}.", key_id.unwrap_or("(none)"));
        return Err(wrong("key_not_listed", message));
    };
    let key = PublicKey::from_jwk(jwk)
        .map_err(|error| wrong("key_malformed", format!("The issuer's key cannot be used: {error}.")))?;
    Ok(FoundKey { controller: Controller::Id(issuer.to_owned()), key, ended: None })
}

/// `https://host/path` has its metadata at `https://host/.well-known/jwt-vc-issuer/path`.
fn url(issuer: &str, scheme: Scheme) -> Result<String, Missing> {
    let unknown = || Missing::Unavailable {
        code: "key_kind_unknown",
        message: format!("The keys of {issuer} cannot be looked up here: it is not an https URL."),
    };
    let (start, rest) = issuer.split_once("://").ok_or_else(unknown)?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let loopback = scheme == Scheme::HttpOnLoopback && matches!(name, "localhost" | "127.0.0.1");
    let plain = !host.is_empty() && !rest.contains(['?', '#', '@', '\\']);
    if !plain || !(start == "https" || start == "http" && loopback) {
        return Err(unknown());
    }
    Ok(format!("{start}://{host}/.well-known/jwt-vc-issuer{}", path.trim_end_matches('/')))
}

fn read(desk: &mut Desk<'_>, url: &str) -> Result<Map<String, Value>, Missing> {
    let bytes = match desk.word(url, Purpose::Keys) {
        Word::Here(bytes) => bytes,
        Word::Elsewhere(message) => {
            return Err(Missing::Unavailable { code: ELSEWHERE, message });
        }
        Word::Refused(reason) => {
            let message = format!("The issuer's keys at {url} could not be read: {reason}.");
            return Err(Missing::Unavailable { code: "key_unavailable", message });
        }
        Word::NotYet => {
            let message = format!("The issuer's keys at {url} have not been fetched yet.");
            return Err(Missing::Unavailable { code: "key_not_fetched", message });
        }
    };
    match document::parse(bytes) {
        Ok(Value::Object(document)) => Ok(document),
        _ => Err(wrong("key_document_malformed", format!("The document at {url} is not a JSON object."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_beside_the_issuer() {
        let check = |issuer: &str, want: Option<&str>| {
            assert_eq!(url(issuer, Scheme::Https).ok().as_deref(), want, "{issuer}");
        };
        check("https://a.example", Some("https://a.example/.well-known/jwt-vc-issuer"));
        check("https://a.example/", Some("https://a.example/.well-known/jwt-vc-issuer"));
        check("https://a.example:8443/b/c", Some("https://a.example:8443/.well-known/jwt-vc-issuer/b/c"));
        for other in ["http://a.example", "http://localhost", "https://", "https://a@b", "a", "https://a?b"] {
            check(other, None);
        }
        assert!(url("http://localhost:80/b", Scheme::HttpOnLoopback).is_ok());
    }
}
