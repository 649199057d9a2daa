//! Handing in: files, links and texts for a requirement, and appeals.

pub mod api;
mod hand_in;
mod page;

pub use hand_in::{Refused, hand_in_page};

use crate::http::route::MOST_LONG_FORM;
use crate::http::scope::SUBMISSIONS_WRITE;
use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Files of the largest size that one form may bring.
const MOST_FILES: usize = 10;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let earn = Allow::Scope(SUBMISSIONS_WRITE);
    // room for the form around a file of the largest size
    let one = usize::try_from(app.config.max_upload).unwrap_or(usize::MAX).saturating_add(MOST_LONG_FORM);
    let evidence = "/api/v1/enrollments/{id}/requirements/{leaf}/evidence";
    // several files of the largest size, and the form around them
    let files = usize::try_from(app.config.max_upload).unwrap_or(usize::MAX).saturating_mul(MOST_FILES);
    let form = files.saturating_add(MOST_LONG_FORM);
    Routes::new(app)
        .post_up_to(form, "/enrollments/{id}/requirements/{leaf}/evidence", Allow::SignedIn, page::add)
        .post("/submissions/{id}/evidence/{evidence}/removal", Allow::SignedIn, page::remove)
        .post("/submissions/{id}/handing-in", Allow::SignedIn, page::hand_in)
        .post("/submissions/{id}/appeal", Allow::SignedIn, page::appeal)
        .get("/evidence/{id}", Allow::SignedIn, page::file)
        .post_up_to(one, evidence, earn, api::add)
        .get("/api/v1/submissions/{id}", earn, api::find)
        .post("/api/v1/submissions/{id}/evidence/{evidence}/removal", earn, api::remove)
        .post("/api/v1/submissions/{id}/handing-in", earn, api::hand_in)
        .post("/api/v1/submissions/{id}/appeal", earn, api::appeal)
}
