//! Who the issuer is: what waits for the operator shows and issues nothing.

use crate::chain::{World, between, definition};
use crate::harness::{Browser, Page, TestApp};
use axum::http::Method;
use cairn::http::Allow;
use cairn_value::policy::Policy;
use serde_json::json;

const ORGANIZATION: &str = "/organizations/northfjord";
const DECISION: &str = "/operator/organizations/northfjord/decision";
const WAITS: &str = "has not confirmed the organisation yet";
/// As if it had been founded a moment ago.
const UNCONFIRMED: &str = "UPDATE organization SET standing = 'unconfirmed', standing_before = 'unconfirmed'";

pub async fn decide(operator: &Browser, slug: &str, name: &str, decision: &str, reason: &str) -> Page {
    let fields = [("decision", decision), ("reason", reason), ("name", name)];
    operator.post(&format!("/operator/organizations/{slug}/decision"), &fields).await
}

/// Founds an organisation on the page; its path.
pub async fn found(owner: &Browser, slug: &str, name: &str) -> String {
    let fields = [
        ("name", name),
        ("slug", slug),
        ("kind", "university"),
        ("country", "NO"),
        ("language", "en"),
        ("url", ""),
        ("email", ""),
        ("description", ""),
        ("issues", "on"),
    ];
    owner.post("/organizations", &fields).await.location()
}

async fn award(w: &World, address: &str) -> Page {
    let program = w.app.api(&w.app.token(&w.owner, cairn_actions::account::SCOPES).await);
    let body = json!({ "achievement": w.key, "recipients": [{ "name": "Zoe", "email": address }] });
    let headers = [("idempotency-key", address)];
    program.send(Method::POST, "/api/v1/organizations/northfjord/awards", &headers, Some(&body)).await
}

/// Uploads a list and starts it.
async fn roster(w: &World) -> Page {
    let files = [("file", "list.csv", &b"name,email\nBo,bo@people.example\n"[..])];
    let path =
        w.owner.upload(&format!("{ORGANIZATION}/rosters"), &[("achievement", "walking")], &files).await;
    w.owner.post(&format!("{}/start", path.location()), &[]).await
}

/// What a check on the public page says of a badge.
async fn check(w: &World, document: &[u8]) -> Page {
    w.app.visitor().upload("/verify", &[], &[("file", "badge.json", document)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_organisation_shows_nothing_and_its_desk_says_what_to_do() {
    let app = TestApp::new().await;
    let (owner, visitor) = (app.person("Oskar").await, app.visitor());
    let path = found(&owner, "harvard", "Harvard University").await;
    owner.get(&path).await.is(200).has("Nobody has confirmed who this organisation is");
    let desk = format!("{path}/confirmation");
    owner.get(&desk).await.is(200).has("The operator of this instance has not decided yet");
    for address in ["/issuers/harvard", "/issuers/harvard.json", "/issuers/harvard/did.json"] {
        visitor.get(address).await.is(404);
    }
    visitor.get("/catalog").await.is(200).lacks("Harvard");
    cairn_actions::achievement::create(&app, &owner.actor().await, "harvard", Some("mba"), definition())
        .await
        .unwrap();
    let publication = format!("{path}/achievements/mba/publication");
    let refused = owner.post(&publication, &[]).await;
    assert!(refused.status.is_client_error(), "{refused}");
    refused.has(WAITS);
    assert_eq!(app.count("SELECT count(*) FROM achievement_version").await, 0);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unconfirmed_organisation_issues_by_no_way_and_does_once_confirmed() {
    let w = World::new().await;
    w.hand_in(&w.learner).await;
    let review = w.waiting().await;
    w.app.execute(UNCONFIRMED).await;
    award(&w, "zoe@people.example").await.is(409).has(WAITS);
    roster(&w).await.has(WAITS);
    let ben = w.app.person("Ben").await;
    ben.post("/catalog/northfjord.walking/enrollments", &[]).await.has(WAITS);
    let accept = [("points-plan", "2"), ("comment", "Well done"), ("verdict", "accept")];
    let refused = w.reviewer.post(&format!("{review}/decision"), &accept).await;
    assert!(refused.status.is_client_error(), "{refused}");
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 0);
    let olga = w.app.operator("Olga").await;
    decide(&olga, "northfjord", "northfjord University", "confirm", "").await.is(303);
    award(&w, "zoe@people.example").await.is(201);
    w.reviewer.post(&format!("{review}/decision"), &accept).await.is(303);
    ben.post("/catalog/northfjord.walking/enrollments", &[]).await.is(303);
    w.app.run_jobs().await;
    assert_eq!(w.app.count("SELECT count(*) FROM credential").await, 2);
    let letters = w.app.mails_to("oskar@people.example").await;
    assert!(letters.iter().any(|l| l.subject == "Confirmed: northfjord University"), "{letters:?}");
    w.owner.get(&format!("{ORGANIZATION}/audit")).await.has("Confirmed by the operator");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_instance_lets_it_issue_and_every_verdict_says_so() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    w.app.execute(UNCONFIRMED).await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    w.app.visitor().get(&badge).await.is(200).has("Nobody has confirmed who this issuer is");
    let document = w.app.visitor().get(&format!("{badge}.json")).await.body;
    let page = check(&w, &document).await;
    page.is(200).has("Nobody has confirmed who this issuer is").lacks("Not verified");
    let body = json!({ "credential": serde_json::from_slice::<serde_json::Value>(&document).unwrap() });
    let report = w.app.api("").post("/api/v1/verifications", &body).await.json();
    assert_eq!(report["verdict"], "warning", "{report}");
    assert!(report.to_string().contains("issuer_standing"), "{report}");
    let visitor = w.app.visitor();
    for path in ["/issuers/northfjord", "/catalog/northfjord.walking"] {
        visitor.get(path).await.is(200).has("Nobody has confirmed who this organisation is");
    }
    visitor.get("/catalog").await.has("Walking with a plan");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_badges_of_a_suspended_organisation_carry_a_warning_and_no_new_ones_come() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let document = w.app.visitor().get(&format!("{badge}.json")).await.body;
    check(&w, &document).await.has("Everything that can be checked");
    let olga = w.app.operator("Olga").await;
    decide(&olga, "northfjord", "northfjord University", "suspend", " ").await.is(409).has("Give a reason");
    decide(&olga, "northfjord", "northfjord University", "suspend", "Complaints").await.is(303);
    let said = "The operator of this instance has suspended this issuer";
    check(&w, &document).await.is(200).has(said).lacks("Not verified");
    w.app.visitor().get(&badge).await.is(200).has(said);
    award(&w, "zoe@people.example").await.is(409).has("suspended the organisation");
    w.app.visitor().get("/issuers/northfjord").await.is(200).has("has suspended this organisation");
    w.app.visitor().get("/catalog/northfjord.walking").await.is(200).has("has suspended this organisation");
    w.app.visitor().get("/catalog").await.lacks("Walking with a plan");
    w.owner.get(&format!("{ORGANIZATION}/confirmation")).await.has("Complaints");
    decide(&olga, "northfjord", "northfjord University", "lift", "").await.is(303);
    award(&w, "zoe@people.example").await.is(201);
    check(&w, &document).await.has("Everything that can be checked");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_an_unconfirmed_organisation_is_public_but_what_checks_need() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    let document = w.app.visitor().get(&format!("{badge}.json")).await.body;
    w.app.execute(UNCONFIRMED).await;
    let (visitor, program) = (w.app.visitor(), w.app.api(""));
    let key = &w.key;
    for path in [
        "/".to_owned(),
        "/catalog".into(),
        "/catalog?q=walking".into(),
        format!("/catalog/compare?a={key}"),
        "/catalog?organization=northfjord".into(),
    ] {
        visitor.get(&path).await.is(200).lacks("Walking with a plan").lacks("northfjord University");
    }
    for path in [
        format!("/catalog/{key}"),
        format!("/catalog/{key}/versions"),
        format!("/catalog/{key}/versions/1"),
        "/issuers/northfjord".into(),
        "/issuers/northfjord.json".into(),
    ] {
        visitor.get(&path).await.is(404);
    }
    program.get("/api/v1/achievements").await.is(200).lacks("Walking");
    program.get("/api/v1/achievements?q=walking").await.is(200).lacks("Walking");
    program.get(&format!("/api/v1/achievements/{key}")).await.is(404);
    // what has been issued can still be checked
    visitor.get("/issuers/northfjord/did.json").await.is(200);
    check(&w, &document).await.is(200).has("Nobody has confirmed who this issuer is").lacks("Not verified");
    w.learner.get(&badge).await.is(200);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_like_another_waits_for_the_operator_even_on_an_open_instance() {
    let app = TestApp::with(|c| c.organizations = Policy::Open).await;
    let (owner, eve, olga) = (app.person("Oskar").await, app.person("Eve").await, app.operator("Olga").await);
    found(&owner, "northfjord", "Northfjord University").await;
    // a Cyrillic о, and the very same name
    let one = found(&eve, "one", "N\u{43e}rthfjord University").await;
    found(&eve, "two", "northfjord  university").await;
    eve.get(&format!("{one}/confirmation")).await.has("Your name looks like another organisation");
    assert_eq!(app.count("SELECT count(*) FROM organization WHERE standing = 'contested'").await, 2);
    olga.get("/operator/organizations")
        .await
        .is(200)
        .has("looks like another")
        .has("/operator/organizations/two");
    olga.get("/operator/organizations/one")
        .await
        .is(200)
        .has("Northfjord University")
        .has("eve@people.example");
    app.visitor().get("/issuers/one").await.is(404);
    app.visitor().get("/issuers/northfjord").await.is(200);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invitations_of_an_unconfirmed_organisation_say_so_and_are_few() {
    use cairn_actions::limit::INVITATION_UNCONFIRMED;
    for policy in [Policy::Approved, Policy::Open] {
        let app = TestApp::with(|c| c.organizations = policy).await;
        let (owner, olga) = (app.person("Oskar").await, app.operator("Olga").await);
        let path = found(&owner, "bank", "Your Bank blocked your account").await;
        let invite = async |address: &str| {
            let fields = [("email", address), ("role", "reviewer")];
            owner.post(&format!("{path}/invitations"), &fields).await
        };
        for n in 0..INVITATION_UNCONFIRMED.most {
            invite(&format!("bo{n}@people.example")).await.is(303);
        }
        invite("late@people.example").await.is(429);
        let letter = app.mails_to("bo0@people.example").await.remove(0);
        assert!(!letter.subject.contains("Bank"), "{}", letter.subject);
        assert!(letter.plain.contains("Nobody has confirmed who this organisation is"), "{}", letter.plain);
        decide(&olga, "bank", "Your Bank blocked your account", "confirm", "").await.is(303);
        invite("late@people.example").await.is(303);
        let letter = app.mails_to("late@people.example").await.remove(0);
        assert!(letter.subject.contains("Your Bank") && !letter.plain.contains("Nobody has confirmed"));
        app.run_jobs().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_with_links_or_turned_letters_are_refused() {
    let app = TestApp::new().await;
    let owner = app.person("Oskar").await;
    for name in ["Win at https://evil.example", "North\u{202e}fjord", "a\u{7}b"] {
        let fields = [
            ("name", name),
            ("slug", "x"),
            ("kind", "university"),
            ("country", "NO"),
            ("language", "en"),
            ("url", ""),
            ("email", ""),
            ("description", ""),
            ("issues", "on"),
        ];
        owner.post("/organizations", &fields).await.is(422);
    }
    assert_eq!(app.count("SELECT count(*) FROM organization").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_operators_decide_and_only_on_the_name_they_have_read() {
    let app = TestApp::new().await;
    let (owner, olga) = (app.person("Oskar").await, app.operator("Olga").await);
    found(&owner, "northfjord", "Northfjord").await;
    decide(&owner, "northfjord", "Northfjord", "confirm", "").await.is(404);
    owner.get("/operator/organizations").await.is(404);
    decide(&olga, "northfjord", "Another", "confirm", "").await.is(409).has("changed its name");
    decide(&olga, "northfjord", "Northfjord", "decline", "Who are you?").await.is(303);
    let desk = format!("{ORGANIZATION}/confirmation");
    owner.get(&desk).await.has("Who are you?").has("Ask again");
    owner.post(&desk, &[]).await.leads_to(&desk);
    decide(&olga, "northfjord", "Northfjord", "confirm", "").await.is(303);
    olga.post(DECISION, &[("decision", "explode"), ("name", "Northfjord")]).await.is(422);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_waits_and_the_old_one_stays() {
    let w = World::new().await;
    let page = w.owner.get(&format!("{ORGANIZATION}/profile")).await;
    let mut fields = page.form(&format!("{ORGANIZATION}/profile"));
    fields.iter_mut().filter(|(n, _)| n == "name").for_each(|(_, v)| *v = "Harvard University".into());
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    w.owner.post(&format!("{ORGANIZATION}/profile"), &fields).await.is(303);
    w.app.visitor().get("/issuers/northfjord").await.has("northfjord University").lacks("Harvard");
    w.owner.get(&format!("{ORGANIZATION}/confirmation")).await.has("“Harvard University” waits");
    let olga = w.app.operator("Olga").await;
    olga.get("/operator/organizations").await.has("Harvard University");
    decide(&olga, "northfjord", "Harvard University", "decline", "You are not").await.is(303);
    w.app.visitor().get("/issuers/northfjord").await.has("northfjord University").lacks("Harvard");
    award(&w, "zoe@people.example").await.is(201);
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_had_issued_before_goes_on_and_is_not_yet_looked_at() {
    let w = World::new().await;
    let badge = w.badge(&w.learner).await;
    w.learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.is(303);
    w.app.organization("fresh", &[]).await;
    w.app.execute(UNCONFIRMED).await;
    // what the upgrade itself says of those that are there
    let text = include_str!("../../actions/migrations/0010_standing.sql");
    let update = text[text.find("UPDATE organization").unwrap()..].trim_end_matches([';', '\n']);
    w.app.execute(update).await;
    assert_eq!(w.app.count("SELECT count(*) FROM organization WHERE standing = 'not_looked_at'").await, 1);
    award(&w, "zoe@people.example").await.is(201);
    w.app.visitor().get(&badge).await.is(200).has("has not yet looked at who this issuer is");
    w.app.visitor().get("/issuers/northfjord").await.is(200).has("has not yet looked at");
    w.app.visitor().get("/catalog").await.has("Walking with a plan");
    let olga = w.app.operator("Olga").await;
    olga.get("/operator/organizations").await.has("not yet looked at").has("northfjord");
    decide(&olga, "northfjord", "northfjord University", "confirm", "").await.is(303);
    // a page's check is kept for ten seconds
    w.app.pass(jiff::SignedDuration::from_secs(11));
    w.app.visitor().get(&badge).await.has("Everything that can be checked");
    w.app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_decisions_at_once_one_is_told_that_it_came_late() {
    let app = TestApp::new().await;
    let (owner, olga, otto) =
        (app.person("Oskar").await, app.operator("Olga").await, app.operator("Otto").await);
    found(&owner, "northfjord", "Northfjord").await;
    let (one, two) = tokio::join!(
        decide(&olga, "northfjord", "Northfjord", "confirm", ""),
        decide(&otto, "northfjord", "Northfjord", "confirm", "")
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind = 'organization.confirmed'").await, 1);
    app.run_jobs().await;
}

/// Operators are made by the program itself, while no mail server is there.
#[test]
fn operators_are_made_and_unmade_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let cairn = |words: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_cairn"))
            .args(["operator"])
            .args(words)
            .env("CAIRN_DATA", folder.path())
            .env("CAIRN_BASE_URL", "http://cairn.test")
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    };
    assert!(cairn(&["list"]).1.contains("There is no operator"));
    let (well, said) = cairn(&["add", "Olga@people.example"]);
    assert!(
        well && said.contains("has an account and is an operator")
            && said.contains("http://cairn.test/links/")
    );
    let (well, said) = cairn(&["add", "olga@people.example"]);
    assert!(well && said.contains("is an operator") && !said.contains("has an account"), "{said}");
    assert!(cairn(&["list"]).1.to_lowercase().contains("olga@people.example"));
    assert!(!cairn(&["add", "nonsense"]).0);
    assert!(!cairn(&["remove", "nobody@people.example"]).0);
    assert!(cairn(&["remove", "olga@people.example"]).0);
    let (well, said) = cairn(&["remove", "olga@people.example"]);
    assert!(!well && said.contains("no operator"), "{said}");
    assert!(cairn(&["list"]).1.contains("There is no operator"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_of_the_command_line_signs_in_once() {
    let app = TestApp::new().await;
    let email = cairn_value::email::Email::parse("olga@people.example").unwrap();
    let added = cairn_actions::account::add_operator(&app, &email).await.unwrap();
    assert!(added.is_new_account && added.is_new_operator);
    let path = added.link.trim_start_matches("http://cairn.test").to_owned();
    let browser = app.visitor();
    browser.post(&path, &[]).await.is(303);
    browser.get("/operator/organizations").await.is(200).has("Nothing waits for you");
    let second = app.visitor().post(&path, &[]).await;
    assert!(second.status.is_client_error() || second.location().contains("sign-in"), "{second}");
    app.leave_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn german_readers_read_german() {
    let app = TestApp::new().await;
    let owner = app.person("Oskar").await;
    let path = found(&owner, "harvard", "Harvard University").await;
    owner.set_cookie("cairn_language", "de");
    owner.get(&path).await.has("Niemand hat bestätigt");
    let desk = owner.get(&format!("{path}/confirmation")).await;
    desk.is(200).has("Betreiber").lacks("operator");
    let said = owner.post(&format!("{path}/domains"), &[("domain", "cairn.github.io")]).await;
    said.is(422).has("teilen").lacks("many share");
    let _ = between(&desk, "<main", "</main>");
}

/// The class: whoever gets a letter reads who sent it and why, in every kind and language.
#[test]
fn every_kind_of_letter_says_who_sent_it_and_why() {
    use cairn_platform::text::Language;
    let mut kinds = 0;
    for file in crate::invariants::files(&["crates/app/text"], &["ftl"]) {
        for kind in file.text.lines().filter_map(|l| l.strip_prefix("mail-")?.split_once("-subject =")) {
            kinds += 1;
            for language in [Language::En, Language::De] {
                let key = format!("mail-{}-why", kind.0);
                assert!(language.has(&key), "{key} is missing in {}", language.code());
                assert!(
                    language.text(&key, &[("instance", "Hill")]).contains("Hill"),
                    "{key} names no sender"
                );
            }
        }
    }
    assert!(kinds > 50, "{kinds}");
}

/// What a public address may be filled with.
async fn names_of(w: &World) -> Vec<String> {
    let mut conn = w.app.db.read().await.unwrap();
    let (version, achievement): (String, String) =
        sqlx::query_as("SELECT id, achievement FROM achievement_version")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    vec![
        "northfjord".into(),
        "northfjord.json".into(),
        w.key.clone(),
        w.organization.to_string(),
        format!("{version}.png"),
        format!("{version}.svg"),
        version,
        achievement,
        "1".into(),
    ]
}

/// Every address of the table that anybody may open, filled with each of these names, and with questions.
async fn public_pages(w: &World) -> Vec<Page> {
    let names = names_of(w).await;
    let visitor = w.app.visitor();
    let mut pages = vec![];
    for line in cairn::web::routes(&w.app).split().1 {
        let is_public = matches!(line.allow, Allow::Anyone | Allow::Program) && line.method == Method::GET;
        if !is_public || line.path.starts_with("/assets/") {
            continue;
        }
        let mut paths: Vec<String> = vec![];
        if line.path.contains('{') {
            for name in &names {
                let fill = |part: &str| match part {
                    "{number}" => "1".to_owned(),
                    part if part.starts_with('{') => name.clone(),
                    part => part.to_owned(),
                };
                paths.push(line.path.split('/').map(fill).collect::<Vec<_>>().join("/"));
            }
        } else {
            paths.push(line.path.to_owned());
            for query in
                ["q=walking", "organization=northfjord", "key=northfjord.walking", "a=northfjord.walking"]
            {
                paths.push(format!("{}?{query}", line.path));
            }
        }
        for path in paths {
            pages.push(visitor.get(&path).await);
        }
    }
    pages
}

/// The class: nothing that is public shows an organisation that nobody has confirmed, or a picture of its.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_public_address_shows_an_organisation_that_waits() {
    let w = World::new().await;
    let shows = |page: &Page| {
        let text = page.text();
        page.status == 200
            && (text.contains("northfjord University")
                || text.contains("Walking with a plan")
                || page.header("content-type").starts_with("image/") && page.what.contains("/images/"))
    };
    let before = public_pages(&w).await;
    assert!(before.iter().filter(|p| shows(p)).count() >= 8, "the walk finds what is public");
    w.app.execute(UNCONFIRMED).await;
    for page in public_pages(&w).await {
        assert!(!shows(&page), "{page}");
    }
    w.app.leave_jobs();
}

/// The class: where an open instance shows one, it says that nobody has confirmed it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_public_page_of_an_open_instance_says_who_is_not_confirmed() {
    let w = World::with(|c| c.organizations = Policy::Open).await;
    w.app.execute(UNCONFIRMED).await;
    let mut shown = 0;
    for page in public_pages(&w).await {
        if page.status == 200 && page.is_html() && page.text().contains("northfjord University") {
            page.has("Nobody has confirmed");
            shown += 1;
        }
    }
    assert!(shown >= 4, "{shown}");
    w.app.leave_jobs();
}
