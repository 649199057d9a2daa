//! Vectors of the specifications and of other implementations, read from `../shared/vectors`, and what
//! this crate must do as a whole.

mod baking;
mod builders;
mod canonical;
mod contexts;
mod corpus;
mod cose;
mod data_model;
mod differential;
mod endorsements;
mod foreign;
mod fuzzing;
mod jws;
mod learning_model;
mod legacy;
mod origin;
mod plain;
mod presentations;
mod receipts;
mod records;
mod rewriting;
mod rsa;
mod sample;
mod schemas;
mod sd_jwt;
mod secured;
mod selective;
mod selective_tampering;
mod shared;
mod suites;
mod tampering;
mod vc_jose_cose;
mod verdicts;
mod verification;
mod version_2;
mod wallets;
