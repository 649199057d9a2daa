//! The operator's pages, and operators made on the command line.

use super::store::{self, Known, Waiting};
use super::{decide as act, note};
use crate::App;
use crate::feature::account;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Actor, Ui, page, page_with, see_saying};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use cairn_domain::display_name::look;
use cairn_domain::email::Email;
use cairn_domain::standing::Decision;
use serde::Deserialize;
use serde_json::json;

/// Organisations on one page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "confirmation/operator_list.html")]
struct List {
    ui: Ui,
    only_waiting: bool,
    items: Vec<Known>,
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Place {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn list(State(app): State<App>, ui: Ui, Query(place): Query<Place>) -> Result<Response> {
    let only_waiting = place.show != "all";
    let waiting = if only_waiting { Waiting::Only } else { Waiting::No };
    let mut conn = app.db.read().await?;
    let mut items = store::list(&mut conn, waiting, &place.after, PAGE + 1).await?;
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
    known: Known,
    is_name_wanted: bool,
    owners: Vec<store::Owner>,
    domains: Vec<store::Domain>,
    alike: Vec<(String, String)>,
    issued: i64,
    reason: String,
    error: String,
}

impl Show {
    fn may(&self, decision: Decision) -> bool {
        self.known.place().decide(decision, "?").is_ok()
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

async fn shown(app: &App, ui: Ui, slug: &str, reason: String, error: String) -> Result<Show> {
    let mut conn = app.db.read().await?;
    let known = store::find(&mut conn, slug).await?.ok_or(Error::NotFound)?;
    Ok(Show {
        owners: store::owners(&mut conn, known.id).await?,
        domains: store::domains(&mut conn, known.id).await?,
        alike: store::alike(&mut conn, known.id, &look(known.asked_name())).await?,
        issued: store::issued(&mut conn, known.id).await?,
        is_name_wanted: !known.name_wanted.is_empty(),
        known,
        ui,
        reason,
        error,
    })
}

pub(super) async fn show(State(app): State<App>, ui: Ui, Path(slug): Path<String>) -> Result<Response> {
    page(&shown(&app, ui, &slug, String::new(), String::new()).await?)
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
    actor: Actor,
    Path(slug): Path<String>,
    Form(form): Form<DecisionForm>,
) -> Result<Response> {
    let decision =
        Decision::parse(&form.decision).ok_or_else(|| Error::invalid("decision", "choose a decision"))?;
    match act(&app, &actor, &slug, decision, &form.reason, &form.name).await {
        Ok(_) => Ok(see_saying(
            &format!("/operator/organizations/{slug}"),
            &ui.t(format!("confirmation-done-{}", decision.name())),
        )),
        Err(Error::Refused(why)) => {
            let error = ui.words.refusal(&why);
            page_with(StatusCode::CONFLICT, &shown(&app, ui, &slug, form.reason, error).await?)
        }
        Err(other) => Err(other),
    }
}

/// What `cairn operator add` has done.
#[derive(Debug)]
pub struct Added {
    /// False when there was an account already.
    pub is_new_account: bool,
    /// False when the person was an operator already.
    pub is_new_operator: bool,
    /// Signs in once.
    pub link: String,
}

/// Makes the owner of an address an operator, with an account if there is none,
/// and gives a link that signs in once: no mail server is needed.
pub async fn add_operator(app: &App, email: &Email) -> Result<Added> {
    let mut tx = app.db.begin().await?;
    let known = account::person_with(&mut tx, &email.key()).await?;
    let person = if let Some(person) = known {
        person
    } else {
        let name = email.as_str().split(['@', '+']).next().unwrap_or("Operator").replace(['.', '_'], " ");
        let language = crate::platform::i18n::Language::parse(&app.config.language).unwrap_or_default();
        account::create(&mut tx, app, &name, email, None, language).await?
    };
    // an address in `operators` has made a new account an operator already
    let is_new_operator = store::set_operator(&mut tx, person, true).await? || known.is_none();
    let link = account::sign_in_link(&mut tx, app, person, email).await?;
    note(&mut tx, app, None, "command line", "operator.added", person.to_string(), json!({})).await?;
    tx.commit().await?;
    Ok(Added { is_new_account: known.is_none(), is_new_operator, link })
}

/// Takes the right away; the account stays.
pub async fn remove_operator(app: &App, email: &Email) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let person = account::person_with(&mut tx, &email.key())
        .await?
        .ok_or_else(|| Error::refused("there is no account with this address"))?;
    if !store::set_operator(&mut tx, person, false).await? {
        return Err(Error::refused("this person is no operator"));
    }
    note(&mut tx, app, None, "command line", "operator.removed", person.to_string(), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Names and addresses of the operators.
pub async fn operators(app: &App) -> Result<Vec<(String, String)>> {
    let mut conn = app.db.read().await?;
    Ok(store::operators(&mut conn).await?)
}

/// True when somebody can decide on what waits.
pub async fn has_operator(conn: &mut Conn) -> Result<bool> {
    Ok(!store::operators(conn).await?.is_empty())
}
