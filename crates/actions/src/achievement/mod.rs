//! Defining: drafts, their editor, versions, badge pictures.

pub mod draft;
pub mod privacy;
pub mod publish;
pub mod store;

pub use draft::{Editing, create, save};
pub use publish::{discard, publish, restore, retire};
