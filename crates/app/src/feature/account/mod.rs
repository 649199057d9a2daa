//! Accounts: sign up, sign in, addresses, keys to the API, export, deletion.

mod export;
mod page;
mod password;
mod settings;
mod store;

pub use store::Address;

use crate::App;
use crate::platform::blob_use;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::event::{self, Event};
use crate::platform::i18n::Language;
use crate::platform::id;
use crate::platform::limit::{self, Client};
use crate::platform::mail::{self, Letter};
use crate::platform::web::{Actor, Allow, Routes, session};
use cairn_domain::email::Email;
use cairn_domain::id::PersonId;
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
];
/// All of them in one text.
pub const ALL_SCOPES: &str = "catalog:read credentials:read credentials:issue credentials:manage submissions:write reviews:write organizations:read";

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/sign-in", Allow::Anyone, page::sign_in_form)
        .post("/sign-in", Allow::Anyone, page::sign_in)
        .post("/sign-in/link", Allow::Anyone, page::send_link)
        .get("/sign-up", Allow::Anyone, page::sign_up_form)
        .post("/sign-up", Allow::Anyone, page::sign_up)
        .get("/links/{token}", Allow::Anyone, page::link)
        .post("/links/{token}", Allow::Anyone, page::use_link)
        .post("/sign-out", Allow::Anyone, page::sign_out)
        .get("/account", Allow::SignedIn, settings::show)
        .post("/account/profile", Allow::SignedIn, settings::profile)
        .post("/account/password", Allow::SignedIn, settings::password)
        .post("/account/addresses", Allow::SignedIn, settings::add_address)
        .post("/account/addresses/primary", Allow::SignedIn, settings::make_primary)
        .post("/account/addresses/removal", Allow::SignedIn, settings::remove_address)
        .post("/account/sessions/end", Allow::SignedIn, settings::sign_out_everywhere)
        .post("/account/tokens", Allow::SignedIn, settings::make_token)
        .post("/account/tokens/revocation", Allow::SignedIn, settings::revoke_token)
        .get("/account/export", Allow::SignedIn, export::download)
        .get("/account/deletion", Allow::SignedIn, settings::deletion_form)
        .post("/account/deletion", Allow::SignedIn, settings::delete)
}

async fn record(
    conn: &mut Conn,
    app: &App,
    actor: PersonId,
    kind: &'static str,
    subject: String,
) -> Result<()> {
    let event = Event { organization: None, actor: actor.to_string(), kind, subject, body: json!({}) };
    event::record(conn, app.clock.now(), event).await?;
    Ok(())
}

/// Makes an account whose address is known to be the person's. What was
/// awarded to the address before becomes hers. `password_hash` is argon2id.
pub async fn create(
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
    store::claim(conn, person, &email.key()).await?;
    if app.config.operators.iter().any(|o| o.eq_ignore_ascii_case(email.as_str())) {
        make_operator(conn, person).await?;
    }
    record(conn, app, person, "account.created", person.to_string()).await?;
    Ok(person)
}

/// Makes somebody an operator of the instance.
pub async fn make_operator(conn: &mut Conn, person: PersonId) -> Result<()> {
    sqlx::query("UPDATE person SET operator = 1 WHERE id = $1")
        .bind(person.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Starts a session; its secret is the cookie's value.
pub async fn session_for(app: &App, person: PersonId, agent: &str) -> Result<String> {
    let mut tx = app.db.begin().await?;
    let token = session::start(app, &mut tx, person, agent).await?;
    tx.commit().await?;
    Ok(token)
}

/// A person's verified addresses, the primary one first.
pub async fn addresses(conn: &mut Conn, person: PersonId) -> Result<Vec<Address>> {
    Ok(store::addresses(conn, person).await?)
}

/// The account with this verified address.
pub async fn person_with(conn: &mut Conn, key: &str) -> Result<Option<PersonId>> {
    Ok(store::by_address(conn, key).await?.map(|k| k.person))
}

/// Makes a key to the API; its secret is seen this once.
pub async fn issue_token(app: &App, person: PersonId, name: &str, scopes: &str) -> Result<String> {
    let token = format!("cairn_{}", id::secret());
    let token_id = id::fresh().to_string();
    let mut tx = app.db.begin().await?;
    sqlx::query("INSERT INTO api_token (token_hash, id, person, name, scopes, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id::digest(&token))
        .bind(&token_id)
        .bind(person.to_string())
        .bind(name)
        .bind(scopes)
        .bind(app.clock.now().as_millisecond())
        .execute(&mut *tx)
        .await?;
    record(&mut tx, app, person, "token.made", token_id).await?;
    tx.commit().await?;
    Ok(token)
}

/// Signs in with a password. Who has no account, or no password, hears the same
/// as who mistypes hers, and waits as long.
/// Tries are counted by account and place together: nobody can lock somebody else out.
async fn sign_in(
    app: &App,
    client: Option<Client>,
    address: &str,
    password: &str,
    agent: &str,
) -> Result<Option<String>> {
    let key = address.trim().to_lowercase();
    let place = client.map_or_else(String::new, |c| c.to_string());
    limit::take(app, &limit::table::PASSWORD_PAIR, &format!("{place} {key}")).await?;
    let known = {
        let mut conn = app.db.read().await?;
        store::by_address(&mut conn, &key).await?
    };
    let (person, hash) = known.map_or((None, None), |k| (Some(k.person), k.password_hash));
    let right = password::matches(app, password, hash).await?;
    match person.filter(|_| right) {
        Some(person) => Ok(Some(session_for(app, person, agent).await?)),
        None => Ok(None),
    }
}

/// Which link is sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkKind {
    SignIn,
    SignUp,
    Verify,
}

impl LinkKind {
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignUp => "sign_up",
            Self::Verify => "verify",
        }
    }

    fn minutes(self) -> i64 {
        match self {
            Self::SignIn => 15,
            Self::SignUp | Self::Verify => 24 * 60,
        }
    }
}

/// Writes a link and its letter. `letter` is the kind of letter.
async fn send_link(
    app: &App,
    kind: LinkKind,
    letter: &str,
    email: &Email,
    link: store::Link,
    language: Language,
) -> Result<()> {
    let (token, now) = (id::secret(), app.clock.now().as_millisecond());
    let hash = id::digest(&token);
    let mut tx = app.db.begin().await?;
    let link = store::Link { kind: kind.name().into(), address: email.to_string(), ..link };
    store::insert_link(&mut tx, &hash, &email.key(), &link, now, now + kind.minutes() * 60_000).await?;
    let letter = Letter {
        id: format!("link-{hash}"),
        kind: letter,
        address: email.as_str(),
        person: link.person.clone(),
        language,
        values: &[("name", &link.name)],
        link: Some(format!("{}/links/{token}", app.config.base_url)),
    };
    mail::write(&mut tx, app, letter).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

fn empty_link(person: Option<PersonId>, name: &str, language: Language) -> store::Link {
    store::Link {
        kind: String::new(),
        address: String::new(),
        person: person.map(|p| p.to_string()),
        name: name.to_owned(),
        password_hash: None,
        language: language.code().to_owned(),
    }
}

/// Refuses to write many letters to one address. A sign-in link holds as long as the window lasts: whoever
/// has had all her letters (and be it because somebody else asked for them) has one that still opens.
async fn limit_letters(app: &App, email: &Email) -> Result<()> {
    limit::take(app, &limit::table::LETTER_ADDRESS, &email.key()).await
}

/// Sends a sign-in link when there is such an account; says the same when not.
async fn send_sign_in_link(app: &App, email: &Email, language: Language) -> Result<()> {
    limit_letters(app, email).await?;
    let known = {
        let mut conn = app.db.read().await?;
        store::by_address(&mut conn, &email.key()).await?
    };
    let Some(known) = known else { return Ok(()) };
    let link = empty_link(Some(known.person), "", language);
    send_link(app, LinkKind::SignIn, "sign-in", email, link, language).await
}

/// Somebody who wants an account.
struct Newcomer {
    name: String,
    email: Email,
    language: Language,
}

/// Sends the link that makes the account; to an address that has one, a
/// sign-in link. Both look the same to whoever asks. The password is chosen
/// behind the link, by whoever owns the address.
async fn sign_up(app: &App, new: Newcomer) -> Result<()> {
    limit_letters(app, &new.email).await?;
    let known = {
        let mut conn = app.db.read().await?;
        store::by_address(&mut conn, &new.email.key()).await?
    };
    if let Some(known) = known {
        let link = empty_link(Some(known.person), &new.name, new.language);
        return send_link(app, LinkKind::SignIn, "sign-up-known", &new.email, link, new.language).await;
    }
    let link = empty_link(None, &new.name, new.language);
    send_link(app, LinkKind::SignUp, "sign-up", &new.email, link, new.language).await
}

/// What a used link has done.
enum Used {
    /// A session may be started for this person.
    SignIn(PersonId),
    /// The address was added to the account that is signed in.
    Added,
}

fn old_link() -> Error {
    Error::refused("this link has been used or is too old; ask for a new one")
}

/// Uses a link up: signs in, makes the account, or adds the address. An address
/// is only added to the account that asked for it and is signed in here: the
/// owner of an address who follows a stranger's link gives nothing away.
async fn use_link(
    app: &App,
    actor: Option<&Actor>,
    token: &str,
    password_hash: Option<String>,
) -> Result<Used> {
    let mut tx = app.db.begin().await?;
    let now = app.clock.now().as_millisecond();
    let link = store::take_link(&mut tx, &id::digest(token), now).await?.ok_or_else(old_link)?;
    let email = Email::parse(&link.address).map_err(anyhow::Error::from)?;
    let taken = store::by_address(&mut tx, &email.key()).await?.map(|k| k.person);
    let asked: Option<PersonId> = link.person.as_deref().map(str::parse).transpose()?;
    let used = match (link.kind.as_str(), taken) {
        ("sign_in", Some(person)) if asked == Some(person) => Used::SignIn(person),
        ("sign_up", None) => {
            let language = Language::parse(&link.language).unwrap_or_default();
            Used::SignIn(create(&mut tx, app, &link.name, &email, password_hash.as_deref(), language).await?)
        }
        ("verify", None) => {
            let Some(person) = actor.map(|a| a.person).filter(|p| Some(*p) == asked) else {
                return Err(Error::refused(
                    "sign in to the account that asked for this address, then open the link again",
                ));
            };
            store::insert_address(&mut tx, person, &email, 0, now).await?;
            store::claim(&mut tx, person, &email.key()).await?;
            record(&mut tx, app, person, "account.address_added", person.to_string()).await?;
            Used::Added
        }
        ("verify" | "sign_up", Some(_)) => {
            return Err(Error::refused("this address belongs to an account already"));
        }
        _ => return Err(old_link()),
    };
    tx.commit().await?;
    Ok(used)
}

/// Makes the links useless that were sent to a person and not opened yet.
async fn void_links(conn: &mut Conn, app: &App, person: PersonId) -> Result<()> {
    sqlx::query("UPDATE email_link SET used_at = $2 WHERE person = $1 AND used_at IS NULL")
        .bind(person.to_string())
        .bind(app.clock.now().as_millisecond())
        .execute(conn)
        .await?;
    Ok(())
}

/// A name is not an address: names stand in letters to others.
pub fn check_name(name: &str) -> Result<String> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 120 {
        return Err(Error::invalid("name", "give a name of at most 120 characters"));
    }
    let lower = name.to_lowercase();
    if name.contains(['/', '@', '<', '>', ':'])
        || lower.contains("www.")
        || name.chars().any(char::is_control)
    {
        return Err(Error::invalid("name", "a name has no web or mail address in it"));
    }
    Ok(name)
}

/// Ends the account: nothing personal is left but what was issued and signed.
async fn delete(app: &App, actor: &Actor) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let alone = store::owned_alone(&mut tx, actor.person).await?;
    if !alone.is_empty() {
        return Err(Error::refused(format!(
            "you are the only owner of {}; make somebody else an owner first",
            alone.join(", ")
        )));
    }
    record(&mut tx, app, actor.person, "account.deleted", actor.person.to_string()).await?;
    let released = store::erase(&mut tx, actor.person, app.clock.now().as_millisecond()).await?;
    tx.commit().await?;
    blob_use::clean(app, released).await;
    Ok(())
}
