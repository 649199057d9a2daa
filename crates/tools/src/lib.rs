//! Commands that need no server and no database, one file each: keys, signatures, JOSE, baking, the VC-API.
//!
//! | module | what |
//! |---|---|
//! | [`key`] | `cairn key`, and key pairs in files for those that sign |
//! | [`sign`] | `cairn sign`, `cairn derive`: Data Integrity proofs |
//! | [`jose`] | `cairn jose`: JWS, SD-JWT, COSE |
//! | [`bake`] | `cairn bake`, `cairn unbake`: badges in pictures |
//! | [`vc_api`] | `cairn vc-api`: the W3C VC-API for conformance suites |
//! | [`files`], [`terminal`] | reading, writing, and what a terminal may be shown |
//!
//! Time and chance are handed in as a [`Machine`], and so is the network.

pub mod bake;
pub mod files;
pub mod jose;
pub mod key;
mod key_binding;
pub mod machine;
pub mod sign;
pub mod terminal;
pub mod vc_api;

pub use machine::Machine;
