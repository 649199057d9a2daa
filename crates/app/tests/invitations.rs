//! Invitations are renewed and withdrawn, by people and by programs.

use crate::harness::{Role, TestApp};
use axum::http::Method;
use serde_json::json;

const MEMBERS: &str = "/organizations/north/members";
const INVITE: &str = "/organizations/north/invitations";
const API: &str = "/api/v1/organizations/north/invitations";

/// The link in the newest letter to Bo.
async fn link(app: &TestApp) -> String {
    let letters = app.mails_to("bo@people.example").await;
    let (_, rest) = letters[0].plain.split_once("http://cairn.test").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_invitation_of_an_address_renews_the_first() {
    let app = TestApp::new().await;
    let (olga, bo) = (app.person("Olga").await, app.person("Bo").await);
    app.organization("north", &[(&olga, Role::Owner)]).await;
    let fields = |role| [("email", "bo@people.example"), ("role", role)];
    olga.post_and_follow(INVITE, &fields("reviewer")).await.has("An invitation is on its way");
    let first = link(&app).await;
    app.pass_days(1);
    let page = olga.post_and_follow(INVITE, &fields("designer")).await;
    page.has("The earlier invitation to bo@people.example is renewed").has("Designer");
    let (now, waiting) = (page.text(), "/organizations/north/invitations/withdrawal");
    assert_eq!(now.matches(waiting).count(), 1, "one waits: {page}");
    bo.get(&first).await.is(409).has("ask for a new one");
    let second = link(&app).await;
    assert_ne!(first, second);
    bo.get(&second).await.is(200).has("Designer");
    bo.post(&second, &[]).await.is(303);
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_withdraws_an_invitation_that_waits() {
    let app = TestApp::new().await;
    let (olga, bo, ray) = (app.person("Olga").await, app.person("Bo").await, app.person("Ray").await);
    app.organization("north", &[(&olga, Role::Owner), (&ray, Role::Reviewer)]).await;
    app.organization("south", &[(&bo, Role::Owner)]).await;
    olga.post(INVITE, &[("email", "bo@people.example"), ("role", "reviewer")]).await.is(303);
    let link = link(&app).await;
    let page = olga.get(MEMBERS).await;
    let path = format!("{INVITE}/withdrawal");
    page.has("Withdraw the invitation to bo@people.example?");
    let sent = page.form(&path);
    let invitation = sent.iter().find(|(name, _)| name == "invitation").unwrap().1.clone();
    let fields = [("invitation", invitation.as_str())];
    // neither whoever is no owner, nor an owner elsewhere
    ray.post(&path, &fields).await.is(404);
    bo.post("/organizations/south/invitations/withdrawal", &fields).await.is(404);
    bo.get(&link).await.is(200);
    let page = olga.post_and_follow(&path, &fields).await;
    page.has("The invitation is withdrawn").lacks("Open invitations");
    bo.get(&link).await.is(409);
    bo.post(&link, &[]).await.is(409);
    olga.post(&path, &fields).await.is(404);
    olga.get("/organizations/north/audit").await.has("withdrew an invitation");
    olga.set_cookie("cairn_language", "de");
    olga.get("/organizations/north/audit").await.has("hat eine Einladung zurückgezogen");
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_owners_invite_and_withdraw() {
    let app = TestApp::new().await;
    let (olga, ray) = (app.person("Olga").await, app.person("Ray").await);
    app.organization("north", &[(&olga, Role::Owner), (&ray, Role::Reviewer)]).await;
    let body = json!({ "email": "bo@people.example", "role": "reviewer" });
    let scope = ["organizations:manage"];
    let stranger = app.api(&app.token(&ray, &scope).await);
    let once = |key: &'static str| [("idempotency-key", key)];
    let refused = stranger.send(Method::POST, API, &once("0"), Some(&body)).await;
    assert!(refused.status.is_client_error(), "a reviewer invites nobody: {refused}");
    assert!(stranger.get(API).await.status.is_client_error());
    let program = app.api(&app.token(&olga, &scope).await);
    let sent = program.send(Method::POST, API, &once("1"), Some(&body)).await;
    assert_eq!(sent.is(200).json()["renewed"], false);
    let sent = program.send(Method::POST, API, &once("2"), Some(&body)).await;
    assert_eq!(sent.is(200).json()["renewed"], true);
    let items = program.get(API).await.is(200).json()["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 1, "{items}");
    assert_eq!((&items[0]["email"], &items[0]["role"]), (&body["email"], &body["role"]));
    let id = items[0]["id"].as_str().unwrap();
    let path = format!("{API}/{id}/withdrawal");
    assert!(stranger.send(Method::POST, &path, &[], None).await.status.is_client_error());
    let left = program.send(Method::POST, &path, &[], None).await;
    assert_eq!(left.is(200).json()["items"], json!([]));
    program.send(Method::POST, &path, &[], None).await.is(404);
    app.leave_jobs();
}
