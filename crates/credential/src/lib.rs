//! Open Badges 3.0 and W3C Verifiable Credentials, pure: no I/O, no clock, no randomness.
//!
//! Everything from outside (the time, keys, documents fetched from the web) is an argument. The usual
//! way through the crate: build an [`open_badge::OpenBadgeCredential`], sign its JSON with
//! [`proof::sign`], hide it in a picture with [`bake`], and verify any of these with [`check::check`].
#![deny(missing_docs)]

pub mod bake;
pub mod check;
pub mod did;
pub mod document;
pub mod jcs;
mod jiff_time;
pub mod jose;
pub mod key;
pub mod open_badge;
pub mod proof;
pub mod rdf;
pub mod status_list;
