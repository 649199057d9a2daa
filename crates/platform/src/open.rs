//! Opens the house: folder, database, keys, the ways out.

use crate::blob::Blobs;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, Db};
use crate::heavy::Heavy;
use crate::key_store::KeyStore;
use crate::mail::Mailer;
use crate::migrate::{self, Migration};
use crate::network::Network;
use crate::outbound::Outbound;
use crate::platform::{Parts, Platform};
use crate::{dns, event, private};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;

/// Opens (and where needed makes) everything that the settings name, and
/// brings the database to the newest of these migrations.
pub async fn open(config: Config, clock: Clock, migrations: &'static [Migration]) -> Result<Platform> {
    private::folder(&config.data)?;
    let file = db::file_of(&config.database_url());
    if let Some(file) = &file {
        private::file(file).with_context(|| format!("making {}", file.display()))?;
    }
    close_to_others(&config, file.as_deref());
    let db = Db::open(&config.database_url()).await?;
    let keys = KeyStore::open(&config)?;
    migrate::migrate(&db, &keys, migrations).await?;
    event::seal::old_chains(&db, &keys, &config.data, clock.now()).await?;
    let platform = Platform(Arc::new(Parts {
        blobs: Blobs::open(config.data.join("blobs"))?,
        keys,
        mailer: Mailer::open(&config)?,
        outbound: Outbound::open(&config)?,
        proxies: Network::all(&config.trusted_proxies).context("reading trusted_proxies")?,
        names: dns::Names::open(&config.nameserver)?,
        bell: Notify::new(),
        hashing: tokio::sync::Semaphore::new(2),
        heavy: Heavy::default(),
        db,
        clock,
        config,
    }));
    event::head::record_note(&platform).await?;
    Ok(platform)
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
