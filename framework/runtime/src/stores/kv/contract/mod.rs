//! The suite that every KV engine must pass: one call, [`check`], from each engine's tests.
//!
//! Cases share an engine and keep to stores of their own, so they also show that stores do not
//! see each other.

use std::{future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use selvedge::{
    Refusal, Result,
    store::kv::{InsertMode, KvEntry, KvHead, KvPage, KvQuery, KvWrite},
};
use selvedge_model::{
    id::StoreId,
    key::KvKey,
    name::{StoreKind, StoreName},
};

use super::{KvEngine, Progress};

mod concurrent;
mod batch;
mod limits;
mod listing;
mod reading;
mod removal;
mod writes;

pub(super) use reading::large;

/// When the suite happens; engines read no clock.
pub(super) const NOW: u64 = 1_750_000_000_000;

/// Runs every case.
pub(super) async fn check(engine: Arc<dyn KvEngine>) {
    writes::check(&engine).await;
    limits::check(&engine).await;
    listing::check(&engine).await;
    batch::check(&engine).await;
    removal::check(&engine).await;
    reading::check(&engine).await;
    concurrent::check(&engine).await;
}

/// One store of an engine, with the arguments that a case does not care about filled in.
#[derive(Clone)]
pub(super) struct Store {
    engine: Arc<dyn KvEngine>,
    id: StoreId,
    now_ms: u64,
}

impl Store {
    pub(super) fn new(engine: &Arc<dyn KvEngine>, name: &str) -> Self {
        Self { engine: Arc::clone(engine), id: store_id(name), now_ms: NOW }
    }

    /// The same store, so much later.
    pub(super) fn after(&self, time: Duration) -> Self {
        let ms = u64::try_from(time.as_millis()).unwrap();
        Self { now_ms: self.now_ms + ms, ..self.clone() }
    }

    /// The same store, with a clock that shows this.
    pub(super) fn at(&self, now_ms: u64) -> Self {
        Self { now_ms, ..self.clone() }
    }

    pub(super) async fn get(&self, key: &str) -> Option<KvEntry> {
        self.engine.get(&self.id, &kv_key(key), self.now_ms).await.unwrap()
    }

    pub(super) async fn value(&self, key: &str) -> Option<Bytes> {
        self.get(key).await.map(|entry| entry.value.into_bytes())
    }

    pub(super) async fn head(&self, key: &str) -> Option<KvHead> {
        self.engine.head(&self.id, &kv_key(key), self.now_ms).await.unwrap()
    }

    pub(super) async fn put_many(&self, writes: Vec<(&str, KvWrite)>) -> Vec<Result<u64>> {
        let writes = writes.into_iter().map(|(key, write)| (kv_key(key), write)).collect();
        self.engine.put_many(&self.id, writes, self.now_ms).await
    }

    pub(super) async fn count(&self, at_most: usize) -> usize {
        self.engine.count(&self.id, at_most, self.now_ms).await.unwrap()
    }

    pub(super) async fn put(&self, key: &str, write: KvWrite) -> Result<u64> {
        self.engine.put(&self.id, &kv_key(key), write, self.now_ms).await
    }

    pub(super) async fn delete(&self, key: &str, if_generation: Option<u64>) -> Result<bool> {
        self.engine.delete(&self.id, &kv_key(key), if_generation, self.now_ms).await
    }

    pub(super) async fn list(&self, query: KvQuery) -> Result<KvPage> {
        self.engine.list(&self.id, query, self.now_ms).await
    }
}

pub(super) fn store_name(text: &str) -> StoreName {
    StoreName::new(StoreKind::Kv, text).unwrap()
}

/// The id of the KV store of a name.
pub(super) fn store_id(text: &str) -> StoreId {
    StoreId::made_of(StoreKind::Kv, bits(text))
}

/// A number for a name, of which a test makes the id of a store.
pub(super) fn bits(text: &str) -> u128 {
    text.bytes().fold(0, |bits, byte| (bits << 8) | u128::from(byte))
}

pub(super) fn kv_key(text: &str) -> KvKey {
    KvKey::new(text).unwrap()
}

/// An overwrite with nothing special about it.
pub(super) fn write(value: impl Into<Bytes>) -> KvWrite {
    KvWrite { value: value.into().into(), ..KvWrite::default() }
}

fn with_mode(mode: InsertMode, value: &'static str) -> KvWrite {
    KvWrite { mode, ..write(value) }
}

fn if_generation(generation: u64, value: &'static str) -> KvWrite {
    KvWrite { if_generation: Some(generation), ..write(value) }
}

fn with_ttl(ttl: Duration, value: &'static str) -> KvWrite {
    KvWrite { ttl: Some(ttl), ..write(value) }
}

/// The refusal of something that must be refused.
#[track_caller]
fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    result.unwrap_err().refusal()
}

/// Runs a future on a thread of its own, so that cases race for real.
fn race<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> std::thread::JoinHandle<T> {
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    })
}
