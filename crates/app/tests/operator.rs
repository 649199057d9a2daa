//! The operator's work: told of what waits, by pages and by programs; and owners' domains by programs.

use crate::chain::World;
use crate::harness::{Browser, Program, Role, TestApp};
use crate::issuer::{decide, found};
use serde_json::json;

const LIST: &str = "/api/v1/operator/organizations";

async fn program(app: &TestApp, person: &Browser) -> Program {
    app.api(&app.token(person, cairn_actions::account::SCOPES).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_operators_see_what_waits_and_decide() {
    let app = TestApp::new().await;
    let (oskar, olga) = (app.person("Oskar").await, app.operator("Olga").await);
    found(&oskar, "harvard", "Harvard University").await;
    found(&oskar, "second", "Second University").await;
    let (owner, operator) = (program(&app, &oskar).await, program(&app, &olga).await);
    for path in [LIST.to_owned(), format!("{LIST}/harvard")] {
        owner.get(&path).await.is(404);
    }
    let wish = json!({ "decision": "confirm", "name": "Harvard University" });
    let decision = format!("{LIST}/harvard/decision");
    owner.post(&decision, &wish).await.is(404);
    let first = operator.get(&format!("{LIST}?limit=1")).await.is(200).json();
    assert_eq!(first["items"][0]["slug"], "harvard");
    let next = first["next"].as_str().unwrap();
    let next = &next[next.find("/api/").unwrap()..];
    assert_eq!(operator.get(next).await.is(200).json()["items"][0]["slug"], "second");
    let case = operator.get(&format!("{LIST}/harvard")).await.is(200).json();
    assert_eq!(case["owners"][0]["email"], "oskar@people.example");
    assert_eq!((&case["standing"], &case["issued"]), (&json!("unconfirmed"), &json!(0)));
    let other = json!({ "decision": "confirm", "name": "Another name" });
    operator.post(&decision, &other).await.is(409);
    operator.post(&decision, &json!({ "decision": "decline", "name": "Harvard University" })).await.is(409);
    operator.post(&decision, &json!({ "decision": "bless", "name": "Harvard University" })).await.is(422);
    let done = operator.post(&decision, &wish).await.is(200).json();
    assert_eq!(done["standing"], "confirmed");
    let left = operator.get(LIST).await.json();
    assert_eq!(left["items"].as_array().unwrap().len(), 1, "{left}");
    assert_eq!(operator.get(&format!("{LIST}?show=all")).await.json()["items"].as_array().unwrap().len(), 2);
    operator.get(&format!("{LIST}?show=some")).await.is(422);
    app.run_jobs().await;
    let letters = app.mails_to("oskar@people.example").await;
    assert!(letters.iter().any(|l| l.subject == "Confirmed: Harvard University"), "{letters:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_owners_prove_domains() {
    let app = TestApp::new().await;
    let (oskar, dora) = (app.person("Oskar").await, app.person("Dora").await);
    app.organization("north", &[(&oskar, Role::Owner), (&dora, Role::Designer)]).await;
    let (owner, designer) = (program(&app, &oskar).await, program(&app, &dora).await);
    let path = "/api/v1/organizations/north/domains";
    let wish = json!({ "domain": "north.example.org" });
    for (program, status) in [(&designer, 404), (&program(&app, &app.person("Ann").await).await, 404)] {
        program.get(path).await.is(status);
        program.post(path, &wish).await.is(status);
        program.post(&format!("{path}/north.example.org/check"), &json!({})).await.is(status);
        program.post(&format!("{path}/north.example.org/removal"), &json!({})).await.is(status);
    }
    owner.post(path, &json!({ "domain": "github.io" })).await.is(422);
    let domains = owner.post(path, &wish).await.is(200).json();
    let one = &domains["items"][0];
    assert_eq!(one["record"], "_cairn.north.example.org");
    assert_eq!((&one["proved"], &one["dns"]), (&json!(false), &json!(null)));
    assert!(one["line"].as_str().unwrap().starts_with("cairn="));
    assert_eq!(owner.get(path).await.is(200).json(), domains);
    let none = owner.post(&format!("{path}/north.example.org/removal"), &json!({})).await.is(200).json();
    assert_eq!(none["items"], json!([]));
    owner.post(&format!("{path}/north.example.org/removal"), &json!({})).await.is(404);
    app.run_jobs().await;
}

async fn night(app: &TestApp) {
    app.pass_days(1);
    cairn_platform::job::plan_night(&**app).await.unwrap();
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_get_one_letter_a_day_with_the_count_of_what_waits() {
    let app = TestApp::new().await;
    let (oskar, olga) = (app.person("Oskar").await, app.operator("Olga").await);
    let waits = async || {
        let letters = app.mails_to("olga@people.example").await;
        letters
            .into_iter()
            .filter(|l| l.subject == "Organisations wait for you")
            .map(|l| l.plain)
            .collect::<Vec<_>>()
    };
    night(&app).await;
    assert_eq!(waits().await.len(), 0, "nothing waits");
    found(&oskar, "harvard", "Harvard University").await;
    found(&oskar, "second", "Second University").await;
    night(&app).await;
    let letters = waits().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains("wait for your decision: 2"), "{}", letters[0]);
    assert!(letters[0].contains("/operator/organizations"), "{}", letters[0]);
    night(&app).await;
    assert_eq!(waits().await.len(), 1, "nothing new: no letter");
    decide(&olga, "second", "Second University", "confirm", "").await.is(303);
    night(&app).await;
    assert_eq!(waits().await.len(), 1);
    // a confirmed one that asks for another name waits too
    let page = oskar.get("/organizations/second/profile").await.is(200).clone();
    let mut fields = page.form("/organizations/second/profile");
    fields.retain(|(name, _)| name != "name");
    fields.push(("name".into(), "Third University".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    oskar.post("/organizations/second/profile", &fields).await.is(303);
    night(&app).await;
    assert_eq!(waits().await.len(), 2);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_organisation_invites_nobody() {
    let w = World::new().await;
    let olga = w.app.operator("Olga").await;
    decide(&olga, "northfjord", "northfjord University", "suspend", "Complaints").await.is(303);
    let fields = [("email", "bo@people.example"), ("role", "reviewer")];
    let refused = w.owner.post("/organizations/northfjord/invitations", &fields).await;
    refused.is(409).has("A suspended organisation cannot invite anybody");
    w.app.run_jobs().await;
    assert_eq!(w.app.mails_to("bo@people.example").await.len(), 0);
}
