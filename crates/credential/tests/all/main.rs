//! Vectors of the specifications and of other implementations, read from `../shared/vectors`, and what
//! this crate must do as a whole.

mod baking;
mod canonical;
mod contexts;
mod corpus;
mod data_model;
mod differential;
mod fuzzing;
mod jws;
mod legacy;
mod sample;
mod shared;
mod suites;
mod tampering;
mod verification;
