//! All tests of the program through HTTP, in one binary; they run on SQLite, and
//! on PostgreSQL when `CAIRN_TEST_POSTGRES` names a server (`cargo xtask test`).

mod harness;

mod achievement;
mod api;
mod backup;
mod catalog;
mod chain;
mod floor;
mod harness_holds;
mod invariants;
mod roster;
mod routes;
mod texts;
