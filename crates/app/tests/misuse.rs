//! What hostile owners, members, learners and strangers have tried, and what comes of it now.

use crate::chain::World;
use crate::harness::{Browser, Page};
use crate::issuer::decide;
use axum::http::Method;
use cairn_value::policy::Policy;
use serde_json::{Value, json};

const ORGANIZATION: &str = "/organizations/northfjord";
const AWARDS: &str = "/api/v1/organizations/northfjord/awards";
/// As if it had been founded a moment ago.
const UNCONFIRMED: &str = "UPDATE organization SET standing = 'unconfirmed', standing_before = 'unconfirmed'";

/// Awards by a program to an address; more members of the recipient in `more`.
async fn award(w: &World, address: &str, more: Value) -> Page {
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let mut recipient = json!({ "name": "Zoe", "email": address });
    recipient.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let body = json!({ "achievement": w.key, "recipients": [recipient] });
    let key = body.to_string().len().to_string() + address;
    program.send(Method::POST, AWARDS, &[("idempotency-key", &key)], Some(&body)).await
}

async fn rename(owner: &Browser, name: &str) -> Page {
    let path = format!("{ORGANIZATION}/profile");
    let mut fields = owner.get(&path).await.form(&path);
    fields.iter_mut().filter(|(n, _)| n == "name").for_each(|(_, v)| *v = name.into());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    owner.post(&path, &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_no_is_not_undone_by_asking_again_or_by_another_name() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    let olga = w.app.operator("Olga").await;
    w.app.execute(UNCONFIRMED).await;
    award(&w, "one@people.example", json!({})).await.is(201);
    decide(&olga, "northfjord", "northfjord University", "decline", "Who are you?").await.is(303);
    let desk = format!("{ORGANIZATION}/confirmation");
    for name in ["northfjord University", "Westfjord University", "northfjord University"] {
        rename(&w.owner, name).await.is(303);
        award(&w, "two@people.example", json!({})).await.is(409);
        w.owner.post(&desk, &[]).await;
        award(&w, "two@people.example", json!({})).await.is(409);
    }
    w.owner.get(&desk).await.is(200).has("You have asked again").lacks("may issue before they are confirmed");
    w.app.visitor().get("/issuers/northfjord").await.is(404);
    olga.get("/operator/organizations").await.has("northfjord University").has("had declined it");
    decide(&olga, "northfjord", "northfjord University", "confirm", "").await.is(303);
    award(&w, "two@people.example", json!({})).await.is(201);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_was_contested_waits_for_the_operator_whatever_it_becomes() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    let eve = w.app.person("Eve").await;
    crate::issuer::found(&eve, "eastfjord", "Eastfjord University").await;
    w.app.execute(UNCONFIRMED).await;
    rename(&w.owner, "Eastfjord  University").await.is(303);
    award(&w, "one@people.example", json!({})).await.is(409);
    rename(&w.owner, "northfjord University").await.is(303);
    award(&w, "one@people.example", json!({})).await.is(409);
    w.app.run_jobs().await;
}
