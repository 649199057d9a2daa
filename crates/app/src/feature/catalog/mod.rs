//! Finding: the front page, the catalogue with its facets, the page of a
//! micro-credential, comparison side by side, and the same for programs.

pub mod api;
mod card;
mod compare;
mod entry;
mod filter;
mod front;
mod list;
pub mod privacy;
mod show;
mod store;

pub use entry::{Offer, changed, offer, withdraw};
pub use show::{Preview, preview};

use crate::App;
use crate::http::{Allow, Routes};

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    Routes::new(app)
        .get("/", Allow::Anyone, front::page)
        .get("/catalog", Allow::Anyone, list::page)
        .get("/catalog/compare", Allow::Anyone, compare::page)
        .get("/catalog/{key}", Allow::Anyone, show::page)
        .get("/api/v1/achievements", Allow::Program, api::list)
        .get("/api/v1/achievements/{key}", Allow::Program, api::find)
}
