//! Finding: the front page, the catalogue with its facets, the page of a
//! micro-credential, comparison side by side, and the same for programs.

pub mod entry;
pub mod filter;
mod find;
pub mod privacy;
mod store;

pub(crate) use entry::{Offer, offer, withdraw};
pub use find::{Cube, ResultPage, cube, fields, find, holders, newest};
