//! What opens the account, on its page: sessions and keys to the API, each to
//! end, and keys to make.

use super::settings::{render, unproved, wrong};
use crate::http::problem::Result;
use crate::http::session::Visitor;
use crate::http::{SignedIn, Ui, see_saying};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
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

/// Reads the form; otherwise the field and the message that is wrong with it.
fn new_token(fields: &[(String, String)]) -> Result<NewToken, (&'static str, &'static str)> {
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
    let name = field("token_name").to_owned();
    let is_chosen = |s: &&str| fields.iter().any(|(n, v)| n == "scope" && v == s);
    let scopes: Vec<&str> = SCOPES.iter().copied().filter(is_chosen).collect();
    let days = match field("token_days") {
        "" => DEFAULT_DAYS,
        text => {
            text.parse().ok().filter(|d| TOKEN_DAYS.contains(d)).ok_or(("token_days", "access-days-wrong"))?
        }
    };
    if name.is_empty() {
        return Err(("token_name", "account-token-name-missing"));
    }
    if scopes.is_empty() {
        return Err(("scope", "account-token-scope-missing"));
    }
    Ok(NewToken { name, scopes: scopes.join(" "), days })
}

/// Makes a key to the API.
pub(super) async fn make_token(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    let new = match new_token(&fields) {
        Ok(new) => new,
        Err((field, message)) => {
            return wrong(&app, ui.clone(), &actor, &visitor, field, &ui.t(message)).await;
        }
    };
    match account::issue_token(&app, actor.person, &new.name, &new.scopes, new.days).await {
        Ok(token) => render(&app, ui, &actor, &visitor, token, vec![]).await,
        Err(Error::Invalid(fields)) => {
            let why = fields.first().map_or("", |f| f.message.as_str());
            wrong(&app, ui, &actor, &visitor, "token_name", why).await
        }
        Err(other) => Err(other.into()),
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
