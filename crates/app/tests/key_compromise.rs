//! A key that somebody else may have used is ended from an instant on.

use crate::chain::World;
use crate::harness::Browser;
use serde_json::json;

const KEY: &str = "/organizations/northfjord/keys/key-1";

async fn shared_badge(w: &World, learner: &Browser) -> String {
    let badge = w.badge(learner).await;
    learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    badge
}

/// Amy's badge is from the first day, Ben's from the second.
async fn two_days() -> (World, String, String) {
    let w = World::new().await;
    let amy = shared_badge(&w, &w.learner).await;
    w.app.pass_days(1);
    let ben = w.app.person("Ben").await;
    let bens = shared_badge(&w, &ben).await;
    w.app.pass_days(1);
    (w, amy, bens)
}

const END: &[(&str, &str)] = &[("from", "2026-11-23T08:00"), ("reason", "A laptop was stolen")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_signed_before_stays_valid_and_later_proofs_fail() {
    let (w, amy, ben) = two_days().await;
    let visitor = w.app.visitor();
    visitor.get(&amy).await.has("Everything that can be checked");
    visitor.get(&ben).await.has("Everything that can be checked");
    let document = visitor.get(&format!("{ben}.json")).await.body;
    w.owner.post(&format!("{KEY}/end"), END).await.leads_to(KEY);
    visitor.get(&amy).await.is(200).has("Everything that can be checked");
    visitor.get(&ben).await.is(200).has("Not verified");
    let files = [("file", "badge.json", &document[..])];
    visitor.upload("/verify", &[], &files).await.has("after its key had been withdrawn");
    let did = visitor.get("/issuers/northfjord/did.json").await.json();
    assert_eq!(did["verificationMethod"][0]["revoked"], "2026-11-23T08:00:00Z");
    assert_eq!(did["authentication"].as_array().map(Vec::len), Some(1));
    // a new key signs at once
    let carl = w.app.person("Carl").await;
    let new = shared_badge(&w, &carl).await;
    visitor.get(&new).await.is(200).has("Everything that can be checked");
    visitor.get(&format!("{new}.json")).await.has("#key-2");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_badges_that_are_touched_are_listed_and_the_owners_told() {
    let (w, _, ben) = two_days().await;
    w.owner.post(&format!("{KEY}/end"), END).await.leads_to(KEY);
    let page = w.owner.get(KEY).await;
    page.is(200).has("1 badge was signed with it").has(&ben).has("A laptop was stolen").lacks("Amy");
    w.owner.get("/organizations/northfjord/keys").await.has("not trusted from 23 November 2026, 08:00 UTC");
    w.owner.get("/organizations/northfjord/audit").await.has("ended a signing key from an instant on");
    w.app.run_jobs().await;
    let letter = w.app.mails_to("oskar@people.example").await.remove(0);
    assert!(letter.subject.contains("is not trusted any more"), "{letter:?}");
    assert!(letter.plain.contains("touched: 1") && letter.plain.contains(KEY), "{letter:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_instant_can_be_put_earlier_and_not_later() {
    let (w, amy, _) = two_days().await;
    let end = async |from: &str, reason: &str| {
        w.owner.post(&format!("{KEY}/end"), &[("from", from), ("reason", reason)]).await
    };
    end("2027-01-01T00:00", "Lost").await.is(422).has("an instant that has passed");
    end("yesterday", "Lost").await.is(422).has("choose day and time");
    end("2026-11-23T08:00", " ").await.is(422).has("say why");
    end("2026-11-23T08:00", "Lost").await.leads_to(KEY);
    end("2026-11-24T08:00", "Found again").await.is(422).has("from an earlier instant already");
    w.app.visitor().get(&amy).await.has("Everything that can be checked");
    end("2026-11-22T12:00", "Lost before").await.leads_to(KEY);
    w.app.visitor().get(&amy).await.has("Not verified");
    w.owner.get(KEY).await.has("2 badges were signed with it");
    // no third key was made for that
    w.owner.get("/organizations/northfjord/keys").await.lacks("key-3");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn owners_and_operators_may_and_nobody_else() {
    let (w, _, _) = two_days().await;
    let (olga, eve) = (w.app.operator("Olga").await, w.app.person("Eve").await);
    for browser in [&eve, &w.reviewer, &w.learner] {
        browser.get(KEY).await.is(404);
        browser.post(&format!("{KEY}/end"), END).await.is(404);
        let program = w.app.api(&w.app.token(browser, cairn_actions::account::SCOPES).await);
        let body = json!({ "from": "2026-11-23T08:00:00Z", "reason": "Lost" });
        program.post("/api/v1/organizations/northfjord/keys/key-1/end", &body).await.is(404);
        program.get("/api/v1/organizations/northfjord/keys").await.is(404);
        program.get("/api/v1/organizations/northfjord/keys/key-1/credentials").await.is(404);
    }
    olga.post("/organizations/northfjord/keys/key-9/end", END).await.is(404);
    olga.post("/organizations/nowhere/keys/key-1/end", END).await.is(404);
    olga.get("/organizations/northfjord/keys").await.is(200).has("key-1");
    olga.post(&format!("{KEY}/end"), END).await.leads_to(KEY);
    // who has the badges is the organisation's matter
    olga.get(KEY).await.is(200).has("1 badge was signed with it").lacks("Ben");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_ends_a_key_and_reads_what_is_touched() {
    let (w, _, ben) = two_days().await;
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let body = json!({ "from": "2026-11-23T08:00:00.7Z", "reason": "Lost" });
    let path = "/api/v1/organizations/northfjord/keys";
    let ended = program.post(&format!("{path}/key-1/end"), &body).await;
    assert_eq!(ended.is(200).json()["touched"], 1);
    let keys = program.get(path).await.json();
    assert_eq!(keys["items"][1]["distrusted_from"], "2026-11-23T08:00:00Z");
    assert_eq!(keys["items"][0]["ended_at"], json!(null));
    let touched = program.get(&format!("{path}/key-1/credentials?limit=1")).await.json();
    assert!(touched["items"][0]["url"].as_str().unwrap().ends_with(&ben), "{touched}");
    assert_eq!(touched["next"], json!(null));
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_that_two_end_at_once_is_ended_once() {
    let (w, _, _) = two_days().await;
    let path = format!("{KEY}/end");
    let (one, two) = tokio::join!(w.owner.post(&path, END), w.owner.post(&path, END));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(w.app.count("SELECT count(*) FROM signing_key").await, 2);
    w.app.run_jobs().await;
}
