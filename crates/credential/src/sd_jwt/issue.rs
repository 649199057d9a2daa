//! Issuing: hiding claims behind digests (RFC 9901, 4.2 and 6).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::disclosure::{Disclosure, Hash};
use super::path::{Path, Segment};
use super::{Format, MOST_DEPTH, MOST_DISCLOSURES, SdJwt, SdJwtError, vc, visible};
use crate::jose::{self, Content, Jws};
use crate::key::{KeyPair, PublicKey};

/// How to issue.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Which specification to follow.
    pub format: Format,
    /// The DID URL (or URL) where verifiers find the key (`kid`).
    pub key_id: Option<&'a str>,
    /// The key of the holder, to be bound to (`cnf`).
    pub holder: Option<&'a PublicKey>,
    /// Where the claims are that the holder may show or keep back. One may be inside another.
    pub disclosable: &'a [Path],
    /// How many digests without a claim to put beside the others in each object that has some, so that
    /// their number says less.
    pub decoys: usize,
}

impl<'a> Options<'a> {
    /// Without key id, holder and decoys.
    pub fn new(format: Format, disclosable: &'a [Path]) -> Self {
        Self { format, key_id: None, holder: None, disclosable, decoys: 0 }
    }
}

/// Signs claims as an SD-JWT with all its disclosures. `salts` gives 16 fresh random bytes at each call: one
/// call a disclosure and decoy; with predictable salts, hidden claims can be guessed. W3C credentials and
/// presentations are checked as [`jose::check_data_model`] says; a `proof` they have is left out. What a
/// verifier must see (issuer, dates, status, whose it is) cannot be made disclosable.
pub fn issue(
    claims: &Value,
    key: &KeyPair,
    options: &Options<'_>,
    salts: &mut dyn FnMut() -> [u8; 16],
) -> Result<SdJwt, SdJwtError> {
    let mut payload = claims.as_object().cloned().ok_or(SdJwtError::NotSdJwt)?;
    if let Some(holder) = options.holder {
        payload.insert("cnf".into(), json!({"jwk": holder.jwk()}));
    }
    let content_type = match options.format {
        Format::Credential => Some(Content::Credential),
        Format::Presentation => Some(Content::Presentation),
        Format::SdJwtVc => None,
    };
    match content_type {
        Some(content) => {
            payload.shift_remove("proof");
            jose::check_data_model(&payload, content)?;
        }
        None => vc::check_claims(&payload)?,
    }
    check_names(&Value::Object(payload.clone()), 0)?;
    if payload.contains_key("_sd_alg") {
        return Err(SdJwtError::Reserved("_sd_alg".into()));
    }
    let places = places(&payload, options.disclosable, options.format)?;
    let mut hider = Hider { salts, decoys: options.decoys, disclosures: Vec::new() };
    let mut payload = Value::Object(payload);
    for place in &places {
        hider.hide(&mut payload, place)?;
    }
    hider.seal(&mut payload);
    let Value::Object(mut payload) = payload else { return Err(SdJwtError::NotSdJwt) };
    if !places.is_empty() {
        payload.insert("_sd_alg".into(), "sha-256".into());
    }
    let mut header = json!({"alg": jose::algorithm(key.kind()), "typ": options.format.typ()});
    if let Some(content) = content_type {
        header["cty"] = content.short().into();
    }
    if let Some(key_id) = options.key_id {
        header["kid"] = key_id.into();
    }
    let jws = Jws::parse(&jose::sign(&header, &payload, key))?;
    Ok(SdJwt { jws, disclosures: hider.disclosures, key_binding: None })
}

/// The places to hide, the inner before the outer.
fn places(
    payload: &Map<String, Value>,
    paths: &[Path],
    format: Format,
) -> Result<Vec<Vec<Segment>>, SdJwtError> {
    let claims = Value::Object(payload.clone());
    let mut all = BTreeSet::new();
    for path in paths {
        let found = path.places(&claims);
        if found.is_empty() {
            return Err(SdJwtError::NoSuchClaim(path.to_string()));
        }
        all.extend(found);
        if all.len() > MOST_DISCLOSURES {
            return Err(SdJwtError::TooLarge);
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    visible::check_issuing(&all, payload, format)?;
    all.sort_by_key(|place| std::cmp::Reverse(place.len()));
    Ok(all)
}

/// Names that stand for digests may not be those of claims.
fn check_names(value: &Value, depth: usize) -> Result<(), SdJwtError> {
    if depth > MOST_DEPTH {
        return Err(SdJwtError::TooDeep);
    }
    match value {
        Value::Object(map) => map.iter().try_for_each(|(name, value)| {
            if matches!(name.as_str(), "_sd" | "...") {
                return Err(SdJwtError::Reserved(name.clone()));
            }
            check_names(value, depth + 1)
        }),
        Value::Array(items) => items.iter().try_for_each(|item| check_names(item, depth + 1)),
        _ => Ok(()),
    }
}

struct Hider<'a> {
    salts: &'a mut dyn FnMut() -> [u8; 16],
    decoys: usize,
    disclosures: Vec<Disclosure>,
}

impl Hider<'_> {
    fn hide(&mut self, value: &mut Value, place: &[Segment]) -> Result<(), SdJwtError> {
        let lost = || SdJwtError::NoSuchClaim(Path(place.to_vec()).to_string());
        let (last, way) = place.split_last().ok_or_else(lost)?;
        let mut parent = value;
        for segment in way {
            parent = match (segment, parent) {
                (Segment::Name(name), Value::Object(map)) => map.get_mut(name),
                (Segment::Index(index), Value::Array(items)) => items.get_mut(*index),
                _ => None,
            }
            .ok_or_else(lost)?;
        }
        match (last, parent) {
            (Segment::Name(name), Value::Object(map)) => {
                let value = map.shift_remove(name).ok_or_else(lost)?;
                let digest = self.disclose(Some(name.clone()), value);
                match map.entry("_sd").or_insert_with(|| Value::Array(Vec::new())) {
                    Value::Array(digests) => digests.push(digest.into()),
                    _ => return Err(SdJwtError::Digests),
                }
            }
            (Segment::Index(index), Value::Array(items)) => {
                let item = items.get_mut(*index).ok_or_else(lost)?;
                let digest = self.disclose(None, item.take());
                *item = json!({"...": digest});
            }
            _ => return Err(lost()),
        }
        Ok(())
    }

    fn disclose(&mut self, name: Option<String>, mut value: Value) -> String {
        self.seal(&mut value);
        let disclosure = Disclosure::new((self.salts)(), name, value);
        let digest = Hash::Sha256.digest(&disclosure.text);
        self.disclosures.push(disclosure);
        digest
    }

    /// Adds decoys, and sorts digests so that they do not tell the order of the claims.
    fn seal(&mut self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::Array(digests)) = map.get_mut("_sd") {
                    for _ in 0..self.decoys {
                        let decoy = Disclosure::new((self.salts)(), None, Value::Null);
                        digests.push(Hash::Sha256.digest(&decoy.text).into());
                    }
                    digests.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
                }
                map.values_mut().for_each(|value| self.seal(value));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.seal(item)),
            _ => {}
        }
    }
}
