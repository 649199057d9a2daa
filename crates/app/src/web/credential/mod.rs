//! Badges: the public page and its other forms, the holder's list, the organisation's list, corrections, issuers.

mod correction_page;
mod manage;
mod page;

pub use page::send_file;

use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/c/{id}", Allow::Anyone, page::show)
        .get("/c/{id}/evidence/{evidence}", Allow::Anyone, page::evidence)
        .post("/c/{id}/sharing", Allow::SignedIn, page::share)
        .post("/c/{id}/status", Allow::SignedIn, page::change)
        .get("/c/{id}/correction", Allow::SignedIn, correction_page::show)
        .post("/c/{id}/correction", Allow::SignedIn, correction_page::correct)
        .post("/c/{id}/award", Allow::SignedIn, page::award_again)
        .get("/badges", Allow::SignedIn, page::mine)
        .get("/status/{list}", Allow::Anyone, page::status_list)
        .get("/issuers/{slug}", Allow::Anyone, page::issuer)
        .get("/issuers/{slug}/did.json", Allow::Anyone, page::did)
        .get("/organizations/{org}/credentials", Allow::Member(Intent::SeeCredentials), manage::list)
}
