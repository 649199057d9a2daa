//! SQL of awards and credentials.

pub mod correction;
pub mod key;
pub mod place;
pub mod signed;
pub mod status;

pub use correction::*;
pub use key::*;
pub use place::*;
pub use signed::*;
pub use status::*;

use crate::confirmation;
use crate::error::Result;
use cairn_domain::award::State;
use cairn_domain::standing::Standing;
use cairn_platform::db::Conn;
use cairn_platform::query::QueryBuilder;
use cairn_value::id::{CredentialId, EnrollmentId, OrganizationId, PersonId};
use serde::Deserialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A credential with what its page needs of its organisation.
#[derive(Debug, Clone)]
pub struct CredentialRow {
    /// Whose.
    pub organization: String,
    /// Organisation's name in addresses.
    pub organization_slug: String,
    /// Organisation's name as it stands in the signed document, whatever it is called since.
    pub organization_name: String,
    /// How the operator stands to the organisation.
    pub standing: Standing,
    /// Id.
    pub id: String,
    /// Achievement id.
    pub achievement: String,
    /// Version id.
    pub version_id: String,
    /// Holder, when she has an account.
    pub person: Option<String>,
    /// Holder's address, lower case.
    pub address_key: String,
    /// Holder's name as awarded.
    pub recipient_name: String,
    /// Stored state.
    pub state: State,
    /// Why it is in this state.
    pub state_reason: String,
    /// Since when.
    pub state_at: i64,
    /// Public since.
    pub shared_at: Option<i64>,
    /// When it was signed.
    pub issued_at: i64,
    /// Valid from.
    pub valid_from: i64,
    /// Valid until.
    pub valid_until: Option<i64>,
    /// Status list.
    pub status_list: String,
    /// Signed document, JSON text.
    pub document: String,
    /// Optimistic lock.
    pub version: i64,
}

const COLUMNS: &str = "SELECT c.organization, o.slug, o.name, c.id, c.achievement, c.achievement_version, c.person, \
    c.address_key, c.recipient_name, c.state, c.state_reason, c.state_at, c.shared_at, c.issued_at, c.valid_from, \
    c.valid_until, c.status_list, c.document, c.version, o.standing \
    FROM credential c JOIN organization_card o ON o.id = c.organization";

/// The issuer's name as it was signed: who takes another name later on, such as a confirmed one's, does not put it on
/// the badges that it has issued.
fn signed_name(document: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Deserialize)]
    struct Signed {
        issuer: Named,
    }
    Some(serde_json::from_str::<Signed>(document).ok()?.issuer.name)
}

fn stored(r: &AnyRow) -> CredentialRow {
    let document: String = r.get(17);
    CredentialRow {
        organization: r.get(0),
        organization_slug: r.get(1),
        organization_name: signed_name(&document).unwrap_or_else(|| r.get(2)),
        standing: confirmation::read_standing(&r.get::<String, _>(19)),
        id: r.get(3),
        achievement: r.get(4),
        version_id: r.get(5),
        person: r.get(6),
        address_key: r.get(7),
        recipient_name: r.get(8),
        // a state that nobody knows must never count as being in force
        state: State::parse(&r.get::<String, _>(9)).unwrap_or(State::Revoked),
        state_reason: r.get(10),
        state_at: r.get(11),
        shared_at: r.get(12),
        issued_at: r.get(13),
        valid_from: r.get(14),
        valid_until: r.get(15),
        status_list: r.get(16),
        document,
        version: r.get(18),
    }
}

/// One credential, whoever asks; the caller decides who may see it.
pub async fn find(conn: &mut Conn, id: CredentialId) -> sqlx::Result<Option<CredentialRow>> {
    let sql = format!("{COLUMNS} WHERE c.id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.to_string()).fetch_optional(conn).await?;
    Ok(row.as_ref().map(stored))
}

/// A person's credentials, newest first.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> sqlx::Result<Vec<CredentialRow>> {
    let sql = format!("{COLUMNS} WHERE c.person = $1 ORDER BY c.issued_at DESC, c.id DESC LIMIT 500");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(person.to_string()).fetch_all(conn).await?;
    Ok(rows.iter().map(stored).collect())
}

/// What a member looks for among an organisation's credentials.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Stored state; empty is all.
    pub state: String,
    /// Part of a name or an address, lower case; empty is all.
    pub text: String,
    /// Achievement id; empty is all.
    pub achievement: String,
    /// Credential id after which the page begins; empty is the first page.
    pub after: String,
}

/// A page of an organisation's credentials, newest first (ids are time-ordered).
pub async fn of_organization(
    conn: &mut Conn,
    organization: OrganizationId,
    filter: &Filter,
    limit: i64,
) -> sqlx::Result<Vec<CredentialRow>> {
    let mut query = QueryBuilder::new(COLUMNS);
    query.push(" WHERE c.organization = ").push_bind(organization.to_string());
    if !filter.state.is_empty() {
        query.push(" AND c.state = ").push_bind(filter.state.clone());
    }
    if !filter.achievement.is_empty() {
        query.push(" AND c.achievement = ").push_bind(filter.achievement.clone());
    }
    if !filter.text.is_empty() {
        let escaped = filter.text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = format!("%{escaped}%");
        query.push(" AND (lower(c.recipient_name) LIKE ").push_bind(pattern.clone());
        query.push(" ESCAPE '\\' OR c.address_key LIKE ").push_bind(pattern).push(" ESCAPE '\\')");
    }
    if !filter.after.is_empty() {
        query.push(" AND c.id < ").push_bind(filter.after.clone());
    }
    query.push(" ORDER BY c.id DESC LIMIT ").push_bind(limit);
    Ok(query.build().fetch_all(conn).await?.iter().map(stored).collect())
}

/// Credentials that these reasons have already led to: reason, award, credential.
pub async fn by_reasons(
    conn: &mut Conn,
    organization: OrganizationId,
    reasons: &[String],
) -> sqlx::Result<Vec<(String, String, String)>> {
    let mut out = vec![];
    for part in reasons.chunks(500) {
        let mut query = QueryBuilder::new(
            "SELECT a.reason, a.id, c.id FROM award a JOIN credential c ON c.organization = a.organization AND c.award = a.id \
             WHERE a.organization = ",
        );
        query.push_bind(organization.to_string()).push(" AND a.reason IN (");
        let mut list = query.separated(", ");
        for reason in part {
            list.push_bind(reason.clone());
        }
        query.push(")");
        let rows = query.build().fetch_all(&mut *conn).await?;
        out.extend(rows.iter().map(|r| (r.get(0), r.get(1), r.get(2))));
    }
    Ok(out)
}

/// Rows of a new award and its credential.
#[derive(Debug, Clone)]
pub struct New {
    /// Award id.
    pub award: String,
    /// Credential id.
    pub id: String,
    /// Achievement id.
    pub achievement: String,
    /// Version id.
    pub version: String,
    /// Holder, when she has an account.
    pub person: Option<String>,
    /// Holder's address, lower case.
    pub address_key: String,
    /// Holder's name.
    pub name: String,
    /// Enrolment it came from.
    pub enrollment: Option<String>,
    /// What it is awarded for; unique in the organisation.
    pub reason: String,
    /// Valid from.
    pub from: i64,
    /// Valid until.
    pub until: Option<i64>,
    /// Status list.
    pub list: String,
    /// Position in it.
    pub index: i64,
    /// Signed document.
    pub document: String,
    /// 1 when it holds its person's place of this version.
    pub place: i64,
}

/// Writes awards and credentials, a hundred rows a statement.
pub async fn insert(
    conn: &mut Conn,
    organization: OrganizationId,
    actor: &str,
    now: i64,
    rows: &[New],
) -> sqlx::Result<()> {
    let org = organization.to_string();
    for part in rows.chunks(100) {
        let mut awards = QueryBuilder::new(
            "INSERT INTO award (organization, id, achievement, achievement_version, person, address_key, enrollment, \
             reason, awarded_at, awarded_by) ",
        );
        awards.push_values(part, |mut row, new| {
            row.push_bind(org.clone())
                .push_bind(new.award.clone())
                .push_bind(new.achievement.clone())
                .push_bind(new.version.clone())
                .push_bind(new.person.clone())
                .push_bind(new.address_key.clone())
                .push_bind(new.enrollment.clone())
                .push_bind(new.reason.clone())
                .push_bind(new.from)
                .push_bind(actor.to_owned());
        });
        awards.build().execute(&mut *conn).await?;
        let mut credentials = QueryBuilder::new(
            "INSERT INTO credential (organization, id, award, achievement, achievement_version, person, address_key, \
             recipient_name, state, state_reason, state_at, issued_at, valid_from, valid_until, status_list, \
             status_index, document, holds_place) ",
        );
        credentials.push_values(part, |mut row, new| {
            row.push_bind(org.clone())
                .push_bind(new.id.clone())
                .push_bind(new.award.clone())
                .push_bind(new.achievement.clone())
                .push_bind(new.version.clone())
                .push_bind(new.person.clone())
                .push_bind(new.address_key.clone())
                .push_bind(new.name.clone())
                .push("'active'")
                .push("''")
                .push_bind(now)
                .push_bind(now)
                .push_bind(new.from)
                .push_bind(new.until)
                .push_bind(new.list.clone())
                .push_bind(new.index)
                .push_bind(new.document.clone())
                .push_bind(new.place);
        });
        credentials.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// False when somebody else changed it first.
pub async fn set_state(
    conn: &mut Conn,
    credential: &CredentialRow,
    state: State,
    reason: &str,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE credential SET state = $3, state_reason = $4, state_at = $5, version = version + 1, \
         holds_place = CASE WHEN $3 IN ('active', 'suspended') THEN holds_place ELSE 0 END \
         WHERE organization = $1 AND id = $2 AND version = $6",
    )
    .bind(&credential.organization)
    .bind(&credential.id)
    .bind(state.name())
    .bind(reason)
    .bind(now)
    .bind(credential.version)
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    match state {
        State::Active | State::Suspended => {}
        State::Revoked | State::Superseded => pass_on(conn, credential).await?,
    }
    Ok(true)
}

/// Makes a credential public or private.
pub async fn set_shared(conn: &mut Conn, credential: &CredentialRow, at: Option<i64>) -> sqlx::Result<()> {
    sqlx::query("UPDATE credential SET shared_at = $3 WHERE organization = $1 AND id = $2")
        .bind(&credential.organization)
        .bind(&credential.id)
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

/// Name, slug, address, mail and description of an organisation.
pub async fn issuer(
    conn: &mut Conn,
    organization: OrganizationId,
) -> sqlx::Result<Option<(String, String, String, String, String)>> {
    sqlx::query_as("SELECT name, slug, url, email, description FROM organization_card WHERE id = $1")
        .bind(organization.to_string())
        .fetch_optional(conn)
        .await
}

/// Public badges with state and end, the newest first.
pub async fn shared(conn: &mut Conn, limit: i64) -> Result<Vec<(CredentialId, State, Option<i64>)>> {
    let rows: Vec<(String, String, Option<i64>)> = sqlx::query_as(
        "SELECT id, state, valid_until FROM credential WHERE shared_at IS NOT NULL ORDER BY issued_at DESC, id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let read = |(id, state, until): (String, String, Option<i64>)| {
        Ok((id.parse()?, State::parse(&state).unwrap_or(State::Revoked), until))
    };
    rows.into_iter().map(read).collect()
}

/// The badge that an enrolment has led to.
pub async fn of_enrollment(
    conn: &mut Conn,
    holder: PersonId,
    enrollment: EnrollmentId,
) -> Result<Option<CredentialId>> {
    let found: Option<String> = sqlx::query_scalar(
        "SELECT c.id FROM credential c JOIN award a ON a.organization = c.organization AND a.id = c.award \
         WHERE a.enrollment = $1 AND c.person = $2",
    )
    .bind(enrollment.to_string())
    .bind(holder.to_string())
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|id| id.parse()).transpose()?)
}

/// How many there are.
pub async fn count(conn: &mut Conn) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM credential").fetch_one(conn).await
}
