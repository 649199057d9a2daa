//! Defining: drafts, their editor, versions, badge pictures.

pub mod draft;
pub mod privacy;
pub mod publish;
pub mod published;
pub mod recent;
pub mod store;

pub use draft::{Editing, create, save};
pub use publish::{discard, publish, restore, retire};
pub use published::{Offered, Published, find_current, find_published, find_version, find_versions};
