//! Who may change an account, and what is told about it: the password again or a
//! fresh link, letters to old and new addresses, sessions and keys that end.

use crate::chain::between;
use crate::harness::{Browser, TestApp};

const PASSWORD: &str = "seven quiet stones";
const OTHER: &str = "nine loud rivers";
const AMY: &str = "amy@people.example";

/// Paths of the links that were sent to an address, the newest first.
async fn links(app: &TestApp, address: &str, subject: &str) -> Vec<String> {
    app.run_jobs().await;
    let letters = app.mails_to(address).await;
    let path = |plain: &str| {
        let line = plain.lines().find(|l| l.contains("/links/"))?;
        Some(line.trim_start_matches(&app.config.base_url).to_owned())
    };
    letters.iter().filter(|m| m.subject == subject).filter_map(|m| path(&m.plain)).collect()
}

async fn subjects(app: &TestApp, address: &str) -> Vec<String> {
    app.run_jobs().await;
    app.mails_to(address).await.into_iter().map(|m| m.subject).collect()
}

/// Somebody with a password, signed in by it.
async fn with_password(app: &TestApp) -> Browser {
    let amy = app.person("Amy").await;
    amy.post("/account/password", &[("password", PASSWORD)]).await.leads_to("/account");
    app.run_jobs().await;
    let browser = app.visitor();
    browser.post("/sign-in", &[("email", AMY), ("password", PASSWORD)]).await.leads_to("/desk");
    browser
}

/// Everything that must not be done with a browser that somebody left open.
const GUARDED: &[(&str, &[(&str, &str)])] = &[
    ("/account/password", &[("password", OTHER)]),
    ("/account/addresses", &[("email", "amy@new.example")]),
    ("/account/addresses/primary", &[("email", AMY)]),
    ("/account/addresses/removal", &[("email", AMY)]),
    ("/account/tokens", &[("token_name", "script"), ("scope", "credentials:read")]),
    ("/account/deletion", &[("email", AMY)]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_browser_is_not_enough_to_take_an_account() {
    let app = TestApp::new().await;
    let amy = with_password(&app).await;
    for (path, fields) in GUARDED {
        let page = amy.post(path, fields).await;
        assert!([409, 422].contains(&page.status.as_u16()), "{path}: {page}");
        page.has("Show first that it is you");
    }
    assert_eq!(app.count("SELECT count(*) FROM email").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM api_token").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM person WHERE deleted_at IS NULL").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_again_opens_for_a_quarter_of_an_hour() {
    let app = TestApp::new().await;
    let amy = with_password(&app).await;
    amy.post("/account/confirmation", &[("current", "not this one, no")])
        .await
        .is(422)
        .has("not your password");
    amy.post("/account/addresses", &[("email", "amy@new.example")]).await.is(422);
    amy.post("/account/confirmation", &[("current", PASSWORD)]).await.leads_to("/account");
    amy.post("/account/addresses", &[("email", "amy@new.example")]).await.is(303);
    app.pass(jiff::SignedDuration::from_mins(15));
    amy.post("/account/addresses", &[("email", "amy@newer.example")]).await.is(422);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_password_follows_a_fresh_link_in_the_same_browser() {
    let app = TestApp::new().await;
    let (amy, eve) = (app.person("Amy").await, app.person("Eve").await);
    app.pass_days(1);
    amy.post("/account/addresses", &[("email", "amy@new.example")]).await.is(422).has("have a link sent");
    amy.post("/account/confirmation/link", &[]).await.leads_to("/account");
    let link = links(&app, AMY, "Is it really you?").await.remove(0);
    // somebody else's browser, and one where nobody is signed in, gain nothing
    eve.post(&link, &[]).await.is(409);
    app.visitor().post(&link, &[]).await.is(409);
    amy.get(&link).await.is(200).has("It is me");
    amy.post(&link, &[]).await.leads_to("/account");
    amy.post("/account/addresses", &[("email", "amy@new.example")]).await.is(303);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_and_new_addresses_hear_of_every_change() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let new = "amy@new.example";
    amy.post("/account/addresses", &[("email", new)]).await.is(303);
    let link = links(&app, new, "Confirm your new address").await.remove(0);
    amy.post(&link, &[]).await.leads_to("/account");
    amy.post("/account/addresses/primary", &[("email", new)]).await.is(303);
    amy.post("/account/password", &[("password", PASSWORD)]).await.is(303);
    amy.post("/account/addresses/removal", &[("email", AMY)]).await.is(303);
    for address in [AMY, new] {
        let subjects = subjects(&app, address).await;
        for wanted in [
            "An address was added to your account",
            "Letters go to another address now",
            "Your password was changed",
            "An address was removed from your account",
        ] {
            assert!(subjects.iter().any(|s| s == wanted), "{address} did not hear: {wanted}, {subjects:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_sessions_keys_and_links() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let fields = [("token_name", "script"), ("scope", "credentials:read")];
    let page = amy.post_and_follow("/account/tokens", &fields).await;
    let token = format!("cairn_{}", between(page.is(200), "cairn_", "\""));
    app.api(&token).get("/api/v1/me").await.is(200);
    let elsewhere = app.visitor();
    elsewhere.post("/sign-in/link", &[("email", AMY)]).await.is(200);
    let first = links(&app, AMY, "Your sign-in link").await.remove(0);
    elsewhere.post(&first, &[]).await.leads_to("/desk");
    elsewhere.post("/sign-in/link", &[("email", AMY)]).await.is(200);
    amy.post("/account/addresses", &[("email", "amy@new.example")]).await.is(303);
    app.run_jobs().await;
    let open = links(&app, AMY, "Your sign-in link").await;
    let verify = links(&app, "amy@new.example", "Confirm your new address").await.remove(0);

    amy.post("/account/password", &[("password", PASSWORD)]).await.leads_to("/account");
    amy.get("/account").await.is(200);
    elsewhere.get("/account").await.is(303);
    app.api(&token).get("/api/v1/me").await.is(401);
    for link in open.iter().chain([&verify]) {
        amy.post(link, &[]).await.is(409).has("too old");
    }
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_newest_link_of_a_kind_can_be_used() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let visitor = app.visitor();
    for kind in ["sign-in", "sign-up", "verify", "confirm"] {
        let (address, subject) = match kind {
            "sign-in" => (AMY, "Your sign-in link"),
            "sign-up" => ("ben@people.example", "Confirm your address"),
            "verify" => ("amy@new.example", "Confirm your new address"),
            _ => (AMY, "Is it really you?"),
        };
        let mut seen: Vec<String> = vec![];
        for _ in 0..2 {
            match kind {
                "sign-in" => visitor.post("/sign-in/link", &[("email", address)]).await.is(200),
                "sign-up" => visitor.post("/sign-up", &[("name", "Ben"), ("email", address)]).await.is(200),
                "verify" => amy.post("/account/addresses", &[("email", address)]).await.is(303),
                _ => amy.post("/account/confirmation/link", &[]).await.is(303),
            };
            let fresh = links(&app, address, subject).await;
            seen.extend(fresh.into_iter().filter(|l| !seen.contains(l)).collect::<Vec<_>>());
        }
        assert_eq!(seen.len(), 2, "{kind}");
        amy.get(&seen[0]).await.is(409).has("too old");
        amy.get(&seen[1]).await.is(200);
    }
    // a stranger who asks for the same address does not spoil her link
    let mallory = app.person("Mallory").await;
    let hers = links(&app, "amy@new.example", "Confirm your new address").await;
    mallory.post("/account/addresses", &[("email", "amy@new.example")]).await.is(303);
    app.run_jobs().await;
    let mut used = 0;
    for link in hers {
        used += i32::from(amy.post(&link, &[]).await.status == 303);
    }
    assert_eq!(used, 1);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_links_asked_for_at_once_one_is_left() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let asks = (0..4).map(|_| amy.post("/account/confirmation/link", &[]));
    for page in futures_util::future::join_all(asks).await {
        page.is(303);
    }
    assert_eq!(app.count("SELECT count(*) FROM email_link WHERE used_at IS NULL").await, 1);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_goes_to_the_mailbox_that_was_verified() {
    let app = TestApp::new().await;
    app.person("Kim").await;
    let visitor = app.visitor();
    // the Kelvin sign becomes a k in small letters, and is another mailbox
    for typed in ["\u{212a}im@people.example", "ｋim@people.example", "k\u{131}m@people.example"] {
        visitor.post("/sign-in/link", &[("email", typed)]).await.is(422).has("mistaken for others");
        visitor.post("/sign-up", &[("name", "Kim"), ("email", typed)]).await.is(422);
        let fields = [("email", typed), ("password", "whatever it is here")];
        visitor.post("/sign-in", &fields).await.is(422).has("do not fit together");
    }
    visitor.post("/sign-in/link", &[("email", "KIM@PEOPLE.example")]).await.is(200);
    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM mail").await, 1);
    assert_eq!(app.mails_to("kim@people.example").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_end_after_the_days_that_were_chosen() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let make = async |days: &str| {
        let fields = [("token_name", "script"), ("scope", "credentials:read"), ("token_days", days)];
        let page = amy.post_and_follow("/account/tokens", &fields).await;
        format!("cairn_{}", between(page.is(200), "cairn_", "\""))
    };
    let (week, usual) = (make("7").await, make("").await);
    for wrong in ["366", "0", "-1", "for ever"] {
        let fields = [("token_name", "script"), ("scope", "credentials:read"), ("token_days", wrong)];
        amy.post("/account/tokens", &fields).await.is(422).has("offered durations");
    }
    app.api(&week).get("/api/v1/me").await.is(200).has("2026-11-29T12:00:00Z");
    app.pass_days(8);
    app.api(&week).get("/api/v1/me").await.is(401);
    app.api(&usual).get("/api/v1/me").await.is(200);
    app.pass_days(82);
    app.api(&usual).get("/api/v1/me").await.is(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_without_an_end_get_one_from_the_upgrade_on() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let fields = [("token_name", "script"), ("scope", "credentials:read")];
    let page = amy.post_and_follow("/account/tokens", &fields).await;
    let token = format!("cairn_{}", between(page.is(200), "cairn_", "\""));
    app.execute("UPDATE api_token SET expires_at = NULL").await;
    for _ in 0..2 {
        cairn_actions::account::upgrade(&app).await.unwrap();
    }
    app.api(&token).get("/api/v1/me").await.is(200);
    let told: Vec<String> =
        subjects(&app, AMY).await.into_iter().filter(|s| s.contains("ends on 20 February 2027")).collect();
    assert_eq!(told.len(), 1);
    app.pass_days(91);
    app.api(&token).get("/api/v1/me").await.is(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_get_their_form_of_today_at_the_upgrade() {
    let app = TestApp::new().await;
    app.person("Amy").await;
    app.execute("UPDATE email SET key = 'amy@müller.example', address = 'Amy@müller.example'").await;
    app.execute("DELETE FROM setting WHERE name = 'addresses_in_ascii'").await;
    cairn_actions::account::upgrade(&app).await.unwrap();
    app.visitor().post("/sign-in/link", &[("email", "amy@MÜLLER.example")]).await.is(200);
    app.run_jobs().await;
    assert_eq!(app.mails_to("amy@xn--mller-kva.example").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_ends_itself_and_no_other() {
    let app = TestApp::new().await;
    let amy = app.person("Amy").await;
    let make = async || {
        let fields = [("token_name", "script"), ("scope", "credentials:read")];
        format!(
            "cairn_{}",
            between(amy.post_and_follow("/account/tokens", &fields).await.is(200), "cairn_", "\"")
        )
    };
    let (one, two) = (make().await, make().await);
    app.api(&one).post("/api/v1/me/token/end", &serde_json::json!({})).await.is(204);
    app.api(&one).get("/api/v1/me").await.is(401);
    app.api(&two).get("/api/v1/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_and_end_one_by_one() {
    let app = TestApp::new().await;
    let (amy, eve) = (app.person("Amy").await, app.person("Eve").await);
    let sign_in = async || {
        let browser = app.visitor();
        browser.post("/sign-in/link", &[("email", AMY)]).await.is(200);
        let link = links(&app, AMY, "Your sign-in link").await;
        for link in link {
            if browser.post(&link, &[]).await.status == 303 {
                break;
            }
        }
        browser
    };
    let (second, third) = (sign_in().await, sign_in().await);
    let page = amy.get("/account").await;
    page.is(200).has("this browser").has("Sign out all others");
    let id = between(&page, "name=\"session\" value=\"", "\"");
    eve.post("/account/sessions/removal", &[("session", &id)]).await.is(404);
    amy.post("/account/sessions/removal", &[("session", &id)]).await.leads_to("/account");
    let open = async || {
        let mut open = 0;
        for browser in [&amy, &second, &third] {
            open += i32::from(browser.get("/account").await.status == 200);
        }
        open
    };
    assert_eq!(open().await, 2);
    amy.post("/account/sessions/end-others", &[]).await.leads_to("/account");
    amy.get("/account").await.is(200);
    assert_eq!(open().await, 1);
    eve.get("/account").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_that_are_tried_first_are_refused_and_may_be_pasted() {
    let app = TestApp::new().await;
    let amy = app.person("Amy Stone").await;
    for weak in ["P4ssw0rd2026!!", "amy.stone@people.example", "Amy Stone is here"] {
        amy.post("/account/password", &[("password", weak)]).await.is(422);
    }
    let page = amy.get("/account").await;
    page.is(200).has("autocomplete=\"new-password\"").lacks("onpaste");
    let page = app.visitor().get("/sign-in").await;
    page.is(200).has("autocomplete=\"current-password\"").has("autocomplete=\"email\"").lacks("onpaste");
    for script in ["app.js", "shared.js"] {
        let path = format!("{}/ui/js/{script}", env!("CARGO_MANIFEST_DIR"));
        assert!(!std::fs::read_to_string(path).unwrap().contains("paste"), "{script} stops pasting");
    }
}
