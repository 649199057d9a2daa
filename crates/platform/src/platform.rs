//! Everything that subjects stand on, in one value.

use crate::blob::Blobs;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::dns::Names;
use crate::heavy::Heavy;
use crate::key_store::KeyStore;
use crate::mail::Mailer;
use crate::network::Network;
use crate::outbound::Outbound;
use std::sync::Arc;
use tokio::sync::Notify;

/// Everything that subjects stand on; cheap to clone.
#[derive(Clone)]
pub struct Platform(pub(crate) Arc<Parts>);

/// What a [`Platform`] is made of.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// Database.
    pub db: Db,
    /// Uploads and pictures.
    pub blobs: Blobs,
    /// Time.
    pub clock: Clock,
    /// Seals signing keys, makes form tokens.
    pub keys: KeyStore,
    /// Sends letters.
    pub mailer: Mailer,
    /// Fetches documents.
    pub outbound: Outbound,
    /// Our own proxies, whose header is believed.
    pub proxies: Vec<Network>,
    /// Asks for records that prove domains.
    pub names: Names,
    /// Rings when there is work for the job runners.
    pub bell: Notify,
    /// Passwords are hashed a few at a time: each takes 19 MiB.
    pub hashing: tokio::sync::Semaphore,
    /// Places for work that takes long.
    pub heavy: Heavy,
}

impl std::ops::Deref for Platform {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
