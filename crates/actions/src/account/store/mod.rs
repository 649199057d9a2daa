//! SQL of accounts.

pub mod access;

pub use access::*;

use crate::error::Result;
use cairn_platform::db::Conn;
use cairn_value::email::Email;
use cairn_value::id::PersonId;
use sqlx::Row as _;

/// What sign-in needs of the account behind an address.
pub struct SignInAccount {
    /// The account.
    pub person: PersonId,
    /// The address as it was verified.
    pub address: String,
    /// Argon2id; none when she signs in by links only.
    pub password_hash: Option<String>,
}

/// The account with this verified address.
pub async fn by_address(conn: &mut Conn, key: &str) -> Result<Option<SignInAccount>> {
    let row = sqlx::query(
        "SELECT p.id, p.password_hash, e.address FROM email e JOIN person p ON p.id = e.person \
         WHERE e.key = $1 AND e.verified_at IS NOT NULL AND p.deleted_at IS NULL",
    )
    .bind(key)
    .fetch_optional(conn)
    .await?;
    let known = |r: sqlx::any::AnyRow| {
        let person = r.get::<String, _>(0).parse()?;
        Ok(SignInAccount { person, password_hash: r.get(1), address: r.get(2) })
    };
    row.map(known).transpose()
}

/// Writes a new account.
pub async fn insert_person(
    conn: &mut Conn,
    person: PersonId,
    name: &str,
    password_hash: Option<&str>,
    language: &str,
    salt: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO person (id, name, password_hash, language, salt, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(person.to_string())
    .bind(name)
    .bind(password_hash)
    .bind(language)
    .bind(salt)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes name and language.
pub async fn set_profile(conn: &mut Conn, person: PersonId, name: &str, language: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE person SET name = $2, language = $3 WHERE id = $1")
        .bind(person.to_string())
        .bind(name)
        .bind(language)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes a verified address.
pub async fn insert_address(
    conn: &mut Conn,
    person: PersonId,
    email: &Email,
    primary: i64,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO email (key, person, address, is_primary, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)",
    )
    .bind(email.key())
    .bind(person.to_string())
    .bind(email.as_str())
    .bind(primary)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A link that was sent to an address.
pub struct Link {
    /// `sign_in`, `sign_up` or `verify`.
    pub kind: String,
    /// The address.
    pub address: String,
    /// The account, when there is one.
    pub person: Option<String>,
    /// Name of a new account.
    pub name: String,
    /// Password of a new account.
    pub password_hash: Option<String>,
    /// Language of a new account.
    pub language: String,
}

/// Writes a link; of its secret only the hash. It takes the place of one of the
/// same kind, address and account that is still open.
pub async fn put_link(
    conn: &mut Conn,
    token_hash: &str,
    key: &str,
    link: &Link,
    now: i64,
    expires: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO email_link (token_hash, kind, address_key, address, person, name, password_hash, language, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (kind, address_key, COALESCE(person, '')) WHERE used_at IS NULL DO UPDATE SET \
         token_hash = excluded.token_hash, address = excluded.address, name = excluded.name, \
         password_hash = excluded.password_hash, language = excluded.language, \
         created_at = excluded.created_at, expires_at = excluded.expires_at",
    )
    .bind(token_hash)
    .bind(&link.kind)
    .bind(key)
    .bind(&link.address)
    .bind(link.person.clone())
    .bind(&link.name)
    .bind(link.password_hash.clone())
    .bind(&link.language)
    .bind(now)
    .bind(expires)
    .execute(conn)
    .await?;
    Ok(())
}

fn link(r: &sqlx::any::AnyRow) -> Link {
    Link {
        kind: r.get(0),
        address: r.get(1),
        person: r.get(2),
        name: r.get(3),
        password_hash: r.get(4),
        language: r.get(5),
    }
}

/// A link that can still be used.
pub async fn find_link(conn: &mut Conn, token_hash: &str, now: i64) -> sqlx::Result<Option<Link>> {
    let row = sqlx::query(
        "SELECT kind, address, person, name, password_hash, language FROM email_link \
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok(row.as_ref().map(link))
}

/// Uses a link up; none when it was used or is too old.
pub async fn take_link(conn: &mut Conn, token_hash: &str, now: i64) -> sqlx::Result<Option<Link>> {
    let row = sqlx::query(
        "UPDATE email_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 \
         RETURNING kind, address, person, name, password_hash, language",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok(row.as_ref().map(link))
}

/// Makes or unmakes an operator; false when nothing changed.
pub async fn set_operator(conn: &mut Conn, person: PersonId, is_operator: bool) -> sqlx::Result<bool> {
    let done = sqlx::query("UPDATE person SET operator = $2 WHERE id = $1 AND operator <> $2")
        .bind(person.to_string())
        .bind(i64::from(is_operator))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}
