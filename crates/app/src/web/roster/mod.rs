//! Awarding many at once: the list with the upload, the preview, the progress; the same as JSON.

pub mod api;
mod page;

use crate::http::{Allow, Routes};
use cairn_actions::App;
use cairn_domain::permission::Intent;

/// A little more than the file, whose own limit is told in words.
const MOST_FORM: usize = cairn_actions::roster::csv::MOST_BYTES as usize + 1_048_576;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let awarder = Allow::Member(Intent::Award);
    let program = Allow::Scope("credentials:issue");
    Routes::new(app)
        .get("/organizations/{org}/rosters", awarder, page::list)
        .post_up_to(MOST_FORM, "/organizations/{org}/rosters", awarder, page::upload)
        .get("/organizations/{org}/rosters/template.csv", awarder, page::template)
        .get("/organizations/{org}/rosters/{id}", awarder, page::show)
        .get("/organizations/{org}/rosters/{id}/problems.csv", awarder, page::problems)
        .get("/organizations/{org}/rosters/{id}/progress", awarder, page::progress)
        .post("/organizations/{org}/rosters/{id}/start", awarder, page::start)
        .post("/organizations/{org}/rosters/{id}/copy", awarder, page::copy)
        .post("/organizations/{org}/rosters/{id}/removal", awarder, page::remove)
        .post_up_to(MOST_FORM, "/api/v1/organizations/{org}/rosters", program, api::upload)
        .get("/api/v1/organizations/{org}/rosters/{id}", program, api::show)
        .post("/api/v1/organizations/{org}/rosters/{id}/start", program, api::start)
}
