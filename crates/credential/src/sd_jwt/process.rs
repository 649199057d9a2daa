//! Putting disclosures back where their digests are (RFC 9901, 7.1).

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::disclosure::{Disclosure, Hash};
use super::path::Segment;
use super::{MOST_DEPTH, SdJwtError};

/// The claims with everything that was disclosed.
#[derive(Debug)]
pub(super) struct DisclosedClaims {
    pub claims: Map<String, Value>,
    /// Where the claim of each disclosure stands, in their order.
    pub places: Vec<Vec<Segment>>,
    /// The objects and lists with digests that no disclosure is here for.
    pub kept_back: Vec<Vec<Segment>>,
}

/// Processes a payload. Refused: digests or names that are not what they should be, a digest twice, a
/// disclosure no digest refers to, a claim that is there already.
pub(super) fn process(
    payload: &Map<String, Value>,
    disclosures: &[Disclosure],
) -> Result<DisclosedClaims, SdJwtError> {
    let hash = Hash::of(payload)?;
    let mut by_digest = HashMap::with_capacity(disclosures.len());
    for (number, disclosure) in disclosures.iter().enumerate() {
        if by_digest.insert(hash.digest(&disclosure.text), number).is_some() {
            return Err(SdJwtError::DigestTwice);
        }
    }
    let mut walk = Walk {
        by_digest,
        disclosures,
        seen: HashSet::new(),
        places: vec![None; disclosures.len()],
        path: Vec::new(),
        kept_back: Vec::new(),
    };
    let mut claims = walk.object(payload)?;
    claims.shift_remove("_sd_alg");
    let places: Option<Vec<_>> = walk.places.into_iter().collect();
    let places = places.ok_or(SdJwtError::Unreferenced)?;
    Ok(DisclosedClaims { claims, places, kept_back: walk.kept_back })
}

struct Walk<'a> {
    by_digest: HashMap<String, usize>,
    disclosures: &'a [Disclosure],
    /// Every digest met so far, of a disclosure that is here or not.
    seen: HashSet<String>,
    places: Vec<Option<Vec<Segment>>>,
    path: Vec<Segment>,
    kept_back: Vec<Vec<Segment>>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, value: &Value) -> Result<Value, SdJwtError> {
        // disclosures can nest in disclosures, far deeper than JSON alone may
        if self.path.len() > MOST_DEPTH {
            return Err(SdJwtError::TooDeep);
        }
        Ok(match value {
            Value::Object(map) => Value::Object(self.object(map)?),
            Value::Array(items) => Value::Array(self.list(items)?),
            plain => plain.clone(),
        })
    }

    fn inside(&mut self, segment: Segment, value: &Value) -> Result<Value, SdJwtError> {
        self.path.push(segment);
        let value = self.value(value)?;
        self.path.pop();
        Ok(value)
    }

    fn object(&mut self, map: &Map<String, Value>) -> Result<Map<String, Value>, SdJwtError> {
        let mut out = Map::with_capacity(map.len());
        for (name, value) in map {
            match name.as_str() {
                "_sd" => {}
                "..." => return Err(SdJwtError::Reserved(name.clone())),
                _ => {
                    let value = self.inside(Segment::Name(name.clone()), value)?;
                    out.insert(name.clone(), value);
                }
            }
        }
        let digests = match map.get("_sd") {
            None => return Ok(out),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(SdJwtError::Digests),
        };
        for digest in digests {
            let Some((number, disclosure)) = self.find(digest)? else { continue };
            let name = disclosure.name.as_ref().ok_or(SdJwtError::Disclosure)?;
            if out.contains_key(name) || self.path.is_empty() && name == "_sd_alg" {
                return Err(SdJwtError::Collision(name.clone()));
            }
            let value = self.put_back(number, Segment::Name(name.clone()), &disclosure.value)?;
            out.insert(name.clone(), value);
        }
        Ok(out)
    }

    fn list(&mut self, items: &[Value]) -> Result<Vec<Value>, SdJwtError> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let place = Segment::Index(out.len());
            let Some(digest) = item.get("...") else {
                out.push(self.inside(place, item)?);
                continue;
            };
            if item.as_object().is_none_or(|map| map.len() != 1) {
                return Err(SdJwtError::Digests);
            }
            let Some((number, disclosure)) = self.find(digest)? else { continue };
            if disclosure.name.is_some() {
                return Err(SdJwtError::Disclosure);
            }
            out.push(self.put_back(number, place, &disclosure.value)?);
        }
        Ok(out)
    }

    /// The disclosure a digest refers to, if it is here.
    fn find(&mut self, digest: &Value) -> Result<Option<(usize, &'a Disclosure)>, SdJwtError> {
        let digest = digest.as_str().ok_or(SdJwtError::Digests)?;
        if !self.seen.insert(digest.to_owned()) {
            return Err(SdJwtError::DigestTwice);
        }
        let found = self.by_digest.get(digest).map(|number| (*number, &self.disclosures[*number]));
        if found.is_none() && self.kept_back.last() != Some(&self.path) {
            self.kept_back.push(self.path.clone());
        }
        Ok(found)
    }

    fn put_back(&mut self, number: usize, place: Segment, value: &Value) -> Result<Value, SdJwtError> {
        let mut path = self.path.clone();
        path.push(place.clone());
        self.places[number] = Some(path);
        self.inside(place, value)
    }
}
