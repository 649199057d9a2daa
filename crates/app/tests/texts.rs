//! Texts: every message that the program names exists, in every language.

use crate::invariants::{files, literals_after};
use cairn_platform::text::Language;

#[test]
fn every_message_that_is_named_exists_in_every_language() {
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
