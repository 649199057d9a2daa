//! What opens the account, on its page: sessions and keys to the API, each to
//! end, and keys to make.

use super::settings::{render, unproved};
use crate::http::problem::Result;
use crate::http::session::{self, Visitor};
use crate::http::{Errors, Fields, Reader};
use crate::http::{SignedIn, Ui, see, see_saying};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::account::proof;
use cairn_actions::account::settings::{self, end_other_sessions, end_sessions};
use cairn_actions::account::{self, DEFAULT_DAYS, SCOPES, TOKEN_DAYS};
use serde::Deserialize;

/// Ends all sessions, this one too.
pub(super) async fn sign_out_everywhere(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
) -> Result<Response> {
    end_sessions(&app, &actor).await?;
    Ok(see_saying("/sign-in", &ui.t("account-signed-out")))
}

/// Ends all sessions but this one.
pub(super) async fn end_others(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
) -> Result<Response> {
    end_other_sessions(&app, &actor, &visitor.token).await?;
    Ok(see_saying("/account", &ui.t("access-others-ended")))
}

#[derive(Deserialize)]
pub(super) struct SessionForm {
    #[serde(default)]
    session: String,
}

/// Ends one session.
pub(super) async fn end_session(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Form(form): Form<SessionForm>,
) -> Result<Response> {
    settings::end_session(&app, &actor, &form.session).await?;
    Ok(see_saying("/account", &ui.t("access-session-ended")))
}

/// What the form for a new key says.
struct NewToken {
    name: String,
    scopes: String,
    days: i64,
}

/// Reads the form; otherwise what is wrong with its fields.
fn new_token(fields: &Fields, ui: &Ui) -> Result<NewToken, Errors> {
    let mut form = Reader::new(fields, ui);
    let name = fields.trimmed("token_name");
    let scopes: Vec<&str> = SCOPES.iter().copied().filter(|s| fields.has("scope", s)).collect();
    if name.is_empty() {
        form.wrong("token_name", "account-token-name-missing");
    }
    if scopes.is_empty() {
        form.wrong("scope", "account-token-scope-missing");
    }
    let days = match fields.get("token_days") {
        "" => Some(DEFAULT_DAYS),
        text => text.parse().ok().filter(|d| TOKEN_DAYS.contains(d)),
    };
    if days.is_none() {
        form.wrong("token_days", "access-days-wrong");
    }
    match days.filter(|_| form.errors.is_empty()) {
        Some(days) => Ok(NewToken { name, scopes: scopes.join(" "), days }),
        None => Err(form.errors),
    }
}

/// Makes a key to the API.
pub(super) async fn make_token(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    let made = match new_token(&fields, &ui) {
        Ok(new) => match account::issue_token(&app, actor.person, &new.name, &new.scopes, new.days).await {
            Ok(token) => Ok(token),
            Err(error) => Err(Errors::of_action(error, &ui)?),
        },
        Err(errors) => Err(errors),
    };
    match made {
        Ok(token) => {
            let mut response = see("/account");
            session::show_once(&app, &mut response, &visitor, &token)?;
            Ok(response)
        }
        Err(errors) => render(&app, ui, &actor, &visitor, String::new(), fields, errors).await,
    }
}

#[derive(Deserialize)]
pub(super) struct TokenForm {
    #[serde(default)]
    id: String,
}

/// Ends a key to the API.
pub(super) async fn revoke_token(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Form(form): Form<TokenForm>,
) -> Result<Response> {
    account::end_token(&app, actor.person, &form.id).await?;
    Ok(see_saying("/account", &ui.t("account-token-revoked")))
}
