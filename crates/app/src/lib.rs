//! Cairn: define, earn, review, issue, show and check micro-credentials.

pub mod command;
pub mod feature;
pub mod platform;
pub mod seed;

use crate::platform::blob::Blobs;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::heavy::Heavy;
use crate::platform::key_store::KeyStore;
use crate::platform::mail::Mailer;
use crate::platform::network::Network;
use crate::platform::outbound::Outbound;
use crate::platform::private;
use anyhow::{Context as _, Result};
use axum::Router;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// Everything an action needs; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
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
    pub names: platform::dns::Names,
    /// Rings when there is work for the job runners.
    pub bell: Notify,
    /// Passwords are hashed a few at a time: each takes 19 MiB.
    pub hashing: tokio::sync::Semaphore,
    /// Places for work that takes long.
    pub heavy: Heavy,
    /// Signed documents and opened keys that are used again and again.
    pub cache: feature::credential::Cache,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens (and where needed makes) everything that the settings name, and
    /// brings the database to the newest schema.
    pub async fn open(config: Config, clock: Clock) -> Result<Self> {
        private::folder(&config.data)?;
        let file = platform::db::file_of(&config.database_url());
        if let Some(file) = &file {
            private::file(file).with_context(|| format!("making {}", file.display()))?;
        }
        close_to_others(&config, file.as_deref());
        let db = Db::open(&config.database_url()).await?;
        let keys = KeyStore::open(&config)?;
        platform::migrate::migrate(&db, &keys).await?;
        platform::event::seal::old_chains(&db, &keys, clock.now()).await?;
        let app = Self(Arc::new(Parts {
            blobs: Blobs::open(config.data.join("blobs"))?,
            keys,
            mailer: Mailer::open(&config)?,
            outbound: Outbound::open(&config)?,
            proxies: Network::all(&config.trusted_proxies).context("reading trusted_proxies")?,
            names: platform::dns::Names::open(&config.nameserver)?,
            bell: Notify::new(),
            hashing: tokio::sync::Semaphore::new(2),
            heavy: Heavy::default(),
            cache: feature::credential::Cache::default(),
            db,
            clock,
            config,
        }));
        platform::event::head::record_note(&app).await?;
        feature::account::upgrade(&app).await?;
        Ok(app)
    }

    /// Takes a clone apart to change some part of it, such as the clock; for the
    /// demo's seeding and for tests.
    pub async fn reopen(&self, config: Config, clock: Clock) -> Result<Self> {
        Self::open(config, clock).await
    }
}

/// Mends what others could read; that it cannot be mended keeps nobody from working.
fn close_to_others(config: &Config, database: Option<&Path>) {
    let open = private::open_to_others(&config.data, database);
    if open.is_empty() {
        return;
    }
    let failed = private::close(&open);
    tracing::warn!(
        "Closed {} files and folders in {} that other users of this machine could read",
        open.len() - failed.len(),
        config.data.display()
    );
    if let Some((path, error)) = failed.first() {
        tracing::warn!("{} and {} more stay open to others: {error}", path.display(), failed.len() - 1);
    }
}

/// All pages, documents and the API.
pub fn router(app: App) -> Router {
    let (router, _) = feature::routes(&app).split();
    platform::web::layers(router, app)
}
