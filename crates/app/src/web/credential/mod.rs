//! Badges: the public page and its other forms, the holder's list, the organisation's list, corrections, issuers.

pub mod api;
mod change;
mod correction_page;
mod manage;
mod mark;
mod page;

pub use page::send_file;

use crate::http::scope::{CREDENTIALS_MANAGE, CREDENTIALS_READ};
use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let (own, manage) = (Allow::Scope(CREDENTIALS_READ), Allow::Scope(CREDENTIALS_MANAGE));
    Routes::new(app)
        .get("/c/{id}", Allow::Anyone, page::show)
        .get("/c/{id}/evidence/{evidence}", Allow::Anyone, page::evidence)
        .post("/c/{id}/sharing", Allow::SignedIn, change::share)
        .post("/c/{id}/status", Allow::SignedIn, change::change)
        .get("/c/{id}/correction", Allow::SignedIn, correction_page::show)
        .post("/c/{id}/correction", Allow::SignedIn, correction_page::correct)
        .post("/c/{id}/award", Allow::SignedIn, change::award_again)
        .get("/badges", Allow::SignedIn, page::mine)
        .get("/status/{list}", Allow::Anyone, page::status_list)
        .get("/issuers/{slug}", Allow::Anyone, page::issuer)
        .get("/issuers/{slug}/did.json", Allow::Anyone, page::did)
        .get("/organizations/{org}/credentials", Allow::Member(Intent::SeeCredentials), manage::list)
        .get("/api/v1/organizations/{org}/credentials", own, api::of_organization)
        .get("/api/v1/credentials", own, api::mine)
        .get("/api/v1/credentials/{id}", Allow::Program, api::find)
        .post("/api/v1/credentials/{id}/status", manage, api::change)
        .post("/api/v1/credentials/{id}/correction", manage, api::correct)
        .post("/api/v1/credentials/{id}/sharing", manage, api::share)
}
