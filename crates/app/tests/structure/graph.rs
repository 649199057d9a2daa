//! Which file of a crate names which, read off the text, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};

/// The files of one crate, from its `src`: path and text without comments and tests.
pub type Sources = BTreeMap<String, String>;

/// Words of a path, the file's own modules put in front: `crate::a::b` gives `a`, `b`.
type Path = Vec<String>;

/// The module that a file is: `a/mod.rs` and `a.rs` are `a`, `lib.rs` is the root (`main.rs` is a crate of its own).
fn module(file: &str) -> Path {
    let plain = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if plain == "lib" {
        return vec![];
    }
    plain.split('/').map(String::from).collect()
}

/// The folder that a file lies in.
pub fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Everything that a file names by `crate::`, `super::`, `self::` or one of its own modules.
fn named(text: &str, own: &[String]) -> Vec<Path> {
    let mut found = vec![];
    let children: BTreeSet<&str> = text
        .lines()
        .filter_map(|l| {
            l.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix("mod ")
        })
        .filter_map(|l| l.strip_suffix(';'))
        .collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (at, _) in text.match_indices("::") {
        let head = text[..at].rsplit(|c| !is_word(c)).next().unwrap_or("");
        let before = text[..at - head.len()].trim_end();
        if before.ends_with("::") || head.is_empty() {
            continue;
        }
        let start: Path = match head {
            "crate" => vec![],
            "self" => own.to_vec(),
            "super" => own[..own.len().saturating_sub(1)].to_vec(),
            child if children.contains(child) => [own, &[child.to_owned()]].concat(),
            _ => continue,
        };
        tails(&text[at + 2..], start, &mut found);
    }
    found
}

/// Follows a path, through braces too.
fn tails(rest: &str, start: Path, found: &mut Vec<Path>) {
    let rest = rest.trim_start();
    if let Some(group) = rest.strip_prefix('{') {
        for item in items(group) {
            tails(item, start.clone(), found);
        }
        return;
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    let mut path = start;
    match word {
        "" | "self" => {}
        "super" => {
            path.pop();
        }
        word => path.push(word.to_owned()),
    }
    match rest.strip_prefix("::") {
        Some(rest) => tails(rest, path, found),
        None => found.push(path),
    }
}

/// What stands between this brace and its end, at commas.
fn items(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut out) = (0, 0, vec![]);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                out.push(&group[from..at]);
                return out.into_iter().filter(|i| !i.trim().is_empty()).collect();
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    out
}

/// Which file names which.
pub fn arrows(sources: &Sources) -> BTreeMap<&str, BTreeSet<&str>> {
    let modules: BTreeMap<Path, &str> = sources.keys().map(|file| (module(file), file.as_str())).collect();
    let file_of = |path: &Path| (0..=path.len()).rev().find_map(|n| modules.get(&path[..n]).copied());
    let mut out: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (file, text) in sources {
        let targets = named(text, &module(file)).iter().filter_map(file_of).filter(|t| t != file).collect();
        out.insert(file, targets);
    }
    out
}

/// Groups of files each of which leads to all others of its group, and which lie in more than one folder.
pub fn circles(sources: &Sources) -> Vec<Vec<String>> {
    let arrows = arrows(sources);
    let reach: BTreeMap<&str, BTreeSet<&str>> = arrows.keys().map(|f| (*f, reached(&arrows, f))).collect();
    let mut seen = BTreeSet::new();
    let mut found = vec![];
    for file in arrows.keys() {
        if !seen.insert(*file) {
            continue;
        }
        let group: Vec<&str> = reach[file].iter().filter(|f| reach[*f].contains(file)).copied().collect();
        seen.extend(group.iter().copied());
        let folders: BTreeSet<&str> = group.iter().map(|f| folder(f)).collect();
        if folders.len() > 1 {
            found.push(group.into_iter().map(String::from).collect());
        }
    }
    found
}

fn reached<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for next in &arrows[file] {
            if found.insert(*next) {
                open.push(next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn what_is_named_is_found_in_every_spelling() {
        let files = sources(&[
            ("lib.rs", "pub mod a;\npub mod b;\nfn f() { b::g() }"),
            ("a/mod.rs", "mod inner;\nuse crate::{b::{self, C}, d};\npub use inner::X;"),
            ("a/inner.rs", "fn f() { super::super::d::go(); crate::a::f() }"),
            ("b.rs", "use self::deep::Y;\nmod deep;"),
            ("b/deep.rs", ""),
            ("d.rs", "fn f(x: other::b::T) {}"),
        ]);
        let found = arrows(&files);
        let check =
            |file: &str, want: &[&str]| assert_eq!(found[file], want.iter().copied().collect(), "{file}");
        check("lib.rs", &["b.rs"]);
        check("a/mod.rs", &["a/inner.rs", "b.rs", "d.rs"]);
        check("a/inner.rs", &["a/mod.rs", "d.rs"]);
        check("b.rs", &["b/deep.rs"]);
        check("d.rs", &[]);
    }

    #[test]
    fn a_circle_across_folders_is_found() {
        let round = [("a/mod.rs", "use crate::b::c::T;"), ("b/mod.rs", ""), ("b/c.rs", "use crate::a;")];
        assert_eq!(circles(&sources(&round)), [["a/mod.rs", "b/c.rs"]]);
        let within = [("a/mod.rs", "mod c;\nuse c::T;"), ("a/c.rs", "use super::U;")];
        assert_eq!(circles(&sources(&within)), Vec::<Vec<String>>::new());
        let down = [("a/mod.rs", "use crate::b::c::T;"), ("b/mod.rs", ""), ("b/c.rs", "use super::D;")];
        assert_eq!(circles(&sources(&down)), Vec::<Vec<String>>::new());
    }
}
