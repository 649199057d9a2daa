//! Contexts, compiled once into immutable term tables and kept for the next document.
//!
//! A table never changes. What follows from it (the table inside a node of some type, or below some
//! property) is worked out on first use and kept in the term's entry, up to a budget, so that hostile
//! documents cannot fill the memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock, RwLock};

use serde_json::Value;

use super::RdfError;
use super::context_builder::{Builder, Loading, Protection};
use super::contexts::Contexts;
use super::keyword::Keyword;
use super::literal::is_absolute_iri;
use super::term::{Definition, Mapping};

/// How many lists of context URLs are kept compiled.
const KEPT_LISTS: usize = 128;
/// How many contexts may be derived from one list and kept.
const KEPT_DERIVED: usize = 256;

type Table = HashMap<Arc<str>, Entry, foldhash::fast::RandomState>;

/// An active context: what every term means at some place of a document.
#[derive(Debug)]
pub(super) struct Context {
    id: u64,
    terms: Table,
    /// Terms that stand for keywords, such as `id` and `type`.
    aliases: Vec<(Arc<str>, Keyword)>,
    pub vocab: Option<Box<str>>,
    /// What relative references are relative to.
    pub base: Option<Box<str>>,
    pub language: Option<Box<str>>,
    pub direction: Option<Box<str>>,
    budget: Arc<AtomicUsize>,
}

/// A term of a context, with the contexts derived through it.
#[derive(Debug)]
pub(super) struct Entry {
    pub definition: Arc<Definition>,
    /// The term stands for a well-formed absolute IRI.
    pub clean: bool,
    scoped: Option<Box<ScopedChanges>>,
}

#[derive(Debug, Default)]
struct ScopedChanges {
    inside_type: OnceLock<(u64, Change)>,
    below_property: OnceLock<(u64, Change)>,
    below_property_reverted: OnceLock<(u64, Change)>,
}

/// Which scoped context of a term is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Of a term used as a type: does not reach into nested nodes.
    Type,
    /// Of a term used as a property; the parent's context is the base.
    Property,
    /// Likewise, but the base is what held before the parent's type-scoped context.
    PropertyReverted,
}

/// What processing a local context leads to.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub context: Arc<Context>,
    /// False: nested nodes fall back to what held before.
    pub propagate: bool,
    /// A `null` swept the earlier contexts away.
    pub cleared: bool,
    /// What it cost to work out (see [`Loading`]).
    cost: usize,
}

/// A change that is kept in a context, or made just now.
#[derive(Debug)]
pub(super) enum ChangeRef<'c> {
    Kept(&'c Change),
    Fresh(Change),
}

impl ChangeRef<'_> {
    pub(super) fn change(&self) -> &Change {
        match self {
            Self::Kept(change) => change,
            Self::Fresh(change) => change,
        }
    }
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
static INITIAL: LazyLock<Arc<Context>> =
    LazyLock::new(|| Arc::new(Context::freeze(Builder::default(), None)));

/// What lists of context URLs lead to, by the context before and the list. Each set of contexts has its
/// own, since a URL can stand for something else in another set.
#[derive(Debug, Default)]
pub(super) struct ChangeCache(RwLock<HashMap<(u64, String), Change>>);

/// The context of a document before any `@context`.
pub(super) fn initial() -> &'static Context {
    &INITIAL
}

impl Context {
    fn freeze(builder: Builder, budget: Option<Arc<AtomicUsize>>) -> Self {
        let mut aliases = Vec::new();
        let mut terms =
            Table::with_capacity_and_hasher(builder.terms.len(), foldhash::fast::RandomState::default());
        for (name, definition) in builder.terms {
            if let Mapping::Keyword(keyword) = definition.mapping {
                aliases.push((Arc::clone(&name), keyword));
            }
            let scoped = definition.context.is_some().then(Box::default);
            let clean = matches!(&definition.mapping, Mapping::Iri(iri) if is_absolute_iri(iri));
            terms.insert(name, Entry { definition, clean, scoped });
        }
        Self {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            terms,
            aliases,
            vocab: builder.vocab,
            base: builder.base,
            language: builder.language,
            direction: builder.direction,
            budget: budget.unwrap_or_else(|| Arc::new(AtomicUsize::new(KEPT_DERIVED))),
        }
    }

    pub(super) fn builder(&self) -> Builder {
        Builder {
            terms: self.terms.iter().map(|(k, v)| (Arc::clone(k), Arc::clone(&v.definition))).collect(),
            vocab: self.vocab.clone(),
            base: self.base.clone(),
            language: self.language.clone(),
            direction: self.direction.clone(),
        }
    }

    fn len(&self) -> usize {
        self.terms.len()
    }

    pub(super) fn get(&self, term: &str) -> Option<&Entry> {
        self.terms.get(term)
    }

    /// The keyword a member's name is or stands for.
    pub(super) fn keyword(&self, name: &str) -> Option<Keyword> {
        if name.starts_with('@') {
            return Keyword::parse(name);
        }
        self.aliases.iter().find(|(alias, _)| **alias == *name).map(|(_, keyword)| *keyword)
    }

    /// The context after a local context written in a document.
    pub(super) fn after(
        &self,
        local: &Value,
        contexts: &Contexts,
        left: &mut usize,
    ) -> Result<Change, RdfError> {
        let Some(key) = list_key(local) else {
            return self.process(local, true, Protection::Respected, None, contexts, left);
        };
        let key = (self.id, key);
        let compiled = &contexts.compiled().0;
        if let Some(change) = compiled.read().ok().and_then(|compiled| compiled.get(&key).cloned()) {
            // As much as if it were worked out again: the answer must not depend on what is kept.
            *left = left.checked_sub(change.cost).ok_or(RdfError::TooComplex)?;
            return Ok(change);
        }
        let change = self.process(local, true, Protection::Respected, None, contexts, left)?;
        if let Ok(mut compiled) = compiled.write() {
            if compiled.len() >= KEPT_LISTS {
                compiled.clear();
            }
            compiled.insert(key, change.clone());
        }
        Ok(change)
    }

    /// The context inside a node of this type, or below this property; `None` if the term has none.
    pub(super) fn scoped<'c>(
        &self,
        entry: &'c Entry,
        scope: Scope,
        contexts: &Contexts,
        left: &mut usize,
    ) -> Result<Option<ChangeRef<'c>>, RdfError> {
        let (Some(local), Some(kept)) = (&entry.definition.context, &entry.scoped) else { return Ok(None) };
        let slot = match scope {
            Scope::Type => &kept.inside_type,
            Scope::Property => &kept.below_property,
            Scope::PropertyReverted => &kept.below_property_reverted,
        };
        if let Some((base, change)) = slot.get()
            && *base == self.id
        {
            return Ok(Some(ChangeRef::Kept(change)));
        }
        let protection = if scope == Scope::Type { Protection::Respected } else { Protection::Overridden };
        let budget = Some(Arc::clone(&self.budget));
        let change = self.process(local, scope != Scope::Type, protection, budget, contexts, left)?;
        let spent =
            self.budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if spent.is_ok() {
            // Somebody else may have been first; theirs is as good.
            let _ = slot.set((self.id, change.clone()));
        }
        Ok(Some(ChangeRef::Fresh(change)))
    }

    fn process(
        &self,
        local: &Value,
        propagate: bool,
        protection: Protection,
        budget: Option<Arc<AtomicUsize>>,
        contexts: &Contexts,
        left: &mut usize,
    ) -> Result<Change, RdfError> {
        let mut loading = Loading::new(contexts, *left);
        loading.spend(self.len())?;
        let propagate = loading.propagates(local, propagate)?;
        let mut builder = self.builder();
        let cleared = builder.apply(local, protection, &mut loading)?;
        let cost = *left - loading.left();
        *left = loading.left();
        Ok(Change { context: Arc::new(Self::freeze(builder, budget)), propagate, cleared, cost })
    }
}

/// The key to keep a context under: only lists of URLs are worth keeping.
fn list_key(local: &Value) -> Option<String> {
    match local {
        Value::String(url) => Some(url.clone()),
        Value::Array(urls) => {
            let mut key = String::with_capacity(192);
            for url in urls {
                key.push_str(url.as_str()?);
                key.push('\n');
            }
            Some(key)
        }
        _ => None,
    }
}
