//! The cellar of the house: what every subject stands on, and knows none of them.
//!
//! | module | what |
//! |---|---|
//! | [`db`], [`query`], [`migrate`] | the database, SQLite or PostgreSQL, and its schema |
//! | [`job`], [`schedule`] | later work, and work that comes round by itself |
//! | [`event`] | the audit log |
//! | [`mail`], [`text`] | letters, and words in the reader's language |
//! | [`blob`], [`blob_use`], [`sweep`] | uploads, who uses them, and what nobody uses |
//! | [`picture`], [`markdown`], [`heavy`] | what strangers sent, read within a budget |
//! | [`outbound`], [`dns`], [`network`], [`client`] | the outside world |
//! | [`limit`], [`rate_limit`] | how often something may happen |
//! | [`setting`] | values that the instance remembers |
//! | [`search`] | full text |
//! | [`privacy`] | how a column is classified, and for how long rows are kept |
//! | [`key_store`], [`private`] | secrets |
//! | [`clock`], [`id`], [`config`], [`error`] | time, chance, settings, what goes wrong |

pub mod blob;
pub mod blob_use;
pub mod client;
pub mod clock;
pub mod config;
pub mod db;
pub mod dns;
pub mod error;
pub mod event;
pub mod heavy;
pub mod id;
pub mod job;
pub mod key_store;
pub mod limit;
pub mod mail;
pub mod markdown;
pub mod migrate;
pub mod network;
mod open;
pub mod outbound;
pub mod picture;
pub mod picture_fault;
mod platform;
pub mod privacy;
pub mod private;
pub mod query;
pub mod rate_limit;
pub mod schedule;
pub mod search;
pub mod setting;
mod svg;
mod svg_budget;
pub mod sweep;
pub mod text;

pub use error::{Error, Result};
pub use open::open;
pub use platform::{Parts, Platform};
