//! SQL of what opens an account: password, sessions, links, keys to the API.

use crate::error::Result;
use cairn_platform::db::Conn;
use cairn_value::id::PersonId;
use sqlx::Row as _;

/// A key to the API, without its secret.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Token {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Separated by spaces.
    pub scopes: String,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// Milliseconds UTC.
    pub expires_at: i64,
}

/// A person's tokens that are in force.
pub async fn tokens(conn: &mut Conn, person: PersonId, now: i64) -> sqlx::Result<Vec<Token>> {
    let rows = sqlx::query(
        "SELECT id, name, scopes, created_at, expires_at FROM api_token \
         WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC",
    )
    .bind(person.to_string())
    .bind(now)
    .fetch_all(conn)
    .await?;
    let token = |r: &sqlx::any::AnyRow| Token {
        id: r.get(0),
        name: r.get(1),
        scopes: r.get(2),
        created_at: r.get(3),
        expires_at: r.get(4),
    };
    Ok(rows.iter().map(token).collect())
}

/// The key that a program shows.
#[derive(Debug, Clone)]
pub struct KeyInUse {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Milliseconds UTC.
    pub expires_at: i64,
}

/// A key by the hash of its secret.
pub async fn key_in_use(conn: &mut Conn, token_hash: &str) -> sqlx::Result<Option<KeyInUse>> {
    let row = sqlx::query("SELECT id, name, expires_at FROM api_token WHERE token_hash = $1")
        .bind(token_hash)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|r| KeyInUse { id: r.get(0), name: r.get(1), expires_at: r.get(2) }))
}

/// Ends a key; false when it has ended already or is somebody else's.
pub async fn revoke_token(conn: &mut Conn, person: PersonId, token: &str, now: i64) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE api_token SET revoked_at = $3 WHERE person = $1 AND id = $2 AND revoked_at IS NULL",
    )
    .bind(person.to_string())
    .bind(token)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all keys of a person.
pub async fn revoke_tokens(conn: &mut Conn, person: PersonId, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE api_token SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL")
        .bind(person.to_string())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// A key that has just been given an end.
pub struct EndedToken {
    /// Id.
    pub id: String,
    /// Whose.
    pub person: String,
    /// What it is for.
    pub name: String,
}

/// Gives an end to keys without one.
pub async fn give_end(conn: &mut Conn, end: i64) -> sqlx::Result<Vec<EndedToken>> {
    let rows = sqlx::query(
        "UPDATE api_token SET expires_at = $1 WHERE expires_at IS NULL AND revoked_at IS NULL \
         RETURNING id, person, name",
    )
    .bind(end)
    .fetch_all(conn)
    .await?;
    Ok(rows.iter().map(|r| EndedToken { id: r.get(0), person: r.get(1), name: r.get(2) }).collect())
}

/// A browser in which a person is signed in.
pub struct Session {
    /// Id.
    pub id: String,
    /// As the browser named itself.
    pub agent: String,
    /// Milliseconds UTC.
    pub created_at: i64,
    /// True for the browser that asks.
    pub is_here: bool,
}

/// A person's sessions, the newest first. `here`: hash of the one that asks.
pub async fn sessions(conn: &mut Conn, person: PersonId, here: &str, now: i64) -> sqlx::Result<Vec<Session>> {
    let rows = sqlx::query(
        "SELECT id, agent, created_at, token_hash FROM session WHERE person = $1 AND expires_at > $2 \
         ORDER BY created_at DESC, id DESC LIMIT 50",
    )
    .bind(person.to_string())
    .bind(now)
    .fetch_all(conn)
    .await?;
    let session = |r: &sqlx::any::AnyRow| Session {
        id: r.get(0),
        agent: r.get(1),
        created_at: r.get(2),
        is_here: r.get::<String, _>(3) == here,
    };
    Ok(rows.iter().map(session).collect())
}

/// Ends a session; false when it has ended already or is somebody else's.
pub async fn end_session(conn: &mut Conn, person: PersonId, session: &str) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM session WHERE person = $1 AND id = $2")
        .bind(person.to_string())
        .bind(session)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all of a person's sessions but the one with this hash.
pub async fn end_other_sessions(conn: &mut Conn, person: PersonId, here: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE person = $1 AND token_hash <> $2")
        .bind(person.to_string())
        .bind(here)
        .execute(conn)
        .await?;
    Ok(())
}

/// When it was last shown in this session that it is she.
pub async fn confirmed_at(conn: &mut Conn, person: PersonId, session: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT confirmed_at FROM session WHERE person = $1 AND token_hash = $2")
        .bind(person.to_string())
        .bind(session)
        .fetch_optional(conn)
        .await
}

/// It was shown in this session that it is she.
pub async fn confirm(conn: &mut Conn, person: PersonId, session: &str, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE session SET confirmed_at = $3 WHERE person = $1 AND token_hash = $2")
        .bind(person.to_string())
        .bind(session)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Argon2id; none when she signs in by links only.
pub async fn password_hash(conn: &mut Conn, person: PersonId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT password_hash FROM person WHERE id = $1")
        .bind(person.to_string())
        .fetch_one(conn)
        .await
}

/// Sets the password.
pub async fn set_password(conn: &mut Conn, person: PersonId, hash: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE person SET password_hash = $2 WHERE id = $1")
        .bind(person.to_string())
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Links that were sent to a person, or to one of her addresses, and not opened
/// yet are of no use any more.
pub async fn void_links(conn: &mut Conn, person: PersonId, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE email_link SET used_at = $2 WHERE used_at IS NULL AND (person = $1 \
         OR (person IS NULL AND address_key IN (SELECT key FROM email WHERE person = $1)))",
    )
    .bind(person.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Chooses the address where letters go.
pub async fn make_primary(conn: &mut Conn, person: PersonId, key: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE email SET is_primary = CASE WHEN key = $2 THEN 1 ELSE 0 END WHERE person = $1")
        .bind(person.to_string())
        .bind(key)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes an address out of an account.
pub async fn remove_address(conn: &mut Conn, person: PersonId, key: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM email WHERE person = $1 AND key = $2")
        .bind(person.to_string())
        .bind(key)
        .execute(conn)
        .await?;
    Ok(())
}

/// A person's name and language; none when the account is gone.
pub async fn name_and_language(conn: &mut Conn, person: PersonId) -> sqlx::Result<Option<(String, String)>> {
    sqlx::query_as("SELECT name, language FROM person WHERE id = $1 AND deleted_at IS NULL")
        .bind(person.to_string())
        .fetch_optional(conn)
        .await
}

/// A session to write.
pub struct NewSession<'a> {
    /// Hash of its secret.
    pub token_hash: &'a str,
    /// Whose.
    pub person: PersonId,
    /// As the browser names itself.
    pub agent: &'a str,
    /// Milliseconds UTC.
    pub at: i64,
    /// Milliseconds UTC.
    pub until: i64,
    /// When it was shown that it is she; 0 for not yet.
    pub confirmed_at: i64,
}

/// Writes a session.
pub async fn insert_session(conn: &mut Conn, new: &NewSession<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO session (token_hash, id, person, created_at, expires_at, agent, confirmed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.token_hash)
    .bind(cairn_platform::id::fresh().to_string())
    .bind(new.person.to_string())
    .bind(new.at)
    .bind(new.until)
    .bind(new.agent)
    .bind(new.confirmed_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the session with this hash.
pub async fn end_session_with(conn: &mut Conn, token_hash: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash).execute(conn).await?;
    Ok(())
}

/// Ends all sessions of a person.
pub async fn end_sessions(conn: &mut Conn, person: PersonId) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE person = $1").bind(person.to_string()).execute(conn).await?;
    Ok(())
}

/// Who is signed in by the session with this hash.
pub async fn in_session(conn: &mut Conn, token_hash: &str, now: i64) -> Result<Option<PersonId>> {
    let person: Option<String> =
        sqlx::query_scalar("SELECT person FROM session WHERE token_hash = $1 AND expires_at > $2")
            .bind(token_hash)
            .bind(now)
            .fetch_optional(conn)
            .await?;
    Ok(person.map(|id| id.parse()).transpose()?)
}

/// A key to the API that a program shows.
pub struct TokenInUse {
    /// Its id.
    pub id: String,
    /// Whose.
    pub person: PersonId,
    /// Separated by spaces.
    pub scopes: String,
}

/// The key with this hash, while it is in force.
pub async fn token_in_use(conn: &mut Conn, token_hash: &str, now: i64) -> Result<Option<TokenInUse>> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "SELECT id, person, scopes FROM api_token WHERE token_hash = $1 AND revoked_at IS NULL \
         AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    let token = |(id, person, scopes): (String, String, String)| {
        Ok(TokenInUse { id, person: person.parse()?, scopes })
    };
    row.map(token).transpose()
}

/// A key to the API to write.
pub struct NewToken<'a> {
    /// Hash of its secret.
    pub token_hash: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Whose.
    pub person: PersonId,
    /// What it is for.
    pub name: &'a str,
    /// Separated by spaces.
    pub scopes: &'a str,
    /// Milliseconds UTC.
    pub at: i64,
    /// Milliseconds UTC.
    pub until: i64,
}

/// Writes a key to the API.
pub async fn insert_token(conn: &mut Conn, new: &NewToken<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO api_token (token_hash, id, person, name, scopes, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.token_hash)
    .bind(new.id)
    .bind(new.person.to_string())
    .bind(new.name)
    .bind(new.scopes)
    .bind(new.at)
    .bind(new.until)
    .execute(conn)
    .await?;
    Ok(())
}
