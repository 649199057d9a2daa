//! Sessions of browsers, and the keys to the API that programs show.

use crate::app::App;
use crate::error::{Error, Result};
use crate::limit;
use crate::person;
use crate::person::Actor;
use cairn_platform::db::Conn;
use cairn_platform::id;
use cairn_value::id::PersonId;
use sqlx::Row as _;

/// Days for which a session lasts.
pub const SESSION_DAYS: i64 = 30;

/// How somebody has shown who she is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// By a link that was sent to her address.
    Link,
    /// By her password; before what matters most it is asked for again.
    Password,
}

/// Starts a session for somebody who has followed a link. Old sessions stay.
pub async fn start(app: &App, conn: &mut Conn, person: PersonId, agent: &str) -> Result<String> {
    start_by(app, conn, person, agent, Shown::Link).await
}

/// Starts a session; its secret is the cookie's value.
pub async fn start_by(
    app: &App,
    conn: &mut Conn,
    person: PersonId,
    agent: &str,
    shown: Shown,
) -> Result<String> {
    let (token, now) = (id::secret(), app.clock.now().as_millisecond());
    let agent: String = agent.chars().take(200).collect();
    sqlx::query(
        "INSERT INTO session (token_hash, id, person, created_at, expires_at, agent, confirmed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id::digest(&token))
    .bind(id::fresh().to_string())
    .bind(person.to_string())
    .bind(now)
    .bind(now + SESSION_DAYS * 86_400_000)
    .bind(agent)
    .bind(if shown == Shown::Link { now } else { 0 })
    .execute(conn)
    .await?;
    Ok(token)
}

/// Ends the session that has this secret.
pub async fn end(app: &App, token: &str) -> Result<()> {
    let mut tx = app.db.begin().await?;
    sqlx::query("DELETE FROM session WHERE token_hash = $1")
        .bind(id::digest(token))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of a person.
pub async fn end_all(conn: &mut Conn, person: PersonId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE person = $1").bind(person.to_string()).execute(conn).await?;
    Ok(())
}

/// Who has this session; none when it has ended.
pub async fn find(app: &App, token: &str) -> Result<Option<Actor>> {
    let mut conn = app.db.read().await?;
    let person: Option<String> =
        sqlx::query_scalar("SELECT person FROM session WHERE token_hash = $1 AND expires_at > $2")
            .bind(id::digest(token))
            .bind(app.clock.now().as_millisecond())
            .fetch_optional(&mut *conn)
            .await?;
    match person {
        Some(person) => person::load(&mut conn, person.parse()?).await,
        None => Ok(None),
    }
}

/// What a token may be used for.
#[derive(Debug, Clone)]
pub struct Scopes(pub Vec<String>);

/// The person whose API token has this hash, and what it may be used for. Each use is counted.
pub async fn of_token(app: &App, hash: &str) -> Result<(Actor, Scopes)> {
    let mut conn = app.db.read().await?;
    let row = sqlx::query(
        "SELECT id, person, scopes FROM api_token WHERE token_hash = $1 AND revoked_at IS NULL \
         AND expires_at > $2",
    )
    .bind(hash)
    .bind(app.clock.now().as_millisecond())
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::SignIn)?;
    let actor = person::load(&mut conn, row.get::<String, _>(1).parse()?).await?.ok_or(Error::SignIn)?;
    // counting takes the writer; nobody waits for it with a reader in hand
    drop(conn);
    limit::take(app, &limit::CALL_TOKEN, &row.get::<String, _>(0)).await?;
    let scopes = row.get::<String, _>(2).split_whitespace().map(String::from).collect();
    Ok((actor, Scopes(scopes)))
}
