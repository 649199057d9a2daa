//! One badge in force for each person and version, and attempts that withdrawing
//! does not give back.

use crate::chain::World;
use crate::harness::{Browser, TestApp};
use axum::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

const AMY: &str = "amy@people.example";

async fn api(w: &World) -> crate::harness::Program {
    w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await)
}

/// Awards through the API; the badge's id, and whether it is new.
async fn award(w: &World, address: &str) -> (String, bool) {
    let body = json!({ "achievement": w.key, "recipients": [{ "name": "Amy", "email": address }] });
    let key = cairn_platform::id::secret();
    let headers = [("idempotency-key", key.as_str())];
    let path = "/api/v1/organizations/northfjord/awards";
    let page = api(w).await.send(Method::POST, path, &headers, Some(&body)).await;
    assert!([200, 201].contains(&page.status.as_u16()), "{page}");
    let item: Value = page.json()["items"][0].clone();
    w.app.run_jobs().await;
    (item["credential"]["id"].as_str().unwrap().to_owned(), item["is_new"].as_bool().unwrap())
}

/// Awards through a roster; the path of its page.
async fn roster(w: &World, address: &str) -> String {
    let list = format!("name,email\nAmy,{address}\n");
    let fields = [("achievement", "walking")];
    let files = [("file", "list.csv", list.as_bytes())];
    let path = w.owner.upload("/organizations/northfjord/rosters", &fields, &files).await.location();
    w.owner.post(&format!("{path}/start"), &[]).await.leads_to(&path);
    w.app.run_jobs().await;
    path
}

/// Adds a verified address to somebody's account.
async fn add_address(app: &TestApp, browser: &Browser, address: &str) {
    browser.post("/account/addresses", &[("email", address)]).await.is(303);
    app.run_jobs().await;
    let letters = app.mails_to(address).await;
    let letter = letters.iter().find(|m| m.subject == "Confirm your new address").unwrap();
    let link = letter.plain.lines().find(|l| l.contains("/links/")).unwrap();
    browser.post(link.trim_start_matches(&app.config.base_url), &[]).await.leads_to("/account");
    app.run_jobs().await;
}

/// A wrong answer; the status.
async fn guess(w: &World, path: &str) -> u16 {
    let fields = [("choice-q1", "1")];
    w.learner.post(&format!("{path}/requirements/quiz/attempts"), &fields).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enrolling_again_gives_no_new_attempts() {
    let w = World::new().await;
    for _ in 0..2 {
        let path = w.enroll(&w.learner).await;
        assert_eq!(guess(&w, &path).await, 303);
        w.learner.post(&format!("{path}/withdrawal"), &[]).await.is(303);
    }
    let path = w.enroll(&w.learner).await;
    assert_eq!(guess(&w, &path).await, 409);
    assert_eq!(w.app.count("SELECT count(*) FROM attempt").await, 2);
    w.learner.get(&format!("{path}/requirements/quiz")).await.is(200).has("No attempt is left");
    let program = w.app.api(&w.app.token(&w.learner, cairn_actions::account::SCOPES).await);
    let tree = program.get(&format!("/api/v1{path}")).await;
    tree.is(200).has("\"used\":2");
    // somebody else has hers
    let ben = w.app.person("Ben").await;
    let hers = w.enroll(&ben).await;
    ben.post(&format!("{hers}/requirements/quiz/attempts"), &[("choice-q1", "1")]).await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_at_once_are_not_more_than_allowed() {
    let w = World::new().await;
    let first = w.enroll(&w.learner).await;
    let withdrawal = format!("{first}/withdrawal");
    let leave = w.learner.post(&withdrawal, &[]);
    let (mut all, _) = tokio::join!(join_all((0..4).map(|_| guess(&w, &first))), leave);
    let second = w.enroll(&w.learner).await;
    all.extend(join_all((0..6).map(|_| guess(&w, &second))).await);
    assert!(all.iter().all(|status| [303, 409].contains(status)), "{all:?}");
    assert!(w.app.count("SELECT count(*) FROM attempt").await <= 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_counts_attempts_by_person_version_and_occasion() {
    let w = World::new().await;
    let first = w.enroll(&w.learner).await;
    guess(&w, &first).await;
    w.learner.post(&format!("{first}/withdrawal"), &[]).await.is(303);
    let second = w.enroll(&w.learner).await;
    guess(&w, &second).await;
    let mut tx = w.app.db.begin().await.unwrap();
    let again = sqlx::query("UPDATE attempt SET turn = 1").execute(&mut *tx).await;
    assert!(cairn_platform::db::is_duplicate(&again.unwrap_err()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn renewing_a_badge_that_has_run_out_gives_new_attempts_and_a_new_badge() {
    let w = World::new().await;
    let first = w.badge(&w.learner).await;
    w.app.execute("UPDATE session SET expires_at = expires_at + 100000000000").await;
    w.app.pass_days(400);
    let second = w.badge(&w.learner).await;
    assert_ne!(first, second);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 2);
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE holds_place = 1").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM enrollment WHERE occasion <> ''").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_award_answers_the_first_whoever_awards() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let id = badge.trim_start_matches("/c/").to_owned();
    assert_eq!(award(&w, "AMY@people.example").await, (id.clone(), false));
    let page = w.owner.get(&roster(&w, AMY).await).await;
    page.is(200).has("1 person had it already").has("Nobody gets the same badge twice").has(&badge);
    // by enrolling once more
    let path = w.enroll(&w.learner).await;
    w.learner.post(&format!("{path}/requirements/m1/reading"), &[]).await.is(303);
    // under another of her addresses
    add_address(&w.app, &w.learner, "amy@new.example").await;
    assert_eq!(award(&w, "amy@new.example").await, (id.clone(), false));
    let page = w.owner.get(&roster(&w, "amy@new.example").await).await;
    page.has("1 person had it already").has(&badge);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    // a badge on hold is not got round either
    let fields = [("change", "suspend"), ("reason", "Under review")];
    w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
    assert_eq!(award(&w, AMY).await, (id, false));
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn finishing_again_leads_to_the_badge_that_she_has() {
    let w = World::new().await;
    let (id, _) = award(&w, AMY).await;
    let badge = w.badge(&w.learner).await;
    assert_eq!(badge, format!("/c/{id}"));
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM enrollment WHERE state = 'awarded'").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn awards_at_once_give_one_badge() {
    let w = World::new().await;
    add_address(&w.app, &w.learner, "amy@new.example").await;
    let addresses = [AMY, "amy@new.example", AMY, "amy@new.example"];
    let badges = join_all(addresses.iter().map(|address| award(&w, address))).await;
    assert!(badges.iter().all(|(id, _)| *id == badges[0].0), "{badges:?}");
    assert_eq!(badges.iter().filter(|(_, is_new)| *is_new).count(), 1);
    let nobody = ["zoe@people.example"; 3];
    let badges = join_all(nobody.iter().map(|address| award(&w, address))).await;
    assert_eq!(badges.iter().filter(|(_, is_new)| *is_new).count(), 1);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_call_that_names_a_person_twice_gives_one_badge() {
    let w = World::new().await;
    add_address(&w.app, &w.learner, "amy@new.example").await;
    let one = |email: &str| json!({ "name": "Amy", "email": email });
    let body = json!({ "achievement": w.key, "recipients": [one(AMY), one("amy@new.example")] });
    let path = "/api/v1/organizations/northfjord/awards";
    let page = api(&w).await.send(Method::POST, path, &[("idempotency-key", "k")], Some(&body)).await;
    let items = page.is(201).json()["items"].clone();
    assert_eq!(items[0]["credential"]["id"], items[1]["credential"]["id"]);
    assert_eq!([&items[0]["is_new"], &items[1]["is_new"]], [&json!(true), &json!(false)]);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_joins_an_account_loses_nobody_a_badge() {
    let w = World::new().await;
    let (hers, _) = award(&w, AMY).await;
    let (other, is_new) = award(&w, "amy@old.example").await;
    assert!(is_new);
    add_address(&w.app, &w.learner, "amy@old.example").await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE state = 'active'").await, 2);
    w.owner.get("/organizations/northfjord/audit").await.has("a second badge of the same version");
    assert_eq!(award(&w, "amy@old.example").await, (other.clone(), false), "the same reason, the same badge");
    // the account's keeps the place; when it ends, the other has it
    let place = "SELECT count(*) FROM credential WHERE holds_place = 1 AND state = 'active'";
    assert_eq!(w.app.count(place).await, 1);
    let fields = [("change", "revoke"), ("reason", "Awarded twice")];
    w.owner.post(&format!("/c/{hers}/status"), &fields).await.is(303);
    assert_eq!(w.app.count(place).await, 1);
    add_address(&w.app, &w.learner, "amy@third.example").await;
    assert_eq!(award(&w, "amy@third.example").await, (other, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_refuses_a_second_badge_in_force() {
    let w = World::new().await;
    award(&w, AMY).await;
    award(&w, "zoe@people.example").await;
    award(&w, "amy@old.example").await;
    add_address(&w.app, &w.learner, "amy@old.example").await;
    let mut tx = w.app.db.begin().await.unwrap();
    let again = sqlx::query("UPDATE credential SET holds_place = 1").execute(&mut *tx).await;
    assert!(cairn_platform::db::is_duplicate(&again.unwrap_err()));
    drop(tx);
    let mut tx = w.app.db.begin().await.unwrap();
    let again = sqlx::query("UPDATE credential SET person = NULL, address_key = 'x', holds_place = 1")
        .execute(&mut *tx)
        .await;
    assert!(cairn_platform::db::is_duplicate(&again.unwrap_err()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_badge_was_revoked_another_can_be_earned() {
    let w = World::new().await;
    let (first, _) = award(&w, AMY).await;
    let fields = [("change", "revoke"), ("reason", "The wrong one")];
    w.owner.post(&format!("/c/{first}/status"), &fields).await.is(303);
    let badge = w.badge(&w.learner).await;
    assert_ne!(badge, format!("/c/{first}"));
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE state = 'active'").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_awards_a_badge_to_herself() {
    let w = World::new().await;
    let second = w.app.person("Otto").await;
    w.app.join(w.organization, &second, crate::harness::Role::Owner).await;
    let own = "OSKAR@people.example";
    let people = [json!({ "name": "Amy", "email": AMY }), json!({ "name": "Oskar", "email": own })];
    let body = json!({ "achievement": w.key, "recipients": people });
    let key = cairn_platform::id::secret();
    let headers = [("idempotency-key", key.as_str())];
    let path = "/api/v1/organizations/northfjord/awards";
    let page = api(&w).await.send(Method::POST, path, &headers, Some(&body)).await;
    page.is(422).has("recipients[1].email").has("award-own").lacks("recipients[0]");
    // on a list her row waits for somebody else, and she cannot start one that another has brought
    let list = format!("name,email\nAmy,{AMY}\nOskar,{own}\nOtto,otto@people.example\n");
    let (fields, files) = ([("achievement", "walking")], [("file", "list.csv", list.as_bytes())]);
    let rosters = "/organizations/northfjord/rosters";
    let of_otto = second.upload(rosters, &fields, &files).await.location();
    second.get(&of_otto).await.has("otto@people.example” is your own address");
    w.owner.post(&format!("{of_otto}/start"), &[]).await.is(409).has("Row 3 is you");
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 0);
    second.post(&format!("{of_otto}/start"), &[]).await.leads_to(&of_otto);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE address_key LIKE 'o%'").await, 1);
    // awarding again what was revoked is an award
    let badge = format!("/c/{}", award_of(&w, &w.owner).await);
    second.post(&format!("{badge}/status"), &[("change", "revoke"), ("reason", "Wrong")]).await.is(303);
    w.owner.post(&format!("{badge}/award"), &[]).await.is(409).has("nobody awards a badge to herself");
    second.post(&format!("{badge}/award"), &[]).await.is(303);
    w.app.run_jobs().await;
    // nor by the way of an address that becomes hers later
    let people = [json!({ "name": "Victor", "email": "victor@people.example" })];
    let body = json!({ "achievement": w.key, "recipients": people });
    let key = cairn_platform::id::secret();
    let headers = [("idempotency-key", key.as_str())];
    api(&w).await.send(Method::POST, path, &headers, Some(&body)).await.is(201);
    w.owner.post("/account/addresses", &[("email", "victor@people.example")]).await.is(303);
    w.app.run_jobs().await;
    let letters = w.app.mails_to("victor@people.example").await;
    let link = letters.iter().flat_map(|l| l.plain.lines()).find(|line| line.contains("/links/")).unwrap();
    w.owner.post(link.trim_start_matches(&w.app.config.base_url), &[]).await.leads_to("/account");
    let hers =
        "SELECT count(*) FROM credential WHERE address_key = 'victor@people.example' AND person IS NOT NULL";
    assert_eq!(w.app.count(hers).await, 0);
    w.app.run_jobs().await;
}

/// The id of somebody's only badge.
async fn award_of(w: &World, holder: &Browser) -> String {
    let mut conn = w.app.db.read().await.unwrap();
    sqlx::query_scalar("SELECT id FROM credential WHERE person = $1")
        .bind(holder.person().to_string())
        .fetch_one(&mut *conn)
        .await
        .unwrap()
}
