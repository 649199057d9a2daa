//! Accounts: signing up and in, addresses, export, deletion.

use crate::chain::{World, between};
use crate::harness::{Browser, Role, TestApp};
use std::io::Read as _;

/// The path behind a letter's link.
fn link(app: &TestApp, letter: &cairn_platform::mail::LetterView) -> String {
    let line =
        letter.plain.lines().find(|l| l.starts_with(&app.config.base_url)).expect("the letter has a link");
    line.trim_start_matches(&app.config.base_url).to_owned()
}

async fn newest_link(app: &TestApp, address: &str) -> String {
    app.run_jobs().await;
    link(app, app.mails_to(address).await.first().expect("a letter"))
}

const PASSWORD: &str = "seven quiet stones";

async fn sign_up(app: &TestApp, name: &str, address: &str) -> Browser {
    let browser = app.visitor();
    browser
        .post("/sign-up", &[("name", name), ("email", address)])
        .await
        .is(200)
        .has("Look into your mailbox");
    let link = newest_link(app, address).await;
    // looking at the link uses nothing up
    browser.get(&link).await.is(200);
    browser.get(&link).await.is(200);
    browser.post(&link, &[("password", "short")]).await.is(422).has("at least 12");
    browser.post(&link, &[("password", PASSWORD)]).await.leads_to("/desk");
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_signs_up_and_in_and_out() {
    let app = TestApp::new().await;
    let amy = sign_up(&app, "Amy Stone", "amy@people.example").await;
    amy.get("/account").await.is(200).has("Amy Stone").has("amy@people.example");
    amy.post("/sign-out", &[]).await.is(303);
    amy.get("/account").await.leads_to("/sign-in?next=%2Faccount");
    let wrong = [("email", "amy@people.example"), ("password", "seven loud stones")];
    amy.post("/sign-in", &wrong).await.is(422).has("do not fit together");
    let right = [("email", "AMY@people.example"), ("password", PASSWORD), ("next", "/account")];
    amy.post("/sign-in", &right).await.leads_to("/account");
    let evil = [("email", "amy@people.example"), ("password", PASSWORD), ("next", "//evil.example")];
    app.visitor().post("/sign-in", &evil).await.leads_to("/");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_who_has_an_account() {
    let app = TestApp::new().await;
    sign_up(&app, "Amy Stone", "amy@people.example").await;
    let visitor = app.visitor();
    for address in ["amy@people.example", "nobody@people.example"] {
        visitor.post("/sign-in/link", &[("email", address)]).await.is(200).has("Look into your mailbox");
        visitor
            .post("/sign-up", &[("name", "Eve"), ("email", address)])
            .await
            .is(200)
            .has("Look into your mailbox");
        let fields = [("email", address), ("password", "not this one, no")];
        visitor.post("/sign-in", &fields).await.is(422).has("do not fit together");
    }
    app.run_jobs().await;
    let subjects: Vec<String> =
        app.mails_to("amy@people.example").await.into_iter().map(|m| m.subject).collect();
    assert!(subjects.iter().any(|s| s == "You already have an account"), "{subjects:?}");
    assert!(app.mails_to("nobody@people.example").await.iter().all(|m| m.subject == "Confirm your address"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_works_once_and_not_for_long() {
    let app = TestApp::new().await;
    sign_up(&app, "Amy Stone", "amy@people.example").await;
    app.pass_days(1);
    let browser = app.visitor();
    browser.post("/sign-in/link", &[("email", "amy@people.example")]).await.is(200);
    let first = newest_link(&app, "amy@people.example").await;
    browser.post(&first, &[]).await.leads_to("/desk");
    app.visitor().post(&first, &[]).await.is(409).has("too old");
    app.pass_days(1);
    browser.post("/sign-in/link", &[("email", "amy@people.example")]).await.is(200);
    let second = newest_link(&app, "amy@people.example").await;
    app.pass_days(1);
    app.visitor().post(&second, &[]).await.is(409).has("too old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_gains_nothing_from_somebody_elses_address() {
    let app = TestApp::new().await;
    let mallory = app.person("Mallory").await;
    mallory.post("/account/addresses", &[("email", "amy@people.example")]).await.is(303);
    let link = newest_link(&app, "amy@people.example").await;
    // Amy presses the button, in a browser where nobody is signed in
    app.visitor().post(&link, &[]).await.is(409).has("Sign in to the account");
    assert_eq!(app.count("SELECT count(*) FROM email WHERE key = 'amy@people.example'").await, 0);
    // Mallory herself, with the link, would have to own the mailbox
    mallory.post(&link, &[]).await.leads_to("/account");
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_awarded_to_an_address_becomes_its_owners() {
    let w = World::new().await;
    let mut tx = w.app.db.begin().await.unwrap();
    let published = cairn_actions::published::find_published(&mut tx, &w.key).await.unwrap();
    let award = cairn_actions::credential::NewAward {
        reason: "test:zoe".into(),
        person: None,
        name: "Zoe".into(),
        address: "zoe@people.example".into(),
        enrollment: None,
        at: w.app.clock.now(),
        outcomes: vec![],
        again: cairn_actions::credential::Again::No,
        evidence: vec![],
    };
    cairn_actions::credential::issue(&mut tx, &w.app, &published, "system", vec![award]).await.unwrap();
    tx.commit().await.unwrap();
    let zoe = sign_up(&w.app, "Zoe Hill", "zoe@people.example").await;
    zoe.get("/badges").await.is(200).has("Walking with a plan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_are_guessed_ten_times_and_no_more() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let fields = [("email", "amy@people.example"), ("password", "is it this one?")];
    for _ in 0..10 {
        visitor.post("/sign-in", &fields).await.is(422);
    }
    visitor.post("/sign-in", &fields).await.is(429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_everywhere_ends_every_session() {
    let app = TestApp::new().await;
    let here = sign_up(&app, "Amy Stone", "amy@people.example").await;
    let there = app.visitor();
    there
        .post("/sign-in", &[("email", "amy@people.example"), ("password", PASSWORD)])
        .await
        .leads_to("/desk");
    here.post("/account/sessions/end", &[]).await.is(303);
    there.get("/account").await.is(303);
    here.get("/account").await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_taken_away_and_deleted_and_its_badge_still_verifies() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let png = w.learner.get(&format!("{badge}.png")).await;
    let parcel = w.learner.get("/account/export").await;
    assert_eq!(parcel.is(200).header("content-type"), "application/zip");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&parcel.body)).unwrap();
    let names: Vec<String> = zip.file_names().map(|n| n.unwrap().into_owned()).collect();
    for wanted in ["account.json", "enrollments.json", "submissions.json", "README.txt"] {
        assert!(names.iter().any(|n| n == wanted), "{wanted} is missing in {names:?}");
    }
    let file = names.iter().find(|n| n.ends_with("plan.txt")).expect("the evidence is there").clone();
    let mut text = String::new();
    zip.by_name(&file).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "Walk north.");
    w.learner.post("/account/deletion", &[("email", "other@people.example")]).await.is(422);
    w.learner.post("/account/deletion", &[("email", "amy@people.example")]).await.leads_to("/");
    w.learner.get("/account").await.is(303);
    let visitor = w.app.visitor();
    visitor.get(&badge).await.is(404);
    visitor
        .upload("/verify", &[], &[("file", "b.png", &png.body)])
        .await
        .is(200)
        .has("Everything that can be checked");
    for sql in [
        "SELECT count(*) FROM email WHERE key = 'amy@people.example'",
        "SELECT count(*) FROM person WHERE name = 'Amy'",
        "SELECT count(*) FROM mail WHERE address = 'amy@people.example'",
        "SELECT count(*) FROM evidence WHERE body <> '' OR file_name <> ''",
    ] {
        assert_eq!(w.app.count(sql).await, 0, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_owner_stays() {
    let app = TestApp::new().await;
    let (oskar, eve) = (app.person("Oskar").await, app.person("Eve").await);
    app.organization("northfjord", &[(&oskar, Role::Owner), (&eve, Role::Reviewer)]).await;
    let me = oskar.person().to_string();
    let fields = [("person", me.as_str()), ("role", "owner")];
    oskar.post("/organizations/northfjord/members/removal", &fields).await.is(409).has("needs an owner");
    oskar.post("/account/deletion", &[("email", "oskar@people.example")]).await.is(409).has("only owner");
    eve.post("/organizations/northfjord/members/removal", &fields).await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_invited_address_may_accept() {
    let app = TestApp::new().await;
    let (oskar, eve, ray) = (app.person("Oskar").await, app.person("Eve").await, app.person("Ray").await);
    app.organization("northfjord", &[(&oskar, Role::Owner)]).await;
    let fields = [("email", "ray@people.example"), ("role", "reviewer")];
    oskar.post("/organizations/northfjord/invitations", &fields).await.is(303);
    let link = newest_link(&app, "ray@people.example").await;
    // a letter does not tell whoever reads it that there is an account
    let letter = app.mails_to("ray@people.example").await.remove(0);
    assert!(letter.plain.contains("somebody gave this address"), "{}", letter.plain);
    eve.post(&link, &[]).await.is(409).has("not yours");
    ray.post(&link, &[]).await.leads_to("/organizations/northfjord");
    ray.get("/organizations/northfjord").await.is(200).has("Reviewer");
    eve.post(&link, &[]).await.is(409);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_founder_owns_an_organisation_with_a_key() {
    let app = TestApp::new().await;
    let oskar = app.person("Oskar").await;
    let fields = [("name", "Süd Fjord"), ("kind", "school"), ("country", "NO"), ("issues", "on")];
    oskar.post("/organizations", &fields).await.leads_to("/organizations/sued-fjord");
    // nothing of it is public until the operator has confirmed it
    app.visitor().get("/issuers/sued-fjord/did.json").await.is(404);
    app.execute("UPDATE organization SET standing = 'confirmed', standing_before = 'confirmed'").await;
    let did = app.visitor().get("/issuers/sued-fjord/did.json").await;
    did.is(200).has("did:web:cairn.test:issuers:sued-fjord").has("z6Mk");
    oskar.post("/organizations", &fields).await.is(422).has("taken");
    app.execute(crate::misuse::PROVED).await;
    oskar.post("/organizations/sued-fjord/keys", &[]).await.is(303);
    oskar.get("/organizations/sued-fjord/keys").await.is(200).has("key-2").has("ended");
    oskar.get("/organizations/sued-fjord/audit").await.is(200).has("made a signing key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_shown_once_and_ends_when_it_is_revoked() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let fields = [("token_name", "script"), ("scope", "credentials:read")];
    let page = amy.post_and_follow("/account/tokens", &fields).await;
    let token = format!("cairn_{}", between(page.is(200), "cairn_", "\""));
    app.api(&token).get("/api/v1/credentials").await.is(200);
    amy.get("/account").await.is(200).lacks(&token);
    let id = between(&amy.get("/account").await, "name=\"id\" value=\"", "\"");
    amy.post("/account/tokens/revocation", &[("id", &id)]).await.is(303);
    app.api(&token).get("/api/v1/credentials").await.is(401);
}
