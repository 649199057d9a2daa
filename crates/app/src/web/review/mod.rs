//! Judging what was handed in: the queue and the workspace.

mod page;

use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/reviews", Allow::SignedIn, page::queue)
        .get("/reviews/{id}", Allow::SignedIn, page::workspace)
        .post("/reviews/{id}/opening", Allow::SignedIn, page::open)
        .post_long("/reviews/{id}/draft", Allow::SignedIn, page::draft)
        .post_long("/reviews/{id}/decision", Allow::SignedIn, page::decide)
}
