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
/// As if everybody had shown a moment ago that it is she.
pub const PROVED: &str = "UPDATE session SET confirmed_at = 4102444800000";

/// Awards by a program to an address; more members of the recipient in `more`.
async fn award(w: &World, address: &str, more: Value) -> Page {
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let mut recipient = json!({ "name": "Zoe", "email": address });
    recipient.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let body = json!({ "achievement": w.key, "recipients": [recipient] });
    let key = body.to_string().len().to_string() + address;
    program.send(Method::POST, AWARDS, &[("idempotency-key", &key)], Some(&body)).await
}

/// A roster of so many people.
fn list(people: i64) -> String {
    let rows: Vec<String> = (0..people).map(|n| format!("Bo,row{n}@people.example")).collect();
    format!("name,email\n{}\n", rows.join("\n"))
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_nobody_has_confirmed_writes_to_few_strangers_and_says_so() {
    use cairn_actions::limit::AWARD_UNCONFIRMED;
    let w = World::with(|c| c.organizations = Policy::Open).await;
    w.app.execute(UNCONFIRMED).await;
    let ann = w.app.person("Ann").await;
    award(&w, "ann@people.example", json!({})).await.is(201);
    award(&w, "zoe@people.example", json!({})).await.is(201);
    w.app.run_jobs().await;
    for address in [ann.email(), "zoe@people.example"] {
        let letter = w.app.mails_to(address).await.remove(0);
        assert!(letter.plain.contains("Nobody has confirmed who this organisation is"), "{}", letter.plain);
        assert!(!letter.subject.contains("northfjord"), "{}", letter.subject);
    }
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let many = async |name: &str, count: i64| {
        let one = |n| json!({ "name": "Bo", "email": format!("{name}{n}@people.example") });
        let body = json!({ "achievement": w.key, "recipients": (0..count).map(one).collect::<Vec<_>>() });
        program.send(Method::POST, AWARDS, &[("idempotency-key", name)], Some(&body)).await
    };
    many("all", AWARD_UNCONFIRMED.most - 1).await.is(429);
    // what was refused was not counted
    many("rest", AWARD_UNCONFIRMED.most - 2).await.is(201);
    many("late", 1).await.is(429);
    // whoever has an account counts like a stranger: the answer would tell
    let ben = w.app.person("Ben").await;
    award(&w, ben.email(), json!({})).await.is(429);
    let list = list(AWARD_UNCONFIRMED.most + 1);
    let path = format!("{ORGANIZATION}/rosters");
    let files = [("file", "list.csv", list.as_bytes())];
    let roster = w.owner.upload(&path, &[("achievement", "walking")], &files).await.location();
    w.owner.post(&format!("{roster}/start"), &[]).await.has("at most 50 people a day");
    let olga = w.app.operator("Olga").await;
    decide(&olga, "northfjord", "northfjord University", "confirm", "").await.is(303);
    many("late", 1).await.is(201);
    w.owner.post(&format!("{roster}/start"), &[]).await.is(303);
    w.app.run_jobs().await;
    let letter = w.app.mails_to("row1@people.example").await.remove(0);
    assert!(!letter.plain.contains("Nobody has confirmed"), "{}", letter.plain);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roster_waits_for_the_next_day_when_the_limit_is_used_up() {
    use cairn_actions::limit::AWARD_UNCONFIRMED;
    let w = World::with(|c| c.organizations = Policy::Open).await;
    w.app.execute(UNCONFIRMED).await;
    let list = list(AWARD_UNCONFIRMED.most);
    let files = [("file", "list.csv", list.as_bytes())];
    let path = format!("{ORGANIZATION}/rosters");
    award(&w, "zoe@people.example", json!({})).await.is(201);
    let roster = w.owner.upload(&path, &[("achievement", "walking")], &files).await.location();
    w.owner.post(&format!("{roster}/start"), &[]).await.is(303);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1);
    w.app.pass_days(2);
    w.owner.post(&format!("{roster}/start"), &[]).await.is(303);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 1 + AWARD_UNCONFIRMED.most);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_domain_stands_in_a_name_only_when_it_is_proved() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    let eve = w.app.person("Eve").await;
    let fields = [
        ("name", "evil-prize.com"),
        ("slug", "prize"),
        ("kind", "university"),
        ("country", "NO"),
        ("language", "en"),
        ("issues", "on"),
    ];
    eve.post("/organizations", &fields).await.is(422).has("once you have proved it");
    w.app.execute(UNCONFIRMED).await;
    rename(&w.owner, "Fjord.com Academy").await.is(422).has("once you have proved it");
    w.app
        .execute(
            "INSERT INTO organization_domain (organization, domain, token, proved_at, checked_at, found, created_at) \
             SELECT id, 'fjord.com', 't', 4000000000000, 4000000000000, '', 0 FROM organization",
        )
        .await;
    rename(&w.owner, "Fjord.com Academy").await.is(303);
    rename(&w.owner, "Fjord.com and evil-prize.com").await.is(422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_shows_the_name_that_was_signed_whatever_its_issuer_calls_itself_since() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    let eve = w.app.person("Eve").await;
    crate::issuer::found(&eve, "eastfjord", "Eastfjord University").await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    w.app.execute(UNCONFIRMED).await;
    rename(&w.owner, "Eastfjord University").await.is(303);
    let page = w.app.visitor().get(&badge).await;
    page.is(200).has("northfjord University").lacks("Eastfjord");
    page.contains("organizationName=northfjord");
    let read = w.app.api("").get(&format!("/api/v1/credentials/{}", badge.trim_start_matches("/c/"))).await;
    let read = read.is(200).json();
    assert_eq!(read["organization"]["name"], "northfjord University");
    assert_eq!(read["caution"], "unconfirmed");
    for path in ["/badges", "/desk"] {
        w.learner.get(path).await.is(200).has("northfjord University");
    }
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_names_an_unconfirmed_issuer_says_so() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let said = "Nobody has confirmed who this organisation is";
    let enrolment = w.app.person("Ben").await;
    let path = enrolment.post("/catalog/northfjord.walking/enrollments", &[]).await.location();
    let asked = async || {
        let mut pages = vec![
            ("badges", w.learner.get("/badges").await),
            ("desk", w.learner.get("/desk").await),
            ("desk of an enrolment", enrolment.get("/desk").await),
            ("enrolment", enrolment.get(&path).await),
        ];
        let shown = w.app.visitor().get(&badge).await;
        let head = shown.text().split("og:description").nth(1).unwrap_or_default()[..400].to_owned();
        pages.push(("badge", shown));
        (pages, head)
    };
    let (pages, head) = asked().await;
    assert!(pages.iter().all(|(_, page)| !page.contains(said)) && !head.contains(said));
    w.app.execute(UNCONFIRMED).await;
    let (pages, head) = asked().await;
    for (name, page) in pages {
        assert!(page.contains(said), "{name}: {page}");
    }
    assert!(head.contains(said), "{head}");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_made_and_ended_only_by_whoever_has_just_shown_who_she_is() {
    let w = World::new().await;
    let keys = format!("{ORGANIZATION}/keys");
    let (key, end) = (format!("{keys}/key-1"), format!("{keys}/key-1/end"));
    let fields = [("from", "1970-01-02T00:00"), ("reason", "x")];
    w.app.execute("UPDATE session SET confirmed_at = 0").await;
    for path in [&keys, &key] {
        w.owner.get(path).await.is(200).has("Show first that it is you").has("href=\"/account\"");
    }
    let refused = w.owner.post(&end, &fields).await;
    assert!(refused.status.is_client_error(), "{refused}");
    // nothing that was typed is lost
    refused.has("Show first that it is you").has("1970-01-02T00:00");
    assert!(w.owner.post(&keys, &[]).await.status.is_client_error());
    // the one that it was founded with
    let made = "SELECT count(*) FROM event WHERE kind IN ('key.distrusted', 'key.made')";
    assert_eq!(w.app.count(made).await, 1);
    w.app.execute(PROVED).await;
    w.owner.get(&key).await.lacks("Show first that it is you");
    w.owner.post(&end, &fields).await.leads_to(&key);
    w.owner.post(&keys, &[]).await.is(303);
    w.app.run_jobs().await;
}

/// The class: a page that names whose something is says what is to be known of it, too. An organisation's own members
/// know who they are.
#[test]
fn pages_that_name_an_organisation_have_a_place_for_what_is_to_be_known_of_it() {
    const OWN: [&str; 3] = ["achievement/frame.html", "achievement/list.html", "achievement/new.html"];
    let silent: Vec<String> = crate::invariants::files(&["crates/app/src/web"], &["html"])
        .into_iter()
        .filter(|file| file.text.contains("organization_name") && !file.text.contains("caution"))
        .map(|file| file.path)
        .filter(|path| !OWN.iter().any(|own| path.ends_with(own)))
        .collect();
    assert!(silent.is_empty(), "say here whether somebody has confirmed who it is: {silent:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_owner_does_not_come_back_by_an_invitation_of_her_own() {
    use cairn_domain::permission::Role;
    let w = World::new().await;
    let (bea, carol) = (w.app.person("Bea").await, w.app.person("Carol").await);
    let organization = w.owner.actor().await.member("northfjord").unwrap().organization;
    w.app.join(organization, &bea, Role::Owner).await;
    w.app.join(organization, &bea, Role::Reviewer).await;
    let invite = [("email", carol.email()), ("role", "owner")];
    bea.post(&format!("{ORGANIZATION}/invitations"), &invite).await.is(303);
    w.app.run_jobs().await;
    let letter = w.app.mails_to(carol.email()).await.remove(0).plain;
    let link = letter.split_whitespace().find_map(|word| word.split_once("/invitations/")).unwrap().1;
    let link = format!("/invitations/{link}");
    carol.get(&link).await.is(200);
    // another of her roles takes the right away from nobody
    let remove = async |role: &str| {
        let person = bea.person().to_string();
        let fields = [("person", person.as_str()), ("role", role)];
        w.owner.post(&format!("{ORGANIZATION}/members/removal"), &fields).await.is(303);
    };
    remove("reviewer").await;
    carol.get(&link).await.is(200);
    remove("owner").await;
    w.owner.get(&format!("{ORGANIZATION}/members")).await.lacks(carol.email());
    assert!(!carol.get(&link).await.status.is_success());
    assert!(carol.post(&link, &[]).await.status.is_client_error());
    // who comes back later does not bring her old invitations with her
    w.app.join(organization, &bea, Role::Owner).await;
    assert!(carol.post(&link, &[]).await.status.is_client_error());
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_badge_in_a_picture_is_known_here_like_the_first() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    let good = w.badge(&w.learner).await;
    w.learner.post(&format!("{good}/sharing"), &[("share", "yes")]).await.is(303);
    let ben = w.app.person("Ben").await;
    let other = w.badge(&ben).await;
    ben.post(&format!("{other}/sharing"), &[("share", "yes")]).await.is(303);
    let visitor = w.app.visitor();
    let document = async |badge: &str| visitor.get(&format!("{badge}.json")).await.text();
    let (first, second) = (document(&good).await, document(&other).await);
    let picture = |badge: &str| {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        cairn_credential::bake::bake_svg(svg, badge).unwrap()
    };
    let one = picture(&first);
    let two = picture(&second);
    let element = two.split_once("<openbadges:").unwrap().1.rsplit_once("</svg>").unwrap().0;
    let end = one.rfind("</svg>").unwrap();
    let both = format!("{}<openbadges:{element}{}", &one[..end], &one[end..]);
    let check = async || {
        w.app.pass(jiff::SignedDuration::from_secs(11));
        visitor.upload("/verify", &[], &[("file", "badge.svg", both.as_bytes())]).await
    };
    check().await.is(200).has("The second badge in the picture holds");
    // both are kept here, so that a key that has ended since is no matter
    w.app.pass_days(1);
    w.app.execute(PROVED).await;
    let end = [("from", "2026-11-23T08:00"), ("reason", "A laptop was stolen")];
    w.owner.post(&format!("{ORGANIZATION}/keys/key-1/end"), &end).await.is(303);
    check().await.is(200).has("The second badge in the picture holds");
    w.app.execute(UNCONFIRMED).await;
    check().await.is(200).has("Something is worth knowing about the second badge in the picture");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_of_an_address_names_her_account_whoever_asked_last() {
    let app = crate::harness::TestApp::new().await;
    let (carol, mallory) = (app.visitor(), app.visitor());
    let ask = async |browser: &Browser, name: &str| {
        browser.post("/sign-up", &[("name", name), ("email", "carol@people.example")]).await.is(200);
        app.run_jobs().await;
    };
    ask(&carol, "Carol Right").await;
    ask(&mallory, "Convicted Cheater").await;
    let letters = app.mails_to("carol@people.example").await;
    let links = letters
        .iter()
        .filter_map(|l| l.plain.split_once("/links/"))
        .map(|(_, rest)| format!("/links/{}", rest.split_whitespace().next().unwrap()));
    let mut opened = vec![];
    for link in links {
        let page = carol.get(&link).await;
        if page.status.is_success() {
            page.has("perhaps not by you");
            assert_eq!(page.value("name"), "Convicted Cheater");
            opened.push(link);
        }
    }
    let [link] = opened.as_slice() else { panic!("{opened:?}") };
    let password = ("password", "correct horse battery 77");
    carol
        .post(link, &[("name", "see https://evil.example"), password])
        .await
        .is(422)
        .has("web or mail address");
    carol.post(link, &[("name", "Carol Right"), password]).await.leads_to("/desk");
    carol.get("/account").await.has("Carol Right").lacks("Cheater");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_only_the_session_makes_nobody_an_owner() {
    let w = World::new().await;
    let path = "/organizations/northfjord/invitations";
    w.app.execute("UPDATE session SET confirmed_at = 0").await;
    let owner = [("email", "eve@people.example"), ("role", "owner")];
    w.owner.post(path, &owner).await.is(422).has("show first on your account’s page that it is you");
    w.owner.post(path, &[("email", "eve@people.example"), ("role", "reviewer")]).await.is(303);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_nobody_has_confirmed_writes_no_words_of_its_own_about_badges() {
    let w = World::with(|config| config.organizations = cairn_value::policy::Policy::Open).await;
    let badge = w.badge(&w.learner).await;
    w.app.run_jobs().await;
    w.app.execute("UPDATE organization SET standing = 'unconfirmed'").await;
    let before = w.app.mails_to(w.learner.email()).await.len();
    for _ in 0..5 {
        for change in ["suspend", "reinstate"] {
            let fields = [("change", change), ("reason", "Your account is locked, call us")];
            w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
        }
    }
    w.app.run_jobs().await;
    let letters = w.app.mails_to(w.learner.email()).await;
    assert_eq!(letters.len() - before, 2, "one of each kind a day");
    let about: Vec<_> = letters
        .iter()
        .filter(|l| l.subject.contains("Suspended") || l.subject.contains("In force"))
        .collect();
    assert_eq!(about.len(), 2);
    for letter in about {
        assert!(!letter.plain.contains("account is locked"), "{}", letter.plain);
        assert!(letter.plain.contains("Nobody has confirmed who this organisation is"), "{}", letter.plain);
    }
}
