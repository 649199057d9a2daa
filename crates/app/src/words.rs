//! The words of pages and letters: one folder a language, `text/LANG/NAME.ftl`. They are part of the program;
//! a build for development reads them from their folder at each start, so that a changed word needs no compile.

use cairn_platform::text::{self, Language, Messages};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The message files, one a subject.
        pub const FILES: &[&str] = &[$($name),*];
        #[cfg(not(debug_assertions))]
        const TEXTS: [&[&str]; Language::ALL.len()] = [
            &[$(include_str!(concat!("../text/en/", $name, ".ftl"))),*],
            &[$(include_str!(concat!("../text/de/", $name, ".ftl"))),*],
        ];
    };
}
files!(
    "base",
    "word",
    "mail",
    "letter_why",
    "account",
    "organization",
    "confirmation",
    "achievement",
    "catalog",
    "enrollment",
    "submission",
    "review",
    "credential",
    "verification",
    "roster",
    "upload",
    "api",
    "audit",
    "privacy",
    "access",
    "limit",
    "awarding",
    "compromise",
    "correction",
);

/// Hands the words to the platform.
pub fn install() {
    text::install(messages);
}

#[cfg(not(debug_assertions))]
fn messages(language: Language) -> Messages {
    FILES.iter().copied().zip(TEXTS[language as usize].iter().map(|text| (*text).to_owned())).collect()
}

/// # Panics
///
/// When a file is missing: this build only runs where it was made.
#[cfg(debug_assertions)]
fn messages(language: Language) -> Messages {
    let read = |name: &&'static str| {
        let file = format!("{}/text/{}/{name}.ftl", env!("CARGO_MANIFEST_DIR"), language.code());
        (*name, std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("reading {file}: {e}")))
    };
    FILES.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(language: Language) -> BTreeSet<String> {
        let texts = messages(language);
        let is_key = |l: &&str| l.starts_with(|c: char| c.is_ascii_lowercase());
        let lines = texts.iter().flat_map(|(_, text)| text.lines()).filter(is_key);
        lines.filter_map(|l| l.split_once('=').map(|(k, _)| k.trim().to_owned())).collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let (en, de) = (keys(Language::En), keys(Language::De));
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
        assert!(en.len() > 50);
        assert_eq!(only(&en, &de), Vec::<String>::new(), "missing in German");
        // refusals and what checks say are sentences of the crates, in English there
        let extra: Vec<_> =
            only(&de, &en).into_iter().filter(|k| !k.starts_with("no-") && !k.starts_with("said-")).collect();
        assert_eq!(extra, Vec::<String>::new(), "missing in English");
    }
}
