//! Defining: drafts, their editor, versions, badge pictures.

mod difference;
mod draft;
mod fields;
mod form;
mod frame;
mod picture;
mod publish;
mod published;
mod recent;
mod section;
mod store;

pub use draft::{Editing, create, save};
pub use picture::{Picture, picture};
pub use publish::{discard, publish, restore, retire};
pub use published::{Offered, Published, find_current, find_published, find_version, find_versions};

use crate::App;
use crate::platform::web::{Allow, Routes};
use cairn_domain::permission::Intent;

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    let define = Allow::Member(Intent::Define);
    Routes::new(app)
        .get("/images/{file}", Allow::Anyone, picture::serve)
        .get("/organizations/{org}/achievements/{slug}/{section}", define, section::show)
        .post("/organizations/{org}/achievements/{slug}/{section}", define, section::save)
}
