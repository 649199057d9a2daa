//! Checking a badge that somebody has: the form, the report, the same as JSON.

pub mod api;
mod page;

pub use api::Answer;
pub use page::ReportView;

use crate::http::{Allow, Routes};
use cairn_actions::App;

/// The same with the form around it.
const MOST_FORM: usize = cairn_actions::verification::MOST_BYTES + 64 * 1024;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/verify", Allow::Anyone, page::form)
        .post_up_to(MOST_FORM, "/verify", Allow::Anyone, page::verify)
        .post_up_to(MOST_FORM, "/api/v1/verifications", Allow::Program, api::verify)
}
