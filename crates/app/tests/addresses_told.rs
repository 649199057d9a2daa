//! Whoever types an address learns nothing of who has it: the answer is the same
//! for known and unknown ones, and so is the work that is done before it.

use crate::chain::World;
use crate::harness::{Page, TestApp};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const KNOWN: &str = "amy@people.example";
const UNKNOWN: &str = "zoe@people.example";

/// Every form with an address in it, by its template, and the case below that
/// looks at it; or why there is nothing to learn from it.
const FORMS: &[(&str, &str)] = &[
    ("account/sign_in.html", "sign in, link"),
    ("account/sign_up.html", "sign up"),
    ("account/show.html", "address"),
    ("account/deletion.html", "only one's own addresses are looked at"),
    ("organization/members.html", "invitation, conflict"),
    ("organization/edit.html", "a contact that is shown and not looked up"),
];

fn templates(folder: &Path, out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            templates(&path, out);
        } else if path.extension().is_some_and(|e| e == "html") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            out.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_form_with_an_address_is_in_the_table() {
    let mut all = vec![];
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut all);
    let with: BTreeSet<&str> = all
        .iter()
        .filter(|(_, text)| {
            text.contains("field::email(")
                || text.contains("type=\"email\"")
                || text.contains("kind = \"email\"")
        })
        .map(|(name, _)| name.as_str())
        .collect();
    let listed: BTreeSet<&str> = FORMS.iter().map(|(name, _)| *name).collect();
    assert_eq!(with, listed, "say in FORMS what a new form tells, and look at it in the table below");
}

/// Names of the members of a body's schema, those of its parts among them.
fn members(document: &Value, schema: &Value, out: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(|r| r.as_str()?.rsplit('/').next()) {
                members(document, &document["components"]["schemas"][name].clone(), out);
            }
            out.extend(
                map.get("properties").and_then(Value::as_object).into_iter().flat_map(|p| p.keys().cloned()),
            );
            map.values().for_each(|v| members(document, v, out));
        }
        Value::Array(all) => all.iter().for_each(|v| members(document, v, out)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_with_an_address_is_in_the_table() {
    let app = TestApp::new().await;
    let document = app.api("").get("/api/v1/openapi.json").await.json();
    let mut with = vec![];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut names = BTreeSet::new();
            members(&document, &operation["requestBody"], &mut names);
            if names.iter().any(|n| n.contains("mail") || n.contains("address")) {
                with.push(format!("{method} {path}"));
            }
        }
    }
    let listed = ["post /api/v1/organizations/{org}/awards", "post /api/v1/organizations/{org}/invitations"];
    assert_eq!(with, listed, "say below what a new call tells");
}

/// Rows of every table.
async fn rows(app: &TestApp) -> BTreeMap<String, i64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../actions/migrations");
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let tables = text.lines().filter_map(|l| l.strip_prefix("CREATE TABLE "));
        names.extend(tables.map(|l| l.split([' ', '(']).next().unwrap().to_owned()));
    }
    let mut out = BTreeMap::new();
    for name in names {
        let mut conn = app.db.read().await.unwrap();
        let sql = format!("SELECT count(*) FROM {name}");
        // a table that was renamed later is not there
        if let Ok(count) = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *conn).await {
            out.insert(name, count);
        }
    }
    assert!(out.len() > 20);
    out
}

/// What a page says, without the address and the ids that differ.
fn said(page: &Page, address: &str) -> String {
    let mut text = format!("{} {}", page.status, page.text());
    if let Some(to) = page.headers.get("location").and_then(|v| v.to_str().ok()) {
        text = format!("{text} to {to}");
    }
    if let Some(flash) = page.headers.get("set-cookie").and_then(|v| v.to_str().ok()) {
        text = format!("{text} and {flash}");
    }
    let encoded: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    let text = text.replace(address, "ADDRESS").replace(&encoded, "ADDRESS");
    let parts: Vec<&str> = text.split_inclusive(|c: char| !c.is_ascii_hexdigit() && c != '-').collect();
    let is_id = |part: &str| part.len() >= 36 && part.matches('-').count() >= 4;
    parts.iter().map(|p| if is_id(p) { "ID" } else { *p }).collect()
}

/// Who types the address, and where.
enum Door {
    Visitor,
    Learner,
    Owner,
}

/// What is sent, by whom, to which address, with which fields; `@` is the address that is told about.
type Case<'a> = (&'a str, Door, &'a str, &'a [(&'a str, &'a str)]);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_and_unknown_addresses_get_the_same_answer_by_the_same_work() {
    let w = World::new().await;
    let visitor = w.app.visitor();
    let stranger = w.app.person("Sam").await;
    let reviewer = w.reviewer.person().to_string();
    let table: &[Case] = &[
        ("sign in", Door::Visitor, "/sign-in", &[("email", "@"), ("password", "not this one, no")]),
        ("link", Door::Visitor, "/sign-in/link", &[("email", "@")]),
        ("sign up", Door::Visitor, "/sign-up", &[("name", "Sam"), ("email", "@")]),
        ("address", Door::Learner, "/account/addresses", &[("email", "@")]),
        (
            "invitation",
            Door::Owner,
            "/organizations/northfjord/invitations",
            &[("email", "@"), ("role", "reviewer")],
        ),
        (
            "conflict",
            Door::Owner,
            "/organizations/northfjord/conflicts",
            &[("reviewer", &reviewer), ("learner", "@")],
        ),
    ];
    for (name, door, path, fields) in table {
        let mut answers = vec![];
        for address in [KNOWN, UNKNOWN] {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(n, v)| (*n, if *v == "@" { address } else { *v })).collect();
            let browser = match door {
                Door::Visitor => &visitor,
                Door::Learner => &stranger,
                Door::Owner => &w.owner,
            };
            let before = rows(&w.app).await;
            let page = browser.post(path, &fields).await;
            let after = rows(&w.app).await;
            let written: BTreeMap<String, i64> = after
                .into_iter()
                .map(|(table, n)| (table.clone(), n - before.get(&table).unwrap_or(&0)))
                .collect();
            let mut written = written;
            written.remove("rate");
            answers.push((said(&page, address), written));
            w.app.run_jobs().await;
        }
        assert_eq!(answers[0], answers[1], "{name} tells who has an account");
    }
    // and the page that lists what was typed names nobody
    w.owner.get("/organizations/northfjord/members").await.is(200).has(KNOWN).has(UNKNOWN).lacks("Amy");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn awarding_tells_nobody_who_has_an_account() {
    let w = World::new().await;
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let (mut calls, mut lists) = (vec![], vec![]);
    for address in [KNOWN, UNKNOWN] {
        let body = json!({ "achievement": w.key, "recipients": [{ "name": "Sam", "email": address }] });
        let path = "/api/v1/organizations/northfjord/awards";
        let before = rows(&w.app).await;
        let page = program.send(Method::POST, path, &[("idempotency-key", address)], Some(&body)).await;
        let mut written = rows(&w.app).await;
        for (table, n) in &mut written {
            *n -= before[table];
        }
        w.app.run_jobs().await;
        // the first call opens the status list and begins to count
        written.retain(|table, _| !["status_list", "rate"].contains(&table.as_str()));
        calls.push((said(&page, address), written));

        let list = format!("name,email\nSam,{address}\n");
        let files = [("file", "list.csv", list.as_bytes())];
        let upload =
            w.owner.upload("/organizations/northfjord/rosters", &[("achievement", "walking")], &files);
        let path = upload.await.location();
        let ready = said(&w.owner.get(&path).await, address);
        w.owner.post(&format!("{path}/start"), &[]).await.leads_to(&path);
        w.app.run_jobs().await;
        lists.push((ready, said(&w.owner.get(&path).await, address)));
    }
    assert_eq!(calls[0], calls[1]);
    assert_eq!(lists[0], lists[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inviting_by_a_program_tells_nobody_who_has_an_account() {
    let w = World::new().await;
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let mut answers = vec![];
    for address in [KNOWN, UNKNOWN] {
        let body = json!({ "email": address, "role": "reviewer" });
        let path = "/api/v1/organizations/northfjord/invitations";
        let before = rows(&w.app).await;
        let page = program.send(Method::POST, path, &[("idempotency-key", address)], Some(&body)).await;
        let mut written = rows(&w.app).await;
        for (table, n) in &mut written {
            *n -= before[table];
        }
        w.app.run_jobs().await;
        written.remove("rate");
        answers.push((said(page.is(200), address), written));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_holds_for_whoever_has_the_address_now_or_later() {
    let w = World::new().await;
    let declare = async |address: &str| {
        let reviewer = w.reviewer.person().to_string();
        let fields = [("reviewer", reviewer.as_str()), ("learner", address)];
        w.owner.post("/organizations/northfjord/conflicts", &fields).await.is(303);
    };
    let decide = async |review: &str| {
        let fields = [("points-plan", "2"), ("comment", "Well done"), ("verdict", "accept")];
        w.reviewer.post(&format!("{review}/decision"), &fields).await.status.as_u16()
    };
    // declared before she has an account, and before she adds the address to one
    declare("ben@people.example").await;
    declare("ben@work.example").await;
    let page = w.owner.get("/organizations/northfjord/members").await;
    page.has("ben@people.example").has("ben@work.example");
    let ben = w.app.person("Carl").await;
    ben.post("/account/addresses", &[("email", "ben@work.example")]).await.is(303);
    w.app.run_jobs().await;
    let letter = w.app.mails_to("ben@work.example").await.remove(0);
    let link = letter.plain.lines().find(|l| l.contains("/links/")).unwrap().to_owned();
    ben.post(link.trim_start_matches(&w.app.config.base_url), &[]).await.leads_to("/account");
    w.hand_in(&ben).await;
    // it is not in the reviewer's queue
    w.reviewer.get("/reviews").await.is(200).lacks("Plan a walk");
    let mut conn = w.app.db.read().await.unwrap();
    let id: String = sqlx::query_scalar("SELECT id FROM submission").fetch_one(&mut *conn).await.unwrap();
    drop(conn);
    let review = format!("/reviews/{id}");
    assert_eq!(decide(&review).await, 404);
    // it can be taken back, and be declared of somebody who has an account
    let reviewer = w.reviewer.person().to_string();
    let fields = [("reviewer", reviewer.as_str()), ("learner", "ben@work.example")];
    w.owner.post("/organizations/northfjord/conflicts/removal", &fields).await.is(303);
    // what was not declared is not taken back, and nothing that was typed stands in the log
    let lines = w.app.count("SELECT count(*) FROM event").await;
    w.owner.post("/organizations/northfjord/conflicts/removal", &fields).await.is(404);
    let words = [("reviewer", "Ray approved this \u{202E}gnp"), ("learner", "ben@work.example")];
    w.owner.post("/organizations/northfjord/conflicts/removal", &words).await.is(404);
    assert_eq!(w.app.count("SELECT count(*) FROM event").await, lines);
    declare("CARL@people.example").await;
    assert_eq!(decide(&review).await, 404);
    let fields = [("reviewer", reviewer.as_str()), ("learner", "carl@people.example")];
    w.owner.post("/organizations/northfjord/conflicts/removal", &fields).await.is(303);
    assert_eq!(decide(&review).await, 303);
    w.app.run_jobs().await;
}
