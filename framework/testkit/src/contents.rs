//! Stores from outside, by their names in the manifest: what is in them before a test, and after it.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use selvedge::store::{
    kv::{KvQuery, KvWrite},
    secret::Secret,
};
use selvedge_account::{ConfigChange, ConfigOp, SecretMode};
use selvedge_model::{id::StoreId, key::KvKey, name::StoreKind};
use selvedge_runtime::{account::LiveAccount, stores::kv::KvEngine, world::World};

/// A KV store. A test fails where it is used as it cannot be.
pub struct KvContents {
    world: Arc<World>,
    store: StoreId,
}

impl KvContents {
    #[track_caller]
    pub(crate) fn new(world: Arc<World>, name: &str) -> Self {
        let store = find(&world.account, StoreKind::Kv, name);
        Self { world, store }
    }

    /// Writes a value, and returns its generation.
    ///
    /// # Panics
    /// Where the key or the value is refused.
    pub async fn put(&self, key: &str, value: impl Into<Bytes>) -> u64 {
        let write = KvWrite { value: value.into().into(), ..KvWrite::default() };
        must(self.engine().put(&self.store, &self.key(key), write, self.now_ms()).await)
    }

    /// Reads a value; `None` where there is none.
    ///
    /// # Panics
    /// Where the key is none.
    pub async fn get(&self, key: &str) -> Option<Bytes> {
        let found = must(self.engine().get(&self.store, &self.key(key), self.now_ms()).await);
        found.map(|entry| entry.value.into_bytes())
    }

    /// Reads a value as text; `None` where there is none.
    ///
    /// # Panics
    /// Where the key is none.
    pub async fn text(&self, key: &str) -> Option<String> {
        self.get(key).await.map(|value| String::from_utf8_lossy(&value).into_owned())
    }

    /// Deletes an item, and says whether there was one.
    ///
    /// # Panics
    /// Where the key is none.
    pub async fn delete(&self, key: &str) -> bool {
        must(self.engine().delete(&self.store, &self.key(key), None, self.now_ms()).await)
    }

    /// All keys, in byte order.
    pub async fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        let mut query = KvQuery::default();
        loop {
            let page = must(self.engine().list(&self.store, query, self.now_ms()).await);
            keys.extend(page.keys);
            match page.next_cursor {
                Some(cursor) => query = KvQuery { cursor: Some(cursor), ..KvQuery::default() },
                None => return keys,
            }
        }
    }

    fn engine(&self) -> &dyn KvEngine {
        self.world.kv.as_ref()
    }

    fn now_ms(&self) -> u64 {
        self.world.clock.now_ms()
    }

    fn key(&self, key: &str) -> KvKey {
        must(KvKey::new(key))
    }
}

/// A config store. A test fails where it is used as it cannot be.
pub struct ConfigContents {
    account: Arc<LiveAccount>,
    store: StoreId,
}

impl ConfigContents {
    #[track_caller]
    pub(crate) fn new(account: Arc<LiveAccount>, name: &str) -> Self {
        let store = find(&account, StoreKind::Config, name);
        Self { account, store }
    }

    /// Gives an item this value. Handlers see it at once.
    ///
    /// # Panics
    /// Where the key or the value is refused.
    pub async fn set(&self, key: &str, value: &str) {
        self.change(key, ConfigOp::Upsert(value.to_owned())).await;
    }

    /// Takes an item away.
    ///
    /// # Panics
    /// Where there is none.
    pub async fn remove(&self, key: &str) {
        self.change(key, ConfigOp::Delete).await;
    }

    /// Reads an item; `None` where there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        self.account.config(&self.store, key)
    }

    async fn change(&self, key: &str, op: ConfigOp) {
        let (store, change) = (self.store.as_str(), [ConfigChange { key: key.to_owned(), op }]);
        let changed =
            self.account.change(|account, fresh| account.change_config(store, &change, fresh));
        must(changed.await);
    }
}

/// A secret store. A test fails where it is used as it cannot be.
pub struct SecretContents {
    account: Arc<LiveAccount>,
    store: StoreId,
}

impl SecretContents {
    #[track_caller]
    pub(crate) fn new(account: Arc<LiveAccount>, name: &str) -> Self {
        let store = find(&account, StoreKind::Secret, name);
        Self { account, store }
    }

    /// Gives a secret this value. Handlers see it at once.
    ///
    /// # Panics
    /// Where the name is refused.
    pub async fn set(&self, name: &str, value: impl Into<Vec<u8>>) {
        let sealed = self.account.seal(&self.store, name, &Secret::new(value.into()));
        let (store, mode) = (self.store.as_str(), SecretMode::CreateOrRecreate);
        let changed = self.account.change(|account, fresh| {
            account.put_secret(store, name, mode, sealed, fresh).map(drop)
        });
        must(changed.await);
    }

    /// Takes a secret away.
    ///
    /// # Panics
    /// Where there is none.
    pub async fn remove(&self, name: &str) {
        let store = self.store.as_str();
        must(self.account.change(|account, _| account.delete_secret(store, name)).await);
    }

    /// Reads a secret; `None` where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Secret> {
        self.account.secret(&self.store, name)
    }
}

#[expect(clippy::panic, reason = "a test that names no store has failed")]
#[track_caller]
fn find(account: &LiveAccount, kind: StoreKind, name: &str) -> StoreId {
    let account = account.now();
    match account.store_named(kind, name) {
        Some(store) => store.id.clone(),
        None => {
            let names: Vec<&str> = account.stores(kind).map(|store| store.name.as_str()).collect();
            panic!("there is no {kind} `{name}`; there are `{}`", names.join("`, `"))
        }
    }
}

#[expect(clippy::panic, reason = "a test that asks a store for what it refuses has failed")]
fn must<T, E: fmt::Display>(done: Result<T, E>) -> T {
    match done {
        Ok(done) => done,
        Err(error) => panic!("{error}"),
    }
}
