//! Awarding directly, by programs.

pub mod api;

use crate::http::scope::CREDENTIALS_ISSUE;
use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Largest call that awards in bulk.
const MOST_AWARDS: usize = 4 * 1024 * 1024;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let awards = "/api/v1/organizations/{org}/awards";
    Routes::new(app).post_up_to(MOST_AWARDS, awards, Allow::Scope(CREDENTIALS_ISSUE), api::create)
}
