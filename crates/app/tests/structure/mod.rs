//! The walls of the house that crates alone do not make: no import circle across folders, in any crate.

mod graph;

use crate::invariants::files;
use graph::{Sources, circles};
use std::collections::BTreeSet;

/// What SQL in Rust cannot do without.
const SQL: &[&str] = &["sqlx::"];

/// The crates, each with the folder of its sources.
const CRATES: &[&str] = &[
    "crates/value/src",
    "crates/credential/src",
    "crates/domain/src",
    "crates/platform/src",
    "crates/actions/src",
    "crates/app/src",
];

/// The product's part of one crate.
fn sources(folder: &str) -> Sources {
    let inner = |path: &str| path.strip_prefix(folder).map(|p| p.trim_start_matches('/').to_owned());
    files(&[folder], &["rs"]).into_iter().filter_map(|f| Some((inner(&f.path)?, f.text))).collect()
}

/// Files that stood in such circles when this was written. A number may only become smaller.
const KNOWN: &[(&str, usize)] = &[("crates/credential/src", 56)];

#[test]
fn no_circle_of_imports_crosses_folders() {
    for folder in CRATES {
        let circles = circles(&sources(folder));
        let known = KNOWN.iter().find(|(name, _)| name == folder).map_or(0, |(_, files)| *files);
        let told: Vec<String> = circles.iter().map(|circle| circle.join(", ")).collect();
        assert_eq!(
            circles.iter().map(Vec::len).sum::<usize>(),
            known,
            "files of {folder} that lead to each other lie in different folders (fewer? then lower the number):\n{}",
            told.join("\n"),
        );
    }
}

/// Files whose product part holds one of the words.
fn files_with(folder: &str, words: &[&str]) -> BTreeSet<String> {
    let holds = |text: &str| words.iter().any(|word| text.contains(word));
    sources(folder).into_iter().filter(|(_, text)| holds(text)).map(|(path, _)| path).collect()
}

/// A list that may only shrink: what it names and is mended is taken out of it.
#[track_caller]
fn only(known: &[&str], found: &BTreeSet<String>, why: &str) {
    let known: BTreeSet<String> = known.iter().map(|k| (*k).to_owned()).collect();
    assert_eq!(*found, known, "{why}; and what is mended leaves the list");
}

#[test]
fn no_sql_stands_above_the_actions() {
    let known = [
        "command/audit.rs",
        "command/doctor.rs",
        "seed/story.rs",
        "web/account/settings.rs",
        "web/api/award.rs",
        "web/api/store.rs",
        "web/credential/page.rs",
        "web/demo/mod.rs",
        "web/organization/page.rs",
        "web/review/page.rs",
        "web/system/mod.rs",
    ];
    only(&known, &files_with("crates/app/src", SQL), "pages, API and commands call actions");
}

#[test]
fn writing_transactions_begin_in_actions() {
    let known = [
        "seed/mod.rs",
        "web/account/access.rs",
        "web/account/proof.rs",
        "web/account/settings.rs",
        "web/api/award.rs",
        "web/demo/mod.rs",
        "web/organization/member.rs",
        "web/organization/page.rs",
    ];
    only(&known, &files_with("crates/app/src", &[".db.begin()"]), "a change is an action");
}

#[test]
fn sql_stands_in_stores() {
    let known = [
        "account/mod.rs",
        "account/session.rs",
        "credential/key.rs",
        "credential/status.rs",
        "enrollment/mod.rs",
        "error.rs",
        "idempotency/mod.rs",
        "migration_step.rs",
        "organization/mod.rs",
        "verification/mod.rs",
    ];
    let mut found = files_with("crates/actions/src", SQL);
    found.retain(|path| !path.ends_with("store.rs") && !path.contains("/store/"));
    only(&known, &found, "a subject's SQL stands in its store");
}

#[test]
fn a_store_is_private_to_its_subject() {
    let known = [
        "web/account/access.rs",
        "web/account/export.rs",
        "web/account/page.rs",
        "web/account/proof.rs",
        "web/account/settings.rs",
        "web/achievement/page.rs",
        "web/achievement/version.rs",
        "web/api/credential.rs",
        "web/api/review.rs",
        "web/catalog/front.rs",
        "web/catalog/list.rs",
        "web/catalog/show.rs",
        "web/credential/manage.rs",
        "web/credential/page.rs",
        "web/enrollment/page.rs",
        "web/organization/member.rs",
        "web/organization/page.rs",
        "web/review/page.rs",
        "web/roster/api.rs",
        "web/roster/page.rs",
    ];
    let mut found = files_with("crates/app/src", &["::store::", "::store;", " store::", "{store", ", store"]);
    for (path, text) in sources("crates/actions/src") {
        let subject = path.split('/').next().unwrap_or("").to_owned();
        for (at, _) in text.match_indices("::store") {
            let owner = text[..at].rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
            if !["crate", "super", "self", &subject].contains(&owner) {
                found.insert(path.clone());
            }
        }
    }
    only(&known, &found, "others call a subject's actions, not its store");
}

/// Lines above 120 columns.
fn long_lines(files: &[crate::invariants::File]) -> Vec<String> {
    let long = |f: &crate::invariants::File| -> Vec<String> {
        let lines = f.text.lines().enumerate().filter(|(_, line)| line.chars().count() > 120);
        lines.map(|(n, _)| format!("{}:{}", f.path, n + 1)).collect()
    };
    files.iter().flat_map(long).collect()
}

#[test]
fn lines_of_templates_and_styles_stay_short() {
    let folders = ["crates/app/src", "crates/app/ui", "crates/platform/templates"];
    let long = long_lines(&files(&folders, &["html", "css"]));
    assert!(
        long.is_empty(),
        "lines above 120 columns; take what appears twice out as a part:\n{}",
        long.join("\n")
    );
}

#[test]
fn an_offence_is_seen() {
    let texts = |text: &str| SQL.iter().any(|word| text.contains(word));
    assert!(texts("sqlx::query(sql)") && texts("use sqlx::Row as _;") && !texts("let sqlx = 1;"));
    let found: BTreeSet<String> = [String::from("web/a.rs")].into();
    assert!(std::panic::catch_unwind(|| only(&[], &found, "")).is_err(), "one more than is known");
    assert!(std::panic::catch_unwind(|| only(&["web/a.rs", "web/b.rs"], &found, "")).is_err(), "one less");
    let file = |text: String| crate::invariants::File { path: "a.html".into(), text };
    assert_eq!(long_lines(&[file(format!("short\n{}", "x".repeat(121)))]), ["a.html:2"]);
    assert!(long_lines(&[file("ä".repeat(120))]).is_empty(), "columns are letters");
}
