//! Defining micro-credentials: drafts, the editor, versions, pictures.

use crate::harness::{Browser, Role, TestApp};
use cairn_actions::achievement;
use cairn_actions::published::{find_current, find_published, find_version};
use cairn_domain::achievement::{AssessmentType, Definition, Field, Participation, Programme, Translation};
use cairn_domain::requirement::Requirement;

/// A definition that can be published.
pub fn definition(title: &str) -> Definition {
    let mut d = Definition::draft("en", title, Programme::Course, Field::Healthcare);
    d.summary = format!("All about {}.", title.to_lowercase());
    d.description = "For **everyone** who cares.".into();
    d.outcomes = vec!["Washes hands at the right moments".into()];
    d.tags = vec!["hygiene".into()];
    d.workload.hours = 12;
    d.level.eqf = Some(4);
    d.participation = Some(Participation::Online);
    d.assessment = vec![AssessmentType::Quiz];
    d.quality.assurance = "Internal".into();
    let module = |n: u32| Requirement::Module {
        id: format!("m{n}"),
        title: format!("Module {n}"),
        text: "Wash **secretly**.".into(),
        minutes: 30,
    };
    d.requirement =
        Requirement::All { id: "root".into(), title: String::new(), parts: vec![module(1), module(2)] };
    d.translations.insert(
        "de".into(),
        Translation {
            title: format!("{title} auf Deutsch"),
            summary: "Alles dazu.".into(),
            ..Translation::default()
        },
    );
    d
}

/// Publishes a definition for a member.
pub async fn publish(app: &TestApp, who: &Browser, org: &str, slug: &str, d: Definition) {
    let actor = who.actor().await;
    achievement::create(app, &actor, org, Some(slug), d).await.unwrap();
    achievement::publish(app, &actor, org, slug).await.unwrap();
}

const BASE: &str = "/organizations/north/achievements";

async fn with_designer() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let dora = app.person("Dora").await;
    app.organization("north", &[(&dora, Role::Designer)]).await;
    (app, dora)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_designer_writes_and_publishes_from_nothing() {
    let (app, dora) = with_designer().await;
    dora.get(BASE).await.is(200).has("Nothing here yet");
    dora.get(&format!("{BASE}/new")).await.is(200);
    dora.post(BASE, &[("title", ""), ("language", "en")]).await.is(422).has("Write something here");
    let fields =
        [("title", "Hand hygiene"), ("programme", "course"), ("field", "healthcare"), ("language", "en")];
    let page = dora.post(BASE, &fields).await;
    page.leads_to(&format!("{BASE}/hand-hygiene/basics"));
    let one = format!("{BASE}/hand-hygiene");
    dora.get(&one).await.is(200).has("Draft").has("Write: Summary");
    dora.get(&format!("{one}/publication"))
        .await
        .is(200)
        .has("Workload is missing")
        .lacks("Publish version 1");
    dora.post(&format!("{one}/publication"), &[("version", "0")]).await.is(422).has("Summary is missing");
    let save = async |section: &str, version: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("version", version), ("do", "save")];
        all.extend_from_slice(fields);
        dora.post(&format!("{one}/{section}"), &all).await.leads_to(&format!("{one}/{section}"));
        dora.get(&format!("{one}/{section}")).await.is(200).value("version")
    };
    let basics = [
        ("title", "Hand hygiene"),
        ("summary", "Clean hands."),
        ("description", "What *and* why."),
        ("outcomes", "Washes hands\r\n\r\nDries hands"),
        ("tags", "hygiene, Hygiene, hands"),
        ("programme", "course"),
        ("field", "healthcare"),
        ("language", "en"),
    ];
    let v = save("basics", "0", &basics).await;
    let elements = [
        ("hours", "8"),
        ("ects", "0,5"),
        ("eqf", "4"),
        ("participation", "online"),
        ("assessment", "quiz"),
        ("assessment", "project"),
        ("assurance", "Internal"),
    ];
    let v = save("elements", &v, &elements).await;
    let v = save(
        "skills",
        &v,
        &[("name", "hand washing"), ("framework", "ESCO"), ("url", "https://esco.example/1")],
    )
    .await;
    let price = [
        ("amount", "49,50"),
        ("currency", "eur"),
        ("months", "24"),
        ("grace_days", "30"),
        ("renewal", "repeat"),
    ];
    let v = save("price", &v, &price).await;
    let v = save("translation", &v, &[("title", "Händehygiene"), ("summary", "Saubere Hände.")]).await;
    let added = dora
        .post(
            &format!("{one}/requirements"),
            &[("version", &v), ("do", "add"), ("kind", "module"), ("group", "root"), ("title", "Read")],
        )
        .await;
    added.leads_to(&format!("{one}/requirements/m1"));
    let leaf = dora.follow(&added).await;
    let text = [
        ("version", leaf.value("version")),
        ("title", "Read".into()),
        ("minutes", "20".into()),
        ("brief", "## Soap".into()),
    ];
    let text: Vec<_> = text.iter().map(|(n, v)| (*n, v.as_str())).collect();
    dora.post(&format!("{one}/requirements/m1"), &text).await.leads_to(&format!("{one}/requirements/m1"));
    dora.get(&format!("{one}/preview"))
        .await
        .is(200)
        .has("Preview")
        .has("Hand hygiene")
        .has("Dries hands")
        .has("€49.50");
    let page = dora.get(&format!("{one}/publication")).await;
    page.is(200).has("Publish version 1");
    dora.post_and_follow(&format!("{one}/publication"), &[("version", &page.value("version"))])
        .await
        .is(200)
        .has("Published");
    let mut conn = app.db.read().await.unwrap();
    let published = find_published(&mut conn, "north.hand-hygiene").await.unwrap();
    let d = &published.definition;
    assert_eq!((published.number, d.price.amount, d.workload.ects), (1, 4950, Some(0.5)));
    assert_eq!(d.tags, ["hygiene", "hands"]);
    assert_eq!(d.outcomes, ["Washes hands", "Dries hands"]);
    assert_eq!(d.assessment, [AssessmentType::Quiz, AssessmentType::Project]);
    assert_eq!(d.translations["de"].title, "Händehygiene");
    dora.get(BASE).await.has("Published").has("Version 1");
    assert_eq!(app.count("SELECT count(*) FROM event WHERE kind LIKE 'achievement.%'").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_version_shows_its_changes_and_leaves_the_first_alone() {
    let (app, dora) = with_designer().await;
    publish(&app, &dora, "north", "hygiene", definition("Hygiene")).await;
    let one = format!("{BASE}/hygiene");
    let first = find_published(&mut app.db.read().await.unwrap(), "north.hygiene").await.unwrap();
    dora.get(&format!("{one}/publication")).await.has("Nothing has changed since");
    let form = dora.get(&format!("{one}/elements")).await;
    let mut fields = form.form(&format!("{one}/elements"));
    for (name, value) in &mut fields {
        if name == "hours" {
            *value = "20".into();
        }
    }
    let fields: Vec<_> =
        fields.iter().filter(|(n, _)| n != "csrf").map(|(n, v)| (n.as_str(), v.as_str())).collect();
    dora.post(&format!("{one}/elements"), &fields).await.leads_to(&format!("{one}/elements"));
    dora.get(BASE).await.has("Changes not published yet");
    app.visitor().get("/catalog/north.hygiene").await.is(200).has("12 hours").lacks("20 hours");
    let page = dora.get(&format!("{one}/publication")).await;
    page.is(200).has("Workload › Hours").has("<del>").has("12").has("20");
    dora.post(&format!("{one}/publication"), &[("version", "0")])
        .await
        .is(409)
        .has("Look at the changes again");
    dora.post(&format!("{one}/publication"), &[("version", &page.value("version"))]).await.leads_to(&one);
    app.visitor().get("/catalog/north.hygiene").await.has("20 hours");
    let visitor = app.visitor();
    visitor.get("/catalog/north.hygiene/versions").await.is(200).has("Version 2").has("current");
    visitor.get("/catalog/north.hygiene/versions/2").await.is(200).has("Workload › Hours");
    visitor.get("/catalog/north.hygiene/versions/1").await.is(200).has("first version");
    visitor.get("/catalog/north.hygiene/versions/3").await.is(404);
    visitor.get("/catalog/north.hygiene/versions/x").await.is(404);
    let mut conn = app.db.read().await.unwrap();
    let old = find_version(&mut conn, first.version).await.unwrap();
    assert_eq!((old.number, old.definition.workload.hours), (1, 12));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_typed_is_lost_when_two_people_save() {
    let (app, dora) = with_designer().await;
    let actor = dora.actor().await;
    achievement::create(&app, &actor, "north", Some("hygiene"), definition("Hygiene")).await.unwrap();
    let path = format!("{BASE}/hygiene/translation");
    let mine = [("version", "0"), ("title", "Mein Titel"), ("summary", "Lang getippt")];
    dora.post(&path, &[("version", "0"), ("title", "Der andere"), ("summary", "x")]).await.leads_to(&path);
    let page = dora.post(&path, &mine).await;
    page.is(409).has("Somebody else has saved in the meantime").has("Lang getippt").has("Der andere");
    assert_eq!(page.value("title"), "Mein Titel");
    let again = [("version", &*page.value("version")), ("title", "Mein Titel"), ("summary", "Lang getippt")];
    dora.post(&path, &again).await.leads_to(&path);
    assert_eq!(dora.get(&path).await.value("title"), "Mein Titel");
    let wrong = [("version", "2"), ("title", ""), ("summary", "ohne Titel")];
    dora.post(&path, &wrong).await.is(422).has("ohne Titel").has("Without a title");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_added_and_removed_without_scripts() {
    let (app, dora) = with_designer().await;
    let actor = dora.actor().await;
    achievement::create(&app, &actor, "north", Some("hygiene"), definition("Hygiene")).await.unwrap();
    let path = format!("{BASE}/hygiene/skills");
    let one = [("version", "0"), ("name", "soap"), ("framework", ""), ("url", "")];
    let page = dora.post(&path, &[one[0], one[1], one[2], one[3], ("do", "add")]).await;
    page.is(200).has("soap").has("name-1");
    let page = dora
        .post(
            &path,
            &[
                one[0],
                one[1],
                one[2],
                one[3],
                ("name", "water"),
                ("framework", ""),
                ("url", ""),
                ("do", "remove-0"),
            ],
        )
        .await;
    page.is(200).has("water").lacks("soap").lacks("name-1");
    dora.post(&path, &[("version", "0"), ("name", "soap"), ("url", "javascript:alert(1)"), ("do", "save")])
        .await
        .is(422)
        .has("begins with https");
    dora.post(&path, &[("version", "0"), ("name", ""), ("url", "https://a.example"), ("do", "save")])
        .await
        .is(422)
        .has("Give the skill a name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiz_and_a_rubric_are_written_form_by_form() {
    let (app, dora) = with_designer().await;
    let actor = dora.actor().await;
    achievement::create(&app, &actor, "north", Some("hygiene"), definition("Hygiene")).await.unwrap();
    let base = format!("{BASE}/hygiene/requirements");
    let add = async |kind: &str| {
        let version = dora.get(&base).await.is(200).value("version");
        let fields =
            [("version", &*version), ("do", "add"), ("kind", kind), ("group", "root"), ("title", "New")];
        dora.post(&base, &fields).await.location()
    };
    let quiz = add("assessment").await;
    assert_eq!(quiz, format!("{base}/quiz1"));
    let version = dora.get(&quiz).await.is(200).has("No questions yet").value("version");
    let item = dora.post(&format!("{quiz}/items"), &[("version", &version), ("do", "add:single")]).await;
    item.leads_to(&format!("{quiz}/items/q1"));
    let item = format!("{quiz}/items/q1");
    let version = dora.get(&item).await.is(200).value("version");
    let typed = [
        ("version", &*version),
        ("prompt", "Soap?"),
        ("points", "2"),
        ("choice", "Yes"),
        ("choice", "No"),
        ("feedback", "Right"),
        ("feedback", "Wrong"),
        ("correct", "0"),
    ];
    let with = |last: &'static str| typed.iter().copied().chain([("do", last)]).collect::<Vec<_>>();
    dora.post(&item, &with("add")).await.is(200).has("choice-2").has("Soap?");
    dora.post(&item, &with("remove-1")).await.is(200).lacks("choice-1").has("Soap?");
    dora.post(&item, &typed[..4]).await.is(422).has("at least two answers");
    let none_right: Vec<_> = typed[..7].iter().copied().chain([("do", "save")]).collect();
    dora.post(&item, &none_right).await.is(422).has("exactly one answer");
    dora.post(&item, &with("save")).await.leads_to(&quiz);
    dora.get(&quiz).await.has("Soap?").has("2 points");
    let project = add("project").await;
    let rubric = format!("{project}/rubric");
    let page = dora.get(&rubric).await;
    page.is(200).has("Not yet").has("Exemplary");
    let version = page.value("version");
    let rows = [
        ("version", &*version),
        ("pass", "2"),
        ("c0-id", ""),
        ("c0-title", "Clean work"),
        ("c0-description", ""),
        ("c0-required", "1"),
        ("c0-l0-title", "No"),
        ("c0-l0-points", "0"),
        ("c0-l0-description", ""),
        ("c0-l1-title", "Yes"),
        ("c0-l1-points", "2"),
        ("c0-l1-description", ""),
    ];
    let with = |last: &'static str| rows.iter().copied().chain([("do", last)]).collect::<Vec<_>>();
    dora.post(&rubric, &with("add-criterion")).await.is(200).has("c1-title").has("Clean work");
    dora.post(&rubric, &with("add-level-0")).await.is(200).has("c0-l2-title");
    dora.post(&rubric, &with("remove-level-0-0")).await.is(200).lacks("c0-l1-title");
    dora.post(&rubric, &with("save")).await.leads_to(&project);
    dora.get(&project).await.has("1 criterion").has("at most 2 points");
    for (kind, id) in [
        ("all", "group1"),
        ("at-least", "group2"),
        ("external-certificate", "certificate1"),
        ("prior-credential", "badge1"),
        ("hours", "hours1"),
        ("attestation", "attestation1"),
    ] {
        let page = add(kind).await;
        assert_eq!(page, format!("{base}/{id}"));
        dora.get(&page).await.is(200);
    }
    let version = dora.get(&base).await.value("version");
    let prior = [("version", &*version), ("title", "Before"), ("achievement", "north/nothing")];
    dora.post(&format!("{base}/badge1"), &prior).await.is(422).has("no published micro-credential");
    dora.post(&format!("{base}/badge1"), &[prior[0], prior[1], ("achievement", "north.hygiene")])
        .await
        .is(422)
        .has("cannot ask for itself");
    dora.post(&base, &[("version", &version), ("do", "up:hours1")]).await.leads_to(&base);
    dora.post(&base, &[("version", &version), ("do", "up:hours1")]).await.is(409).has("Somebody else");
    let version = dora.get(&base).await.value("version");
    dora.post(&base, &[("version", &version), ("do", "remove:badge1")]).await.leads_to(&base);
    dora.get(&format!("{base}/badge1")).await.is(404);
    dora.get(&format!("{BASE}/hygiene/publication")).await.has("has no parts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_retired_leaves_the_catalogue_and_can_come_back() {
    let (app, dora) = with_designer().await;
    publish(&app, &dora, "north", "hygiene", definition("Hygiene")).await;
    let one = format!("{BASE}/hygiene");
    let visitor = app.visitor();
    visitor.get("/catalog?q=hygiene").await.has("1 micro-credential");
    dora.get(&one).await.is(200).has("Retire");
    dora.post(&format!("{one}/retirement"), &[]).await.leads_to(&one);
    visitor.get("/catalog?q=hygiene").await.has("Nothing fits");
    visitor.get("/catalog/north.hygiene").await.is(200).has("No longer offered").lacks("Sign in to start");
    app.api("").get("/api/v1/achievements/north.hygiene").await.is(404);
    {
        let mut conn = app.db.read().await.unwrap();
        assert!(find_published(&mut conn, "north.hygiene").await.is_err());
        assert!(find_current(&mut conn, "north.hygiene").await.is_ok());
    }
    dora.get(&one).await.has("Retired");
    dora.post(&format!("{one}/retirement"), &[]).await.is(409);
    dora.post(&format!("{one}/offer"), &[]).await.leads_to(&one);
    visitor.get("/catalog?q=hygiene").await.has("1 micro-credential");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_list_of_changes_gives_no_answers_away() {
    let (app, dora) = with_designer().await;
    let actor = dora.actor().await;
    publish(&app, &dora, "north", "hygiene", definition("Hygiene")).await;
    let mut next = definition("Hygiene");
    if let Requirement::All { parts, .. } = &mut next.requirement {
        parts[0] = Requirement::Module {
            id: "m1".into(),
            title: "Module 1".into(),
            text: "SECRET".into(),
            minutes: 40,
        };
    }
    achievement::save(&app, &actor, "north", "hygiene", 1, &next).await.unwrap();
    dora.get(&format!("{BASE}/hygiene/publication")).await.has("SECRET");
    achievement::publish(&app, &actor, "north", "hygiene").await.unwrap();
    let page = app.visitor().get("/catalog/north.hygiene/versions/2").await;
    page.is(200).lacks("SECRET").lacks("secretly").has("The content has changed").has("40");
    app.visitor().get("/catalog/north.hygiene").await.lacks("SECRET").has("40 minutes");
    let json = app.api("").get("/api/v1/achievements/north.hygiene").await;
    json.is(200).lacks("SECRET");
    assert_eq!(json.json()["requirement"]["parts"][0]["minutes"], 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_may_not_edit_is_not_found() {
    let (app, dora) = with_designer().await;
    let (ray, eve) = (app.person("Ray").await, app.person("Eve").await);
    let north = dora.actor().await.member("north").unwrap().organization;
    app.join(north, &ray, Role::Reviewer).await;
    app.organization("south", &[(&eve, Role::Owner)]).await;
    publish(&app, &dora, "north", "hygiene", definition("Hygiene")).await;
    for who in [&ray, &eve] {
        for path in [
            "",
            "/new",
            "/hygiene",
            "/hygiene/basics",
            "/hygiene/requirements",
            "/hygiene/preview",
            "/hygiene/badge",
            "/hygiene/publication",
        ] {
            who.get(&format!("{BASE}{path}")).await.is(404);
        }
        who.post(&format!("{BASE}/hygiene/publication"), &[("version", "1")]).await.is(404);
        assert!(achievement::publish(&app, &who.actor().await, "north", "hygiene").await.is_err());
    }
    eve.get("/organizations/south/achievements/hygiene").await.is(404);
    dora.get(&format!("{BASE}/hygiene/nonsense")).await.is(404);
    dora.get(&format!("{BASE}/nothing")).await.is(404);
    app.visitor()
        .get(&format!("{BASE}/hygiene"))
        .await
        .leads_to("/sign-in?next=%2Forganizations%2Fnorth%2Fachievements%2Fhygiene");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_badge_picture_is_drawn_or_uploaded() {
    let (app, dora) = with_designer().await;
    publish(&app, &dora, "north", "hygiene", definition("Hygiene")).await;
    let version = find_published(&mut app.db.read().await.unwrap(), "north.hygiene").await.unwrap().version;
    let visitor = app.visitor();
    let svg = visitor.get(&format!("/images/{version}.svg")).await;
    svg.is(200).lacks("<text");
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    assert_eq!(svg.header("cache-control"), "public, max-age=31536000, immutable");
    let png = visitor.get(&format!("/images/{version}.png")).await;
    assert!(png.is(200).body.starts_with(b"\x89PNG"));
    visitor.get(&format!("/images/{version}.gif")).await.is(404);
    visitor.get("/images/nonsense.png").await.is(404);
    let one = format!("{BASE}/hygiene");
    dora.get(&format!("{one}/image")).await.is(200).has("drawn by Cairn");
    let evil = br##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><script>alert(1)</script><rect width="90" height="90" fill="#123456"/></svg>"##;
    dora.upload(&format!("{one}/image?version=1"), &[], &[("picture", "a.svg", b"MZ not a picture")])
        .await
        .is(422)
        .has("Only PNG and SVG");
    dora.upload(&format!("{one}/image?version=1"), &[], &[("picture", "a.svg", evil)])
        .await
        .leads_to(&format!("{one}/image"));
    let badge = dora.get(&format!("{one}/badge")).await;
    badge.is(200).has("#123456").lacks("script");
    dora.get(&format!("{one}/image")).await.has("was uploaded");
    achievement::publish(&app, &dora.actor().await, "north", "hygiene").await.unwrap();
    let next = find_published(&mut app.db.read().await.unwrap(), "north.hygiene").await.unwrap().version;
    visitor.get(&format!("/images/{next}.svg")).await.is(200).has("#123456");
    let picture = cairn::web::achievement::picture(&app, next).await.unwrap();
    assert!(picture.svg.is_some() && picture.png.starts_with(b"\x89PNG"));
    let page = dora.get(&format!("{one}/image")).await;
    dora.post(&format!("{one}/image/removal"), &[("version", &page.value("version"))])
        .await
        .leads_to(&format!("{one}/image"));
    dora.get(&format!("{one}/badge")).await.lacks("#123456");
    // an uploaded PNG is what both addresses give
    let version = dora.get(&format!("{one}/requirements")).await.value("version");
    let page =
        dora.upload(&format!("{one}/image?version={version}"), &[], &[("picture", "b.png", &png.body)]).await;
    page.leads_to(&format!("{one}/image"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_editor_speaks_german() {
    let (app, dora) = with_designer().await;
    publish(&app, &dora, "north", "hygiene", definition("Hygiene")).await;
    dora.speak("de");
    dora.set_cookie("cairn_language", "de");
    for path in [
        "",
        "/new",
        "/hygiene",
        "/hygiene/basics",
        "/hygiene/elements",
        "/hygiene/skills",
        "/hygiene/price",
        "/hygiene/translation",
        "/hygiene/requirements",
        "/hygiene/requirements/root",
        "/hygiene/requirements/m1",
        "/hygiene/image",
        "/hygiene/publication",
        "/hygiene/preview",
    ] {
        dora.get(&format!("{BASE}{path}")).await.is(200).lacks("achievement-").lacks("catalog-");
    }
    for path in [
        "/",
        "/catalog",
        "/catalog/north.hygiene",
        "/catalog/north.hygiene/versions",
        "/catalog/north.hygiene/versions/1",
        "/catalog/compare?a=north.hygiene",
    ] {
        dora.get(path).await.is(200).lacks("achievement-").lacks("catalog-").has("Hygiene auf Deutsch");
    }
}
