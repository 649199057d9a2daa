//! SQL of people and their addresses, read. Whoever joins them reads the views `person_contact` (person, name,
//! address, language of who has an account) and `person_name`.

use super::{Actor, Contact, Membership};
use crate::error::Result;
use cairn_domain::permission::Role;
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_platform::text::Language;
use cairn_value::id::{OrganizationId, PersonId};
use sqlx::Row as _;
use std::collections::HashMap;
use std::sync::Arc;

/// A person with her memberships; none when the account is gone.
pub async fn load(conn: &mut Conn, person: PersonId) -> Result<Option<Actor>> {
    let row = sqlx::query("SELECT name, language, operator FROM person WHERE id = $1 AND deleted_at IS NULL")
        .bind(person.to_string())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Actor {
        person,
        name: row.get(0),
        language: Language::parse(&row.get::<String, _>(1)).unwrap_or_default(),
        operator: row.get::<i64, _>(2) != 0,
        memberships: Arc::new(memberships(conn, person).await?),
    }))
}

async fn memberships(conn: &mut Conn, person: PersonId) -> Result<Vec<Membership>> {
    let rows = sqlx::query(
        "SELECT organization, slug, name, issues, role FROM membership WHERE person = $1 \
         ORDER BY name, organization, role",
    )
    .bind(person.to_string())
    .fetch_all(conn)
    .await?;
    let mut memberships: Vec<Membership> = vec![];
    for r in rows {
        let organization: OrganizationId = r.get::<String, _>(0).parse()?;
        let role = Role::parse(&r.get::<String, _>(4));
        match memberships.last_mut() {
            Some(last) if last.organization == organization => last.roles.extend(role),
            _ => memberships.push(Membership {
                organization,
                slug: r.get(1),
                name: r.get(2),
                issues: r.get::<i64, _>(3) != 0,
                roles: role.into_iter().collect(),
            }),
        }
    }
    Ok(memberships)
}

/// How one is written to.
pub async fn contact(conn: &mut Conn, person: PersonId) -> sqlx::Result<Option<Contact>> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("SELECT person, name, address, language FROM person_contact WHERE person = $1")
            .bind(person.to_string())
            .fetch_optional(conn)
            .await?;
    Ok(row.map(Contact::from))
}

/// How the operators are written to.
pub async fn operators(conn: &mut Conn) -> sqlx::Result<Vec<Contact>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT c.person, c.name, c.address, c.language FROM person_contact c JOIN person p ON p.id = c.person \
         WHERE p.operator = 1 ORDER BY c.address",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// One of a person's addresses.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Address {
    /// Lower case.
    pub key: String,
    /// As written.
    pub address: String,
    /// Letters go there.
    pub primary: bool,
}

/// A person's addresses, the primary one first.
pub async fn addresses(conn: &mut Conn, person: PersonId) -> sqlx::Result<Vec<Address>> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT key, address, is_primary FROM email WHERE person = $1 ORDER BY is_primary DESC, key",
    )
    .bind(person.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(key, address, p)| Address { key, address, primary: p != 0 }).collect())
}

/// The account with this verified address.
pub async fn with_key(conn: &mut Conn, key: &str) -> Result<Option<PersonId>> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT p.id FROM email e JOIN person p ON p.id = e.person \
         WHERE e.key = $1 AND e.verified_at IS NOT NULL AND p.deleted_at IS NULL",
    )
    .bind(key)
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|id| id.parse()).transpose()?)
}

/// Accounts with these verified addresses, by the address's key.
pub async fn with_keys(conn: &mut Conn, keys: &[String]) -> Result<HashMap<String, PersonId>> {
    let mut found = HashMap::new();
    for part in keys.chunks(500) {
        let mut query = QueryBuilder::new(
            "SELECT e.key, e.person FROM email e JOIN person p ON p.id = e.person \
             WHERE e.verified_at IS NOT NULL AND p.deleted_at IS NULL AND e.key IN (",
        );
        let mut list = query.separated(", ");
        for key in part {
            list.push_bind(key.clone());
        }
        query.push(")");
        for row in query.build().fetch_all(&mut *conn).await? {
            found.insert(row.get(0), row.get::<String, _>(1).parse()?);
        }
    }
    Ok(found)
}

/// Takes her row for this transaction.
pub async fn hold(conn: &mut Conn, person: PersonId) -> sqlx::Result<()> {
    sqlx::query("UPDATE person SET name = name WHERE id = $1").bind(person.to_string()).execute(conn).await?;
    Ok(())
}

/// One's name.
pub async fn name(conn: &mut Conn, person: PersonId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT name FROM person WHERE id = $1")
        .bind(person.to_string())
        .fetch_optional(conn)
        .await
}

/// How many there are.
pub async fn count(conn: &mut Conn) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM person WHERE deleted_at IS NULL").fetch_one(conn).await
}
