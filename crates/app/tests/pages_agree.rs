//! What pages say agrees with what is so, and with what other pages say of the same thing.

use crate::chain::World;
use crate::harness::{Page, Role, TestApp};
use crate::issuer;
use cairn_credential::key::SigningKey;
use cairn_credential::proof::{self, ProofOptions};
use serde_json::{Value, json};

const ISSUED: &str = "/organizations/northfjord/credentials";

async fn change(w: &World, badge: &str, what: &str) {
    let fields = [("change", what), ("reason", "A reason")];
    w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
}

/// The pill as the page has it: its colour and its word.
#[track_caller]
fn pill(page: &Page) -> (String, String) {
    let text = page.text();
    let (_, rest) = text.split_once("class=\"pill ").unwrap_or_else(|| panic!("no pill: {page}"));
    let (kind, rest) = rest.split_once('"').unwrap();
    let (_, rest) = rest.split_once("</svg>").unwrap();
    (kind.to_owned(), rest.split_once("</span>").unwrap().0.trim().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_issued_badges_has_the_words_of_badges() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let check = async |kind: &str, word: &str| {
        let page = w.owner.get(ISSUED).await;
        assert_eq!(pill(page.is(200).lacks("In progress")), (kind.to_owned(), word.to_owned()));
    };
    check("valid", "Valid").await;
    change(&w, &badge, "suspend").await;
    check("attention", "Suspended").await;
    change(&w, &badge, "reinstate").await;
    w.owner.set_cookie("cairn_language", "de");
    check("valid", "Gültig").await;
    w.owner.set_cookie("cairn_language", "en");
    w.app.pass_days(800);
    let olga = w.app.person("Olga").await;
    w.app.join(w.organization, &olga, Role::Owner).await;
    assert_eq!(pill(&olga.get(ISSUED).await), ("stopped".into(), "Expired".into()));
    w.app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_s_pill_says_what_the_report_below_it_says() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let visitor = w.app.visitor();
    let shown = async || {
        // a report is kept for some seconds
        w.app.pass(jiff::SignedDuration::from_secs(60));
        let page = visitor.get(&badge).await;
        let text = page.is(200).text();
        let (_, verdict) = text.split_once("class=\"verdict ").unwrap();
        let (kind, word) = pill(&page);
        assert_eq!(kind, verdict.split_once('"').unwrap().0, "pill and report differ: {page}");
        word
    };
    assert_eq!(shown().await, "Valid");
    w.app.execute("UPDATE organization SET standing = 'suspended'").await;
    assert_eq!(shown().await, "Verified, with warnings");
    w.app.execute("UPDATE organization SET standing = 'confirmed'").await;
    change(&w, &badge, "suspend").await;
    assert_eq!(shown().await, "Suspended");
    change(&w, &badge, "reinstate").await;
    w.app.pass_days(800);
    assert_eq!(shown().await, "Expired");
    w.app.leave_jobs();
}

/// A badge of our own, signed anew by a key that nobody knows and in whose name.
fn by_a_stranger(mut document: Value) -> Value {
    let key = SigningKey::from_seed(&[7; 32]);
    let stranger = format!("did:key:{}", key.public().multibase());
    let map = document.as_object_mut().unwrap();
    map.shift_remove("proof");
    map.shift_remove("credentialStatus");
    document["issuer"]["id"] = json!(stranger);
    let method = format!("{stranger}#{}", key.public().multibase());
    let options = ProofOptions::new(&method, "2026-01-15T09:00:00Z".parse().unwrap());
    proof::sign(&mut document, &key, &options).unwrap();
    document
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_s_badge_in_a_confirmed_issuer_s_name_does_not_read_as_that_issuer_s() {
    let w = World::new().await;
    let olga = w.app.operator("Olga").await;
    // the look of its name is kept when a name is decided on
    w.app.execute("UPDATE organization SET standing = 'unconfirmed', standing_before = 'unconfirmed'").await;
    let name = "northfjord University";
    issuer::decide(&olga, "northfjord", name, "confirm", "").await.is(303);
    let badge = w.badge(&w.learner).await;
    let document = w.learner.get(&format!("{badge}.json")).await.json();
    let visitor = w.app.visitor();
    let ours = visitor.upload("/verify", &[("text", &document.to_string())], &[]).await;
    ours.is(200).has(&format!("· {name}")).lacks("that is not proved");
    let text = by_a_stranger(document).to_string();
    let page = visitor.upload("/verify", &[("text", &text)], &[]).await;
    page.is(200).has(&format!("names “{name}” as issuer; that is not proved")).lacks(&format!("· {name}"));
    page.has("That organisation has not signed this.").lacks("Everything that can be checked");
    visitor.speak("de");
    let page = visitor.upload("/verify", &[("text", &text)], &[]).await;
    page.has(&format!("nennt „{name}“ als Aussteller; das ist nicht belegt")).has("Name des Ausstellers");
    page.has("hat das nicht signiert");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_credential_passes_no_check() {
    let w = World::new().await;
    let v2 = "https://www.w3.org/ns/credentials/v2";
    let empty = json!({"@context": [v2], "type": ["VerifiablePresentation"]});
    let visitor = w.app.visitor();
    for (document, said) in
        [(json!({"hello": "world"}), "This is not a credential"), (empty.clone(), "Nothing was presented")]
    {
        let page = visitor.upload("/verify", &[("text", &document.to_string())], &[]).await;
        page.is(200).has(said).lacks("passed");
    }
    // of a presentation that nobody signed nothing is said that only a signer could have said
    let mut unsigned = empty;
    unsigned["verifiableCredential"] = json!([{"hello": "world"}]);
    let page = visitor.upload("/verify", &[("text", &unsigned.to_string())], &[]).await;
    page.is(200).has("This is not a credential").lacks("Challenge").lacks("No credential names another");
    visitor.speak("de");
    let page = visitor.upload("/verify", &[("text", r#"{"hello":"world"}"#)], &[]).await;
    page.has("Das ist kein Nachweis");
    assert_eq!(page.text().matches("class=\"word\"").count(), 1, "one check, which failed: {page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_of_an_organisation_is_said_to_wait_and_a_refused_one_is_no_heading() {
    let app = TestApp::new().await;
    let olga = app.person("Olga").await;
    app.organization("north", &[(&olga, Role::Owner)]).await;
    let path = "/organizations/north/profile";
    let with = |name: &'static str| [("name", name), ("kind", "university"), ("country", "NO")];
    let page = olga.post_and_follow(path, &with("north University")).await;
    page.has("Saved.").lacks("waits for the operator");
    let page = olga.post_and_follow(path, &with("South University")).await;
    page.has("The new name “South University” waits for the operator");
    olga.set_cookie("cairn_language", "de");
    let page = olga.post_and_follow(path, &with("West University")).await;
    page.has("Der neue Name „West University“ wartet auf den Betreiber");
    let page = olga.post(path, &with("https://evil.example")).await;
    assert_eq!(page.is(422).value("name"), "https://evil.example");
    page.has(">north University</a>").lacks(">https://evil.example</a>");
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_changes_nothing_is_refused() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let path = format!("{badge}/correction");
    let same = w.owner.get(&path).await.is(200).form(&path);
    let fields: Vec<(&str, &str)> = same
        .iter()
        .filter(|(name, _)| !["csrf", "reason"].contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain([("reason", "Why not")])
        .collect();
    let page = w.owner.post(&path, &fields).await;
    page.is(409).has("Nothing is changed").has("Why not");
    w.owner.set_cookie("cairn_language", "de");
    w.owner.post(&path, &fields).await.is(409).has("Nichts ist geändert");
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    w.app.run_jobs().await;
}

/// Documents with something wrong, each in another way.
fn faulty(good: &Value) -> Vec<String> {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut document = good.clone();
        change(&mut document);
        document.to_string()
    };
    let v2 = "https://www.w3.org/ns/credentials/v2";
    vec![
        with(&|d| d["name"] = json!("Running with a plan")),
        with(&|d| drop(d.as_object_mut().unwrap().shift_remove("proof"))),
        with(&|d| d["proof"][0]["cryptosuite"] = json!("made-up-2030")),
        with(&|d| d["validUntil"] = json!("2020-01-01T00:00:00Z")),
        with(&|d| d["validUntil"] = json!("some day")),
        with(&|d| d["issuer"] = json!({"id": "did:web:nowhere.invalid", "type": ["Profile"]})),
        with(&|d| d["credentialStatus"]["type"] = json!("MadeUpStatus")),
        with(&|d| d["credentialSchema"] = json!([{"id": "https://a.invalid/s.json", "type": "1EdTechJsonSchemaValidator2019"}])),
        with(&|d| drop(d.as_object_mut().unwrap().shift_remove("credentialSubject"))),
        json!({"hello": "world"}).to_string(),
        "nothing at all".into(),
        "{".into(),
        json!({"@context": [v2], "type": ["VerifiablePresentation"], "verifiableCredential": [good]}).to_string(),
        json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://a.invalid/1",
            "badge": "https://a.invalid/b", "recipient": {"type": "email", "hashed": false, "identity": "a@b.example"},
            "verification": {"type": "HostedBadge"}, "issuedOn": "2026-01-15T09:00:00Z"})
        .to_string(),
        json!({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://a.invalid/b"})
            .to_string(),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_german_is_told_in_german_what_was_checked() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    let good = w.learner.get(&format!("{badge}.json")).await.json();
    let visitor = w.app.visitor();
    visitor.speak("de");
    let mut english = vec![];
    for text in faulty(&good) {
        let asked = json!({ "credential": text });
        let report = w.app.api("").post("/api/v1/verifications", &asked).await.is(200).json();
        let page = visitor.upload("/verify", &[("text", &text)], &[]).await;
        let shown = page.is(200).text();
        // the report as a file is for programs
        let shown = shown.split("<pre>").next().unwrap().to_owned();
        for check in report["checks"].as_array().unwrap() {
            let said = check["message"].as_str().unwrap();
            if shown.contains(said) {
                english.push(format!("{} {}: {said}", check["check"], check["code"]));
            }
        }
        assert!(
            shown.matches("class=\"why\"").count() >= report["checks"].as_array().unwrap().len(),
            "{page}"
        );
    }
    assert!(english.is_empty(), "{}", english.join("\n"));
    w.app.run_jobs().await;
}

#[test]
fn what_stands_behind_since_is_declined() {
    use cairn_platform::text::Language;
    cairn::words::install();
    let day = 86_400_000;
    for (language, ms, since, alone) in [
        (Language::De, 52 * day, "52 Tagen", "52 Tage"),
        (Language::De, day, "1 Tag", "1 Tag"),
        (Language::De, 7_200_000, "2 Stunden", "2 Stunden"),
        (Language::De, 0, "weniger als einer Minute", "weniger als eine Minute"),
        (Language::En, 52 * day, "52 days", "52 days"),
    ] {
        assert_eq!((&*language.span_since(0, ms), &*language.span(0, ms)), (since, alone));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_in_german_counts_days_in_the_dative() {
    let w = World::new().await;
    w.hand_in(&w.learner).await;
    w.app.pass_days(10);
    let amy = w.app.person("Ray Two").await;
    w.app.join(w.organization, &amy, Role::Reviewer).await;
    amy.set_cookie("cairn_language", "de");
    let queue = amy.get("/reviews").await;
    let review = crate::chain::between(&queue, "href=\"/reviews/", "\"");
    amy.get(&format!("/reviews/{review}")).await.is(200).has("seit 10 Tagen");
    w.app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lifted_suspension_keeps_its_reason_in_the_history() {
    let w = World::new().await;
    let olga = w.app.operator("Olga").await;
    let name = "northfjord University";
    issuer::decide(&olga, "northfjord", name, "suspend", "A complaint of May").await.is(303);
    issuer::decide(&olga, "northfjord", name, "lift", "").await.is(303);
    let operator = olga.get("/operator/organizations/northfjord").await;
    let owner = w.owner.get("/organizations/northfjord/confirmation").await;
    for page in [&operator, &owner] {
        page.is(200).has("What was decided").has("A complaint of May").has("Suspension lifted");
    }
    w.owner.set_cookie("cairn_language", "de");
    w.owner.get("/organizations/northfjord/confirmation").await.has("Was entschieden wurde");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_adds_an_address_says_to_which_account_without_telling_it() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    amy.post("/account/addresses", &[("email", "amy@new.example")]).await.is(303);
    let letter = app.mails_to("amy@new.example").await.remove(0);
    assert!(letter.plain.contains("a…@p….example"), "{letter:?}");
    assert!(!letter.plain.contains("amy@people.example"), "{letter:?}");
    let link = letter.plain.lines().find(|l| l.contains("/links/")).unwrap().trim();
    let page = app.visitor().get(link.trim_start_matches("http://cairn.test")).await;
    page.is(200).has("added to the account whose letters go to a…@p….example").lacks("amy@people.example");
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_in_german_have_german_titles() {
    let w = World::new().await;
    let actor = w.owner.actor().await;
    let mut definition = crate::chain::definition();
    definition.translations.insert(
        "de".into(),
        cairn_domain::achievement::Translation {
            title: "Wandern mit Plan".into(),
            ..cairn_domain::achievement::Translation::default()
        },
    );
    cairn_actions::achievement::create(&w.app, &actor, "northfjord", Some("walks"), definition)
        .await
        .unwrap();
    cairn_actions::achievement::publish(&w.app, &actor, "northfjord", "walks").await.unwrap();
    w.owner.set_cookie("cairn_language", "de");
    for path in ["/organizations/northfjord/achievements", "/organizations/northfjord/rosters"] {
        w.owner.get(path).await.is(200).has("Wandern mit Plan");
    }
    w.app.run_jobs().await;
}
