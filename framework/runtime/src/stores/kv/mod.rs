//! KV engines: where the items of KV stores lie.
//!
//! Rules of writing are in `rule`, rules of listing in `page`; an engine only keeps and finds
//! items, so that all engines agree. Two engines stand here: [`MemoryKv`] for tests and
//! throw-away nodes, [`DiskKv`] for everything that must survive. Both pass one contract suite.

use selvedge::{
    Error, Refusal, Result,
    host::BoxFuture,
    store::kv::{KvEntry, KvPage, KvQuery, KvWrite},
};
use selvedge_model::{
    id::StoreId,
    key::KvKey,
    name::{StoreKind, StoreName},
};

mod page;
mod rule;

mod disk;
mod memory;
mod seed;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod tests;

pub use self::{
    disk::{DiskKv, OpenError},
    memory::MemoryKv,
    seed::{check_seeds, seed},
};

/// The name under which an engine keeps the items of a store: its id, which does not change with the store's name.
///
/// # Errors
/// Never: an id keeps to the rules of names.
pub fn name_of(store: &StoreId) -> Result<StoreName> {
    StoreName::new(StoreKind::Kv, store.as_str())
        .map_err(|error| Error::new(Refusal::StoreFailed, error.to_string()))
}

/// Keeps the items of all KV stores of an account.
///
/// `now_ms` is the caller's clock, in milliseconds since the Unix epoch: an item whose time to
/// live is over at `now_ms` is absent for every operation. The semantics are those of platform.md
/// sections 2.2 and 2.3.
pub trait KvEngine: Send + Sync + 'static {
    /// Reads an item; `None` where there is none.
    fn get<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>>;

    /// Writes an item and returns its generation, which is greater than every earlier one of the
    /// engine. Whoever gets the answer may rely on the write as far as the engine goes: on disk,
    /// it is there after a crash.
    ///
    /// A caller that stops waiting does not undo its write.
    fn put<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        write: KvWrite,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<u64>>;

    /// Deletes an item; `false` where there was none, whatever generation was asked for. With a
    /// generation, another one present is [`PreconditionFailed`](selvedge::Refusal::PreconditionFailed).
    fn delete<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Lists keys in byte order, at most
    /// [`KV_LIST_MAX`](selvedge_model::limits::KV_LIST_MAX) a page.
    ///
    /// A key that exists throughout is listed exactly once, whatever is written between pages.
    fn list<'a>(
        &'a self,
        store: &'a StoreName,
        query: KvQuery,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<KvPage>>;
}
