//! Cairn: define, earn, review, issue, show and check micro-credentials.
//!
//! | module | what |
//! |---|---|
//! | [`feature`] | one folder for each thing that a person does |
//! | [`http`] | what all pages share: routes, sessions, forms, files |
//! | [`command`] | what can be typed after `cairn` |
//! | [`seed`] | plays the demo's world |
//! | [`words`], [`migration`], [`limit`] | the words, the schema, how often something may happen |

pub mod art;
pub mod command;
pub mod error;
pub mod feature;
pub mod http;
pub mod limit;
pub mod migration;
mod migration_step;
pub mod seed;
pub mod words;

use anyhow::Result;
use axum::Router;
use cairn_platform::Platform;
use cairn_platform::clock::Clock;
use cairn_platform::config::Config;
use cairn_platform::job::{Runner, Work};
use std::sync::Arc;

/// Everything an action needs; cheap to clone.
#[derive(Clone)]
pub struct App {
    platform: Platform,
    /// Signed documents and opened keys that are used again and again.
    pub cache: Arc<feature::credential::Cache>,
}

impl std::ops::Deref for App {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.platform
    }
}

impl Runner for App {
    fn works() -> impl Iterator<Item = &'static Work<Self>> + Send {
        feature::WORKS.iter()
    }
}

impl App {
    /// Opens (and where needed makes) everything that the settings name, and
    /// brings the database to the newest schema.
    pub async fn open(config: Config, clock: Clock) -> Result<Self> {
        words::install();
        let platform = cairn_platform::open(config, clock, migration::ALL).await?;
        let app = Self { platform, cache: Arc::default() };
        feature::account::upgrade(&app).await?;
        Ok(app)
    }

    /// Takes a clone apart to change some part of it, such as the clock; for the
    /// demo's seeding and for tests.
    pub async fn reopen(&self, config: Config, clock: Clock) -> Result<Self> {
        Self::open(config, clock).await
    }
}

/// All pages, documents and the API.
pub fn router(app: App) -> Router {
    let (router, lines) = feature::routes(&app).split();
    http::layers(router, app, lines)
}
