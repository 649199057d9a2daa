//! Random rewrites that keep the graph never change what is read without the verdict saying so.
//!
//! `CAIRN_SEED` repeats a run, `CAIRN_CASES` makes it longer.

use std::collections::BTreeMap;

use cairn_credential::check::{Check, Facts, Report, Verdict, VerifierRequest, check, check_presentation};
use cairn_credential::clr::{ClrCredential, ClrSubject};
use cairn_credential::open_badge::{EndorsementCredential, Profile};
use cairn_credential::presentation::Presentation;
use cairn_credential::proof::{self, ProofOptions, Suite};
use cairn_credential::rdf;
use serde_json::{Value, json};

use crate::differential::general;
use crate::fuzzing::targets::rewrite::{KINDS, Numbers};
use crate::plain::{SUITES, all_facts, badge, sign_by};
use crate::sample::{INDEX, ISSUER, LIST, METHOD, fetched, key, list_of, time};

/// Confirmed rewrites in each of the two runs, which go side by side.
const CASES: usize = 5000;
/// Confirmed rewrites of documents that hold others: these are larger.
const OTHERS: usize = 2000;

/// What a document is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A badge, an endorsement or a record.
    Credential,
    Presentation,
}

/// A document to rewrite, and what is known when it is read.
struct Sample {
    kind: Kind,
    name: String,
    document: Value,
    facts: Facts,
    read: Reading,
    graphs: [String; 2],
    /// The same by the other reader, which labels graphs in another way.
    theirs: Option<[String; 2]>,
}

impl Sample {
    fn new(name: String, kind: Kind, document: Value, facts: Facts) -> Self {
        let (read, graphs) = (read_as(kind, &document, &facts), graphs(&document).unwrap());
        let [bare, options] = signed_parts(&document);
        let theirs = general(&bare).zip(general(&options)).map(|(bare, options)| [bare, options]);
        Self { kind, name, document, facts, read, graphs, theirs }
    }
}

/// The other reader, which stops with a panic at some graphs in graphs: then it has not read them.
fn other_reader(document: &Value) -> Option<String> {
    std::panic::catch_unwind(|| general(document)).ok().flatten()
}

/// What is read of a document of this kind.
fn read_as(kind: Kind, document: &Value, facts: &Facts) -> Reading {
    let bytes = document.to_string().into_bytes();
    match kind {
        Kind::Credential => read(document, &check(&bytes, facts).report),
        Kind::Presentation => {
            let expected =
                VerifierRequest { challenge: Some("c-1".into()), domain: Some("a.example".into()) };
            let report = check_presentation(&bytes, facts, &expected).report;
            let mut inside: Vec<String> = report.credentials.iter().map(inside).collect();
            inside.sort();
            let said = report.presentation.map(|said| (said.id, said.holder));
            let facts = format!("{said:?} {:?} {inside:?}", told(&report.checks));
            Reading { verdict: report.verdict, facts, endorsed: Vec::new() }
        }
    }
}

/// What is read of a credential in another document.
fn inside(report: &Report) -> String {
    let (mut summary, mut within) = (
        report.credential.clone().unwrap_or_default(),
        report.inside().iter().map(inside).collect::<Vec<_>>(),
    );
    summary.types.clear();
    within.sort();
    format!("{:?} {summary:?} {:?} {:?} {within:?}", report.verdict, told(&report.checks), endorsed(report))
}

fn told(checks: &[Check]) -> Vec<(&str, &str, &str)> {
    // endorsements are told one by one
    let own = checks.iter().filter(|check| check.check != "endorsements");
    own.map(|Check { check, code, message, .. }| (&**check, &**code, &**message)).collect()
}

/// Stands for an endorsement that does not count, whatever the reason.
const DOUBTFUL: &str = "doubtful";

/// Each endorsement, as far as it counts.
fn endorsed(report: &Report) -> Vec<String> {
    let check = report.checks.iter().find(|check| check.check == "endorsements");
    let list = check.and_then(|check| check.detail.as_ref()?["endorsements"].as_array());
    let one = |entry: &Value| match entry["outcome"].as_str() {
        Some("passed") => entry.to_string(),
        _ => DOUBTFUL.to_owned(),
    };
    let mut all: Vec<String> = list.into_iter().flatten().map(one).collect();
    all.sort();
    all
}

/// What was read of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    verdict: Verdict,
    facts: String,
    endorsed: Vec<String>,
}

impl Reading {
    /// True if something else is read now and still relied on. An endorsement may lose its worth by a rewrite
    /// around it, for it is signed by itself; the warning says so then.
    fn is_fooled_by(&self, now: &Self) -> bool {
        let fewer = now.endorsed.len() == self.endorsed.len()
            && now.endorsed.iter().all(|one| one == DOUBTFUL || self.endorsed.contains(one));
        let warned =
            now.verdict == Verdict::Warning && now.endorsed != self.endorsed || now.verdict == self.verdict;
        let relied = matches!(now.verdict, Verdict::Verified | Verdict::Warning);
        relied && !(now.facts == self.facts && fewer && warned)
    }
}

/// A document and its proof's options, as what is signed.
fn signed_parts(document: &Value) -> [Value; 2] {
    let mut bare = document.clone();
    let mut options = bare["proof"][0].clone();
    bare.as_object_mut().unwrap().shift_remove("proof");
    let options_map = options.as_object_mut().unwrap();
    options_map.shift_remove("proofValue");
    options_map.shift_remove("@context");
    options_map.insert("@context".into(), document["@context"].clone());
    [bare, options]
}

fn graphs(document: &Value) -> Option<[String; 2]> {
    let [bare, options] = signed_parts(document);
    Some([rdf::canonicalize(&bare).ok()?, rdf::canonicalize(&options).ok()?])
}

/// Everything that is read: the summary, each check, and what others read by name from what was verified.
fn read(document: &Value, report: &Report) -> Reading {
    let mut summary = report.credential.clone().unwrap_or_default();
    // Two names for one type.
    summary
        .types
        .iter_mut()
        .filter(|kind| *kind == "OpenBadgeCredential")
        .for_each(|kind| *kind = "AchievementCredential".into());
    summary.types.sort();
    let checks = told(&report.checks);
    let mut within: Vec<String> = report.inside().iter().map(inside).collect();
    within.sort();
    let mut facts = Vec::new();
    let mut document = document.clone();
    for at in ["/credentialSubject", "/credentialSubject/achievement"] {
        // One in a list is as good as one.
        let Some(value) = document.pointer_mut(at) else { continue };
        if let Some([one]) = value.as_array().map(Vec::as_slice) {
            *value = one.clone();
        }
    }
    for pointer in [
        "/credentialSubject/id",
        "/credentialSubject/identifier",
        "/credentialSubject/endorsementComment",
        "/credentialSubject/association",
        "/credentialSubject/result",
        "/credentialStatus",
        "/evidence",
        "/refreshService",
        "/credentialSubject/achievement/criteria",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/alignment",
        "/issuer",
    ] {
        let mut found = Vec::new();
        leaves(document.pointer(pointer), "", &mut found);
        facts.push((pointer, found));
    }
    let facts = format!("{summary:?} {checks:?} {facts:?} {within:?}");
    Reading { verdict: report.verdict, facts, endorsed: endorsed(report) }
}

/// Texts by the names they stand under, in order; a list of one is as good as the one, and a set has no order.
fn leaves(value: Option<&Value>, name: &str, found: &mut Vec<String>) {
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) => items.iter().for_each(|item| leaves(Some(item), name, found)),
        // A text with a language, say, is as good as the text.
        Some(Value::Object(map)) if map.contains_key("@value") => leaves(map.get("@value"), name, found),
        Some(Value::Object(map)) => {
            let read = map.iter().filter(|(name, _)| READ.contains(&name.as_str()));
            read.for_each(|(name, value)| leaves(Some(value), name, found));
        }
        // A type that is not read may have any name.
        Some(other) if name == "type" && !KNOWN.iter().any(|known| other == known) => {}
        Some(other) => found.push(format!("{name} {other}")),
    }
    found.sort();
    found.dedup();
}

/// Names that are read in the objects looked at here.
const READ: [&str; 25] = [
    "associationType",
    "sourceId",
    "targetId",
    "id",
    "type",
    "name",
    "description",
    "narrative",
    "hashed",
    "identityHash",
    "identityType",
    "salt",
    "value",
    "status",
    "achievedLevel",
    "statusListIndex",
    "statusListCredential",
    "statusPurpose",
    "targetName",
    "targetUrl",
    "targetType",
    "targetFramework",
    "targetCode",
    "@value",
    "digestSRI",
];

const KNOWN: [&str; 7] = [
    "IdentityObject",
    "Result",
    "BitstringStatusListEntry",
    "Evidence",
    "Alignment",
    "Profile",
    "Achievement",
];

fn small() -> Value {
    let mut document = badge();
    let achievement = document["credentialSubject"]["achievement"].as_object_mut().unwrap();
    achievement.retain(|name, _| {
        ["id", "type", "name", "description", "criteria", "alignment"].contains(&name.as_str())
    });
    achievement["alignment"].as_array_mut().unwrap().truncate(1);
    achievement.insert("creator".into(), json!({"id": crate::sample::ISSUER, "type": ["Profile"]}));
    let evidence = json!({"id": "https://badges.example.edu/evidence/1", "type": ["Evidence"], "name": "Plan", "narrative": "Written."});
    document["evidence"] = json!([evidence]);
    document["@context"].as_array_mut().unwrap().truncate(2);
    document["issuer"].as_object_mut().unwrap().shift_remove("address");
    document.as_object_mut().unwrap().shift_remove("credentialSchema");
    document["refreshService"] =
        json!({"id": "https://badges.example.edu/refresh", "type": "https://badges.example.edu/Refresh"});
    document
}

fn samples() -> Vec<Sample> {
    let mut all = Vec::new();
    let mut put = |name: &str, document: Value, suite: Suite, expires: Option<&str>, facts: Facts| {
        let document = sign_by(document, suite, expires);
        all.push(Sample::new(format!("{name} {suite:?}"), Kind::Credential, document, facts));
    };
    let good = all_facts();
    let late = Facts { now: time("2031-06-01T00:00:00Z"), ..all_facts() };
    let with_list = |purpose: &str, set: &[usize]| {
        let mut facts = all_facts();
        facts.documents.insert(LIST.into(), fetched(&list_of(&[purpose], set)));
        facts
    };
    for suite in SUITES {
        put("good", small(), suite, None, good.clone());
        put("expired", small(), suite, None, late.clone());
        put("revoked", small(), suite, None, with_list("revocation", &[INDEX]));
        put("proof expired", small(), suite, Some("2026-02-01T00:00:00Z"), good.clone());
    }
    let mut suspended = small();
    suspended["credentialStatus"]["statusPurpose"] = json!("suspension");
    put("suspended", suspended, Suite::EddsaRdfc2022, None, with_list("suspension", &[INDEX]));
    let mut two = small();
    let mut second = two["credentialStatus"].clone();
    second["id"] = json!(format!("{LIST}#7"));
    second["statusListIndex"] = json!("7");
    two["credentialStatus"] = json!([two["credentialStatus"], second]);
    put("one of two revoked", two.clone(), Suite::EddsaRdfc2022, None, with_list("revocation", &[7]));
    put("two", two, Suite::EcdsaRdfc2019, None, with_list("revocation", &[]));
    let mut early = small();
    early["validFrom"] = json!("2030-01-01T00:00:00Z");
    put("early", early, Suite::EddsaRdfc2022, None, good.clone());
    let mut nobody = small();
    nobody["credentialSubject"].as_object_mut().unwrap().shift_remove("identifier");
    put("nobody", nobody, Suite::EddsaRdfc2022, None, good.clone());
    put("whole", badge(), Suite::EddsaRdfc2022, None, good);
    all
}

const EARLIER: &str = "2026-02-01T00:00:00Z";

/// Endorsements, badges that carry one, records and presentations: good ones, and ones in which something ended.
fn others() -> Vec<Sample> {
    let mut all = Vec::new();
    let mut put = |name: &str, kind, document| {
        all.push(Sample::new(name.to_owned(), kind, document, all_facts()));
    };
    for suite in [Suite::EddsaRdfc2022, Suite::Ed25519Signature2020] {
        put("endorsement", Kind::Credential, sign_by(endorsement(None), suite, None));
        put("expired endorsement", Kind::Credential, sign_by(endorsement(Some(EARLIER)), suite, None));
        put("endorsement, proof expired", Kind::Credential, sign_by(endorsement(None), suite, Some(EARLIER)));
        for (name, end) in [("good", None), ("expired", Some(EARLIER))] {
            let mut endorsed = small();
            endorsed["endorsement"] = json!([sign_by(endorsement(end), Suite::EddsaRdfc2022, None)]);
            put(&format!("endorsed, {name}"), Kind::Credential, sign_by(endorsed, suite, None));
            put(&format!("record, {name} badge"), Kind::Credential, sign_by(record(end, None), suite, None));
            put(&format!("presentation, {name} badge"), Kind::Presentation, presentation(end, None));
        }
        put("expired record", Kind::Credential, sign_by(record(None, Some(EARLIER)), suite, None));
        put("presentation, proof expired", Kind::Presentation, presentation(None, Some(EARLIER)));
    }
    all
}

fn endorsement(end: Option<&str>) -> Value {
    let issuer = Profile::new(ISSUER, "Example University");
    let (id, badge) = ("urn:uuid:1c0c4f4e-53f3-4c70-a0b8-0c8a94bb6d53", badge());
    let endorsed = badge["id"].as_str().unwrap();
    let from = time("2026-01-10T00:00:00Z");
    let mut document =
        EndorsementCredential::new(id, "Seal", issuer, from, endorsed, "Well made.").to_value();
    if let Some(end) = end {
        document["validUntil"] = json!(end);
    }
    document
}

/// A signed badge that ends then.
fn ending(end: Option<&str>) -> Value {
    let mut document = small();
    document.as_object_mut().unwrap().shift_remove("refreshService");
    document["credentialSubject"]["id"] = json!(ISSUER);
    if let Some(end) = end {
        document["validUntil"] = json!(end);
    }
    sign_by(document, Suite::EddsaRdfc2022, None)
}

fn record(badge_ends: Option<&str>, ends: Option<&str>) -> Value {
    let mut subject = ClrSubject::new(ending(badge_ends)).unwrap();
    subject.id = Some("did:example:amy".into());
    let issuer = Profile::new(ISSUER, "Example University");
    let id = "urn:uuid:5f0f6f3e-3f0f-4f65-8a7e-57bd0f2f4a0b";
    let from = time("2026-01-15T09:00:00Z");
    let mut document = ClrCredential::new(id, "Transcript", issuer, from, subject).unwrap().to_value();
    if let Some(end) = ends {
        document["validUntil"] = json!(end);
    }
    document
}

/// Presented by the issuer itself.
fn presentation(badge_ends: Option<&str>, proof_ends: Option<&str>) -> Value {
    let presented = Presentation::new().holder(ISSUER).unwrap().credential(ending(badge_ends)).unwrap();
    let options = ProofOptions::authentication(METHOD, time("2026-01-16T00:00:00Z"), "c-1", "a.example");
    let options = ProofOptions { expires: proof_ends.map(time), ..options };
    let mut document = presented.to_value();
    proof::sign(&mut document, &key(), &options).unwrap();
    document
}

/// One case: true if the graph was kept, as two readers say.
fn try_one(sample: &Sample, numbers: &mut Numbers, kept: &mut BTreeMap<&str, usize>) -> bool {
    let mut document = sample.document.clone();
    let mut names = Vec::new();
    for _ in 0..[1, 1, 1, 1, 1, 2, 2, 3][numbers.below(8)] {
        let (name, rewrite) = KINDS[numbers.below(KINDS.len())];
        if rewrite(&mut document, numbers).is_none() {
            return false;
        }
        names.push(name);
    }
    let (parts, before) = (signed_parts(&document), signed_parts(&sample.document));
    let kept_by = |canonical: fn(&Value) -> Option<String>, graphs: &[String; 2]| {
        let mut all = parts.iter().zip(&before).zip(graphs);
        all.all(|((part, before), graph)| part == before || canonical(part).as_ref() == Some(graph))
    };
    if !kept_by(|part| rdf::canonicalize(part).ok(), &sample.graphs) {
        return false;
    }
    let found = read_as(sample.kind, &document, &sample.facts);
    assert!(
        !sample.read.is_fooled_by(&found),
        "{}, {names:?}:\n{:#}\nwas {:?}\nis {found:?}",
        sample.name,
        json!(document),
        sample.read,
    );
    // The other reader may refuse what it does not know, or take it otherwise: then the case does not count,
    // though it held all the same.
    let confirmed = sample.theirs.as_ref().is_some_and(|theirs| kept_by(other_reader, theirs));
    if confirmed {
        for name in names {
            *kept.entry(name).or_default() += 1;
        }
    }
    confirmed
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says how long, not a configuration")]
fn run(offset: u64, samples: &[Sample], cases: usize) -> BTreeMap<&'static str, usize> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("CAIRN_SEED").unwrap_or(20_260_115) + offset;
    let cases = number("CAIRN_CASES").map_or(cases, |cases| cases as usize);
    println!("CAIRN_SEED={seed}");
    let started = std::time::Instant::now();
    let mut numbers = Numbers(seed);
    let (mut kept, mut done, mut tried) = (BTreeMap::new(), 0, 0);
    while done < cases {
        tried += 1;
        assert!(tried < 40 * cases, "hardly a rewrite keeps the graph: {done} of {tried}");
        // P-256 is slow without optimisation, so it has its turn less often.
        let sample = &samples[numbers.below(samples.len())];
        if sample.name.contains("Ecdsa") && numbers.below(8) != 0 {
            continue;
        }
        done += usize::from(try_one(sample, &mut numbers, &mut kept));
    }
    println!("{done} of {tried} in {:?}: {kept:?}", started.elapsed());
    kept
}

#[test]
fn no_rewrite_changes_what_is_read() {
    assert!(run(0, &samples(), CASES).len() >= 20);
}

#[test]
fn no_other_rewrite_changes_what_is_read() {
    assert!(run(1, &samples(), CASES).len() >= 20);
}

#[test]
fn no_rewrite_changes_what_is_read_of_presentations_endorsements_and_records() {
    assert!(run(2, &others(), OTHERS).len() >= 20);
}

#[test]
fn the_other_samples_read_as_they_should() {
    let verdict = |name: &str| others().into_iter().find(|sample| sample.name == name).unwrap().read.verdict;
    for good in ["endorsement", "endorsed, good", "record, good badge", "presentation, good badge"] {
        assert_eq!(verdict(good), Verdict::Verified, "{good}");
    }
    assert_eq!(verdict("endorsed, expired"), Verdict::Warning);
    for ended in [
        "expired endorsement",
        "endorsement, proof expired",
        "record, expired badge",
        "expired record",
        "presentation, expired badge",
        "presentation, proof expired",
    ] {
        assert_eq!(verdict(ended), Verdict::Failed, "{ended}");
    }
}

#[test]
fn an_unchanged_sample_reads_as_it_did() {
    let verified = samples().iter().filter(|sample| sample.read.verdict == Verdict::Verified).count();
    assert_eq!(verified, 6);
}
