//! Signing the badges of a batch: what they share is expanded and
//! canonicalised once.

use super::document::{Facts, Template, identity_hash, stamp};
use super::key::Signer;
use anyhow::Result;
use cairn_credential::proof::{self, ProofOptions};
use jiff::Timestamp;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Preparing costs about as much as signing three badges one by one.
const LEAST: usize = 8;

/// Texts that differ between the badges of a batch, in the order of [`values`].
const SLOTS: [&str; 7] = [
    "/id",
    "/validFrom",
    "/credentialSubject/identifier/0/identityHash",
    "/credentialSubject/identifier/0/salt",
    "/credentialStatus/id",
    "/credentialStatus/statusListIndex",
    "/credentialStatus/statusListCredential",
];
const NAME: &str = "/credentialSubject/identifier/1/identityHash";
const UNTIL: &str = "/validUntil";

/// Which members a badge has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    has_name: bool,
    ends: bool,
}

/// Signs badges of one version.
pub struct Batch<'a> {
    template: &'a Template,
    signer: &'a Signer,
    now: Timestamp,
    is_worth_it: bool,
    prepared: HashMap<Shape, proof::Template>,
}

impl<'a> Batch<'a> {
    /// For so many badges.
    pub fn new(template: &'a Template, signer: &'a Signer, now: Timestamp, badges: usize) -> Self {
        Self { template, signer, now, is_worth_it: badges >= LEAST, prepared: HashMap::new() }
    }

    /// The signed badge as JSON text.
    pub fn sign(&mut self, facts: &Facts<'_>) -> Result<String> {
        let options = ProofOptions::new(&self.signer.method, self.now);
        let is_like_others = facts.outcomes.is_empty() && facts.evidence.is_empty();
        if !self.is_worth_it || !is_like_others {
            let mut document = self.template.document(facts);
            proof::sign(&mut document, &self.signer.key, &options)?;
            return Ok(document.to_string());
        }
        let shape = Shape { has_name: !facts.recipient.name.is_empty(), ends: facts.until.is_some() };
        let prepared = match self.prepared.entry(shape) {
            Entry::Occupied(prepared) => prepared.into_mut(),
            Entry::Vacant(place) => {
                let mut slots = SLOTS.to_vec();
                slots.extend(shape.has_name.then_some(NAME));
                slots.extend(shape.ends.then_some(UNTIL));
                place.insert(proof::Template::new(&self.template.document(facts), &slots, &options)?)
            }
        };
        let values = values(facts);
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        Ok(prepared.sign(&values, &self.signer.key)?)
    }
}

/// The values of [`SLOTS`], and of [`NAME`] and [`UNTIL`] where they are there.
fn values(facts: &Facts<'_>) -> Vec<String> {
    let mut values = vec![
        facts.address.clone(),
        stamp(facts.from),
        identity_hash(facts.recipient),
        facts.recipient.salt.clone(),
        facts.status_entry(),
        facts.status_index.to_string(),
        facts.status_list.clone(),
    ];
    values.extend((!facts.recipient.name.is_empty()).then(|| facts.recipient.name.clone()));
    values.extend(facts.until.map(stamp));
    values
}

#[cfg(test)]
mod tests {
    use super::super::document::{Issuer, Recipient, Version};
    use super::*;
    use cairn_credential::key::SigningKey;
    use cairn_domain::achievement::{Definition, Field, Programme};
    use serde_json::Value;

    #[test]
    fn a_badge_of_a_batch_is_the_same_as_one_alone() {
        let key = SigningKey::from_seed(&[7; 32]);
        let signer =
            Signer { method: format!("{0}#{1}", key.did_key(), key.public().multibase()), key: key.into() };
        let issuer = Issuer {
            did: signer.key.did_key(),
            name: "Riverside \"College\"".into(),
            url: "https://college.example".into(),
            email: String::new(),
            description: String::new(),
        };
        let definition = Definition::draft("en", "Soils", Programme::Course, Field::Healthcare);
        let version = Version { key: "north.soils".into(), number: 1, id: "v".into(), definition };
        let template = Template::new("https://badges.example", &issuer, version);
        let now: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        let (mut alone, mut together) =
            (Batch::new(&template, &signer, now, 1), Batch::new(&template, &signer, now, LEAST));
        for number in 0..12_i64 {
            let name = ["", "Zoë \"Z\" \\ Müller\n"][usize::from(number % 3 > 0)].to_owned();
            let recipient =
                Recipient { name, address: format!("p{number}@people.example"), salt: format!("{number:x}") };
            let facts = Facts {
                address: format!("https://badges.example/c/{number}"),
                recipient: &recipient,
                from: now,
                until: (number % 2 == 0).then_some(now),
                status_list: format!("https://badges.example/status/{}", number / 5),
                status_index: number * 1000,
                outcomes: &[],
                evidence: &[],
            };
            let (alone, together) = (alone.sign(&facts).unwrap(), together.sign(&facts).unwrap());
            let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(read(&alone), read(&together));
            let document = read(&together);
            proof::verify(&document, &document["proof"][0], &signer.key.public()).unwrap();
        }
        assert_eq!((alone.prepared.len(), together.prepared.len()), (0, 4));
    }
}
