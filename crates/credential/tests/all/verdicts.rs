//! One table of what the verifier answers: each document, its verdict, and the check that decides it. Made
//! to be judged at a glance; a changed answer shows as a changed line.

use std::fmt::Write as _;
use std::path::Path;

use cairn_credential::check::{
    Facts, FetchOutcome, Outcome, Report, Verdict, VerifierRequest, check, check_presentation,
    is_presentation,
};
use serde_json::{Value, json};

use crate::sample::{self, INDEX, ISSUER, LIST, METHOD, fetched, list_of, sign, time};
use crate::shared;

/// The verdict, and the first of the worst checks.
fn line(table: &mut String, name: &str, report: &Report) {
    let rank = |outcome: Outcome| match outcome {
        Outcome::Passed => 0,
        Outcome::Warning => 1,
        Outcome::Unknown => 2,
        Outcome::Failed => 3,
    };
    let worst = report.checks.iter().map(|check| rank(check.outcome)).max().unwrap_or(0);
    let deciding = report.checks.iter().find(|check| rank(check.outcome) == worst);
    let decided = match (report.verdict, deciding) {
        (Verdict::Verified, _) | (_, None) => "every check passed".to_owned(),
        (_, Some(check)) => format!("{}: {}", check.check, check.code),
    };
    let verdict = format!("{:?}", report.verdict).to_lowercase();
    writeln!(table, "{name:72} {verdict:9} {decided}").unwrap();
}

/// The report when nothing that is asked for can be had.
fn alone(bytes: &[u8], mut facts: Facts) -> Report {
    loop {
        let checked = check(bytes, &facts);
        if checked.wanted.is_empty() {
            return checked.report;
        }
        for wanted in checked.wanted {
            facts.documents.insert(wanted.url, FetchOutcome::Refused("nothing is fetched here".into()));
        }
    }
}

type Change = fn(&mut Value);

/// Changes to what is signed.
const SIGNED: [(&str, Change); 10] = [
    ("as it was issued", |_| {}),
    ("expired", |badge| badge["validUntil"] = json!("2026-05-01T00:00:00Z")),
    ("not yet valid", |badge| badge["validFrom"] = json!("2027-01-01T00:00:00Z")),
    ("without an end", |badge| drop(badge.as_object_mut().unwrap().remove("validUntil"))),
    ("without a status", |badge| drop(badge.as_object_mut().unwrap().remove("credentialStatus"))),
    ("with a list that is away", |badge| {
        badge["credentialStatus"]["statusListCredential"] = json!("https://badges.example.edu/status/2");
    }),
    ("without an achievement", |badge| {
        badge["credentialSubject"] = json!({"type": "AchievementSubject", "id": "did:example:amy"});
    }),
    ("without a holder", |badge| {
        drop(badge["credentialSubject"].as_object_mut().unwrap().remove("identifier"));
    }),
    ("of another issuer", |badge| badge["issuer"]["id"] = json!("did:web:elsewhere.example")),
    ("with a schema that is not known", |badge| {
        badge["credentialSchema"] = json!([{"id": "https://a.example/schema.json", "type": "JsonSchema"}]);
    }),
];

/// Changes after it was signed.
const CHANGED: [(&str, Change); 9] = [
    ("renamed afterwards", |badge| badge["name"] = json!("Gold")),
    ("without its proof", |badge| drop(badge.as_object_mut().unwrap().remove("proof"))),
    ("with its end taken off", |badge| drop(badge.as_object_mut().unwrap().remove("validUntil"))),
    ("with its end under another name", |badge| {
        let end = badge.as_object_mut().unwrap().remove("validUntil").unwrap();
        badge["https://www.w3.org/2018/credentials#validUntil"] =
            json!({"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": end});
    }),
    ("with its status under another name", |badge| {
        let status = badge.as_object_mut().unwrap().remove("credentialStatus").unwrap();
        badge["https://www.w3.org/2018/credentials#credentialStatus"] = status;
    }),
    ("with an unknown context", |badge| {
        badge["@context"].as_array_mut().unwrap().push(json!("https://a.example/context.json"));
    }),
    ("with a member of no meaning", |badge| badge["colour"] = json!("blue")),
    ("with an unknown proof", |badge| badge["proof"][0]["cryptosuite"] = json!("bbs-2023")),
    ("with a second, unknown proof", |badge| {
        let mut second = badge["proof"][0].clone();
        second["cryptosuite"] = json!("bbs-2023");
        badge["proof"].as_array_mut().unwrap().push(second);
    }),
];

fn made(change: Change) -> Value {
    let mut badge = sample::credential(ISSUER).to_value();
    change(&mut badge);
    sign(badge, METHOD)
}

#[test]
fn documents_made_here() {
    let mut table = String::new();
    let facts = sample::facts();
    for (name, change) in SIGNED {
        line(&mut table, name, &alone(made(change).to_string().as_bytes(), facts.clone()));
    }
    for (name, change) in CHANGED {
        let mut badge = sample::signed();
        change(&mut badge);
        line(&mut table, name, &alone(badge.to_string().as_bytes(), facts.clone()));
    }
    for (name, purposes, set) in [
        ("revoked", ["revocation"], vec![INDEX]),
        ("beside one that was revoked", ["revocation"], vec![INDEX + 1]),
        ("with a list of another purpose", ["suspension"], vec![]),
    ] {
        let mut facts = facts.clone();
        facts.documents.insert(LIST.into(), fetched(&list_of(&purposes, &set)));
        line(&mut table, name, &alone(sample::signed().to_string().as_bytes(), facts));
    }
    let nobody = Facts::new(facts.now);
    line(&mut table, "when nothing can be fetched", &alone(sample::signed().to_string().as_bytes(), nobody));
    insta::assert_snapshot!(table);
}

/// Folders of documents that are, or hold, credentials, and how the names of these begin or end.
const FOLDERS: [(&str, &str, &str); 9] = [
    ("baked", "", ""),
    ("clr20", "", ""),
    ("cryptosuites/vc-di-ecdsa", "signed", ".json"),
    ("cryptosuites/vc-di-eddsa", "signed", ".json"),
    ("elm", "Sample", ""),
    ("ob20", "", ""),
    ("ob30", "", ""),
    ("vc-jose-cose", "credential", ".txt"),
    ("vc-jose-cose", "presentation", ".txt"),
];

/// The files below a folder, by their path in it.
fn files(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder.join(below)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            files(folder, &path, found);
        } else {
            found.push(path);
        }
    }
}

fn chosen(folder: &Path, begins: &str, ends: &str) -> Vec<String> {
    let mut found = Vec::new();
    files(folder, "", &mut found);
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    found.retain(|path| {
        name(path).starts_with(begins) && path.ends_with(ends) && !path.starts_with("assets/")
    });
    found.sort();
    found
}

#[test]
fn samples_of_others() {
    let Some(vectors) = shared::vectors() else { return };
    let mut table = String::new();
    for (folder, begins, ends) in FOLDERS {
        for file in chosen(&vectors.join(folder), begins, ends) {
            let bytes = std::fs::read(vectors.join(folder).join(&file)).unwrap();
            let facts = Facts::new(time("2026-12-01T00:00:00Z"));
            let name = format!("{folder}/{file}");
            if is_presentation(&bytes) {
                let checked = check_presentation(&bytes, &facts, &VerifierRequest::default());
                let report = checked.report;
                let verdict = format!("{:?}", report.verdict).to_lowercase();
                let first = report.checks.iter().find(|check| check.outcome != Outcome::Passed);
                let said = first.map_or_else(String::new, |check| format!("{}: {}", check.check, check.code));
                writeln!(table, "{:72} {verdict:9} {said}", format!("{name} (presentation)")).unwrap();
            } else {
                line(&mut table, &name, &alone(&bytes, facts));
            }
        }
    }
    insta::assert_snapshot!(table);
}
