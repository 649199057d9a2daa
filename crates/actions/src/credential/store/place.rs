//! SQL of places: who has a badge of a version in force.

use super::CredentialRow;
use cairn_domain::award::State;
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{OrganizationId, PersonId, VersionId};
use sqlx::Row as _;

fn list(query: &mut QueryBuilder, values: &[String]) {
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value.clone());
    }
}

/// Some accounts, and some addresses without one.
pub struct Whose {
    /// Ids.
    pub people: Vec<String>,
    /// Keys.
    pub addresses: Vec<String>,
}

impl Whose {
    /// Conditions, each with few enough values for a statement.
    fn conditions(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let people = self.people.chunks(400).map(|part| ("person IN (", part));
        let addresses = self.addresses.chunks(400).map(|part| ("person IS NULL AND address_key IN (", part));
        people.chain(addresses)
    }
}

/// A badge in force.
pub struct HeldBadge {
    /// Its id.
    pub credential: String,
    /// Account of its holder.
    pub person: Option<String>,
    /// Address that it was awarded to.
    pub address_key: String,
}

/// Badges of a version that these people have in force, the oldest first.
pub async fn in_force(
    conn: &mut Conn,
    organization: OrganizationId,
    version: VersionId,
    whose: &Whose,
    now: i64,
) -> sqlx::Result<Vec<HeldBadge>> {
    let mut out = vec![];
    for (condition, part) in whose.conditions() {
        let mut query =
            QueryBuilder::new("SELECT id, person, address_key FROM credential WHERE organization = ");
        query.push_bind(organization.to_string()).push(" AND achievement_version = ");
        query.push_bind(version.to_string());
        query.push(" AND state IN ('active', 'suspended') AND (valid_until IS NULL OR valid_until >= ");
        query.push_bind(now).push(") AND ").push(condition);
        list(&mut query, part);
        query.push(") ORDER BY id");
        let rows = query.build().fetch_all(&mut *conn).await?;
        out.extend(rows.iter().map(|r| HeldBadge {
            credential: r.get(0),
            person: r.get(1),
            address_key: r.get(2),
        }));
    }
    Ok(out)
}

/// All badges of a version that these people have or had, with their states, the oldest first.
pub async fn all_of(
    conn: &mut Conn,
    organization: OrganizationId,
    version: VersionId,
    whose: &Whose,
) -> sqlx::Result<Vec<(HeldBadge, State)>> {
    let mut out = vec![];
    for (condition, part) in whose.conditions() {
        let mut query =
            QueryBuilder::new("SELECT id, person, address_key, state FROM credential WHERE organization = ");
        query.push_bind(organization.to_string()).push(" AND achievement_version = ");
        query.push_bind(version.to_string()).push(" AND ").push(condition);
        list(&mut query, part);
        query.push(") ORDER BY id");
        for r in query.build().fetch_all(&mut *conn).await? {
            let held = HeldBadge { credential: r.get(0), person: r.get(1), address_key: r.get(2) };
            // a state that nobody knows must never count as being in force
            out.push((held, State::parse(&r.get::<String, _>(3)).unwrap_or(State::Revoked)));
        }
    }
    Ok(out)
}

/// Badges of these people that have run out give up their place.
pub async fn give_up(
    conn: &mut Conn,
    organization: OrganizationId,
    version: VersionId,
    whose: &Whose,
    now: i64,
) -> sqlx::Result<()> {
    for (condition, part) in whose.conditions() {
        let mut query = QueryBuilder::new("UPDATE credential SET holds_place = 0 WHERE holds_place = 1 AND ");
        query.push("organization = ").push_bind(organization.to_string());
        query.push(" AND achievement_version = ").push_bind(version.to_string());
        query.push(" AND valid_until < ").push_bind(now).push(" AND ").push(condition);
        list(&mut query, part);
        query.push(")");
        query.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// The place of a badge that has ended goes to another one that its holder has
/// of the same version, if there is one.
pub async fn pass_on(conn: &mut Conn, ended: &CredentialRow) -> sqlx::Result<()> {
    let Some(person) = &ended.person else { return Ok(()) };
    sqlx::query(
        "UPDATE credential SET holds_place = 1 WHERE id = (SELECT min(c.id) FROM credential c \
         WHERE c.organization = $1 AND c.achievement_version = $2 AND c.person = $3 \
         AND c.state IN ('active', 'suspended')) AND organization = $1 AND NOT EXISTS \
         (SELECT h.id FROM credential h WHERE h.organization = $1 AND h.achievement_version = $2 \
          AND h.person = $3 AND h.holds_place = 1)",
    )
    .bind(&ended.organization)
    .bind(&ended.version_id)
    .bind(person)
    .execute(conn)
    .await?;
    Ok(())
}

/// A badge beside one that its holder has of the same version.
pub struct Second {
    /// Whose.
    pub organization: String,
    /// Its id.
    pub credential: String,
}

/// What was awarded to an address before its owner had an account becomes hers, unless she has awarded it herself:
/// nobody awards to herself, neither by the way of an address that is added later.
/// Gives the badges of which she has another already.
pub async fn claim(conn: &mut Conn, person: PersonId, key: &str) -> sqlx::Result<Vec<Second>> {
    let id = person.to_string();
    let rows = sqlx::query(
        "UPDATE credential SET holds_place = 0 WHERE address_key = $2 AND person IS NULL AND holds_place = 1 \
         AND NOT EXISTS (SELECT a.id FROM award a WHERE a.organization = credential.organization \
         AND a.id = credential.award AND a.awarded_by = $1) AND EXISTS (SELECT h.id FROM credential h WHERE h.organization = credential.organization \
         AND h.achievement_version = credential.achievement_version AND h.person = $1 AND h.holds_place = 1) \
         RETURNING organization, id",
    )
    .bind(&id)
    .bind(key)
    .fetch_all(&mut *conn)
    .await?;
    for sql in [
        "UPDATE award SET person = $1 WHERE address_key = $2 AND person IS NULL AND awarded_by <> $1",
        "UPDATE credential SET person = $1 WHERE address_key = $2 AND person IS NULL \
         AND NOT EXISTS (SELECT a.id FROM award a WHERE a.organization = credential.organization \
         AND a.id = credential.award AND a.awarded_by = $1)",
    ] {
        sqlx::query(sql).bind(&id).bind(key).execute(&mut *conn).await?;
    }
    Ok(rows.iter().map(|r| Second { organization: r.get(0), credential: r.get(1) }).collect())
}
