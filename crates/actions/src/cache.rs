//! What is used again and again: opened keys, prepared documents, signed status
//! lists, drawn pictures, reports. Everything in here can be made anew.

use cairn_credential::check::Report;
use cairn_credential::key::SigningKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most entries of each kind; when there are more, all of that kind go.
const MOST: usize = 512;

struct Shelf<T>(Mutex<HashMap<String, T>>);

// derived, it would ask that the things on the shelf have a default
impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Shelf<T> {
    fn get(&self, name: &str) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn keep(&self, name: &str, value: T) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.len() >= MOST {
            shelf.clear();
        }
        shelf.insert(name.to_owned(), value);
    }
}

/// A document that was signed when its source had this version.
#[derive(Clone)]
pub struct CacheEntry<T> {
    /// Version of the source.
    pub version: i64,
    /// Milliseconds UTC when it was made.
    pub made_at: i64,
    /// What was made.
    pub value: Arc<T>,
}

/// All shelves.
#[derive(Default)]
pub struct Cache {
    keys: Shelf<Arc<SigningKey>>,
    lists: Shelf<CacheEntry<String>>,
    reports: Shelf<CacheEntry<Report>>,
}

impl Cache {
    /// An opened key.
    pub fn key(&self, id: &str) -> Option<Arc<SigningKey>> {
        self.keys.get(id)
    }

    /// Keeps an opened key.
    pub fn keep_key(&self, id: &str, key: &Arc<SigningKey>) {
        self.keys.keep(id, key.clone());
    }

    /// A signed status list, when it is of this version and not older than `oldest`.
    pub fn list(&self, id: &str, version: i64, oldest: i64) -> Option<Arc<String>> {
        self.lists.get(id).filter(|l| l.version == version && l.made_at >= oldest).map(|l| l.value)
    }

    /// Keeps a signed status list.
    pub fn keep_list(&self, id: &str, version: i64, made_at: i64, document: Arc<String>) {
        self.lists.keep(id, CacheEntry { version, made_at, value: document });
    }

    /// A report on one of our own credentials.
    pub fn report(&self, id: &str, version: i64, oldest: i64) -> Option<Arc<Report>> {
        self.reports.get(id).filter(|r| r.version == version && r.made_at >= oldest).map(|r| r.value)
    }

    /// Forgets all reports: something that they were made from is another.
    pub fn forget_reports(&self) {
        self.reports.forget();
    }

    /// Keeps a report.
    pub fn keep_report(&self, id: &str, version: i64, made_at: i64, report: Arc<Report>) {
        self.reports.keep(id, CacheEntry { version, made_at, value: report });
    }
}
