//! A refused form comes back as it was sent, with a sentence beside each field and all of them on top, in the reader's
//! language.

use crate::harness::{Role, TestApp};

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
