//! Vectors of the specifications and of other implementations, read from `../shared/vectors`, and what
//! this crate must do as a whole.

mod baking;
mod canonical;
mod data_model;
mod differential;
mod jws;
mod legacy;
mod receipts;
mod sample;
mod selective;
mod selective_tampering;
mod shared;
mod suites;
mod tampering;
mod verification;
mod version_2;
