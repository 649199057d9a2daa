//! A bounded store in the process for what is read often and never changes.

use cairn_value::id::VersionId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// The things of the last versions that were asked for. When it is full, the
/// one that was not asked for longest goes.
pub struct Recent<T> {
    most: usize,
    kept: Mutex<Entries<T>>,
}

struct Entries<T> {
    things: BTreeMap<VersionId, (u64, Arc<T>)>,
    asked: u64,
}

impl<T> Recent<T> {
    /// Holds at most so many.
    pub const fn new(most: usize) -> Self {
        Self { most, kept: Mutex::new(Entries { things: BTreeMap::new(), asked: 0 }) }
    }

    /// What is kept stays whole even when somebody panicked while holding it.
    fn locked(&self) -> MutexGuard<'_, Entries<T>> {
        match self.kept.lock() {
            Ok(kept) => kept,
            Err(poisoned) => poisoned.into_inner(),
        }
    }

    /// What is kept for a version.
    pub fn get(&self, version: VersionId) -> Option<Arc<T>> {
        let mut kept = self.locked();
        kept.asked += 1;
        let asked = kept.asked;
        let (last, thing) = kept.things.get_mut(&version)?;
        *last = asked;
        Some(thing.clone())
    }

    /// Keeps a thing, and gives it.
    pub fn put(&self, version: VersionId, thing: T) -> Arc<T> {
        let thing = Arc::new(thing);
        let mut kept = self.locked();
        if kept.things.len() >= self.most
            && let Some(oldest) = kept.things.iter().min_by_key(|(_, (last, _))| *last).map(|(v, _)| *v)
        {
            kept.things.remove(&oldest);
        }
        kept.asked += 1;
        let asked = kept.asked;
        kept.things.insert(version, (asked, thing.clone()));
        thing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thing_not_asked_for_longest_goes_first() {
        let ids: Vec<VersionId> =
            (0..3).map(|n| format!("00000000-0000-7000-8000-00000000000{n}").parse().unwrap()).collect();
        let recent = Recent::new(2);
        recent.put(ids[0], "a");
        recent.put(ids[1], "b");
        recent.get(ids[0]);
        recent.put(ids[2], "c");
        let there: Vec<_> = ids.iter().map(|id| recent.get(*id).map(|t| *t)).collect();
        assert_eq!(there, [Some("a"), None, Some("c")]);
    }
}
