//! SQL of corrections.

use super::CredentialRow;
use crate::error::Result;
use cairn_domain::award::State;
use cairn_platform::db::Conn;
use cairn_value::id::{EnrollmentId, OrganizationId};

/// What the reason of a correction begins with.
const CORRECTION: &str = "correction:";

/// The reason of the award that took this credential's place.
pub fn corrected_by(credential: &str) -> String {
    format!("{CORRECTION}{credential}")
}

/// The reason of an award that was made on purpose after this credential was revoked.
pub fn awarded_after(credential: &str) -> String {
    format!("again:{credential}")
}

/// The last of a row of credentials that took each other's place, and its state.
pub async fn last_of(
    conn: &mut Conn,
    organization: OrganizationId,
    first: String,
) -> Result<(String, State)> {
    let mut last = first;
    loop {
        let next: Option<String> = sqlx::query_scalar(
            "SELECT c.id FROM award a JOIN credential c ON c.organization = a.organization AND c.award = a.id \
             WHERE a.organization = $1 AND a.reason IN ($2, $3)",
        )
        .bind(organization.to_string())
        .bind(corrected_by(&last))
        .bind(awarded_after(&last))
        .fetch_optional(&mut *conn)
        .await?;
        let Some(next) = next else { break };
        last = next;
    }
    let state: String =
        sqlx::query_scalar("SELECT state FROM credential WHERE organization = $1 AND id = $2")
            .bind(organization.to_string())
            .bind(&last)
            .fetch_one(conn)
            .await?;
    // a state that nobody knows must never count as being in force
    Ok((last, State::parse(&state).unwrap_or(State::Revoked)))
}

/// The enrolment that a credential comes from; of a corrected one that of the first in its row.
pub async fn earned_by(conn: &mut Conn, credential: &CredentialRow) -> Result<Option<EnrollmentId>> {
    let mut id = credential.id.clone();
    loop {
        let found: Option<(Option<String>, String)> = sqlx::query_as(
            "SELECT a.enrollment, a.reason FROM award a JOIN credential c ON c.organization = a.organization \
             AND c.award = a.id WHERE c.organization = $1 AND c.id = $2",
        )
        .bind(&credential.organization)
        .bind(&id)
        .fetch_optional(&mut *conn)
        .await?;
        match found {
            Some((Some(enrollment), _)) => return Ok(Some(enrollment.parse()?)),
            Some((None, reason)) => match reason.strip_prefix(CORRECTION) {
                Some(before) => before.clone_into(&mut id),
                None => return Ok(None),
            },
            None => return Ok(None),
        }
    }
}

/// 1 when this credential holds its person's place.
pub async fn place_of(conn: &mut Conn, credential: &CredentialRow) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT holds_place FROM credential WHERE organization = $1 AND id = $2")
        .bind(&credential.organization)
        .bind(&credential.id)
        .fetch_one(conn)
        .await
}

/// Replaces a credential; its place goes to the one that is written next. False
/// when somebody else changed it first.
pub async fn supersede(
    conn: &mut Conn,
    credential: &CredentialRow,
    state: State,
    reason: &str,
    now: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE credential SET state = $3, state_reason = $4, state_at = $5, version = version + 1, holds_place = 0 \
         WHERE organization = $1 AND id = $2 AND version = $6",
    )
    .bind(&credential.organization)
    .bind(&credential.id)
    .bind(state.name())
    .bind(reason)
    .bind(now)
    .bind(credential.version)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
