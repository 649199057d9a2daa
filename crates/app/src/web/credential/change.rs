//! What holders and owners change on a badge's page: who sees it, its status, and awarding it again.

use super::page::again;
use crate::http::problem::Result;
use crate::http::{Errors, SignedIn, Ui, see_saying};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::credential::{self, Sharing, set_sharing};
use cairn_domain::award::Change;
use cairn_value::id::CredentialId;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct ShareForm {
    share: String,
}

pub(super) async fn share(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(form): Form<ShareForm>,
) -> Result<Response> {
    let sharing = if form.share == "yes" { Sharing::Public } else { Sharing::Private };
    set_sharing(&app, &actor, id.parse()?, sharing).await?;
    let said = if sharing == Sharing::Public { "credential-shared-done" } else { "credential-hidden-done" };
    Ok(see_saying(&format!("/c/{id}"), &ui.t(said)))
}

#[derive(Deserialize)]
pub(super) struct ChangeForm {
    #[serde(default)]
    change: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn change(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse()?;
    let done = match Change::parse(&form.change) {
        Some(change) => {
            credential::change_status(&app, &actor, id, change, &form.reason).await.map(|_| change)
        }
        None => Err(Error::invalid("change", "choose-change")),
    };
    match done {
        Ok(change) => Ok(see_saying(&format!("/c/{id}"), &ui.word("credential-done", change.name()))),
        // without a reason nobody is told anything: it stands beside the field
        Err(Error::Refused(why)) if form.reason.trim().is_empty() => {
            let errors = Errors::one("reason", ui.refusal(why));
            let mut response = again(&app, ui, &actor, id, form.reason, errors).await?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            again(&app, ui, &actor, id, form.reason, errors).await
        }
    }
}

pub(super) async fn award_again(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
) -> Result<Response> {
    let new = credential::award_again(&app, &actor, id.parse()?).await?;
    Ok(see_saying(&format!("/c/{new}"), &ui.t("credential-again-done")))
}
