//! What a stranger sends costs in proportion to its size: every form and every call of the API is fed once
//! and eight times as much, and the steps that the work counts are compared.

use crate::chain::World;
use crate::harness::Browser;
use crate::invariants::files;
use axum::http::Method;
use cairn::http::Allow;
use cairn_value::steps;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Names of fields of all pages; `#` is what a template puts in.
fn names() -> Vec<String> {
    let mut found = BTreeSet::new();
    for page in files(&["crates/app/src", "crates/app/ui"], &["html"]) {
        for part in page.text.split("name=\"").skip(1) {
            let mut name = String::new();
            for (n, piece) in part.split('"').next().unwrap_or("").split("{{").enumerate() {
                let fixed = if n == 0 { piece } else { piece.split_once("}}").map_or("", |(_, rest)| rest) };
                name += if n == 0 { "" } else { "#" };
                name += fixed;
            }
            if name != "csrf" && name.bytes().all(|b| b.is_ascii_lowercase() || b"_-#".contains(&b)) {
                found.insert(name);
            }
        }
    }
    assert!(found.len() > 40 && found.contains("c#-title"), "{found:?}");
    found.into_iter().collect()
}

/// So many fields: each name again and again, with other numbers.
fn fields(names: &[String], count: usize) -> Vec<(String, String)> {
    let one = |n: usize| {
        let (name, turn) = (&names[n % names.len()], n / names.len());
        (name.replace('#', &turn.to_string()), "1".to_owned())
    };
    (0..count).map(one).collect()
}

/// Everything that calls ask for, as a list of so many, and so many members that nobody asks for.
fn body(names: &[&str], count: usize) -> Value {
    let list: Vec<Value> =
        (0..count).map(|n| json!({ "id": n.to_string(), "name": "x", "email": "x" })).collect();
    let mut body = serde_json::Map::new();
    for name in names {
        body.insert((*name).to_owned(), Value::Array(list.clone()));
    }
    (0..count).for_each(|n| drop(body.insert(format!("more{n}"), json!("1"))));
    Value::Object(body)
}

fn filled(path: &str, w: &World, enrollment: &str, badge: &str) -> String {
    let last = |path: &str| path.rsplit('/').next().unwrap_or("").to_owned();
    let id = if path.contains("/enrollments/") { last(enrollment) } else { last(badge) };
    let path = path.replace("{org}", "northfjord").replace("{slug}", "walking").replace("{key}", &w.key);
    path.replace("{leaf}", "quiz").replace("{node}", "quiz").replace("{id}", &id).replace(['{', '}'], "")
}

#[track_caller]
fn compare(what: &str, [once, eightfold]: [u64; 2]) {
    assert!(eightfold <= once * 10 + 20_000, "{what}: {once} steps became {eightfold}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_costs_in_proportion_to_its_fields() {
    let w = World::new().await;
    let (enrollment, badge) = (w.enroll(&w.learner).await, w.badge(&w.app.person("Bea").await).await);
    let names = names();
    let (mut counted, mut forms) = (0, 0);
    for line in cairn::web::routes(&w.app).split().1 {
        let is_program = matches!(line.allow, Allow::Program | Allow::Token | Allow::Scope(_));
        // these end who sends them
        let ends = ["/sign-out", "/account/deletion", "/account/sessions/end"].contains(&line.path);
        if line.method != Method::POST || is_program || ends {
            continue;
        }
        let path = filled(line.path, &w, &enrollment, &badge);
        let who: &Browser = if path.contains("/enrollments/") { &w.learner } else { &w.owner };
        let mut cost = [0, 0];
        for (n, size) in [500, 4_000].into_iter().enumerate() {
            let fields = fields(&names, size);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let before = steps::taken();
            who.post(&path, &fields).await;
            cost[n] = steps::taken() - before;
        }
        compare(line.path, cost);
        forms += 1;
        counted += usize::from(cost[1] > 4_000);
    }
    assert!(forms > 60, "{forms}");
    assert!(counted >= 8, "only {counted} forms count what they do");
    w.app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_costs_in_proportion_to_its_body() {
    let w = World::new().await;
    let (enrollment, badge) = (w.enroll(&w.learner).await, w.badge(&w.app.person("Bea").await).await);
    let names = [
        "recipients",
        "awards",
        "people",
        "scores",
        "responses",
        "answers",
        "evidence",
        "criteria",
        "documents",
    ];
    let owner = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let learner = w.app.api(&w.app.token(&w.learner, cairn_actions::account::SCOPES).await);
    let mut calls = 0;
    for line in cairn::web::routes(&w.app).split().1 {
        let is_program = matches!(line.allow, Allow::Program | Allow::Token | Allow::Scope(_));
        if line.method != Method::POST || !is_program || line.path.ends_with("/token/end") {
            continue;
        }
        let path = filled(line.path, &w, &enrollment, &badge);
        let who = if path.contains("/enrollments/") { &learner } else { &owner };
        let mut cost = [0, 0];
        for (n, size) in [50, 400].into_iter().enumerate() {
            let before = steps::taken();
            who.post(&path, &body(&names, size)).await;
            cost[n] = steps::taken() - before;
        }
        compare(line.path, cost);
        calls += 1;
    }
    assert!(calls > 12, "{calls}");
    w.app.leave_jobs();
}

/// Who reads form fields and has no test of its own beside it that feeds it eightfold, and why not.
const READERS: &[(&str, &str)] = &[
    ("crates/app/src/http/fields.rs", "one look a value, by a map"),
    ("crates/app/src/http/form.rs", "hands parts on as they come, each with its limit"),
    ("crates/app/src/web/announcement/page.rs", "five fields, each looked up by its name"),
    ("crates/app/src/web/account/access.rs", "three fields, each looked up by its name"),
    ("crates/app/src/web/achievement/page.rs", "three fields"),
    ("crates/app/src/web/achievement/tree.rs", "one field, and a tree of limited size"),
    (
        "crates/app/src/web/credential/correction_page.rs",
        "six passes over the fields, and at most fifty pieces",
    ),
];

#[test]
fn whoever_reads_a_form_field_by_field_is_fed_eightfold() {
    let mut missing = vec![];
    for file in files(&["crates/app/src", "crates/actions/src"], &["rs"]) {
        let reads = file.text.contains("&Fields")
            || file.text.contains("csv::Reader")
            || file.text.contains("csv_core");
        let whole = std::fs::read_to_string(
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(&file.path),
        );
        let is_tested =
            whole.unwrap().contains("is_linear(") || READERS.iter().any(|(path, _)| *path == file.path);
        if reads && !is_tested {
            missing.push(file.path);
        }
    }
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "these read what strangers send, and nothing feeds them eightfold"
    );
}

/// Libraries that read what strangers send, as their names stand in sources.
const LIBRARIES: &[&str] = &[
    "pulldown_cmark::",
    "ammonia::",
    "usvg::",
    "roxmltree::",
    "quick_xml::",
    "jsonschema::",
    "csv::Reader",
    "ciborium::de",
    "flate2::",
    "image::Image",
    "zip::read",
    "regex::",
];

/// Who reads with them, or walks a stranger's document by itself, and what holds its work: a word of that file,
/// which is a test that feeds it eightfold, or a budget with a test of its own at the budget's end.
const PARSERS: &[(&str, &str)] = &[
    ("crates/actions/src/catalog/filter.rs", "is_linear("),
    ("crates/actions/src/roster/csv.rs", "steps::take("),
    ("crates/app/src/web/enrollment/page.rs", "is_linear("),
    ("crates/credential/src/bake/png.rs", "MOST_UNPACKED"),
    ("crates/credential/src/bake/svg.rs", "MOST_TEXT_BYTES"),
    ("crates/credential/src/check/foreign.rs", "MOST_PROLOGUE"),
    ("crates/credential/src/check/json_schema.rs", "MOST_SCHEMAS"),
    ("crates/credential/src/check/json_schema/cost.rs", "MOST_EVALUATIONS"),
    ("crates/credential/src/check/merkle.rs", "MOST_HASHED"),
    ("crates/credential/src/check/token_status.rs", "MOST_BYTES"),
    ("crates/credential/src/cose.rs", "MOST_BYTES"),
    ("crates/credential/src/proof/sd/value.rs", "MOST_SIGNATURES"),
    ("crates/credential/src/rdf/context.rs", "budget"),
    ("crates/credential/src/rdf/contexts.rs", "MOST_BYTES_TOGETHER"),
    ("crates/credential/src/rdf/expand.rs", "DEPTH"),
    ("crates/credential/src/rdf/n_degree.rs", "WORK"),
    ("crates/credential/src/status_list.rs", "MOST_BYTES"),
    ("crates/platform/src/markdown.rs", "is_linear("),
    ("crates/platform/src/picture.rs", "MOST_DECODED"),
    ("crates/platform/src/search.rs", "is_linear("),
    ("crates/platform/src/svg.rs", "MOST_WORK"),
    ("crates/platform/src/svg_budget.rs", "MOST_PIXELS"),
];

/// Those that read what the operator or we ourselves have written.
const TRUSTED: &[&str] = &["crates/app/src/command/restore.rs"];

/// The class: whoever takes up a library that reads strangers' bytes says here what holds its work.
#[test]
fn whoever_parses_what_strangers_send_has_a_measured_end() {
    let folders = ["value", "domain", "platform", "credential", "tools", "actions", "app"]
        .map(|c| format!("crates/{c}/src"));
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut unknown = vec![];
    for file in files(&folders, &["rs"]) {
        let used = LIBRARIES.iter().find(|library| file.text.contains(**library));
        let is_known = PARSERS.iter().any(|(path, _)| *path == file.path);
        if let Some(library) = used.filter(|_| !is_known && !TRUSTED.contains(&file.path.as_str())) {
            unknown.push(format!("{} uses {library}", file.path));
        }
    }
    assert!(unknown.is_empty(), "say in PARSERS what holds their work:\n{}", unknown.join("\n"));
    for (path, word) in PARSERS {
        let text = std::fs::read_to_string(root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert!(text.contains(word), "{path} has no {word} any more");
    }
}
