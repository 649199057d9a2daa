//! Letters: every kind that is written has its words in every language, and no words are without a kind.

use crate::invariants::files;
use cairn_domain::award::Change;
use cairn_platform::text::Language;
use std::collections::BTreeSet;

/// Words that can name a kind: letters, digits and hyphens. Kinds of events have a dot.
fn kinds_in(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('"').collect();
    let is_kind = |t: &&&str| {
        t.starts_with(|c: char| c.is_ascii_lowercase())
            && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    parts.iter().skip(1).step_by(2).filter(is_kind).map(|t| (*t).to_owned()).collect()
}

/// Behind each place of a word, what stands up to its end.
fn behind<'a>(text: &'a str, word: &str, end: &str) -> Vec<&'a str> {
    text.match_indices(word).map(|(at, _)| text[at + word.len()..].split(end).next().unwrap_or("")).collect()
}

/// The kinds that a source gives to letters: in the letter itself, to a function that writes it, or as the value that is
/// named so.
fn kinds(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for letter in behind(text, "= Letter {", "};") {
        for kind in behind(letter, " kind: ", ",") {
            found.extend(kinds_in(kind));
        }
    }
    for call in ["letter::to_all(", "tell_holder(", "tell_owners("] {
        // not where the function itself stands
        for call in behind(text, call, ";").into_iter().filter(|call| !call.contains(": &mut Conn")) {
            found.extend(kinds_in(call).into_iter().next());
        }
    }
    if text.contains("letter") {
        for name in ["let kind = ", "let letter = ", "let (kind, letter) = ", "let (kind, link) = "] {
            for value in behind(text, name, "};").into_iter().filter(|value| !value.starts_with("Letter")) {
                let is_choice = ["match ", "if "].iter().any(|word| value.starts_with(word));
                let value = if is_choice { value } else { value.split(';').next().unwrap_or("") };
                found.extend(kinds_in(value));
            }
        }
        for body in
            behind(text, "_kind(", "\n}").into_iter().filter(|b| b.contains("-> Result<&'static str>"))
        {
            found.extend(behind(body, "Ok(", ")").into_iter().flat_map(kinds_in));
        }
        for body in behind(text, "fn letter(", "\n}") {
            found.extend(kinds_in(body));
        }
    }
    found
}

/// The kinds of letters with a link that pages ask for.
fn asked(text: &str) -> BTreeSet<String> {
    behind(text, "link::send(", ";")
        .into_iter()
        .filter_map(|call| kinds_in(call).into_iter().next())
        .collect()
}

/// All that is written.
fn written() -> BTreeSet<String> {
    let sources = files(&["crates/actions/src"], &["rs"]);
    let mut found: BTreeSet<String> = sources.iter().flat_map(|f| kinds(&f.text)).collect();
    found.extend(files(&["crates/app/src"], &["rs"]).iter().flat_map(|f| asked(&f.text)));
    found.extend([Change::Suspend, Change::Reinstate, Change::Revoke].map(|c| c.name().to_owned()));
    found
}

/// What a kind lacks.
fn missing(kind: &str) -> Vec<String> {
    let keys = ["subject", "text", "why"].map(|part| format!("mail-{kind}-{part}"));
    let lacks = |key: &String| [Language::En, Language::De].iter().any(|language| !language.has(key));
    keys.into_iter().filter(lacks).collect()
}

#[test]
fn every_kind_of_letter_has_its_words_and_all_words_a_kind() {
    cairn::words::install();
    let written = written();
    let missing: Vec<String> = written.iter().flat_map(|kind| missing(kind)).collect();
    assert!(missing.is_empty(), "letters without words: {missing:?}");
    let worded: BTreeSet<String> = files(&["crates/app/text"], &["ftl"])
        .iter()
        .flat_map(|f| f.text.lines())
        .filter_map(|l| Some(l.strip_prefix("mail-")?.split_once("-subject =")?.0.to_owned()))
        .collect();
    assert_eq!(written, worded, "kinds that are written, and kinds that have words");
}

#[test]
fn a_kind_without_words_is_seen() {
    cairn::words::install();
    assert_eq!(missing("greeting"), ["mail-greeting-subject", "mail-greeting-text", "mail-greeting-why"]);
    assert!(missing("award").is_empty());
    let check = |text: &str, want: &[&str]| {
        assert_eq!(kinds(text), want.iter().map(|k| (*k).to_owned()).collect(), "{text}");
    };
    check(
        "let letter = Letter {\n    id: format!(\"a-{b}\"),\n    kind: \"greeting\",\n    };",
        &["greeting"],
    );
    check("// letter\nlet kind = match a { A => \"one\", B => \"two\" };", &["one", "two"]);
    check("letter::to_all(&mut tx, app, \"changed\", &values).await?;", &["changed"]);
    assert!(asked("link::send(&app, LinkKind::Verify, \"greeting\", &to).await?;").contains("greeting"));
    check("let event = Event { kind: \"member.added\" };", &[]);
}
