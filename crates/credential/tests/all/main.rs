//! Vectors of the specifications and of other implementations, read from `../shared/vectors`, and what
//! this crate must do as a whole.

mod baking;
mod canonical;
mod cose;
mod data_model;
mod differential;
mod jws;
mod legacy;
mod rsa;
mod sample;
mod sd_jwt;
mod secured;
mod shared;
mod suites;
mod tampering;
mod vc_jose_cose;
mod verification;
