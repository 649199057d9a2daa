//! "Is it really you?": before an address, the password, a key to the API or the
//! whole account changes, whoever is signed in gives the password again, or
//! follows a link that was sent a moment ago. A browser that somebody left open
//! is not enough.

use crate::http::problem::Result;
use crate::http::session::{self, Visitor};
use crate::http::{SignedIn, Ui, see_saying};
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::account::link::{self, LinkKind, To};
use cairn_actions::account::{self, letter, password, store};
use cairn_actions::person;
use cairn_actions::person::Actor;
use cairn_platform::id;
use cairn_platform::rate_limit;
use cairn_value::email::Email;
use serde::Deserialize;

/// For how long a proof counts.
pub const MINUTES: i64 = 15;
/// Said when there is none.
pub const MISSING: &str = "show first that it is you: give your password again, or have a link sent";

/// True when it was shown a moment ago, in this browser, that it is she.
pub async fn is_fresh(app: &App, actor: &Actor, visitor: &Visitor) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let at = store::confirmed_at(&mut conn, actor.person, &id::digest(&visitor.token)).await?;
    Ok(at.is_some_and(|at| app.clock.now().as_millisecond() - at < MINUTES * 60_000))
}

/// Refuses when it was not.
pub async fn must_be_fresh(app: &App, actor: &Actor, visitor: &Visitor) -> Result<()> {
    if is_fresh(app, actor, visitor).await? { Ok(()) } else { Err(Error::refused(MISSING).into()) }
}

#[derive(Deserialize)]
pub(super) struct ProofForm {
    #[serde(default)]
    current: String,
}

/// The password again.
pub(super) async fn give(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(form): Form<ProofForm>,
) -> Result<Response> {
    let hash = {
        let mut conn = app.db.read().await?;
        store::password_hash(&mut conn, actor.person).await?
    };
    let key = format!("password:{}", actor.person);
    rate_limit::take(&app.db, &app.clock, &key, 10, 900).await?;
    if !password::matches(&app, &form.current, hash).await? {
        return super::settings::wrong(
            &app,
            ui.clone(),
            &actor,
            &visitor,
            "current",
            &ui.t("account-old-wrong"),
        )
        .await;
    }
    let mut tx = app.db.begin().await?;
    let now = app.clock.now().as_millisecond();
    store::confirm(&mut tx, actor.person, &id::digest(&visitor.token), now).await?;
    account::record(&mut tx, &app, actor.person, "account.confirmed", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(see_saying("/account", &ui.t("access-confirmed")))
}

/// A link to the address where letters go.
pub(super) async fn send(State(app): State<App>, ui: Ui, SignedIn(actor): SignedIn) -> Result<Response> {
    let address = {
        let mut conn = app.db.read().await?;
        person::addresses(&mut conn, actor.person).await?.into_iter().next().ok_or(Error::NotFound)?.address
    };
    let email = Email::parse(&address).map_err(Error::refused)?;
    account::limit_letters(&app, &email).await?;
    let to = To { email: &email, person: Some(actor.person), name: &actor.name, language: ui.words };
    link::send(&app, LinkKind::Confirm, "confirm", &to).await?;
    Ok(see_saying("/account", &ui.t1("access-link-sent", "address", email)))
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    password: String,
}

/// A new password. Whoever knew the old one is out: all other sessions end, all
/// keys to the API, all links.
pub(super) async fn change_password(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    if !is_fresh(&app, &actor, &visitor).await? {
        return super::settings::unproved(&app, ui, &actor, &visitor).await;
    }
    let address = {
        let mut conn = app.db.read().await?;
        person::addresses(&mut conn, actor.person)
            .await?
            .first()
            .map_or_else(String::new, |a| a.address.clone())
    };
    if let Err(weak) = cairn_domain::password::check(&form.password, &actor.name, &address) {
        return super::settings::wrong(&app, ui, &actor, &visitor, "password", &weak.to_string()).await;
    }
    let hash = password::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    store::set_password(&mut tx, actor.person, &hash).await?;
    account::session::end_all(&mut tx, actor.person).await?;
    store::revoke_tokens(&mut tx, actor.person, app.clock.now().as_millisecond()).await?;
    link::void(&mut tx, &app, actor.person).await?;
    account::record(&mut tx, &app, actor.person, "account.password_changed", actor.person.to_string())
        .await?;
    letter::to_all(&mut tx, &app, actor.person, "password-changed", None, &[]).await?;
    let agent = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("");
    let token = account::session::start(&app, &mut tx, actor.person, agent).await?;
    tx.commit().await?;
    app.bell.notify_one();
    let mut response = see_saying("/account", &ui.t("access-password-done"));
    session::put_cookie(&app, &mut response, &token);
    Ok(response)
}
