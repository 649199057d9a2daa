//! All tests of the program through HTTP, in one binary; they run on SQLite, and
//! on PostgreSQL when `CAIRN_TEST_POSTGRES` names a server (`cargo xtask test`).

mod harness;

mod account;
mod accounts;
mod achievement;
mod addresses_told;
mod announcement;
mod api;
mod api_story;
mod awarding;
mod backup;
mod bytes;
mod catalog;
mod chain;
mod checking;
mod correction;
mod doors;
mod floor;
mod forms;
mod harness_holds;
mod invariants;
mod issuer;
mod issuer_domain;
mod key_compromise;
mod limits;
mod names;
mod old_store;
mod operator;
mod pictures;
mod privacy;
mod records;
mod roster;
mod roster_story;
mod routes;
mod second_thoughts;
mod secrets;
mod status_lists;
mod steps;
mod story;
mod structure;
mod texts;
mod tools;
mod tools_verify;
mod uploads;
mod vc_api;
