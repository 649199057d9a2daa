//! The owners' page: what the operator has decided, what to do, and domains.

use crate::http::problem::Result;
use crate::http::{Errors, SignedIn, Ui, page_with, see_saying, see_warning};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::confirmation::{self, Applicant, Domain, Past, domain};
use cairn_actions::person::Actor;
use cairn_domain::standing::Standing;
use cairn_domain::web_domain::MissingProof;
use cairn_value::policy::Policy;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "confirmation/owner.html")]
struct Page {
    ui: Ui,
    known: Applicant,
    is_open: bool,
    is_declined: bool,
    domains: Vec<DomainEntry>,
    past: Vec<Past>,
    domain: String,
    errors: Errors,
}

impl Page {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

/// A domain as the page shows it.
struct DomainEntry {
    domain: String,
    record: String,
    file: String,
    line: String,
    missed: Option<MissingProof>,
    is_proved: bool,
    ends_at: Option<i64>,
    checked_at: Option<i64>,
}

fn shown(d: Domain) -> DomainEntry {
    DomainEntry {
        record: domain::record_name(&d.domain),
        file: domain::file_address(&d.domain),
        line: domain::line(&d.token),
        is_proved: d.proof.counts(),
        ends_at: d.proof.ends_at(),
        checked_at: d.proof.checked_at,
        missed: d.missed,
        domain: d.domain,
    }
}

async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    slug: &str,
    text: String,
    errors: Errors,
) -> Result<Response> {
    let (known, domains) = confirmation::own(app, actor, slug).await?;
    let domains = domains.into_iter().map(shown).collect();
    let past = confirmation::decisions(app, actor, slug).await?;
    let status = errors.status();
    let is_open = app.config.organizations == Policy::Open && known.standing == Standing::Unconfirmed;
    let is_declined = known.standing == Standing::Declined;
    page_with(status, &Page { ui, known, is_open, is_declined, domains, past, domain: text, errors })
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Response> {
    render(&app, ui, &actor, &slug, String::new(), Errors::default()).await
}

pub(super) async fn ask_again(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
) -> Result<Response> {
    confirmation::ask_again(&app, &actor, actor.member(&slug)?.organization).await?;
    Ok(see_saying(&address(&slug), &ui.t("confirmation-asked")))
}

#[derive(Deserialize)]
pub(super) struct DomainForm {
    #[serde(default)]
    domain: String,
}

pub(super) async fn add(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<DomainForm>,
) -> Result<Response> {
    match domain::add(&app, &actor, actor.member(&slug)?.organization, &form.domain).await {
        Ok(()) => Ok(see_saying(&address(&slug), &ui.t("confirmation-domain-added"))),
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            render(&app, ui, &actor, &slug, form.domain, errors).await
        }
    }
}

pub(super) async fn check(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<DomainForm>,
) -> Result<Response> {
    let found = domain::check(&app, &actor, &slug, &form.domain).await?;
    let say = |key| ui.t1(key, "domain", &form.domain);
    Ok(if found {
        see_saying(&address(&slug), &say("confirmation-domain-found"))
    } else {
        see_warning(&address(&slug), &say("confirmation-domain-not-found"))
    })
}

pub(super) async fn remove(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    Path(slug): Path<String>,
    Form(form): Form<DomainForm>,
) -> Result<Response> {
    domain::remove(&app, &actor, actor.member(&slug)?.organization, &form.domain).await?;
    Ok(see_saying(&address(&slug), &ui.t1("confirmation-domain-removed", "domain", &form.domain)))
}

fn address(slug: &str) -> String {
    format!("/organizations/{slug}/confirmation")
}
