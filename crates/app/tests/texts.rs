//! Texts: every message that the program names exists, in every language.

use crate::invariants::{files, literals_after};
use cairn_platform::text::{Language, refusal_key};

#[test]
fn every_message_that_is_named_exists_in_every_language() {
    cairn::words::install();
    let mut missing = vec![];
    let mut seen = 0;
    for file in files(&["crates/app/src", "crates/app/ui", "crates/platform/src"], &["rs", "html"]) {
        for call in [".t(", ".t1(", ".t2(", ".n(", ".text(", ".count("] {
            for key in literals_after(&file.text, call) {
                seen += 1;
                for language in [Language::En, Language::De].iter().filter(|l| !l.has(&key)) {
                    missing.push(format!("{}: {key} ({})", file.path, language.code()));
                }
            }
        }
    }
    assert!(seen > 50, "only {seen} keys were found; has the way to ask for texts changed?");
    assert!(missing.is_empty(), "messages are missing:\n{}", missing.join("\n"));
}

/// Who speaks to programs only, which are told in English.
fn is_for_programs(path: &str) -> bool {
    path.ends_with("/api.rs")
        || path.contains("/web/api/")
        || [
            "http/call.rs",
            "http/idempotency.rs",
            "http/shape.rs",
            "actions/src/idempotency/mod.rs",
            "actions/src/award/mod.rs",
        ]
        .iter()
        .any(|end| path.ends_with(end))
}

/// The text literals behind a place in a source, up to the end of the statement.
fn literals(source: &str) -> Vec<String> {
    let (mut out, mut rest) = (vec![], source);
    while let Some(start) = rest.find(['"', ';']) {
        if rest[start..].starts_with(';') {
            break;
        }
        let (mut text, mut end, mut escaped) = (String::new(), None, false);
        for (at, c) in rest[start + 1..].char_indices() {
            match (escaped, c) {
                (true, '\n') => text.push('\n'),
                (true, c) => text.push(c),
                (false, '\\') => {
                    escaped = true;
                    continue;
                }
                (false, '"') => {
                    end = Some(start + 1 + at + 1);
                    break;
                }
                (false, c) => text.push(c),
            }
            escaped = false;
        }
        // a line that goes on is one line
        let lines: Vec<&str> = text.split('\n').map(str::trim_start).collect();
        out.push(lines.concat());
        let Some(end) = end else { break };
        rest = &rest[end..];
    }
    out
}

/// Sentences by which rules refuse, as they stand in sources.
fn refusals(text: &str, is_rule: bool) -> Vec<String> {
    let ways = [
        "refused(",
        "Refused(",
        "Conflict(",
        "TooLarge(",
        "Forbidden(",
        "invalid(",
        "FieldError::new(",
        "say(",
    ];
    let ways: &[&str] = if is_rule { &["#[error("] } else { &ways };
    let mut out = vec![];
    for way in ways {
        for (at, _) in text.match_indices(way) {
            let found = literals(&text[at..]);
            // a field's name, then the sentence
            out.extend(found.into_iter().find(|literal| literal.trim().contains(' ')));
        }
    }
    out
}

/// With `{name}` as what it will be: a number, or something in quotation marks.
fn as_told(literal: &str) -> String {
    let mut out = String::new();
    let mut rest = literal;
    while let Some((before, inside)) = rest.split_once('{') {
        out.push_str(before);
        out.push('7');
        rest = inside.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// The class: a rule that refuses with a sentence has that sentence in every language.
#[test]
fn every_refusal_of_a_person_is_told_in_german() {
    cairn::words::install();
    let mut missing = std::collections::BTreeSet::new();
    for folder in ["value", "domain", "platform", "actions", "app"] {
        let is_rule = ["value", "domain"].contains(&folder);
        for file in crate::invariants::files(&[&format!("crates/{folder}/src")], &["rs"]) {
            if is_for_programs(&file.path) {
                continue;
            }
            for sentence in refusals(&file.text, is_rule) {
                let told = as_told(&sentence);
                // what is written of errors for the log
                if file.path.ends_with("actions/src/error.rs") || sentence.contains(":?}") {
                    continue;
                }
                // its second half is a sentence of its own
                if told.starts_with("the quiz “7” has 7") || told.starts_with("the rubric of “7” has 7")
                {
                    continue;
                }
                if Language::De.refusal(&told) == told {
                    let key = refusal_key(&told).0;
                    missing.insert(format!("{}: {key} = {sentence}", file.path));
                }
            }
        }
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "no German for\n{}", missing.join("\n"));
}

#[test]
fn a_refusal_without_words_is_found() {
    let found = refusals(
        "return Err(Error::invalid(\"name\", \"give a \\\n  name\")); let x = \"no sentence at all\";",
        false,
    );
    assert_eq!(found, ["give a name"]);
    assert_eq!(refusals("#[error(\"too long: {0}\")] A(u8), B", true), ["too long: {0}"]);
    assert_eq!(as_told("“{name}” has {0} parts"), "“7” has 7 parts");
}
