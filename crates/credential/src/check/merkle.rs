//! Documents whose hash stands in a Merkle tree, and the tree's root on a blockchain: OpenAttestation 2 and
//! Blockcerts 2 and 3. What can be computed from the document is checked; the chain is not asked.

use ciborium::Value as Cbor;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

use super::desk::Desk;
use super::member::{several, text};
use super::proofs::Single;
use super::{Outcome, contexts};
use crate::jcs;
use crate::key::hex;
use crate::rdf::{Contexts, HashAlgorithm, RdfError};

type Hash = [u8; 32];
type Members = Map<String, Value>;

/// The longest way up a tree: more certificates than there are people.
const MOST_STEPS: usize = 64;
/// How many bytes are hashed for one document: a long name above many values would be hashed once for each.
const MOST_HASHED: usize = 32 * 1024 * 1024;
/// The largest `proofValue` that is decoded.
const MOST_PROOF_BYTES: usize = 64 * 1024;

/// One step up the tree: the hash beside, and on which side it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Left(Hash),
    Right(Hash),
    /// The smaller of the two comes first.
    Sorted(Hash),
}

/// What a proof says.
#[derive(Debug, PartialEq, Eq)]
struct Proof {
    target: Hash,
    root: Hash,
    steps: Vec<Step>,
    /// Where the root is said to stand: "btc transaction 5827…".
    anchors: Vec<String>,
}

/// What keeps a Merkle proof from holding.
#[derive(Debug, PartialEq, Eq)]
enum Flaw {
    Malformed,
    TooLarge,
    /// The content has another hash than the proof says.
    Content,
    /// The way up does not lead to the root.
    Path,
}

/// The proof of an OpenAttestation 2 document (`signature` of the type `SHA3MerkleProof`).
pub(super) fn open_attestation(document: &Members) -> Single {
    let proof = document.get("signature").and_then(of_open_attestation).ok_or(Flaw::Malformed);
    let checked = proof.and_then(|proof| {
        let content = attested(document).ok_or(Flaw::TooLarge)?;
        holds(&proof, content, |bytes| Keccak256::digest(bytes).into()).map(|()| proof)
    });
    single(checked)
}

/// The proof of a Blockcerts 2 certificate (`signature` of the type `MerkleProof2017`), which covers its RDF
/// without the signature.
pub(super) fn blockcerts_2(desk: &mut Desk<'_>, document: &Members) -> Single {
    let proof = document.get("signature").and_then(of_2017);
    blockcerts(desk, document, "signature", proof)
}

/// The proof of a Blockcerts 3 credential (`MerkleProof2019`), which covers its RDF without the proof.
pub(super) fn blockcerts_3(desk: &mut Desk<'_>, document: &Members, proof: &Members) -> Single {
    blockcerts(desk, document, "proof", text(proof.get("proofValue")).and_then(of_2019))
}

fn blockcerts(desk: &mut Desk<'_>, document: &Members, member: &str, proof: Option<Proof>) -> Single {
    let Some(proof) = proof else { return single(Err(Flaw::Malformed)) };
    let canonical =
        |contexts: &Contexts| contexts.canonicalize_without(document, member, HashAlgorithm::Sha256);
    let mut content = canonical(Contexts::bundled());
    if let Err(RdfError::UnknownContext(_)) = &content {
        content = match contexts::gather(desk, document) {
            Ok((contexts, _)) => canonical(&contexts),
            Err(message) => return Single::new(Outcome::Unknown, "context_unknown", message),
        };
    }
    match content {
        Ok(content) => {
            let sha256 = |bytes: &[u8]| Sha256::digest(bytes).into();
            single(holds(&proof, sha256(content.as_bytes()), sha256).map(|()| proof))
        }
        Err(RdfError::UnknownContext(url)) => {
            Single::new(Outcome::Unknown, "context_unknown", contexts::unknown(desk, &url))
        }
        Err(error) => {
            let message = format!("The hash that stands in the Merkle tree cannot be computed: {error}.");
            Single::new(Outcome::Unknown, "hash_not_computed", message)
        }
    }
}

fn single(checked: Result<Proof, Flaw>) -> Single {
    match checked {
        Ok(proof) => {
            let place = match proof.anchors.as_slice() {
                [] => "a blockchain".to_owned(),
                anchors => anchors.join(", "),
            };
            let message = format!(
                "The content fits its hash, and the hash its Merkle root. Whether the issuer put the root {} \
                 there ({place}), and whether it was taken back, was not looked up.",
                hex(&proof.root)
            );
            Single::new(Outcome::Unknown, "anchor_not_checked", message)
        }
        Err(Flaw::Malformed) => Single::failed("merkle_proof_malformed", "The Merkle proof is malformed."),
        Err(Flaw::TooLarge) => {
            let message = "The hash of the document was not computed: that would be too much work.";
            Single::new(Outcome::Unknown, "too_much_work", message)
        }
        Err(Flaw::Content) => {
            let message = "The content does not fit its hash: the document was changed.";
            Single::failed("content_changed", message)
        }
        Err(Flaw::Path) => {
            let message = "The Merkle proof does not lead from the document's hash to the root.";
            Single::failed("merkle_proof_invalid", message)
        }
    }
}

fn holds(proof: &Proof, content: Hash, hash: impl Fn(&[u8]) -> Hash) -> Result<(), Flaw> {
    if content != proof.target {
        return Err(Flaw::Content);
    }
    let up = |below: Hash, step: &Step| match *step {
        Step::Left(beside) => hash(&[beside, below].concat()),
        Step::Right(beside) => hash(&[below, beside].concat()),
        Step::Sorted(beside) => hash(&[below.min(beside), below.max(beside)].concat()),
    };
    if proof.steps.iter().fold(proof.target, up) == proof.root { Ok(()) } else { Err(Flaw::Path) }
}

/// The hash of what an OpenAttestation 2 document says: Keccak-256 of the sorted list of the hashes of all
/// values, each with its path, and of those that were blacked out. `None` if that were too much work.
fn attested(document: &Members) -> Option<Hash> {
    let mut hashes = Vec::new();
    let mut left = MOST_HASHED;
    if let Some(data) = document.get("data") {
        leaves(data, "", &mut left, &mut hashes)?;
    }
    let hidden = document.get("privacy").and_then(|privacy| privacy.get("obfuscatedData"));
    hashes.extend(several(hidden).iter().filter_map(Value::as_str).map(str::to_owned));
    hashes.sort_unstable();
    Some(Keccak256::digest(json!(hashes).to_string()).into())
}

/// The hash of each value with its path: `{"recipient.name":"salt:string:Amy"}`.
fn leaves(value: &Value, path: &str, left: &mut usize, hashes: &mut Vec<String>) -> Option<()> {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    *left = left.checked_sub(path.len() + 1)?;
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().try_for_each(|(name, value)| leaves(value, &below(name), left, hashes))
        }
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .enumerate()
            .try_for_each(|(at, value)| leaves(value, &below(&at.to_string()), left, hashes)),
        leaf => {
            let line = jcs::canonicalize(&json!({ path: leaf }));
            *left = left.checked_sub(line.len())?;
            hashes.push(hex(&Keccak256::digest(line)));
            Some(())
        }
    }
}

fn of_open_attestation(signature: &Value) -> Option<Proof> {
    let steps = several(signature.get("proof"));
    let steps = steps.iter().map(|step| step.as_str().and_then(hash_of).map(Step::Sorted));
    Some(Proof {
        target: text(signature.get("targetHash")).and_then(hash_of)?,
        root: text(signature.get("merkleRoot")).and_then(hash_of)?,
        steps: bounded(steps)?,
        anchors: Vec::new(),
    })
}

fn of_2017(signature: &Value) -> Option<Proof> {
    let step = |step: &Value| {
        let side = |name: &str| text(step.get(name)).and_then(hash_of);
        side("left").map(Step::Left).or_else(|| side("right").map(Step::Right))
    };
    let anchor = |anchor: &Value| {
        let part = |name: &str| text(anchor.get(name)).map(|part| part.chars().take(80).collect::<String>());
        Some(format!("{} {}", part("chain").or_else(|| part("type"))?, part("sourceId")?))
    };
    Some(Proof {
        target: text(signature.get("targetHash")).and_then(hash_of)?,
        root: text(signature.get("merkleRoot")).and_then(hash_of)?,
        steps: bounded(several(signature.get("proof")).iter().map(step))?,
        anchors: several(signature.get("anchors")).iter().take(4).filter_map(anchor).collect(),
    })
}

/// A `proofValue` of MerkleProof2019: multibase, CBOR, a list of pairs of a number and what it names: 0 the
/// root, 1 the hash, 2 the anchors, 3 the path; hashes are text, or CBOR of text in bytes.
fn of_2019(value: &str) -> Option<Proof> {
    if value.len() > MOST_PROOF_BYTES {
        return None;
    }
    let bytes = bs58::decode(value.strip_prefix('z')?).into_vec().ok()?;
    let read: Cbor = ciborium::de::from_reader_with_recursion_limit(bytes.as_slice(), 16).ok()?;
    let (mut root, mut target, mut steps, mut anchors) = (None, None, Vec::new(), Vec::new());
    for (name, value) in pairs(&read)? {
        match name {
            0 => root = Some(hash_of(&inner(value)?)?),
            1 => target = Some(hash_of(&inner(value)?)?),
            2 => anchors = value.as_array()?.iter().take(4).filter_map(anchor_of).collect(),
            3 => {
                let step = |(side, hash): (i128, &Cbor)| {
                    let hash = hash_of(&inner(hash)?)?;
                    match side {
                        0 => Some(Step::Left(hash)),
                        1 => Some(Step::Right(hash)),
                        _ => None,
                    }
                };
                steps = bounded(pairs(value)?.into_iter().map(step))?;
            }
            _ => return None,
        }
    }
    Some(Proof { target: target?, root: root?, steps, anchors })
}

/// Pairs as a list of lists of two, or as a map.
fn pairs(value: &Cbor) -> Option<Vec<(i128, &Cbor)>> {
    let number = |value: &Cbor| value.as_integer().map(i128::from);
    match value {
        Cbor::Map(members) => members.iter().map(|(name, value)| Some((number(name)?, value))).collect(),
        Cbor::Array(items) => items
            .iter()
            .map(|item| match item.as_array()?.as_slice() {
                [name, value] => Some((number(name)?, value)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn anchor_of(anchor: &Cbor) -> Option<String> {
    let chain = |number: i128| match number {
        0 => "Bitcoin",
        1 => "Ethereum",
        _ => "another chain",
    };
    let (mut name, mut transaction) = (None, None);
    for (key, value) in pairs(anchor)? {
        match key {
            0 => name = value.as_integer().map(|number| chain(number.into())),
            2 => transaction = inner(value),
            _ => {}
        }
    }
    Some(format!("{} {}", name?, transaction?.chars().take(80).collect::<String>()))
}

/// A text, also as CBOR inside bytes.
fn inner(value: &Cbor) -> Option<String> {
    match value {
        Cbor::Text(text) => Some(text.clone()),
        Cbor::Bytes(bytes) => {
            let read: Cbor = ciborium::de::from_reader_with_recursion_limit(bytes.as_slice(), 4).ok()?;
            read.into_text().ok()
        }
        _ => None,
    }
}

fn bounded(steps: impl ExactSizeIterator<Item = Option<Step>>) -> Option<Vec<Step>> {
    if steps.len() > MOST_STEPS { None } else { steps.collect() }
}

/// 32 bytes in hexadecimal, with or without `0x`.
fn hash_of(text: &str) -> Option<Hash> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(proof: &Proof) -> String {
        let text = |hash: &Hash| {
            let mut bytes = Vec::new();
            ciborium::into_writer(&hex(hash), &mut bytes).unwrap();
            Cbor::Bytes(bytes)
        };
        let pair = |name: u8, value: Cbor| Cbor::Array(vec![name.into(), value]);
        let steps = proof.steps.iter().map(|step| match step {
            Step::Left(hash) => pair(0, text(hash)),
            Step::Right(hash) | Step::Sorted(hash) => pair(1, text(hash)),
        });
        let anchor = vec![pair(0, 0.into()), pair(1, 3.into()), pair(2, text(&[9; 32]))];
        let whole = Cbor::Array(vec![
            pair(3, Cbor::Array(steps.collect())),
            pair(0, text(&proof.root)),
            pair(1, text(&proof.target)),
            pair(2, Cbor::Array(vec![Cbor::Array(anchor)])),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&whole, &mut bytes).unwrap();
        format!("z{}", bs58::encode(bytes).into_string())
    }

    #[test]
    fn a_proof_of_2019_is_decoded_and_leads_to_its_root() {
        let sha256 = |bytes: &[u8]| -> Hash { Sha256::digest(bytes).into() };
        let (target, first, second) = ([1; 32], [2; 32], [3; 32]);
        let above = sha256(&[target, first].concat());
        let root = sha256(&[second, above].concat());
        let anchors = vec![format!("Bitcoin {}", hex(&[9; 32]))];
        let proof = Proof { target, root, steps: vec![Step::Right(first), Step::Left(second)], anchors };
        let text = encoded(&proof);
        assert_eq!(of_2019(&text).as_ref(), Some(&proof));
        assert_eq!(holds(&proof, target, sha256), Ok(()));
        assert_eq!(holds(&proof, root, sha256), Err(Flaw::Content));
        let turned = Proof { steps: proof.steps.iter().rev().copied().collect(), ..proof };
        assert_eq!(holds(&turned, target, sha256), Err(Flaw::Path));
        for nonsense in ["", "z", "zz", "zJ", &text[..200], &format!("z{}", "2".repeat(100_000))] {
            assert_eq!(of_2019(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_name_above_many_values_is_not_hashed_for_ever() {
        let values: Members = (0..2_000).map(|at| (at.to_string(), json!("a:string:b"))).collect();
        let mut document = Members::new();
        document.insert("data".into(), json!({ "x".repeat(100_000): values }));
        assert_eq!(attested(&document), None);
    }
}
