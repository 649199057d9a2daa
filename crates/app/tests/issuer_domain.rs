//! Domains that organisations prove: asked of a small name server and a small
//! web server that the test runs itself.

use crate::harness::{Browser, Role, TestApp};
use cairn_actions::confirmation::domain;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};

const DESK: &str = "/organizations/northfjord/confirmation";
const DOMAIN: [(&str, &str); 1] = [("domain", "northfjord.no")];

/// Answers every TXT question with the same text; with none there is no such name.
async fn name_server() -> (SocketAddr, Arc<Mutex<Option<String>>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (address, text) = (socket.local_addr().unwrap(), Arc::new(Mutex::new(None::<String>)));
    let said = text.clone();
    tokio::spawn(async move {
        let mut buffer = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            // without the OPT record of eleven bytes
            let mut answer = buffer[..length - 11].to_vec();
            (answer[2], answer[11]) = (0x81, 0);
            match said.lock().unwrap().clone() {
                Some(text) => {
                    answer[7] = 1;
                    answer.extend([
                        0xc0,
                        12,
                        0,
                        16,
                        0,
                        1,
                        0,
                        0,
                        0,
                        60,
                        0,
                        text.len() as u8 + 1,
                        text.len() as u8,
                    ]);
                    answer.extend(text.as_bytes());
                }
                None => answer[3] = 3,
            }
            let _ = socket.send_to(&answer, from).await;
        }
    });
    (address, text)
}

/// Head and body with which every request is answered.
type Page = Arc<Mutex<(&'static str, String)>>;

async fn web_server() -> (SocketAddr, Page) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let page: Page = Arc::new(Mutex::new(("404 Not Found", String::new())));
    let said = page.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let asked = stream.read(&mut buffer).await.unwrap_or(0);
            let is_right = buffer[..asked].starts_with(b"GET /.well-known/cairn.txt ");
            let (head, body) = said.lock().unwrap().clone();
            let head = if is_right { head } else { "404 Not Found" };
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, page)
}

struct World {
    app: TestApp,
    owner: Browser,
    record: Arc<Mutex<Option<String>>>,
    page: Page,
}

impl World {
    async fn new() -> Self {
        let (address, record) = name_server().await;
        let app = TestApp::with(|c| {
            c.nameserver = address.to_string();
            c.allow_private_addresses = true;
        })
        .await;
        let (server, page) = web_server().await;
        app.outbound.stand_in(server);
        let owner = app.person("Oskar").await;
        app.organization("northfjord", &[(&owner, Role::Owner)]).await;
        owner.post("/organizations/northfjord/domains", &DOMAIN).await.leads_to(DESK);
        Self { app, owner, record, page }
    }

    /// The line that proves the domain.
    async fn line(&self) -> String {
        let mut conn = self.app.db.read().await.unwrap();
        let token: String =
            sqlx::query_scalar("SELECT token FROM organization_domain").fetch_one(&mut *conn).await.unwrap();
        domain::line(&token)
    }

    fn put(&self, text: Option<String>) {
        *self.record.lock().unwrap() = text;
    }

    async fn look(&self) {
        self.owner.post("/organizations/northfjord/domains/check", &DOMAIN).await.leads_to(DESK);
    }

    /// A night some days later, on two nodes.
    async fn night(&self, days: i64) {
        self.app.pass_days(days);
        for _node in 0..2 {
            cairn_platform::job::plan_night(&*self.app).await.unwrap();
        }
        let queued = "SELECT count(*) FROM job WHERE kind = 'check_domains' AND state = 'queued'";
        assert_eq!(self.app.count(queued).await, 1, "once for all nodes");
        self.app.run_jobs().await;
    }

    async fn is_looked_at_now(&self) -> bool {
        let mut conn = self.app.db.read().await.unwrap();
        let checked: i64 = sqlx::query_scalar("SELECT checked_at FROM organization_domain")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        checked == self.app.clock.now().as_millisecond()
    }

    async fn is_shown(&self) -> bool {
        self.app.visitor().get("/issuers/northfjord").await.is(200).contains("northfjord.no")
    }

    async fn letters(&self, subject: &str) -> usize {
        self.app.run_jobs().await;
        let all = self.app.mails_to("oskar@people.example").await;
        all.iter().filter(|l| l.subject.contains(subject)).count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_txt_record_proves_a_domain_and_the_issuer_page_shows_it() {
    let w = World::new().await;
    w.owner.get(DESK).await.has("_cairn.northfjord.no").has(&w.line().await).has("not proved");
    w.put(Some("cairn=something-else".into()));
    w.look().await;
    // said once, and not as if it had worked
    let page = w.owner.get(DESK).await;
    page.has("a TXT record with this name, but it says something else").has("not proved");
    page.has("The proof of northfjord.no was not found").has("notice attention flash").lacks("notice valid");
    w.app.visitor().get("/issuers/northfjord").await.is(200).lacks("northfjord.no");
    w.put(Some(w.line().await));
    w.look().await;
    w.owner.get(DESK).await.lacks("not proved").has("notice valid flash");
    w.app.visitor().get("/issuers/northfjord").await.is(200).has("northfjord.no");
    let profile = w.app.visitor().get("/issuers/northfjord.json").await;
    profile.is(200);
    w.owner.get("/organizations/northfjord/audit").await.has("Domain proved");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_proves_a_domain_and_a_redirect_does_not() {
    let w = World::new().await;
    let line = w.line().await;
    let look = async |head, body: &str| {
        *w.page.lock().unwrap() = (head, body.to_owned());
        w.look().await;
        !w.owner.get(DESK).await.contains("not proved")
    };
    assert!(!look("404 Not Found", &line).await);
    assert!(!look("302 Found\r\nlocation: https://elsewhere.no/", &line).await);
    assert!(!look("200 OK", "<title>Northfjord</title>").await);
    assert!(look("200 OK", &format!("{line}\n")).await);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn domains_that_many_share_prove_nothing() {
    let w = World::new().await;
    let add =
        async |domain: &str| w.owner.post("/organizations/northfjord/domains", &[("domain", domain)]).await;
    for shared in ["northfjord.github.io", "x.blogspot.com", "a.pages.dev"] {
        add(shared).await.is(422).has("Many share this domain");
    }
    add("co.uk").await.is(422).has("Many share this ending");
    for no in ["localhost", "10.0.0.1", "https://northfjord.no/x", "printer.lan"] {
        add(no).await.is(422);
    }
    assert_eq!(w.app.count("SELECT count(*) FROM organization_domain").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn domains_are_the_owners_matter() {
    let w = World::new().await;
    let eve = w.app.person("Eve").await;
    w.app.organization("other", &[(&eve, Role::Owner)]).await;
    for path in ["domains", "domains/check", "domains/removal"] {
        eve.post(&format!("/organizations/northfjord/{path}"), &DOMAIN).await.is(404);
    }
    eve.post("/organizations/other/domains/check", &DOMAIN).await.is(404);
    eve.post("/organizations/other/domains/removal", &DOMAIN).await.is(404);
    assert_eq!(w.app.count("SELECT count(*) FROM organization_domain").await, 1);
    w.owner.post("/organizations/northfjord/domains/removal", &DOMAIN).await.leads_to(DESK);
    assert_eq!(w.app.count("SELECT count(*) FROM organization_domain").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_proof_that_is_gone_counts_for_thirty_days_more() {
    let w = World::new().await;
    w.put(Some(w.line().await));
    w.look().await;
    w.app.execute("UPDATE session SET expires_at = expires_at + 100000000000").await;
    w.put(None);
    w.app.pass_days(31);
    w.look().await;
    assert_eq!(w.letters("The proof of northfjord.no is missing").await, 1);
    w.app.visitor().get("/issuers/northfjord").await.has("northfjord.no");
    w.owner.get(DESK).await.has("The proof is missing");
    w.app.pass_days(10);
    w.look().await;
    assert_eq!(w.letters("The proof of northfjord.no is missing").await, 1, "told once");
    w.app.visitor().get("/issuers/northfjord").await.has("northfjord.no");
    w.app.pass_days(21);
    w.look().await;
    assert_eq!(w.letters("northfjord.no counts no more").await, 1);
    w.app.visitor().get("/issuers/northfjord").await.is(200).lacks("northfjord.no");
    w.put(Some(w.line().await));
    w.look().await;
    w.app.visitor().get("/issuers/northfjord").await.has("northfjord.no");
    w.app.run_jobs().await;
}

/// Nobody asks for a look here: the nights do it all.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nights_look_again_monthly_and_grant_thirty_days() {
    const MISSING: &str = "The proof of northfjord.no is missing";
    const ENDED: &str = "northfjord.no counts no more";
    let w = World::new().await;
    w.put(Some(w.line().await));
    w.look().await;
    w.night(1).await;
    assert!(!w.is_looked_at_now().await, "looked at within the month");
    w.night(29).await;
    assert!(w.is_looked_at_now().await, "monthly");
    assert_eq!((w.letters(MISSING).await, w.is_shown().await), (0, true));
    // gone: one letter, a look each night, and it counts on
    w.put(None);
    w.night(30).await;
    assert_eq!((w.letters(MISSING).await, w.is_shown().await), (1, true));
    w.night(1).await;
    assert!(w.is_looked_at_now().await, "daily while it is missing");
    w.night(28).await;
    assert_eq!((w.letters(MISSING).await, w.is_shown().await), (1, true), "told once");
    // back within the grace: it is as if it had never been away
    w.put(Some(w.line().await));
    w.night(1).await;
    assert_eq!((w.letters(ENDED).await, w.is_shown().await), (0, true));
    w.night(1).await;
    assert!(!w.is_looked_at_now().await, "monthly again");
    // gone for good
    w.put(None);
    w.night(29).await;
    assert!(w.is_looked_at_now().await);
    w.night(29).await;
    assert_eq!((w.letters(ENDED).await, w.is_shown().await), (0, true));
    w.night(1).await;
    assert_eq!((w.letters(ENDED).await, w.is_shown().await), (1, false));
    w.night(40).await;
    assert!(!w.is_looked_at_now().await, "what is lost is looked for when the owners ask");
    assert_eq!(w.letters(ENDED).await, 1, "told once");
}
