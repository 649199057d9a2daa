//! What was handed in as a presentation: JSON with proofs, or signed as a whole as a JWS, SD-JWT or
//! COSE_Sign1 (VC-JOSE-COSE, 3), bare or in an `EnvelopedVerifiablePresentation`.

use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::keys::{self, Hint, Relationship};
use super::member::{several, text};
use super::proofs::{Controllers, Single};
use super::{Check, Outcome};
use crate::cose::{self, Sign1};
use crate::document;
use crate::jose::{self, Content, Envelope, Jws};
use crate::key::PublicKey;
use crate::sd_jwt::{self, SdJwt};

/// The largest presentation that is read.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A presentation as it was handed in.
pub(super) struct PresentationInput {
    pub presentation: Map<String, Value>,
    /// `None` for JSON, which has proofs of its own, or none.
    pub signed: Option<EnvelopeSignature>,
}

impl PresentationInput {
    pub(super) fn form(&self) -> &'static str {
        match &self.signed {
            None => "json",
            Some(EnvelopeSignature { secured: Envelope::Jws(_), .. }) => "jws",
            Some(EnvelopeSignature { secured: Envelope::SdJwt(_), .. }) => "sd_jwt",
            Some(EnvelopeSignature { secured: Envelope::Cose(_), .. }) => "cose",
        }
    }
}

/// A signature over a whole presentation.
pub(super) struct EnvelopeSignature {
    secured: Envelope,
    algorithm: String,
    key_id: Option<String>,
    jwk: Option<Value>,
}

type NotRead = (&'static str, String);

/// Reads a presentation in any form. Nothing is verified.
pub(super) fn read(bytes: &[u8]) -> Result<PresentationInput, NotRead> {
    if bytes.len() > MOST_BYTES {
        return Err(("too_large", "The presentation is larger than 8 MiB.".to_owned()));
    }
    if matches!(bytes, [0xd2, 0x84, ..] | [0x84, ..]) {
        return open(Envelope::Cose(bytes.to_vec()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    if bytes.starts_with(b"{") {
        return read_json(bytes);
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if text.contains('~') {
        return open(Envelope::SdJwt(text.to_owned()));
    }
    if text.split('.').count() == 3 {
        return open(Envelope::Jws(text.to_owned()));
    }
    if let Ok(bytes @ ([0xd2, 0x84, ..] | [0x84, ..])) = cose::from_base64(text).as_deref() {
        return open(Envelope::Cose(bytes.to_vec()));
    }
    Err(("unknown_format", "This is not a presentation: neither JSON, JWS, SD-JWT nor COSE.".to_owned()))
}

fn read_json(bytes: &[u8]) -> Result<PresentationInput, NotRead> {
    let presentation = match document::parse(bytes) {
        Ok(Value::Object(map)) => map,
        Ok(_) => return Err(("not_a_presentation", "This is not a JSON object.".to_owned())),
        Err(error) => return Err(("not_json", format!("The presentation cannot be read: {error}."))),
    };
    let kinds = several(presentation.get("type"));
    if !kinds.iter().any(|kind| kind == "EnvelopedVerifiablePresentation") {
        return Ok(PresentationInput { presentation, signed: None });
    }
    match jose::opened(&Value::Object(presentation)) {
        Ok((Content::Presentation, secured)) => open(secured),
        Ok((Content::Credential, _)) => {
            Err(("envelope_malformed", "The envelope holds a credential, not a presentation.".to_owned()))
        }
        Err(error) => Err(("envelope_malformed", format!("The envelope cannot be opened: {error}."))),
    }
}

fn open(secured: Envelope) -> Result<PresentationInput, NotRead> {
    let malformed =
        |error: String| ("not_a_presentation", format!("The presentation cannot be read: {error}."));
    let of_jws = |jws: &Jws| {
        (jws.algorithm().to_owned(), jws.key_id().map(str::to_owned), jws.header.get("jwk").cloned())
    };
    let (presentation, (algorithm, key_id, jwk)) = match &secured {
        Envelope::Jws(compact) => {
            let jws = Jws::parse(compact).map_err(|error| malformed(error.to_string()))?;
            (jws.presentation().clone(), of_jws(&jws))
        }
        Envelope::SdJwt(text) => {
            let read = SdJwt::parse(text).and_then(|sd_jwt| Ok((sd_jwt.claims()?, of_jws(&sd_jwt.jws))));
            read.map_err(|error| malformed(error.to_string()))?
        }
        Envelope::Cose(bytes) => {
            let sign1 = Sign1::parse(bytes).map_err(|error| malformed(error.to_string()))?;
            let key_id = sign1.key_id().map(str::to_owned);
            (sign1.payload.clone(), (sign1.algorithm(), key_id, None))
        }
    };
    Ok(PresentationInput {
        presentation,
        signed: Some(EnvelopeSignature { secured, algorithm, key_id, jwk }),
    })
}

impl EnvelopeSignature {
    /// Checks the signature, with a key its controller uses for authentication.
    pub(super) fn prove(
        &self,
        desk: &mut Desk<'_>,
        presentation: &Map<String, Value>,
    ) -> (Check, Controllers) {
        let mut controllers = Controllers::default();
        let single = match self.check(desk, presentation) {
            Ok(found) => {
                controllers.proven.push(found);
                let message = "The signature is right: nothing was changed since.";
                Single::new(Outcome::Passed, "proof_valid", message)
            }
            Err(single) => single,
        };
        let check = Check::new("proof", single.outcome, single.code, single.message);
        (check.with(json!({"algorithm": self.algorithm})), controllers)
    }

    fn check(
        &self,
        desk: &mut Desk<'_>,
        presentation: &Map<String, Value>,
    ) -> Result<keys::Controller, Single> {
        if self.algorithm == "none" {
            let message = "The presentation is not signed: it says that its algorithm is \"none\".";
            return Err(Single::failed("unsigned", message));
        }
        let holder = presentation.get("holder").map(|holder| holder.get("id").unwrap_or(holder));
        let hint = Hint {
            key_id: self.key_id.as_deref(),
            jwk: self.jwk.as_ref(),
            issuer: text(presentation.get("iss")).or_else(|| text(holder)),
            metadata: false,
            relationship: Relationship::Authentication,
        };
        let found = keys::find_signer(desk, hint)?;
        if found.ended.is_some_and(|end| desk.facts.now >= end.at) {
            return Err(Single::failed("key_ended", "The presentation's key has been withdrawn."));
        }
        self.verify(&found.key).map_err(|error| {
            Single::failed("signature_invalid", format!("The signature does not hold: {error}."))
        })?;
        jose::check_times(presentation, desk.facts.now).map_err(|error| {
            Single::failed("proof_expired", format!("The signature does not count at this time: {error}."))
        })?;
        Ok(found.controller)
    }

    fn verify(&self, key: &PublicKey) -> Result<(), String> {
        match &self.secured {
            Envelope::Jws(compact) => {
                jose::verify_presentation(compact, key).map(drop).map_err(|error| error.to_string())
            }
            Envelope::SdJwt(text) => {
                sd_jwt::verify_presentation(text, key).map(drop).map_err(|error| error.to_string())
            }
            Envelope::Cose(bytes) => {
                cose::verify_presentation(bytes, key).map(drop).map_err(|error| error.to_string())
            }
        }
    }
}

/// What the claims `aud` and `nonce` say, as a proof says it (OpenID Connect Core, 2; VC-JOSE-COSE, 3).
pub(super) fn claims_as_proof(presentation: &Map<String, Value>) -> Map<String, Value> {
    let mut proof = Map::new();
    proof.insert("proofPurpose".into(), Relationship::Authentication.name().into());
    for (claim, member) in [("aud", "domain"), ("nonce", "challenge")] {
        if let Some(value) = presentation.get(claim) {
            proof.insert(member.into(), value.clone());
        }
    }
    proof
}
