//! Organisations: founding, profile, members and invitations, conflicts, signing keys, audit log.

pub mod api;
mod compromise;
pub mod invitation_api;
pub mod key_api;
mod member;
mod page;

use crate::http::scope::{CREDENTIALS_MANAGE, ORGANIZATIONS_MANAGE, ORGANIZATIONS_READ};
use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let (look, keys) = (Allow::Scope(ORGANIZATIONS_READ), Allow::Scope(CREDENTIALS_MANAGE));
    let invite = Allow::Scope(ORGANIZATIONS_MANAGE);
    let manage = Allow::Member(Intent::ManageMembers);
    let owner = Allow::Member(Intent::ManageOrganization);
    let answerable = Allow::MemberOrOperator(Intent::ManageOrganization);
    Routes::new(app)
        .get("/organizations", Allow::SignedIn, page::list)
        .get("/organizations/new", Allow::SignedIn, page::new)
        .post("/organizations", Allow::SignedIn, page::found)
        .get("/organizations/{org}", Allow::AnyMember, page::show)
        .get("/organizations/{org}/profile", owner, page::profile)
        .post("/organizations/{org}/profile", owner, page::save_profile)
        .get("/organizations/{org}/members", manage, member::list)
        .post("/organizations/{org}/invitations", manage, member::invite)
        .post("/organizations/{org}/invitations/withdrawal", manage, member::withdraw_invitation)
        .post("/organizations/{org}/members/removal", manage, member::remove)
        .post("/organizations/{org}/conflicts", manage, member::declare)
        .post("/organizations/{org}/conflicts/removal", manage, member::withdraw)
        .get("/organizations/{org}/keys", answerable, page::keys)
        .post("/organizations/{org}/keys", owner, page::rotate)
        .get("/organizations/{org}/keys/{key}", answerable, compromise::show)
        .post("/organizations/{org}/keys/{key}/end", answerable, compromise::end)
        .get("/organizations/{org}/audit", Allow::Member(Intent::ReadAudit), page::audit)
        .get("/invitations/{token}", Allow::SignedIn, member::invitation)
        .post("/invitations/{token}", Allow::SignedIn, member::accept)
        .get("/api/v1/organizations", look, api::organizations)
        .get("/api/v1/organizations/{org}/events", look, api::events)
        .get("/api/v1/organizations/{org}/invitations", invite, invitation_api::list)
        .post("/api/v1/organizations/{org}/invitations", invite, invitation_api::invite)
        .post("/api/v1/organizations/{org}/invitations/{id}/withdrawal", invite, invitation_api::withdraw)
        .get("/api/v1/organizations/{org}/keys", keys, key_api::list)
        .post("/api/v1/organizations/{org}/keys/{key}/end", keys, key_api::end)
        .get("/api/v1/organizations/{org}/keys/{key}/credentials", keys, key_api::touched)
}
