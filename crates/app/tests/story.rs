//! The whole story through HTTP, by the people it happens to: a designer makes
//! a micro-credential, a learner earns it, a reviewer judges it, a visitor
//! checks the picture, an owner revokes it. Runs on both databases.

use crate::chain::between;
use crate::harness::{Browser, Role, TestApp};
use cairn_actions::credential;

/// The designer writes, section by section, and publishes.
async fn define(designer: &Browser) -> String {
    let base = "/organizations/northfjord/achievements";
    let fields =
        [("title", "Trail reading"), ("programme", "project"), ("field", "human-skills"), ("language", "en")];
    designer.post(base, &fields).await.leads_to(&format!("{base}/trail-reading/basics"));
    let one = format!("{base}/trail-reading");
    let save = async |section: &str, fields: &[(&str, &str)]| {
        let path = format!("{one}/{section}");
        let version = designer.get(&path).await.is(200).value("version");
        let mut all = vec![("version", version.as_str()), ("do", "save")];
        all.extend_from_slice(fields);
        designer.post(&path, &all).await.leads_to(&path);
    };
    let basics = [
        ("title", "Trail reading"),
        ("summary", "Find the way by what others left."),
        ("description", "For everybody who walks where there is no path."),
        ("outcomes", "Reads a trail"),
        ("tags", "trails"),
        ("programme", "project"),
        ("field", "human-skills"),
        ("language", "en"),
    ];
    save("basics", &basics).await;
    let elements = [
        ("hours", "6"),
        ("eqf", "3"),
        ("participation", "blended"),
        ("assessment", "project"),
        ("assurance", "Internal"),
    ];
    save("elements", &elements).await;
    let requirements = format!("{one}/requirements");
    let add = async |kind: &str, title: &str| {
        let version = designer.get(&requirements).await.is(200).value("version");
        let fields =
            [("version", &*version), ("do", "add"), ("kind", kind), ("group", "root"), ("title", title)];
        designer.post(&requirements, &fields).await.location()
    };
    let module = add("module", "Stones").await;
    let version = designer.get(&module).await.value("version");
    let text =
        [("version", &*version), ("title", "Stones"), ("minutes", "15"), ("brief", "A cairn marks a path.")];
    designer.post(&module, &text).await.leads_to(&module);
    let project = add("project", "A trail of your own").await;
    let version = designer.get(&project).await.value("version");
    let text = [
        ("version", &*version),
        ("title", "A trail of your own"),
        ("minutes", "90"),
        ("brief", "Mark a trail."),
    ];
    designer.post(&project, &text).await.leads_to(&project);
    let rubric = format!("{project}/rubric");
    let version = designer.get(&rubric).await.is(200).value("version");
    let rows = [
        ("version", &*version),
        ("pass", "1"),
        ("c0-id", ""),
        ("c0-title", "Others find the way"),
        ("c0-description", ""),
        ("c0-required", "1"),
        ("c0-l0-title", "No"),
        ("c0-l0-points", "0"),
        ("c0-l0-description", ""),
        ("c0-l1-title", "Yes, easily"),
        ("c0-l1-points", "1"),
        ("c0-l1-description", ""),
        ("do", "save"),
    ];
    designer.post(&rubric, &rows).await.leads_to(&project);
    let publication = format!("{one}/publication");
    let version = designer.get(&publication).await.is(200).value("version");
    designer.post(&publication, &[("version", &version)]).await.leads_to(&one);
    "/catalog/northfjord.trail-reading".into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_story() {
    let app = TestApp::new().await;
    let (owner, designer) = (app.person("Oskar").await, app.person("Dana").await);
    let (reviewer, learner) = (app.person("Ray").await, app.person("Amy").await);
    let members = [(&owner, Role::Owner), (&designer, Role::Designer), (&reviewer, Role::Reviewer)];
    let organization = app.organization("northfjord", &members).await;
    let mut tx = app.db.begin().await.unwrap();
    credential::key::rotate(&mut tx, &app, organization, "system").await.unwrap();
    tx.commit().await.unwrap();

    let page = define(&designer).await;

    // the learner finds it, although she mistypes it
    learner.get("/catalog?q=trial+raeding").await.is(200);
    learner.get("/catalog?q=trail").await.is(200).has("Trail reading");
    learner.get(&page).await.is(200).has("Reads a trail").has("6 hours");
    let enrollment = learner.post(&format!("{page}/enrollments"), &[]).await.location();
    let tree = learner.get(&enrollment).await;
    tree.is(200).has("Stones").has("A trail of your own");
    let module = tree.link("Stones");
    learner.get(&module).await.is(200).has("A cairn marks a path.");
    learner.post(&format!("{module}/reading"), &[]).await.leads_to(&enrollment);
    let project = tree.link("A trail of your own");
    let files = [
        ("files", "trail.pdf", &b"%PDF-1.4\n1 0 obj\n"[..]),
        ("files", "notes.txt", &b"North by the brook."[..]),
    ];
    learner.upload(&format!("{project}/evidence"), &[], &files).await.leads_to(&project);
    let link = [("url", "https://trails.example/amy"), ("link_title", "Photos")];
    learner.upload(&format!("{project}/evidence"), &link, &[]).await.leads_to(&project);
    let submission = between(&learner.get(&project).await, "/submissions/", "/");
    let with = [("message", "Please walk it"), ("show_evidence", "on")];
    learner.post(&format!("/submissions/{submission}/handing-in"), &with).await.leads_to(&project);

    // the reviewer is told, opens it, judges it
    app.run_jobs().await;
    assert_eq!(app.mails_to("ray@people.example").await.len(), 1);
    let review = format!("/reviews/{submission}");
    reviewer.get("/reviews").await.is(200).has("A trail of your own").has("Amy");
    reviewer.post(&format!("{review}/opening"), &[]).await.leads_to(&review);
    let workspace = reviewer.get(&review).await;
    workspace.is(200).has("Please walk it").has("trail.pdf").has("Photos").has("Others find the way");
    let criterion = between(&workspace, "name=\"points-", "\"");
    let name = format!("points-{criterion}");
    let fields = [(name.as_str(), "1"), ("comment", "I was home before dark"), ("verdict", "accept")];
    reviewer.post(&format!("{review}/decision"), &fields).await.leads_to("/reviews");

    // the learner is told, shares the badge, takes its picture
    app.run_jobs().await;
    let letters = app.mails_to("amy@people.example").await;
    assert_eq!(letters.len(), 2, "accepted and awarded: {letters:?}");
    let badge = format!("/c/{}", between(&learner.get("/badges").await, "href=\"/c/", "\""));
    learner.post(&format!("{badge}/sharing"), &[("share", "yes")]).await.leads_to(&badge);
    let png = learner.get(&format!("{badge}.png")).await;
    assert_eq!(png.is(200).header("content-type"), "image/png");

    // anybody checks it: valid, then revoked
    let visitor = app.visitor();
    visitor.get(&badge).await.is(200).lacks("Please walk it").has("Yes, easily").has("notes.txt");
    let check = async || visitor.upload("/verify", &[], &[("file", "badge.png", &png.body)]).await;
    check().await.is(200).has("Everything that can be checked is in order").has("northfjord University");
    let fields = [("change", "revoke"), ("reason", "The trail was somebody else's")];
    owner.post(&format!("{badge}/status"), &fields).await.leads_to(&badge);
    check().await.is(200).has("Not verified").has("The issuer has revoked");
    visitor.get(&badge).await.is(200).has("Revoked").has("somebody else");
    let api = app.api("");
    let answer = api
        .post(
            "/api/v1/verifications",
            &serde_json::json!({ "credential": learner.get(&format!("{badge}.json")).await.json() }),
        )
        .await;
    assert_eq!(answer.is(200).json()["verdict"], "failed");

    // and the log of it all is whole
    owner.get("/organizations/northfjord/audit").await.is(200).has("revoked a badge").has("issued a badge");
    app.run_jobs().await;
    let mut conn = app.db.read().await.unwrap();
    let chains = cairn_platform::event::verify(&mut conn, &app.keys).await.unwrap();
    assert!(chains.iter().all(|c| c.broken.is_none()), "{chains:?}");
}
