//! The table of routes: who may come in, and that the door keeps its word.

use crate::harness::{Role, TestApp};
use axum::http::Method;
use cairn::http::Allow;
use cairn::http::form_page::FORMS;
use cairn::http::route::Line;
use serde_json::json;

/// An id that nothing has.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

fn table(app: &TestApp) -> Vec<Line> {
    let mut lines = cairn::web::routes(app).split().1;
    lines.sort_by_key(|l| (l.path, l.method.to_string()));
    lines
}

fn for_programs(line: &Line) -> bool {
    matches!(line.allow, Allow::Program | Allow::Token | Allow::Scope(_))
}

fn of_organization(line: &Line) -> bool {
    matches!(line.allow, Allow::Member(_) | Allow::MemberOrOperator(_) | Allow::AnyMember)
}

/// The path with its parameters filled in: `org` for the organisation,
/// `other` for all others.
fn filled(path: &str, org: &str, other: &str) -> String {
    let fill = |part: &str| match part {
        "{org}" => org.to_owned(),
        _ => match (part.find('{'), part.rfind('}')) {
            (Some(start), Some(end)) => format!("{}{other}{}", &part[..start], &part[end + 1..]),
            _ => part.to_owned(),
        },
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// Reviewed by people: a new route, or another word at a door, changes
/// `tests/snapshots/app__routes__table.snap` (`INSTA_UPDATE=always cargo test`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table_is_as_agreed() {
    let app = TestApp::new().await;
    let lines: Vec<String> =
        table(&app).iter().map(|l| format!("{:6} {:60} {:?}", l.method.as_str(), l.path, l.allow)).collect();
    insta::assert_snapshot!("table", lines.join("\n"));
}

/// Whoever opens an address that a form is sent to, as by a reload in another language, comes to the page of the form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_for_forms_leads_to_the_page_of_its_form() {
    let app = TestApp::with(|config| config.demo = true).await;
    let olga = app.operator("Olga").await;
    app.organization("north", &[(&olga, Role::Owner)]).await;
    let lines = table(&app);
    let has_page = |path: &str| lines.iter().any(|l| l.method == Method::GET && l.path == path);
    for line in lines.iter().filter(|l| l.method == Method::POST && !for_programs(l)) {
        let listed = FORMS.iter().find(|(path, _)| *path == line.path);
        if has_page(line.path) {
            continue;
        }
        let (_, page) =
            listed.unwrap_or_else(|| panic!("say in form_page.rs where the form of {} stands", line.path));
        assert!(has_page(page), "{page} is no page");
        let answer = olga.get(&filled(line.path, "north", NOBODY)).await;
        answer.is(303);
        assert_eq!(answer.location(), filled(page, "north", NOBODY), "{answer}");
    }
    for (path, page) in FORMS {
        assert!(
            lines.iter().any(|l| l.method == Method::POST && l.path == *path),
            "there is no form for {path}"
        );
        assert!(has_page(page), "there is no page {page}");
    }
    // a program is told, in its way
    app.api("").get("/account/tokens").await.is(303);
    app.api("").get("/api/v1/verifications").await.is(405);
    // what is only read and nothing is sent to is told by a page
    let page = olga.post("/about", &[]).await;
    page.is(405).has("Home");
    assert!(!page.header("allow").is_empty(), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_needs_a_form_token() {
    let app = TestApp::with(|config| config.demo = true).await;
    let olga = app.operator("Olga").await;
    app.organization("north", &[(&olga, Role::Owner)]).await;
    let wrong = "0".repeat(64);
    for line in table(&app).into_iter().filter(|l| l.method != Method::GET && !for_programs(l)) {
        let path = filled(line.path, "north", NOBODY);
        let form = format!("csrf={wrong}&title=x").into_bytes();
        let json = json!({ "csrf": wrong }).to_string().into_bytes();
        let bodies: [Option<(&str, Vec<u8>)>; 5] = [
            None,
            Some(("application/x-www-form-urlencoded", b"title=x".to_vec())),
            Some(("application/x-www-form-urlencoded", form)),
            Some(("application/json", json)),
            Some(("text/plain", b"csrf".to_vec())),
        ];
        for body in bodies {
            olga.send(line.method.clone(), &path, body).await.is(403);
        }
        if line.method == Method::POST {
            olga.upload_without_token(&path, &[("title", "x")], &[("file", "a.txt", b"text")]).await.is(403);
            let path = format!("{path}?csrf={wrong}");
            olga.upload_without_token(&path, &[], &[("file", "a.txt", b"text")]).await.is(403);
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM event").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routes_for_programs_look_at_tokens_only() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let other = app.token(&amy, &["another-scope"]).await;
    for line in table(&app) {
        let under = |start: &str| line.path.starts_with(start);
        let path = filled(line.path, "north", NOBODY);
        let no_cookies_there =
            under("/api/") || under("/assets/") || under("/status/") || line.path == "/healthz";
        assert!(
            !no_cookies_there
                || for_programs(&line)
                || (line.allow == Allow::Anyone && line.method == Method::GET),
            "{path}: nobody is signed in there and form tokens are not looked at"
        );
        assert!(
            line.method == Method::GET || !for_programs(&line) || under("/api/"),
            "{path}: programs have no form tokens; their changes belong under /api/"
        );
        if !matches!(line.allow, Allow::Scope(_)) {
            continue;
        }
        let body = (line.method == Method::POST).then(|| json!({}));
        for (token, status) in [("", 401), ("nonsense", 401), (other.as_str(), 403)] {
            app.api(token).send(line.method.clone(), &path, &[], body.as_ref()).await.is(status);
        }
        let page = amy.send(line.method.clone(), &path, None).await;
        assert!(matches!(page.status.as_u16(), 401 | 403), "a session is no token: {page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_sent_to_the_door() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for line in table(&app) {
        let inside = matches!(line.allow, Allow::SignedIn | Allow::Operator) || of_organization(&line);
        if !inside {
            continue;
        }
        let path = filled(line.path, "north", NOBODY);
        let page = match line.method {
            Method::GET => visitor.get(&path).await,
            _ => visitor.post(&path, &[]).await,
        };
        let sent = page.is(303).location();
        assert!(sent.starts_with("/sign-in?next="), "{page}");
        if line.method == Method::GET {
            app.api("").get(&path).await.is(401);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_for_a_person_is_not_found() {
    let app = TestApp::new().await;
    let (amy, ann) = (app.person("Amy").await, app.person("Ann").await);
    app.organization("north", &[(&amy, Role::Owner)]).await;
    app.organization("south", &[(&ann, Role::Owner)]).await;
    let lines = table(&app);
    let closed =
        lines.iter().filter(|l| of_organization(l) || matches!(l.allow, Allow::Operator | Allow::Demo));
    let paths: Vec<(Method, String)> =
        closed.map(|l| (l.method.clone(), filled(l.path, "north", NOBODY))).collect();
    ann.finds_nothing(&paths).await;
    let nowhere: Vec<(Method, String)> = lines
        .iter()
        .filter(|l| of_organization(l))
        .map(|l| (l.method.clone(), filled(l.path, "nowhere", NOBODY)))
        .collect();
    amy.finds_nothing(&nowhere).await;
}

/// Parameters from addresses are anybody's words: they never surprise the app.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_in_addresses_is_answered_calmly() {
    let app = TestApp::with(|config| config.demo = true).await;
    let olga = app.operator("Olga").await;
    app.organization("north", &[(&olga, Role::Owner)]).await;
    for line in table(&app).into_iter().filter(|l| l.path.contains('{')) {
        for nonsense in [NOBODY, "x", "%27%20OR%201=1--", "%00", "%ff", "..%2f..%2fetc%2fpasswd", "🪨"] {
            let nonsense = nonsense.replace('🪨', "%F0%9F%AA%A8");
            let path = filled(line.path, "north", &nonsense);
            let page = match line.method {
                Method::GET => olga.get(&path).await,
                Method::POST => olga.post(&path, &[]).await,
                _ => olga.send(line.method.clone(), &path, None).await,
            };
            assert!(!page.status.is_server_error(), "{page}");
        }
    }
    app.leave_jobs();
}
