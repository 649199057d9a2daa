//! What an organisation tells its learners: who finds it, when, by letter for those who want it, and the way out.

use crate::chain::{World, between};
use crate::harness::{Browser, Page, Role};
use cairn_actions::account::SCOPES;
use serde_json::json;

const PATH: &str = "/organizations/northfjord/announcements";
const API: &str = "/api/v1/organizations/northfjord/announcements";

async fn tell(w: &World, fields: &[(&str, &str)]) -> Page {
    let mut all =
        vec![("title", "New dates"), ("text", "In *May*, see <b>below</b>."), ("audience", "everyone")];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    w.owner.post(PATH, &all).await
}

async fn has_news(reader: &Browser, title: &str) -> bool {
    let (page, desk) = (reader.get("/announcements").await, reader.get("/desk").await);
    page.is(200);
    assert_eq!(page.contains(title), desk.contains(title), "the desk and the page agree: {desk}");
    page.contains(title)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcement_is_found_by_those_it_is_for_until_they_have_read_it() {
    let w = World::new().await;
    w.enroll(&w.learner).await;
    let stranger = w.app.person("Ben").await;
    tell(&w, &[]).await.leads_to(PATH);
    w.owner.get(PATH).await.has("New dates").has("Learners and holders of badges");
    assert!(has_news(&w.learner, "New dates").await);
    assert!(!has_news(&stranger, "New dates").await);
    let page = w.learner.get("/announcements").await;
    assert!(page.text().contains("<em>May</em>") && !page.text().contains("<b>below"), "{}", page.text());
    // those who hold a badge, and nobody else
    tell(&w, &[("title", "For holders"), ("audience", "holders")]).await.leads_to(PATH);
    assert!(!has_news(&w.learner, "For holders").await);
    // of another micro-credential than there is
    tell(&w, &[("achievement", "running")])
        .await
        .is(422)
        .has("Choose one of your published micro-credentials");
    tell(&w, &[("title", "Of walking"), ("achievement", "walking")]).await.leads_to(PATH);
    assert!(has_news(&w.learner, "Of walking").await);
    w.learner.post("/announcements/read", &[]).await.leads_to("/announcements");
    w.learner.get("/desk").await.lacks("Of walking");
    w.learner.get("/announcements").await.has("Of walking").lacks("Mark all as read");
    w.owner.get("/organizations/northfjord/audit").await.has("announced something");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announcement_waits_for_its_hour_ends_after_ninety_days_and_can_be_withdrawn() {
    let w = World::new().await;
    w.enroll(&w.learner).await;
    w.learner
        .post("/announcements/letters", &[("organization", "northfjord"), ("letters", "yes")])
        .await
        .is(303);
    tell(&w, &[("at", "2026-11-24T08:00")]).await.leads_to(PATH);
    w.app.run_jobs().await;
    w.owner.get(PATH).await.has("Not seen yet");
    assert!(!has_news(&w.learner, "New dates").await);
    w.app.set_clock("2026-11-24T08:00:01Z");
    w.app.run_jobs().await;
    assert!(has_news(&w.learner, "New dates").await);
    assert_eq!(
        w.app.mails_to(w.learner.email()).await.iter().filter(|l| l.subject.contains("New dates")).count(),
        1
    );
    // her session has ended by then
    w.app.set_clock("2027-02-23T08:00:00Z");
    let mut conn = w.app.db.read().await.unwrap();
    let later = cairn_actions::announcement::news(&mut conn, &w.app, w.learner.person()).await.unwrap();
    assert_eq!(later.len(), 0);
    drop(conn);
    // withdrawn before its hour: neither found nor written
    w.app.set_clock("2026-11-25T08:00:00Z");
    tell(&w, &[("title", "Too soon"), ("at", "2026-11-26T08:00")]).await.leads_to(PATH);
    let id = between(&w.owner.get(PATH).await, &format!("{PATH}/"), "/withdrawal");
    w.owner.post(&format!("{PATH}/{id}/withdrawal"), &[]).await.leads_to(PATH);
    w.owner.post(&format!("{PATH}/{id}/withdrawal"), &[]).await.is(409).has("was withdrawn already");
    w.app.set_clock("2026-11-26T09:00:00Z");
    w.app.run_jobs().await;
    assert!(!has_news(&w.learner, "Too soon").await);
    assert!(w.app.mails_to(w.learner.email()).await.iter().all(|l| !l.subject.contains("Too soon")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_go_to_those_who_want_them_and_end_with_one_click() {
    let w = World::new().await;
    w.enroll(&w.learner).await;
    let other = w.app.person("Ben").await;
    w.enroll(&other).await;
    // who is nobody there can want nothing
    let wish = [("organization", "northfjord"), ("letters", "yes")];
    w.app.person("Cy").await.post("/announcements/letters", &wish).await.is(404);
    w.learner.get("/announcements").await.has("does not write to you");
    w.learner.post("/announcements/letters", &wish).await.leads_to("/announcements");
    tell(&w, &[("text", "One.\n\nYour account ends.")]).await.leads_to(PATH);
    w.app.run_jobs().await;
    assert!(w.app.mails_to(other.email()).await.iter().all(|l| !l.subject.contains("New dates")));
    let letters = w.app.mails_to(w.learner.email()).await;
    let letter = letters.iter().find(|l| l.subject == "northfjord University: New dates").expect("a letter");
    assert!(
        letter.plain.contains("> One.") && letter.plain.contains("\n> Your account ends."),
        "{}",
        letter.plain
    );
    let way = letter.plain.split_whitespace().find(|word| word.contains("/announcements/letters/")).unwrap();
    assert!(letter.html.contains(way), "{}", letter.html);
    let way = &way[way.find("/announcements").unwrap()..];
    // looking ends nothing; programs that look through letters open links
    w.app.visitor().get(way).await.is(200).has("northfjord University sends you").has("Stop them");
    w.learner.get("/announcements").await.has("northfjord University writes to you");
    let token = way.rsplit('/').next().unwrap();
    // RFC 8058: no cookie, no token of ours, the body that it says
    let one_click = format!("/api/v1/announcements/letters/{token}");
    let body = Some(("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click".to_vec()));
    w.app.visitor().send(axum::http::Method::POST, &one_click, body.clone()).await.is(204);
    w.learner.get("/announcements").await.has("does not write to you");
    // another's letters cannot be ended with it, and nothing that we did not make ends any
    let forged = one_click.replace(&w.learner.person().to_string(), &other.person().to_string());
    w.app.visitor().send(axum::http::Method::POST, &forged, body).await.is(404);
    w.app.visitor().get("/announcements/letters/nonsense").await.is(404);
    // the page's button, too
    w.learner.post("/announcements/letters", &wish).await.is(303);
    w.app.visitor().post(way, &[]).await.is(200).has("sends you no more announcements");
    tell(&w, &[("title", "Later")]).await.leads_to(PATH);
    w.app.run_jobs().await;
    assert!(w.app.mails_to(w.learner.email()).await.iter().all(|l| !l.subject.contains("Later")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_announce_does_and_a_refused_form_comes_back() {
    let w = World::new().await;
    for (name, role, status) in
        [("Dora", Role::Designer, 200), ("Mia", Role::Manager, 200), ("Al", Role::Analyst, 404)]
    {
        let somebody = w.app.person(name).await;
        w.app.join(w.organization, &somebody, role).await;
        somebody.get(PATH).await.is(status);
    }
    w.reviewer.get(PATH).await.is(404);
    w.learner.post(PATH, &[("title", "x")]).await.is(404);
    let page = tell(&w, &[("title", "see www.example.org"), ("text", ""), ("at", "2020-01-01T00:00")]).await;
    page.is(422)
        .has("A name has no web or mail address in it")
        .has("Write what you want to tell")
        .has("has not passed");
    assert_eq!(page.value("title"), "see www.example.org");
    tell(&w, &[("audience", "cats")]).await.is(422).has("Choose who is told");
    for n in 0..10 {
        tell(&w, &[("title", &format!("Number {n}"))]).await.leads_to(PATH);
    }
    tell(&w, &[]).await.is(409).has("You have announced 10 things within a day");
    w.app.pass_days(1);
    tell(&w, &[]).await.leads_to(PATH);
    // what is older stands on the next page
    w.app
        .execute(
            "INSERT INTO announcement SELECT a.organization, a.id || 'x' || n.id, a.achievement, a.audience, a.title, \
             a.body, a.appears_at, a.created_by, a.created_at, a.withdrawn_at FROM announcement a \
             CROSS JOIN (SELECT id FROM announcement) n",
        )
        .await;
    let page = w.owner.get(PATH).await;
    let next = format!("{PATH}?after={}", between(&page, "announcements?after=", "\""));
    assert_ne!(w.owner.get(&next).await.is(200).words(), page.words());
    // an organisation that was stopped tells nobody anything
    w.enroll(&w.learner).await;
    w.app.execute("UPDATE organization SET standing = 'suspended'").await;
    tell(&w, &[("title", "All the same")]).await.is(409).has("has suspended the organisation");
    assert!(!has_news(&w.learner, "New dates").await);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_announce_and_read() {
    let w = World::new().await;
    w.enroll(&w.learner).await;
    let owner = w.app.api(&w.app.token(&w.owner, SCOPES).await);
    let learner = w.app.api(&w.app.token(&w.learner, SCOPES).await);
    let wish =
        json!({ "title": "By program", "text": "Hello", "audience": "learners", "achievement": "walking" });
    learner.post(API, &wish).await.is(404);
    let made = owner.post(API, &wish).await.is(201).json();
    let bad = owner.post(API, &json!({ "title": "", "text": "x" })).await.is(422).json();
    assert_eq!(
        (&bad["errors"][0]["field"], &bad["errors"][0]["code"]),
        (&json!("title"), &json!("name-empty"))
    );
    owner.post(API, &json!({ "title": "More", "text": "x" })).await.is(201);
    let first = owner.get(&format!("{API}?limit=1")).await.is(200).json();
    assert_eq!(
        (&first["items"][0]["title"], &first["items"][0]["achievement"]),
        (&json!("More"), &json!(null))
    );
    let next = first["next"].as_str().unwrap();
    let second = owner.get(&next[next.find("/api/").unwrap()..]).await.json();
    assert_eq!((&second["items"][0]["achievement"], &second["next"]), (&json!("walking"), &json!(null)));
    let news = learner.get("/api/v1/announcements").await.is(200).json();
    assert_eq!(news["items"].as_array().unwrap().len(), 2, "{news}");
    assert_eq!(news["items"][1]["organization"], "northfjord");
    let id = made["id"].as_str().unwrap();
    owner.post(&format!("{API}/{id}/withdrawal"), &json!({})).await.is(200);
    let again = owner.post(&format!("{API}/{id}/withdrawal"), &json!({})).await.is(409).json();
    assert_eq!(again["reason"], "announcement-withdrawn");
    assert_eq!(learner.get("/api/v1/announcements").await.json()["items"].as_array().unwrap().len(), 1);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_nobody_has_confirmed_is_read_with_a_caution_and_writes_no_letters() {
    let w = World::with(|config| config.organizations = cairn_value::policy::Policy::Open).await;
    w.enroll(&w.learner).await;
    w.learner
        .post("/announcements/letters", &[("organization", "northfjord"), ("letters", "yes")])
        .await
        .is(303);
    w.app.execute("UPDATE organization SET standing = 'unconfirmed'").await;
    tell(&w, &[]).await.leads_to(PATH);
    w.app.run_jobs().await;
    assert!(has_news(&w.learner, "New dates").await);
    w.learner.get("/announcements").await.has("Nobody has confirmed who this organisation is");
    let learner = w.app.api(&w.app.token(&w.learner, SCOPES).await);
    assert_eq!(learner.get("/api/v1/announcements").await.json()["items"][0]["caution"], "unconfirmed");
    assert!(w.app.mails_to(w.learner.email()).await.iter().all(|l| !l.subject.contains("New dates")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_reader_chose_goes_with_her() {
    let w = World::new().await;
    w.enroll(&w.learner).await;
    w.learner
        .post("/announcements/letters", &[("organization", "northfjord"), ("letters", "yes")])
        .await
        .is(303);
    w.learner.post("/announcements/read", &[]).await.is(303);
    assert_eq!(w.app.count("SELECT count(*) FROM announcement_reader").await, 1);
    let actor = w.learner.actor().await;
    tell(&w, &[]).await.leads_to(PATH);
    w.app.run_jobs().await;
    let letter = w
        .app
        .mails_to(w.learner.email())
        .await
        .into_iter()
        .find(|l| l.subject.contains("New dates"))
        .unwrap();
    let way = letter.plain.split_whitespace().find(|word| word.contains("/announcements/letters/")).unwrap();
    let way = way[way.find("/announcements").unwrap()..].to_owned();
    cairn_actions::erasure::erase(&w.app, &actor).await.unwrap();
    assert_eq!(w.app.count("SELECT count(*) FROM announcement_reader").await, 0);
    // a letter that is still somewhere brings nothing back
    w.app.visitor().post(&way, &[]).await;
    assert_eq!(w.app.count("SELECT count(*) FROM announcement_reader").await, 0);
}
