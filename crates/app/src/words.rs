//! The words of pages and letters: one folder a language, `text/LANG/NAME.ftl`. They are part of the program;
//! a build for development reads them from their folder at each start, so that a changed word needs no compile.

use cairn_platform::text::{self, Language, Messages};

#[cfg(not(debug_assertions))]
#[derive(rust_embed::RustEmbed)]
#[folder = "text/"]
struct Files;

/// Hands the words to the platform.
pub fn install() {
    text::install(messages);
}

#[cfg(not(debug_assertions))]
fn messages(language: Language) -> Messages {
    let inside = |path: &str| path.strip_prefix(language.code())?.strip_prefix('/').map(ToOwned::to_owned);
    let text = |path: &str| {
        let file = Files::get(path).expect("the list names what is there");
        String::from_utf8(file.data.into_owned()).expect("our own words are UTF-8")
    };
    Files::iter().filter_map(|path| Some((inside(&path)?, text(&path)))).collect()
}

/// # Panics
///
/// When the folder cannot be read: this build only runs where it was made.
#[cfg(debug_assertions)]
fn messages(language: Language) -> Messages {
    let folder = format!("{}/text/{}", env!("CARGO_MANIFEST_DIR"), language.code());
    let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("reading {folder}: {e}"));
    let mut paths: Vec<_> = files.map(|file| file.expect("a file of words").path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|e| panic!("reading {}: {e}", path.display()));
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text)
    };
    paths.iter().map(read).collect()
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
        // what checks say are sentences of the crate, in English there
        let extra: Vec<_> = only(&de, &en).into_iter().filter(|k| !k.starts_with("said-")).collect();
        assert_eq!(extra, Vec::<String>::new(), "missing in English");
    }
}
