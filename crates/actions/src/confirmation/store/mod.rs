//! SQL of who organisations are: what they say of themselves, how they stand, and which domains they prove.

mod domain;
mod profile;

pub use domain::{Domain, add_domain, domains, proved_before, put_proof, remove_domain};
pub use profile::{Profile, describe, insert, profile};

use crate::person::Contact;
use cairn_domain::standing::{Place, Standing};
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_platform::setting;
use cairn_value::id::OrganizationId;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// An organisation as the operator decides on it.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// Id.
    pub id: OrganizationId,
    /// Name in addresses.
    pub slug: String,
    /// Name in force.
    pub name: String,
    /// The other name that it asks for; may be empty.
    pub name_wanted: String,
    /// university, association, …
    pub kind: String,
    /// ISO 3166-1.
    pub country: String,
    /// Web site; may be empty.
    pub url: String,
    /// Contact; may be empty.
    pub email: String,
    /// Founded.
    pub created_at: i64,
    /// Now.
    pub standing: Standing,
    /// What a suspension goes back to.
    pub before: Standing,
    /// The operator's last reason; may be empty.
    pub reason: String,
    /// Since when it stands so, or waits with another name; 0 for not known.
    pub since: i64,
}

impl Applicant {
    /// The name that is to be decided on.
    pub fn asked_name(&self) -> &str {
        if self.name_wanted.is_empty() { &self.name } else { &self.name_wanted }
    }

    /// For the rules.
    pub fn place(&self) -> Place {
        Place { standing: self.standing, before: self.before, wants_name: !self.name_wanted.is_empty() }
    }
}

const KNOWN: &str = "SELECT id, slug, name, name_wanted, kind, country, url, email, created_at, standing, \
     standing_before, standing_reason, standing_at FROM organization";

/// Reads what a row says; a standing that nobody knows must never let anybody issue.
pub fn parse(text: &str) -> Standing {
    Standing::parse(text).unwrap_or(Standing::Declined)
}

fn known(r: &AnyRow) -> sqlx::Result<Applicant> {
    let id: String = r.get(0);
    Ok(Applicant {
        id: id.parse().map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
        slug: r.get(1),
        name: r.get(2),
        name_wanted: r.get(3),
        kind: r.get(4),
        country: r.get(5),
        url: r.get(6),
        email: r.get(7),
        created_at: r.get(8),
        standing: parse(&r.get::<String, _>(9)),
        before: parse(&r.get::<String, _>(10)),
        reason: r.get(11),
        since: r.get(12),
    })
}

/// By name in addresses.
pub async fn find(conn: &mut Conn, slug: &str) -> sqlx::Result<Option<Applicant>> {
    let sql = format!("{KNOWN} WHERE slug = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(slug)
        .fetch_optional(conn)
        .await?
        .as_ref()
        .map(known)
        .transpose()
}

/// Takes an organisation's row for this transaction, by its name in addresses: of two decisions at once the second
/// sees what the first has made.
pub async fn hold_named(conn: &mut Conn, slug: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE organization SET name = name WHERE slug = $1").bind(slug).execute(conn).await?;
    Ok(())
}

/// Takes organisations' rows for this transaction.
pub async fn hold(conn: &mut Conn, organizations: &[String]) -> sqlx::Result<()> {
    if organizations.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::new("UPDATE organization SET name = name WHERE id IN (");
    let mut list = query.separated(", ");
    for id in organizations {
        list.push_bind(id.clone());
    }
    query.push(")");
    query.build().execute(conn).await?;
    Ok(())
}

/// Which organisations are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Those that wait for the operator: new ones, not looked at, other names.
    Only,
    /// All.
    No,
}

/// The condition of what waits for the operator.
const WAITS: &str =
    "(standing IN ('unconfirmed', 'contested', 'held', 'not_looked_at') OR name_wanted <> '')";

/// How many organisations wait for the operator.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    /// All of them.
    pub all: i64,
    /// Since when the newest of them does; milliseconds UTC.
    pub newest: i64,
}

/// How many wait; none when nothing does.
pub async fn waiting(conn: &mut Conn) -> sqlx::Result<Option<Count>> {
    let sql = format!("SELECT count(*), coalesce(max(standing_at), 0) FROM organization WHERE {WAITS}");
    let (all, newest) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(conn).await?;
    Ok(Some(Count { all, newest }).filter(|count| count.all > 0))
}

/// A page of organisations behind a name in addresses.
pub async fn list(
    conn: &mut Conn,
    waiting: Waiting,
    after: &str,
    limit: i64,
) -> sqlx::Result<Vec<Applicant>> {
    let only = match waiting {
        Waiting::Only => format!("AND {WAITS}"),
        Waiting::No => String::new(),
    };
    let sql = format!("{KNOWN} WHERE slug > $1 {only} ORDER BY slug LIMIT $2");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after).bind(limit).fetch_all(conn).await?;
    rows.iter().map(known).collect()
}

/// The standing of one.
pub async fn standing(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Option<Standing>> {
    let text: Option<String> = sqlx::query_scalar("SELECT standing FROM organization WHERE id = $1")
        .bind(organization.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(text.as_deref().map(parse))
}

/// The name in force.
pub async fn name(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT name FROM organization WHERE id = $1")
        .bind(organization.to_string())
        .fetch_one(conn)
        .await
}

/// How many confirmed organisations have a name that looks like this.
pub async fn confirmed_alike(conn: &mut Conn, look: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM organization WHERE look = $1 AND standing = $2")
        .bind(look)
        .bind(Standing::Confirmed.name())
        .fetch_one(conn)
        .await
}

/// Name and slug of other organisations whose name looks the same.
pub async fn alike(
    conn: &mut Conn,
    organization: OrganizationId,
    look: &str,
) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT name, slug FROM organization WHERE look = $1 AND id <> $2 ORDER BY slug LIMIT 20")
        .bind(look)
        .bind(organization.to_string())
        .fetch_all(conn)
        .await
}

/// A new organisation, or a new name of one that waits.
pub async fn begin(
    conn: &mut Conn,
    organization: OrganizationId,
    standing: Standing,
    look: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE organization SET standing = $2, standing_before = $2, look = $3, name_wanted = '', standing_at = $4 \
         WHERE id = $1",
    )
    .bind(organization.to_string())
    .bind(standing.name())
    .bind(look)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The other name that is asked for; empty for none. It waits from now on.
pub async fn want_name(
    conn: &mut Conn,
    organization: OrganizationId,
    name: &str,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE organization SET name_wanted = $2, standing_at = $3 WHERE id = $1 AND name_wanted <> $2",
    )
    .bind(organization.to_string())
    .bind(name)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Who may offer has changed: whatever was counted of what is offered is counted anew.
pub async fn renew(conn: &mut Conn, revision: &str) -> sqlx::Result<()> {
    setting::put(conn, "standing_revision", revision).await
}

/// Writes a decision.
#[expect(clippy::too_many_arguments, reason = "one row's columns")]
pub async fn put(
    conn: &mut Conn,
    known: &Applicant,
    next: &Place,
    name: &str,
    look: &str,
    reason: &str,
    by: &str,
    now: i64,
) -> sqlx::Result<()> {
    let wanted = if next.wants_name { known.name_wanted.as_str() } else { "" };
    sqlx::query(
        "UPDATE organization SET standing = $2, standing_before = $3, name = $4, look = $5, name_wanted = $6, \
         standing_reason = $7, standing_by = $8, standing_at = $9 WHERE id = $1",
    )
    .bind(known.id.to_string())
    .bind(next.standing.name())
    .bind(next.before.name())
    .bind(name)
    .bind(look)
    .bind(wanted)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The owners of an organisation, who hear of decisions.
pub async fn owners(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<Vec<Contact>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT person, name, address, language FROM member_contact WHERE organization = $1 AND role = 'owner' \
         ORDER BY person LIMIT 50",
    )
    .bind(organization.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// How many badges it has issued.
pub async fn issued(conn: &mut Conn, organization: OrganizationId) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM credential_fact WHERE organization = $1")
        .bind(organization.to_string())
        .fetch_one(conn)
        .await
}
