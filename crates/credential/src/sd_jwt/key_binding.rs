//! Key bindings: the holder's own signature over what is shown, for one verifier (RFC 9901, 4.3 and 7.3).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::disclosure::Hash;
use super::{SdJwt, SdJwtError};
use crate::jose::{self, Jws, TypeRule};
use crate::key::{KeyPair, PublicKey};

/// How far a holder's clock may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);

/// For whom, and when, a holder shows an SD-JWT.
#[derive(Debug, Clone, Copy)]
pub struct KeyBinding<'a> {
    /// The verifier (`aud`).
    pub audience: &'a str,
    /// What the verifier sent so that this cannot be shown again (`nonce`).
    pub nonce: &'a str,
    /// When it is shown (`iat`); written in whole seconds.
    pub issued: Timestamp,
}

/// What a verifier expects of a key binding.
#[derive(Debug, Clone, Copy)]
pub struct Challenge<'a> {
    /// The verifier itself.
    pub audience: &'a str,
    /// The nonce it sent.
    pub nonce: &'a str,
    /// The time it is.
    pub now: Timestamp,
    /// How old the key binding may be; 5 minutes unless said otherwise.
    pub most_age: SignedDuration,
}

impl<'a> Challenge<'a> {
    /// A challenge to be answered within 5 minutes.
    pub fn new(audience: &'a str, nonce: &'a str, now: Timestamp) -> Self {
        Self { audience, nonce, now, most_age: SignedDuration::from_mins(5) }
    }
}

impl SdJwt {
    /// Adds a key binding with the holder's key, in place of one that is there. If the credential is bound to
    /// a key (`cnf.jwk`), it must be this one.
    pub fn bind(&self, holder: &KeyPair, binding: &KeyBinding<'_>) -> Result<Self, SdJwtError> {
        if self.holder_key().is_some_and(|key| key != Ok(holder.public())) {
            return Err(SdJwtError::NotTheHolder);
        }
        let header = json!({"alg": jose::algorithm(holder.kind()), "typ": "kb+jwt"});
        let mut payload = Map::new();
        payload.insert("iat".into(), binding.issued.as_second().into());
        payload.insert("aud".into(), binding.audience.into());
        payload.insert("nonce".into(), binding.nonce.into());
        payload.insert("sd_hash".into(), Hash::of(&self.jws.payload)?.digest(&self.unbound()).into());
        let key_binding = Some(Jws::parse(&jose::sign(&header, &payload, holder))?);
        Ok(Self { key_binding, ..self.clone() })
    }

    /// Checks the key binding with the key the credential is bound to (see [`Self::holder_key`]): it must be
    /// there, be the key's, be over just what is shown here, and answer the challenge.
    pub fn verify_key_binding(
        &self,
        holder: &PublicKey,
        challenge: &Challenge<'_>,
    ) -> Result<(), SdJwtError> {
        let payload = self.verify_binding_signature(holder)?;
        for (name, wanted) in [("aud", challenge.audience), ("nonce", challenge.nonce)] {
            if payload.get(name).and_then(Value::as_str) != Some(wanted) {
                return Err(SdJwtError::KeyBinding(name));
            }
        }
        let issued = payload.get("iat").and_then(jose::numeric_date);
        let issued = issued.ok_or(SdJwtError::KeyBinding("iat"))?;
        let age = challenge.now.duration_since(issued);
        if age > challenge.most_age || age < -AHEAD {
            return Err(SdJwtError::KeyBinding("iat"));
        }
        Ok(())
    }

    /// Checks the key binding but for what it answers, which only the verifier it was made for knows, and gives
    /// what it says: `aud`, `nonce` and `iat` are there, and still to be compared.
    pub fn verify_binding_signature(&self, holder: &PublicKey) -> Result<&Map<String, Value>, SdJwtError> {
        let binding = self.key_binding.as_ref().ok_or(SdJwtError::NotBound)?;
        binding.verify_typed(holder, TypeRule::Exactly("kb+jwt"))?;
        let hash = Hash::of(&self.jws.payload)?.digest(&self.unbound());
        if binding.payload.get("sd_hash").and_then(Value::as_str) != Some(&hash) {
            return Err(SdJwtError::KeyBinding("sd_hash"));
        }
        for name in ["aud", "nonce"] {
            if !binding.payload.get(name).is_some_and(Value::is_string) {
                return Err(SdJwtError::KeyBinding(name));
            }
        }
        if binding.payload.get("iat").and_then(jose::numeric_date).is_none() {
            return Err(SdJwtError::KeyBinding("iat"));
        }
        Ok(&binding.payload)
    }
}
