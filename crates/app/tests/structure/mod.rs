//! The walls of the house that crates alone do not make: who imports, calls and names whom. Each is shown to catch an
//! offence.

mod graph;
mod joining;

use crate::invariants::files;
use cairn_actions::subject::SUBJECTS;
use cairn_platform::privacy;
use graph::{Sources, arrows, circles};
use std::collections::{BTreeMap, BTreeSet};

/// What SQL in Rust cannot do without.
const SQL: &[&str] = &["sqlx::"];

/// The crates, each with the folder of its sources.
const CRATES: &[&str] = &[
    "crates/value/src",
    "crates/credential/src",
    "crates/domain/src",
    "crates/platform/src",
    "crates/tools/src",
    "crates/actions/src",
    "crates/app/src",
];

/// The product's part of one crate.
fn sources(folder: &str) -> Sources {
    let inner = |path: &str| path.strip_prefix(folder).map(|p| p.trim_start_matches('/').to_owned());
    files(&[folder], &["rs"]).into_iter().filter_map(|f| Some((inner(&f.path)?, f.text))).collect()
}

#[test]
fn no_circle_of_imports_crosses_folders() {
    for folder in CRATES {
        let told: Vec<String> = circles(&sources(folder)).iter().map(|circle| circle.join(", ")).collect();
        assert!(
            told.is_empty(),
            "files of {folder} that lead to each other lie in different folders:\n{}",
            told.join("\n")
        );
    }
}

/// Files whose product part holds one of the words.
fn files_with(sources: &Sources, words: &[&str]) -> BTreeSet<String> {
    let holds = |text: &str| words.iter().any(|word| text.contains(word));
    sources.iter().filter(|(_, text)| holds(text)).map(|(path, _)| path.clone()).collect()
}

/// A list that may only shrink: what it names and is mended is taken out of it.
#[track_caller]
fn only(known: &[&str], found: &BTreeSet<String>, why: &str) {
    let known: BTreeSet<String> = known.iter().map(|k| (*k).to_owned()).collect();
    assert_eq!(*found, known, "{why}; and what is mended leaves the list");
}

/// The program has no sqlx among its dependencies; this says so of text, too, which a crate of ours could run.
#[test]
fn no_sql_stands_above_the_actions() {
    let sources = sources("crates/app/src");
    only(&[], &files_with(&sources, SQL), "pages, API and commands call actions");
    only(&[], &files_with(&sources, STATEMENTS), "SQL is passed to nobody");
}

/// How statements begin, as they stand in Rust.
const STATEMENTS: &[&str] = &["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM "];

/// How a writing transaction begins.
const BEGINS: &[&str] = &[".db.begin()"];

#[test]
fn writing_transactions_begin_in_actions() {
    only(&[], &files_with(&sources("crates/app/src"), BEGINS), "a change is an action");
}

/// What joins a transaction and writes is seen within the actions only; these few, by which tests build their world,
/// are seen by the program too, and it calls none.
#[test]
fn what_joins_a_transaction_is_called_by_no_page() {
    let open = joining::open(&sources("crates/actions/src"));
    only(
        &["credential::issue", "credential::tell", "key::rotate", "session::start"],
        &open,
        "make it pub(crate)",
    );
    let called = joining::called(&sources("crates/app/src"), &open);
    assert!(called.is_empty(), "pages call what begins its own transaction:\n{}", called.join("\n"));
}

/// How a path is answered without the table of routes, which asks for who may come in.
const BARE_ROUTES: &[&str] = &[".route(", "Router::new()", "MethodRouter"];

#[test]
fn a_route_says_who_may_come_in() {
    only(
        &["http/route.rs"],
        &files_with(&sources("crates/app/src"), BARE_ROUTES),
        "Routes::get and post take an Allow",
    );
}

#[test]
fn sql_stands_in_stores() {
    let known = [
        // what the database says becomes the edge's error
        "error.rs",
        // each step stands beside its migration
        "migration_step.rs",
    ];
    let mut found = files_with(&sources("crates/actions/src"), SQL);
    found.retain(|path| !path.ends_with("store.rs") && !path.contains("/store/"));
    only(&known, &found, "a subject's SQL stands in its store");
}

/// Stores that others could call: a public module, or a function that is passed on.
fn open_stores(sources: &Sources) -> Vec<String> {
    let mut found = vec![];
    for (path, text) in sources {
        if text.contains("pub mod store;") || text.contains("pub use store;") {
            found.push(format!("{path}: the store is public"));
        }
        for (at, start) in text.match_indices("pub use store::") {
            let rest = text[at + start.len()..].split(';').next().unwrap_or("");
            let names =
                rest.trim_matches(['{', '}']).split(',').map(|n| n.split(" as ").next().unwrap_or("").trim());
            let functions = names.filter(|n| n.starts_with(|c: char| c.is_lowercase() || c == '*'));
            found.extend(functions.map(|name| format!("{path}: passes {name} on")));
        }
    }
    found
}

#[test]
fn a_store_is_private_to_its_subject() {
    let found = open_stores(&sources("crates/actions/src"));
    assert!(found.is_empty(), "others call a subject's actions, not its store:\n{}", found.join("\n"));
}

/// Who calls whom, against the order of the list.
fn against_the_order(sources: &Sources, order: &[&str]) -> Vec<String> {
    let place = |file: &str| order.iter().position(|name| file.split('/').next() == Some(name));
    let mut found = vec![];
    for (file, called) in arrows(sources) {
        for other in called {
            if let (Some(from), Some(to)) = (place(file), place(other))
                && to > from
            {
                found.push(format!("{file} calls {other}"));
            }
        }
    }
    found
}

#[test]
fn a_subject_calls_those_above_it_in_the_list() {
    let sources = sources("crates/actions/src");
    let order: Vec<&str> = SUBJECTS.iter().map(|s| s.name).collect();
    let folders: BTreeSet<&str> = sources.keys().filter_map(|f| Some(f.split_once('/')?.0)).collect();
    assert_eq!(folders, order.iter().copied().collect(), "the list names every folder of actions");
    let found = against_the_order(&sources, &order);
    assert!(found.is_empty(), "calls go down, news travels by events:\n{}", found.join("\n"));
}

/// Whose tables are named by files of others. `person` and `account` are two rooms of one thing.
fn strangers_tables(sources: &Sources, owner_of: &dyn Fn(&str) -> &'static str) -> BTreeSet<String> {
    let owners: BTreeMap<&str, &str> = privacy::PRIVACY
        .tables
        .iter()
        .map(|t| (t.name, "platform"))
        .chain(SUBJECTS.iter().flat_map(|s| s.privacy.tables.iter().map(|t| (t.name, s.name))))
        .collect();
    let mut found = BTreeSet::new();
    for (path, text) in sources {
        if ["FROM {", "JOIN {", "INTO {", "UPDATE {"].iter().any(|open| text.contains(open)) {
            found.insert(format!("{path}: a table whose name is put in"));
        }
        let words: Vec<&str> =
            text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
        for pair in words.windows(2) {
            let is_named = ["FROM", "JOIN", "INTO", "UPDATE"].contains(&pair[0]);
            let me = owner_of(path);
            if let Some(owner) = owners.get(pair[1]).filter(|_| is_named)
                && *owner != me
                && !(*owner == "person" && me == "account")
            {
                found.insert(format!("{path}: {}", pair[1]));
            }
        }
    }
    found
}

fn subject_of(path: &str) -> &'static str {
    let folder = path.split('/').next().unwrap_or("");
    SUBJECTS.iter().map(|s| s.name).find(|name| *name == folder).unwrap_or("nobody")
}

#[test]
fn a_table_is_named_by_its_owner() {
    let mut found = strangers_tables(&sources("crates/actions/src"), &subject_of);
    // they tell of all tables what becomes of them: the steps of old migrations, and the end of an account
    found.retain(|f| !f.starts_with("migration_step.rs") && !f.starts_with("erasure/"));
    only(&[], &found, "others ask the owner, or join a view that it publishes");
    only(
        &[],
        &strangers_tables(&sources("crates/platform/src"), &|_| "platform"),
        "the platform knows no subject",
    );
    only(&[], &strangers_tables(&sources("crates/app/src"), &|_| "nobody"), "the program knows no table");
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

/// Declarations of a style sheet whose brackets do not match: a browser passes over them in silence.
fn unbalanced(css: &str) -> Vec<String> {
    let opens = |text: &str| text.matches('(').count();
    let closes = |text: &str| text.matches(')').count();
    let parts = css.split([';', '{', '}']).map(str::trim);
    parts.filter(|part| opens(part) != closes(part)).map(String::from).collect()
}

#[test]
fn styles_say_what_a_browser_can_read() {
    for file in files(&["crates/app/ui"], &["css"]) {
        // an address in a font's source may hold a semicolon
        let text = file.text.replace("data:", "");
        assert_eq!(unbalanced(&text), Vec::<String>::new(), "{}", file.path);
        assert_eq!(text.matches('{').count(), text.matches('}').count(), "{}", file.path);
    }
}

#[test]
fn an_offence_is_seen() {
    assert_eq!(unbalanced("a { width: min(1rem, 2rem)); }").len(), 1);
    assert!(unbalanced("a { width: min(1rem, calc(2rem + 1px)); }").is_empty());
    let found: BTreeSet<String> = [String::from("web/a.rs")].into();
    assert!(std::panic::catch_unwind(|| only(&[], &found, "")).is_err(), "one more than is known");
    assert!(std::panic::catch_unwind(|| only(&["web/a.rs", "web/b.rs"], &found, "")).is_err(), "one less");
    let source = |path: &str, text: &str| Sources::from([(path.to_owned(), text.to_owned())]);
    for sql in ["sqlx::query(sql)", "use sqlx::Row as _;"] {
        assert_eq!(files_with(&source("web/a.rs", sql), SQL), found, "{sql}");
    }
    assert!(files_with(&source("web/a.rs", "let sqlx = 1;"), SQL).is_empty());
    for sql in ["rows(\"SELECT a FROM b\")", "run(&mut conn, \"DELETE FROM b\")"] {
        assert_eq!(files_with(&source("web/a.rs", sql), STATEMENTS), found, "{sql}");
    }
    assert_eq!(files_with(&source("web/a.rs", "app.db.begin().await"), BEGINS), found);
    assert_eq!(files_with(&source("web/a.rs", "router.route(\"/a\", get(page))"), BARE_ROUTES), found);
    assert!(
        files_with(&source("web/a.rs", "routes.get(\"/a\", Allow::Anyone, page)"), BARE_ROUTES).is_empty()
    );
    assert_eq!(open_stores(&source("a/mod.rs", "pub mod store;")).len(), 1);
    assert_eq!(
        open_stores(&source("a/mod.rs", "mod store;\npub use store::{Row, find};")),
        ["a/mod.rs: passes find on"]
    );
    assert!(open_stores(&source("a/mod.rs", "mod store;\npub use store::Row;")).is_empty());
    let two = Sources::from([
        ("a/mod.rs".to_owned(), "use crate::b;".to_owned()),
        ("b/mod.rs".to_owned(), String::new()),
    ]);
    assert_eq!(against_the_order(&two, &["a", "b"]), ["a/mod.rs calls b/mod.rs"]);
    assert!(against_the_order(&two, &["b", "a"]).is_empty());
    let named = |path: &str, sql: &str| strangers_tables(&source(path, sql), &subject_of).len();
    assert_eq!(named("review/store.rs", "\"SELECT id FROM credential WHERE id = $1\""), 1);
    assert_eq!(named("review/store.rs", "\"DELETE FROM job WHERE id = $1\""), 1);
    assert_eq!(named("review/store.rs", "\"UPDATE {table} SET id = $1\""), 1);
    assert_eq!(named("review/store.rs", "\"SELECT id FROM credential_fact JOIN review\""), 0);
    let file = |text: String| crate::invariants::File { path: "a.html".into(), text };
    assert_eq!(long_lines(&[file(format!("short\n{}", "x".repeat(121)))]), ["a.html:2"]);
    assert!(long_lines(&[file("ä".repeat(120))]).is_empty(), "columns are letters");
}
