//! SQL that only programs need.

use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::PersonId;
use sqlx::Row as _;
use std::collections::HashMap;

/// Keys, "organisation.achievement", by achievement id.
pub async fn keys(conn: &mut Conn, achievements: &[&str]) -> sqlx::Result<HashMap<String, String>> {
    if achievements.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = QueryBuilder::new(
        "SELECT a.id, o.slug, a.slug FROM achievement a JOIN organization o ON o.id = a.organization WHERE a.id IN (",
    );
    let mut list = query.separated(", ");
    for id in achievements {
        list.push_bind((*id).to_owned());
    }
    query.push(")");
    let rows = query.build().fetch_all(conn).await?;
    let key = |r: &sqlx::any::AnyRow| format!("{}.{}", r.get::<String, _>(1), r.get::<String, _>(2));
    Ok(rows.iter().map(|r| (r.get(0), key(r))).collect())
}

/// A person's name; empty when the account is gone.
pub async fn name_of(conn: &mut Conn, person: PersonId) -> sqlx::Result<String> {
    let name: Option<String> = sqlx::query_scalar("SELECT name FROM person WHERE id = $1")
        .bind(person.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(name.unwrap_or_default())
}
