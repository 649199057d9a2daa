//! SQL of organisations, members and conflicts; of invitations in the file beside it.

pub mod invitation;

pub use invitation::{Invitation, InvitationOffer};

use crate::error::Result;
use crate::person::Contact;
use cairn_domain::permission::Role;
use cairn_domain::submission::WAITING;
use cairn_platform::db::Conn;
use cairn_value::email::Email;
use cairn_value::id::{OrganizationId, PersonId};
use sqlx::Row as _;

/// A member with a role.
#[derive(Debug, Clone)]
pub struct Member {
    /// Account.
    pub person: String,
    /// Name.
    pub name: String,
    /// Primary address.
    pub address: String,
    /// Stable name of the role.
    pub role: String,
}

/// All members, a row for each role.
pub async fn members(conn: &mut Conn, id: OrganizationId) -> sqlx::Result<Vec<Member>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT person, name, address, role FROM member_contact WHERE organization = $1 ORDER BY name, person, role",
    )
    .bind(id.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(person, name, address, role)| Member { person, name, address, role }).collect())
}

/// Gives a role; one that is there already stays.
pub async fn add_member(
    conn: &mut Conn,
    id: OrganizationId,
    person: PersonId,
    role: Role,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO member (organization, person, role, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(id.to_string())
    .bind(person.to_string())
    .bind(role.name())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a role away; false when it was not there.
pub async fn remove_member(
    conn: &mut Conn,
    id: OrganizationId,
    person: PersonId,
    role: Role,
) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM member WHERE organization = $1 AND person = $2 AND role = $3")
        .bind(id.to_string())
        .bind(person.to_string())
        .bind(role.name())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// How many owners there are.
pub async fn owners(conn: &mut Conn, id: OrganizationId) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM member WHERE organization = $1 AND role = 'owner'")
        .bind(id.to_string())
        .fetch_one(conn)
        .await
}

/// An organisation by its name in addresses.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<OrganizationId>> {
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM organization_card WHERE slug = $1")
        .bind(slug)
        .fetch_optional(conn)
        .await?;
    Ok(id.map(|id| id.parse()).transpose()?)
}

/// The owners of an organisation.
pub async fn owners_to_tell(conn: &mut Conn, id: OrganizationId) -> sqlx::Result<Vec<Contact>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT person, name, address, language FROM member_contact WHERE organization = $1 AND role = 'owner' \
         ORDER BY person",
    )
    .bind(id.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// Those who review in an organisation, but for the learner herself and whoever is in conflict with her.
pub async fn reviewers_to_tell(
    conn: &mut Conn,
    id: OrganizationId,
    learner: PersonId,
) -> sqlx::Result<Vec<Contact>> {
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "SELECT m.person, m.name, m.address, m.language FROM member_contact m WHERE m.organization = $1 \
         AND m.role = 'reviewer' AND m.person <> $2 AND NOT EXISTS (SELECT c.reviewer FROM conflict c \
         WHERE c.organization = $1 AND c.reviewer = m.person AND c.learner = $2) ORDER BY m.person LIMIT 50",
    )
    .bind(id.to_string())
    .bind(learner.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// How much there is of an organisation, for its overview.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Micro-credentials that are offered.
    pub offered: i64,
    /// Evidence that waits for a review.
    pub waiting: i64,
    /// Badges that it has issued.
    pub issued: i64,
    /// People who work on something.
    pub learners: i64,
}

/// A declared conflict of interest.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// Account.
    pub reviewer: String,
    /// Name.
    pub reviewer_name: String,
    /// Key of the learner's address, as it was declared.
    pub key: String,
    /// The address; empty for what was declared before addresses were kept.
    pub address: String,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// All declared conflicts: the reviewer is a member, of the learner only what
/// was typed is told, never whether she has an account.
pub async fn conflicts(conn: &mut Conn, id: OrganizationId) -> sqlx::Result<Vec<Conflict>> {
    let rows = sqlx::query(
        "SELECT r.person, r.name, c.address_key, c.address, c.created_at FROM conflict c \
         JOIN person_name r ON r.person = c.reviewer WHERE c.organization = $1 ORDER BY r.name, c.address, c.created_at",
    )
    .bind(id.to_string())
    .fetch_all(conn)
    .await?;
    let conflict = |r: &sqlx::any::AnyRow| Conflict {
        reviewer: r.get(0),
        reviewer_name: r.get(1),
        key: r.get(2),
        address: r.get(3),
        created_at: r.get(4),
    };
    Ok(rows.iter().map(conflict).collect())
}

/// A conflict that is declared now.
pub struct NewConflict<'a> {
    /// The reviewer.
    pub reviewer: PersonId,
    /// The learner's address.
    pub email: &'a Email,
    /// The account behind it, when there is one.
    pub learner: Option<PersonId>,
    /// Who declares it.
    pub by: PersonId,
}

/// Writes a conflict; one that is there already stays.
pub async fn declare(
    conn: &mut Conn,
    id: OrganizationId,
    new: &NewConflict<'_>,
    now: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO conflict (organization, reviewer, address_key, address, learner, declared_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(id.to_string())
    .bind(new.reviewer.to_string())
    .bind(new.email.key())
    .bind(new.email.as_str())
    .bind(new.learner.map(|p| p.to_string()))
    .bind(new.by.to_string())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a conflict back; false when none is declared.
pub async fn withdraw(
    conn: &mut Conn,
    id: OrganizationId,
    reviewer: PersonId,
    key: &str,
) -> sqlx::Result<bool> {
    let done =
        sqlx::query("DELETE FROM conflict WHERE organization = $1 AND reviewer = $2 AND address_key = $3")
            .bind(id.to_string())
            .bind(reviewer.to_string())
            .bind(key)
            .execute(conn)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// Counts for the overview.
pub async fn counts(conn: &mut Conn, id: OrganizationId) -> sqlx::Result<Counts> {
    let mut count = async |sql: &str| -> sqlx::Result<i64> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::query_scalar(sql).bind(id.to_string()).fetch_one(&mut *conn).await
    };
    Ok(Counts {
        offered: count(
            "SELECT count(*) FROM achievement_card WHERE organization = $1 AND published_version IS NOT NULL",
        )
        .await?,
        waiting: count(&format!(
            "SELECT count(*) FROM submission_fact WHERE organization = $1 AND state IN ({WAITING})"
        ))
        .await?,
        issued: count("SELECT count(*) FROM credential_fact WHERE organization = $1").await?,
        learners: count("SELECT count(*) FROM enrollment_fact WHERE organization = $1 AND state = 'active'")
            .await?,
    })
}

/// The issuing organisation with this name in addresses.
pub async fn issuing(conn: &mut Conn, slug: &str) -> Result<Option<OrganizationId>> {
    let id: Option<String> =
        sqlx::query_scalar("SELECT id FROM organization_card WHERE slug = $1 AND issues = 1")
            .bind(slug)
            .fetch_optional(conn)
            .await?;
    Ok(id.map(|id| id.parse()).transpose()?)
}

/// Names in addresses by id.
pub async fn slugs(conn: &mut Conn) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT id, slug FROM organization_card").fetch_all(conn).await
}

/// Organisations that this person owns, with others or alone.
pub async fn owned(conn: &mut Conn, person: PersonId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT organization FROM member WHERE person = $1 AND role = 'owner'")
        .bind(person.to_string())
        .fetch_all(conn)
        .await
}

/// Names of organisations of which this person is the only owner.
pub async fn owned_alone(conn: &mut Conn, person: PersonId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT o.name FROM member m JOIN organization_card o ON o.id = m.organization WHERE m.person = $1 \
         AND m.role = 'owner' AND NOT EXISTS (SELECT n.person FROM member n WHERE n.organization = m.organization \
         AND n.role = 'owner' AND n.person <> $1) ORDER BY o.name",
    )
    .bind(person.to_string())
    .fetch_all(conn)
    .await
}

/// Conflicts that were declared with an address hold for its owner from now on.
pub async fn pin_conflicts(conn: &mut Conn, person: PersonId, key: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE conflict SET learner = $1 WHERE address_key = $2 AND learner IS NULL")
        .bind(person.to_string())
        .bind(key)
        .execute(conn)
        .await?;
    Ok(())
}

/// True when a conflict between these two is declared.
pub async fn has_conflict(
    conn: &mut Conn,
    organization: OrganizationId,
    reviewer: PersonId,
    learner: PersonId,
) -> sqlx::Result<bool> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM conflict WHERE organization = $1 AND reviewer = $2 AND learner = $3",
    )
    .bind(organization.to_string())
    .bind(reviewer.to_string())
    .bind(learner.to_string())
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

/// Learners with whom a reviewer has a declared conflict: organisation and account.
pub async fn conflicts_of(conn: &mut Conn, reviewer: PersonId) -> sqlx::Result<Vec<(String, String)>> {
    sqlx::query_as("SELECT organization, learner FROM conflict WHERE reviewer = $1 AND learner IS NOT NULL")
        .bind(reviewer.to_string())
        .fetch_all(conn)
        .await
}
