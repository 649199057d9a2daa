//! Links that are sent to an address: written, followed, made useless.
//!
//! Of a kind, an address and an account only the newest link can be used. A
//! link is sent to the address that the account has, never to the spelling
//! that somebody typed.

use crate::account::{self, letter, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::person::{self, Actor};
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_platform::job::{self, Job, JobError};
use cairn_platform::mail::{self, Letter};
use cairn_platform::text::Language;
use cairn_value::email::Email;
use cairn_value::id::PersonId;
use cairn_value::words;
use serde::{Deserialize, Serialize};

words! {
    /// Which link is sent to an address.
    LinkKind {
        /// Signs in.
        SignIn = "sign_in",
        /// Makes an account.
        SignUp = "sign_up",
        /// Adds an address to an account.
        Verify = "verify",
        /// Shows that it is she, in a browser where she is signed in.
        Confirm = "confirm",
    }
}

impl LinkKind {
    fn minutes(self) -> i64 {
        match self {
            Self::SignIn | Self::Confirm => 15,
            Self::SignUp | Self::Verify => 24 * 60,
        }
    }
}

/// What is known of whoever gets a link.
#[derive(Debug)]
pub struct To<'a> {
    /// Where it goes.
    pub email: &'a Email,
    /// The account, when there is one.
    pub person: Option<PersonId>,
    /// The name in the letter; of a new account.
    pub name: &'a str,
    /// The language of the letter.
    pub language: Language,
}

/// Writes a link and its letter in the caller's transaction; a link of the same
/// kind, address and account that was not followed yet is of no use any more.
/// `letter` is the kind of letter.
pub(crate) async fn write(
    conn: &mut Conn,
    app: &App,
    kind: LinkKind,
    letter: &str,
    to: &To<'_>,
) -> Result<()> {
    let (token, now) = (id::secret(), app.clock.now().as_millisecond());
    let hash = id::digest(&token);
    let link = store::Link {
        kind: kind.name().into(),
        address: to.email.to_string(),
        person: to.person.map(|p| p.to_string()),
        name: to.name.to_owned(),
        password_hash: None,
        language: to.language.code().to_owned(),
    };
    store::put_link(conn, &hash, &to.email.key(), &link, now, now + kind.minutes() * 60_000).await?;
    let account = if kind == LinkKind::Verify { account_of(conn, &link).await? } else { String::new() };
    let letter = Letter {
        id: format!("link-{hash}"),
        kind: letter,
        address: to.email.as_str(),
        person: link.person.clone(),
        language: to.language,
        values: &[("name", to.name), ("account", &account)],
        link: Some(format!("{}/links/{token}", app.config.base_url)),
    };
    mail::write(conn, app, letter).await?;
    Ok(())
}

/// The account that a link is about, by the address where its letters go: enough for its owner to know it again, and
/// too little for whoever gets the letter by mistake.
pub async fn account_of(conn: &mut Conn, link: &store::Link) -> Result<String> {
    let Some(person) = &link.person else { return Ok(String::new()) };
    let all = person::addresses(conn, person.parse()?).await?;
    let email = all.first().and_then(|a| Email::parse(&a.address).ok());
    Ok(email.map_or_else(String::new, |email| email.masked()))
}

/// A link that signs in once, to be shown on the machine itself; no letter is written.
pub(crate) async fn sign_in_link(
    conn: &mut Conn,
    app: &App,
    person: PersonId,
    email: &Email,
) -> Result<String> {
    let (token, now) = (id::secret(), app.clock.now().as_millisecond());
    let link = store::Link {
        kind: LinkKind::SignIn.name().into(),
        address: email.to_string(),
        person: Some(person.to_string()),
        name: String::new(),
        password_hash: None,
        language: app.config.language.clone(),
    };
    let until = now + LinkKind::SignIn.minutes() * 60_000;
    store::put_link(conn, &id::digest(&token), &email.key(), &link, now, until).await?;
    Ok(format!("{}/links/{token}", app.config.base_url))
}

/// The same in a transaction of its own.
pub async fn send(app: &App, kind: LinkKind, letter: &str, to: &To<'_>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    write(&mut tx, app, kind, letter, to).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// What somebody who is not signed in has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To sign in.
    SignIn,
    /// To have an account.
    SignUp,
}

/// A wish, with the address that was typed.
#[derive(Debug, Serialize, Deserialize)]
struct LinkRequest {
    wish: Wish,
    email: Email,
    name: String,
    language: String,
}

/// Puts a wish into the queue. Whether there is an account is looked up by the
/// job: whoever asks gets the same answer, after the same work, for every address.
pub async fn ask(app: &App, wish: Wish, email: &Email, name: &str, language: Language) -> Result<()> {
    let asked = LinkRequest {
        wish,
        email: email.clone(),
        name: name.to_owned(),
        language: language.code().to_owned(),
    };
    let mut tx = app.db.begin().await?;
    let (id, body) = (format!("link-{}", id::fresh()), serde_json::to_value(&asked)?);
    job::enqueue(&mut tx, &id, "send_link", &body, app.clock.now()).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// The job `send_link`.
pub async fn work(app: &App, job: &Job) -> Result<(), JobError> {
    answer(app, job).await.map_err(|error| match error {
        Error::Unexpected(error) => JobError::Retry(error),
        other => JobError::GiveUp(anyhow::anyhow!("sending a link was refused: {other:?}")),
    })
}

async fn answer(app: &App, job: &Job) -> Result<()> {
    // the letter is written and the address is out of the job's row
    if job.body == "{}" {
        return Ok(());
    }
    let asked: LinkRequest = serde_json::from_str(&job.body)?;
    let language = Language::parse(&asked.language).unwrap_or_default();
    let mut tx = app.db.begin().await?;
    let known = store::by_address(&mut tx, &asked.email.key()).await?;
    let (kind, letter) = match (asked.wish, &known) {
        (Wish::SignIn, Some(_)) => (LinkKind::SignIn, "sign-in"),
        (Wish::SignUp, Some(_)) => (LinkKind::SignIn, "sign-up-known"),
        (Wish::SignUp, None) => (LinkKind::SignUp, "sign-up"),
        (Wish::SignIn, None) => {
            job::forget(&mut tx, &job.id).await?;
            tx.commit().await?;
            return Ok(());
        }
    };
    // the address that was verified, not the one that was typed
    let email = match &known {
        Some(known) => Email::parse(&known.address).map_err(anyhow::Error::from)?,
        None => asked.email,
    };
    let person = known.map(|k| k.person);
    write(&mut tx, app, kind, letter, &To { email: &email, person, name: &asked.name, language }).await?;
    job::forget(&mut tx, &job.id).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(())
}

/// What a used link has done.
pub enum LinkEffect {
    /// A session may be started for this person.
    SignIn(PersonId),
    /// The address was added to the account that is signed in.
    Added,
    /// It was shown that it is she.
    Confirmed,
}

/// A link that cannot be used.
pub fn old() -> Error {
    Error::refused("link-spent")
}

/// Who follows a link, and in which browser.
#[derive(Debug, Clone, Copy)]
pub struct Follower<'a> {
    /// Who is signed in there.
    pub actor: Option<&'a Actor>,
    /// What is stored of the browser's session.
    pub session: &'a str,
}

impl Follower<'_> {
    /// The account that is signed in here, when it is the one that asked for the
    /// link: the owner of an address who follows a stranger's link gives nothing away.
    fn who_asked(self, asked: Option<PersonId>) -> Result<PersonId> {
        self.actor
            .map(|a| a.person)
            .filter(|p| Some(*p) == asked)
            .ok_or_else(|| Error::refused("link-other-account"))
    }
}

/// Uses a link up: signs in, makes the account, adds the address, or shows that it is she. `newcomer`: name and
/// password's hash of a new account, as the owner of the address gives them.
pub async fn follow(
    app: &App,
    follower: Follower<'_>,
    token: &str,
    newcomer: Option<(String, String)>,
) -> Result<LinkEffect> {
    let mut tx = app.db.begin().await?;
    let now = app.clock.now().as_millisecond();
    let link = store::take_link(&mut tx, &id::digest(token), now).await?.ok_or_else(old)?;
    let email = Email::parse(&link.address).map_err(anyhow::Error::from)?;
    let taken = store::by_address(&mut tx, &email.key()).await?.map(|k| k.person);
    let asked: Option<PersonId> = link.person.as_deref().map(str::parse).transpose()?;
    let used = match (LinkKind::parse(&link.kind).ok_or_else(old)?, taken) {
        (LinkKind::SignIn, Some(person)) if asked == Some(person) => LinkEffect::SignIn(person),
        (LinkKind::SignUp, None) => {
            let language = Language::parse(&link.language).unwrap_or_default();
            let (name, hash) = newcomer.ok_or_else(old)?;
            LinkEffect::SignIn(account::create(&mut tx, app, &name, &email, Some(&hash), language).await?)
        }
        (LinkKind::Verify, None) => {
            let person = follower.who_asked(asked)?;
            store::insert_address(&mut tx, person, &email, 0, now).await?;
            account::own(&mut tx, app, person, &email.key()).await?;
            account::record(&mut tx, app, person, "account.address_added", person.to_string()).await?;
            let values = [("address", email.as_str())];
            letter::to_all(&mut tx, app, person, "address-added", None, &values).await?;
            LinkEffect::Added
        }
        (LinkKind::Confirm, Some(person)) if asked == Some(person) => {
            let person = follower.who_asked(asked)?;
            store::confirm(&mut tx, person, follower.session, now).await?;
            account::record(&mut tx, app, person, "account.confirmed", person.to_string()).await?;
            LinkEffect::Confirmed
        }
        (LinkKind::Verify | LinkKind::SignUp, Some(_)) => {
            return Err(Error::refused("address-taken"));
        }
        (LinkKind::SignIn | LinkKind::Confirm, _) => return Err(old()),
    };
    tx.commit().await?;
    app.bell.notify_one();
    Ok(used)
}

/// Makes the links useless that were sent to a person and not opened yet.
pub(crate) async fn void(conn: &mut Conn, app: &App, person: PersonId) -> Result<()> {
    Ok(store::void_links(conn, person, app.clock.now().as_millisecond()).await?)
}
