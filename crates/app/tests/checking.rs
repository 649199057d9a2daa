//! What is handed in to be checked: presentations, records, badges of this very instance, and documents that
//! another host than the one asked gives.

use crate::chain::World;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::routing::get;
use cairn_actions::credential;
use cairn_actions::verification::{Source, report_on, verify};
use cairn_credential::key::SigningKey;
use cairn_credential::proof::{self, ProofOptions};
use cairn_platform::outbound::{Outbound, Reach};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use tokio::net::TcpListener;

const V2: &str = "https://www.w3.org/ns/credentials/v2";

async fn shared_badge(w: &World) -> (String, Value) {
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let document = w.learner.get(&format!("{badge}.json")).await.json();
    (badge, document)
}

fn presentation(credentials: &[&Value]) -> Value {
    json!({"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": credentials})
}

async fn answered(w: &World, document: &Value) -> Value {
    let asked = json!({ "credential": document });
    w.app.api("").post("/api/v1/verifications", &asked).await.is(200).json()
}

/// What the checks come to, as it is defined.
fn verdict_of(checks: &Value) -> &'static str {
    let any = |outcome: &str| checks.as_array().unwrap().iter().any(|check| check["outcome"] == outcome);
    match () {
        () if any("failed") => "failed",
        () if any("unknown") => "unknown",
        () if any("warning") => "warning",
        () => "verified",
    }
}

fn check_of<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_presentation_is_shown_with_each_of_its_credentials() {
    let w = World::new().await;
    let (_, good) = shared_badge(&w).await;
    let mut altered = good.clone();
    altered["name"] = json!("Running with a plan");
    let text = presentation(&[&good, &altered]).to_string();
    let visitor = w.app.visitor();
    let page = visitor.upload("/verify", &[("text", &text)], &[]).await;
    page.is(200).has("Not verified").has("Do not rely on what was presented").has("Presented by somebody");
    page.has("Walking with a plan").has("Running with a plan").has("Who presents");
    visitor.speak("de");
    let page = visitor.upload("/verify", &[("text", &text)], &[]).await;
    page.is(200).has("Verlassen Sie sich nicht auf das Vorgelegte").has("Wer vorlegt");
    page.has("Nichts zeigt, wer diese Nachweise vorlegt");

    let answer = answered(&w, &presentation(&[&good, &altered])).await;
    assert_eq!(answer["verdict"], "failed");
    let verdicts: Vec<&Value> =
        answer["credentials"].as_array().unwrap().iter().map(|report| &report["verdict"]).collect();
    assert_eq!(verdicts, ["verified", "failed"], "{answer}");
    assert_eq!(answer["credentials"][1]["credential"]["name"], "Running with a plan");
    let answer = answered(&w, &presentation(&[&good])).await;
    assert_eq!(answer["verdict"], "warning", "nothing shows who presents it: {answer}");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_presentation_of_nothing_cannot_be_told() {
    let w = World::new().await;
    let nothing = presentation(&[]);
    let page = w.app.visitor().upload("/verify", &[("text", &nothing.to_string())], &[]).await;
    page.is(200).has("Cannot tell").has("Nothing was presented");
    let answer = answered(&w, &nothing).await;
    assert_eq!(answer["verdict"], "unknown");
    assert_eq!(check_of(&answer, "presented")["code"], "nothing_presented");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_credentials_in_a_record_are_listed() {
    let w = World::new().await;
    let (badge, good) = shared_badge(&w).await;
    let mut altered = good.clone();
    altered["name"] = json!("Running with a plan");
    let record = json!({
        "@context": [V2, "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"],
        "type": ["VerifiableCredential", "ClrCredential"], "name": "All of it",
        "credentialSubject": {"type": "ClrSubject", "verifiableCredential": [good, altered]},
    });
    let page = w.app.visitor().upload("/verify", &[("text", &record.to_string())], &[]).await;
    page.is(200).has("All of it").has("Walking with a plan").has("Running with a plan");
    let answer = answered(&w, &record).await;
    let inside = &check_of(&answer, "credentials")["detail"]["credentials"];
    assert_eq!(inside[0]["verdict"], "verified");
    assert_eq!(inside[1]["verdict"], "failed");
    // what is known here of our own badges is said of those inside, too
    w.owner.post(&format!("{badge}/status"), &[("change", "suspend"), ("reason", "Complaint")]).await.is(303);
    let answer = answered(&w, &record).await;
    let inside = &check_of(&answer, "credentials")["detail"]["credentials"];
    assert_eq!(check_of(&inside[0], "status")["code"], "suspended", "{answer}");
    assert_eq!((&inside[0]["verdict"], &answer["verdict"]), (&json!("failed"), &json!("failed")));
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verdict_and_checks_of_our_own_badges_never_contradict() {
    let w = World::new().await;
    let (badge, document) = shared_badge(&w).await;
    let id = badge.rsplit('/').next().unwrap().parse().unwrap();
    for (change, code, verdict) in [
        (None, "in_force", "verified"),
        (Some("suspend"), "suspended", "failed"),
        (Some("reinstate"), "in_force", "verified"),
        (Some("revoke"), "revoked", "failed"),
    ] {
        if let Some(change) = change {
            let fields = [("change", change), ("reason", "A reason")];
            w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
        }
        let one = answered(&w, &document).await;
        let all = answered(&w, &presentation(&[&document])).await;
        let mut conn = w.app.db.read().await.unwrap();
        let stored = credential::find_stored(&mut conn, id).await.unwrap().unwrap();
        drop(conn);
        let page = serde_json::to_value(&*report_on(&w.app, &stored).await.unwrap()).unwrap();
        for report in [&one, &all["credentials"][0], &page] {
            assert_eq!(check_of(report, "status")["code"], code, "{report}");
            assert_eq!(report["verdict"], verdict, "{report}");
            assert_eq!(report["verdict"], verdict_of(&report["checks"]));
        }
        let whole = if verdict == "failed" { "failed" } else { "warning" };
        assert_eq!(all["verdict"], whole, "a presentation is as good as what is in it");
    }
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_passing_proof_does_not_get_our_words() {
    let w = World::new().await;
    let (badge, mut document) = shared_badge(&w).await;
    let fields = [("change", "revoke"), ("reason", "A reason")];
    w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
    assert_eq!(check_of(&answered(&w, &document).await, "status")["code"], "revoked");
    // the same badge, signed by a stranger, once in the issuer's name and once in their own
    let key = SigningKey::from_seed(&[7; 32]);
    let stranger = format!("did:key:{}", key.public().multibase());
    let method = format!("{stranger}#{}", key.public().multibase());
    for (issuer, list) in [(None, true), (None, false), (Some(stranger.as_str()), false)] {
        let map = document.as_object_mut().unwrap();
        map.shift_remove("proof");
        if !list {
            map.shift_remove("credentialStatus");
        }
        if let Some(issuer) = issuer {
            document["issuer"]["id"] = json!(issuer);
        }
        let options = ProofOptions::new(&method, "2026-01-15T09:00:00Z".parse().unwrap());
        proof::sign(&mut document, &key, &options).unwrap();
        let report = answered(&w, &document).await;
        assert_eq!(check_of(&report, "proof")["outcome"], "passed", "{report}");
        if !list {
            assert_eq!(check_of(&report, "status")["code"], "no_status", "{report}");
        }
        let said = check_of(&report, "status")["message"].as_str().unwrap();
        assert!(!said.contains(" on "), "the day is our word, for our badge only: {said}");
        assert_eq!(report["verdict"], verdict_of(&report["checks"]), "{report}");
    }
    w.app.run_jobs().await;
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_to_another_host_is_not_the_first_hosts_word() {
    let giver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = giver.local_addr().unwrap().port();
    let to = format!("http://localhost:{port}/assertion");
    let redirect = move || async move { (StatusCode::FOUND, [(LOCATION, to)]) };
    let asked = serve(Router::new().route("/assertion", get(redirect))).await;
    let assertion = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion",
        "id": format!("http://{asked}/assertion"), "badge": format!("http://{asked}/badge"),
        "recipient": {"type": "email", "hashed": false, "identity": "amy@people.example"},
        "verification": {"type": "HostedBadge"}, "issuedOn": "2026-01-15T09:00:00Z",
    });
    let text = assertion.to_string();
    let served = text.clone();
    let router = Router::new().route("/assertion", get(move || async move { served }));
    tokio::spawn(async move { axum::serve(giver, router).await.unwrap() });

    let outbound = Outbound::with_reach(Reach::Loopback).unwrap();
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let report = verify(Source::Alone(&outbound), text.into_bytes(), now, BTreeSet::new()).await.unwrap();
    let check = report.checks.iter().find(|check| check.code == "document_from_elsewhere");
    let said = &check.unwrap_or_else(|| panic!("{report:#?}")).message;
    assert!(said.contains("127.0.0.1") && said.contains("localhost"), "both hosts are named: {said}");
}
