//! Judging what was handed in: the queue and the workspace.

pub mod api;
mod page;

use crate::http::scope::REVIEWS_WRITE;
use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    let judge = Allow::Scope(REVIEWS_WRITE);
    Routes::new(app)
        .get("/reviews", Allow::SignedIn, page::queue)
        .get("/reviews/{id}", Allow::SignedIn, page::workspace)
        .post("/reviews/{id}/opening", Allow::SignedIn, page::open)
        .post_long("/reviews/{id}/draft", Allow::SignedIn, page::draft)
        .post_long("/reviews/{id}/decision", Allow::SignedIn, page::decide)
        .get("/api/v1/reviews", judge, api::queue)
        .get("/api/v1/reviews/{id}", judge, api::find)
        .get("/api/v1/reviews/{id}/evidence/{evidence}", judge, api::file)
        .post("/api/v1/reviews/{id}/opening", judge, api::open)
        .post_long("/api/v1/reviews/{id}/decision", judge, api::decide)
}
