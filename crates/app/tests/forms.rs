//! A refused form comes back as it was sent, with a sentence beside each field and all of them on top, in the reader's
//! language.

use crate::chain::World;
use crate::harness::{Role, TestApp};
use crate::invariants::files;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_s_form_keeps_what_was_typed_and_chosen() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let fields =
        [("token_name", "see https://evil.example"), ("scope", "credentials:read"), ("token_days", "180")];
    let page = amy.post("/account/tokens", &fields).await;
    page.is(422).has("see https://evil.example").has("no web or mail address").has("error-summary");
    let sent = page.form("/account/tokens");
    for (name, value) in fields {
        assert!(sent.iter().any(|(n, v)| n == name && v == value), "{name} was lost: {sent:?}");
    }
    assert_eq!(sent.iter().filter(|(n, _)| n == "scope").count(), 1, "nothing else is chosen: {sent:?}");
    // several faults at once, each beside its field
    let page = amy.post("/account/tokens", &[("token_name", ""), ("token_days", "9999")]).await;
    page.is(422).has("#token_name").has("#scope").has("#token_days");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_action_refuses_stands_on_the_form_in_the_reader_s_language() {
    let app = TestApp::new().await;
    let oskar = app.person("Oskar").await;
    app.organization("north", &[(&oskar, Role::Owner)]).await;
    oskar.post("/account/profile", &[("name", "Oskar"), ("language", "de")]).await.is(303);
    let path = "/organizations/north/invitations";
    let page = oskar.post(path, &[("email", "nobody"), ("role", "reviewer")]).await;
    page.is(422).has("nobody").has("Das ist keine E-Mail-Adresse");
    let page = oskar.post(path, &[("email", "bo@people.example"), ("role", "king")]).await;
    page.is(422).has("bo@people.example").has("Wählen Sie eine Rolle");
    // a rule about the whole form, too
    app.execute("UPDATE organization SET standing = 'suspended'").await;
    let page = oskar.post(path, &[("email", "bo@people.example"), ("role", "reviewer")]).await;
    page.is(409).has("bo@people.example").has("Eine gesperrte Organisation kann niemanden einladen");
    let page = oskar.get("/organizations/new").await;
    page.is(200).has("Österreich").has("Deutschland");
    let founding = [("name", "South"), ("slug", "north"), ("kind", "university"), ("country", "DE")];
    let page = oskar.post("/organizations", &founding).await;
    page.is(422).has("South");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_is_refused_keeps_what_was_typed_and_what_was_right() {
    let w = World::new().await;
    let project = format!("{}/requirements/project", w.enroll(&w.learner).await);
    let path = format!("{project}/evidence");
    let typed = [
        ("url", "northfjord plan"),
        ("link_title", "My plan"),
        ("text_title", "How it went"),
        ("body", "Well."),
    ];
    let good = ("files", "plan.txt", &b"Walk north."[..]);
    let page = w.learner.upload(&path, &typed, &[good]).await;
    page.is(422).has("Write the whole address").has("error-summary").has("#url");
    assert_eq!((page.value("url"), page.value("link_title")), (typed[0].1.into(), typed[1].1.into()));
    // the file and the text are there, so that they need not be sent again
    assert_eq!(page.value("body"), "");
    page.has("plan.txt").has("How it went");
    assert_eq!(w.app.count("SELECT count(*) FROM evidence").await, 2);
    let page =
        w.learner.upload(&path, &[], &[good, ("files", "run.png", b"\x7fELF\x02\x01\x01\0\0\0\0\0")]).await;
    page.is(409).has("#files").has("of a kind that is not accepted").has("Plan a walk");
    assert_eq!(w.app.count("SELECT count(*) FROM evidence").await, 3, "the file before it is kept");
    w.learner
        .upload(&path, &[("body", ""), ("text_title", "Notes")], &[])
        .await
        .is(422)
        .has("Notes")
        .has("#body");
    w.learner.set_cookie("cairn_language", "de");
    let page = w.learner.upload(&path, &[("url", "nirgends")], &[]).await;
    page.is(422).has("nirgends").has("Bitte sehen Sie");
    // a link to this page, such as the language's, leads to the page with the form
    assert_eq!(page.value("back"), project);
    w.app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handing_in_and_appealing_keep_what_was_typed() {
    let w = World::new().await;
    let project = format!("{}/requirements/project", w.hand_in(&w.learner).await);
    let page = w.learner.get("/desk").await;
    page.is(200);
    let review = w.waiting().await;
    let decline = [("points-plan", "0"), ("comment", "No plan at all"), ("verdict", "decline")];
    w.reviewer.post(&format!("{review}/decision"), &decline).await.is(303);
    let page = w.learner.get(&project).await;
    let submission = crate::chain::between(&page, "/submissions/", "/appeal");
    let page = w.learner.post(&format!("/submissions/{submission}/appeal"), &[("reason", " ")]).await;
    assert!(page.status.is_client_error());
    page.has("Say why you appeal").has("Plan a walk").has("/appeal\"");
    // it is not open, so that nothing can be handed in; the page says so and is the page
    let late = [("message", "Once more")];
    let page = w.learner.post(&format!("/submissions/{submission}/handing-in"), &late).await;
    page.is(409).has("error-summary").has("Plan a walk");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_without_a_reason_come_back_on_their_page() {
    let w = World::new().await;
    let olga = w.app.operator("Olga").await;
    let path = "/operator/organizations/northfjord/decision";
    let page =
        olga.post(path, &[("decision", "suspend"), ("reason", ""), ("name", "northfjord University")]).await;
    page.is(409).has("error-summary").has("Suspend");
    let kept = [("decision", "think"), ("reason", "Because"), ("name", "northfjord University")];
    let page = olga.post(path, &kept).await;
    assert_eq!(page.is(422).value("reason"), "Because");
    let changed = [("decision", "suspend"), ("reason", "Because"), ("name", "Another")];
    let page = olga.post(path, &changed).await;
    assert_eq!(page.is(409).value("reason"), "Because");
    page.has("has changed its name");
    let badge = w.badge(&w.learner).await;
    let page = w.owner.post(&format!("{badge}/status"), &[("change", "revoke"), ("reason", " ")]).await;
    page.is(409).has("Give a reason").has("#reason").has("Walking with a plan");
    let page = w.owner.post(&format!("{badge}/status"), &[("change", "think"), ("reason", "Why")]).await;
    assert_eq!(page.is(422).value("reason"), "Why");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_after_a_new_key_makes_no_second_one() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let fields = [("token_name", "script"), ("scope", "credentials:read")];
    let answer = amy.post("/account/tokens", &fields).await;
    answer.leads_to("/account");
    assert!(!answer.header("set-cookie").contains("cairn_0"), "the key is sealed on its way");
    let sealed = amy.cookie("cairn_once").unwrap();
    amy.get("/account").await.is(200).has("Your new key").has("cairn_");
    amy.get("/account").await.is(200).lacks("Your new key");
    assert_eq!(app.count("SELECT count(*) FROM api_token").await, 1);
    // what was sealed for her opens for nobody else
    let eve = app.person("Eve").await;
    eve.set_cookie("cairn_once", &sealed);
    eve.get("/account").await.is(200).lacks("Your new key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_account_page_offers_the_saved_language_and_says_where_to_prove_who_one_is() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    amy.set_cookie("cairn_language", "de");
    let page = amy.get("/account").await;
    assert_eq!(page.is(200).value("language"), "en", "the saved one, read in German");
    page.has("Ihr Konto");
    app.pass(jiff::SignedDuration::from_hours(1));
    let page = amy.get("/account/deletion").await;
    page.is(200).has("/account#proof").lacks("name=\"email\"");
    let page = amy.post("/account/deletion", &[("email", "amy@people.example")]).await;
    page.is(409).has("/account#proof");
}

/// Only a button knows what it would send: a question on a form would be asked, and its answer forgotten.
#[test]
fn what_is_grave_is_asked_again_and_by_its_button() {
    let mut dangers = 0;
    for file in files(&["crates/app/src/web"], &["html"]) {
        for (at, _) in file.text.match_indices("data-confirm") {
            let tag = file.text[..at].rfind('<').map_or("", |start| &file.text[start..at]);
            assert!(tag.starts_with("<button"), "{}: data-confirm stands on {tag}", file.path);
        }
        for (at, _) in file.text.match_indices("class=\"button danger") {
            dangers += 1;
            let tag = file.text[at..].split("</button>").next().unwrap_or("");
            assert!(tag.contains("data-confirm"), "{}: {tag}", file.path);
        }
    }
    assert!(dangers > 5, "only {dangers} were found");
}
