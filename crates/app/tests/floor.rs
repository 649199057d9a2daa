//! The floor: database, audit log, rate limits, error pages, headers.

use crate::harness::TestApp;
use axum::http::Method;
use cairn_platform::Error;
use cairn_platform::event::{self, ChainReport, Event};
use cairn_platform::rate_limit;
use serde_json::json;

/// One event of the instance's own log, in a transaction of its own.
async fn record(app: &TestApp, subject: String) {
    let event = Event {
        organization: None,
        actor: "system".into(),
        kind: "test.happened",
        subject,
        body: json!({ "reason": "a test" }),
    };
    let mut tx = app.db.begin().await.unwrap();
    event::record(&mut tx, app, event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn check_log(app: &TestApp) -> Vec<ChainReport> {
    let mut conn = app.db.read().await.unwrap();
    event::verify(&mut conn, &app.keys).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_writers_at_once_lose_nothing() {
    let app = TestApp::new().await;
    let writer = async |n: usize| {
        for turn in 0..20 {
            record(&app, format!("{n}.{turn}")).await;
        }
    };
    futures_util::future::join_all((0..50).map(writer)).await;
    let want = ChainReport { chain: String::new(), lines: 1000, erased: 0, before_seal: None, broken: None };
    assert_eq!(check_log(&app).await, [want]);
    assert_eq!(app.count("SELECT count(DISTINCT subject) FROM event").await, 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_shows_that_somebody_has_been_at_it() {
    let check = async |tampering: &'static str, want: Option<&str>| {
        let app = TestApp::new().await;
        for n in 1..=5 {
            record(&app, n.to_string()).await;
        }
        app.execute(tampering).await;
        let found = check_log(&app).await.remove(0).broken;
        assert_eq!(found.as_deref(), want, "{tampering}");
    };
    let copy = "INSERT INTO event SELECT organization, seq + 1, at, actor, kind, subject, body, previous, hash, \
                text_digest FROM event WHERE seq = 5";
    check("UPDATE event SET at = at", None).await;
    check("UPDATE event SET body = '{\"role\":1}' WHERE seq = 3", Some("line 3 has been changed")).await;
    check("UPDATE event SET actor = 'amy' WHERE seq = 5", Some("line 5 has been changed")).await;
    check("UPDATE event SET at = at + 1 WHERE seq = 1", Some("line 1 has been changed")).await;
    check("DELETE FROM event WHERE seq = 3", Some("line 3 is missing")).await;
    check("DELETE FROM event WHERE seq = 1", Some("line 1 is missing")).await;
    check("DELETE FROM event WHERE seq = 5", Some("the log ends at line 4, its head says 5")).await;
    check("DELETE FROM event", Some("the log ends at line 0, its head says 5")).await;
    check(copy, Some("line 6 does not continue line 5")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_holds_for_everybody_together_and_ends_with_its_window() {
    let app = TestApp::new().await;
    let take = async |key: &'static str| rate_limit::take(&app.db, &app.clock, key, 5, 60).await;
    let tries = futures_util::future::join_all((0..20).map(|_| take("sign-in amy"))).await;
    assert_eq!(tries.iter().filter(|t| t.is_ok()).count(), 5);
    assert!(take("sign-in ray").await.is_ok());
    app.pass(jiff::SignedDuration::from_secs(59));
    assert!(matches!(take("sign-in amy").await, Err(Error::TooMany(1))));
    app.pass(jiff::SignedDuration::from_secs(1));
    assert!(take("sign-in amy").await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let page = visitor.get("/no/such/page").await;
    assert!(page.is(404).is_html());
    page.has("<h1>").has("<main").has("href=\"/\"");
    visitor.speak("de");
    assert_ne!(visitor.get("/no/such/page").await.is(404).words(), page.words());
    let page = visitor.post_without_token("/language", &[("language", "en")]).await;
    assert!(page.is(403).is_html());
    page.has("<h1>");
    let page = visitor.send(Method::GET, "/api/no/such/thing", None).await;
    assert_eq!(page.is(404).header("content-type"), "application/problem+json");
    for path in ["/no/such/page", "/api/no/such/thing"] {
        let answer = app.api("").get(path).await;
        assert_eq!(answer.is(404).header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(404), &json!("not-found")));
        assert!(problem["title"].is_string() && problem["type"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let style = amy.get("/about").await.text();
    let style = style.split('"').find(|t| t.contains("app.css")).expect("a page has a style sheet");
    let mut answers = vec![
        amy.get("/about").await,
        amy.get("/no/such/page").await,
        amy.get("/favicon.ico").await,
        amy.get("/robots.txt").await,
        amy.get("/language").await,
        amy.get(style).await,
        amy.get("/assets/0/no-such.css").await,
        amy.post_without_token("/language", &[]).await,
        amy.post("/language", &[("language", "en")]).await,
        app.api("").get("/api/no/such/thing").await,
        app.api("").get("/healthz").await,
    ];
    answers.push(amy.send(Method::PATCH, "/about", None).await);
    for answer in answers {
        let check = |name: &str, want: &str| {
            assert!(answer.header(name).contains(want), "{name} of {answer} is “{}”", answer.header(name));
        };
        check("content-security-policy", "default-src 'none'");
        check("content-security-policy", "frame-ancestors 'none'");
        check("x-content-type-options", "nosniff");
        check("x-frame-options", "DENY");
        check("referrer-policy", "same-origin");
        check("permissions-policy", "geolocation=()");
        if answer.is_html() {
            check("cache-control", "private");
        }
        let policy = answer.header("content-security-policy");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_https_cookies_stay_there() {
    let app = TestApp::with(|config| config.base_url = "https://cairn.test".into()).await;
    let page = app.visitor().get("/about").await;
    assert!(
        page.header("set-cookie").contains("; Secure") && page.header("set-cookie").contains("; HttpOnly")
    );
    assert!(page.header("strict-transport-security").contains("max-age="));
    let page = TestApp::new().await.visitor().get("/about").await;
    assert!(!page.header("set-cookie").contains("Secure"));
    assert_eq!(page.header("strict-transport-security"), "");
}
