//! The harness itself: what tests build on is tested too.

use crate::harness::{Page, Role, TestApp};
use axum::http::{HeaderMap, Method, StatusCode};
use cairn_domain::permission::Intent;
use cairn_platform::job;
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_signed_in_and_have_roles() {
    let app = TestApp::new().await;
    let (amy, ray) = (app.person("Amy").await, app.person("Ray").await);
    let north = app.organization("north", &[(&ray, Role::Reviewer)]).await;
    assert_eq!((amy.name(), amy.email()), ("Amy", "amy@people.example"));
    amy.get("/about").await.is(200).has("Amy").lacks("Ray");
    app.visitor().get("/about").await.is(200).lacks("Amy");
    assert!(amy.actor().await.member("north").is_err());
    assert!(ray.actor().await.with(north, Intent::Review).is_ok());
    assert!(ray.actor().await.with(north, Intent::Define).is_err());
    app.join(north, &ray, Role::Designer).await;
    assert!(ray.actor().await.with(north, Intent::Define).is_ok());
    assert!(app.operator("Olga").await.actor().await.operator);
    assert_eq!(app.count("SELECT count(*) FROM person").await, 3);
    assert_eq!(app.execute("DELETE FROM session").await, 3);
    amy.get("/about").await.is(200).lacks("Amy");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_keeps_cookies_and_sends_form_tokens() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let fields = [("language", "de"), ("back", "/about")];
    amy.post_without_token("/language", &fields).await.is(403);
    amy.upload_without_token("/language", &fields, &[]).await.is(403);
    amy.post("/language", &fields).await.leads_to("/about");
    assert_eq!(amy.cookie("cairn_language").as_deref(), Some("de"));
    amy.get("/about").await.has("Abmelden");
    amy.post_and_follow("/language", &[("language", "en"), ("back", "/about")]).await.is(200).has("Sign out");
    // a form of fields is wanted there, so that an upload passes the door and no more
    amy.upload("/language", &fields, &[("file", "a.txt", b"hello")]).await.is(415);
    amy.send(Method::DELETE, "/about", None).await.is(403);
    let visitor = app.visitor();
    visitor.speak("de");
    visitor.get("/about").await.has("Anmelden").lacks("Abmelden");
    visitor.set_cookie("cairn_language", "en");
    visitor.get("/about").await.has("Sign in").lacks("Anmelden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_send_json_and_tokens() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let token = app.token(&amy, &["read"]).await;
    assert_eq!(app.count("SELECT count(*) FROM api_token WHERE scopes = 'read'").await, 1);
    for program in [app.api(&token), app.api("")] {
        assert_eq!(program.get("/api/nothing").await.is(404).json()["code"], "not-found");
        program.post("/api/nothing", &json!({})).await.is(404);
        program.delete("/api/nothing").await.is(404);
        program.send(Method::PUT, "/api/nothing", &[("idempotency-key", "1")], None).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_are_written_now_and_sent_by_jobs() {
    let app = TestApp::with(|config| config.name = "Hill".into()).await;
    let letter = |id: &str| Letter {
        id: id.into(),
        kind: "verify",
        address: "amy@people.example",
        person: None,
        language: Language::En,
        values: &[],
        link: None,
    };
    let mut tx = app.db.begin().await.unwrap();
    mail::write(&mut tx, &app, letter("first")).await.unwrap();
    mail::write(&mut tx, &app, letter("first")).await.unwrap();
    let tomorrow = app.clock.now() + jiff::SignedDuration::from_hours(24);
    job::enqueue(&mut tx, "later", "nonsense", &json!({}), tomorrow).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.mails_to("amy@people.example").await.len(), 1);
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE sent_at IS NOT NULL").await, 0);
    assert_eq!((app.run_jobs().await, app.run_jobs().await), (1, 0));
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE sent_at IS NOT NULL").await, 1);
    app.pass_days(1);
    assert_eq!(app.clock.now().to_string(), "2026-11-23T12:00:00Z");
    app.set_clock("2026-12-24T18:00:00Z");
    assert_eq!(app.clock.now().to_string(), "2026-12-24T18:00:00Z");
    app.leave_jobs();
}

#[test]
fn a_test_that_leaves_jobs_fails() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        tokio::spawn(async {
            let app = TestApp::new().await;
            let mut tx = app.db.begin().await.unwrap();
            job::enqueue(&mut tx, "forgotten", "nonsense", &json!({}), app.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        })
        .await
    });
    let panic = outcome.expect_err("it fails").into_panic();
    assert!(panic.downcast_ref::<String>().unwrap().contains("forgotten"));
}

#[test]
fn pages_are_read_as_people_read_them() {
    let body = br#"<body>head<main id="main"><p>Tom &amp; Ann's<b>x</b></p><script>no()</script>
        <a class=button href="/next?a=1&amp;b=2"><svg><path/></svg>Go on</a>
        <form method="post" action="/save?csrf=1"><input type="hidden" name="csrf" value="secret">
        <input name=title value='A "b"' required><input type="checkbox" name="yes" checked>
        <input type="radio" name="kind" value="a"><input type="radio" name="kind" value="b" checked>
        <textarea name="text">
two &lt;lines&gt;
here</textarea><select name="color"><option value="r">Red<option value="g" selected>Green</select>
        <input type="file" name="file"><button name="do" value="it">Save</button></form></main></body>"#;
    let headers = HeaderMap::from_iter([("content-type".parse().unwrap(), "text/html".parse().unwrap())]);
    let page = Page { what: "GET /".into(), status: StatusCode::OK, headers, body: body.to_vec() };
    assert_eq!(page.words(), "Tom & Ann'sx Go on two <lines> here Red Green Save");
    assert_eq!(page.link("Go on"), "/next?a=1&b=2");
    assert_eq!((page.value("title"), page.value("kind")), ("A \"b\"".into(), "b".into()));
    let names: Vec<_> = page.form("/save").into_iter().map(|(n, v)| format!("{n}={v}")).collect();
    assert_eq!(
        names,
        ["csrf=secret", "title=A \"b\"", "yes=on", "kind=b", "text=two <lines>\nhere", "color=g"]
    );
}
