//! Accounts: sign up, sign in, addresses, keys to the API, export, deletion.

pub mod letter;
pub mod link;
pub mod operator;
pub mod password;
pub mod privacy;
pub mod proof;
pub mod session;
pub mod settings;
mod store;
pub mod upgrade;

pub(crate) use link::sign_in_link;
pub use link::work as send_link;
pub(crate) use operator::make_operator;
pub use operator::{Appointment, add_operator, operators, remove_operator};
pub use store::KeyInUse;
pub use upgrade::upgrade;

use crate::app::App;
use crate::credential::place;
use crate::error::{Error, Result};
use crate::limit;
use crate::organization;
use cairn_domain::display_name::{DisplayName, NameKind};
use cairn_platform::client::Client;
use cairn_platform::db::Conn;
use cairn_platform::event::{self, Event};
use cairn_platform::id;
use cairn_platform::text::Language;
use cairn_value::email::Email;
use cairn_value::id::PersonId;
use serde_json::json;

/// Everything that a token may be allowed.
pub const SCOPES: &[&str] = &[
    "catalog:read",
    "credentials:read",
    "credentials:issue",
    "credentials:manage",
    "submissions:write",
    "reviews:write",
    "organizations:read",
    "organizations:manage",
    "instance:operate",
];
/// All of them in one text.
pub const ALL_SCOPES: &str = "catalog:read credentials:read credentials:issue credentials:manage submissions:write reviews:write organizations:read organizations:manage instance:operate";

/// Days for which a key to the API lasts when nothing else is said.
pub const DEFAULT_DAYS: i64 = 90;
/// Days that can be chosen; the last is the longest that there is.
pub const TOKEN_DAYS: &[i64] = &[7, 30, DEFAULT_DAYS, 180, 365];

pub(crate) async fn record(
    conn: &mut Conn,
    app: &App,
    actor: PersonId,
    kind: &'static str,
    subject: String,
) -> Result<()> {
    record_by(conn, app, &actor.to_string(), kind, subject).await
}

async fn record_by(
    conn: &mut Conn,
    app: &App,
    actor: &str,
    kind: &'static str,
    subject: String,
) -> Result<()> {
    let event = Event { organization: None, actor: actor.to_owned(), kind, subject, body: json!({}) };
    event::record(conn, app, event).await?;
    Ok(())
}

/// Makes an account whose address is known to be the person's. What was
/// awarded to the address before becomes hers. `password_hash` is argon2id.
pub(crate) async fn create(
    conn: &mut Conn,
    app: &App,
    name: &str,
    email: &Email,
    password_hash: Option<&str>,
    language: Language,
) -> Result<PersonId> {
    let (person, now) = (PersonId(id::fresh()), app.clock.now().as_millisecond());
    store::insert_person(conn, person, name, password_hash, language.code(), &id::secret(), now).await?;
    store::insert_address(conn, person, email, 1, now).await?;
    own(conn, app, person, &email.key()).await?;
    if app.config.operators.iter().any(|o| o.eq_ignore_ascii_case(email.as_str())) {
        store::set_operator(conn, person, true).await?;
    }
    record(conn, app, person, "account.created", person.to_string()).await?;
    Ok(person)
}

/// What was awarded to an address, and what was declared of it, is its owner's
/// from now on.
async fn own(conn: &mut Conn, app: &App, person: PersonId, key: &str) -> Result<()> {
    place::claim(conn, app, person, key).await?;
    organization::pin_conflicts(conn, person, key).await?;
    Ok(())
}

/// Starts a session; its secret is the cookie's value.
pub async fn session_for(app: &App, person: PersonId, agent: &str) -> Result<String> {
    let mut tx = app.db.begin().await?;
    let token = session::start(app, &mut tx, person, agent).await?;
    tx.commit().await?;
    Ok(token)
}

/// Makes a key to the API that ends after so many days; its secret is seen this once. Its name stands in letters.
pub async fn issue_token(app: &App, person: PersonId, name: &str, scopes: &str, days: i64) -> Result<String> {
    let name: String =
        DisplayName::parse(NameKind::Label, name).map_err(|e| Error::invalid("token_name", e))?.into();
    let token = format!("cairn_{}", id::secret());
    let token_id = id::fresh().to_string();
    let now = app.clock.now().as_millisecond();
    let mut tx = app.db.begin().await?;
    let new = store::NewToken {
        token_hash: &id::digest(&token),
        id: &token_id,
        person,
        name: &name,
        scopes,
        at: now,
        until: now + days * 86_400_000,
    };
    store::insert_token(&mut tx, &new).await?;
    record(&mut tx, app, person, "token.made", token_id).await?;
    tx.commit().await?;
    Ok(token)
}

/// The key with this hash, of whoever shows it.
pub async fn key_in_use(conn: &mut Conn, token_hash: &str) -> Result<KeyInUse> {
    store::key_in_use(conn, token_hash).await?.ok_or(Error::SignIn)
}

/// Ends one of a person's keys to the API; not found when it has ended.
pub async fn end_token(app: &App, person: PersonId, token: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !store::revoke_token(&mut tx, person, token, app.clock.now().as_millisecond()).await? {
        return Err(Error::NotFound);
    }
    record(&mut tx, app, person, "token.revoked", token.to_owned()).await?;
    tx.commit().await?;
    Ok(())
}

/// Signs in with a password. Who has no account, or no password, hears the same
/// as who mistypes hers, and waits as long.
/// Tries are counted by account and place together: nobody can lock somebody else out.
pub async fn sign_in(
    app: &App,
    client: Option<Client>,
    address: &str,
    password: &str,
    agent: &str,
) -> Result<Option<String>> {
    let key = Email::key_of(address);
    let place = client.map_or_else(String::new, |c| c.to_string());
    limit::take(app, &limit::PASSWORD_PAIR, &format!("{place} {key}")).await?;
    let known = {
        let mut conn = app.db.read().await?;
        store::by_address(&mut conn, &key).await?
    };
    let (person, hash) = known.map_or((None, None), |k| (Some(k.person), k.password_hash));
    let right = password::matches(app, password, hash).await?;
    match person.filter(|_| right) {
        Some(person) => {
            let mut tx = app.db.begin().await?;
            let token = session::start_by(app, &mut tx, person, agent, session::Proof::Password).await?;
            tx.commit().await?;
            Ok(Some(token))
        }
        None => Ok(None),
    }
}

/// Refuses to write many letters to one address. A sign-in link holds as long as the window lasts: whoever
/// has had all her letters (and be it because somebody else asked for them) has one that still opens.
pub async fn limit_letters(app: &App, email: &Email) -> Result<()> {
    Ok(limit::take(app, &limit::LETTER_ADDRESS, &email.key()).await?)
}

/// Sends a sign-in link when there is such an account; says and does the same when not.
pub async fn send_sign_in_link(app: &App, email: &Email, language: Language) -> Result<()> {
    limit_letters(app, email).await?;
    link::ask(app, link::Wish::SignIn, email, "", language).await
}

/// Somebody who wants an account.
pub struct Newcomer {
    pub name: String,
    pub email: Email,
    pub language: Language,
}

/// Sends the link that makes the account; to an address that has one, a
/// sign-in link. Both look the same to whoever asks. The password is chosen
/// behind the link, by whoever owns the address.
pub async fn sign_up(app: &App, new: Newcomer) -> Result<()> {
    limit_letters(app, &new.email).await?;
    link::ask(app, link::Wish::SignUp, &new.email, &new.name, new.language).await
}

/// A name is not an address: names stand in letters to others.
pub fn check_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = DisplayName::parse(NameKind::Person, &name).map_err(|e| Error::invalid("name", e))?;
    Ok(named.into())
}
