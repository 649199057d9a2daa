//! Limits: every route that costs something is counted, nobody is locked out by others, and waiting is told.

use crate::harness::{Browser, Role, TestApp};
use axum::http::Method;
use cairn::http::limit::{self, Class, Who, class_of};
use cairn::http::route::{Line, MOST_LONG_FORM};
use cairn_platform::client::Client;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};

const HERE: &str = "203.0.113.7";
const THERE: &str = "198.51.100.9";
const PASSWORD: &str = "correct horse battery";

fn client(ip: &str) -> Client {
    Client::of(ip.parse().unwrap())
}

/// A browser at an address.
fn at(app: &TestApp, ip: &str) -> Browser {
    let peer = SocketAddr::new(ip.parse::<IpAddr>().unwrap(), 4711);
    let router = cairn::router((**app).clone()).layer(axum::Extension(axum::extract::ConnectInfo(peer)));
    Browser::new((**app).clone(), router)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_that_changes_something_has_a_limit() {
    let app = TestApp::new().await;
    let lines = cairn::web::routes(&app).split().1;
    // what takes much counts as more than a form
    let ordinary = |l: &&Line| {
        matches!(class_of(&l.method, l.path), Some(Class::Change | Class::Call))
            && !limit::ROUTES.iter().any(|(path, _)| *path == l.path)
    };
    let cheap: Vec<&str> =
        lines.iter().filter(|l| l.most > MOST_LONG_FORM).filter(ordinary).map(|l| l.path).collect();
    assert!(cheap.is_empty(), "say in http/limit.rs what these cost:\n{}", cheap.join("\n"));
    assert!(lines.iter().all(|l| l.method == Method::GET || class_of(&l.method, l.path).is_some()));
    for (path, _) in limit::ROUTES.iter().chain(limit::READ) {
        assert!(lines.iter().any(|l| l.path == *path), "there is no route {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_class_is_counted_of_whoever_is_known() {
    let app = TestApp::new().await;
    let (amy, ann) = (app.person("Amy").await, app.person("Ann").await);
    let north = app.organization("north", &[]).await;
    for class in Class::ALL {
        let who = Who { client: Some(client(HERE)), account: Some(amy.person()), organization: Some(north) };
        let most = class.limits().iter().map(|l| l.most).min().unwrap();
        for _ in 0..most {
            limit::enter(&app, *class, who).await.unwrap_or_else(|e| panic!("{class:?}: {e:?}"));
        }
        let error = limit::enter(&app, *class, who).await.map(drop).expect_err("one too many");
        assert_eq!(cairn::http::problem::status(&error).as_u16(), 429, "{class:?}");
        app.pass_days(1);
        let other = Who { client: Some(client(THERE)), account: Some(ann.person()), organization: None };
        assert!(limit::enter(&app, *class, other).await.is_ok(), "{class:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shared_is_not_used_up_by_one() {
    let app = TestApp::new().await;
    let check = async |ip: &str| {
        let who = Who { client: Some(client(ip)), ..Who::default() };
        limit::enter(&app, Class::Verify, who).await.is_ok()
    };
    let mut passed = 0;
    for _ in 0..700 {
        passed += i64::from(check(HERE).await);
    }
    assert_eq!(passed, cairn_actions::limit::VERIFY_CLIENT.most);
    assert!(check(THERE).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_locked_out_by_a_stranger() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    amy.post("/account/password", &[("password", PASSWORD)]).await.is(303);
    let mallory = at(&app, THERE);
    let wrong = [("email", "amy@people.example"), ("password", "nonsense nonsense")];
    for _ in 0..10 {
        mallory.post("/sign-in", &wrong).await.is(422);
    }
    let told = mallory.post("/sign-in", &wrong).await;
    told.is(429).has("Let us send you a letter");
    assert!(told.header("retry-after").parse::<i64>().unwrap() > 0);
    // Amy, elsewhere, signs in as ever
    let right = [("email", "amy@people.example"), ("password", PASSWORD)];
    at(&app, HERE).post("/sign-in", &right).await.leads_to("/desk");
    // and from the same place by a letter, when its password tries are used up
    at(&app, THERE).post("/sign-in", &right).await.is(429);
    mallory.post("/sign-in/link", &[("email", "amy@people.example")]).await.is(200);
    app.run_jobs().await;
    let letters = app.mails_to("amy@people.example").await;
    assert_eq!(letters.iter().filter(|l| l.subject == "Your sign-in link").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_sign_in_is_always_there() {
    let app = TestApp::new().await;
    app.person("Amy").await;
    // strangers everywhere ask for Amy's links until there are no more
    for n in 0..8 {
        let stranger = at(&app, &format!("198.51.100.{n}"));
        let asked = stranger.post("/sign-in/link", &[("email", "amy@people.example")]).await;
        asked.is(if n < 5 { 200 } else { 429 });
    }
    app.run_jobs().await;
    let letters = app.mails_to("amy@people.example").await;
    app.pass(jiff::SignedDuration::from_secs(14 * 60 + 59));
    // each letter makes those before it void; one of them opens
    let mut opened = 0;
    for letter in letters {
        let link = letter.plain.lines().find(|l| l.contains("/links/")).unwrap().to_owned();
        let answer = at(&app, HERE).post(link.split_once("cairn.test").unwrap().1, &[]).await;
        opened += usize::from(answer.status == 303);
    }
    assert_eq!(opened, 1);
    app.pass(jiff::SignedDuration::from_secs(1));
    at(&app, HERE).post("/sign-in/link", &[("email", "amy@people.example")]).await.is(200);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_to_strangers_and_organisations_are_few() {
    let app = TestApp::new().await;
    let mallory = at(&app, THERE);
    let mut sent = 0;
    for n in 0..120 {
        let form = [("name", "Amy"), ("email", &*format!("amy{n}@people.example"))];
        sent += i64::from(mallory.post("/sign-up", &form).await.status == 200);
    }
    assert_eq!(sent, cairn_actions::limit::LETTER_CLIENT.most);
    let told = mallory.post("/sign-up", &[("name", "Amy"), ("email", "amy@people.example")]).await;
    assert!(told.is(429).is_html());
    assert!(told.header("retry-after").parse::<i64>().unwrap() > 0);
    let olga = app.person("Olga").await;
    let mut founded = 0;
    for n in 0..20 {
        let form = [("name", &*format!("North {n}")), ("kind", "university"), ("country", "NO")];
        founded += i64::from(olga.post("/organizations", &form).await.status == 303);
    }
    assert!(founded <= cairn_actions::limit::FOUND_ACCOUNT.most);
    app.organization("north", &[(&olga, Role::Owner)]).await;
    let mut invited = 0;
    for _ in 0..20 {
        let form = [("email", "ray@people.example"), ("role", "reviewer")];
        invited += i64::from(olga.post("/organizations/north/invitations", &form).await.status == 303);
    }
    assert_eq!(invited, cairn_actions::limit::INVITATION_ADDRESS.most);
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_forms_use_up_nothing_that_counts_what_is_made() {
    let app = TestApp::new().await;
    let olga = app.person("Olga").await;
    let most = cairn_actions::limit::FOUND_ACCOUNT.most;
    for _ in 0..3 * most {
        assert!(
            olga.post("/organizations", &[("name", ""), ("kind", "university")])
                .await
                .status
                .is_client_error()
        );
        let form = [("name", "North"), ("kind", "university"), ("country", "NO"), ("csrf", "wrong")];
        olga.post_without_token("/organizations", &form).await.is(403);
    }
    let names: Vec<String> = (0..2 * most).map(|n| format!("North {n}")).collect();
    let found = async |name: &String| {
        let form = [("name", name.as_str()), ("kind", "university"), ("country", "NO")];
        i64::from(olga.post("/organizations", &form).await.status == 303)
    };
    let founded: i64 = futures_util::future::join_all(names.iter().map(found)).await.iter().sum();
    assert_eq!(founded, most, "as many as ever, and at once no more");
    // a password that was wrong stays counted
    let wrong = [("email", "olga@people.example"), ("password", "wrong")];
    let visitor = at(&app, HERE);
    for _ in 0..cairn_actions::limit::PASSWORD_PAIR.most {
        assert!(visitor.post("/sign-in", &wrong).await.status.is_client_error());
    }
    visitor.post("/sign-in", &wrong).await.is(429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_are_told_how_long_to_wait() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let token = app.token(&amy, &["credentials:read"]).await;
    for _ in 0..cairn_actions::limit::CALL_TOKEN.most {
        app.api(&token).get("/api/v1/me").await.is(200);
    }
    let told = app.api(&token).get("/api/v1/me").await;
    assert_eq!(told.is(429).json()["code"], json!("too-many"));
    assert_eq!(told.header("retry-after"), "60");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobodys_address_is_kept_and_nothing_for_longer_than_a_day() {
    let app = TestApp::new().await;
    let visitor = at(&app, HERE);
    visitor.post("/sign-in", &[("email", "amy@people.example"), ("password", "x")]).await.is(422);
    let keys = async || -> Vec<String> {
        let mut conn = app.db.read().await.unwrap();
        sqlx::query_scalar("SELECT key FROM rate ORDER BY key").fetch_all(&mut *conn).await.unwrap()
    };
    let before = keys().await;
    assert_eq!(before.len(), 2, "{before:?}");
    assert!(before.iter().all(|k| !k.contains("203.0.113") && !k.contains("amy@")), "{before:?}");
    app.pass_days(1);
    at(&app, THERE).post("/sign-in", &[("email", "ray@people.example"), ("password", "x")]).await.is(422);
    assert!(keys().await.iter().all(|k| !before.contains(k)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxys_word_counts_only_when_it_is_ours() {
    let app = TestApp::with(|config| config.trusted_proxies = vec!["10.0.0.0/8".into()]).await;
    let told = async |peer: &str, said: &str| {
        let (mut parts, ()) =
            axum::http::Request::builder().header("x-forwarded-for", said).body(()).unwrap().into_parts();
        let peer: SocketAddr = format!("{peer}:1").parse().unwrap();
        parts.extensions.insert(axum::extract::ConnectInfo(peer));
        cairn::http::client::of_request(&app, &parts).unwrap()
    };
    assert_eq!(told("10.0.0.1", HERE).await, client(HERE));
    assert_eq!(told(THERE, HERE).await, client(THERE));
}

#[test]
fn the_limits_in_the_documents_are_fresh() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/limits.md");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let wanted = limit::as_markdown();
    assert!(text.contains(&wanted), "put this table into docs/limits.md:\n{wanted}");
}
