//! The long walk of programs: earn, hand in, review, issue, show, check, award.
//! The definition is put straight into the tables, so that this file asks
//! nothing of the designer's pages.

use crate::harness::{Browser, Page, Program, Role, TestApp};
use axum::http::Method;
use cairn_platform::id;
use cairn_value::id::OrganizationId;
use serde_json::{Value, json};

/// A module, a quiz and a project.
fn definition() -> Value {
    json!({
        "language": "en", "title": "Hand hygiene", "programme": "course", "field": "healthcare",
        "summary": "Clean hands.", "description": "How, when and why.",
        "validity": { "months": 12, "grace_days": 30, "renewal": "repeat", "renewal_hours": 0 },
        "requirement": { "kind": "all", "id": "root", "parts": [
            { "kind": "module", "id": "read", "title": "Read", "text": "Wash.", "minutes": 5 },
            { "kind": "assessment", "id": "quiz", "title": "Quiz", "pass_percent": 100, "attempts": 3, "items": [
                { "id": "q1", "prompt": "When?", "kind": "single", "explanation": "TOLD-NEVER", "choices": [
                    { "text": "Never" }, { "text": "Before and after", "correct": true }] }] },
            { "kind": "project", "id": "work", "title": "Work", "brief": "Show it.", "rubric": {
                "pass_points": 1, "criteria": [{ "id": "c1", "title": "Shows it", "levels": [
                    { "title": "No", "points": 0 }, { "title": "Yes", "points": 1 }] }] } }
        ] }
    })
}

/// Publishes `ORGANISATION.SLUG`.
async fn publish(app: &TestApp, organization: OrganizationId, slug: &str, definition: &Value) {
    let (achievement, version) = (id::fresh().to_string(), id::fresh().to_string());
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO achievement (organization, id, slug, published_version, created_at) VALUES ($1, $2, $3, $4, 1)",
    )
    .bind(organization.to_string())
    .bind(&achievement)
    .bind(slug)
    .bind(&version)
    .execute(&mut *tx)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO achievement_version (organization, id, achievement, number, body, published_at, published_by) \
         VALUES ($1, $2, $3, 1, $4, 1, 'system')",
    )
    .bind(organization.to_string())
    .bind(version)
    .bind(achievement)
    .bind(definition.to_string())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// An issuing organisation that can sign.
async fn issuer(app: &TestApp, slug: &str, members: &[(&Browser, Role)]) -> OrganizationId {
    let organization = app.organization(slug, members).await;
    let mut tx = app.db.begin().await.unwrap();
    cairn_actions::credential::key::rotate(&mut tx, app, organization, "system").await.unwrap();
    tx.commit().await.unwrap();
    organization
}

async fn program(app: &TestApp, person: &Browser) -> Program {
    app.api(&app.token(person, cairn_actions::account::SCOPES).await)
}

async fn post_with_key(program: &Program, path: &str, key: &str, body: &Value) -> Page {
    program.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
}

/// Sends a file as programs do, with a token.
async fn upload(app: &TestApp, person: &Browser, path: &str, name: &str, bytes: &[u8]) -> Page {
    let token = app.token(person, &["submissions:write"]).await;
    let mut body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA file\r\n--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = axum::http::Request::post(path)
        .header("host", "cairn.test")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(axum::body::Body::from(body))
        .unwrap();
    let response = tower::ServiceExt::oneshot(cairn::router((**app).clone()), request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Page { what: format!("POST {path}"), status: parts.status, headers: parts.headers, body }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_earns_and_another_one_judges() {
    let app = TestApp::new().await;
    let (amy, ray, rob) = (app.person("Amy").await, app.person("Ray").await, app.person("Rob").await);
    let north = issuer(&app, "north", &[(&ray, Role::Reviewer)]).await;
    issuer(&app, "south", &[(&rob, Role::Reviewer)]).await;
    publish(&app, north, "hygiene", &definition()).await;
    let (hers, reviewer, stranger) =
        (program(&app, &amy).await, program(&app, &ray).await, program(&app, &rob).await);

    // enrolling twice is going on
    let asked = json!({ "achievement": "north.hygiene" });
    let begun = hers.post("/api/v1/enrollments", &asked).await.is(201).json();
    assert_eq!(hers.post("/api/v1/enrollments", &asked).await.is(201).json(), begun);
    hers.post("/api/v1/enrollments", &json!({ "achievement": "north.nothing" })).await.is(404);
    let id = begun["id"].as_str().unwrap();
    let enrollment = format!("/api/v1/enrollments/{id}");
    stranger.get(&enrollment).await.is(404);
    let list = hers.get("/api/v1/enrollments").await.is(200).json();
    assert_eq!(
        (&list["items"][0]["achievement"], &list["items"][0]["needed"]),
        (&json!("north.hygiene"), &json!(3))
    );

    // the tree tells what to do and never what is right
    let page = hers.get(&enrollment).await;
    page.is(200).lacks("TOLD-NEVER").lacks("correct");
    let quiz = page.json()["requirement"]["parts"][1]["quiz"].clone();
    assert_eq!(quiz["questions"][0]["choices"], json!(["Never", "Before and after"]));

    let leaf = |leaf: &str, what: &str| format!("{enrollment}/requirements/{leaf}/{what}");
    stranger.post(&leaf("read", "reading"), &json!({})).await.is(404);
    assert_eq!(hers.post(&leaf("read", "reading"), &json!({})).await.is(200).json()["met"], true);
    hers.post(&leaf("quiz", "reading"), &json!({})).await.is(404);

    // an attempt that is sent twice with a key is one attempt
    let answer = |choice: u32| json!({ "responses": [{ "item": "q1", "chosen": [choice] }] });
    for _ in 0..2 {
        let page = post_with_key(&hers, &leaf("quiz", "attempts"), "first", &answer(0)).await;
        page.is(201).lacks("TOLD-NEVER");
        assert_eq!((&page.json()["passed"], &page.json()["percent"]), (&json!(false), &json!(0)));
    }
    assert_eq!(app.count("SELECT count(*) FROM attempt").await, 1);
    let passed = post_with_key(&hers, &leaf("quiz", "attempts"), "second", &answer(1)).await;
    assert_eq!(
        (&passed.is(201).json()["passed"], &passed.json()["credential"]),
        (&json!(true), &Value::Null)
    );
    hers.post(&leaf("quiz", "attempts"), &answer(1)).await.is(409);
    hers.get(&enrollment).await.is(200).lacks("TOLD-NEVER");

    // evidence: a link, a text, and a file larger than a form may be
    let link = json!({ "kind": "link", "title": "Film", "url": "https://film.example/1" });
    let added = hers.post(&leaf("work", "evidence"), &link).await.is(201).json();
    assert_eq!(added["evidence"]["kind"], "link");
    let text =
        hers.post(&leaf("work", "evidence"), &json!({ "kind": "text", "text": "So." })).await.is(201).json();
    let bad = hers.post(&leaf("work", "evidence"), &json!({ "kind": "link", "url": "film" })).await;
    assert_eq!(bad.is(422).json()["errors"][0]["field"], "url");
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.resize(6 << 20, b'x');
    let file = upload(&app, &amy, &leaf("work", "evidence"), "a.pdf", &pdf).await.is(201).json();
    assert_eq!(
        (&file["evidence"]["media_type"], &file["evidence"]["size"]),
        (&json!("application/pdf"), &json!(6 << 20))
    );
    upload(&app, &rob, &leaf("work", "evidence"), "a.pdf", b"%PDF-1.7\n").await.is(404);
    let submission = added["submission"].as_str().unwrap();
    let own = format!("/api/v1/submissions/{submission}");
    let removal = format!("{own}/evidence/{}/removal", text["evidence"]["id"].as_str().unwrap());
    stranger.post(&removal, &json!({})).await.is(404);
    hers.post(&removal, &json!({})).await.is(200);
    assert_eq!(hers.get(&own).await.is(200).json()["draft"].as_array().unwrap().len(), 2);

    // a draft is nobody else's
    let review = format!("/api/v1/reviews/{submission}");
    reviewer.get(&review).await.is(404);
    reviewer.get(&own).await.is(404);
    stranger.post(&format!("{own}/handing-in"), &json!({})).await.is(404);
    let with = json!({ "message": "Here.", "show_evidence": true });
    assert_eq!(hers.post(&format!("{own}/handing-in"), &with).await.is(200).json()["state"], "submitted");

    // the queue is the organisation's
    assert_eq!(reviewer.get("/api/v1/reviews").await.is(200).json()["items"][0]["learner"], "Amy");
    assert_eq!(stranger.get("/api/v1/reviews").await.is(200).json()["items"], json!([]));
    for path in [review.clone(), format!("{review}/evidence/{}", file["evidence"]["id"].as_str().unwrap())] {
        stranger.get(&path).await.is(404);
        hers.get(&path).await.is(404);
        reviewer.get(&path).await.is(200);
    }
    let desk = reviewer.get(&review).await.json();
    assert_eq!(
        (&desk["rubric"]["pass_points"], &desk["revisions"][0]["message"]),
        (&json!(1), &json!("Here."))
    );
    reviewer.post(&format!("{review}/opening"), &json!({})).await.is(200);

    // a decision counts once
    let decision = format!("{review}/decision");
    let low = json!({ "verdict": "accept", "scores": [{ "criterion": "c1", "points": 0 }] });
    reviewer.post(&decision, &low).await.is(409).has("pass mark");
    let yes =
        json!({ "verdict": "accept", "scores": [{ "criterion": "c1", "points": 1 }], "comment": "Good." });
    stranger.post(&decision, &yes).await.is(404);
    hers.post(&decision, &yes).await.is(404);
    let first = post_with_key(&reviewer, &decision, "d", &yes).await;
    let again = post_with_key(&reviewer, &decision, "d", &yes).await;
    assert_eq!(
        (again.is(200).text(), again.header("idempotency-replayed")),
        (first.is(200).text(), "true".into())
    );
    reviewer.post(&decision, &yes).await.is(409);
    assert_eq!(app.count("SELECT count(*) FROM credential").await, 1);

    // the badge
    let badge = first.json()["credential"]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/credentials/{badge}");
    app.api("").get(&path).await.is(404);
    let shown = hers.get(&path).await.is(200).json();
    assert_eq!((&shown["state"], &shown["achievement"]["key"]), (&json!("active"), &json!("north.hygiene")));
    assert_eq!(shown["valid_until"], "2027-11-22T12:00:00Z");
    assert!(shown["document"]["proof"].is_object() || shown["document"]["proof"].is_array());
    let answer = app.api("").post("/api/v1/verifications", &json!({ "credential": shown["document"] })).await;
    answer.is(200);
    assert_eq!(answer.json()["verdict"], "verified", "{answer}");
    let tree = hers.get(&enrollment).await.is(200).json();
    assert_eq!(
        (&tree["state"], &tree["requirement"]["met"], &tree["met"]),
        (&json!("awarded"), &json!(true), &json!(3))
    );
    let said = hers.get(&own).await.is(200).json();
    assert_eq!(said["revisions"][0]["reviews"][0]["comment"], "Good.");
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_awards_many_at_once_and_nobody_twice() {
    let app = TestApp::new().await;
    let (amy, ola) = (app.person("Amy").await, app.person("Ola").await);
    let north = issuer(&app, "north", &[(&ola, Role::Awarder)]).await;
    let south = issuer(&app, "south", &[]).await;
    publish(&app, north, "hygiene", &definition()).await;
    publish(&app, south, "theirs", &definition()).await;
    let owner = program(&app, &ola).await;
    let path = "/api/v1/organizations/north/awards";
    let body = json!({ "achievement": "north.hygiene", "recipients": [
        { "name": "Amy Example", "email": "AMY@people.example", "awarded_on": "2026-11-01" },
        { "name": "Ben", "email": "ben@people.example" }
    ] });
    let first = post_with_key(&owner, path, "one", &body).await;
    let items = first.is(201).json()["items"].clone();
    assert_eq!((items.as_array().unwrap().len(), &items[0]["is_new"]), (2, &json!(true)));
    assert_eq!(post_with_key(&owner, path, "one", &body).await.is(201).text(), first.text());

    // another key: the badges of the first time
    let again = post_with_key(&owner, path, "two", &body).await.is(200).json();
    assert_eq!(
        (&again["items"][0]["credential"], &again["items"][1]["is_new"]),
        (&items[0]["credential"], &json!(false))
    );
    assert_eq!(app.count("SELECT count(*) FROM credential").await, 2);
    assert_eq!(app.count("SELECT count(*) FROM award WHERE reason LIKE 'api:%'").await, 2);

    // the account with the verified address has hers; the other one can claim his
    let hers = program(&app, &amy).await.get("/api/v1/credentials").await.is(200).json();
    assert_eq!(
        (&hers["items"][0]["recipient_name"], &hers["items"][0]["valid_from"]),
        (&json!("Amy Example"), &json!("2026-11-01T00:00:00Z"))
    );
    assert_eq!(app.count("SELECT count(*) FROM credential WHERE person IS NULL").await, 1);
    assert_eq!(
        app.mails_to("amy@people.example").await.len() + app.mails_to("AMY@people.example").await.len(),
        1
    );
    assert_eq!(app.mails_to("ben@people.example").await.len(), 1);

    // another organisation's micro-credential is not this one's to award
    let mut theirs = body.clone();
    theirs["achievement"] = json!("south.theirs");
    let refused = post_with_key(&owner, path, "three", &theirs).await;
    assert_eq!(refused.is(422).json()["errors"][0]["field"], "achievement");
    let found = owner.get("/api/v1/organizations/north/credentials?achievement=north.hygiene&q=ben").await;
    assert_eq!(found.is(200).json()["items"].as_array().unwrap().len(), 1);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_are_awarded_in_one_call() {
    let app = TestApp::new().await;
    let ola = app.person("Ola").await;
    let north = issuer(&app, "north", &[(&ola, Role::Owner)]).await;
    publish(&app, north, "hygiene", &definition()).await;
    let recipients: Vec<Value> = (0..1000)
        .map(|n| json!({ "name": format!("P {n}"), "email": format!("p{n}@people.example") }))
        .collect();
    let body = json!({ "achievement": "north.hygiene", "recipients": recipients });
    let path = "/api/v1/organizations/north/awards";
    let owner = program(&app, &ola).await;
    let calls = [post_with_key(&owner, path, "a", &body), post_with_key(&owner, path, "b", &body)];
    for page in futures_util::future::join_all(calls).await {
        assert!(page.status.is_success(), "{page}");
        assert_eq!(page.json()["items"].as_array().unwrap().len(), 1000);
    }
    assert_eq!(app.count("SELECT count(*) FROM credential").await, 1000);
    app.leave_jobs();
}
