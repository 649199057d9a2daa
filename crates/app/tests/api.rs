//! The API as programs see it: tokens and scopes, problems, calls that count
//! once, and a description that says what there is.

use crate::harness::{Browser, Page, Program, Role, TestApp};
use axum::http::Method;
use cairn_platform::id;
use cairn_value::id::{CredentialId, OrganizationId};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An id that nothing has.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// A badge, straight into the tables.
async fn badge(
    app: &TestApp,
    organization: OrganizationId,
    holder: &Browser,
    is_shared: bool,
) -> CredentialId {
    let (id, now) = (CredentialId(id::fresh()), app.clock.now().as_millisecond());
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO status_list (organization, id, seed, length, used, changed_at, created_at, purpose) \
         VALUES ($1, $2, 'seed', 131072, 1, $3, $3, 'suspension') ON CONFLICT DO NOTHING",
    )
    .bind(organization.to_string())
    .bind(organization.to_string())
    .bind(now)
    .execute(&mut *tx)
    .await
    .unwrap();
    let index: i64 = sqlx::query_scalar("SELECT count(*) FROM credential").fetch_one(&mut *tx).await.unwrap();
    sqlx::query(
        "INSERT INTO credential (organization, id, award, achievement, achievement_version, person, address_key, \
         recipient_name, state, state_reason, state_at, shared_at, issued_at, valid_from, status_list, status_index, \
         document) VALUES ($1, $2, $2, $3, $3, $4, $5, $6, 'active', '', $7, $8, $7, $7, $1, $9, '{\"name\":\"Badge\"}')",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(NOBODY)
    .bind(holder.person().to_string())
    .bind(holder.email())
    .bind(holder.name())
    .bind(now)
    .bind(is_shared.then_some(now))
    .bind(index)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// A program with all scopes of this person's.
async fn program(app: &TestApp, person: &Browser) -> Program {
    app.api(&app.token(person, cairn_actions::account::SCOPES).await)
}

async fn post_with_key(program: &Program, path: &str, key: &str, body: &Value) -> Page {
    program.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
}

/// Expects problem details of this kind, and gives the names of wrong members.
#[track_caller]
fn problem(page: &Page, status: u16, code: &str) -> Vec<String> {
    page.is(status);
    assert_eq!(page.header("content-type"), "application/problem+json", "{page}");
    let body = page.json();
    assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(status.into()), Some(code)), "{page}");
    assert!(body["type"].is_string() && body["title"].is_string(), "{page}");
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|e| e["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_and_the_routes_say_the_same() {
    let app = TestApp::new().await;
    let document = app.api("").get("/api/v1/openapi.json").await.is(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let mut described = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            described.insert(format!("{} {path}", method.to_uppercase()), operation.clone());
        }
    }
    let lines = cairn::web::routes(&app).split().1;
    let routes: BTreeSet<String> = lines
        .iter()
        .filter(|l| l.path.starts_with("/api/"))
        .map(|l| format!("{} {}", l.method, l.path))
        .collect();
    assert_eq!(routes, described.keys().cloned().collect());
    let names: BTreeSet<&str> = described.values().map(|o| o["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), described.len(), "operations have names of their own");
    for (name, operation) in &described {
        assert!(operation["security"].is_array() && operation["responses"]["default"].is_object(), "{name}");
        assert!(operation["summary"].is_string(), "{name} says what it does");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let is_told = response.get("$ref").is_some() || response["description"].is_string();
            assert!(is_told, "{name} says what {status} means");
        }
        let path = name.split_once(' ').unwrap().1;
        let named: BTreeSet<String> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|p| p["in"] == "path")
            .map(|p| format!("{{{}}}", p["name"].as_str().unwrap()))
            .collect();
        let there: BTreeSet<String> =
            path.split('/').filter(|p| p.starts_with('{')).map(String::from).collect();
        assert_eq!(named, there, "{name}");
    }
    for line in &lines {
        if let cairn::http::Allow::Scope(scope) = line.allow {
            assert!(cairn_actions::account::SCOPES.contains(&scope), "no token can be made for {scope}");
        }
    }
    let award = &described["POST /api/v1/organizations/{org}/awards"];
    assert_eq!(award["security"], json!([{ "token": ["credentials:issue"] }]));
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} is not in the document");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_opens_what_its_scopes_say() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let north = app.organization("north", &[(&amy, Role::Owner)]).await;
    let me = app.api(&app.token(&amy, &[]).await).get("/api/v1/me").await.is(200).json();
    assert_eq!((me["name"].as_str(), &me["scopes"]), (Some("Amy"), &json!([])));
    problem(&app.api("").get("/api/v1/me").await, 401, "sign-in");
    let page = app.api("nonsense").get("/api/v1/me").await;
    problem(&page, 401, "sign-in");
    assert_eq!(page.header("www-authenticate"), "Bearer");
    let reader = app.api(&app.token(&amy, &["credentials:read", "organizations:read"]).await);
    reader.get("/api/v1/credentials").await.is(200);
    problem(&reader.post("/api/v1/enrollments", &json!({ "achievement": "a.b" })).await, 403, "forbidden");
    let organizations = reader.get("/api/v1/organizations").await.is(200).json();
    assert_eq!(organizations["items"][0]["id"], north.to_string());
    assert_eq!(organizations["items"][0]["roles"], json!(["owner"]));
    assert_eq!(organizations["next"], Value::Null);
    app.execute("UPDATE api_token SET expires_at = 1").await;
    problem(&reader.get("/api/v1/me").await, 401, "sign-in");
    app.execute("UPDATE api_token SET expires_at = NULL, revoked_at = 1").await;
    problem(&reader.get("/api/v1/me").await, 401, "sign-in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_used_600_times_a_minute() {
    let app = TestApp::new().await;
    let (amy, ann) = (app.person("Amy").await, app.person("Ann").await);
    let (hers, other) = (program(&app, &amy).await, program(&app, &ann).await);
    hers.get("/api/v1/me").await.is(200);
    app.execute("UPDATE rate SET used = 600").await;
    let page = hers.get("/api/v1/me").await;
    problem(&page, 429, "too-many");
    assert_eq!(page.header("retry-after"), "60");
    other.get("/api/v1/me").await.is(200);
    app.pass(jiff::SignedDuration::from_mins(1));
    hers.get("/api/v1/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_is_shown_to_whom_it_is_for() {
    let app = TestApp::new().await;
    let (amy, ann, ola) = (app.person("Amy").await, app.person("Ann").await, app.person("Ola").await);
    let north = app.organization("north", &[(&ola, Role::Analyst)]).await;
    app.organization("south", &[(&ann, Role::Owner)]).await;
    let (hidden, open) = (badge(&app, north, &amy, false).await, badge(&app, north, &amy, true).await);
    let (anybody, hers) = (app.api(""), program(&app, &amy).await);
    let (stranger, analyst) = (program(&app, &ann).await, program(&app, &ola).await);
    let path = |id| format!("/api/v1/credentials/{id}");
    let public = anybody.get(&path(open)).await.is(200).json();
    assert_eq!(public["document"]["name"], "Badge");
    assert_eq!(public["organization"]["slug"], "north");
    assert_eq!((&public["shared"], public.get("state_reason")), (&json!(true), None));
    problem(&anybody.get(&path(hidden)).await, 404, "not-found");
    problem(&stranger.get(&path(hidden)).await, 404, "not-found");
    assert_eq!(stranger.get(&path(open)).await.is(200).json().get("state_reason"), None);
    assert_eq!(hers.get(&path(hidden)).await.is(200).json()["state_reason"], "");
    assert_eq!(analyst.get(&path(hidden)).await.is(200).json()["recipient_name"], "Amy");
    // whoever shows a token must show a good one
    problem(&app.api("nonsense").get(&path(open)).await, 401, "sign-in");
    let narrow = app.api(&app.token(&amy, &["reviews:write"]).await);
    problem(&narrow.get(&path(open)).await, 403, "forbidden");
    problem(&anybody.get("/api/v1/credentials/x").await, 404, "not-found");
    // the holder hides it again; nobody else can
    let hide = json!({ "shared": false });
    problem(&stranger.post(&format!("{}/sharing", path(open)), &hide).await, 404, "not-found");
    problem(&analyst.post(&format!("{}/sharing", path(open)), &hide).await, 404, "not-found");
    hers.post(&format!("{}/sharing", path(open)), &hide).await.is(200);
    problem(&anybody.get(&path(open)).await, 404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_pages() {
    let app = TestApp::new().await;
    let (amy, ola) = (app.person("Amy").await, app.person("Ola").await);
    let north = app.organization("north", &[(&ola, Role::Owner)]).await;
    app.organization("south", &[]).await;
    let mut all = vec![];
    for _ in 0..5 {
        all.insert(0, badge(&app, north, &amy, false).await.to_string());
    }
    let (hers, owner) = (program(&app, &amy).await, program(&app, &ola).await);
    for (program, path) in
        [(&hers, "/api/v1/credentials"), (&owner, "/api/v1/organizations/north/credentials")]
    {
        let (mut seen, mut next) = (vec![], Some(format!("{path}?limit=2")));
        let mut pages = 0;
        while let Some(path) = next {
            let page = program.get(&path).await.is(200).json();
            for item in page["items"].as_array().unwrap() {
                assert!(item.get("document").is_none());
                seen.push(item["id"].as_str().unwrap().to_owned());
            }
            next = page["next"].as_str().map(|n| n.strip_prefix("http://cairn.test").unwrap().to_owned());
            pages += 1;
        }
        assert_eq!((seen, pages), (all.clone(), 3), "{path}");
        for limit in ["0", "101", "x"] {
            assert_eq!(
                problem(&program.get(&format!("{path}?limit={limit}")).await, 422, "invalid"),
                ["limit"]
            );
        }
    }
    let found = owner.get("/api/v1/organizations/north/credentials?q=AMY&state=active").await.is(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 5);
    let page = owner.get("/api/v1/organizations/north/credentials?state=lost").await;
    assert_eq!(problem(&page, 422, "invalid"), ["state"]);
    for path in ["south", "nowhere"] {
        let path = format!("/api/v1/organizations/{path}/credentials");
        problem(&owner.get(&path).await, 404, "not-found");
    }
    problem(&hers.get("/api/v1/organizations/north/credentials").await, 404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_is_for_owners() {
    let app = TestApp::new().await;
    let (amy, ola, ray) = (app.person("Amy").await, app.person("Ola").await, app.person("Ray").await);
    let north = app.organization("north", &[(&ola, Role::Owner), (&ray, Role::Reviewer)]).await;
    let (hers, owner) = (program(&app, &amy).await, program(&app, &ola).await);
    let id = badge(&app, north, &amy, false).await;
    for shared in [true, false, true] {
        hers.post(&format!("/api/v1/credentials/{id}/sharing"), &json!({ "shared": shared })).await.is(200);
    }
    let path = "/api/v1/organizations/north/events";
    let page = owner.get(&format!("{path}?limit=2")).await.is(200).json();
    assert_eq!(
        (&page["items"][0]["seq"], &page["items"][1]["kind"]),
        (&json!(3), &json!("credential.hidden"))
    );
    assert_eq!(page["items"][0]["previous"], page["items"][1]["hash"]);
    let next = page["next"].as_str().unwrap().strip_prefix("http://cairn.test").unwrap();
    let rest = owner.get(next).await.is(200).json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    problem(&program(&app, &ray).await.get(path).await, 404, "not-found");
    problem(&hers.get(path).await, 404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_with_a_key_counts_once() {
    let app = TestApp::new().await;
    let (amy, ola, oda) = (app.person("Amy").await, app.person("Ola").await, app.person("Oda").await);
    let north = app.organization("north", &[(&ola, Role::Owner), (&oda, Role::Awarder)]).await;
    let id = badge(&app, north, &amy, false).await;
    let path = format!("/api/v1/credentials/{id}/status");
    let (owner, other) = (program(&app, &ola).await, program(&app, &oda).await);
    let suspend = json!({ "change": "suspend", "reason": "a complaint" });
    let first = post_with_key(&owner, &path, "k1", &suspend).await;
    assert_eq!(
        (first.is(200).json()["state"].as_str(), first.header("idempotency-replayed")),
        (Some("suspended"), String::new())
    );
    let again = post_with_key(&owner, &path, "k1", &suspend).await;
    assert_eq!((again.is(200).text(), again.header("idempotency-replayed")), (first.text(), "true".into()));
    assert_eq!(app.count("SELECT count(*) FROM event").await, 1);
    // the same key for something else, by body and by address
    let revoke = json!({ "change": "revoke", "reason": "fraud" });
    assert_eq!(
        problem(&post_with_key(&owner, &path, "k1", &revoke).await, 422, "invalid"),
        ["Idempotency-Key"]
    );
    let elsewhere = format!("/api/v1/credentials/{NOBODY}/status");
    problem(&post_with_key(&owner, &elsewhere, "k1", &suspend).await, 422, "invalid");
    // keys are a person's own; what is refused may be tried again
    problem(&post_with_key(&other, &path, "k1", &suspend).await, 409, "refused");
    problem(&post_with_key(&other, &path, "k1", &suspend).await, 409, "refused");
    post_with_key(&other, &path, "k1", &json!({ "change": "reinstate", "reason": "cleared" })).await.is(200);
    assert_eq!(post_with_key(&owner, &path, "k1", &suspend).await.is(200).json()["state"], "suspended");
    assert_eq!(app.count("SELECT count(*) FROM event").await, 2);
    // after a week the key is a new one
    app.pass_days(8);
    assert_eq!(post_with_key(&owner, &path, "k1", &suspend).await.is(200).header("idempotency-replayed"), "");
    assert_eq!(app.count("SELECT count(*) FROM event").await, 3);
    for key in ["", "a b", "é", &"x".repeat(201)] {
        problem(&post_with_key(&owner, &path, key, &suspend).await, 400, "malformed");
    }
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_calls_at_once_one_counts() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let north = app.organization("north", &[]).await;
    let id = badge(&app, north, &amy, false).await;
    let (path, hers) = (format!("/api/v1/credentials/{id}/sharing"), program(&app, &amy).await);
    let share = json!({ "shared": true });
    let calls = (0..8).map(|_| post_with_key(&hers, &path, "same", &share));
    for page in futures_util::future::join_all(calls).await {
        match page.status.as_u16() {
            200 => {}
            _ => drop(problem(&page, 409, "conflict")),
        }
    }
    assert_eq!(app.count("SELECT count(*) FROM event").await, 1);
    // the program died in the middle of a call: its key is free after a while
    app.execute("UPDATE idempotency SET status = 0, response = ''").await;
    problem(&post_with_key(&hers, &path, "same", &share).await, 409, "conflict");
    app.pass(jiff::SignedDuration::from_mins(3));
    post_with_key(&hers, &path, "same", &share).await.is(200);
    assert_eq!(post_with_key(&hers, &path, "same", &share).await.header("idempotency-replayed"), "true");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn awards_are_checked_before_anything_is_issued() {
    let app = TestApp::new().await;
    let (amy, ola) = (app.person("Amy").await, app.person("Ola").await);
    app.organization("north", &[(&ola, Role::Awarder), (&amy, Role::Reviewer)]).await;
    app.organization("south", &[]).await;
    let (owner, reviewer) = (program(&app, &ola).await, program(&app, &amy).await);
    let path = "/api/v1/organizations/north/awards";
    let body =
        json!({ "achievement": "north.x", "recipients": [{ "name": "A", "email": "a@people.example" }] });
    let page = owner.post(path, &body).await;
    problem(&page, 400, "malformed");
    page.has("Idempotency-Key");
    problem(&post_with_key(&reviewer, path, "k", &body).await, 404, "not-found");
    problem(&post_with_key(&owner, "/api/v1/organizations/south/awards", "k", &body).await, 404, "not-found");
    let wrong = |recipients: Value| json!({ "achievement": "north.x", "recipients": recipients });
    for (recipients, want) in [
        (json!([]), vec!["recipients"]),
        (json!([{ "name": "A", "email": "a" }]), vec!["recipients[0].email"]),
        (
            json!([{ "name": "", "email": "a@b.example", "awarded_on": "2027-01-01" }]),
            vec!["recipients[0].name", "recipients[0].awarded_on"],
        ),
        (
            json!([{ "name": "A", "email": "a@b.example", "awarded_on": "soon" }]),
            vec!["recipients[0].awarded_on"],
        ),
        (json!([{ "name": "A" }]), vec!["recipients[0].email"]),
        (
            json!([{ "name": "A", "email": "a@b.example" }, { "name": "B", "email": "A@b.example" }]),
            vec!["recipients[1].email"],
        ),
        (json!({ "name": "A" }), vec!["recipients"]),
    ] {
        let page = post_with_key(&owner, path, "k", &wrong(recipients)).await;
        assert_eq!(problem(&page, 422, "invalid"), want);
    }
    assert_eq!(app.count("SELECT count(*) FROM idempotency").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM event").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_not_found() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    app.organization("north", &[(&amy, Role::Owner)]).await;
    let hers = program(&app, &amy).await;
    let empty = json!({});
    let review = json!({ "verdict": "accept" });
    for id in [NOBODY, "x", "%ff", "%00"] {
        for path in ["enrollments", "submissions", "reviews", "credentials"] {
            problem(&hers.get(&format!("/api/v1/{path}/{id}")).await, 404, "not-found");
        }
        problem(&hers.get(&format!("/api/v1/reviews/{id}/evidence/{id}")).await, 404, "not-found");
        for (path, body) in [
            (format!("enrollments/{id}/withdrawal"), &empty),
            (format!("enrollments/{id}/requirements/a/reading"), &empty),
            (format!("enrollments/{id}/requirements/a/badge"), &empty),
            (format!("enrollments/{id}/requirements/a/attempts"), &json!({ "responses": [] })),
            (
                format!("enrollments/{id}/requirements/a/evidence"),
                &json!({ "kind": "link", "url": "https://a.example" }),
            ),
            (format!("submissions/{id}/handing-in"), &empty),
            (format!("submissions/{id}/appeal"), &json!({ "reason": "x" })),
            (format!("submissions/{id}/evidence/{id}/removal"), &empty),
            (format!("reviews/{id}/opening"), &empty),
            (format!("reviews/{id}/decision"), &review),
            (format!("credentials/{id}/status"), &json!({ "change": "revoke", "reason": "x" })),
            (format!("credentials/{id}/sharing"), &json!({ "shared": true })),
        ] {
            problem(&hers.post(&format!("/api/v1/{path}"), body).await, 404, "not-found");
        }
    }
    problem(&hers.get("/api/v1/nothing").await, 404, "not-found");
    problem(&hers.delete("/api/v1/credentials").await, 405, "method");
    assert_eq!(hers.get("/api/v1/reviews").await.is(200).json(), json!({ "items": [], "next": null }));
    assert_eq!(hers.get("/api/v1/enrollments").await.is(200).json(), json!({ "items": [], "next": null }));
    problem(&hers.get("/api/v1/reviews?organization=south").await, 404, "not-found");
    assert_eq!(problem(&hers.get("/api/v1/reviews?view=all").await, 422, "invalid"), ["view"]);
    assert_eq!(problem(&hers.get("/api/v1/reviews?after=x").await, 422, "invalid"), ["after"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_bodies_are_told_by_member() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let token = app.token(&amy, cairn_actions::account::SCOPES).await;
    let send = async |path: String, kind: &str, body: Vec<u8>| {
        let request = axum::http::Request::post(path)
            .header("host", "cairn.test")
            .header("authorization", format!("bearer {token}"))
            .header("content-type", kind)
            .body(axum::body::Body::from(body))
            .unwrap();
        let router = cairn::router((*app).clone());
        let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Page { what: "POST".into(), status: parts.status, headers: parts.headers, body }
    };
    let decision = format!("/api/v1/reviews/{NOBODY}/decision");
    for (body, field) in [
        ("{", "body"),
        ("", "verdict"),
        ("{}", "verdict"),
        (r#"{"verdict":"maybe"}"#, "verdict"),
        (r#"{"verdict":"accept","scores":[{"criterion":"a"}]}"#, "scores[0].points"),
        (r#"{"verdict":"accept","scores":[{"criterion":"a","points":-1}]}"#, "scores[0].points"),
        (r#"{"verdict":"accept","more":1}"#, "more"),
    ] {
        let page = send(decision.clone(), "application/json", body.into()).await;
        assert_eq!(problem(&page, 422, "invalid"), [field], "{body}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        problem(&send(decision.clone(), kind, b"{}".to_vec()).await, 415, "unknown-kind");
    }
    problem(&send(decision, "application/json", vec![b' '; 5 << 20]).await, 413, "too-large");
    let evidence = format!("/api/v1/enrollments/{NOBODY}/requirements/a/evidence");
    let page = send(evidence.clone(), "application/json", br#"{"kind":"film"}"#.to_vec()).await;
    assert_eq!(problem(&page, 422, "invalid"), ["kind"]);
    // whose enrolment it is, is looked at before a file is taken in
    problem(&send(evidence, "multipart/form-data; boundary=x", b"--x".to_vec()).await, 404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_problem_s_type_is_an_address_with_a_page() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let base = app.config.base_url.clone();
    for (page, code) in [
        (app.api("").get("/api/v1/me").await, "sign-in"),
        (app.api("").get("/api/v1/credentials/nonsense").await, "not-found"),
        (app.api("").get("/api/v1/verifications").await, "method"),
        (program(&app, &amy).await.post("/api/v1/enrollments", &json!({})).await, "invalid"),
    ] {
        let problem = page.json();
        assert_eq!(problem["type"], format!("{base}/problems/{code}"), "{page}");
        let path = format!("/problems/{code}");
        app.visitor()
            .get(&path)
            .await
            .is(200)
            .has(problem["title"].as_str().filter(|_| code != "sign-in").unwrap_or("sign in"));
    }
    for (code, _) in cairn::http::problem::KINDS {
        let german = app.visitor();
        german.speak("de");
        for visitor in [app.visitor(), german] {
            visitor.get(&format!("/problems/{code}")).await.is(200).lacks("problem-").lacks("error-text");
        }
    }
    app.visitor().get("/problems/nonsense").await.is(404);
}
