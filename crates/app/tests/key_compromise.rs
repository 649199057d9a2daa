//! A key that somebody else may have used is ended from an instant on.

use crate::chain::World;
use crate::harness::Browser;
use crate::misuse::PROVED;
use cairn_credential::key::SigningKey;
use cairn_credential::proof::{ProofOptions, sign};
use serde_json::{Value, json};

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
    w.app.execute(PROVED).await;
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

/// What a thief signs with the organisation's first key, in the proof's own time.
async fn forged(w: &World, document: &Value, created: &str) -> String {
    let mut conn = w.app.db.read().await.unwrap();
    let sql = "SELECT id, sealed_seed FROM signing_key WHERE fragment = 'key-1'";
    let (id, sealed): (String, String) = sqlx::query_as(sql).fetch_one(&mut *conn).await.unwrap();
    let seed = w.app.keys.unseal(&id, &sealed).unwrap();
    let key = SigningKey::from_seed(seed[..].try_into().unwrap());
    let method = document["proof"][0]["verificationMethod"].as_str().unwrap().to_owned();
    let mut document = document.clone();
    document.as_object_mut().unwrap().remove("proof");
    sign(&mut document, &key, &ProofOptions::new(&method, created.parse().unwrap())).unwrap();
    document.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgery_that_is_dated_back_is_not_verified() {
    let (w, amy, _) = two_days().await;
    let visitor = w.app.visitor();
    let real = visitor.get(&format!("{amy}.json")).await.json();
    let created = real["proof"][0]["created"].as_str().unwrap().to_owned();
    // under Amy's id, and under one that nobody has
    let mut altered = real.clone();
    altered["credentialSubject"]["achievement"]["name"] = "Doctor of Walking".into();
    let mut invented = altered.clone();
    let id = real["id"].as_str().unwrap();
    invented["id"] = format!("{}00000000-0000-7000-8000-000000000001", &id[..id.len() - 36]).into();
    let mut nameless = altered.clone();
    nameless["id"] = "urn:uuid:00000000-0000-7000-8000-000000000001".into();
    let mut forgeries = vec![];
    for document in [&altered, &invented, &nameless] {
        forgeries.push(forged(&w, document, &created).await);
    }
    w.owner.post(&format!("{KEY}/end"), END).await.leads_to(KEY);
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let answer = async |credential: &str| {
        let credential: Value = serde_json::from_str(credential).unwrap();
        program.post("/api/v1/verifications", &json!({ "credential": credential })).await.is(200).json()
    };
    for forgery in &forgeries {
        let files = [("file", "badge.json", forgery.as_bytes())];
        visitor.upload("/verify", &[], &files).await.has("Cannot tell").has("not among the badges");
        let answer = answer(forgery).await;
        assert_eq!(answer["verdict"], "unknown", "{answer}");
        let key = answer["checks"].as_array().unwrap().iter().find(|c| c["check"] == "key").unwrap();
        assert_eq!(key["code"], "not_issued_here");
    }
    // in a presentation too
    let inside: Value = serde_json::from_str(&forgeries[0]).unwrap();
    let presentation = json!({"@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"], "verifiableCredential": [inside]});
    let answered = answer(&presentation.to_string()).await;
    assert_eq!(answered["credentials"][0]["verdict"], "unknown");
    assert_eq!(answered["verdict"], "unknown");
    // the real one is in force as before
    let answer = answer(&real.to_string()).await;
    assert_eq!(answer["verdict"], "verified", "{answer}");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_was_only_replaced_expires() {
    let (w, amy, _) = two_days().await;
    w.owner.post("/organizations/northfjord/keys", &[]).await.is(303);
    let visitor = w.app.visitor();
    let did = visitor.get("/issuers/northfjord/did.json").await.json();
    assert!(did["verificationMethod"][0]["expires"].is_string(), "{did}");
    assert!(did["verificationMethod"][0]["revoked"].is_null(), "{did}");
    visitor.get(&amy).await.is(200).has("Everything that can be checked");
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
    end("yesterday", "Lost").await.is(422).has("Choose day and time");
    end("2026-11-23T08:00", " ").await.is(422).has("Say why");
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
