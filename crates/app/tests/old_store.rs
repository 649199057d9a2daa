//! What was begun before an upgrade ends well after it.

use crate::chain::{World, between};
use serde_json::Value;

/// The project first, so that something is left to do.
async fn with_an_accepted_project() -> (World, String) {
    let w = World::new().await;
    let path = w.enroll(&w.learner).await;
    let files = [("files", "plan.txt", &b"Walk north."[..])];
    let project = format!("{path}/requirements/project");
    w.learner.upload(&format!("{project}/evidence"), &[], &files).await.is(303);
    let submission = between(&w.learner.get(&project).await, "/submissions/", "/");
    let fields = [("message", "Please look"), ("show_evidence", "on")];
    w.learner.post(&format!("/submissions/{submission}/handing-in"), &fields).await.is(303);
    let review = w.waiting().await;
    let fields = [("points-plan", "2"), ("comment", "Well done"), ("verdict", "accept")];
    w.reviewer.post(&format!("{review}/decision"), &fields).await.is(303);
    (w, path)
}

async fn progress(w: &World) -> Value {
    let mut conn = w.app.db.read().await.unwrap();
    let text: String =
        sqlx::query_scalar("SELECT progress FROM enrollment").fetch_one(&mut *conn).await.unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn finish(w: &World, path: &str) -> Value {
    w.learner.post(&format!("{path}/requirements/m1/reading"), &[]).await.is(303);
    w.learner.post(&format!("{path}/requirements/quiz/attempts"), &[("choice-q1", "0")]).await.is(303);
    let badge = format!("/c/{}", between(&w.learner.get("/badges").await, "href=\"/c/", "\""));
    let document = w.learner.get(&format!("{badge}.json")).await.is(200).json();
    w.app.run_jobs().await;
    document
}

fn level(document: &Value) -> String {
    let results = document["credentialSubject"]["result"].to_string();
    assert!(results.contains("Exemplary"), "{document}");
    results
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_half_done_before_the_upgrade_ends_in_a_badge_with_its_results() {
    let (w, path) = with_an_accepted_project().await;
    let before = progress(&w).await;
    assert_eq!(before["project"]["outcomes"][0]["points"], 2, "{before}");
    // as the program before wrote it: no outcomes, no evidence
    let old = format!("{{\"project\":{{\"at\":{},\"score\":2}}}}", before["project"]["at"]);
    let mut tx = w.app.db.begin().await.unwrap();
    sqlx::query("UPDATE enrollment SET progress = $1").bind(&old).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    w.app.execute("DROP VIEW shown_evidence").await;
    w.app.execute("DELETE FROM migration WHERE name = '0071_met'").await;
    let again = cairn::open(w.app.config.clone(), w.app.clock.clone()).await.unwrap();
    again.db.close().await;
    assert_eq!(progress(&w).await, before);
    let document = finish(&w, &path).await;
    level(&document);
    assert_eq!(document["evidence"][0]["name"], "plan.txt", "{document}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_learner_no_longer_shows_is_not_copied_on() {
    let (w, path) = with_an_accepted_project().await;
    w.app.execute("UPDATE submission SET show_evidence = 0").await;
    let document = finish(&w, &path).await;
    level(&document);
    assert!(document["evidence"].is_null(), "{document}");
}
