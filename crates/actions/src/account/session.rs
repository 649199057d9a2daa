//! Sessions of browsers, and the keys to the API that programs show.

use crate::account::store;
use crate::app::App;
use crate::error::{Error, Result};
use crate::limit;
use crate::person;
use crate::person::Actor;
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_value::id::PersonId;

/// Days for which a session lasts.
pub const SESSION_DAYS: i64 = 30;

/// How somebody has shown who she is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// By a link that was sent to her address.
    Link,
    /// By her password; before what matters most it is asked for again.
    Password,
}

/// Starts a session for somebody who has followed a link. Old sessions stay.
pub async fn start(app: &App, conn: &mut Conn, person: PersonId, agent: &str) -> Result<String> {
    start_by(app, conn, person, agent, Proof::Link).await
}

/// Starts a session; its secret is the cookie's value.
pub(crate) async fn start_by(
    app: &App,
    conn: &mut Conn,
    person: PersonId,
    agent: &str,
    shown: Proof,
) -> Result<String> {
    let (token, now) = (id::secret(), app.clock.now().as_millisecond());
    let agent: String = agent.chars().take(200).collect();
    let new = store::NewSession {
        token_hash: &id::digest(&token),
        person,
        agent: &agent,
        at: now,
        until: now + SESSION_DAYS * 86_400_000,
        confirmed_at: if shown == Proof::Link { now } else { 0 },
    };
    store::insert_session(conn, &new).await?;
    Ok(token)
}

/// Ends the session that has this secret.
pub async fn end(app: &App, token: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::end_session_with(&mut tx, &id::digest(token)).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of a person.
pub(crate) async fn end_all(conn: &mut Conn, person: PersonId) -> Result<()> {
    Ok(store::end_sessions(conn, person).await?)
}

/// Who has this session; none when it has ended.
pub async fn find(app: &App, token: &str) -> Result<Option<Actor>> {
    let mut conn = app.db.read().await?;
    let now = app.clock.now().as_millisecond();
    match store::in_session(&mut conn, &id::digest(token), now).await? {
        Some(person) => person::load(&mut conn, person).await,
        None => Ok(None),
    }
}

/// What a token may be used for.
#[derive(Debug, Clone)]
pub struct Scopes(pub Vec<String>);

/// The person whose API token has this hash, and what it may be used for. Each use is counted.
pub async fn of_token(app: &App, hash: &str) -> Result<(Actor, Scopes)> {
    let mut conn = app.db.read().await?;
    let now = app.clock.now().as_millisecond();
    let token = store::token_in_use(&mut conn, hash, now).await?.ok_or(Error::SignIn)?;
    let actor = person::load(&mut conn, token.person).await?.ok_or(Error::SignIn)?;
    // counting takes the writer; nobody waits for it with a reader in hand
    drop(conn);
    limit::take(app, &limit::CALL_TOKEN, &token.id).await?;
    let scopes = token.scopes.split_whitespace().map(String::from).collect();
    Ok((actor, Scopes(scopes)))
}
