//! Whom an issuer that nobody has confirmed may write to: few, in letters that say so. Its name and titles are its
//! own words, and the instance's mail server carries them to strangers.

use super::Issuance;
use crate::app::App;
use crate::confirmation;
use crate::error::{Error, Result};
use crate::limit::{self, AWARD_UNCONFIRMED};
use cairn_platform::db::Conn;
use cairn_value::id::{OrganizationId, PersonId};
use cairn_value::refusal::Refusal;

/// Counts people who were awarded directly, in the caller's transaction. Whether one has an account makes no
/// difference: the answer would tell.
pub async fn count(
    conn: &mut Conn,
    app: &App,
    organization: OrganizationId,
    issued: &[Issuance],
) -> Result<()> {
    let new = issued.iter().filter(|one| one.is_new()).count() as i64;
    if new > 0 && confirmation::is_unconfirmed(conn, organization).await? {
        limit::take_in(conn, app, &AWARD_UNCONFIRMED, &organization.to_string(), new).await?;
    }
    Ok(())
}

/// Refuses a list that no day's limit has room for, while there is somebody to be told.
pub async fn require_few(conn: &mut Conn, organization: OrganizationId, people: i64) -> Result<()> {
    if people > AWARD_UNCONFIRMED.most && confirmation::is_unconfirmed(conn, organization).await? {
        return Err(Error::refused(
            Refusal::new("award-unconfirmed-most").with("most", AWARD_UNCONFIRMED.most),
        ));
    }
    Ok(())
}

/// The kind of the letter about a new badge.
pub fn letter(account: Option<PersonId>, is_unconfirmed: bool) -> &'static str {
    match (account, is_unconfirmed) {
        (Some(_), false) => "award",
        (None, false) => "award-claim",
        (Some(_), true) => "award-unconfirmed",
        (None, true) => "award-claim-unconfirmed",
    }
}
