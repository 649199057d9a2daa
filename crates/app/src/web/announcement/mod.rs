//! What organisations tell their learners: written here, read here and on the desk, the same as JSON.

pub mod api;
mod page;
mod reader;

use crate::http::scope::{CREDENTIALS_READ, ORGANIZATIONS_MANAGE};
use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let member = Allow::Member(Intent::Announce);
    let manage = Allow::Scope(ORGANIZATIONS_MANAGE);
    Routes::new(app)
        .get("/organizations/{org}/announcements", member, page::list)
        .post("/organizations/{org}/announcements", member, page::make)
        .post("/organizations/{org}/announcements/{id}/withdrawal", member, page::withdraw)
        .get("/announcements", Allow::SignedIn, reader::show)
        .post("/announcements/read", Allow::SignedIn, reader::mark_read)
        .post("/announcements/letters", Allow::SignedIn, reader::choose)
        .get("/announcements/letters/{token}", Allow::Anyone, reader::way_out)
        .post("/announcements/letters/{token}", Allow::Anyone, reader::stop)
        .get("/api/v1/announcements", Allow::Scope(CREDENTIALS_READ), api::news)
        .post("/api/v1/announcements/letters/{token}", Allow::Program, api::stop)
        .get("/api/v1/organizations/{org}/announcements", manage, api::list)
        .post("/api/v1/organizations/{org}/announcements", manage, api::make)
        .post("/api/v1/organizations/{org}/announcements/{id}/withdrawal", manage, api::withdraw)
}
