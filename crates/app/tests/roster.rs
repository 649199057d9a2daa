//! Rosters through HTTP, up to the start of the award. What needs a published
//! definition and real signatures is in `roster_story.rs`.

use crate::harness::{Browser, Role, TestApp};
use axum::body::Body;
use axum::http::{Method, Request, header};
use cairn_value::id::{AchievementId, OrganizationId, VersionId};
use serde_json::json;
use tower::ServiceExt as _;

const ROSTERS: &str = "/organizations/north/rosters";
const LIST: &[u8] =
    b"\xef\xbb\xbfCourse;Name;E-Mail;Datum\r\n1;Bo Berg;bo@people.example;01.11.2026\r\n2;Cy;cy@people;\r\n\
      3;\"Di\r\nDal\";di@people.example;\r\n4;Bo Berg;BO@people.example;\r\n;;;\r\n5;;ed@people.example;31.02.2026\r\n";

/// A published achievement behind the app's back: what the roster's pages need of it.
async fn published(app: &TestApp, organization: OrganizationId, slug: &str) -> VersionId {
    let (id, version) = (AchievementId(cairn_platform::id::fresh()), VersionId(cairn_platform::id::fresh()));
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO achievement (organization, id, slug, published_version, created_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(organization.to_string())
    .bind(id.to_string())
    .bind(slug)
    .bind(version.to_string())
    .bind(app.clock.now().as_millisecond())
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    version
}

async fn north(app: &TestApp) -> (Browser, OrganizationId) {
    let amy = app.person("Amy").await;
    let organization = app.organization("north", &[(&amy, Role::Awarder)]).await;
    let mut tx = app.db.begin().await.unwrap();
    cairn_actions::credential::key::rotate(&mut tx, app, organization, "system").await.unwrap();
    tx.commit().await.unwrap();
    (amy, organization)
}

async fn upload(amy: &Browser, file: &[u8]) -> String {
    let page = amy.upload(ROSTERS, &[("achievement", "first-aid")], &[("file", "list.csv", file)]).await;
    page.is(303).location()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_awarder_sees_what_was_understood_before_anything_is_awarded() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    amy.get(ROSTERS).await.is(200).has("There is nothing to award yet");
    published(&app, organization, "first-aid").await;
    amy.get(ROSTERS).await.is(200).has("Upload and look");
    let roster = upload(&amy, LIST).await;
    let page = amy.get(&roster).await;
    page.is(200).has("list.csv").has("Award 2 badges").lacks("Windows-1252");
    page.has("2 Bo Berg bo@people.example 1 November 2026")
        .has("4 Di Dal di@people.example day of the award");
    page.has("3 Email “cy@people” is not an e-mail address. Write it like name@example.org.");
    page.has("5 Email Row 2 has the same address, and counts.");
    page.has("7 Name There is no name.").has("7 Date “31.02.2026” is not a date.");
    amy.get(ROSTERS).await.has("list.csv").has("Not awarded yet").has("5");
    assert_eq!(app.count("SELECT count(*) FROM award").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'roster.uploaded'").await, 1);
    amy.set_cookie("cairn_language", "de");
    amy.get(&roster).await.has("2 Badges verleihen").has("„cy@people“ ist keine E-Mail-Adresse.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_rows_come_back_as_a_file_to_correct() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let roster = upload(&amy, LIST).await;
    let file = amy.get(&format!("{roster}/problems.csv")).await;
    assert_eq!(file.is(200).header("content-type"), "text/csv; charset=utf-8");
    let text = file.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!(lines[0], "\u{feff}Course;Name;E-Mail;Datum;Problem");
    assert!(lines[1].starts_with("2;Cy;cy@people;;“cy@people” is not an e-mail address."), "{text}");
    let corrected = text
        .replace("cy@people;", "cy@people.example;")
        .replace(";;ed@", ";Ed;ed@")
        .replace("31.02.2026;", ";");
    let again = upload(&amy, corrected.as_bytes()).await;
    amy.get(&again).await.has("Award 3 badges").lacks("What to do");
    amy.get(&format!("{again}/problems.csv")).await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_roster_is_refused_with_what_to_do() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let send = async |achievement: &str, file: &[u8], words: &str| {
        let page = amy.upload(ROSTERS, &[("achievement", achievement)], &[("file", "list.csv", file)]).await;
        page.is(422).has(words);
        assert_eq!(page.value("achievement"), if achievement == "first-aid" { achievement } else { "" });
    };
    send("first-aid", b"", "This file is empty.").await;
    send("first-aid", b"PK\x03\x04\x14\0\x06\0", "This is not a CSV file.").await;
    send("first-aid", b"\xff\xfen\0a\0", "UTF-16").await;
    send(
        "first-aid",
        b"name;phone\nBo;1\n",
        "There is no column “Email”. The first row must name the columns; it says: name, phone",
    )
    .await;
    send("first-aid", b"name,email\n", "there is nobody").await;
    send("first-aid", b"name,email\nBo,\"bo@x.org\n", "Row 2 does not end").await;
    send("elsewhere", b"name,email\nBo,bo@x.org\n", "Choose one of your published micro-credentials.").await;
    let page = amy.upload(ROSTERS, &[("achievement", "first-aid")], &[]).await;
    page.is(422).has("Choose a file.");
    let big = [b"name,email\n".as_slice(), &vec![b'x'; 30 * 1024 * 1024]].concat();
    send("first-aid", &big, "This file is larger than 30 MB.").await;
    let late = format!("name,email\n{}\"", "B,b@x.org\n".repeat(2500));
    send("first-aid", late.as_bytes(), "Row 2502 does not end").await;
    assert_eq!(app.count("SELECT count(*) FROM roster").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM roster_row").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windows_1252_is_read_and_said() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let roster = upload(&amy, b"Name;E-Mail\r\nJ\xf6rg;joerg@people.example\r\n").await;
    amy.get(&roster).await.has("Jörg").has("This file is not written in UTF-8");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_the_badge_from_an_earlier_roster_is_skipped() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    let version = published(&app, organization, "first-aid").await;
    let mut tx = app.db.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO award (organization, id, achievement, achievement_version, address_key, reason, awarded_at, awarded_by) \
         VALUES ($1, 'award', 'a', $2, 'bo@people.example', $3, 0, 'x')",
    )
    .bind(organization.to_string())
    .bind(version.to_string())
    .bind(format!("roster:{version}:bo@people.example"))
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let roster = upload(&amy, LIST).await;
    let page = amy.get(&roster).await;
    page.has("Award 1 badge").has("1 person has this badge already and will be skipped");
    let roster = upload(&amy, b"name,email\nBo,Bo@people.example\n").await;
    amy.get(&roster).await.has("Everybody here has this badge already").lacks("Award 0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_award_is_started_once_and_shows_its_progress() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let roster = upload(&amy, LIST).await;
    amy.post(&format!("{roster}/start"), &[]).await.leads_to(&roster);
    amy.post(&format!("{roster}/start"), &[]).await.leads_to(&roster);
    assert_eq!(app.count("SELECT count(*) FROM job WHERE kind = 'award_roster'").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'roster.started'").await, 1);
    amy.get(&roster)
        .await
        .has("The badges are being awarded")
        .has("0 / 2")
        .has(&format!("{roster}/progress"));
    let progress = amy.get(&format!("{roster}/progress")).await;
    assert_eq!(progress.json(), json!({ "done": 0, "total": 2, "state": "running" }));
    amy.post(&format!("{roster}/removal"), &[]).await.is(409).has("kept as a record");
    app.execute("UPDATE job SET state = 'dead'").await;
    assert_eq!(amy.get(&format!("{roster}/progress")).await.json()["state"], "failed");
    amy.get(&roster).await.has("The award has stopped");
    amy.post(&format!("{roster}/start"), &[]).await.leads_to(&roster);
    assert_eq!(
        app.count("SELECT count(*) FROM job WHERE kind = 'award_roster' AND state = 'queued'").await,
        1
    );
    app.execute("UPDATE signing_key SET ended_at = 1").await;
    let keyless = upload(&amy, LIST).await;
    amy.post(&format!("{keyless}/start"), &[]).await.is(409).has("has no signing key");
    let nothing = upload(&amy, b"name,email\n,bo@people.example\n").await;
    amy.get(&nothing).await.has("No row can be awarded");
    amy.post(&format!("{nothing}/start"), &[]).await.is(409);
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_earlier_list_is_used_again_for_another_badge() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    published(&app, organization, "second-aid").await;
    let roster = upload(&amy, LIST).await;
    amy.get(&roster).await.has("Award the same people another micro-credential");
    let page = amy.post(&format!("{roster}/copy"), &[("achievement", "second-aid")]).await;
    let copy = page.is(303).location();
    assert_ne!(copy, roster);
    amy.get(&copy)
        .await
        .has("second-aid")
        .has("Award 2 badges")
        .has("2 Bo Berg bo@people.example day of the award");
    amy.post(&format!("{copy}/removal"), &[]).await.leads_to(ROSTERS);
    amy.get(&copy).await.is(404);
    amy.get(&roster).await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_organisations_rosters_are_not_there() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let (zoe, dan) = (app.person("Zoe").await, app.person("Dan").await);
    app.organization("south", &[(&zoe, Role::Owner)]).await;
    app.join(organization, &dan, Role::Designer).await;
    let roster = upload(&amy, LIST).await;
    let id = roster.rsplit('/').next().unwrap();
    let under = |start: &str| -> Vec<(Method, String)> {
        let gets = ["", "/progress", "/problems.csv"].map(|end| (Method::GET, format!("{start}/{id}{end}")));
        let posts = ["start", "copy", "removal"].map(|end| (Method::POST, format!("{start}/{id}/{end}")));
        gets.into_iter().chain(posts).collect()
    };
    zoe.finds_nothing(&under("/organizations/north/rosters")).await;
    dan.finds_nothing(&under("/organizations/north/rosters")).await;
    let south: Vec<_> =
        under("/organizations/south/rosters").into_iter().filter(|(_, p)| !p.ends_with("copy")).collect();
    zoe.finds_nothing(&south).await;
    zoe.post(&format!("/organizations/south/rosters/{id}/copy"), &[("achievement", "first-aid")])
        .await
        .is(422);
    let token = app.token(&zoe, &["credentials:issue"]).await;
    for start in ["/api/v1/organizations/north/rosters", "/api/v1/organizations/south/rosters"] {
        app.api(&token).get(&format!("{start}/{id}")).await.is(404);
        app.api(&token).post(&format!("{start}/{id}/start"), &json!({})).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_uploads_looks_and_starts() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let token = app.token(&amy, &["credentials:issue"]).await;
    let send = async |path: &str, body: Vec<u8>| {
        let request = Request::post(path)
            .header("host", "cairn.test")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "text/csv")
            .body(Body::from(body))
            .unwrap();
        let response = cairn::router((*app).clone()).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice::<serde_json::Value>(&bytes).unwrap())
    };
    let path = "/api/v1/organizations/north/rosters?achievement=first-aid";
    let (status, roster) = send(path, LIST.to_vec()).await;
    assert_eq!((status, roster["state"].as_str(), roster["good"].as_i64()), (201, Some("ready"), Some(2)));
    assert_eq!(roster["problems"][0]["row"], 3);
    assert_eq!(roster["problems"][0]["code"], "email-wrong");
    let (status, problem) = send(path, b"name\nBo\n".to_vec()).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("file")));
    let (status, problem) = send("/api/v1/organizations/north/rosters", LIST.to_vec()).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("achievement")));
    let path = format!("/api/v1/organizations/north/rosters/{}", roster["id"].as_str().unwrap());
    app.api(&token).get(&path).await.is(200);
    let started = app.api(&token).post(&format!("{path}/start"), &json!({})).await;
    assert_eq!(started.is(202).json()["state"], "running");
    app.leave_jobs();
}

/// Five megabytes: more than any other form may have, and many parts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_is_taken() {
    let app = TestApp::new().await;
    let (amy, organization) = north(&app).await;
    published(&app, organization, "first-aid").await;
    let course = "An introduction to first aid at work, ".repeat(4);
    let rows = (0..25_000).map(|n| format!("\"{course}\",Person {n},person.number.{n}@people.example\n"));
    let file = format!("course,name,email\n{}", rows.collect::<String>());
    assert!(file.len() > 4_500_000);
    let roster = upload(&amy, file.as_bytes()).await;
    amy.get(&roster).await.has("Award 25,000 badges");
}
