//! What organisations offer: front page, search with facets, one micro-credential, a comparison; the same as JSON.

pub mod api;
mod card;
mod compare;
mod front;
mod list;
mod show;

pub use show::{Preview, preview};

use crate::http::{Allow, Routes};
use cairn_actions::App;

/// Routes of this subject.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/", Allow::Anyone, front::page)
        .get("/catalog", Allow::Anyone, list::page)
        .get("/catalog/compare", Allow::Anyone, compare::page)
        .get("/catalog/{key}", Allow::Anyone, show::page)
        .get("/api/v1/achievements", Allow::Program, api::list)
        .get("/api/v1/achievements/{key}", Allow::Program, api::find)
}
