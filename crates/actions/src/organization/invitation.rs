//! Invitations: sent to an address, renewed, withdrawn, accepted by whoever owns the address.

use super::store::InvitationOffer;
use super::store::invitation as waiting;
use super::{add_member, record};
use crate::app::App;
use crate::confirmation;
use crate::error::{Error, Result};
use crate::limit;
use crate::person::{self, Actor};
use cairn_domain::permission::{Intent, Role};
use cairn_domain::standing::Standing;
use cairn_platform::id;
use cairn_platform::mail::{self, Letter};
use cairn_value::email::Email;
use cairn_value::id::{InvitationId, OrganizationId};

/// The kind of the letter that invites. What nobody has confirmed does not put
/// its name into a stranger's list of letters, and writes few of them.
async fn invitation_kind(app: &App, organization: OrganizationId) -> Result<&'static str> {
    let standing = {
        let mut conn = app.db.read().await?;
        confirmation::standing(&mut conn, organization).await?
    };
    if standing == Standing::Suspended {
        return Err(Error::refused("organization-suspended-invites"));
    }
    if !standing.is_waiting() {
        return Ok("invitation");
    }
    limit::take(app, &limit::INVITATION_UNCONFIRMED, &organization.to_string()).await?;
    Ok("invitation-unconfirmed")
}

/// What sending an invitation has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The address waited for none.
    New,
    /// It takes the place of one that waited; that one's link opens nothing any more.
    Renewed,
}

/// Invites an address; the letter's link is open for 14 days. An address waits for one invitation at most: another
/// one, also in another role, renews it.
pub async fn invite(app: &App, actor: &Actor, slug: &str, email: &Email, role: Role) -> Result<Sent> {
    let member = actor.member(slug)?;
    actor.with(member.organization, Intent::ManageMembers)?;
    let (token, invitation, now) =
        (id::secret(), InvitationId(id::fresh()), app.clock.now().as_millisecond());
    limit::take(app, &limit::INVITATION_ADDRESS, &email.key()).await?;
    let kind = invitation_kind(app, member.organization).await?;
    let mut tx = app.db.begin().await?;
    // of two at once one waits, so that it renews the other
    confirmation::hold(&mut tx, member.organization).await?;
    let closed = waiting::close_all(&mut tx, member.organization, &email.key(), now).await?;
    let new = waiting::NewInvitation {
        organization: member.organization,
        id: invitation,
        email,
        role,
        token_hash: &id::digest(&token),
        by: actor.person,
        at: now,
        until: now + 14 * 86_400_000,
    };
    waiting::insert(&mut tx, &new).await?;
    record(&mut tx, app, member.organization, &actor.log_name(), "member.invited", invitation.to_string())
        .await?;
    let role_word = actor.language.text(&format!("role-{}", role.name()), &[]);
    let values =
        [("organization", member.name.as_str()), ("inviter", actor.name.as_str()), ("role", &role_word)];
    let letter = Letter {
        id: format!("invitation-{invitation}"),
        kind,
        address: email.as_str(),
        person: None,
        language: actor.language,
        values: &values,
        link: Some(format!("{}/invitations/{token}", app.config.base_url)),
    };
    mail::write(&mut tx, app, letter).await?;
    tx.commit().await?;
    app.bell.notify_one();
    Ok(if closed > 0 { Sent::Renewed } else { Sent::New })
}

/// Takes back an invitation that waits: its link opens nothing from then on.
pub async fn withdraw_invitation(
    app: &App,
    actor: &Actor,
    slug: &str,
    invitation: InvitationId,
) -> Result<()> {
    let organization = actor.member(slug)?.organization;
    actor.with(organization, Intent::ManageMembers)?;
    let mut tx = app.db.begin().await?;
    if !waiting::close(&mut tx, organization, invitation, app.clock.now().as_millisecond()).await? {
        return Err(Error::NotFound);
    }
    let (kind, subject) = ("member.invitation_withdrawn", invitation.to_string());
    record(&mut tx, app, organization, &actor.log_name(), kind, subject).await?;
    tx.commit().await?;
    Ok(())
}

/// Accepts an invitation; only the owner of the invited address may.
pub async fn accept(app: &App, actor: &Actor, token: &str) -> Result<String> {
    let mut tx = app.db.begin().await?;
    let now = app.clock.now().as_millisecond();
    let invited = waiting::invited(&mut tx, &id::digest(token), now).await?.ok_or_else(gone)?;
    let mine = person::addresses(&mut tx, actor.person).await?;
    if !mine.iter().any(|a| a.key == invited.address_key) {
        return Err(Error::refused("invitation-other-address"));
    }
    let role = Role::parse(&invited.role).ok_or_else(gone)?;
    // whoever removes the one who has sent it comes before or after
    confirmation::hold(&mut tx, invited.organization.parse()?).await?;
    if !waiting::accept(&mut tx, &invited, now).await? {
        return Err(gone());
    }
    add_member(&mut tx, app, invited.organization.parse()?, actor.person, role, &actor.log_name()).await?;
    tx.commit().await?;
    Ok(invited.slug)
}

/// An invitation by the secret of its link, while it is open.
pub async fn invitation(app: &App, secret: &str) -> Result<InvitationOffer> {
    let mut conn = app.db.read().await?;
    let now = app.clock.now().as_millisecond();
    waiting::invited(&mut conn, &id::digest(secret), now).await?.ok_or_else(gone)
}

/// The answer to a link that opens nothing.
fn gone() -> Error {
    Error::refused("invitation-spent")
}
