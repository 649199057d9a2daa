//! Vectors of the specifications and of other implementations, read from `../shared/vectors`.

mod canonical;
mod shared;
mod suites;
