//! The cellar beneath the rooms: database, jobs, mail, web. Never imports a feature.

pub mod art;
pub mod blob;
pub mod clock;
pub mod config;
pub mod db;
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
pub mod network;
pub mod outbound;
pub mod picture;
pub mod query;
pub mod rate_limit;
pub mod search;
pub mod web;
