//! Finding: the front page, the catalogue with its facets, the page of a
//! micro-credential, comparison side by side, and the same for programs.

pub mod entry;
pub mod filter;
pub mod privacy;
pub mod store;

pub use entry::{Offer, offer, withdraw};
