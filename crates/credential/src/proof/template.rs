//! Many credentials that differ in a few places: what does not change is done once.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ProofOptions, SignError, Suite, configuration, hash};
use crate::key::SigningKey;
use crate::rdf::{HashAlgorithm, PreparedDataset, stand_in};

/// A credential with slots, expanded and canonicalised as far as it stays the same.
#[derive(Debug, Clone)]
pub struct Template {
    prepared: PreparedDataset,
    /// The hash of the proof's configuration, which all credentials of the batch share.
    configuration: [u8; 32],
    /// The JSON text before, between and after the slots.
    pieces: Vec<String>,
    /// The slots in the order of the text.
    order: Vec<usize>,
    /// The proof's JSON text up to the value.
    proof: String,
}

impl Template {
    /// Prepares a document for a batch of `eddsa-rdfc-2022` proofs. `slots`: JSON Pointers (RFC 6901) to
    /// the texts that will differ, such as `/id`, `/credentialSubject/id` or
    /// `/credentialStatus/statusListIndex`. The texts that stand there now show what kind they are: where
    /// the document has an identifier, every credential must have one of the same scheme.
    pub fn new(document: &Value, slots: &[&str], options: &ProofOptions<'_>) -> Result<Self, SignError> {
        let mut document = document.clone();
        let mut values = Vec::with_capacity(slots.len());
        for (number, pointer) in slots.iter().enumerate() {
            let place =
                document.pointer_mut(pointer).ok_or_else(|| SignError::Slot((*pointer).to_owned()))?;
            let value = place.as_str().ok_or_else(|| SignError::Slot((*pointer).to_owned()))?.to_owned();
            *place = Value::String(stand_in(&value, number));
            values.push(value);
        }
        let map = document.as_object_mut().ok_or(SignError::NotAnObject)?;
        map.shift_remove("proof");
        let prepared = PreparedDataset::new(map, "proof", &values, options.contexts)?;
        let proof = configuration(map, Suite::EddsaRdfc2022, options);
        let configuration = hash::rdfc_configuration(map, &proof, HashAlgorithm::Sha256, options.contexts)?;
        let configuration = Sha256::digest(configuration).into();
        let (pieces, order) = split(map, &values);
        let proof = Value::Object(proof).to_string();
        let proof = format!(",\"proof\":[{},\"proofValue\":\"", proof.trim_end_matches('}'));
        Ok(Self { prepared, configuration, pieces, order, proof })
    }

    /// Signs one credential of the batch: the values of the slots, in the order of [`Template::new`].
    /// Gives the credential's JSON text; its bytes sign the same as [`super::sign`]'s.
    pub fn sign(&self, values: &[&str], key: &SigningKey) -> Result<String, SignError> {
        if values.len() != self.order.len() {
            return Err(SignError::Slot(format!("{} values for {} slots", values.len(), self.order.len())));
        }
        let nquads = self.prepared.canonicalize(values)?;
        let mut data = [0; 64];
        data[..32].copy_from_slice(&self.configuration);
        data[32..].copy_from_slice(&Sha256::digest(nquads));
        let signature = key.sign(&data);
        let length: usize = self.pieces.iter().map(String::len).sum();
        let mut out = String::with_capacity(length + self.proof.len() + 64 * values.len() + 128);
        for (at, piece) in self.pieces.iter().enumerate() {
            out.push_str(piece);
            if let Some(slot) = self.order.get(at) {
                out.push_str(&Value::String(values[*slot].to_owned()).to_string());
            }
        }
        out.push_str(&self.proof);
        out.push('z');
        out.push_str(&bs58::encode(signature).into_string());
        out.push_str("\"}]}");
        Ok(out)
    }
}

/// The document's JSON text without the closing brace, cut at the slots.
fn split(document: &Map<String, Value>, values: &[String]) -> (Vec<String>, Vec<usize>) {
    let text = Value::Object(document.clone()).to_string();
    let text = text.strip_suffix('}').unwrap_or(&text);
    let quoted = |slot: usize| Value::String(stand_in(&values[slot], slot)).to_string();
    let mut found: Vec<(usize, usize)> =
        (0..values.len()).filter_map(|slot| Some((text.find(&quoted(slot))?, slot))).collect();
    found.sort_unstable();
    let (mut pieces, mut order, mut from) = (Vec::new(), Vec::new(), 0);
    for (at, slot) in found {
        pieces.push(text[from..at].to_owned());
        order.push(slot);
        from = at + quoted(slot).len();
    }
    pieces.push(text[from..].to_owned());
    (pieces, order)
}
