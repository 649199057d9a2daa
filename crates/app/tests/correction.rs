//! A badge in force is corrected: the old one is replaced, the new one takes its place. What was revoked is not
//! awarded again by asking once more.

use crate::chain::{World, between};
use crate::harness::Page;
use axum::http::Method;
use serde_json::{Value, json};

const AMY: &str = "amy@people.example";
const FIXED: &[(&str, &str)] = &[("name", "Amy Ø. Lind"), ("awarded_on", "2026-11-22"), ("reason", "A typo")];

async fn call(w: &World, path: &str, body: &Value) -> Page {
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let key = cairn_platform::id::secret();
    let page = program.send(Method::POST, path, &[("idempotency-key", key.as_str())], Some(body)).await;
    w.app.run_jobs().await;
    page
}

async fn award(w: &World, again: bool) -> Page {
    let recipient = json!({ "name": "Amy", "email": AMY, "again": again });
    let body = json!({ "achievement": w.key, "recipients": [recipient] });
    call(w, "/api/v1/organizations/northfjord/awards", &body).await
}

fn id_of(page: &Page) -> String {
    page.json()["items"][0]["credential"]["id"].as_str().unwrap().to_owned()
}

async fn roster(w: &World) -> String {
    let fields = [("achievement", "walking")];
    let list = format!("name,email\nAmy,{AMY}\n");
    let files = [("file", "list.csv", list.as_bytes())];
    w.owner.upload("/organizations/northfjord/rosters", &fields, &files).await.location()
}

async fn revoke(w: &World, badge: &str) {
    let fields = [("change", "revoke"), ("reason", "The plan was copied")];
    w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_badge_takes_the_place_of_the_old_one() {
    let w = World::new().await;
    let old = w.badge(&w.learner).await;
    w.learner.post(&format!("{old}/sharing"), &[("share", "yes")]).await.is(303);
    w.owner.get(&old).await.has("Correct this badge").has(&format!("{old}/correction"));
    w.owner.get(&format!("{old}/correction")).await.is(200).has("Name on the badge");
    let new = w.owner.post(&format!("{old}/correction"), FIXED).await.is(303).location();
    assert_ne!(new, old);
    w.app.run_jobs().await;
    let visitor = w.app.visitor();
    // the old one is replaced, says so and leads to the new one
    visitor.get(&old).await.has("Not verified").has("replaced").has("A typo").has(&new);
    // the new one says what is right, keeps the rest and is in force
    visitor.get(&new).await.has("Everything that can be checked").has("Amy Ø. Lind");
    let (before, after) =
        (visitor.get(&format!("{old}.json")).await.json(), visitor.get(&format!("{new}.json")).await.json());
    let subject = |d: &Value| d["credentialSubject"].clone();
    assert!(subject(&before)["result"].is_array());
    assert_eq!(subject(&before)["result"], subject(&after)["result"]);
    assert_eq!(subject(&before)["achievement"], subject(&after)["achievement"]);
    assert_eq!(subject(&before)["identifier"][0], subject(&after)["identifier"][0]);
    assert_eq!(before["validUntil"], after["validUntil"]);
    assert_ne!(before["credentialStatus"], after["credentialStatus"]);
    // one in force, one place; it is the answer to a second award
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE state = 'active'").await, 1);
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE holds_place = 1").await, 1);
    assert_eq!(format!("/c/{}", id_of(award(&w, false).await.is(200))), new);
    // event and letter
    w.owner.get("/organizations/northfjord/audit").await.has("corrected a badge");
    let letters = w.app.mails_to(AMY).await;
    let letter = letters.iter().find(|m| m.subject.starts_with("Corrected: ")).unwrap();
    assert!(letter.plain.contains("A typo") && letter.plain.contains(&new), "{letter:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_corrected_by_whom_and_when() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let path = format!("{badge}/correction");
    for browser in [&w.learner, &w.reviewer, &w.app.person("Eve").await] {
        browser.get(&path).await.is(404);
        browser.post(&path, FIXED).await.is(404);
    }
    let with = |name: &'static str, day: &'static str, reason: &'static str| {
        [("name", name), ("awarded_on", day), ("reason", reason)]
    };
    // nothing that was typed is lost
    let page = w.owner.post(&path, &with(" ", "2026-11-22", "Why")).await;
    page.is(422).has("A name has 1 to 200 characters").has("Why");
    w.owner.post(&path, &with("Amy", "2027-11-22", "Why")).await.is(422).has("or one before it");
    w.owner.post(&path, &with("Amy", "2020-11-22", "Why")).await.is(422).has("would have run out by now");
    w.owner.post(&path, &with("Amy", "someday", "Why")).await.is(422).has("Choose a day");
    w.owner.post(&path, &with("Amy", "2026-11-22", " ")).await.is(409);
    let evil = [("title", "Film"), ("link", "javascript:alert(1)"), ("narrative", "")];
    let page = w.owner.post(&path, &[&with("Amy", "2026-11-22", "Why")[..], &evil[..]].concat()).await;
    page.is(422).has("begins with https:// or http://").has("Film");
    let good = [("title", "Film"), ("link", "https://a.example/film"), ("narrative", "The walk")];
    let page = w.owner.post(&path, &[&with("Amy", "2026-11-01", "Why")[..], &good[..]].concat()).await;
    let new = page.is(303).location();
    let document = w.owner.get(&format!("{new}.json")).await.json();
    assert_eq!(document["validFrom"], "2026-11-01T00:00:00Z");
    assert_eq!(document["validUntil"], "2027-11-01T00:00:00Z");
    assert_eq!(document["evidence"][0]["id"], "https://a.example/film");
    // what is replaced, suspended or revoked is not corrected
    w.owner.post(&path, FIXED).await.is(409);
    let path = format!("{new}/correction");
    let suspend = [("change", "suspend"), ("reason", "Under review")];
    w.owner.post(&format!("{new}/status"), &suspend).await.is(303);
    w.owner.post(&path, FIXED).await.is(409).has("put it in force again");
    revoke(&w, &new).await;
    w.owner.post(&path, FIXED).await.is(409).has("revoked");
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 2);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_shows_no_file_but_those_that_the_learner_showed() {
    let w = World::new().await;
    let old = w.badge(&w.learner).await;
    w.learner.post(&format!("{old}/sharing"), &[("share", "yes")]).await.is(303);
    // somebody else's file, which nobody has judged
    let ben = w.app.person("Ben").await;
    let path = w.hand_in(&ben).await;
    let private = between(&ben.get(&format!("{path}/requirements/project")).await, "href=\"/evidence/", "\"");
    let visitor = w.app.visitor();
    visitor.get(&format!("{old}/evidence/{private}")).await.is(404);
    let own = visitor.get(&format!("{old}.json")).await.json()["evidence"][0].clone();
    let own_link = own["id"].as_str().unwrap().to_owned();
    let base = own_link.split_once("/c/").unwrap().0;
    let with = |title: &str, link: &str| {
        let piece = [("title", title), ("link", link), ("narrative", "")];
        [FIXED, &piece].concat().iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>()
    };
    let correct = async |badge: &str, title: &str, link: &str| {
        let fields = with(title, link);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        w.owner.post(&format!("{badge}/correction"), &fields).await
    };
    for link in [
        format!("{base}{old}/evidence/{private}"),
        format!("{base}{old}/x/../Evidence/{private}"),
        format!("{base}/evidence/{private}"),
    ] {
        correct(&old, "plan.txt", &link)
            .await
            .is(422)
            .has("which of them is shown is for the learner to say");
    }
    // what she showed moves on, also twice
    let (mut new, mut link) = (old.clone(), own_link.clone());
    for title in ["the plan.txt", "plan.txt"] {
        new = correct(&new, title, &link).await.is(303).location();
        let document = visitor.get(&format!("{new}.json")).await.json();
        document["evidence"][0]["id"].as_str().unwrap().clone_into(&mut link);
    }
    let file = link.strip_prefix(base).unwrap();
    assert!(file.starts_with(&format!("{new}/evidence/")), "{file}");
    visitor.get(file).await.is(200);
    visitor.get(&own_link.replace(base, "")).await.is(200);
    // a document that was made to name another file opens nothing
    let shown = file.rsplit('/').next().unwrap();
    let mut tx = w.app.db.begin().await.unwrap();
    let update = sqlx::query("UPDATE credential SET document = replace(document, $1, $2)");
    update.bind(shown).bind(&private).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    visitor.get(&format!("{new}/evidence/{private}")).await.is(404);
    visitor.get(&format!("{old}/evidence/{private}")).await.is(404);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_corrects() {
    let w = World::new().await;
    let old = id_of(award(&w, false).await.is(201));
    let path = format!("/api/v1/credentials/{old}/correction");
    call(&w, &path, &json!({ "reason": "x", "evidence": [{ "title": "", "url": "https://a.example" }] }))
        .await
        .is(422);
    let piece = json!({ "title": "Film", "url": "https://a.example/film" });
    let page = call(&w, &path, &json!({ "name": "Amy L.", "evidence": [piece], "reason": "A typo" })).await;
    let answer = page.is(201).json();
    assert_eq!(answer["replaces"], old);
    let new = answer["credential"]["id"].as_str().unwrap();
    let badge = w.owner.get(&format!("/c/{new}.json")).await.json();
    assert_eq!(badge["evidence"][0]["name"], "Film");
    let document = w.owner.get(&format!("/c/{old}.json")).await.json();
    let answer = call(&w, "/api/v1/verifications", &json!({ "credential": document })).await.is(200).json();
    assert_eq!(answer["verdict"], "failed");
    let status = answer["checks"].as_array().unwrap().iter().find(|c| c["check"] == "status").unwrap();
    assert_eq!(status["code"], "superseded");
    call(&w, &path, &json!({ "reason": "Again" })).await.is(409);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn corrections_at_once_give_one_badge() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let path = format!("{badge}/correction");
    let (one, two) = tokio::join!(w.owner.post(&path, FIXED), w.owner.post(&path, FIXED));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 2);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_badge_is_not_awarded_again_by_asking_once_more() {
    let w = World::new().await;
    let first = id_of(award(&w, false).await.is(201));
    revoke(&w, &format!("/c/{first}")).await;
    let refused = award(&w, false).await;
    refused.is(422).has("was revoked").has(&first).has("recipients[0].email");
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    // on purpose
    let second = id_of(award(&w, true).await.is(201));
    assert_ne!(second, first);
    // now that one is the answer, with and without
    assert_eq!(id_of(award(&w, false).await.is(200)), second);
    assert_eq!(id_of(award(&w, true).await.is(200)), second);
    revoke(&w, &format!("/c/{second}")).await;
    award(&w, false).await.is(422).has(&second);
    assert_ne!(id_of(award(&w, true).await.is(201)), second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_does_not_undo_a_revocation() {
    let w = World::new().await;
    let path = roster(&w).await;
    w.owner.post(&format!("{path}/start"), &[]).await.leads_to(&path);
    w.app.run_jobs().await;
    let mut conn = w.app.db.read().await.unwrap();
    let id: String = sqlx::query_scalar("SELECT id FROM credential").fetch_one(&mut *conn).await.unwrap();
    drop(conn);
    revoke(&w, &format!("/c/{id}")).await;
    let path = roster(&w).await;
    w.app.run_jobs().await;
    let page = w.owner.get(&path).await;
    page.has("Revoked before").has("will not be awarded again").lacks("has this badge already");
    w.owner.post(&format!("{path}/start"), &[]).await.leads_to(&path);
    w.app.run_jobs().await;
    let page = w.owner.get(&path).await;
    page.has("was revoked before; it was not awarded again").has(&format!("/c/{id}"));
    page.lacks("had it already");
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let shown = program.get(&format!("/api/v1{path}")).await.is(200).json();
    assert_eq!([&shown["awarded"], &shown["revoked"]], [&json!(0), &json!(1)]);
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_stands_whatever_the_way_of_awarding() {
    let w = World::new().await;
    // awarded by a call, revoked, then on a list
    let first = id_of(award(&w, false).await.is(201));
    revoke(&w, &format!("/c/{first}")).await;
    let path = roster(&w).await;
    w.app.run_jobs().await;
    w.owner.get(&path).await.has("Revoked before").has("will not be awarded again");
    w.owner.post(&format!("{path}/start"), &[]).await.leads_to(&path);
    w.app.run_jobs().await;
    w.owner.get(&path).await.has("was revoked before; it was not awarded again").has(&format!("/c/{first}"));
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    // earned on evidence of its own, she gets one; revoked, neither a call nor a list gives another
    let earned = w.badge(&w.learner).await;
    assert_ne!(earned, format!("/c/{first}"));
    revoke(&w, &earned).await;
    award(&w, false).await.is(422).has("was revoked");
    let path = roster(&w).await;
    w.owner.post(&format!("{path}/start"), &[]).await.leads_to(&path);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 2);
    // on purpose
    let again = id_of(award(&w, true).await.is(201));
    assert_eq!(id_of(award(&w, false).await.is(200)), again);
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE state = 'active'").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_badge_is_awarded_again_on_purpose_on_its_page() {
    let w = World::new().await;
    let old = w.badge(&w.learner).await;
    let again = format!("{old}/award");
    w.owner.post(&again, &[]).await.is(409).has("Only a badge that was revoked");
    revoke(&w, &old).await;
    w.learner.get(&old).await.lacks("Award it again");
    w.learner.post(&again, &[]).await.is(404);
    w.app.person("Ben").await.post(&again, &[]).await.is(404);
    let new = w.owner.get(&old).await.has("Award it again").clone();
    assert!(new.contains(&again));
    let new = w.owner.post(&again, &[]).await.is(303).location();
    assert_ne!(new, old);
    // the new one is in force and says nothing of what the revoked one was about; that one stays revoked
    let document = w.learner.get(&format!("{new}.json")).await.is(200).json();
    assert!(
        document["credentialSubject"]["result"].is_null() && document["evidence"].is_null(),
        "{document}"
    );
    w.learner.get(&new).await.has("Everything that can be checked");
    w.owner.get(&old).await.has("revoked");
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE holds_place = 1").await, 1);
    w.owner.post(&again, &[]).await.is(409).has("has a badge of this version in force");
    assert_eq!(
        format!("/c/{}", id_of(award(&w, false).await.is(200))),
        new,
        "who asks again is answered with it"
    );
    w.app.run_jobs().await;
    let letters = w.app.mails_to(AMY).await;
    assert!(letters.iter().any(|l| l.plain.contains(&new)), "{letters:?}");
    // what was awarded again and revoked is awarded again from there
    revoke(&w, &new).await;
    w.owner.post(&again, &[]).await.is(409).has("awarded again, and the new one was revoked too");
    w.owner.post(&format!("{new}/award"), &[]).await.is(303);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_whose_holder_was_erased_gets_no_name_again() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let other = w.badge(&w.app.person("Ben").await).await;
    revoke(&w, &other).await;
    for address in [AMY, "ben@people.example"] {
        let person = w.app.visitor();
        let key = cairn_value::email::Email::parse(address).unwrap().key();
        let id = {
            let mut conn = w.app.db.read().await.unwrap();
            cairn_actions::person::with_key(&mut conn, &key).await.unwrap().unwrap()
        };
        let actor = {
            let mut conn = w.app.db.read().await.unwrap();
            cairn_actions::person::load(&mut conn, id).await.unwrap().unwrap()
        };
        cairn_actions::erasure::erase(&w.app, &actor).await.unwrap();
        person.get("/badges").await.is(303);
    }
    let said = "The account of its holder was erased";
    w.owner.post(&format!("{badge}/correction"), FIXED).await.is(409).has(said);
    w.owner.get(&format!("{badge}/correction")).await.is(409).has(said);
    w.owner.post(&format!("{other}/award"), &[]).await.is(409).has(said);
    assert_eq!(w.app.count("SELECT count(*) FROM credential WHERE recipient_name <> ''").await, 0);
    w.app.run_jobs().await;
}
