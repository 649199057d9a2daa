//! Doors: slow and idle connections are let go, pages answer to their own name only, what is private is kept
//! by nobody, and nothing tells addresses.

use crate::chain::World;
use crate::harness::{Role, TestApp};
use axum::Router;
use axum::http::{Method, Request, header};
use axum::routing::{get, post};
use cairn::http::server::{self, Limits};
use cairn_actions::verification::{Source, settle_within};
use cairn_credential::check::{Facts, FetchOutcome, Purpose, WantedDocument};
use cairn_platform::outbound::{Outbound, Reach};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tower::ServiceExt as _;

/// Longer than anything here takes; a test that waits as long has failed.
const EVER: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
    /// A request that waits for this is under way.
    go_on: Arc<Notify>,
    has_come: Arc<Notify>,
}

async fn start(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (go_on, has_come) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (wait, come) = (go_on.clone(), has_come.clone());
    let slow = move || async move {
        come.notify_one();
        wait.notified().await;
        "slow"
    };
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/slow", get(slow))
        .route("/body", post(|body: String| async move { body }));
    let (stop, stopped) = oneshot::channel();
    let told = async move { drop(stopped.await) };
    let ended = tokio::spawn(async move { server::serve(router, listener, limits, told).await.unwrap() });
    Server { address, stop, ended, go_on, has_come }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// What comes until the other side ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = vec![];
    let read = tokio::time::timeout(EVER, stream.read_to_end(&mut all)).await;
    // an end with a reset is an end, too
    let _ = read.expect("the connection is kept for ever");
    String::from_utf8_lossy(&all).into_owned()
}

/// Sends a request and reads until `want` came.
async fn ask(stream: &mut TcpStream, request: &str, want: &str) {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut all = String::new();
    let mut part = [0; 1024];
    while !all.contains(want) {
        let read = tokio::time::timeout(EVER, stream.read(&mut part)).await.expect("no answer").unwrap();
        assert!(read > 0, "the answer ended: {all}");
        all.push_str(&String::from_utf8_lossy(&part[..read]));
    }
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_slow_or_idle_is_let_go() {
    let server = start(Limits { headers: SHORT, body: SHORT, request: EVER, ..Limits::default() }).await;
    for beginning in ["", "GET / HTTP/1.1\r\nHost: a\r\nX-", "POST /body HTTP/1.1\r\nHost: a\r\n"] {
        let mut stream = server.connect().await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        assert!(!rest(&mut stream).await.contains("200 OK"), "{beginning}");
    }
    let mut stream = server.connect().await;
    ask(&mut stream, "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nslow", "HTTP/1.1 4").await;
    rest(&mut stream).await;
    let mut stream = server.connect().await;
    ask(&mut stream, GET, "here").await;
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_does_not_last_for_ever() {
    let server = start(Limits { request: SHORT, ..Limits::default() }).await;
    let mut stream = server.connect().await;
    ask(&mut stream, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", "408 Request Timeout").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_client_has_only_so_many_connections() {
    let server = start(Limits { per_client: 3, ..Limits::default() }).await;
    let mut kept = vec![];
    for _ in 0..3 {
        let mut stream = server.connect().await;
        ask(&mut stream, GET, "here").await;
        kept.push(stream);
    }
    assert_eq!(rest(&mut server.connect().await).await, "");
    for stream in &mut kept {
        ask(stream, GET, "here").await;
    }
    // a place that is free is given again
    drop(kept.pop());
    let again = async {
        loop {
            let mut stream = server.connect().await;
            let mut part = [0; 64];
            if stream.write_all(GET.as_bytes()).await.is_ok()
                && stream.read(&mut part).await.is_ok_and(|n| n > 0)
            {
                return;
            }
        }
    };
    tokio::time::timeout(EVER, again).await.expect("the place is given again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_own_proxies_may_have_as_many_as_they_need() {
    let proxies = vec![cairn_platform::network::Network::parse("127.0.0.0/8").unwrap()];
    let server = start(Limits { per_client: 1, proxies, ..Limits::default() }).await;
    let mut kept = vec![];
    for _ in 0..5 {
        let mut stream = server.connect().await;
        ask(&mut stream, GET, "here").await;
        kept.push(stream);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_begun_is_finished_when_the_server_stops() {
    let server = start(Limits::default()).await;
    let mut idle = server.connect().await;
    ask(&mut idle, GET, "here").await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    server.has_come.notified().await;
    server.stop.send(()).unwrap();
    assert_eq!(rest(&mut idle).await, "", "an idle connection holds nobody up");
    server.go_on.notify_one();
    assert!(rest(&mut stream).await.ends_with("slow"));
    tokio::time::timeout(EVER, server.ended).await.expect("the server ends").unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_hosts_hold_a_check_no_longer_than_its_patience() {
    // takes connections and never answers
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap();
    let silent = tokio::spawn(async move {
        let mut kept = vec![];
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    let outbound = Outbound::with_reach(Reach::Anywhere).unwrap();
    let checker = move |facts: &Facts| {
        let url = |n| format!("http://{host}/{n}");
        let wanted: Vec<WantedDocument> = (0..32)
            .map(|n| WantedDocument { url: url(n), purpose: Purpose::Context })
            .filter(|w| !facts.documents.contains_key(&w.url))
            .collect();
        let refused = facts.documents.values().filter(|d| matches!(d, FetchOutcome::Refused(_))).count();
        (refused, wanted)
    };
    let facts = Facts::new("2026-11-22T12:00:00Z".parse().unwrap());
    let checked = settle_within(Source::Alone(&outbound), facts, SHORT, checker);
    // one document alone would be waited for ten seconds, all of them forty
    let refused =
        tokio::time::timeout(Duration::from_secs(8), checked).await.expect("it has an end").unwrap();
    assert_eq!(refused, 32);
    silent.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_hosts_name_is_not_answered_to() {
    let app = TestApp::with(|config| config.demo = true).await;
    let router = cairn::router((*app).clone());
    let lines = cairn::web::routes(&app).split().1;
    for line in lines {
        for host in [Some("evil.example"), Some("cairn.test.evil.example"), Some("cairn.test:81"), None] {
            let mut request =
                Request::builder().method(line.method.clone()).uri(line.path.replace(['{', '}', '*'], ""));
            if let Some(host) = host {
                request = request.header(header::HOST, host);
            }
            let request = request.body(axum::body::Body::empty()).unwrap();
            let Ok(answer) = router.clone().oneshot(request).await;
            let is_open = matches!(line.path, "/healthz" | "/metrics");
            assert_eq!(answer.status() == 421, !is_open, "{} {host:?}", line.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_https_every_cookie_is_secure() {
    let app = TestApp::with(|config| config.base_url = "https://cairn.test".into()).await;
    let visitor = app.visitor();
    let mut seen = 0;
    let page = visitor.get("/sign-up").await;
    let csrf =
        page.text().split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let answers = [
        page,
        visitor.post("/language", &[("language", "de"), ("csrf", &csrf)]).await,
        visitor.post("/sign-out", &[]).await,
    ];
    let flash = cairn::http::see_saying("/", "said");
    assert!(!flash.headers()[header::SET_COOKIE].to_str().unwrap().contains("Secure"), "the layer does it");
    for answer in &answers {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            seen += 1;
            assert!(cookie.to_str().unwrap().contains("; Secure"), "{cookie:?}");
            assert_eq!(cookie.to_str().unwrap().matches("Secure").count(), 1);
        }
    }
    assert!(seen > 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_message_that_is_said_once_is_secure_too() {
    let app = TestApp::with(|config| config.base_url = "https://cairn.test".into()).await;
    let amy = app.person("Amy").await;
    let session = amy.cookie("cairn_session").unwrap();
    amy.set_cookie("__Host-cairn", &session);
    let page = amy.post("/account/profile", &[("name", "Amy Stone"), ("language", "en")]).await;
    let all: Vec<&str> =
        page.is(303).headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
    let flash = all.iter().find(|c| c.starts_with("cairn_flash=")).unwrap_or_else(|| panic!("{all:?}"));
    assert!(flash.contains("; Secure"), "{flash}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_private_is_kept_by_nobody_and_found_by_nobody() {
    let app = TestApp::with(|config| config.demo = true).await;
    let olga = app.operator("Olga").await;
    app.organization("north", &[(&olga, Role::Owner)]).await;
    for line in cairn::web::routes(&app).split().1 {
        let is_page = line.method == Method::GET && !line.path.starts_with("/api/");
        if !is_page || format!("{:?}", line.allow) == "Anyone" {
            continue;
        }
        let path = line.path.replace("{org}", "north").replace(['{', '}'], "");
        let page = olga.get(&path).await;
        if page.status.is_redirection() {
            continue;
        }
        assert!(page.header("cache-control").contains("no-store"), "{page}");
        assert!(page.header("x-robots-tag").contains("noindex"), "{page}");
    }
    // what anybody may call is hers, too, while she is signed in
    for path in ["/", "/catalog", "/about", "/verify", "/privacy"] {
        let page = olga.get(path).await;
        page.is(200);
        assert!(page.header("cache-control").contains("no-store"), "{path}");
        assert!(page.header("x-robots-tag").contains("noindex"), "{path}");
    }
    let visitor = app.visitor();
    visitor.post("/sign-in/link", &[("email", "olga@people.example")]).await.is(200);
    app.run_jobs().await;
    let letter = app.mails_to("olga@people.example").await.remove(0);
    let link = letter.plain.lines().find_map(|l| l.split_once("cairn.test")).unwrap().1.to_owned();
    let page = visitor.get(&link).await;
    assert!(page.is(200).header("cache-control").contains("no-store"));
    assert!(page.header("x-robots-tag").contains("noindex"));
    assert_eq!(visitor.get("/about").await.header("x-robots-tag"), "");
}

/// Every address that anybody may ask for, filled in with what is this learner's own.
fn open_to_anybody(w: &World, badge: &str) -> Vec<String> {
    let id = badge.trim_start_matches("/c/");
    let mut found = vec![];
    for line in cairn::web::routes(&w.app).split().1 {
        if line.method != Method::GET || format!("{:?}", line.allow) != "Anyone" {
            continue;
        }
        let path =
            line.path.replace("{slug}", "northfjord").replace("{key}", &w.key).replace("{number}", "1");
        let path = path.replace("{id}", id).replace(['{', '}', '*'], "");
        let forms = if path == badge { &["", ".json", ".png", ".svg"][..] } else { &[""] };
        found.extend(forms.iter().map(|form| format!("{path}{form}")));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_session_changes_is_kept_by_no_cache_whoever_may_ask() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let (mut own, mut private) = (0, 0);
    for path in open_to_anybody(&w, &badge) {
        let (hers, anybodys) = (w.learner.get(&path).await, w.app.visitor().get(&path).await);
        if hers.status.is_redirection() || (hers.status, &hers.body) == (anybodys.status, &anybodys.body) {
            continue;
        }
        assert!(hers.header("cache-control").contains("no-store"), "{path}: {hers}");
        assert!(hers.header("x-robots-tag").contains("noindex"), "{path}: {hers}");
        own += 1;
        private += i32::from(hers.status == 200 && anybodys.status == 404);
    }
    assert!(own > 8 && private >= 4, "{own} depend on the session, {private} are hers alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_for_whoever_knows_the_token() {
    let shut = TestApp::new().await;
    shut.api("").get("/metrics").await.is(404);
    let app = TestApp::with(|config| config.metrics_token = "a-long-secret".into()).await;
    app.api("").get("/metrics").await.is(404);
    app.api("a-long-secre").get("/metrics").await.is(404);
    app.api("a-long-secret").get("/metrics").await.is(200).has("cairn_people");
}

/// A mail server that refuses everybody by name.
async fn refusing() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"220 mail.example\r\n").await;
            let mut read = vec![0; 4096];
            while let Ok(n @ 1..) = stream.read(&mut read).await {
                let said = String::from_utf8_lossy(&read[..n]).to_ascii_uppercase();
                let answer: &[u8] = match &said[..4] {
                    "RCPT" => b"550 5.1.1 <amy@people.example>: Recipient address rejected\r\n",
                    "QUIT" => b"221 bye\r\n",
                    _ => b"250 well\r\n",
                };
                if stream.write_all(answer).await.is_err() {
                    break;
                }
            }
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_mail_server_says_of_somebody_is_not_kept() {
    let server = refusing().await;
    let app = TestApp::with(|config| config.smtp = format!("smtp://{server}")).await;
    app.person("Amy").await;
    app.visitor().post("/sign-in/link", &[("email", "amy@people.example")]).await.is(200);
    app.run_jobs().await;
    let mut conn = app.db.read().await.unwrap();
    let told: Vec<String> =
        sqlx::query_scalar("SELECT error FROM job WHERE error <> '' UNION ALL SELECT error FROM mail")
            .fetch_all(&mut *conn)
            .await
            .unwrap();
    assert_eq!(told.len(), 2);
    for error in told {
        assert!(error.contains("550") && !error.contains('@') && !error.contains("amy"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_badge_is_kept_by_no_cache_and_found_by_no_search_engine() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    for form in ["", ".json", ".png", ".svg"] {
        let address = format!("{badge}{form}");
        let answer = w.learner.get(&address).await;
        answer.is(200);
        assert!(answer.header("cache-control").contains("no-store"), "{address}");
        assert!(answer.header("x-robots-tag").contains("noindex"), "{address}");
        w.app.visitor().get(&address).await.is(404);
    }
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    for form in ["", ".json", ".png", ".svg"] {
        let answer = w.app.visitor().get(&format!("{badge}{form}")).await;
        answer.is(200);
        assert_eq!(answer.header("x-robots-tag"), "", "{form}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_of_too_many_fields_is_refused_with_the_number() {
    let app = TestApp::new().await;
    let olga = app.person("Olga").await;
    // with the form's token
    let send = async |count: usize| {
        let names: Vec<String> = (0..count - 4).map(|n| format!("more{n}")).collect();
        let mut fields = vec![("name", "North"), ("kind", "university"), ("country", "NO")];
        fields.extend(names.iter().map(|name| (name.as_str(), "1")));
        olga.post("/organizations", &fields).await
    };
    send(5_001).await.is(413).has("5,000 fields");
    assert_eq!(app.count("SELECT count(*) FROM organization").await, 0);
    send(5_000).await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_that_leaves_a_body_unread_ends_the_connection() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let form = [("name", "North"), ("kind", "university"), ("country", "NO")];
    let refused = visitor.post("/organizations", &form).await;
    assert!(refused.status.is_redirection(), "{refused}");
    assert_eq!(refused.header("connection"), "close");
    assert_eq!(visitor.get("/organizations").await.header("connection"), "", "nothing is left unread");
    let olga = app.person("Olga").await;
    assert_eq!(olga.post("/organizations", &form).await.is(303).header("connection"), "");
    let forged = [("name", "North"), ("csrf", "wrong")];
    let forged = olga.post_without_token("/organizations", &forged).await;
    assert_eq!(forged.is(403).header("connection"), "", "its body was read");
    let long = "x".repeat(300_000);
    let large = olga.post("/organizations", &[("name", long.as_str())]).await;
    assert_eq!(large.is(413).header("connection"), "close");
}

/// On the wire: whoever was refused with most of a body still to come hears so and that the connection ends, and what
/// is sent after it on the same connection is never taken for a request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unread_body_is_no_place_for_another_request() {
    let app = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = cairn::router((*app).clone());
    let ended = tokio::spawn(async move {
        server::serve(router, listener, Limits::default(), async move { drop(stopped.await) }).await.unwrap();
    });
    let host = app.config.base_url.split("://").nth(1).unwrap().to_owned();
    let mut stream = TcpStream::connect(address).await.unwrap();
    // a stranger's form is refused at the door, before its body is read
    let head = format!(
        "POST /organizations HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 200000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let hidden = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let _ = stream.write_all(hidden.as_bytes()).await;
    let said = rest(&mut stream).await;
    assert_eq!(said.matches("HTTP/1.1 ").count(), 1, "one answer: {said}");
    assert!(said.to_lowercase().contains("connection: close"), "{said}");
    stop.send(()).unwrap();
    ended.await.unwrap();
}
