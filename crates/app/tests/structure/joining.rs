//! Which functions of the actions write within a transaction that their caller has begun. No page sees them: an action
//! that a page calls begins its own, and change, event, letters and jobs are one.

use super::graph::Sources;
use std::collections::BTreeSet;

/// A function that is handed a connection.
struct Joining<'a> {
    /// The subject's folder.
    subject: &'a str,
    /// Its module: the file's name, or the subject's; all of a store are one.
    module: &'a str,
    name: &'a str,
    is_public: bool,
    body: &'a str,
}

/// By subject, module and name.
type Key = (String, String, String);

impl Joining<'_> {
    fn key(&self) -> Key {
        (self.subject.to_owned(), self.module.to_owned(), self.name.to_owned())
    }
}

/// What of the platform writes, by module and name.
const PLATFORM: &[(&str, &str)] = &[
    ("event", "record"),
    ("mail", "write"),
    ("job", "enqueue"),
    ("setting", "put"),
    ("setting", "once"),
    ("blob_use", "insert"),
    ("blob_use", "release"),
];

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The functions of the sources, which stand at the left and end with a bracket there.
fn functions(sources: &Sources) -> Vec<Joining<'_>> {
    let mut found = vec![];
    for (path, text) in sources {
        let subject = path.split('/').next().unwrap_or("").trim_end_matches(".rs");
        let stem = path.rsplit('/').next().unwrap_or("").trim_end_matches(".rs");
        let module = match stem {
            _ if path.contains("/store/") => "store",
            "mod" => subject,
            stem => stem,
        };
        for (at, start) in text.match_indices("async fn ") {
            let is_public = match text[..at].rsplit('\n').next() {
                Some("") => false,
                Some("pub ") => true,
                Some("pub(crate) " | "pub(super) ") => false,
                _ => continue,
            };
            let rest = &text[at + start.len()..];
            let rest = rest.split("\n}").next().unwrap_or(rest);
            let Some((head, body)) = rest.split_once('{') else { continue };
            if head.contains(": &mut Conn") {
                let name = head.split(|c| !is_word(c)).next().unwrap_or("");
                found.push(Joining { subject, module, name, is_public, body });
            }
        }
    }
    found
}

/// What a body calls, with the module that it is called by, if any.
fn calls(body: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    body.match_indices('(').filter_map(|(at, _)| {
        let before = &body[..at];
        let name = before.rsplit(|c| !is_word(c)).next().filter(|name| !name.is_empty())?;
        let module = before[..before.len() - name.len()].strip_suffix("::");
        Some((module.and_then(|m| m.rsplit(|c| !is_word(c)).next()), name))
    })
}

/// True when it writes, or calls what does.
fn writes(function: &Joining<'_>, known: &BTreeSet<Key>) -> bool {
    ["INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().any(|sql| function.body.contains(sql))
        || calls(function.body).any(|(module, name)| match module {
            None => {
                known.contains(&(function.subject.to_owned(), function.module.to_owned(), name.to_owned()))
            }
            Some("store") => {
                known.contains(&(function.subject.to_owned(), "store".to_owned(), name.to_owned()))
            }
            Some(module) => {
                PLATFORM.contains(&(module, name)) || known.iter().any(|(_, m, n)| m == module && n == name)
            }
        })
}

/// `module::name` of the functions outside stores that join a caller's transaction, write, and are seen by everybody.
pub fn open(sources: &Sources) -> BTreeSet<String> {
    let functions = functions(sources);
    let mut known = BTreeSet::new();
    loop {
        let more: Vec<Key> = functions
            .iter()
            .filter(|f| !known.contains(&f.key()) && writes(f, &known))
            .map(Joining::key)
            .collect();
        if more.is_empty() {
            break;
        }
        known.extend(more);
    }
    let seen = functions.iter().filter(|f| f.is_public && f.module != "store" && known.contains(&f.key()));
    seen.map(|f| format!("{}::{}", f.module, f.name)).collect()
}

/// Files of the program that call one of these, or any by the name of one that joins (`…_in`).
pub fn called(app: &Sources, open: &BTreeSet<String>) -> Vec<String> {
    let mut found = vec![];
    for (path, text) in app {
        for (module, name) in calls(text) {
            let Some(module) = module else { continue };
            if open.contains(&format!("{module}::{name}")) {
                found.push(format!("{path}: {module}::{name}"));
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
    fn who_joins_and_writes_is_found_through_others() {
        let files = [
            ("a/store.rs", "pub async fn put(\n    conn: &mut Conn,\n) {\n    \"INSERT INTO a\"\n}"),
            ("a/mod.rs", "pub async fn keep_in(conn: &mut Conn) {\n    store::put(conn)\n}"),
            ("b/mod.rs", "pub async fn both(conn: &mut Conn) {\n    a::keep_in(conn)\n}"),
            ("c/mod.rs", "pub(crate) async fn third(conn: &mut Conn) {\n    b::both(conn)\n}"),
            ("d/mod.rs", "pub async fn own(app: &App) {\n    c::third(&mut tx)\n}"),
            ("e/mod.rs", "pub async fn told(conn: &mut Conn) {\n    mail::write(conn)\n}"),
            ("f/mod.rs", "pub async fn read(conn: &mut Conn) {\n    \"SELECT id FROM f\"\n}"),
        ];
        let open = open(&sources(&files));
        assert_eq!(open.iter().collect::<Vec<_>>(), ["a::keep_in", "b::both", "e::told"]);
        let page = [("web/a/page.rs", "fn f() { a::keep_in(&mut conn); f::read(&mut conn); d::own(&app) }")];
        assert_eq!(called(&sources(&page), &open), ["web/a/page.rs: a::keep_in"]);
    }
}
