//! An SD-JWT as text: reading, verifying, and choosing what to show.

use std::fmt;

use serde_json::{Map, Value};

use super::disclosure::Disclosure;
use super::path::{Path, Segment};
use super::process::{DisclosedClaims, process};
use super::{Format, MOST_BYTES, MOST_DISCLOSURES, SdJwtError, vc, visible};
use crate::jose::Jws;
use crate::key::{KeyError, PublicKey};

/// An SD-JWT, taken apart. Nothing is verified yet. Its text form is that of RFC 9901, 4.
#[derive(Debug, Clone, PartialEq)]
pub struct SdJwt {
    /// What the issuer signed; digests stand for what may be disclosed.
    pub jws: Jws,
    pub(super) disclosures: Vec<Disclosure>,
    pub(super) key_binding: Option<Jws>,
}

impl SdJwt {
    /// Takes an SD-JWT apart, with a key binding or without.
    pub fn parse(text: &str) -> Result<Self, SdJwtError> {
        if text.len() > MOST_BYTES {
            return Err(SdJwtError::TooLarge);
        }
        let (signed, rest) = text.split_once('~').ok_or(SdJwtError::NotSdJwt)?;
        let (disclosures, binding) = rest.rsplit_once('~').unwrap_or(("", rest));
        if disclosures.bytes().filter(|byte| *byte == b'~').count() >= MOST_DISCLOSURES {
            return Err(SdJwtError::TooLarge);
        }
        let disclosures = match disclosures {
            "" if !rest.contains('~') => Vec::new(),
            some => some.split('~').map(Disclosure::parse).collect::<Result<_, _>>()?,
        };
        let key_binding = if binding.is_empty() { None } else { Some(Jws::parse(binding)?) };
        Ok(Self { jws: Jws::parse(signed)?, disclosures, key_binding })
    }

    /// Checks header and signature with a key that is known to be the issuer's, puts the disclosures in
    /// their places (RFC 9901, 7.1) and gives the claims. Claims that verifiers always need (issuer, dates,
    /// status, whose it is) must not come from a disclosure. For [`Format::SdJwtVc`] the claims' shape is
    /// checked too. Times, status and the key binding are for others to check: [`crate::jose::check_times`],
    /// [`Self::verify_key_binding`].
    pub fn verify(&self, key: &PublicKey, format: Format) -> Result<Map<String, Value>, SdJwtError> {
        self.jws.verify_typed(key, format.rule())?;
        let processed = self.process()?;
        visible::check(&processed.places, &processed.claims, format)?;
        match format {
            Format::Credential | Format::Presentation => {}
            Format::SdJwtVc => vc::check_claims(&processed.claims)?,
        }
        Ok(processed.claims)
    }

    /// The claims with what is disclosed. The signature is not verified: this is for holders, and for
    /// finding out which key to verify with.
    pub fn claims(&self) -> Result<Map<String, Value>, SdJwtError> {
        Ok(self.process()?.claims)
    }

    /// Where something is kept back, or seems to be.
    pub(crate) fn kept_back(&self) -> Result<visible::KeptBack, SdJwtError> {
        Ok(visible::KeptBack(self.process()?.kept_back))
    }

    /// Where the claims are that the holder may show or keep back.
    pub fn disclosable(&self) -> Result<Vec<Path>, SdJwtError> {
        Ok(self.process()?.places.into_iter().map(Path).collect())
    }

    /// The key the credential is bound to (`cnf.jwk`, RFC 7800); `None` if it names none in this form.
    pub fn holder_key(&self) -> Option<Result<PublicKey, KeyError>> {
        let jwk = self.jws.payload.get("cnf")?.get("jwk")?;
        Some(PublicKey::from_jwk(jwk))
    }

    /// The key binding that came along, not verified.
    pub fn key_binding(&self) -> Option<&Jws> {
        self.key_binding.as_ref()
    }

    /// The SD-JWT with only the disclosures that show what is at these paths: what leads there, and all
    /// that is inside. Paths are those of [`Self::claims`]. A key binding is dropped.
    pub fn present(&self, paths: &[Path]) -> Result<Self, SdJwtError> {
        let DisclosedClaims { claims, places, .. } = self.process()?;
        let claims = Value::Object(claims);
        if let Some(lost) = paths.iter().find(|path| path.places(&claims).is_empty()) {
            return Err(SdJwtError::NoSuchClaim(lost.to_string()));
        }
        let shown = |place: &[Segment]| paths.iter().any(|path| path.on_the_way_of(place));
        let disclosures = self.disclosures.iter().zip(&places);
        let disclosures = disclosures.filter(|(_, place)| shown(place)).map(|(one, _)| one.clone());
        Ok(Self { jws: self.jws.clone(), disclosures: disclosures.collect(), key_binding: None })
    }

    pub(super) fn process(&self) -> Result<DisclosedClaims, SdJwtError> {
        process(&self.jws.payload, &self.disclosures)
    }

    /// The text without the key binding, which is what the key binding signs.
    pub(super) fn unbound(&self) -> String {
        let mut text = self.jws.compact();
        text.push('~');
        for disclosure in &self.disclosures {
            text.push_str(&disclosure.text);
            text.push('~');
        }
        text
    }
}

impl fmt::Display for SdJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.unbound())?;
        self.key_binding.as_ref().map_or(Ok(()), |binding| f.write_str(&binding.compact()))
    }
}
