//! Awarding once more, on purpose, to somebody whose badge was revoked.

use super::{Again, NewAward, Origin, correction, issue, store, tell};
use crate::app::App;
use crate::confirmation;
use crate::error::{Error, Result};
use crate::person::{self, Actor};
use crate::published;
use cairn_domain::award;
use cairn_value::id::{CredentialId, OrganizationId, PersonId};

/// Awards the version of a revoked badge again to its holder, as of now and without its results and evidence,
/// which the revocation may have been about. Gives the new badge's id.
pub async fn award_again(app: &App, actor: &Actor, id: CredentialId) -> Result<CredentialId> {
    let mut tx = app.db.begin().await?;
    let old = correction::find(&mut tx, actor, id).await?;
    award::again(old.state)?;
    if old.person.as_deref() == Some(&actor.person.to_string()) {
        return Err(Error::refused("award-own"));
    }
    let organization: OrganizationId = old.organization.parse()?;
    confirmation::hold(&mut tx, organization).await?;
    let published = published::find_version(&mut tx, old.version_id.parse()?).await?;
    let person: Option<PersonId> = old.person.as_deref().map(str::parse).transpose()?;
    let address = match person {
        Some(person) => person::addresses(&mut tx, person).await?.into_iter().next().map(|a| a.address),
        None => None,
    };
    let award = NewAward {
        // whoever asks for the first reason again finds this badge (see `store::last_of`)
        reason: store::awarded_after(&old.id),
        person,
        name: old.recipient_name.clone(),
        address: address.unwrap_or_else(|| old.address_key.clone()),
        enrollment: None,
        at: app.clock.now(),
        outcomes: vec![],
        evidence: vec![],
        again: Again::Anew,
    };
    let issued = issue(&mut tx, app, &published, &actor.log_name(), vec![award]).await?;
    let new = issued.first().ok_or(Error::NotFound)?;
    match new.came {
        Origin::New => {}
        Origin::Before => return Err(award::Refusal::HeldAgain.into()),
        Origin::Revoked => return Err(award::Refusal::AgainRevoked.into()),
    }
    tell(&mut tx, app, &published, &issued).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(new.credential)
}
