//! What checks find: every code that the verifier can give has words, and no words are without a code. The checker gives
//! its English sentence with each code; other languages say it in `said-CODE`.

use crate::invariants::files;
use cairn_credential::proof::ProofError;
use cairn_domain::award::State;
use cairn_domain::standing::Caution;
use cairn_platform::text::Language;
use std::collections::BTreeSet;

/// What looks like a code in the checker and is none: names of checks, and members of documents.
const NAMES: &[&str] = &[
    "credential_schema",
    "ended_keys",
    "issued_on",
    "issuer_name",
    "issuer_standing",
    "jwks_uri",
    "kept_back",
    "not_looked_at",
    "other_badge",
    "other_proofs",
    "related_resource",
    "sd_jwt",
    "snake_case",
    "status_list",
];
/// What stands before a code of one word.
const BEFORE: &[&str] = &[
    "Outcome::Passed, ",
    "Outcome::Failed, ",
    "Outcome::Warning, ",
    "Outcome::Unknown, ",
    "failed(",
    "unknown(",
    "cannot_tell(",
    "(\"proof\", ",
    "(\"status\", ",
];
/// Names of checks, which stand there too.
const CHECKS: &[&str] = &["issuer", "proof", "schema", "status", "subject"];

/// The codes that a source gives.
fn codes(text: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (mut found, mut from) = (BTreeSet::new(), 0);
    while let Some(start) = text[from..].find('"').map(|at| from + at) {
        let rest = &text[start + 1..];
        let word = rest.split(|c| !is_word(c)).next().unwrap_or("");
        let is_whole = rest[word.len()..].starts_with('"');
        let end = rest.char_indices().scan(false, |escaped, (at, c)| {
            let ends = c == '"' && !*escaped;
            *escaped = c == '\\' && !*escaped;
            Some((at, ends))
        });
        from = start + 2 + end.into_iter().find(|(_, ends)| *ends).map_or(rest.len() - 1, |(at, _)| at);
        let is_one = word.bytes().all(|b| b.is_ascii_lowercase()) && !CHECKS.contains(&word);
        let parts = word.contains('_') && !word.starts_with('_') && !word.ends_with('_');
        let case =
            word.chars().all(|c| !c.is_ascii_uppercase()) || word.chars().all(|c| !c.is_ascii_lowercase());
        let before = text[..start].trim_end_matches(|c: char| c.is_whitespace());
        let before = &text[..before.len() + usize::from(before.len() < start)];
        let is_behind = BEFORE.iter().any(|b| before.ends_with(b) || before.trim_end().ends_with(b));
        if is_whole
            && !word.is_empty()
            && !NAMES.contains(&word)
            && ((parts && case) || (is_one && is_behind))
        {
            found.insert(word.to_owned());
        }
    }
    found
}

/// As a part of a message's key.
fn key(code: &str) -> String {
    code.replace('_', "-").to_ascii_lowercase()
}

/// All codes of the verifier.
fn given() -> BTreeSet<String> {
    let sources = files(&["crates/credential/src/check", "crates/actions/src/verification"], &["rs"]);
    let mut found: BTreeSet<String> = sources.iter().flat_map(|f| codes(&f.text)).collect();
    // those of other enums
    found.extend([State::Suspended, State::Revoked, State::Superseded].map(|s| s.name().to_owned()));
    found.extend([ProofError::Challenge, ProofError::Domain].map(|e| e.code().to_owned()));
    found.insert("STATUS_LIST_LENGTH_ERROR".to_owned());
    found
}

/// Keys of messages behind `said-`, of one language.
fn said(language: &str) -> BTreeSet<String> {
    let files = files(&[&format!("crates/app/text/{language}")], &["ftl"]);
    let lines = files.iter().flat_map(|f| f.text.lines());
    lines.filter_map(|l| Some(l.strip_prefix("said-")?.split_once(" =")?.0.to_owned())).collect()
}

/// Messages that no code of a check has.
fn without_code(said: &BTreeSet<String>, codes: &BTreeSet<String>) -> Vec<String> {
    let standing = [Caution::Unconfirmed, Caution::NotLookedAt, Caution::Suspended]
        .map(|caution| format!("issuer-standing-{}", key(caution.name())));
    let has_code = |said: &str| {
        codes
            .iter()
            .any(|code| said == key(code) || CHECKED.iter().any(|c| said == format!("{c}-{}", key(code))))
    };
    said.iter().filter(|s| !standing.contains(s) && !has_code(s)).cloned().collect()
}

/// Checks that have words of their own for a code.
const CHECKED: &[&str] = &["dates", "issuer", "proof", "status"];

#[test]
fn every_code_of_a_check_has_words_and_all_words_a_code() {
    cairn::words::install();
    let given = given();
    assert!(given.len() > 100, "only {} codes were found", given.len());
    let missing: Vec<&String> =
        given.iter().filter(|code| !Language::De.has(&format!("said-{}", key(code)))).collect();
    assert!(missing.is_empty(), "no German for {missing:?}");
    for language in ["en", "de"] {
        assert_eq!(without_code(&said(language), &given), Vec::<String>::new(), "{language}");
    }
}

#[test]
fn a_code_without_words_and_words_without_a_code_are_seen() {
    let found = codes(
        "Check::new(\"proof\", Outcome::Failed, \"made_up\", \"Is made up.\"); failed(\"lost\", message)",
    );
    assert_eq!(found.iter().collect::<Vec<_>>(), ["lost", "made_up"]);
    assert!(
        codes("text(map.get(\"issuer\")), \"said \\\"so\\\" of it_all\", NAME == \"credential_schema\"")
            .is_empty()
    );
    assert!(!Language::De.has(&format!("said-{}", key("made_up"))));
    let said = ["made-up", "proof-made-up", "dates-no-end"].map(String::from).into();
    assert_eq!(without_code(&said, &found), ["dates-no-end"]);
}
