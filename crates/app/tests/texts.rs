//! Texts: every message that the program names exists, in every language.

use crate::invariants::{files, literals_after};
use cairn_platform::text::Language;
use std::collections::{BTreeMap, BTreeSet};

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

/// The end of a call, by its brackets; what stands in quotation marks counts for nothing.
fn end_of_call(text: &str) -> usize {
    let (mut depth, mut in_text, mut escaped) = (0_i32, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_text,
            '"' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// What stands in quotation marks.
fn literals(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

/// The parts of a call, each without its white space: `("a", f(b, c))` has two.
fn parts(call: &str) -> Vec<&str> {
    let inner = &call[1..call.len().saturating_sub(1).max(1)];
    let (mut found, mut depth, mut in_text, mut start) = (vec![], 0, false, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '"' => in_text = !in_text,
            '(' | '[' | '{' if !in_text => depth += 1,
            ')' | ']' | '}' if !in_text => depth -= 1,
            ',' if !in_text && depth == 0 => {
                found.push(inner[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(inner[start..].trim());
    found.retain(|part| !part.is_empty());
    found
}

/// A code with the names of its arguments.
type Code = (String, BTreeSet<String>);

/// The codes by which sources refuse: in calls, and in enums of refusals.
fn codes(text: &str) -> Vec<Code> {
    let mut found = vec![];
    // which part of the call is the refusal
    let ways = [
        ("refused(", 0),
        ("Refused(", 0),
        ("conflict(", 0),
        ("Conflict(", 0),
        ("TooLarge(", 0),
        ("Forbidden(", 0),
        ("Malformed(", 0),
        ("UnknownKind(", 0),
        ("invalid(", 1),
        ("FieldError::new(", 1),
        ("say(", 1),
    ];
    for (way, place) in ways {
        for (at, _) in text.match_indices(way) {
            // why a document was not fetched: the checker's matter
            if text[..at].ends_with("FetchOutcome::") {
                continue;
            }
            let call = &text[at + way.len() - 1..];
            let call = &call[..end_of_call(call)];
            let part = parts(call).get(place).copied().unwrap_or("");
            if part.starts_with('"') {
                found.extend(literals(part).first().map(|code| ((*code).to_owned(), BTreeSet::new())));
            }
        }
    }
    for way in ["Refusal::new(", "Self::new("] {
        for (at, _) in text.match_indices(way) {
            let mut rest = &text[at + way.len() - 1..];
            let end = end_of_call(rest);
            let Some(code) = literals(&rest[..end]).first().map(|c| (*c).to_owned()) else { continue };
            let mut names = BTreeSet::new();
            rest = &rest[end..];
            while let Some(call) = rest.trim_start().strip_prefix(".with") {
                let end = end_of_call(call);
                names.extend(literals(&call[..end]).first().map(|name| (*name).to_owned()));
                rest = &call[end..];
            }
            found.push((code, names));
        }
    }
    for block in text.split("refusals! {").skip(1) {
        let block = block.split("\n}").next().unwrap_or("");
        for (left, right) in block.lines().filter_map(|line| line.split_once(" = \"")) {
            let names = left.split(['(', ',']).filter_map(|part| part.split_once(':'));
            let names = names.map(|(name, _)| name.trim().to_owned()).collect();
            found.push((right.split('"').next().unwrap_or("").to_owned(), names));
        }
    }
    found
}

/// The codes of all sources; one that is given in several ways has the arguments that each of them has.
fn all_codes() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in ["value", "domain", "platform", "tools", "actions", "app"] {
        for file in files(&[&format!("crates/{folder}/src")], &["rs"]) {
            // the macro's own text, and other refusals than ours
            let is_macro = file.path.ends_with("value/src/refusal.rs");
            for (code, names) in codes(&file.text).into_iter().filter(|_| !is_macro) {
                let known = all.entry(code).or_insert_with(|| names.clone());
                known.retain(|name| names.contains(name));
            }
        }
    }
    all
}

/// The messages of refusals in a language, by code: their text.
fn worded(language: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in files(&[&format!("crates/app/text/{language}")], &["ftl"]) {
        for line in file.text.lines() {
            if let Some((code, words)) = line.strip_prefix("no-").and_then(|line| line.split_once(" =")) {
                found.insert(code.to_owned(), words.to_owned());
            }
        }
    }
    found
}

/// `{ $name }` in a message.
fn variables(words: &str) -> BTreeSet<String> {
    let names = words.split('$').skip(1);
    names
        .map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("").into())
        .collect()
}

/// What does not fit: a code without words, words without a code, words about what the refusal does not tell.
fn unfit(codes: &BTreeMap<String, BTreeSet<String>>, words: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = vec![];
    for (code, names) in codes {
        match words.get(code) {
            None => found.push(format!("{code}: no words")),
            Some(words) if !variables(words).is_subset(names) => {
                found.push(format!("{code}: its words name what it does not tell: {words}"));
            }
            Some(_) => {}
        }
    }
    found.extend(
        words.keys().filter(|code| !codes.contains_key(*code)).map(|code| format!("{code}: no such code")),
    );
    found
}

/// The class: a refusal is a code with arguments, and its words stand in every language.
#[test]
fn every_refusal_has_its_words_and_no_words_are_without_one() {
    let codes = all_codes();
    assert!(codes.len() > 150, "only {} codes were found; is there another way to refuse?", codes.len());
    for language in Language::ALL {
        let found = unfit(&codes, &worded(language.code()));
        assert!(found.is_empty(), "{}:\n{}", language.code(), found.join("\n"));
    }
}

#[test]
fn a_refusal_without_words_is_found() {
    let text =
        "return Err(Error::invalid(\"name\", \"name-empty\")); let x = \"none\"; Error::invalid(\"a\", b);
        Error::refused(Refusal::new(\"tree-quiz\").with(\"title\", f(a)).with(\"fault\", b))";
    let named =
        |code: &str, names: &[&str]| (code.to_owned(), names.iter().map(|n| (*n).to_owned()).collect());
    assert_eq!(codes(text), [named("name-empty", &[]), named("tree-quiz", &["title", "fault"])]);
    assert_eq!(codes("Err(Error::refused(\"give a name\"))"), [named("give a name", &[])]);
    let block =
        "refusals! {\n    pub enum A {\n        Long(most: usize, of: u8) = \"text-long\",\n    }\n}\n";
    assert_eq!(codes(block), [named("text-long", &["most", "of"])]);
    let codes = BTreeMap::from([named("a", &["n"]), named("b", &[])]);
    let words = |list: &[(&str, &str)]| list.iter().map(|(c, w)| ((*c).into(), (*w).into())).collect();
    assert_eq!(unfit(&codes, &words(&[("a", "{ $n } and more"), ("b", "so")])), Vec::<String>::new());
    assert_eq!(unfit(&codes, &words(&[("a", "{ $m }"), ("c", "so")])).len(), 3);
}

/// Kinds of events that the sources record: "credential.issued".
fn event_kinds(text: &str) -> BTreeSet<String> {
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let ends = ["json", "key", "html", "rs", "ftl", "pdf", "org", "example", "toml", "csv", "keyed"];
    let is_kind = |literal: &&str| {
        let Some((what, happened)) = literal.split_once('.') else { return false };
        is_word(what) && is_word(happened) && !ends.contains(&happened) && what.len() > 1
    };
    // columns in SQL stand within longer literals
    literals(text).into_iter().filter(is_kind).map(ToOwned::to_owned).collect()
}

/// What happened is told by the audit log's page in words.
#[test]
fn every_event_has_its_words() {
    cairn::words::install();
    let mut missing = BTreeSet::new();
    let mut seen = 0;
    for file in files(&["crates/actions/src", "crates/platform/src"], &["rs"]) {
        if !file.text.contains("event::record") && !file.text.contains("record(") {
            continue;
        }
        for kind in event_kinds(&file.text) {
            seen += 1;
            let key = format!("event-{}", kind.replace(['.', '_'], "-"));
            for language in Language::ALL.iter().filter(|language| !language.has(&key)) {
                missing.insert(format!("{}: {key} ({})", file.path, language.code()));
            }
        }
    }
    assert!(seen > 40, "only {seen} kinds were found");
    assert!(missing.is_empty(), "no words for\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
    let found = event_kinds("kind: \"badge.lost\", file: \"a.json\", sql: \"SELECT a.b FROM c\"");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["badge.lost"]);
}
