//! The operator's pages: what waits, and one organisation to decide on.

use crate::http::problem::Result;
use crate::http::{Errors, SignedIn, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::confirmation::{self, Applicant, Case, Waiting};
use cairn_actions::person::Actor;
use cairn_domain::standing::Decision;
use serde::Deserialize;

/// Organisations on one page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "confirmation/operator_list.html")]
struct List {
    ui: Ui,
    only_waiting: bool,
    items: Vec<Applicant>,
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Place {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Query(place): Query<Place>,
) -> Result<Response> {
    let only_waiting = place.show != "all";
    let waiting = if only_waiting { Waiting::Only } else { Waiting::No };
    let mut items = confirmation::list(&app, &actor, waiting, &place.after, PAGE + 1).await?;
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let show = if only_waiting { "waiting" } else { "all" };
    let next = items
        .last()
        .filter(|_| more)
        .map_or_else(String::new, |last| format!("/operator/organizations?show={show}&after={}", last.slug));
    page(&List { ui, only_waiting, items, next })
}

#[derive(Template)]
#[template(path = "confirmation/operator_show.html")]
struct Show {
    ui: Ui,
    case: Case,
    reason: String,
    errors: Errors,
}

impl Show {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
    fn may(&self, decision: Decision) -> bool {
        self.case.known.place().decide(decision, "?").is_ok()
    }
    fn may_confirm(&self) -> bool {
        self.may(Decision::Confirm)
    }
    fn may_decline(&self) -> bool {
        self.may(Decision::Decline)
    }
    fn may_suspend(&self) -> bool {
        self.may(Decision::Suspend)
    }
    fn may_lift(&self) -> bool {
        self.may(Decision::Lift)
    }
}

async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    slug: &str,
    reason: String,
    errors: Errors,
) -> Result<Response> {
    let status = errors.status();
    page_with(status, &Show { case: confirmation::case(app, actor, slug).await?, ui, reason, errors })
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Response> {
    render(&app, ui, &actor, &slug, String::new(), Errors::default()).await
}

#[derive(Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    name: String,
}

pub(super) async fn decide(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<DecisionForm>,
) -> Result<Response> {
    let done = match Decision::parse(&form.decision) {
        Some(decision) => {
            let done = confirmation::decide(&app, &actor, &slug, decision, &form.reason, &form.name).await;
            done.map(|_| decision)
        }
        None => Err(Error::invalid("decision", "choose-decision")),
    };
    match done {
        Ok(decision) => Ok(see_saying(
            &format!("/operator/organizations/{slug}"),
            &ui.t(format!("confirmation-done-{}", decision.name())),
        )),
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            render(&app, ui, &actor, &slug, form.reason, errors).await
        }
    }
}
