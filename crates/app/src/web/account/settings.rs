//! The account page.

use crate::http::problem::Result;
use crate::http::scope::INSTANCE_OPERATE;
use crate::http::session::Visitor;
use crate::http::{Errors, Fields};
use crate::http::{SignedIn, Ui, page_with, see_saying, session};
use crate::web::account::browser;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::account::link::{self, LinkKind, To};
use cairn_actions::account::settings::{self, Session, Token};
use cairn_actions::account::{DEFAULT_DAYS, SCOPES, TOKEN_DAYS, proof};
use cairn_actions::erasure;
use cairn_actions::limit;
use cairn_actions::person;
use cairn_actions::person::Actor;
use cairn_actions::person::Address;
use cairn_platform::text::Language;
use cairn_value::email::Email;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/show.html")]
struct Show {
    ui: Ui,
    name: String,
    /// The saved one; the page itself may be read in another.
    language: &'static str,
    has_password: bool,
    addresses: Vec<Address>,
    sessions: Vec<Session>,
    tokens: Vec<Token>,
    scopes: Vec<&'static str>,
    /// How long a key may last: days, and the words for them.
    days: Vec<(String, String)>,
    chosen_days: String,
    /// It was shown a moment ago that it is she.
    proved: bool,
    fresh_token: String,
    /// The form for a new key as it was sent.
    typed: Fields,
    errors: Errors,
}

impl Show {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

pub(super) async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    visitor: &Visitor,
    fresh_token: String,
    typed: Fields,
    errors: Errors,
) -> Result<Response> {
    let proved = proof::is_fresh(app, actor, &visitor.token).await?;
    let status = errors.status();
    let (addresses, saved) = {
        let mut conn = app.db.read().await?;
        (person::addresses(&mut conn, actor.person).await?, person::load(&mut conn, actor.person).await?)
    };
    let shown = Show {
        language: saved.map_or(actor.language, |saved| saved.language).code(),
        name: actor.name.clone(),
        has_password: proof::has_password(app, actor).await?,
        addresses,
        sessions: settings::sessions(app, actor, &visitor.token).await?,
        tokens: settings::tokens(app, actor).await?,
        // what only operators can do is offered to them
        scopes: SCOPES.iter().copied().filter(|s| actor.operator || *s != INSTANCE_OPERATE).collect(),
        days: TOKEN_DAYS.iter().map(|d| (d.to_string(), ui.words.count("access-days-count", *d))).collect(),
        proved,
        ui,
        fresh_token,
        chosen_days: if typed.sent("token_days") {
            typed.trimmed("token_days")
        } else {
            DEFAULT_DAYS.to_string()
        },
        typed,
        errors,
    };
    page_with(status, &shown)
}

pub(super) async fn wrong(
    app: &App,
    ui: Ui,
    actor: &Actor,
    visitor: &Visitor,
    errors: Errors,
) -> Result<Response> {
    render(app, ui, actor, visitor, String::new(), Fields::default(), errors).await
}

/// The page, which asks for a proof that it is she.
pub(super) async fn unproved(app: &App, ui: Ui, actor: &Actor, visitor: &Visitor) -> Result<Response> {
    let errors = Errors::one("proof", ui.refusal(proof::MISSING));
    wrong(app, ui, actor, visitor, errors).await
}

pub(super) async fn show(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response> {
    let fresh = session::shown_once(&app, &headers, &visitor);
    let (fields, errors, is_fresh) = (Fields::default(), Errors::default(), fresh.is_some());
    let mut response = render(&app, ui, &actor, &visitor, fresh.unwrap_or_default(), fields, errors).await?;
    if is_fresh {
        session::forget_shown(&app, &mut response);
    }
    Ok(response)
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
    let language = Language::parse(&form.language).unwrap_or(actor.language);
    match settings::change_profile(&app, &actor, &form.name, language).await {
        Ok(()) => {}
        Err(error) => {
            let errors = Errors::of_action(error, &ui)?;
            return wrong(&app, ui, &actor, &visitor, errors).await;
        }
    }
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
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    let email = match Email::parse(&form.email) {
        Ok(email) => email,
        Err(e) => {
            let errors = Errors::one("email", ui.refusal(e));
            return wrong(&app, ui, &actor, &visitor, errors).await;
        }
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
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    settings::make_primary(&app, &actor, &form.email).await?;
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
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        return unproved(&app, ui, &actor, &visitor).await;
    }
    settings::remove_address(&app, &actor, &form.email).await?;
    Ok(see_saying("/account", &ui.t("account-saved")))
}

#[derive(Template)]
#[template(path = "account/deletion.html")]
struct Deletion {
    ui: Ui,
    address: String,
    /// It was shown a moment ago that it is she.
    proved: bool,
    errors: Errors,
}

impl Deletion {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

async fn render_deletion(
    app: &App,
    ui: Ui,
    actor: &Actor,
    visitor: &Visitor,
    errors: Errors,
) -> Result<Response> {
    let proved = proof::is_fresh(app, actor, &visitor.token).await?;
    let mut conn = app.db.read().await?;
    let mine = person::addresses(&mut conn, actor.person).await?;
    let address = mine.into_iter().next().map_or_else(String::new, |a| a.address);
    page_with(errors.status(), &Deletion { ui, address, proved, errors })
}

pub(super) async fn deletion_form(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
) -> Result<Response> {
    render_deletion(&app, ui, &actor, &visitor, Errors::default()).await
}

pub(super) async fn delete(
    State(app): State<App>,
    ui: Ui,
    SignedIn(actor): SignedIn,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    if !proof::is_fresh(&app, &actor, &visitor.token).await? {
        let errors = Errors::one("", ui.refusal(proof::MISSING));
        return render_deletion(&app, ui, &actor, &visitor, errors).await;
    }
    let mine = {
        let mut conn = app.db.read().await?;
        person::addresses(&mut conn, actor.person).await?
    };
    let said = Email::key_of(&form.email);
    if !mine.iter().any(|a| a.key == said) {
        let errors = Errors::one("email", ui.t("account-deletion-wrong"));
        return render_deletion(&app, ui, &actor, &visitor, errors).await;
    }
    if let Err(refused) = erasure::erase(&app, &actor).await {
        let errors = Errors::of_action(refused, &ui)?;
        return render_deletion(&app, ui, &actor, &visitor, errors).await;
    }
    let mut response = see_saying("/", &ui.t("account-deleted"));
    session::end(&app, &headers, &mut response).await?;
    Ok(response)
}
