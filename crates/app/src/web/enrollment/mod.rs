//! Earning: the desk, an enrolment and each of its requirements.

mod desk;
mod page;

use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/desk", Allow::SignedIn, desk::show)
        .post("/catalog/{key}/enrollments", Allow::SignedIn, page::enroll)
        .get("/enrollments/{id}", Allow::SignedIn, page::overview)
        .post("/enrollments/{id}/withdrawal", Allow::SignedIn, page::withdraw)
        .get("/enrollments/{id}/requirements/{leaf}", Allow::SignedIn, page::requirement)
        .post("/enrollments/{id}/requirements/{leaf}/reading", Allow::SignedIn, page::read)
        .post_long("/enrollments/{id}/requirements/{leaf}/attempts", Allow::SignedIn, page::attempt)
        .post("/enrollments/{id}/requirements/{leaf}/badge", Allow::SignedIn, page::use_badge)
}
