//! Finding micro-credentials: words, facets, pages, comparison, the interface.

use crate::achievement::{definition, publish};
use crate::harness::{Browser, Role, TestApp};
use cairn_domain::achievement::{Field, Participation};
use utoipa::OpenApi as _;

async fn with_some() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let dora = app.person("Dora").await;
    app.organization("north", &[(&dora, Role::Designer)]).await;
    app.organization("south", &[(&dora, Role::Owner)]).await;
    publish(&app, &dora, "north", "infection-prevention", definition("Infection prevention")).await;
    let mut agile = definition("Agile project management");
    agile.field = Field::Business;
    agile.level.eqf = Some(5);
    agile.workload.hours = 30;
    agile.price.amount = 4900;
    agile.participation = Some(Participation::Blended);
    agile.tags = vec!["scrum".into()];
    publish(&app, &dora, "south", "agile", agile).await;
    let mut data = definition("Data analysis");
    data.field = Field::Business;
    data.workload.hours = 8;
    publish(&app, &dora, "south", "data", data).await;
    (app, dora)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_find_and_misspelt_words_too() {
    let (app, _) = with_some().await;
    let visitor = app.visitor();
    visitor.get("/catalog").await.is(200).has("3 micro-credentials").has("Agile project management");
    visitor
        .get("/catalog?q=scrum")
        .await
        .has("1 micro-credential")
        .has("Agile project management")
        .lacks("Data analysis");
    visitor.get("/catalog?q=infec").await.has("Infection prevention");
    visitor.get("/catalog?q=infectoin").await.has("results for “infection”").has("Infection prevention");
    visitor.get("/catalog?q=deutsch").await.has("3 micro-credentials");
    visitor.get("/catalog?q=zzzzzz").await.is(200).has("Nothing fits").has("Show everything");
    visitor.get("/catalog?q=%22%29+OR+1%3D1+--").await.is(200);
    visitor.get("/catalog?q=***").await.is(200).has("3 micro-credentials");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn facets_combine_and_count() {
    let (app, _) = with_some().await;
    let visitor = app.visitor();
    let check = async |query: &str, want: &str| {
        visitor.get(&format!("/catalog?{query}")).await.is(200).has(want);
    };
    check("field=business", "2 micro-credentials").await;
    check("field=business&price=free", "1 micro-credential").await;
    check("field=business&field=healthcare", "3 micro-credentials").await;
    check("level=5", "1 micro-credential").await;
    check("hours=to-10", "1 micro-credential").await;
    check("hours=to-10&hours=26-50", "2 micro-credentials").await;
    check("organization=south&participation=blended", "1 micro-credential").await;
    check("language=de", "Nothing fits").await;
    check("field=business&q=analysis", "1 micro-credential").await;
    let page = visitor.get("/catalog?field=business&price=free").await;
    page.has("Field: Business")
        .has("Price: Free of charge")
        .has("/catalog?price=free")
        .has("/catalog?field=business");
    page.has("Data analysis").lacks("/catalog/south.agile");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_on_where_they_stopped_in_every_order() {
    let app = TestApp::new().await;
    let dora = app.person("Dora").await;
    app.organization("north", &[(&dora, Role::Designer)]).await;
    for n in 0..60 {
        let mut d = definition(&format!("Course {:02}", (n * 7) % 60));
        d.workload.hours = 1 + n % 5;
        app.pass(jiff::SignedDuration::from_secs(i64::from(n % 4)));
        publish(&app, &dora, "north", &format!("c{n}"), d).await;
    }
    let visitor = app.visitor();
    for start in [
        "/catalog",
        "/catalog?sort=newest",
        "/catalog?sort=shortest",
        "/catalog?q=course",
        "/catalog?q=course&sort=shortest",
    ] {
        let (mut page, mut seen, mut pages) = (visitor.get(start).await, vec![], vec![]);
        loop {
            let keys: Vec<String> = keys(&page.text());
            pages.push(keys.clone());
            seen.extend(keys);
            let Some(next) = rel(&page.text(), "next") else { break };
            page = visitor.get(&next).await;
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [24, 24, 12], "{start}");
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 60, "{start}");
        let back = visitor.get(&rel(&page.text(), "prev").expect("a way back")).await;
        assert_eq!(keys(&back.text()), pages[1], "{start}");
        let first = visitor.get(&rel(&back.text(), "prev").expect("a way back")).await;
        assert_eq!(keys(&first.text()), pages[0], "{start}");
        assert_eq!(rel(&first.text(), "prev"), None, "{start}");
    }
    visitor.get("/catalog?after=nonsense").await.is(200);
    visitor.get("/catalog?sort=newest&after=x~y").await.is(200);
}

fn keys(html: &str) -> Vec<String> {
    html.split("<h3><a href=\"/catalog/")
        .skip(1)
        .filter_map(|t| Some(t.split('"').next()?.to_owned()))
        .collect()
}

fn rel(html: &str, rel: &str) -> Option<String> {
    let rest = html.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_tells_everything_but_the_inside() {
    let (app, dora) = with_some().await;
    let visitor = app.visitor();
    let page = visitor.get("/catalog/south.agile").await;
    page.is(200).has("Agile project management").has("€49.00").has("30 hours").has("EQF 5").has("Blended");
    page.has("Fewer than five").has("Washes hands at the right moments").has("Module 1").has("30 minutes");
    page.has("og:image").has("/sign-in?next=/catalog/south.agile").lacks("secretly");
    let inside = dora.get("/catalog/south.agile").await;
    inside.is(200).has("action=\"/catalog/south.agile/enrollments\"");
    visitor.get("/catalog/south.nothing").await.is(404);
    visitor.get("/catalog/nonsense").await.is(404);
    let id = cairn_actions::published::find_published(&mut app.db.read().await.unwrap(), "south.agile")
        .await
        .unwrap()
        .achievement;
    let moved = visitor.get(&format!("/catalog/{id}")).await;
    moved.is(301).leads_to("/catalog/south.agile");
    visitor
        .get("/")
        .await
        .is(200)
        .has("New in the catalogue")
        .has("Agile project management")
        .has("/catalog?field=business");
    let empty = TestApp::new().await;
    empty.visitor().get("/").await.is(200).has("still empty");
    empty.visitor().get("/catalog").await.is(200).has("Nothing fits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_are_not_found() {
    let (app, dora) = with_some().await;
    cairn_actions::achievement::create(
        &app,
        &dora.actor().await,
        "north",
        Some("draft"),
        definition("Unheard of"),
    )
    .await
    .unwrap();
    app.visitor().get("/catalog/north.draft").await.is(404);
    app.visitor().get("/catalog?q=unheard").await.has("Nothing fits");
    app.visitor().get("/catalog/north.draft/versions").await.is(404);
    app.api("").get("/api/v1/achievements/north.draft").await.is(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn up_to_four_stand_side_by_side() {
    let (app, _) = with_some().await;
    let visitor = app.visitor();
    visitor.get("/catalog/compare").await.is(200).has("Nothing to compare yet");
    let page = visitor.get("/catalog/compare?a=south.agile&a=south.data&a=south.gone").await;
    page.is(200).has("Agile project management").has("Data analysis").has("€49.00").has("Free of charge");
    page.has("/catalog/compare?a=south.data\"");
    visitor.get("/catalog/compare?a=1&a=2&a=3&a=4&a=5").await.is(200).has("Only four fit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_read_the_same_catalogue() {
    let (app, _) = with_some().await;
    let api = app.api("");
    let all = api.get("/api/v1/achievements?sort=shortest").await.is(200).json();
    let titles: Vec<_> =
        all["items"].as_array().unwrap().iter().map(|i| i["title"].as_str().unwrap().to_owned()).collect();
    assert_eq!(titles, ["Data analysis", "Infection prevention", "Agile project management"]);
    assert!(all["next"].is_null());
    let found = api.get("/api/v1/achievements?q=scrum&price=paid").await.json();
    let first = &found["items"][0];
    assert_eq!(
        (first["key"].as_str(), first["eqf"].as_i64(), first["price"]["amount"].as_i64()),
        (Some("south.agile"), Some(5), Some(4900))
    );
    assert_eq!(first["issuer"]["slug"], "south");
    let one = api.get("/api/v1/achievements/south.agile").await.is(200).json();
    assert_eq!(one["outcomes"][0], "Washes hands at the right moments");
    assert_eq!(one["translations"]["de"]["title"], "Agile project management auf Deutsch");
    assert_eq!(api.get("/api/v1/achievements/south.nothing").await.is(404).json()["code"], "not-found");
    let description = cairn::web::catalog::api::Api::openapi().to_json().unwrap();
    assert!(description.contains("/api/v1/achievements/{key}") && description.contains("\"Requirement\""));
}
