//! Open Badges 2.0, for backpacks that read nothing newer: an Open Badges 3.0 credential told once more as
//! an assertion, a badge class and an issuer (2.0 specification, section 4), hosted or signed.
//!
//! What 2.0 has no place for is left out: results and result descriptions, endorsements (2.0 has
//! others), the status list (see [`BadgeDocuments::revoke`] and [`revocation_list`]), proofs, schemas, refresh service
//! and terms of use; of the award its name, dates other than from when and until when it counts, credits,
//! licence, role, term and source; of the achievement its type, codes, field of study, specialization,
//! credits, creator, other identifiers and related achievements; of an alignment its type; of the issuer its
//! DID, address, office, parent organisation and other identifiers; captions of pictures, and extensions.
//!
//! ```
//! use cairn_credential::check::{Facts, FetchOutcome, Outcome, check};
//! use cairn_credential::open_badge::version_2::{Urls, render};
//! use serde_json::json;
//!
//! let credential = json!({
//!     "type": ["VerifiableCredential", "OpenBadgeCredential"],
//!     "issuer": {"id": "did:web:a.example", "name": "Riverside College",
//!         "url": "https://a.example/", "email": "badges@a.example"},
//!     "validFrom": "2026-01-15T09:00:00Z",
//!     "credentialSubject": {
//!         "identifier": [{"identityType": "emailAddress", "hashed": false, "identityHash": "amy@example.org"}],
//!         "achievement": {"name": "Soils", "description": "Reads soils.",
//!             "image": {"id": "https://a.example/soils.png"}, "criteria": {"narrative": "Dig four pits."}},
//!     },
//! });
//! let urls = Urls {
//!     assertion: "https://a.example/v2/assertions/1",
//!     badge_class: "https://a.example/v2/badges/1",
//!     issuer: "https://a.example/v2/issuer",
//! };
//! let rendered = render(&credential, &urls)?;
//!
//! // Served at these addresses, the badge verifies.
//! let mut facts = Facts::new("2026-06-01T00:00:00Z".parse()?);
//! for document in [&rendered.assertion, &rendered.badge_class, &rendered.issuer] {
//!     let url = document["id"].as_str().unwrap_or_default().to_owned();
//!     facts.documents.insert(url, FetchOutcome::here(document.to_string().into_bytes()));
//! }
//! let report = check(rendered.assertion.to_string().as_bytes(), &facts).report;
//! assert!(report.checks.iter().any(|check| check.check == "proof" && check.outcome == Outcome::Passed));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod documents;
pub(crate) mod pem;
mod signed;

use serde_json::{Map, Value};

pub use signed::{SignError, key_document, revocation_list, sign};

/// The context of every Open Badges 2.0 document.
pub const CONTEXT: &str = "https://w3id.org/openbadges/v2";

/// Where the documents will be served as `application/ld+json`: http or https, all of one host, since
/// verifiers take a hosted badge only from its issuer's host.
#[derive(Debug, Clone, Copy)]
pub struct Urls<'a> {
    /// The assertion: one for each award.
    pub assertion: &'a str,
    /// The badge class: one for each achievement.
    pub badge_class: &'a str,
    /// The issuer: one for each issuer.
    pub issuer: &'a str,
}

/// The three documents of a badge; the `id` of each is the address it is to be served at.
#[derive(Debug, Clone, PartialEq)]
pub struct BadgeDocuments {
    /// The `Assertion`: who was awarded what and when. Its text, or its address, is what is baked.
    pub assertion: Value,
    /// The `BadgeClass`: what was achieved.
    pub badge_class: Value,
    /// The `Issuer`.
    pub issuer: Value,
}

/// Why a credential cannot be told in Open Badges 2.0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Not an Open Badges 3.0 credential.
    #[error("this is not an Open Badges 3.0 credential (OpenBadgeCredential or AchievementCredential)")]
    NotAnOpenBadge,
    /// Open Badges 2.0 requires what the credential does not say.
    #[error("Open Badges 2.0 badges need {0}: fill it in and issue the badge again")]
    Lacks(&'static str),
    /// There are several where 2.0 has room for one.
    #[error("Open Badges 2.0 badges have room for one {0} only, and the credential has several")]
    Several(&'static str),
    /// Not a date and time with a zone.
    #[error("the credential's {0} is not a date and time with a zone, such as 2026-01-15T09:00:00Z")]
    Date(&'static str),
    /// An address nothing can be served at, or on another host than the issuer's.
    #[error("\"{0}\" is no place for a badge: use three http(s) addresses of one host")]
    Address(String),
}

type Members = Map<String, Value>;

/// Tells an Open Badges 3.0 credential (signed or not, its proofs are not looked at) in Open Badges 2.0, as a
/// hosted badge. Of several e-mail addresses the first hashed one counts, or else the first plain one.
pub fn render(credential: &Value, urls: &Urls<'_>) -> Result<BadgeDocuments, RenderError> {
    check_addresses(urls)?;
    let credential = credential.as_object().ok_or(RenderError::NotAnOpenBadge)?;
    let kinds = ["OpenBadgeCredential", "AchievementCredential"];
    if !several(credential.get("type")).iter().any(|kind| kinds.iter().any(|known| kind == known)) {
        return Err(RenderError::NotAnOpenBadge);
    }
    let subject = only(credential.get("credentialSubject"), "credentialSubject")?
        .ok_or(RenderError::Lacks("someone who earned it (credentialSubject)"))?;
    let achievement = only(subject.get("achievement"), "achievement")?
        .ok_or(RenderError::Lacks("what was achieved (credentialSubject.achievement)"))?;
    let issuer = credential.get("issuer").and_then(Value::as_object);
    let issuer = issuer.ok_or(RenderError::Lacks("who issues it, with name, url and email (issuer)"))?;
    Ok(BadgeDocuments {
        assertion: documents::assertion(credential, subject, urls)?,
        badge_class: documents::badge_class(achievement, urls)?,
        issuer: documents::issuer(issuer, urls)?,
    })
}

impl BadgeDocuments {
    /// Takes the badge back. Serve the assertion like this from now on, with the status 410 (Gone); in the
    /// signed form, which travels, only a [`revocation_list`] takes it back.
    pub fn revoke(&mut self, reason: Option<&str>) {
        let Some(assertion) = self.assertion.as_object_mut() else { return };
        assertion.insert("revoked".into(), true.into());
        if let Some(reason) = reason {
            assertion.insert("revocationReason".into(), reason.into());
        }
    }
}

/// Refuses addresses that verifiers would not read, or not believe.
fn check_addresses(urls: &Urls<'_>) -> Result<(), RenderError> {
    let refused = |url: &str| RenderError::Address(url.to_owned());
    let expected = host(urls.issuer).ok_or_else(|| refused(urls.issuer))?;
    for url in [urls.badge_class, urls.assertion] {
        if host(url) != Some(expected) || url == urls.issuer {
            return Err(refused(url));
        }
    }
    if urls.badge_class == urls.assertion { Err(refused(urls.assertion)) } else { Ok(()) }
}

/// Host and port of an address a document can be served at.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    if url.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control()) {
        return None;
    }
    let host = rest.split(['/', '?']).next()?;
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    (plain && !host.is_empty()).then_some(host)
}

/// A value that may be one or a list.
fn several(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The only object of a value that may be one or a list.
fn only<'a>(value: Option<&'a Value>, name: &'static str) -> Result<Option<&'a Members>, RenderError> {
    match several(value) {
        [] => Ok(None),
        [one] => Ok(one.as_object()),
        _ => Err(RenderError::Several(name)),
    }
}
