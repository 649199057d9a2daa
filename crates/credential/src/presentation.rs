//! Verifiable presentations: what a holder hands to a verifier (W3C VC Data Model 2.0, 4.13).
//!
//! ```
//! use cairn_credential::check::{Check, VerifierRequest, Facts, Outcome, check_presentation};
//! use cairn_credential::key::SigningKey;
//! use cairn_credential::presentation::Presentation;
//! use cairn_credential::proof::{self, ProofOptions};
//!
//! let key = SigningKey::from_seed(&[7; 32]);
//! let now = "2026-01-15T09:00:00Z".parse()?;
//! let mut document = Presentation::new().holder(&key.did_key())?.to_value();
//! let method = format!("{}#{}", key.did_key(), key.public().multibase());
//! proof::sign(&mut document, &key, &ProofOptions::authentication(&method, now, "c-1", "verifier.example"))?;
//!
//! let expected = VerifierRequest { challenge: Some("c-1".into()), domain: Some("verifier.example".into()) };
//! let checked = check_presentation(document.to_string().as_bytes(), &Facts::new(now), &expected);
//! // nothing is presented yet; all else is in order
//! let in_order = |check: &Check| check.outcome == Outcome::Passed || check.check == "presented";
//! assert!(checked.report.checks.iter().all(in_order));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value, json};

use crate::document::ENVELOPED;
use crate::rdf::is_absolute_iri;

const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
const KIND: &str = "VerifiablePresentation";

/// Why a presentation cannot be made like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresentationError {
    /// An id that is not a URL.
    #[error("\"{0}\" is not a URL or DID: the ids of presentations and holders are")]
    NotAUrl(String),
    /// Something else than a credential.
    #[error("a presentation holds whole credentials, or credentials in envelopes: objects of these types")]
    NotACredential,
    /// A credential in an envelope needs a media type and a text without white space.
    #[error(
        "an envelope needs a media type such as \"application/vc+jwt\" and the secured credential's text"
    )]
    NotAnEnvelope,
    /// A context is a URL or an object.
    #[error("a context is a URL or an object")]
    NotAContext,
    /// A document that is not a presentation of VC Data Model 2.0.
    #[error("this is not a presentation: its member \"{0}\" is missing or wrong")]
    NotAPresentation(&'static str),
}

/// A presentation that is being put together. Unsigned: sign its [`Self::to_value`] with
/// [`crate::proof::sign`] and [`crate::proof::ProofOptions::authentication`].
#[derive(Debug, Clone, PartialEq)]
pub struct Presentation {
    context: Vec<Value>,
    id: Option<String>,
    types: Vec<String>,
    holder: Option<Value>,
    credentials: Vec<Value>,
    /// Other members; their terms need a context.
    extra: Map<String, Value>,
}

impl Default for Presentation {
    fn default() -> Self {
        Self::new()
    }
}

impl Presentation {
    /// A presentation of nothing, by nobody in particular.
    pub fn new() -> Self {
        Self {
            context: vec![CONTEXT.into()],
            id: None,
            types: vec![KIND.to_owned()],
            holder: None,
            credentials: Vec::new(),
            extra: Map::new(),
        }
    }

    /// Gives it an id: a URL or `urn:uuid:`.
    pub fn id(mut self, id: &str) -> Result<Self, PresentationError> {
        self.id = Some(url(id)?);
        Ok(self)
    }

    /// Says who presents: a DID or URL, which the proof's key must belong to.
    pub fn holder(mut self, id: &str) -> Result<Self, PresentationError> {
        self.holder = Some(url(id)?.into());
        Ok(self)
    }

    /// Says who presents, and more about them. `members` are the object's members besides `id`.
    pub fn holder_with(mut self, id: &str, members: Map<String, Value>) -> Result<Self, PresentationError> {
        let mut holder = Map::new();
        holder.insert("id".into(), url(id)?.into());
        holder.extend(members.into_iter().filter(|(name, _)| name != "id"));
        self.holder = Some(Value::Object(holder));
        Ok(self)
    }

    /// Adds a context: a URL, or an object with definitions.
    pub fn context(mut self, context: Value) -> Result<Self, PresentationError> {
        let good = context.is_object() || context.as_str().is_some_and(is_absolute_iri);
        if !good {
            return Err(PresentationError::NotAContext);
        }
        self.context.push(context);
        Ok(self)
    }

    /// Adds a type; some context must define it.
    pub fn also(mut self, kind: &str) -> Self {
        if !self.types.iter().any(|known| known == kind) {
            self.types.push(kind.to_owned());
        }
        self
    }

    /// Adds a whole credential, with the proof it has, or an `EnvelopedVerifiableCredential`.
    pub fn credential(mut self, credential: Value) -> Result<Self, PresentationError> {
        if !is_entry(&credential) {
            return Err(PresentationError::NotACredential);
        }
        self.credentials.push(credential);
        Ok(self)
    }

    /// Adds a credential that is secured as a whole, such as a compact JWS. `media_type`: of its form,
    /// such as `application/vc+jwt`.
    pub fn enveloped(mut self, media_type: &str, text: &str) -> Result<Self, PresentationError> {
        let plain = |text: &str, also: &[u8]| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || also.contains(&b))
        };
        if !plain(media_type, b"/+.-;=") || !media_type.contains('/') || !plain(text, b"+/=-._~") {
            return Err(PresentationError::NotAnEnvelope);
        }
        let id = format!("data:{media_type},{text}");
        self.credentials.push(json!({"@context": CONTEXT, "id": id, "type": ENVELOPED}));
        Ok(self)
    }

    /// The JSON document, ready to be signed.
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("@context".into(), self.context.clone().into());
        if let Some(id) = &self.id {
            map.insert("id".into(), id.clone().into());
        }
        map.insert("type".into(), self.types.clone().into());
        if let Some(holder) = &self.holder {
            map.insert("holder".into(), holder.clone());
        }
        if !self.credentials.is_empty() {
            map.insert("verifiableCredential".into(), self.credentials.clone().into());
        }
        map.extend(self.extra.clone());
        Value::Object(map)
    }

    /// Reads a presentation of VC Data Model 2.0. A proof it has is kept.
    pub fn from_value(document: &Value) -> Result<Self, PresentationError> {
        let wrong = PresentationError::NotAPresentation;
        let mut map = document.as_object().cloned().ok_or(wrong("@context"))?;
        let mut take = |name: &str| match map.shift_remove(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(one) => vec![one],
        };
        let mut contexts = take("@context").into_iter();
        let mut read = Self::new();
        if contexts.next().is_none_or(|first| first != CONTEXT) {
            return Err(wrong("@context"));
        }
        for context in contexts {
            read = read.context(context)?;
        }
        let types: Option<Vec<String>> =
            take("type").into_iter().map(|kind| kind.as_str().map(str::to_owned)).collect();
        read.types = types.filter(|types| types.iter().any(|kind| kind == KIND)).ok_or(wrong("type"))?;
        for credential in take("verifiableCredential") {
            read = read.credential(credential)?;
        }
        if let Some(id) = map.shift_remove("id") {
            read = read.id(id.as_str().ok_or(wrong("id"))?)?;
        }
        read = match map.shift_remove("holder") {
            None => read,
            Some(Value::String(id)) => read.holder(&id)?,
            Some(Value::Object(holder)) => {
                let id = holder.get("id").and_then(Value::as_str).ok_or(wrong("holder"))?.to_owned();
                read.holder_with(&id, holder)?
            }
            Some(_) => return Err(wrong("holder")),
        };
        read.extra = map;
        Ok(read)
    }
}

fn url(text: &str) -> Result<String, PresentationError> {
    if is_absolute_iri(text) { Ok(text.to_owned()) } else { Err(PresentationError::NotAUrl(text.to_owned())) }
}

/// True for objects that can stand in `verifiableCredential`.
fn is_entry(value: &Value) -> bool {
    let Some(map) = value.as_object() else { return false };
    let is = |wanted: &str| match map.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        Some(kind) => kind == wanted,
        None => false,
    };
    is("VerifiableCredential") || is(ENVELOPED) && open_envelope(map).is_some()
}

/// What is in an envelope: the bytes of the `data:` URL (RFC 2397) that is its id.
pub(crate) fn open_envelope(envelope: &Map<String, Value>) -> Option<Vec<u8>> {
    let rest = envelope.get("id")?.as_str()?.strip_prefix("data:")?;
    let (media_type, data) = rest.split_once(',')?;
    if media_type.split(';').skip(1).any(|parameter| parameter.eq_ignore_ascii_case("base64")) {
        let forgiving = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let data: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        return GeneralPurpose::new(&alphabet::STANDARD, forgiving).decode(data).ok();
    }
    percent_decode(data)
}

/// The bytes of a text with `%41`; `None` if a `%` is not followed by two digits.
pub(crate) fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || bytes.next().and_then(|digit| (digit as char).to_digit(16));
            out.push((digit()? * 16 + digit()?) as u8);
        } else {
            out.push(byte);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_cannot_be_put_in() {
        let new = Presentation::new;
        assert!(matches!(new().id("one"), Err(PresentationError::NotAUrl(_))));
        assert!(matches!(new().holder("z6Mk"), Err(PresentationError::NotAUrl(_))));
        for wrong in
            [json!("eyJ"), json!(1), json!({}), json!({"type": "Profile"}), json!({"type": ENVELOPED})]
        {
            assert_eq!(new().credential(wrong), Err(PresentationError::NotACredential));
        }
        assert_eq!(new().enveloped("application/vc+jwt", "a b"), Err(PresentationError::NotAnEnvelope));
        assert_eq!(new().enveloped("jwt,", "a"), Err(PresentationError::NotAnEnvelope));
        assert_eq!(new().context(json!(1)), Err(PresentationError::NotAContext));
    }

    #[test]
    fn presentations_go_round() {
        let members = json!({"name": "Amy"}).as_object().unwrap().clone();
        let full = Presentation::new()
            .id("urn:uuid:9c9a36f8-518f-4976-a934-6649502d0008")
            .and_then(|presentation| presentation.holder_with("did:example:amy", members))
            .and_then(|presentation| {
                presentation.context(json!("https://www.w3.org/ns/credentials/examples/v2"))
            })
            .and_then(|presentation| presentation.credential(json!({"type": ["VerifiableCredential"]})))
            .and_then(|presentation| presentation.enveloped("application/vc+jwt", "a.b.c"))
            .unwrap()
            .also("ExamplePresentation");
        for presentation in [Presentation::new(), full] {
            assert_eq!(Presentation::from_value(&presentation.to_value()), Ok(presentation));
        }
        for (name, wrong) in
            [("@context", json!([])), ("type", json!("x")), ("holder", json!(1)), ("id", json!(1))]
        {
            let mut document = Presentation::new().to_value();
            document[name] = wrong;
            assert!(Presentation::from_value(&document).is_err(), "{name}");
        }
    }

    #[test]
    fn envelopes_open() {
        let open = |id: &str| open_envelope(json!({"id": id}).as_object().unwrap());
        assert_eq!(open("data:application/vc+jwt,a.b.c"), Some(b"a.b.c".to_vec()));
        assert_eq!(open("data:application/vc+jwt,a%2Eb"), Some(b"a.b".to_vec()));
        assert_eq!(open("data:application/vc+cose;base64,AAE="), Some(vec![0, 1]));
        assert_eq!(open("data:application/vc+cose;base64,AA\nE"), Some(vec![0, 1]));
        for wrong in ["https://a.example", "data:x", "data:;base64,!", "data:,%4", "data:,%zz"] {
            assert_eq!(open(wrong), None, "{wrong}");
        }
    }
}
