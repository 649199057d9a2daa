//! Defining: drafts, their editor, versions, badge pictures.

mod draft;
mod fields;
mod picture;
mod publish;
mod published;
mod recent;
mod store;

pub use draft::{Editing, create, save};
pub use picture::{Picture, picture};
pub use publish::{discard, publish, restore, retire};
pub use published::{Offered, Published, find_current, find_published, find_version, find_versions};

use crate::App;
use crate::platform::web::{Allow, Routes};

/// Routes of this feature.
pub fn routes(app: &App) -> Routes {
    Routes::new(app).get("/images/{file}", Allow::Anyone, picture::serve)
}
