//! What is kept about people: every column classified, everything in the
//! export, nothing left after the erasure, nothing kept for ever.

use crate::chain::{World, between};
use crate::harness::{Browser, Role, TestApp};
use axum::http::Method;
use cairn_actions::{account, achievement, retention};
use cairn_platform::db::Engine;
use cairn_platform::privacy::{Holds, Table, covers};
use cairn_platform::{event, id, job};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// In everything a test person leaves behind; long enough that no random text in base64 has it by chance.
const MARK: &str = "zqxwvk";

/// Table and column, of the database as it is.
async fn schema(app: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let sql = match app.db.engine {
        Engine::Sqlite => {
            "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
             AND m.name NOT LIKE 'search_text_%' AND m.name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres => {
            "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c \
             JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name \
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'"
        }
    };
    let mut conn = app.db.read().await.unwrap();
    let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut *conn).await.unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in rows {
        found.entry(table).or_default().insert(column);
    }
    found
}

/// What is in the schema and not classified, or the other way round.
fn offences(schema: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut found = vec![];
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for table in retention::tables() {
        let columns = table.columns.iter().map(|c| c.name);
        for column in table.plain.iter().chain(table.ids).copied().chain(columns) {
            if !known.entry(table.name).or_default().insert(column) {
                found.push(format!("{}.{column} is classified twice", table.name));
            }
        }
    }
    for (table, columns) in schema {
        let classified = known.get(table.as_str());
        for column in columns {
            if !classified.is_some_and(|c| c.contains(column.as_str())) {
                found
                    .push(format!("{table}.{column} is not classified; say in its privacy.rs what it holds"));
            }
        }
    }
    for (table, columns) in known {
        for column in columns {
            // its columns differ between the two engines
            if table != "search_text" && !schema.get(table).is_some_and(|c| c.contains(column)) {
                found.push(format!("{table}.{column} is classified and not there"));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_of_every_table_is_classified() {
    let app = TestApp::new().await;
    assert_eq!(offences(&schema(&app).await), Vec::<String>::new());
    // and the next one that nobody thought about is found
    app.execute("ALTER TABLE person ADD COLUMN shoe_size TEXT NOT NULL DEFAULT ''").await;
    app.execute("CREATE TABLE diary (person TEXT NOT NULL)").await;
    let found = offences(&schema(&app).await);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|o| o.starts_with("person.shoe_size is not classified")), "{found:?}");
    assert!(found.iter().any(|o| o.starts_with("diary.person is not classified")), "{found:?}");
}

#[test]
fn every_period_has_its_words() {
    let names: BTreeSet<&str> = retention::kept().iter().map(|k| k.name).collect();
    for language in [cairn_platform::text::Language::En, cairn_platform::text::Language::De] {
        for name in &names {
            let words = language.text(&format!("privacy-kept-{name}"), &[]);
            assert!(!words.is_empty() && !words.contains("privacy-kept"), "{name}: {words}");
        }
    }
    for table in retention::tables() {
        if let cairn_platform::privacy::Keeping::Nightly(name) = table.kept {
            assert!(names.contains(name), "{} is kept by {name}, which nothing deletes", table.name);
        }
    }
}

/// All rows of a column as text, without the empty ones.
async fn values(app: &TestApp, table: &str, column: &str) -> Vec<String> {
    let mut conn = app.db.read().await.unwrap();
    let sql = format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE {column} IS NOT NULL");
    let values: Vec<String> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *conn).await.unwrap();
    values.into_iter().filter(|v| !v.is_empty()).collect()
}

/// `table.column` of every text that has the mark.
async fn marked(app: &TestApp) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, columns) in schema(app).await {
        for column in columns {
            if values(app, &table, &column).await.iter().any(|v| v.to_lowercase().contains(MARK)) {
                found.insert(format!("{table}.{column}"));
            }
        }
    }
    found
}

/// Files of the upload store that have the mark.
fn marked_files(app: &TestApp) -> usize {
    let mut count = 0;
    for folder in std::fs::read_dir(app.blobs.folder()).unwrap() {
        let Ok(files) = std::fs::read_dir(folder.unwrap().path()) else { continue };
        for file in files {
            let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
            count += usize::from(String::from_utf8_lossy(&bytes).to_lowercase().contains(MARK));
        }
    }
    count
}

fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, v)| paths(v, &below(name), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, v)| paths(v, &below(&n.to_string()), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            found.insert(path.to_owned());
        }
    }
}

/// Members of documents that nobody classified, and documents in columns that are not said to hold any.
async fn unclassified_members(app: &TestApp) -> Vec<String> {
    let mut found = vec![];
    for Table { name, plain, ids, columns, .. } in retention::tables() {
        let others = plain.iter().chain(*ids).map(|c| (*c, None));
        for (column, holds) in others.chain(columns.iter().map(|c| (c.name, Some(c.holds)))) {
            if *name == "search_text" {
                continue; // words of the catalogue, in columns that differ between the two engines
            }
            for text in values(app, name, column).await {
                let document =
                    serde_json::from_str::<Value>(&text).ok().filter(|v| v.is_object() || v.is_array());
                let Some(document) = document else { continue };
                let Some(Holds::Document(members)) = holds else {
                    found.push(format!("{name}.{column} holds a document and does not say so: {text}"));
                    continue;
                };
                let mut all = BTreeSet::new();
                paths(&document, "", &mut all);
                let unknown = all.into_iter().filter(|p| !covers(members, p));
                found.extend(unknown.map(|p| format!("{name}.{column}: {p} is not classified")));
            }
        }
    }
    found
}

/// Somebody who has used everything.
async fn everything(w: &World) -> Browser {
    let zoe = w.app.person("Zqxwvk Zoe").await;
    earn(w, &zoe).await;
    belong(w, &zoe).await;
    be_awarded(w).await;
    // what no page of this test brings about
    for sql in [
        "UPDATE email SET address = 'ZQXWVK.Zoe@people.example' WHERE key = 'zqxwvk.zoe@people.example'",
        "UPDATE session SET agent = 'zqxwvk browser' WHERE person IN (SELECT person FROM email WHERE key LIKE 'zqxwvk%')",
        "UPDATE attempt SET responses = '[{\"item\":\"q1\",\"chosen\":[0],\"text\":\"zqxwvk\"}]'",
        "INSERT INTO appeal (organization, submission, revision, reason, created_at) \
         SELECT organization, id, 1, 'zqxwvk appeals', 1 FROM submission",
        "UPDATE mail SET subject = 'For zqxwvk', error = 'no mailbox zqxwvk' WHERE address_key LIKE 'zqxwvk%'",
        "UPDATE job SET error = 'no mailbox zqxwvk' WHERE id IN (SELECT 'mail-' || id FROM mail WHERE address_key LIKE 'zqxwvk%')",
        "INSERT INTO idempotency (person, key, request_hash, status, response, created_at) \
         SELECT person, 'zqxwvk', 'zqxwvk', 200, '{\"mine\":\"zqxwvk\"}', 1 FROM email WHERE key LIKE 'zqxwvk%'",
        "INSERT INTO job (id, kind, body, state, run_at, claimed_until, attempts, error, created_at, ended_at) VALUES \
         ('link-dead', 'send_link', '{\"wish\":\"sign_in\",\"email\":\"ZQXWVK.zoe@people.example\",\"name\":\"zqxwvk\",\"language\":\"en\"}', \
         'dead', 1, 0, 8, '', 1, 1)",
        "INSERT INTO email_link (token_hash, kind, address_key, address, name, language, created_at, expires_at) \
         VALUES ('h', 'sign_up', 'zqxwvk.zoe@people.example', 'ZQXWVK.zoe@people.example', 'Zqxwvk Zoe', 'en', 1, 2)",
    ] {
        w.app.execute(sql).await;
    }
    zoe
}

/// Evidence of each kind, a comment, a badge with its withdrawal.
async fn earn(w: &World, zoe: &Browser) {
    let path = w.enroll(zoe).await;
    let letters = [("organization", "northfjord"), ("letters", "yes")];
    zoe.post("/announcements/letters", &letters).await.is(303);
    zoe.post(&format!("{path}/requirements/m1/reading"), &[]).await.is(303);
    zoe.post(&format!("{path}/requirements/quiz/attempts"), &[("choice-q1", "0")]).await.is(303);
    let evidence = format!("{path}/requirements/project/evidence");
    zoe.upload(&evidence, &[("title", "zqxwvk plan")], &[("files", "zqxwvk.txt", b"Zqxwvk walks north.")])
        .await
        .is(303);
    zoe.upload(&evidence, &[("url", "https://zqxwvk.example/walk"), ("link_title", "zqxwvk page")], &[])
        .await
        .is(303);
    zoe.upload(&evidence, &[("body", "zqxwvk went for a walk"), ("text_title", "zqxwvk text")], &[])
        .await
        .is(303);
    let page = zoe.get(&format!("{path}/requirements/project")).await;
    let submission = between(&page, "/submissions/", "/");
    let words = [("message", "zqxwvk asks"), ("show_evidence", "on")];
    zoe.post(&format!("/submissions/{submission}/handing-in"), &words).await.is(303);
    let review = w.waiting().await;
    let words = [("points-plan", "2"), ("comment", "zqxwvk did well"), ("verdict", "accept")];
    w.reviewer.post(&format!("{review}/decision"), &words).await.is(303);
    w.app.run_jobs().await;
    let badge = format!("/c/{}", between(&zoe.get("/badges").await, "href=\"/c/", "\""));
    zoe.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let change = [("change", "revoke"), ("reason", "zqxwvk copied it")];
    w.owner.post(&format!("{badge}/status"), &change).await.is(303);
    w.app.run_jobs().await;
}

/// A role, a token, invitations to her and by her, a conflict.
async fn belong(w: &World, zoe: &Browser) {
    let invitation = [("email", "ZQXWVK.Zoe@people.example"), ("role", "designer")];
    w.owner.post("/organizations/northfjord/invitations", &invitation).await.is(303);
    w.app.join(w.organization, zoe, Role::Owner).await;
    let invitation = [("email", "friend@people.example"), ("role", "reviewer")];
    zoe.post("/organizations/northfjord/invitations", &invitation).await.is(303);
    account::issue_token(&w.app, zoe.person(), "zqxwvk token", "catalog:read", 90).await.unwrap();
    let mut tx = w.app.db.begin().await.unwrap();
    sqlx::query("INSERT INTO conflict (organization, reviewer, address_key, address, learner, declared_by, created_at) \
         VALUES ($1, $2, 'zqxwvk.zoe@people.example', 'ZQXWVK.Zoe@people.example', $3, $3, 1)")
        .bind(w.organization.to_string())
        .bind(w.reviewer.person().to_string())
        .bind(zoe.person().to_string())
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    w.app.run_jobs().await;
}

/// By a program, whose answer is kept, and by a roster.
async fn be_awarded(w: &World) {
    let program = w.app.api(&w.app.token(&w.owner, account::SCOPES).await);
    // one of which none of hers was revoked
    let actor = w.owner.actor().await;
    achievement::create(&w.app, &actor, "northfjord", Some("running"), crate::chain::definition())
        .await
        .unwrap();
    achievement::publish(&w.app, &actor, "northfjord", "running").await.unwrap();
    let body = json!({ "achievement": "northfjord.running", "recipients": [
        { "name": "Zqxwvk Zoe", "email": "ZQXWVK.Zoe@people.example" }, { "name": "Ben", "email": "ben@people.example" }] });
    let key = [("idempotency-key", "first")];
    let path = "/api/v1/organizations/northfjord/awards";
    program.send(Method::POST, path, &key, Some(&body)).await.is(201);
    let file = "name,email,date\nZqxwvk Zoe,ZQXWVK.zoe@people.example,\nBea,bea@people.example,\n\
                Zqxwvk Zoe,zqxwvk.zoe@people.example,in zqxwvk\n";
    let files = [("file", "list.csv", file.as_bytes())];
    let rosters = "/organizations/northfjord/rosters";
    let roster = w.owner.upload(rosters, &[("achievement", "walking")], &files).await.is(303).location();
    w.owner.post(&format!("{roster}/start"), &[]).await;
    w.app.run_jobs().await;
}

/// Columns that are personal and need not have the mark: what they hold is no
/// text of hers.
const NO_TEXT: &[&str] = &[
    "announcement_reader.letters_since",
    "announcement_reader.read_until",
    "attempt.grade",
    "enrollment.progress",
    "evidence.blob",
    "member.role",
    "roster_row.awarded_on",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_used_everything_takes_everything_along_and_leaves_nothing() {
    let w = World::new().await;
    let zoe = everything(&w).await;
    assert_eq!(unclassified_members(&w.app).await, Vec::<String>::new());
    let before = marked(&w.app).await;
    let parcel = zoe.get("/account/export").await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&parcel.is(200).body)).unwrap();
    let mut holds_mark = |name: &str| {
        let mut text = String::new();
        zip.by_name(name)
            .unwrap_or_else(|_| panic!("{name} is not in the export"))
            .read_to_string(&mut text)
            .unwrap();
        text.to_lowercase().contains(MARK)
    };
    for (name, holds) in personal() {
        if NO_TEXT.contains(&name.as_str()) {
            continue;
        }
        assert!(before.contains(&name), "{name} is personal, and nothing in this test fills it: {before:?}");
        for file in files(holds) {
            assert!(holds_mark(file), "{name} is exported in {file}, and nothing of hers is there");
        }
    }
    assert!(marked_files(&w.app) >= 2, "evidence and roster");

    let others = w.app.count("SELECT count(*) FROM credential WHERE recipient_name = 'Ben'").await;
    zoe.post("/account/deletion", &[("email", "zqxwvk.zoe@people.example")]).await.leads_to("/");
    w.app.run_jobs().await;
    assert_eq!(marked(&w.app).await, BTreeSet::new());
    assert_eq!(marked_files(&w.app), 0);
    assert_eq!(unclassified_members(&w.app).await, Vec::<String>::new());
    let mut conn = w.app.db.read().await.unwrap();
    let chains = event::verify(&mut conn, &w.app.keys).await.unwrap();
    drop(conn);
    assert!(chains.iter().all(|c| c.broken.is_none()), "{chains:?}");
    assert!(chains.iter().any(|c| c.erased > 0), "{chains:?}");
    // what stays of a badge says that it was withdrawn, and whose it was not
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE state = 'revoked'").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE recipient_name = 'Ben'").await, others);
    what_stays_opens(&w).await;
}

/// The organisation still sees that it issued something, and to nobody.
async fn what_stays_opens(w: &World) {
    let mut conn = w.app.db.read().await.unwrap();
    let left: Vec<String> = sqlx::query_scalar("SELECT id FROM credential WHERE recipient_name = ''")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    drop(conn);
    assert!(!left.is_empty());
    for id in left {
        w.owner.get(&format!("/c/{id}")).await.is(200).lacks("Zoe");
        w.app.visitor().get(&format!("/c/{id}")).await.is(404);
    }
    w.owner.get("/organizations/northfjord/audit").await.is(200).lacks("Zoe").lacks("copied it");
    // and the same call again says that the answer is gone, and awards nobody
    let before = w.app.count("SELECT count(*) FROM credential").await;
    let program = w.app.api(&w.app.token(&w.owner, account::SCOPES).await);
    let body = json!({ "achievement": "northfjord.running", "recipients": [
        { "name": "Zqxwvk Zoe", "email": "ZQXWVK.Zoe@people.example" }, { "name": "Ben", "email": "ben@people.example" }] });
    let path = "/api/v1/organizations/northfjord/awards";
    program.send(Method::POST, path, &[("idempotency-key", "first")], Some(&body)).await.is(410);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, before);
}

/// Every personal column, documents with the personal ones of their members.
fn personal() -> Vec<(String, Holds)> {
    let mut found = vec![];
    for table in retention::tables() {
        for column in table.columns {
            if !files(column.holds).is_empty() {
                found.push((format!("{}.{}", table.name, column.name), column.holds));
            }
        }
    }
    found
}

/// The files of the export in which it is.
fn files(holds: Holds) -> BTreeSet<&'static str> {
    match holds {
        Holds::Personal(file, _) => BTreeSet::from([file]),
        Holds::Document(members) => members.iter().flat_map(|(_, holds)| files(*holds)).collect(),
        Holds::Plain | Holds::Secret(_) => BTreeSet::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_delete_an_account_at_once_delete_it_once() {
    let w = World::new().await;
    w.badge(&w.learner).await;
    let fields = [("email", "amy@people.example")];
    let (a, b) = tokio::join!(
        w.learner.post("/account/deletion", &fields),
        w.learner.post("/account/deletion", &fields)
    );
    assert!(a.status.is_redirection() || b.status.is_redirection(), "{a} {b}");
    assert_eq!(w.app.count("SELECT count(*) FROM person WHERE name = 'Amy'").await, 0);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_old_is_deleted_by_night_once_for_all_nodes() {
    let w = World::new().await;
    everything(&w).await;
    let visitor = w.app.visitor();
    visitor.post("/sign-in", &[("email", "zqxwvk.zoe@people.example"), ("password", "wrong")]).await;
    w.app.execute("UPDATE api_token SET revoked_at = 1 WHERE name = 'zqxwvk token'").await;
    let tables = ["mail", "rate", "email_link", "invitation", "session", "idempotency"];
    w.app.pass_days(200);
    for _ in 0..2 {
        job::plan_night(&*w.app).await.unwrap();
    }
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM job WHERE kind = 'retention'").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM job WHERE state = 'dead'").await, 0);
    for table in tables {
        assert_eq!(values(&w.app, table, "1").await, Vec::<String>::new(), "{table}");
    }
    for sql in [
        "SELECT count(*) FROM api_token WHERE name = 'zqxwvk token'",
        "SELECT count(*) FROM roster_row WHERE name <> '' OR address <> '' OR problem <> ''",
        "SELECT count(*) FROM roster WHERE blob <> ''",
        "SELECT count(*) FROM job WHERE created_at < 1790000000000",
    ] {
        assert_eq!(w.app.count(sql).await, 0, "{sql}");
    }
    // what is not old enough, or is kept with the account, stays
    assert_eq!(w.app.count("SELECT count(*) FROM person WHERE name = 'Zqxwvk Zoe'").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM evidence WHERE title LIKE 'zqxwvk%'").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_to_an_address_in_capitals_are_hers() {
    let app = TestApp::new().await;
    let eve = app.person("Éve").await;
    let mut tx = app.db.begin().await.unwrap();
    for address in ["ÉVE@People.example", "éve@people.example", "other@people.example"] {
        let letter = cairn_platform::mail::Letter {
            id: format!("test-{}", id::fresh()),
            kind: "audit-head",
            address,
            person: None,
            language: cairn_platform::text::Language::En,
            values: &[("day", "d"), ("line", "1"), ("head", "h")],
            link: None,
        };
        cairn_platform::mail::write(&mut tx, &app, letter).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.run_jobs().await;
    eve.post("/account/deletion", &[("email", "éve@people.example")]).await.leads_to("/");
    assert_eq!(app.count("SELECT count(*) FROM mail").await, 1, "two were hers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_changed_hands_takes_nothing_of_its_former_owner_along() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let eve = w.app.person("Eve").await;
    w.app.execute("UPDATE email SET key = 'amy.new@people.example' WHERE key = 'amy@people.example'").await;
    w.app.execute("UPDATE email SET key = 'amy@people.example' WHERE key = 'eve@people.example'").await;
    let letters = w.app.count("SELECT count(*) FROM mail").await;
    eve.post("/account/deletion", &[("email", "amy@people.example")]).await.leads_to("/");
    w.learner.get(&badge).await.is(200).has("Amy");
    assert_eq!(w.app.count("SELECT count(*) FROM mail").await, letters);
    assert_eq!(w.app.count("SELECT count(*) FROM award WHERE reason LIKE 'erased:%'").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_erased_while_a_list_is_awarded_is_not_in_it_afterwards() {
    let w = World::new().await;
    let zoe = w.app.person("Zqxwvk Zoe").await;
    let mut file = String::from("name,email\n");
    (0..30).for_each(|n| file.push_str(["Bo,bo", "\n"].join(&format!("{n}@people.example")).as_str()));
    file.push_str("Zqxwvk Zoe,zqxwvk.zoe@people.example\n");
    let files = [("file", "list.csv", file.as_bytes())];
    let rosters = "/organizations/northfjord/rosters";
    let roster = w.owner.upload(rosters, &[("achievement", "walking")], &files).await.is(303).location();
    w.owner.post(&format!("{roster}/start"), &[]).await.is(303);
    let fields = [("email", "zqxwvk.zoe@people.example")];
    let (_, erased) = tokio::join!(w.app.run_jobs(), zoe.post("/account/deletion", &fields));
    erased.leads_to("/");
    w.app.run_jobs().await;
    assert_eq!(marked(&w.app).await, BTreeSet::new());
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE recipient_name = 'Bo'").await, 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_from_before_are_found_by_their_address_too() {
    let app = TestApp::new().await;
    app.execute(
        "INSERT INTO mail (id, address, subject, plain, html, created_at, error) \
         VALUES ('old', 'Éve@People.example', '', '', '', 1, '')",
    )
    .await;
    for sql in [
        "DROP INDEX mail_address",
        "ALTER TABLE mail DROP COLUMN address_key",
        "DELETE FROM migration WHERE name = '0031_mail_key'",
    ] {
        app.execute(sql).await;
    }
    cairn_platform::migrate::migrate(&app.db, &app.keys, cairn_actions::migration::ALL).await.unwrap();
    assert_eq!(values(&app, "mail", "address_key").await, ["éve@people.example"]);
}
