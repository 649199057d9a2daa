//! Earning: the desk, an enrolment and each of its requirements.

pub mod api;
mod desk;
mod page;
pub mod tree;

use crate::http::scope::{CREDENTIALS_READ, SUBMISSIONS_WRITE};
use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let (own, earn) = (Allow::Scope(CREDENTIALS_READ), Allow::Scope(SUBMISSIONS_WRITE));
    Routes::new(app)
        .get("/desk", Allow::SignedIn, desk::show)
        .post("/catalog/{key}/enrollments", Allow::SignedIn, page::enroll)
        .get("/enrollments/{id}", Allow::SignedIn, page::overview)
        .post("/enrollments/{id}/withdrawal", Allow::SignedIn, page::withdraw)
        .get("/enrollments/{id}/requirements/{leaf}", Allow::SignedIn, page::requirement)
        .post("/enrollments/{id}/requirements/{leaf}/reading", Allow::SignedIn, page::read)
        .post_long("/enrollments/{id}/requirements/{leaf}/attempts", Allow::SignedIn, page::attempt)
        .post("/enrollments/{id}/requirements/{leaf}/badge", Allow::SignedIn, page::use_badge)
        .get("/api/v1/enrollments", own, api::list)
        .post("/api/v1/enrollments", earn, api::create)
        .get("/api/v1/enrollments/{id}", own, api::find)
        .post("/api/v1/enrollments/{id}/withdrawal", earn, api::withdraw)
        .post("/api/v1/enrollments/{id}/requirements/{leaf}/reading", earn, api::read)
        .post("/api/v1/enrollments/{id}/requirements/{leaf}/attempts", earn, api::attempt)
        .post("/api/v1/enrollments/{id}/requirements/{leaf}/badge", earn, api::use_badge)
}
