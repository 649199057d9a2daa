//! What every action is handed.

use crate::cache::Cache;
use cairn_platform::Platform;
use std::sync::Arc;

/// Everything an action needs; cheap to clone.
#[derive(Clone)]
pub struct App {
    platform: Platform,
    /// Signed documents and opened keys that are used again and again.
    pub cache: Arc<Cache>,
}

impl std::ops::Deref for App {
    type Target = Platform;
    fn deref(&self) -> &Platform {
        &self.platform
    }
}

impl App {
    /// The platform, with what actions remember.
    pub(crate) fn new(platform: Platform) -> Self {
        Self { platform, cache: Arc::default() }
    }
}
