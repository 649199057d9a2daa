//! What is done with arbitrary bytes. Each function must neither panic nor hang nor grow without bound, and
//! says besides what must hold of whatever was accepted. Run by cargo-fuzz, and on a corpus by the tests.

use std::collections::BTreeSet;

use cairn_credential::bake::{self, Picture, Version};
use cairn_credential::check::{
    Facts, FetchOutcome, Verdict, VerifierRequest, check, check_presentation, is_presentation,
};
use cairn_credential::cose::Sign1;
use cairn_credential::jose::{Content, Jws};
use cairn_credential::key::{KeyKind, KeyPair, PublicKey};
use cairn_credential::rdf::{self, Dataset, HashAlgorithm};
use cairn_credential::sd_jwt::{Format, SdJwt};
use cairn_credential::status_list::StatusList;
use cairn_credential::{did, document, jcs, proof};
use serde_json::{Value, json};

#[path = "rewrite.rs"]
pub mod rewrite;

use rewrite::{KINDS, Numbers};

/// What is done with the bytes.
pub type Target = fn(&[u8]);

/// Every target by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("check", whole_check),
    ("cose", signed_bytes),
    ("disclosure", disclosure),
    ("json_ld", json_ld),
    ("jwt", jwt),
    ("key", key),
    ("nquads", nquads),
    ("plain", rewritten),
    ("png", picture),
    ("presentation", presentation),
    ("sd_jwt", sd_jwt),
    ("status_list", status_list),
    ("svg", picture),
];

/// JSON-LD: what is canonical stays as it is when it is read as N-Quads.
pub fn json_ld(data: &[u8]) {
    let Ok(value) = document::parse(data) else { return };
    let text = jcs::canonicalize(&value);
    let again = document::parse(text.as_bytes()).expect("canonical JSON is JSON");
    assert_eq!(jcs::canonicalize(&again), text);
    if let Ok(canonical) = rdf::canonicalize(&value) {
        assert_canonical(&canonical);
    }
}

/// N-Quads.
pub fn nquads(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(dataset) = Dataset::from_nquads(text) else { return };
    if let Ok(canonical) = dataset.canonicalize(HashAlgorithm::Sha256) {
        assert_canonical(&canonical.nquads);
    }
}

fn assert_canonical(canonical: &str) {
    assert!(canonical.len() <= 16 * 1024 * 1024);
    let again = Dataset::from_nquads(canonical).expect("canonical N-Quads are N-Quads");
    // the same graph under other labels: just as much work, so it may be too much only by a hair
    if let Ok(again) = again.canonicalize(HashAlgorithm::Sha256) {
        assert_eq!(again.nquads, canonical);
    }
}

/// PNG and SVG: what is baked into an acceptable picture comes out again.
pub fn picture(data: &[u8]) {
    if let Ok(baked) = bake::unbake(data) {
        assert!(baked.text.len() <= bake::MOST_TEXT_BYTES);
    }
    let text = r#"{"a":"<&>\"]]>"}"#;
    let again = match Picture::sniff(data) {
        Some(Picture::Png) => bake::bake_png(data, text),
        Some(Picture::Svg) => match std::str::from_utf8(data) {
            Ok(svg) => bake::bake_svg(svg, text).map(String::into_bytes),
            Err(_) => return,
        },
        None => return,
    };
    if let Ok(picture) = again {
        let baked = bake::unbake(&picture).expect("what was baked is there");
        assert_eq!((baked.text.as_str(), baked.version), (text, Version::OpenBadges3));
    }
}

/// Compact JWS.
pub fn jwt(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(jws) = Jws::parse(text) else { return };
    let own = PublicKey::from_jwk(jws.header.get("jwk").unwrap_or(&Value::Null));
    let other = KeyPair::from_seed(KeyKind::Ed25519, &[7; 32]).expect("a seed").public();
    let _ = jws.verify(&own.unwrap_or(other));
    let _ = jws.check_claims();
    whole_check(data);
}

/// A status list: what was unpacked packs and unpacks to itself.
pub fn status_list(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(list) = StatusList::from_encoded(text) else { return };
    assert!(list.len() <= 8 * 4 * 1024 * 1024);
    for (index, bits) in [(0, 1), (usize::MAX, 1), (list.len(), 64), (7, 8)] {
        let _ = list.value(index, bits);
    }
    assert_eq!(StatusList::from_encoded(&list.encode()).as_ref(), Ok(&list));
}

/// Keys and DIDs: what is a key survives its text form.
pub fn key(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let jwk = document::parse(data).unwrap_or(Value::Null);
    let keys = [PublicKey::from_multibase(text), PublicKey::from_jwk(&jwk), PublicKey::from_pem(text)];
    for key in keys.into_iter().flatten() {
        assert_eq!(PublicKey::from_multibase(&key.multibase()), Ok(key.clone()));
        assert_eq!(PublicKey::from_jwk(&key.jwk()), Ok(key));
    }
    let _ = KeyPair::from_secret_multibase(text);
    let _ = did::key_document(text);
    let _ = did::jwk_key(text);
    if let Ok(url) = did::web_document_url(text) {
        let climbs = url.split('/').any(|part| part == "." || part == "..");
        assert!(url.starts_with("https://") && !climbs, "{url}");
    }
}

/// A proof value for selective disclosure.
pub fn disclosure(data: &[u8]) {
    let Ok(value) = std::str::from_utf8(data) else { return };
    let key = KeyPair::from_seed(KeyKind::P256, &[7; 32]).expect("a seed").public();
    let proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-sd-2023",
        "created": "2026-01-15T09:00:00Z",
        "verificationMethod": "did:example:a#b",
        "proofPurpose": "assertionMethod",
        "proofValue": value,
    });
    let document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiableCredential",
        "issuer": "did:example:a",
        "credentialSubject": {"type": "VerifiableCredential"},
        "proof": proof,
    });
    assert!(proof::verify(&document, &document["proof"], &key).is_err());
    let _ = proof::sd::verify_base(&document, &document["proof"], &key);
    let _ = proof::sd::derive(&document, &["/credentialSubject"]);
}

/// SD-JWT: what was read is written and read again as it was, and discloses no more when less is shown.
pub fn sd_jwt(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(sd_jwt) = SdJwt::parse(text) else { return };
    let again = SdJwt::parse(&sd_jwt.to_string()).expect("what was written can be read");
    assert_eq!(again.to_string(), sd_jwt.to_string());
    let key = KeyPair::from_seed(KeyKind::P256, &[7; 32]).expect("a seed").public();
    for format in [Format::Credential, Format::Presentation, Format::SdJwtVc] {
        let _ = sd_jwt.verify(&key, format);
    }
    if let (Ok(all), Ok(less)) = (sd_jwt.claims(), sd_jwt.present(&[])) {
        let less = less.claims().expect("nothing is disclosed, so nothing can be wrong with it");
        assert!(Value::Object(less).to_string().len() <= Value::Object(all).to_string().len());
    }
    whole_check(data);
}

/// COSE_Sign1.
pub fn signed_bytes(data: &[u8]) {
    if let Ok(sign1) = Sign1::parse(data) {
        let key = KeyPair::from_seed(KeyKind::P256, &[7; 32]).expect("a seed").public();
        let _ = sign1.verify(&key, Content::Credential);
        let _ = sign1.verify(&key, Content::Presentation);
    }
    whole_check(data);
}

/// A presentation in any form.
pub fn presentation(data: &[u8]) {
    let _ = is_presentation(data);
    let facts = Facts::new("2026-06-01T00:00:00Z".parse().expect("a time"));
    let expected = VerifierRequest { challenge: Some("c".to_owned()), domain: Some("d".to_owned()) };
    let checked = check_presentation(data, &facts, &expected);
    for found in &checked.report.checks {
        assert!(!found.code.is_empty() && found.message.ends_with('.'), "{found:?}");
    }
    assert!(checked.report.credentials.len() <= 64 && checked.wanted.len() < 1000);
}

/// The whole check, with an attacker who also answers every request for a document.
pub fn whole_check(data: &[u8]) {
    let mut facts = Facts::new("2026-06-01T00:00:00Z".parse().expect("a time"));
    for _ in 0..3 {
        let checked = check(data, &facts);
        assert!(!checked.report.checks.is_empty() && checked.report.checks.len() < 64);
        for found in &checked.report.checks {
            assert!(!found.code.is_empty() && found.message.ends_with('.'), "{found:?}");
        }
        let wanted: BTreeSet<String> = checked.wanted.into_iter().map(|wanted| wanted.url).collect();
        assert!(wanted.len() < 100);
        if wanted.is_empty() {
            return;
        }
        for url in wanted {
            facts.documents.insert(url, FetchOutcome::here(data.to_vec()));
        }
    }
}

/// An expired badge and as many rewrites as there are bytes, of the kinds and with the chance that the
/// bytes say: whatever graph comes of them, it is never verified, since its end is signed.
pub fn rewritten(data: &[u8]) {
    const IRI: &str = "https://www.w3.org/2018/credentials#";
    let key = KeyPair::from_seed(KeyKind::Ed25519, &[7; 32]).expect("a seed");
    let did = key.public().did_key();
    let mut document = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://a.example/badges/1",
        "type": ["VerifiableCredential"],
        "issuer": {"id": did, "name": "A"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2026-02-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:amy"},
        "evidence": [{"id": "https://a.example/evidence/1", "type": [format!("{IRI}Evidence")]}],
    });
    let now = "2026-01-15T09:00:00Z".parse().expect("a time");
    let method = format!("{did}#{}", key.public().multibase());
    let options = proof::ProofOptions::new(&method, now);
    proof::sign_with(&mut document, proof::Suite::EddsaRdfc2022, &key, &options).expect("signable");
    let mut facts = Facts::new("2026-06-01T00:00:00Z".parse().expect("a time"));
    facts.trusted_issuers.insert(did);
    let seed = data.iter().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let mut numbers = Numbers(seed);
    for byte in data.iter().take(6) {
        let (_, rewrite) = KINDS[usize::from(*byte) % KINDS.len()];
        if rewrite(&mut document, &mut numbers).is_none() {
            return;
        }
    }
    let report = check(document.to_string().as_bytes(), &facts).report;
    assert!(!matches!(report.verdict, Verdict::Verified | Verdict::Warning), "{document:#} {report:#?}");
}
