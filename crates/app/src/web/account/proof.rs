//! "Is it really you?": before an address, the password, a key to the API or the
//! whole account changes, whoever is signed in gives the password again, or
//! follows a link that was sent a moment ago. A browser that somebody left open
//! is not enough.

use crate::http::problem::Result;
use crate::http::reader::Errors;
use crate::http::session::{self, Visitor};
use crate::http::{SignedIn, Ui, see_saying};
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::account::link::{self, LinkKind, To};
use cairn_actions::account::{self, proof};
use cairn_actions::person;
use cairn_value::email::Email;
use serde::Deserialize;

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
    if !proof::give(&app, &actor, &visitor.token, &form.current).await? {
        let said = ui.t("account-old-wrong");
        let errors = Errors::one("current", said);
        return super::settings::wrong(&app, ui, &actor, &visitor, errors).await;
    }
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
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return super::settings::unproved(&app, ui, &actor, &visitor).await;
    }
    let agent = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("");
    let token = match proof::change_password(&app, &actor, &form.password, agent).await {
        Ok(token) => token,
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            return super::settings::wrong(&app, ui, &actor, &visitor, errors).await;
        }
    };
    let mut response = see_saying("/account", &ui.t("access-password-done"));
    session::put_cookie(&app, &mut response, &token);
    Ok(response)
}
