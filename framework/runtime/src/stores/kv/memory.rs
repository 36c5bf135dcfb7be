//! The KV engine of tests and throw-away nodes: everything is gone with the process.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use selvedge::{
    Result,
    host::BoxFuture,
    store::kv::{KvEntry, KvPage, KvQuery, KvWrite},
};
use selvedge_model::{key::KvKey, name::StoreName};

use super::{
    KvEngine,
    page::Window,
    rule::{Stored, apply, may_delete},
};

/// KV stores in memory.
#[derive(Debug, Default)]
pub struct MemoryKv {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    stores: BTreeMap<StoreName, Items>,
    last_generation: u64,
}

/// The items of one store.
#[derive(Debug, Default)]
struct Items {
    by_key: BTreeMap<String, Stored>,
    /// Which items end when, so that expired ones do not pile up.
    by_expiry: BTreeSet<(u64, String)>,
}

impl MemoryKv {
    /// No stores yet; a store is there once something is written to it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere cannot leave an item half written, so a poisoned lock is still good.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KvEngine for MemoryKv {
    fn get<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>> {
        Box::pin(async move { Ok(self.state().get(store, key, now_ms)) })
    }

    fn put<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        write: KvWrite,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move { self.state().put(store, key, write, now_ms) })
    }

    fn delete<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move { self.state().delete(store, key, if_generation, now_ms) })
    }

    fn list<'a>(
        &'a self,
        store: &'a StoreName,
        query: KvQuery,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<KvPage>> {
        Box::pin(async move { self.state().list(store, query, now_ms) })
    }
}

impl State {
    fn get(&self, store: &StoreName, key: &KvKey, now_ms: u64) -> Option<KvEntry> {
        let stored = self.stores.get(store)?.by_key.get(key.as_str())?;
        stored.head.is_live(now_ms).then(|| stored.clone().into())
    }

    fn put(&mut self, store: &StoreName, key: &KvKey, write: KvWrite, now_ms: u64) -> Result<u64> {
        let items = self.stores.entry(store.clone()).or_default();
        items.sweep(now_ms);
        let current = items.by_key.get(key.as_str()).cloned();
        let stored = apply(current, write, self.last_generation, now_ms)?;
        self.last_generation = stored.head.generation;
        items.insert(key.as_str(), stored);
        Ok(self.last_generation)
    }

    fn delete(
        &mut self,
        store: &StoreName,
        key: &KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> Result<bool> {
        let Some(items) = self.stores.get_mut(store) else { return Ok(false) };
        let current = items.by_key.get(key.as_str()).map(|stored| &stored.head);
        let found = may_delete(current, if_generation, now_ms)?;
        items.remove(key.as_str());
        Ok(found)
    }

    fn list(&self, store: &StoreName, query: KvQuery, now_ms: u64) -> Result<KvPage> {
        let window = Window::of(query)?;
        let Some(items) = self.stores.get(store) else { return Ok(KvPage::default()) };
        let live = items
            .by_key
            .range::<str, _>((window.start(), Bound::Unbounded))
            .filter(|(_, stored)| stored.head.is_live(now_ms))
            .map(|(key, _)| Ok(key.clone()));
        window.page(live)
    }
}

impl Items {
    fn insert(&mut self, key: &str, stored: Stored) {
        self.remove(key);
        if let Some(at) = stored.head.expires_ms {
            self.by_expiry.insert((at, key.to_owned()));
        }
        self.by_key.insert(key.to_owned(), stored);
    }

    fn remove(&mut self, key: &str) {
        let expiry = self.by_key.remove(key).and_then(|stored| stored.head.expires_ms);
        if let Some(at) = expiry {
            self.by_expiry.remove(&(at, key.to_owned()));
        }
    }

    fn sweep(&mut self, now_ms: u64) {
        while let Some((at, key)) = self.by_expiry.pop_first() {
            if at > now_ms {
                self.by_expiry.insert((at, key));
                return;
            }
            self.by_key.remove(&key);
        }
    }
}
