//! Awarding a roster for real: every row exactly once, whatever happens.

use crate::achievement::{definition, publish};
use crate::harness::{Browser, Role, TestApp};
use cairn_actions::App;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::job;
use serde_json::json;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const ROSTERS: &str = "/organizations/north/rosters";

/// Amy, who may award two micro-credentials of north.
async fn north() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let organization = app.organization("north", &[(&amy, Role::Owner)]).await;
    let mut tx = app.db.begin().await.unwrap();
    cairn_actions::credential::key::rotate(&mut tx, &app, organization, "system").await.unwrap();
    tx.commit().await.unwrap();
    publish(&app, &amy, "north", "first-aid", definition("First aid")).await;
    publish(&app, &amy, "north", "hygiene", definition("Hygiene")).await;
    (app, amy)
}

fn list(people: std::ops::Range<usize>) -> Vec<u8> {
    let rows: Vec<String> = people.map(|n| format!("Person {n};p{n}@people.example\n")).collect();
    format!("name;email\n{}", rows.concat()).into_bytes()
}

async fn award(app: &TestApp, amy: &Browser, slug: &str, file: &[u8]) -> String {
    let page = amy.upload(ROSTERS, &[("achievement", slug)], &[("file", "list.csv", file)]).await;
    let roster = page.is(303).location();
    amy.post(&format!("{roster}/start"), &[]).await.leads_to(&roster);
    app.run_jobs().await;
    roster
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_on_the_list_gets_a_badge_and_a_letter_once() {
    let (app, amy) = north().await;
    let bo = app.person("Bo").await;
    let file =
        b"name,email,date\nBo Berg,BO@people.example,2026-03-01\nCy,cy@people.example,\nDi,di@people,\n";
    let roster = award(&app, &amy, "first-aid", file).await;
    let page = amy.get(&roster).await;
    page.has("2 badges were awarded.").has("1 row had a problem and was left out.").lacks("had it already");
    bo.get("/badges").await.has("First aid");
    assert_eq!(
        app.mails_to("bo@people.example").await.len() + app.mails_to("BO@people.example").await.len(),
        1
    );
    assert_eq!(app.mails_to("cy@people.example").await.len(), 1);
    assert_eq!(
        app.count("SELECT valid_from FROM credential WHERE recipient_name = 'Bo Berg'").await,
        1_772_323_200_000
    );
    amy.get("/organizations/north/credentials").await.has("Bo Berg").has("Cy");
    // the same list again, and one that overlaps
    let again = award(&app, &amy, "first-aid", file).await;
    amy.get(&again).await.has("No badge was awarded.").has("2 people had it already.");
    let more =
        award(&app, &amy, "first-aid", b"name,email\nCy,CY@people.example\nEd,ed@people.example\n").await;
    amy.get(&more).await.has("1 badge was awarded.").has("1 person had it already.");
    assert_eq!(app.count("SELECT count(*) FROM credential").await, 3);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'roster.finished'").await, 3);
    assert_eq!(app.count("SELECT count(*) FROM mail WHERE id LIKE 'award-%'").await, 3);
    let started = amy.post(&format!("{roster}/start"), &[]).await;
    started.leads_to(&roster);
    assert_eq!(app.run_jobs().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_people_get_another_badge_from_the_stored_list() {
    let (app, amy) = north().await;
    let roster = award(&app, &amy, "first-aid", &list(0..3)).await;
    let copy = amy.post(&format!("{roster}/copy"), &[("achievement", "hygiene")]).await.is(303).location();
    amy.get(&copy).await.has("Hygiene").has("Award 3 badges");
    amy.post(&format!("{copy}/start"), &[]).await.leads_to(&copy);
    app.run_jobs().await;
    amy.get(&copy).await.has("3 badges were awarded.");
    assert_eq!(app.count("SELECT count(*) FROM credential").await, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_at_once_award_every_row_once() {
    let (app, amy) = north().await;
    let page =
        amy.upload(ROSTERS, &[("achievement", "first-aid")], &[("file", "list.csv", &list(0..900))]).await;
    let roster = page.is(303).location();
    amy.post(&format!("{roster}/start"), &[]).await.leads_to(&roster);
    // as if the first one's claim had run out while it still works
    let body = json!({
        "organization": amy.actor().await.member("north").unwrap().organization,
        "roster": roster.rsplit('/').next().unwrap(),
        "actor": "system",
    });
    let id = format!("roster-{}", roster.rsplit('/').next().unwrap());
    let job = job::Job { id, kind: "award_roster".into(), body: body.to_string(), attempt: 1 };
    let work = || cairn_actions::roster::work(&app, &job);
    let (one, two) = tokio::join!(work(), work());
    assert!(one.is_ok() && two.is_ok());
    app.run_jobs().await;
    amy.get(&roster).await.has("900 badges were awarded.").lacks("had it already");
    assert_eq!(app.count("SELECT count(*) FROM credential").await, 900);
    // the claim that both have kept
    app.leave_jobs();
}

/// The program, started on a data folder, and killed when it goes out of scope.
struct Server(Child);

impl Server {
    fn start(config: &Config) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_cairn"))
            .args(["serve", "--listen", "127.0.0.1:0", "--base-url", &config.base_url, "--data"])
            .arg(&config.data)
            .env("CAIRN_DATABASE", config.database_url())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// SIGKILL: nothing is tidied up.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Looks until the count has grown to this.
async fn until(app: &App, sql: &'static str, least: i64) -> i64 {
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    loop {
        looks.tick().await;
        let mut conn = app.db.read().await.unwrap();
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await.unwrap();
        if count >= least {
            return count;
        }
        assert!(begun.elapsed() < Duration::from_mins(3), "{sql} gives {count}, {least} were expected");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kill_9_in_the_middle_every_row_is_awarded_once() {
    const ROWS: i64 = 3000;
    let (app, amy) = north().await;
    // the program reads the machine's clock; a job is due when that says so
    app.clock.set(Clock::System.now());
    let file = list(0..ROWS as usize);
    let page = amy.upload(ROSTERS, &[("achievement", "first-aid")], &[("file", "list.csv", &file)]).await;
    let roster = page.is(303).location();
    amy.post(&format!("{roster}/start"), &[]).await.leads_to(&roster);
    for least in [200, 1000] {
        let server = Server::start(&app.config);
        until(&app, "SELECT CAST(sum(done) AS BIGINT) FROM roster", least).await;
        server.kill();
        let done = app.count("SELECT CAST(sum(done) AS BIGINT) FROM roster").await;
        assert!(done < ROWS, "it was killed too late to show anything");
        // what was committed belongs together
        for sql in [
            "SELECT count(*) FROM roster_row WHERE state = 'awarded'",
            "SELECT count(*) FROM award",
            "SELECT count(*) FROM credential",
            "SELECT count(*) FROM mail WHERE id LIKE 'award-%'",
            "SELECT count(*) FROM event WHERE kind = 'credential.issued'",
        ] {
            assert_eq!(app.count(sql).await, done, "{sql}");
        }
        // a dead worker's claim runs out after a minute; the test does not wait for it
        app.execute("UPDATE job SET claimed_until = 0").await;
    }
    let server = Server::start(&app.config);
    until(&app, "SELECT count(*) FROM roster WHERE state = 'done'", 1).await;
    server.kill();
    assert_eq!(app.count("SELECT done FROM roster").await, ROWS);
    assert_eq!(app.count("SELECT skipped FROM roster").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM credential").await, ROWS);
    assert_eq!(app.count("SELECT count(DISTINCT address_key) FROM credential").await, ROWS);
    assert_eq!(app.count("SELECT count(DISTINCT credential) FROM roster_row").await, ROWS);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'roster.finished'").await, 1);
    let mut conn = app.db.read().await.unwrap();
    let chains = cairn_platform::event::verify(&mut conn, &app.keys).await.unwrap();
    assert!(chains.iter().all(|c| c.broken.is_none()), "{chains:?}");
    drop(conn);
    app.leave_jobs();
}
