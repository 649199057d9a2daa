//! Signing up, in and out.

use crate::http::Errors;
use crate::http::client::From;
use crate::http::problem::Result;
use crate::http::{Ui, page, page_with, see, see_saying, session};
use crate::web::demo::{self, Face};
use crate::web::system::local;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use cairn_actions::App;
use cairn_actions::Error;
use cairn_actions::account::link::{self, Follower, LinkEffect};
use cairn_actions::account::settings;
use cairn_actions::account::{self, Newcomer, password};
use cairn_actions::person::Actor;
use cairn_platform::id;
use cairn_value::email::Email;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignIn {
    ui: Ui,
    next: String,
    address: String,
    errors: Errors,
    faces: Vec<Face>,
}

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

async fn faces(app: &App) -> Result<Vec<Face>> {
    if !app.config.demo {
        return Ok(vec![]);
    }
    Ok(demo::world(app).await?.map(|w| w.faces).unwrap_or_default())
}

pub(super) async fn sign_in_form(
    State(app): State<App>,
    ui: Ui,
    actor: Option<axum::Extension<Actor>>,
    Query(query): Query<Next>,
) -> Result<Response> {
    if actor.is_some() && !app.config.demo {
        return Ok(see(local(&query.next)));
    }
    let faces = faces(&app).await?;
    page(&SignIn { ui, next: query.next, address: String::new(), errors: Errors::default(), faces })
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

fn agent(headers: &HeaderMap) -> &str {
    headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("")
}

/// Where to go after signing in.
fn onward(next: &str) -> &str {
    if next.is_empty() { "/desk" } else { local(next) }
}

pub(super) async fn sign_in(
    State(app): State<App>,
    ui: Ui,
    From(client): From,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let (status, why, wait) =
        match account::sign_in(&app, client, &form.email, &form.password, agent(&headers)).await {
            Ok(Some(token)) => {
                let mut response = see(onward(&form.next));
                session::put_cookie(&app, &mut response, &token);
                return Ok(response);
            }
            Ok(None) => (StatusCode::UNPROCESSABLE_ENTITY, "account-wrong", 0),
            // the way in by a letter is on the same page
            Err(Error::TooMany(seconds)) => {
                (StatusCode::TOO_MANY_REQUESTS, "limit-passwords-use-link", seconds)
            }
            Err(other) => return Err(other.into()),
        };
    let errors = Errors::one("email", ui.t(why));
    let faces = faces(&app).await?;
    let shown = SignIn { ui, next: form.next, address: form.email, errors, faces };
    let mut response = page_with(status, &shown)?;
    if wait > 0 {
        response.headers_mut().insert(header::RETRY_AFTER, wait.into());
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "account/look.html")]
struct Look {
    ui: Ui,
    address: String,
}

pub(super) async fn send_link(
    State(app): State<App>,
    ui: Ui,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let email = match Email::parse(&form.email) {
        Ok(email) => email,
        Err(wrong) => {
            let errors = Errors::one("link_email", ui.refusal(wrong));
            let faces = faces(&app).await?;
            let form = SignIn { ui, next: form.next, address: form.email, errors, faces };
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
        }
    };
    account::send_sign_in_link(&app, &email, ui.words).await?;
    page(&Look { ui, address: email.to_string() })
}

#[derive(Template)]
#[template(path = "account/sign_up.html")]
struct SignUp {
    ui: Ui,
    name: String,
    address: String,
    errors: Errors,
}

impl SignUp {
    fn error(&self, field: &str) -> &str {
        self.errors.of(field)
    }
}

pub(super) async fn sign_up_form(ui: Ui) -> Result<Response> {
    page(&SignUp { ui, name: String::new(), address: String::new(), errors: Errors::default() })
}

#[derive(Deserialize)]
pub(super) struct SignUpForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

pub(super) async fn sign_up(
    State(app): State<App>,
    ui: Ui,
    Form(form): Form<SignUpForm>,
) -> Result<Response> {
    let mut errors = Errors::default();
    let name = match account::check_name(&form.name) {
        Ok(name) => name,
        Err(wrong) => {
            errors = Errors::of_action(wrong, &ui)?;
            form.name.clone()
        }
    };
    let email = Email::parse(&form.email);
    if let Err(wrong) = &email {
        errors.put("email", ui.refusal(wrong));
    }
    let (Ok(email), true) = (email, errors.is_empty()) else {
        return page_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &SignUp { ui, name, address: form.email, errors },
        );
    };
    let address = email.to_string();
    account::sign_up(&app, Newcomer { name, email, language: ui.words }).await?;
    page(&Look { ui, address })
}

#[derive(Template)]
#[template(path = "account/link.html")]
struct LinkPage {
    ui: Ui,
    token: String,
    kind: String,
    address: String,
    /// The name of a new account: whoever asked for the link last has given it, who need not be the one who reads this.
    name: String,
    name_error: String,
    /// The account to which an address is added, masked.
    account: String,
    error: String,
}

/// Opening a link changes nothing yet: programs that look at mail open links too.
pub(super) async fn show_link(State(app): State<App>, ui: Ui, Path(token): Path<String>) -> Result<Response> {
    let link = settings::find_link(&app, &token).await?;
    let account = settings::account_of(&app, &link).await?;
    page(&LinkPage {
        ui,
        token,
        account,
        kind: link.kind.replace('_', "-"),
        address: link.address,
        name: link.name,
        name_error: String::new(),
        error: String::new(),
    })
}

#[derive(Deserialize)]
pub(super) struct LinkForm {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    password: String,
}

/// What is wrong with a new account's name and with its password, in words; empty where nothing is.
fn faults(ui: &Ui, name: &str, password: &str, address: &str) -> Result<(String, String)> {
    let name_error = match account::check_name(name) {
        Ok(_) => String::new(),
        Err(fault) => Errors::of_action(fault, ui)?.of("name").to_owned(),
    };
    let weak = cairn_domain::password::check(password, name, address).err();
    Ok((name_error, weak.map(|weak| ui.refusal(weak)).unwrap_or_default()))
}

pub(super) async fn use_link(
    State(app): State<App>,
    ui: Ui,
    actor: Option<axum::Extension<Actor>>,
    visitor: session::Visitor,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let link = settings::find_link(&app, &token).await?;
    let mut newcomer = None;
    if link.kind == "sign_up" {
        let name = form.name.unwrap_or(link.name);
        let (name_error, error) = faults(&ui, &name, &form.password, &link.address)?;
        if !name_error.is_empty() || !error.is_empty() {
            let (kind, account, address) = ("sign-up".into(), String::new(), link.address);
            let again = LinkPage { ui, token, kind, address, account, name, name_error, error };
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
        let name = account::check_name(&name)?;
        newcomer = Some((name, password::hash(&app, &form.password).await?));
    }
    let said = ui.t(format!("account-link-{}-done", link.kind.replace('_', "-")));
    let follower = Follower { actor: actor.as_deref(), session: &id::digest(&visitor.token) };
    match link::follow(&app, follower, &token, newcomer).await? {
        LinkEffect::Added | LinkEffect::Confirmed => Ok(see_saying("/account", &said)),
        LinkEffect::SignIn(person) => {
            let mut response = see_saying("/desk", &said);
            let session = account::session_for(&app, person, agent(&headers)).await?;
            session::put_cookie(&app, &mut response, &session);
            Ok(response)
        }
    }
}

pub(super) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let mut response = see("/");
    session::end(&app, &headers, &mut response).await?;
    Ok(response)
}
