//! Short texts of one person that another reads, on pages and in letters: one
//! rule for all of them.

use crate::achievement::definition;
use crate::harness::{Role, TestApp};
use cairn_actions::achievement::{self, create};
use cairn_domain::achievement::SkillLink;
use std::collections::BTreeSet;

const BASE: &str = "/organizations/north/achievements/hygiene";
const LINK: &str = "Win at https://evil.example";
const REFUSED: &str = "no web or mail address";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_texts_of_a_definition_are_refused_beside_their_fields() {
    let app = TestApp::new().await;
    let dora = app.person("Dora").await;
    app.organization("north", &[(&dora, Role::Designer)]).await;
    create(&app, &dora.actor().await, "north", Some("hygiene"), definition("Hygiene")).await.unwrap();
    let change = async |path: &str, change: &[(&str, &str)]| {
        let page = dora.get(&format!("{BASE}/{path}")).await;
        let mut fields = page.form(&format!("{BASE}/{path}"));
        for (name, value) in change {
            fields.retain(|(n, _)| n != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        dora.post(&format!("{BASE}/{path}"), &fields).await
    };
    for (path, field) in [
        ("basics", "title"),
        ("basics", "summary"),
        ("basics", "tags"),
        ("elements", "national"),
        ("skills", "name"),
        ("skills", "framework"),
        ("translation", "title"),
        ("translation", "summary"),
        ("requirements/m1", "title"),
    ] {
        // a skill's framework needs a name beside it
        let with_name = [(field, LINK), ("name", "soap")];
        let fields = if field == "framework" { &with_name[..] } else { &with_name[..1] };
        let page = change(path, fields).await;
        assert_eq!(page.status, 422, "{path} {field}");
        page.has(REFUSED).has("Win at");
    }
    let add = async |kind: &str, title: &str| {
        let version = dora.get(&format!("{BASE}/requirements")).await.value("version");
        let fields =
            [("version", &*version), ("do", "add"), ("kind", kind), ("group", "root"), ("title", title)];
        dora.post(&format!("{BASE}/requirements"), &fields).await
    };
    add("project", LINK).await.is(422).has(REFUSED).has("Win at");
    let project = add("project", "Plan").await.location();
    let rubric = format!("{}/rubric", project.trim_start_matches(&format!("{BASE}/")));
    for field in ["c0-title", "c0-l0-title"] {
        let page = change(&rubric, &[("c0-title", "Plans"), (field, LINK)]).await;
        assert_eq!(page.status, 422, "{field}");
        page.has(REFUSED);
    }
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_before_does_not_stop_other_work_and_is_not_published() {
    let app = TestApp::new().await;
    let dora = app.person("Dora").await;
    app.organization("north", &[(&dora, Role::Designer)]).await;
    let actor = dora.actor().await;
    let mut d = definition("Hygiene");
    d.skills = vec![SkillLink { name: "soap".into(), ..SkillLink::default() }];
    create(&app, &actor, "north", Some("hygiene"), d.clone()).await.unwrap();
    let mut bad = d.clone();
    bad.skills[0].name = LINK.into();
    let said = create(&app, &actor, "north", Some("other"), bad.clone()).await.unwrap_err();
    assert_eq!(cairn::http::problem::details(&said).fields[0].field, "/skills/0/name");
    let said = achievement::save(&app, &actor, "north", "hygiene", 0, &bad).await.unwrap_err();
    assert_eq!(cairn::http::problem::details(&said).fields[0].field, "/skills/0/name");
    app.execute("UPDATE achievement SET draft = replace(draft, '\"soap\"', '\"https://evil.example\"')")
        .await;
    d.skills[0].name = "https://evil.example".into();
    d.workload.hours = 13;
    achievement::save(&app, &actor, "north", "hygiene", 0, &d).await.unwrap();
    assert!(achievement::publish(&app, &actor, "north", "hygiene").await.is_err());
    app.run_jobs().await;
}

/// Where a value of a letter comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Follows the rule for names where it is taken in.
    Named,
    /// A number, a date, a hash, an address, a word of ours.
    Ours,
    /// A longer text of somebody who answers for it; stands in the body, never in the subject.
    Long,
}

/// Every value that a letter puts into its words.
const VALUES: &[(&str, &[(&str, Source)])] = {
    use Source::{Long, Named, Ours};
    // names: account::check_name, roster, API and correction (Recipient); organisations: organization::check;
    // titles and requirements: Definition::short_texts; the instance's name and address are its settings
    &[
        ("accepted", &[("name", Named), ("title", Named), ("requirement", Named), ("comment", Long)]),
        ("returned", &[("name", Named), ("title", Named), ("requirement", Named), ("comment", Long)]),
        ("declined", &[("name", Named), ("title", Named), ("requirement", Named), ("comment", Long)]),
        ("announcement", &[("name", Named), ("organization", Named), ("title", Named), ("text", Long)]),
        ("address-added", &[("name", Named), ("address", Ours)]),
        ("address-primary", &[("name", Named), ("address", Ours)]),
        ("address-removed", &[("name", Named), ("address", Ours)]),
        ("audit-head", &[("day", Ours), ("head", Ours), ("line", Ours)]),
        ("award", &[("name", Named), ("organization", Named), ("title", Named)]),
        ("award-claim", &[("name", Named), ("organization", Named), ("title", Named)]),
        ("award-unconfirmed", &[("name", Named), ("organization", Named), ("title", Named)]),
        ("award-claim-unconfirmed", &[("name", Named), ("organization", Named), ("title", Named)]),
        ("confirm", &[("name", Named)]),
        ("correct", &[("name", Named), ("organization", Named), ("title", Named), ("reason", Long)]),
        ("reinstate", &[("name", Named), ("organization", Named), ("title", Named), ("reason", Long)]),
        ("revoke", &[("name", Named), ("organization", Named), ("title", Named), ("reason", Long)]),
        ("suspend", &[("name", Named), ("organization", Named), ("title", Named), ("reason", Long)]),
        ("domain-ended", &[("name", Named), ("organization", Named), ("domain", Ours)]),
        ("domain-missing", &[("name", Named), ("organization", Named), ("domain", Ours)]),
        ("invitation", &[("inviter", Named), ("organization", Named), ("role", Ours)]),
        ("invitation-unconfirmed", &[("inviter", Named), ("organization", Named), ("role", Ours)]),
        (
            "key-ended",
            &[("name", Named), ("organization", Named), ("key", Ours), ("date", Ours), ("count", Ours)],
        ),
        ("organization-confirmed", &[("name", Named), ("organization", Named)]),
        ("organization-declined", &[("name", Named), ("organization", Named), ("reason", Long)]),
        ("organization-lifted", &[("name", Named), ("organization", Named)]),
        ("organization-suspended", &[("name", Named), ("organization", Named), ("reason", Long)]),
        ("organizations-wait", &[("name", Named), ("count", Ours)]),
        ("password-changed", &[("name", Named)]),
        ("sign-in", &[]),
        ("sign-up", &[("name", Named)]),
        ("sign-up-known", &[]),
        ("submitted", &[("name", Named), ("organization", Named), ("title", Named)]),
        ("token-end", &[("name", Named), ("token", Named), ("date", Ours)]),
        ("verify", &[("name", Named), ("account", Ours)]),
        // around every letter
        ("footer", &[("name", Ours), ("url", Ours)]),
        ("footer-named", &[("name", Ours), ("url", Ours)]),
        // a page of the demo, no letter
        ("box-to", &[("address", Ours)]),
    ]
};

/// The class: whoever puts another value into a letter says here where it comes from.
#[test]
fn every_value_that_letters_show_is_known() {
    let known: BTreeSet<(String, String)> = VALUES
        .iter()
        .flat_map(|(kind, values)| values.iter().map(|(v, _)| ((*kind).to_owned(), (*v).to_owned())))
        .collect();
    let mut shown = BTreeSet::new();
    for file in crate::invariants::files(&["crates/app/text"], &["ftl"]) {
        let mut message = String::new();
        for line in file.text.lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '#'])) {
                message = key.to_owned();
            }
            let Some(key) = message.strip_prefix("mail-") else { continue };
            let parts = ["-subject", "-text", "-why", "-button"];
            let (kind, part) =
                parts.iter().find_map(|part| Some((key.strip_suffix(part)?, *part))).unwrap_or((key, ""));
            for value in line.split('$').skip(1) {
                let value: String =
                    value.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if value == "instance" {
                    continue;
                }
                let source = VALUES.iter().filter(|(k, _)| *k == kind).flat_map(|(_, v)| *v);
                let source = source.into_iter().find(|(v, _)| *v == value).map(|(_, source)| *source);
                assert!(part != "-subject" || source != Some(Source::Long), "{key}: {value} is too long");
                shown.insert((kind.to_owned(), value));
            }
        }
    }
    let new: Vec<_> = shown.difference(&known).collect();
    assert!(new.is_empty(), "say where these values of letters come from, and check them: {new:?}");
    let gone: Vec<_> = known.difference(&shown).collect();
    assert!(gone.is_empty(), "no letter shows these any more: {gone:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_to_the_api_have_names_that_may_stand_in_letters() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let person = amy.person();
    for bad in ["", "a\nb", "pay\u{202E}pal", LINK, &"x".repeat(121)] {
        let said = cairn_actions::account::issue_token(&app, person, bad, "me:read", 30).await.unwrap_err();
        assert_eq!(cairn::http::problem::details(&said).fields[0].field, "token_name", "{bad:?}");
    }
    cairn_actions::account::issue_token(&app, person, "Campus Node.js", "me:read", 30).await.unwrap();
}

/// The class: what people wrote can neither begin a paragraph of a letter nor turn its text round.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_of_people_stand_in_letters_as_quotations() {
    let w = crate::chain::World::new().await;
    let badge = w.badge(&w.learner).await;
    let reason = "Late.\r\n\r\nYour account ends today.\u{202E}olleh";
    let fields = [("change", "revoke"), ("reason", reason)];
    w.owner.post(&format!("{badge}/status"), &fields).await.is(303);
    w.app.run_jobs().await;
    let letters = w.app.mails_to("amy@people.example").await;
    let letter = letters.iter().find(|l| l.plain.contains("Late.")).unwrap();
    assert!(letter.plain.contains("Late.\n> \n> Your account ends today.olleh"), "{}", letter.plain);
    assert!(!letter.html.contains("<p>Your account"), "{}", letter.html);
    assert!(!letter.html.contains('\u{202E}') && !letter.plain.contains('\u{202E}'));
}
