//! Finding the key a proof names. A key is always looked up in its controller's document and must stand
//! there for what the proof is for (`assertionMethod`, `authentication`); a fragment that looks like a key is never taken for the key itself, since anyone
//! could write `issuer#their-own-key`.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::desk::{Desk, ELSEWHERE, Word, fetchable};
use super::member::{several, text};
use super::{Purpose, metadata};
use crate::did::{self, Scheme};
use crate::document;
use crate::jiff_time::parse_date_time_stamp;
use crate::key::{KeyError, PublicKey};

/// The most methods of a document that a key is compared with.
const MOST_METHODS: usize = 100;

/// What a controller lets a key be used for (CID 1.0, 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relationship {
    /// To sign credentials.
    AssertionMethod,
    /// To sign presentations.
    Authentication,
}

impl Relationship {
    /// The member of the controller's document; also the proof's purpose.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AssertionMethod => "assertionMethod",
            Self::Authentication => "authentication",
        }
    }

    fn missing(self, controller: &str, method: &str) -> Missing {
        match self {
            Self::AssertionMethod => {
                let message =
                    format!("{controller} does not let the key {method} sign credentials (assertionMethod).");
                wrong("key_not_for_assertions", message)
            }
            Self::Authentication => {
                let message = format!(
                    "{controller} does not let the key {method} sign presentations (authentication)."
                );
                wrong("key_not_for_authentication", message)
            }
        }
    }
}

/// A key that may be used for its controller.
#[derive(Debug)]
pub(super) struct FoundKey {
    pub controller: Controller,
    pub key: PublicKey,
    /// Proofs made from then on do not count.
    pub ended: Option<End>,
}

/// When a key ended, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// The earlier of `revoked` and `expires`.
    pub at: Timestamp,
    /// True if it was `revoked`: then that a proof is from before is only the signer's word.
    pub revoked: bool,
}

/// Who controls a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Controller {
    /// Who lists it in its document.
    Id(String),
    /// A bare JWK, at a URL of this origin (`https://host`) that is the site's own to fill (`/.well-known/`).
    Origin(String),
    /// A bare JWK at any other URL of this origin: many sites let others place files there.
    Beside(String),
    /// A key that came with the signature; it may call itself any of these.
    Own([String; 2]),
}

impl Controller {
    /// True if this is the issuer with this id.
    pub(super) fn is(&self, issuer: &str) -> bool {
        match self {
            Self::Id(id) => id == issuer,
            Self::Origin(origin) | Self::Beside(origin) => issuer
                .strip_prefix(origin.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            Self::Own(ids) => ids.iter().any(|id| id == issuer),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Id(name) | Self::Origin(name) | Self::Beside(name) | Self::Own([name, _]) => name,
        }
    }
}

/// Why there is no key.
#[derive(Debug)]
pub(super) enum Missing {
    /// Not fetched yet, or not to be had.
    Unavailable { code: &'static str, message: String },
    /// The documents are there and say no.
    Wrong { code: &'static str, message: String },
}

fn wrong(code: &'static str, message: impl Into<String>) -> Missing {
    Missing::Wrong { code, message: message.into() }
}

/// The key behind a verification method's URL, which may make assertions.
pub(super) fn find(desk: &mut Desk<'_>, method: &str) -> Result<FoundKey, Missing> {
    find_for(desk, method, Relationship::AssertionMethod)
}

/// The key behind a verification method's URL, which may be used like this.
pub(super) fn find_for(
    desk: &mut Desk<'_>,
    method: &str,
    relationship: Relationship,
) -> Result<FoundKey, Missing> {
    let (controller, fragment) = match method.split_once('#') {
        Some((controller, fragment)) => (controller, Some(fragment)),
        None => (method, None),
    };
    if controller.starts_with("did:key:") {
        return find_in_did_key(controller, fragment);
    }
    if controller.starts_with("did:jwk:") {
        return find_in_did_jwk(controller, fragment);
    }
    if fragment.is_none_or(str::is_empty) && controller.starts_with("did:") {
        let message = format!("The proof names {method} as its key, which is not the address of one key.");
        return Err(wrong("key_malformed", message));
    }
    let url = document_url(controller, desk.facts.scheme)?;
    let document = key_document(desk, &url)?;
    if let Some(key) = bare_jwk(&document, method) {
        let origin =
            origin(&url).ok_or_else(|| wrong("key_malformed", "The key's address has no origin."))?;
        let is_the_sites = url[origin.len()..].starts_with("/.well-known/") && !url.contains("..");
        let controller = if is_the_sites { Controller::Origin(origin) } else { Controller::Beside(origin) };
        return Ok(FoundKey { controller, key: usable(key)?, ended: None });
    }
    find_in(&document, controller, method, relationship)
}

/// A document with keys.
fn key_document(desk: &mut Desk<'_>, url: &str) -> Result<Map<String, Value>, Missing> {
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

/// The JWK a document is, or the one of a JWK Set whose `kid` is the method or its fragment.
fn bare_jwk(document: &Map<String, Value>, method: &str) -> Option<Result<PublicKey, KeyError>> {
    if document.contains_key("kty") {
        return Some(PublicKey::from_jwk(&Value::Object(document.clone())));
    }
    let keys = document.get("keys")?.as_array()?;
    let fragment = method.split_once('#').map_or(method, |(_, fragment)| fragment);
    let named = |key: &&Value| text(key.get("kid")).is_some_and(|kid| kid == method || kid == fragment);
    Some(keys.iter().find(named).map_or(Err(KeyError::Jwk("kid")), PublicKey::from_jwk))
}

/// `https://host:port` of a URL.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    Some(format!("{scheme}://{}", rest.split(['/', '?', '#']).next()?))
}

/// What a signature says about its key.
#[derive(Clone, Copy)]
pub(super) struct Hint<'a> {
    /// `kid`: the address of the key, or its name among the issuer's.
    pub key_id: Option<&'a str>,
    /// `jwk`: the key itself.
    pub jwk: Option<&'a Value>,
    /// Who is said to have signed.
    pub issuer: Option<&'a str>,
    /// True if the keys of an https issuer are in its metadata (SD-JWT VC, 3), not in a document at its id.
    pub metadata: bool,
    /// What the key has to be for.
    pub relationship: Relationship,
}

/// The key of a signature over a whole credential. A `kid` that is not an address is looked for among the
/// keys of the issuer.
pub(super) fn find_signer(desk: &mut Desk<'_>, hint: Hint<'_>) -> Result<FoundKey, Missing> {
    let find = |desk: &mut Desk<'_>, method: &str| find_for(desk, method, hint.relationship);
    let is_address = |key_id: &str| key_id.starts_with("did:") || key_id.contains("://");
    let web_issuer = hint.issuer.filter(|_| hint.metadata).filter(|issuer| !issuer.starts_with("did:"));
    match (hint.key_id, hint.jwk, hint.issuer) {
        (Some(key_id), _, _) if is_address(key_id) => find(desk, key_id),
        (None, Some(jwk), Some(issuer)) => brought_along_by(desk, jwk, issuer, hint.relationship),
        (None, Some(jwk), None) => brought_along(jwk),
        (key_id, _, _) if let Some(issuer) = web_issuer => metadata::find(desk, issuer, key_id),
        (Some(key_id), _, Some(issuer)) if is_address(issuer) => {
            let issuer = issuer.split_once('#').map_or(issuer, |(before, _)| before);
            find(desk, &format!("{issuer}#{}", key_id.trim_start_matches('#')))
        }
        (Some(key_id), _, _) => find(desk, key_id),
        (None, None, Some(issuer)) if issuer.starts_with("did:key:") || issuer.starts_with("did:jwk:") => {
            find(desk, issuer)
        }
        (None, None, _) => {
            Err(wrong("proof_malformed", "The signature does not say which key made it (kid or jwk)."))
        }
    }
}

/// The key a JWS brings along (`jwk`). It says nothing about who made it, unless the issuer is the key.
pub(super) fn brought_along(jwk: &Value) -> Result<FoundKey, Missing> {
    let key = usable(PublicKey::from_jwk(jwk))?;
    let controller = Controller::Own([key.did_key(), did::jwk_did(&key)]);
    Ok(FoundKey { controller, key, ended: None })
}

/// The key a JWS brings along, which is the issuer's if it stands in the issuer's own document (Open Badges
/// 3.0, 8.2.1: a `jwk` in the header, and keys in the profile).
fn brought_along_by(
    desk: &mut Desk<'_>,
    jwk: &Value,
    issuer: &str,
    relationship: Relationship,
) -> Result<FoundKey, Missing> {
    let found = brought_along(jwk)?;
    let elsewhere = issuer.starts_with("did:web:") || fetchable(issuer, desk.facts.scheme);
    if !elsewhere || found.controller.is(issuer) {
        return Ok(found);
    }
    let url = document_url(issuer, desk.facts.scheme)?;
    let document = key_document(desk, &url)?;
    match method_of(&document, &found.key) {
        Some(method) if method.starts_with('#') => {
            find_in(&document, issuer, &format!("{issuer}{method}"), relationship)
        }
        Some(method) => find_in(&document, issuer, method, relationship),
        None => Ok(found),
    }
}

/// The id of the method in a document that has this key.
fn method_of<'a>(document: &'a Map<String, Value>, key: &PublicKey) -> Option<&'a str> {
    let thumbprint = key.thumbprint();
    let listed = ["verificationMethod", "assertionMethod", "authentication"];
    let mut methods = listed.iter().flat_map(|name| several(document.get(*name))).take(MOST_METHODS);
    let same = |method: &&Value| public_key(method).is_ok_and(|known| known.thumbprint() == thumbprint);
    methods.find(same).and_then(|method| text(method.get("id")))
}

fn usable(key: Result<PublicKey, KeyError>) -> Result<PublicKey, Missing> {
    key.map_err(|error| match error {
        KeyError::UnsupportedKind => Missing::Unavailable {
            code: "key_kind_unknown",
            message: "The proof's key is of a kind that cannot be used here.".to_owned(),
        },
        other => wrong("key_malformed", format!("The proof's key cannot be used: {other}.")),
    })
}

fn find_in_did_jwk(did: &str, fragment: Option<&str>) -> Result<FoundKey, Missing> {
    if fragment.is_some_and(|fragment| fragment != "0") {
        return Err(wrong("key_malformed", "The proof's key is not the one its did:jwk stands for."));
    }
    let key = match did::jwk_key(did) {
        Ok(key) => Ok(key),
        Err(did::DidError::Key(error)) => Err(error),
        Err(error) => {
            return Err(wrong("key_malformed", format!("The proof's key cannot be used: {error}.")));
        }
    };
    Ok(FoundKey { controller: Controller::Id(did.to_owned()), key: usable(key)?, ended: None })
}

fn document_url(controller: &str, scheme: Scheme) -> Result<String, Missing> {
    if controller.starts_with("did:web:") {
        let malformed =
            |error: did::DidError| wrong("key_malformed", format!("The key cannot be found: {error}."));
        return did::web_document_url_over(controller, scheme).map_err(malformed);
    }
    if fetchable(controller, scheme) {
        return Ok(controller.to_owned());
    }
    let message = format!("Keys like {controller} are of a kind that cannot be looked up here.");
    Err(Missing::Unavailable { code: "key_kind_unknown", message })
}

fn find_in_did_key(did: &str, fragment: Option<&str>) -> Result<FoundKey, Missing> {
    let text = did.trim_start_matches("did:key:");
    if fragment.is_some_and(|fragment| fragment != text) {
        return Err(wrong("key_malformed", "The proof's key is not the one its did:key stands for."));
    }
    let key = usable(PublicKey::from_multibase(text))?;
    Ok(FoundKey { controller: Controller::Id(did.to_owned()), key, ended: None })
}

/// Finds a method in its controller's document, and among those for this relationship.
fn find_in(
    document: &Map<String, Value>,
    controller: &str,
    method: &str,
    relationship: Relationship,
) -> Result<FoundKey, Missing> {
    if text(document.get("id")) != Some(controller) {
        let message = format!("The document that should be about {controller} is about something else.");
        return Err(wrong("key_document_mismatch", message));
    }
    let is_method =
        |id: &str| id == method || id.starts_with('#') && method.strip_prefix(controller) == Some(id);
    let named = |value: &&Value| text(value.get("id")).is_some_and(is_method);
    let related = several(document.get(relationship.name()));
    let embedded = related.iter().find(named);
    let listed = several(document.get("verificationMethod")).iter().find(named);
    let Some(found) = embedded.or(listed) else {
        let message = format!("{controller} does not list the key {method}.");
        return Err(wrong("key_not_listed", message));
    };
    if embedded.is_none() && !related.iter().any(|value| value.as_str().is_some_and(is_method)) {
        return Err(relationship.missing(controller, method));
    }
    if text(found.get("controller")) != Some(controller) {
        let message = format!("The key {method} is listed by {controller}, but controlled by somebody else.");
        return Err(wrong("key_controller_mismatch", message));
    }
    Ok(FoundKey {
        controller: Controller::Id(controller.to_owned()),
        key: public_key(found)?,
        ended: ended(found)?,
    })
}

fn public_key(method: &Value) -> Result<PublicKey, Missing> {
    usable(match (text(method.get("publicKeyMultibase")), method.get("publicKeyJwk")) {
        (Some(multibase), _) => PublicKey::from_multibase(multibase),
        (None, Some(jwk)) => PublicKey::from_jwk(jwk),
        (None, None) => Err(KeyError::UnsupportedKind),
    })
}

/// When a key ended: the earlier of `revoked` and `expires`.
fn ended(method: &Value) -> Result<Option<End>, Missing> {
    let mut ended: Option<End> = None;
    for (member, revoked) in [("revoked", true), ("expires", false)] {
        let Some(value) = method.get(member) else { continue };
        let at = value.as_str().and_then(parse_date_time_stamp);
        let at = at.ok_or_else(|| wrong("key_malformed", format!("The key's {member} is not a time.")))?;
        ended = Some(ended.map_or(End { at, revoked }, |before| End { at: before.at.min(at), ..before }));
    }
    Ok(ended)
}
