//! The KV engine of tests and throw-away nodes: everything is gone with the process.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError, Weak},
};

use selvedge::{
    Result,
    host::BoxFuture,
    store::kv::{KvEntry, KvHead, KvPage, KvQuery, KvWrite},
};
use selvedge_model::{id::StoreId, key::KvKey};

use super::{
    Change, Closing, KvEngine, KvFound, Progress, Watch,
    closed::Closed,
    page::Window,
    rule::{apply, is_live, may_delete},
    under_way::UnderWay,
    watch::Watchers,
};

mod items;

use self::items::Items;

/// KV stores in memory.
#[derive(Debug)]
pub struct MemoryKv {
    state: Mutex<State>,
    watchers: Watchers,
    closed: Closed,
    under_way: UnderWay,
    being_read: UnderWay,
}

#[derive(Debug, Default)]
struct State {
    stores: BTreeMap<StoreId, Items>,
    last_generation: u64,
}

impl MemoryKv {
    /// No stores yet; a store is there once something is written to it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Mutex::default(),
            watchers: Watchers::default(),
            closed: Closed::default(),
            under_way: UnderWay::to_stores(),
            being_read: UnderWay::from_stores(),
        }
    }

    /// A panic elsewhere cannot leave an item half written, so a poisoned lock is still good.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryKv {
    fn default() -> Self {
        Self::new()
    }
}

impl KvEngine for MemoryKv {
    /// It is in memory already, whoever reads it.
    fn find<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvFound>>> {
        Box::pin(
            async move { Ok(self.state().live(store, key, now_ms).cloned().map(KvFound::from)) },
        )
    }

    fn head<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvHead>>> {
        Box::pin(async move {
            Ok(self.state().live(store, key, now_ms).map(|entry| entry.head.clone()))
        })
    }

    fn put_many<'a>(
        &'a self,
        store: &'a StoreId,
        mut writes: Vec<(KvKey, KvWrite)>,
        now_ms: u64,
    ) -> BoxFuture<'a, Vec<Result<u64>>> {
        Box::pin(async move {
            self.under_way.fill(&mut writes).await;
            let keys: Vec<_> = writes.iter().map(|(key, _)| key.clone()).collect();
            let mut state = self.state();
            let put = |(key, write)| {
                self.closed.check(store)?;
                state.put(store, &key, write, now_ms)
            };
            let results = writes.into_iter().map(put).collect();
            drop(state);
            for key in &keys {
                self.watchers.tell(Change::Item { store, key, now_ms });
            }
            results
        })
    }

    fn delete<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let found = self.state().delete(store, key, if_generation, now_ms);
            self.watchers.tell(Change::Item { store, key, now_ms });
            found
        })
    }

    fn list<'a>(
        &'a self,
        store: &'a StoreId,
        query: KvQuery,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<KvPage>> {
        Box::pin(async move { self.state().list(store, query, now_ms) })
    }

    fn count<'a>(
        &'a self,
        store: &'a StoreId,
        at_most: usize,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<usize>> {
        Box::pin(async move { Ok(self.state().count(store, at_most, now_ms)) })
    }

    fn close<'a>(&'a self, store: &'a StoreId, now_ms: u64) -> BoxFuture<'a, Result<Closing>> {
        Box::pin(async move {
            let state = self.state();
            if state.count(store, 1, now_ms) > 0 {
                return Ok(Closing::NotEmpty);
            }
            self.closed.close(store);
            Ok(Closing::Closed)
        })
    }

    fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    fn being_read(&self) -> &UnderWay {
        &self.being_read
    }

    fn reopen(&self, store: &StoreId) {
        self.closed.reopen(store);
    }

    fn next_store<'a>(
        &'a self,
        after: Option<&'a StoreId>,
    ) -> BoxFuture<'a, Result<Option<StoreId>>> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        Box::pin(async move {
            let state = self.state();
            let mut stores = state.stores.range::<StoreId, _>((from, Bound::Unbounded));
            let found = stores.find(|(_, items)| !items.by_key.is_empty());
            Ok(found.map(|(store, _)| store.clone()))
        })
    }

    fn drop_some<'a>(&'a self, store: &'a StoreId) -> BoxFuture<'a, Result<Progress>> {
        Box::pin(async move {
            self.state().stores.remove(store);
            self.watchers.tell(Change::Store { store });
            Ok(Progress::Done)
        })
    }

    fn sweep(&self, now_ms: u64) -> BoxFuture<'_, Result<Progress>> {
        Box::pin(async move {
            self.state().stores.values_mut().for_each(|items| items.sweep(now_ms));
            Ok(Progress::Done)
        })
    }

    fn watch(&self, watch: Weak<dyn Watch>) {
        self.watchers.add(watch);
    }
}

impl State {
    fn live(&self, store: &StoreId, key: &KvKey, now_ms: u64) -> Option<&KvEntry> {
        let entry = self.stores.get(store)?.by_key.get(key.as_str())?;
        is_live(&entry.head, now_ms).then_some(entry)
    }

    fn put(&mut self, store: &StoreId, key: &KvKey, write: KvWrite, now_ms: u64) -> Result<u64> {
        let items = self.stores.entry(store.clone()).or_default();
        items.sweep(now_ms);
        let current = items.by_key.get(key.as_str()).map(|entry| &entry.head);
        let (head, place) = apply(current, &write, self.last_generation, now_ms)?;
        self.last_generation = head.generation;
        items.write(key.as_str(), head, place, write.value);
        Ok(self.last_generation)
    }

    fn delete(
        &mut self,
        store: &StoreId,
        key: &KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> Result<bool> {
        let Some(items) = self.stores.get_mut(store) else { return Ok(false) };
        let current = items.by_key.get(key.as_str()).map(|entry| &entry.head);
        let found = may_delete(current, if_generation, now_ms)?;
        items.remove(key.as_str());
        Ok(found)
    }

    fn list(&self, store: &StoreId, query: KvQuery, now_ms: u64) -> Result<KvPage> {
        let window = Window::of(query)?;
        let Some(items) = self.stores.get(store) else { return Ok(window.empty()) };
        let live = items
            .by_key
            .range::<str, _>((window.start(), Bound::Unbounded))
            .filter(|(_, entry)| is_live(&entry.head, now_ms))
            .map(|(key, _)| Ok(key.clone()));
        window.page(live)
    }

    fn count(&self, store: &StoreId, at_most: usize, now_ms: u64) -> usize {
        let items = self.stores.get(store).into_iter().flat_map(|items| items.by_key.values());
        items.filter(|entry| is_live(&entry.head, now_ms)).take(at_most).count()
    }
}
