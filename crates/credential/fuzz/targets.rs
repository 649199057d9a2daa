//! What is done with hostile bytes, for the fuzzer and for the tests (`tests/all/fuzzing.rs`): each target
//! must come to an end without panicking, whatever it is given, and give nothing out of proportion.
//!
//! One more: a function here, a line in `TARGETS`, a file in `fuzz_targets`, a `[[bin]]` in `Cargo.toml`,
//! and a few small inputs in `corpus/<name>`.

use cairn_credential::bake::{self, MOST_TEXT_BYTES};
use cairn_credential::check::{self, Facts, Fetched};
use cairn_credential::document;
use cairn_credential::jose::Jws;
use cairn_credential::key::SigningKey;
use cairn_credential::rdf::{Contexts, Dataset, HashAlgorithm};
use cairn_credential::status_list::StatusList;
use serde_json::{Value, json};

/// A name, and what is done.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: &[Target] = &[
    ("check", check),
    ("json_ld", json_ld),
    ("jwt", jwt),
    ("nquads", nquads),
    ("png", png),
    ("status_list", status_list),
    ("svg", svg),
];

/// Runs the target of this name.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect("a target of this name");
    target(data);
}

/// Bytes as a document, and as a context for another document.
fn json_ld(data: &[u8]) {
    let Ok(document) = document::parse(data) else { return };
    let url = "https://fuzz.example/context";
    let contexts = Contexts::with([(url, data)]);
    let contexts = contexts.as_ref().unwrap_or(Contexts::bundled());
    canonical(&document, contexts);
    assert!(contexts.missing(&document).len() <= 32);
    let named = json!({"@context": url, "@id": "urn:a", "@type": ["A", "T"], "p": {"q": "x"}, "a": [1, {}]});
    canonical(&named, contexts);
}

fn canonical(document: &Value, contexts: &Contexts) {
    let Ok(nquads) = contexts.canonicalize(document) else { return };
    assert!(nquads.len() <= 64 * 1024 * 1024);
    same_again(&nquads);
}

/// What is canonical stays as it is, so it is well-formed, too.
fn same_again(nquads: &str) {
    let dataset = Dataset::from_nquads(nquads).expect("canonical N-Quads are N-Quads");
    match dataset.canonicalize(HashAlgorithm::Sha256) {
        Ok(canonical) => assert_eq!(canonical.nquads, nquads),
        // Which order the nodes come in decides how much work is done before it is too much.
        Err(error) => assert_eq!(error, cairn_credential::rdf::RdfError::TooComplex),
    }
}

fn nquads(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(dataset) = Dataset::from_nquads(text) else { return };
    if let Ok(canonical) = dataset.canonicalize(HashAlgorithm::Sha256) {
        same_again(&canonical.nquads);
    }
    let _ = dataset.canonicalize(HashAlgorithm::Sha384);
}

/// Bytes as they are, and with the checksums put right.
fn png(data: &[u8]) {
    picture(data);
    picture(&mended(data));
}

fn picture(data: &[u8]) {
    if let Ok(baked) = bake::unbake(data) {
        assert!(baked.text.len() <= MOST_TEXT_BYTES);
    }
    if let Ok(baked) = bake::bake_png(data, "{\"a\":1}") {
        assert_eq!(bake::unbake(&baked).expect("just baked").text, "{\"a\":1}");
        assert!(baked.len() <= data.len() + 100);
    }
    let _ = bake::bake_open_badges_2(data, "https://fuzz.example/1");
}

/// The same chunks with the right checksums.
fn mended(data: &[u8]) -> Vec<u8> {
    let mut png = data.to_vec();
    let mut at = 8;
    while let Some(length) = png.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()) {
        let end = (at + 8).saturating_add(u32::from_be_bytes(length) as usize);
        let Some(chunk) = png.get(at + 4..end) else { break };
        let checksum = crc(chunk).to_be_bytes();
        let Some(place) = png.get_mut(end..end + 4) else { break };
        place.copy_from_slice(&checksum);
        at = end + 4;
    }
    png
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0xedb8_8320 };
        }
    }
    !crc
}

fn svg(data: &[u8]) {
    if let Ok(baked) = bake::unbake(data) {
        assert!(baked.text.len() <= MOST_TEXT_BYTES);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(baked) = bake::bake_svg(text, "{\"a\":1}") {
        assert_eq!(bake::unbake(baked.as_bytes()).expect("just baked").text, "{\"a\":1}");
        // An empty root is closed, so its name is there twice.
        assert!(baked.len() <= 2 * text.len() + 1000);
    }
    let _ = bake::bake_open_badges_2(data, "https://fuzz.example/1");
}

fn jwt(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(jws) = Jws::parse(text) {
        assert!(jws.verify(&SigningKey::from_seed(&[1; 32]).public()).is_err());
        let _ = (jws.algorithm(), jws.key_id(), jws.check_claims());
    }
    check(data);
}

fn status_list(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(mut list) = StatusList::from_encoded(text.trim()) else { return };
    assert!(list.len() <= 8 * 4 * 1024 * 1024);
    let last = list.len() - 1;
    for (index, bits) in [(0, 1), (last, 1), (last, 64), (usize::MAX, 8), (7, 65), (3, 0)] {
        let _ = (list.get(index), list.value(index, bits), list.long_enough(bits));
    }
    if list.set(last, true).is_ok() {
        let again = StatusList::from_encoded(&list.encode()).expect("just encoded");
        assert_eq!(again, list);
    }
}

/// The badge, and after each line of `====` a document that can be fetched, in the order they are asked for.
fn check(data: &[u8]) {
    let mut pieces = split(data, b"\n====\n");
    let badge = pieces.next().unwrap_or_default();
    let mut facts = Facts::new("2026-06-01T00:00:00Z".parse::<jiff::Timestamp>().expect("a time"));
    for _ in 0..40 {
        let checked = check::check(badge, &facts);
        assert!(!checked.report.checks.is_empty());
        assert!(checked.report.checks.len() <= 32, "{}", checked.report.checks.len());
        assert!(checked.wanted.len() <= 256, "{}", checked.wanted.len());
        if checked.wanted.is_empty() {
            return;
        }
        for wanted in checked.wanted {
            let fetched = match pieces.next() {
                Some(piece) => Fetched::Document(piece.to_vec()),
                None => Fetched::Refused("there is nothing here".into()),
            };
            assert!(facts.documents.insert(wanted.url, fetched).is_none(), "asked twice");
        }
    }
    panic!("it never stops asking");
}

fn split<'d>(data: &'d [u8], line: &'static [u8]) -> impl Iterator<Item = &'d [u8]> {
    let mut rest = Some(data);
    std::iter::from_fn(move || {
        let whole = rest?;
        let found = whole.windows(line.len()).position(|window| window == line);
        rest = found.map(|at| &whole[at + line.len()..]);
        Some(found.map_or(whole, |at| &whole[..at]))
    })
}
