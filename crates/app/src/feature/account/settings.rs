//! The account page.

use crate::App;
use crate::feature::account::{self, Address, LinkKind, SCOPES, empty_link, password, store};
use crate::platform::error::{Error, Result};
use crate::platform::i18n::Language;
use crate::platform::limit;
use crate::platform::web::{Actor, Fields, Ui, page, page_with, see_saying, session};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cairn_domain::email::Email;
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
    fresh_token: String,
    errors: Vec<(String, String)>,
}

impl Show {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(f, _)| f == field).map_or("", |(_, m)| m.as_str())
    }
}

async fn render(
    app: &App,
    ui: Ui,
    actor: &Actor,
    fresh_token: String,
    errors: Vec<(String, String)>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let hash: Option<String> = sqlx::query_scalar("SELECT password_hash FROM person WHERE id = $1")
        .bind(actor.person.to_string())
        .fetch_one(&mut *conn)
        .await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Show {
        name: actor.name.clone(),
        has_password: hash.is_some(),
        addresses: store::addresses(&mut conn, actor.person).await?,
        sessions: store::sessions(&mut conn, actor.person, ui.now).await?,
        tokens: store::tokens(&mut conn, actor.person).await?,
        scopes: SCOPES,
        ui,
        fresh_token,
        errors,
    };
    page_with(status, &shown)
}

async fn wrong(app: &App, ui: Ui, actor: &Actor, field: &str, message: &str) -> Result<Response> {
    let errors = vec![(field.to_owned(), ui.words.refusal(message))];
    render(app, ui, actor, String::new(), errors).await
}

pub(super) async fn show(State(app): State<App>, ui: Ui, actor: Actor) -> Result<Response> {
    render(&app, ui, &actor, String::new(), vec![]).await
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
    actor: Actor,
    Form(form): Form<ProfileForm>,
) -> Result<Response> {
    let name = match account::check_name(&form.name) {
        Ok(name) => name,
        Err(refused) => return wrong(&app, ui, &actor, "name", &refused.told().detail).await,
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
pub(super) struct PasswordForm {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn password(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let (hash, address): (Option<String>, String) = {
        let mut conn = app.db.read().await?;
        let hash = sqlx::query_scalar("SELECT password_hash FROM person WHERE id = $1")
            .bind(actor.person.to_string())
            .fetch_one(&mut *conn)
            .await?;
        (
            hash,
            store::addresses(&mut conn, actor.person)
                .await?
                .first()
                .map_or(String::new(), |a| a.address.clone()),
        )
    };
    if hash.is_some() && !password::matches(&app, &form.old, hash).await? {
        return wrong(&app, ui.clone(), &actor, "old", &ui.t("account-old-wrong")).await;
    }
    if let Err(Error::Invalid(fields)) = password::check(&form.password, &actor.name, &address) {
        return wrong(&app, ui, &actor, "password", &fields[0].message).await;
    }
    let hash = password::hash(&app, &form.password).await?;
    let mut tx = app.db.begin().await?;
    sqlx::query("UPDATE person SET password_hash = $2 WHERE id = $1")
        .bind(actor.person.to_string())
        .bind(hash)
        .execute(&mut *tx)
        .await?;
    // whoever knew the old one is out
    session::end_all(&mut tx, actor.person).await?;
    account::void_links(&mut tx, &app, actor.person).await?;
    account::record(&mut tx, &app, actor.person, "account.password_changed", actor.person.to_string())
        .await?;
    tx.commit().await?;
    let agent = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("");
    let token = account::session_for(&app, actor.person, agent).await?;
    let mut response = see_saying("/account", &ui.t("account-password-done"));
    session::put_cookie(&app, &mut response, &token);
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct AddressForm {
    #[serde(default)]
    email: String,
}

pub(super) async fn add_address(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let email = match Email::parse(&form.email) {
        Ok(email) => email,
        Err(e) => return wrong(&app, ui, &actor, "email", &e.to_string()).await,
    };
    limit::take(&app, &limit::table::CONFIRM_ADDRESS, &email.key()).await?;
    let link = empty_link(Some(actor.person), &actor.name, ui.words);
    account::send_link(&app, LinkKind::Verify, "verify", &email, link, ui.words).await?;
    Ok(see_saying("/account", &ui.t1("account-address-sent", "address", email)))
}

pub(super) async fn make_primary(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let mine = store::addresses(&mut tx, actor.person).await?;
    let wanted = mine.iter().find(|a| a.key == form.email).ok_or(Error::NotFound)?;
    sqlx::query("UPDATE email SET is_primary = CASE WHEN key = $2 THEN 1 ELSE 0 END WHERE person = $1")
        .bind(actor.person.to_string())
        .bind(&wanted.key)
        .execute(&mut *tx)
        .await?;
    account::record(&mut tx, &app, actor.person, "account.changed", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(see_saying("/account", &ui.t("account-saved")))
}

pub(super) async fn remove_address(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let mine = store::addresses(&mut tx, actor.person).await?;
    let wanted = mine.iter().find(|a| a.key == form.email).ok_or(Error::NotFound)?;
    if wanted.primary {
        return Err(Error::refused("letters go to this address; choose another for that first"));
    }
    sqlx::query("DELETE FROM email WHERE person = $1 AND key = $2")
        .bind(actor.person.to_string())
        .bind(&wanted.key)
        .execute(&mut *tx)
        .await?;
    account::void_links(&mut tx, &app, actor.person).await?;
    account::record(&mut tx, &app, actor.person, "account.address_removed", actor.person.to_string()).await?;
    tx.commit().await?;
    Ok(see_saying("/account", &ui.t("account-saved")))
}

pub(super) async fn sign_out_everywhere(State(app): State<App>, ui: Ui, actor: Actor) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    session::end_all(&mut tx, actor.person).await?;
    account::void_links(&mut tx, &app, actor.person).await?;
    account::record(&mut tx, &app, actor.person, "account.signed_out_everywhere", actor.person.to_string())
        .await?;
    tx.commit().await?;
    Ok(see_saying("/sign-in", &ui.t("account-signed-out")))
}

pub(super) async fn make_token(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let name: String = fields.get("token_name").trim().chars().take(80).collect();
    let chosen: Vec<&str> = SCOPES.iter().copied().filter(|s| fields.has("scope", s)).collect();
    if name.is_empty() {
        return wrong(&app, ui.clone(), &actor, "token_name", &ui.t("account-token-name-missing")).await;
    }
    if chosen.is_empty() {
        return wrong(&app, ui.clone(), &actor, "scope", &ui.t("account-token-scope-missing")).await;
    }
    let token = account::issue_token(&app, actor.person, &name, &chosen.join(" ")).await?;
    render(&app, ui, &actor, token, vec![]).await
}

#[derive(Deserialize)]
pub(super) struct TokenForm {
    #[serde(default)]
    id: String,
}

pub(super) async fn revoke_token(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    Form(form): Form<TokenForm>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let done = sqlx::query(
        "UPDATE api_token SET revoked_at = $3 WHERE person = $1 AND id = $2 AND revoked_at IS NULL",
    )
    .bind(actor.person.to_string())
    .bind(&form.id)
    .bind(app.clock.now().as_millisecond())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound);
    }
    account::record(&mut tx, &app, actor.person, "token.revoked", form.id).await?;
    tx.commit().await?;
    Ok(see_saying("/account", &ui.t("account-token-revoked")))
}

#[derive(Template)]
#[template(path = "account/deletion.html")]
struct Deletion {
    ui: Ui,
    address: String,
    error: String,
}

pub(super) async fn deletion_form(State(app): State<App>, ui: Ui, actor: Actor) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let address =
        store::addresses(&mut conn, actor.person).await?.first().map_or(String::new(), |a| a.address.clone());
    page(&Deletion { ui, address, error: String::new() })
}

pub(super) async fn delete(
    State(app): State<App>,
    ui: Ui,
    actor: Actor,
    headers: HeaderMap,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let mine = {
        let mut conn = app.db.read().await?;
        store::addresses(&mut conn, actor.person).await?
    };
    let address = mine.first().map_or(String::new(), |a| a.address.clone());
    let said = form.email.trim().to_lowercase();
    if !mine.iter().any(|a| a.key == said) {
        let error = ui.t("account-deletion-wrong");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &Deletion { ui, address, error });
    }
    if let Err(refused) = account::delete(&app, &actor).await {
        let Error::Refused(why) = refused else { return Err(refused) };
        let error = ui.words.refusal(&why);
        return page_with(StatusCode::CONFLICT, &Deletion { ui, address, error });
    }
    let mut response = see_saying("/", &ui.t("account-deleted"));
    session::end(&app, &headers, &mut response).await?;
    Ok(response)
}
