//! The account page.

use super::proof;
use crate::http::problem::Result;
use crate::http::session::Visitor;
use crate::http::{SignedIn, Ui, page, page_with, see_saying, session};
use crate::web::account::browser;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::account::link::{self, LinkKind, To};
use cairn_actions::account::{self, DEFAULT_DAYS, SCOPES, TOKEN_DAYS, letter, store};
use cairn_actions::limit;
use cairn_actions::person;
use cairn_actions::person::Actor;
use cairn_actions::person::Address;
use cairn_platform::id;
use cairn_platform::text::Language;
use cairn_value::email::Email;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/show.html")]
struct Show {
    ui: Ui,
    name: String,
    has_password: bool,
    addresses: Vec<Address>,
    sessions: Vec<store::Session>,
    tokens: Vec<store::Token>,
    scopes: &'static [&'static str],
    /// How long a key may last: days, and the words for them.
    days: Vec<(String, String)>,
    default_days: String,
    /// It was shown a moment ago that it is she.
    proved: bool,
    fresh_token: String,
    errors: Vec<(String, String)>,
}

impl Show {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(f, _)| f == field).map_or("", |(_, m)| m.as_str())
    }
}

pub(super) async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    visitor: &Visitor,
    fresh_token: String,
    errors: Vec<(String, String)>,
) -> Result<Response> {
    let proved = proof::is_fresh(app, actor, visitor).await?;
    let mut conn = app.db.read().await?;
    let here = id::digest(&visitor.token);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Show {
        name: actor.name.clone(),
        has_password: store::password_hash(&mut conn, actor.person).await?.is_some(),
        addresses: person::addresses(&mut conn, actor.person).await?,
        sessions: store::sessions(&mut conn, actor.person, &here, ui.now).await?,
        tokens: store::tokens(&mut conn, actor.person, ui.now).await?,
        scopes: SCOPES,
        days: TOKEN_DAYS.iter().map(|d| (d.to_string(), ui.words.count("access-days-count", *d))).collect(),
        default_days: DEFAULT_DAYS.to_string(),
        proved,
        ui,
        fresh_token,
        errors,
    };
    page_with(status, &shown)
}

pub(super) async fn wrong(
    app: &App,
    ui: Ui,
    actor: &Actor,
    visitor: &Visitor,
    field: &str,
    message: &str,
) -> Result<Response> {
    let errors = vec![(field.to_owned(), ui.words.refusal(message))];
    render(app, ui, actor, visitor, String::new(), errors).await
}

/// The page, which asks for a proof that it is she.
pub(super) async fn unproved(app: &App, ui: Ui, actor: &Actor, visitor: &Visitor) -> Result<Response> {
    wrong(app, ui, actor, visitor, "proof", proof::MISSING).await
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
) -> Result<Response> {
    render(&app, ui, &actor, &visitor, String::new(), vec![]).await
}

#[derive(Deserialize)]
pub(super) struct ProfileForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    language: String,
}

pub(super) async fn profile(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(form): Form<ProfileForm>,
) -> Result<Response> {
    let name = match account::check_name(&form.name) {
        Ok(name) => name,
        Err(refused) => {
            return wrong(&app, ui, &actor, &visitor, "name", &crate::http::problem::told(&refused).detail)
                .await;
        }
    };
    let language = Language::parse(&form.language).unwrap_or(actor.language);
    let mut tx = app.db.begin().await?;
    sqlx::query("UPDATE person SET name = $2, language = $3 WHERE id = $1")
        .bind(actor.person.to_string())
        .bind(name)
        .bind(language.code())
        .execute(&mut *tx)
        .await?;
    account::record(&mut tx, &app, actor.person, "account.changed", actor.person.to_string()).await?;
    tx.commit().await?;
    let mut response = see_saying("/account", &language.text("account-saved", &[]));
    session::choose_language(&app, response.headers_mut(), language);
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct AddressForm {
    #[serde(default)]
    email: String,
}

/// Sends a link that adds an address.
pub(super) async fn add_address(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    if !proof::is_fresh(&app, &actor, &visitor).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    let email = match Email::parse(&form.email) {
        Ok(email) => email,
        Err(e) => return wrong(&app, ui, &actor, &visitor, "email", &e.to_string()).await,
    };
    limit::take(&app, &limit::CONFIRM_ADDRESS, &email.key()).await?;
    let to = To { email: &email, person: Some(actor.person), name: &actor.name, language: ui.words };
    link::send(&app, LinkKind::Verify, "verify", &to).await?;
    Ok(see_saying("/account", &ui.t1("account-address-sent", "address", email)))
}

/// Chooses where letters go.
pub(super) async fn make_primary(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    if !proof::is_fresh(&app, &actor, &visitor).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    let mut tx = app.db.begin().await?;
    let mine = person::addresses(&mut tx, actor.person).await?;
    let wanted = mine.iter().find(|a| a.key == form.email).ok_or(Error::NotFound)?;
    store::make_primary(&mut tx, actor.person, &wanted.key).await?;
    account::record(&mut tx, &app, actor.person, "account.changed", actor.person.to_string()).await?;
    let values = [("address", wanted.address.as_str())];
    letter::to_all(&mut tx, &app, actor.person, "address-primary", None, &values).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(see_saying("/account", &ui.t("account-saved")))
}

/// Takes an address out of the account.
pub(super) async fn remove_address(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    if !proof::is_fresh(&app, &actor, &visitor).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    let mut tx = app.db.begin().await?;
    let mine = person::addresses(&mut tx, actor.person).await?;
    let wanted = mine.iter().find(|a| a.key == form.email).ok_or(Error::NotFound)?;
    if wanted.primary {
        return Err(Error::refused("letters go to this address; choose another for that first").into());
    }
    store::remove_address(&mut tx, actor.person, &wanted.key).await?;
    link::void(&mut tx, &app, actor.person).await?;
    account::record(&mut tx, &app, actor.person, "account.address_removed", actor.person.to_string()).await?;
    let values = [("address", wanted.address.as_str())];
    let gone = Some(wanted.address.as_str());
    letter::to_all(&mut tx, &app, actor.person, "address-removed", gone, &values).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(see_saying("/account", &ui.t("account-saved")))
}

#[derive(Template)]
#[template(path = "account/deletion.html")]
struct Deletion {
    ui: Ui,
    address: String,
    error: String,
}

pub(super) async fn deletion_form(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let address = person::addresses(&mut conn, actor.person)
        .await?
        .first()
        .map_or(String::new(), |a| a.address.clone());
    page(&Deletion { ui, address, error: String::new() })
}

pub(super) async fn delete(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    proof::must_be_fresh(&app, &actor, &visitor).await?;
    let mine = {
        let mut conn = app.db.read().await?;
        person::addresses(&mut conn, actor.person).await?
    };
    let address = mine.first().map_or(String::new(), |a| a.address.clone());
    let said = Email::key_of(&form.email);
    if !mine.iter().any(|a| a.key == said) {
        let error = ui.t("account-deletion-wrong");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &Deletion { ui, address, error });
    }
    if let Err(refused) = account::delete(&app, &actor).await {
        let Error::Refused(why) = refused else { return Err(refused.into()) };
        let error = ui.words.refusal(&why);
        return page_with(StatusCode::CONFLICT, &Deletion { ui, address, error });
    }
    let mut response = see_saying("/", &ui.t("account-deleted"));
    session::end(&app, &headers, &mut response).await?;
    Ok(response)
}
