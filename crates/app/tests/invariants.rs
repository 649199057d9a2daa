//! The architecture's invariants that no compiler keeps: who may name whom,
//! where a vendor's SQL may stand, what pages never contain.

use std::path::{Path, PathBuf};

/// The program's sources that touch the world.
const PRODUCT: &[&str] = &["crates/platform/src", "crates/tools/src", "crates/actions/src", "crates/app/src"];

/// A file of the project.
pub struct File {
    /// From the project's folder: `crates/platform/src/db.rs`.
    pub path: String,
    /// The product's part: Rust without its tests and comments.
    pub text: String,
}

/// The project's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files with these endings under these folders of the project.
pub fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let root = &root();
    let mut found = vec![];
    let mut open: Vec<PathBuf> = folders.iter().map(|f| root.join(f)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e)) {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            let text = if path.ends_with(".rs") { product(&text) } else { text };
            found.push(File { path, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no files under {folders:?}");
    found
}

/// Rust without comments and without what follows `#[cfg(test)] mod`.
fn product(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let lines = text[..end].lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The string literals with which a call begins: `ui.t("key"` gives `key`.
pub fn literals_after(text: &str, call: &str) -> Vec<String> {
    let literal = |(at, _): (usize, &str)| {
        let inner = text[at + call.len()..].trim_start().strip_prefix('"')?;
        inner.split_once('"').map(|(key, _)| key.to_owned())
    };
    text.match_indices(call).filter_map(literal).collect()
}

/// Files with their lines that hold one of the words.
pub fn file_lines(files: &[File], words: &[&str]) -> Vec<(String, Vec<String>)> {
    let lines = |file: &File| {
        let holds = |line: &&str| words.iter().any(|word| line.contains(word));
        file.text.lines().filter(holds).map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    files.iter().map(|f| (f.path.clone(), lines(f))).filter(|(_, lines)| !lines.is_empty()).collect()
}

/// Lines that hold one of the words, except those that are known.
fn offences(files: &[File], words: &[&str], known: &[(&str, &str)]) -> Vec<String> {
    let mut found = vec![];
    for file in files {
        for line in file.text.lines().filter(|l| words.iter().any(|w| l.contains(w))) {
            if !known.iter().any(|(path, part)| file.path == *path && line.contains(part)) {
                found.push(format!("{}: {}", file.path, line.trim()));
            }
        }
    }
    found
}

#[track_caller]
fn none(offences: &[String], why: &str) {
    assert!(offences.is_empty(), "{why}:\n{}", offences.join("\n"));
}

/// Names of what a crate's manifest lists under `[dependencies]`.
fn dependencies(manifest: &str) -> Vec<String> {
    let product = manifest.split("\n[dependencies]\n").nth(1).unwrap_or("").split("\n[").next().unwrap_or("");
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or("").to_owned();
    product.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(name).collect()
}

/// What of `forbidden` a manifest lists.
fn forbidden<'a>(manifest: &str, forbidden: &[&'a str]) -> Vec<&'a str> {
    let listed = dependencies(manifest);
    forbidden.iter().filter(|name| listed.iter().any(|l| l == *name)).copied().collect()
}

const OUTSIDE: &[&str] = &["sqlx", "tokio", "axum", "reqwest", "tower", "rand", "lettre", "futures-util"];
const OURS: &[&str] = &["cairn-domain", "cairn-platform", "cairn-actions", "cairn-tools", "cairn"];

#[test]
fn each_floor_stands_on_those_below_it_only() {
    let check = |name: &str, others: &[&str]| {
        let manifest = std::fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        assert!(!dependencies(&manifest).is_empty(), "{name}");
        assert_eq!(forbidden(&manifest, others), Vec::<&str>::new(), "{name} must not depend on these");
    };
    check("value", &[OUTSIDE, OURS, &["cairn-credential"]].concat());
    check("credential", &[OUTSIDE, OURS, &["cairn-value"]].concat());
    check("domain", &[OUTSIDE, &OURS[1..]].concat());
    check("platform", &[OURS, &["axum", "utoipa"]].concat());
    let world = ["sqlx", "reqwest", "rand", "lettre"];
    check("tools", &[&world[..], &["cairn-platform", "cairn-actions", "cairn"]].concat());
    check("actions", &["axum", "askama", "utoipa", "cairn-tools", "cairn"]);
}

#[test]
fn a_floor_that_leans_on_one_above_it_is_found() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\nserde.workspace = true\naxum = \"1\"\n\n\
                    [dev-dependencies]\ntokio.workspace = true\n";
    assert_eq!(forbidden(manifest, &["axum", "tokio", "axum-extra"]), ["axum"]);
}

/// What one of the two databases understands only.
const VENDOR: &[&str] = &[
    "PRAGMA ",
    "VACUUM",
    "FOR UPDATE",
    "SKIP LOCKED",
    "ILIKE",
    "INSERT OR ",
    "AUTOINCREMENT",
    "SERIAL",
    "JSONB",
    "jsonb",
    "json_extract",
    "json_each",
    "datetime('",
    "strftime('",
    "SELECT now",
    "CURRENT_",
    "ON DUPLICATE",
    "fts5",
    "tsvector",
    "tsquery",
    "rowid",
    "last_insert",
    "BOOLEAN",
    "TIMESTAMP",
    "::text ",
    "::text,",
    "::text)",
    "::text\"",
    "::bigint",
    "::integer",
    "Engine::Sqlite",
    "Engine::Postgres",
    "string_agg",
    "group_concat",
    "DISTINCT ON",
    "array_agg",
    "ANY($",
];

#[test]
fn sql_is_portable_outside_two_files() {
    let ours =
        |f: &File| !["crates/platform/src/db.rs", "crates/platform/src/search.rs"].contains(&f.path.as_str());
    let sources: Vec<File> = files(PRODUCT, &["rs"]).into_iter().filter(ours).collect();
    none(
        &offences(&sources, VENDOR, &[]),
        "a vendor's SQL stands outside db.rs and search.rs of the platform",
    );
    let migrations: Vec<String> = offences(&files(&["crates/actions/migrations"], &["sql"]), VENDOR, &[])
        .into_iter()
        .filter(|l| !l.contains(": --"))
        .collect();
    none(&migrations, "a migration is not portable");
}

/// sqlx's own builder writes `?`, which is SQLite only.
#[test]
fn statements_are_built_with_numbered_places() {
    let ours = [("crates/platform/src/query.rs", "QueryBuilder")];
    let sources = files(PRODUCT, &["rs"]);
    let mut found = offences(&sources, &["sqlx::QueryBuilder", "sqlx::query_builder"], &ours);
    for file in &sources {
        for (at, _) in file.text.match_indices("use sqlx::{") {
            let names = file.text[at..].split(';').next().unwrap_or("");
            found.extend(names.contains("QueryBuilder").then(|| format!("{}: {names}", file.path)));
        }
    }
    none(&found, "PostgreSQL does not understand `?`; use cairn_platform::query::QueryBuilder");
}

/// How a connection is opened, or a transaction begun.
const BEGINS: &[&str] = &[".begin()", "begin_with(", "Pool::connect", "PoolOptions"];

#[test]
fn transactions_that_write_come_from_one_door() {
    let sources: Vec<File> =
        files(PRODUCT, &["rs"]).into_iter().filter(|f| f.path != "crates/platform/src/db.rs").collect();
    let begins = offences(&sources, BEGINS, &[]);
    let begins: Vec<String> = begins.into_iter().filter(|l| !l.contains("db.begin()")).collect();
    none(&begins, "App::db.begin() is the door to a transaction");
}

/// What the content security policy forbids in a page.
const INLINE: &[&str] =
    &[" style=", "<style", "<script>", " onclick=", " onchange=", " onsubmit=", " onload=", "javascript:"];
/// How a page, a style or a script loads something from elsewhere.
const FOREIGN: &[&str] = &[
    "src=\"http",
    "src=\"//",
    "srcset=\"http",
    "<link rel=\"stylesheet\" href=\"http",
    "<link rel=\"preload\" href=\"http",
    "url(http",
    "url(\"http",
    "url(//",
    "url(\"//",
    "@import",
    "fetch(\"http",
    "from \"http",
    "import(\"http",
];

#[test]
fn pages_hold_no_script_no_style_and_nothing_from_elsewhere() {
    let pages = files(&["crates/app/src", "crates/app/ui"], &["html"]);
    none(&offences(&pages, INLINE, &[]), "the content security policy forbids inline style and script");
    none(&offences(&pages, FOREIGN, &[]), "pages load nothing from elsewhere");
    let beside = files(&["crates/app/ui"], &["css", "js"]);
    none(&offences(&beside, FOREIGN, &[]), "styles and scripts load nothing from elsewhere");
    none(&without_token(&pages), "a form that posts has a form token");
}

/// Forms that post and have no form token.
fn without_token(pages: &[File]) -> Vec<String> {
    let posts = pages.iter().flat_map(|f| f.text.split("<form").skip(1).map(move |form| (f, form)));
    let without = posts.filter(|(_, form)| {
        let (head, inner) = form.split_once('>').unwrap_or((form, ""));
        let inner = inner.split("</form>").next().unwrap_or("");
        head.contains("method=\"post\"") && !inner.contains("csrf") && !head.contains("csrf")
    });
    without.map(|(f, form)| format!("{}: {}", f.path, form.split('>').next().unwrap_or(""))).collect()
}

/// How work leaves the pages' threads.
const LONG: &[&str] = &["spawn_blocking", "block_in_place", "thread::spawn"];

#[test]
fn work_that_takes_long_has_one_place() {
    let sources: Vec<File> =
        files(PRODUCT, &["rs"]).into_iter().filter(|f| f.path != "crates/platform/src/heavy.rs").collect();
    let found = offences(&sources, LONG, &[]);
    none(&found, "cairn_platform::heavy counts such work and keeps it from the pages' threads");
}

#[test]
fn files_stay_short() {
    let long =
        |f: &File| (f.text.lines().count() > 500).then(|| format!("{}: {}", f.path, f.text.lines().count()));
    let long: Vec<String> = files(&[PRODUCT, &["crates/domain/src", "crates/value/src"]].concat(), &["rs"])
        .iter()
        .filter_map(long)
        .collect();
    none(&long, "files aim at 300 lines and stop at 500, tests and comments apart; split by theme");
}

#[test]
fn an_offence_is_seen() {
    let found = |words: &[&str], text: &str| {
        offences(&[File { path: "a".into(), text: text.into() }], words, &[("b", "")]).len()
    };
    assert_eq!(found(VENDOR, "\"SELECT body->>'x' FROM a FOR UPDATE\""), 1);
    assert_eq!(found(VENDOR, "CREATE TABLE a (b BOOLEAN);\nCREATE TABLE c (d TEXT);"), 1);
    assert_eq!(found(INLINE, "<p style=\"color: red\">"), 1);
    for foreign in [
        "<script src=\"https://cdn.example/a.js\"></script>",
        "<img src=\"//cdn.example/a.png\">",
        "<link rel=\"stylesheet\" href=\"https://fonts.example/a.css\">",
        "@font-face { src: url(https://fonts.example/a.woff2); }",
        "const a = await fetch(\"https://track.example\");",
    ] {
        assert_eq!(found(FOREIGN, foreign), 1, "{foreign}");
    }
    assert_eq!(found(FOREIGN, "<a href=\"https://example.org\">"), 0, "a link loads nothing");
    assert_eq!(found(BEGINS, "let tx = pool.begin().await?;"), 1);
    assert_eq!(found(LONG, "tokio::task::spawn_blocking(f)"), 1);
    let page = |text: &str| [File { path: "a.html".into(), text: text.into() }];
    assert_eq!(
        without_token(&page("<form method=\"post\" action=\"/a\"><button>A</button></form>")).len(),
        1
    );
    assert!(
        without_token(&page("<form method=\"post\">{{ ui.csrf() }}</form><form method=\"get\"></form>"))
            .is_empty()
    );
}
