//! The cellar beneath the rooms: database, jobs, mail, web. Never imports a feature.

pub mod art;
pub mod blob;
pub mod blob_use;
pub mod clock;
pub mod config;
pub mod db;
pub mod dns;
pub mod error;
pub mod event;
pub mod heavy;
pub mod i18n;
pub mod id;
pub mod job;
pub mod key_store;
pub mod limit;
#[cfg(test)]
pub mod linear;
pub mod mail;
pub mod migrate;
mod migration_step;
pub mod network;
pub mod outbound;
pub mod picture;
pub mod privacy;
pub mod private;
pub mod query;
pub mod rate_limit;
pub mod schedule;
pub mod search;
mod svg;
mod svg_budget;
pub mod sweep;
pub mod web;
