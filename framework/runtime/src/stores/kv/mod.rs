//! KV engines: where the items of KV stores lie.
//!
//! Rules of writing are in `rule`, rules of listing in `page`; an engine only keeps and finds
//! items, so that all engines agree. Two engines stand here: [`MemoryKv`] for tests and
//! throw-away nodes, [`DiskKv`] for everything that must survive. Both pass one contract suite.
//! Services read through [`PopKv`], which keeps what one POP has read.

use selvedge::{
    Error, Refusal, Result,
    host::BoxFuture,
    store::kv::{KvEntry, KvHead, KvPage, KvQuery, KvRoom, KvWrite},
};
use selvedge_model::{id::StoreId, key::KvKey};

mod closed;
mod cursor;
mod found;
mod page;
mod rule;
mod under_way;
mod watch;

mod disk;
mod memory;
mod orphans;
mod pop;
mod seed;
mod sweep;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod tests;

pub(crate) use self::disk::DAMAGED;
pub use self::{
    closed::Closing,
    disk::{DiskKv, OpenError},
    found::{KvFound, KvSource},
    memory::MemoryKv,
    orphans::{drop_items, drop_orphans},
    pop::{PopKv, View},
    seed::{check_seeds, seed},
    sweep::sweeping,
    under_way::UnderWay,
    watch::{Change, Watch},
};

/// Keeps the items of all KV stores of an account.
///
/// `now_ms` is the caller's clock, in milliseconds since the Unix epoch: an item whose time to
/// live is over at `now_ms` is absent for every operation. The semantics are those of platform.md
/// sections 2.2 and 2.3.
pub trait KvEngine: Send + Sync + 'static {
    /// Finds an item; `None` where there is none. A large value is read when it is asked for, and is the one that was found
    /// or ends in an error, whatever is written meanwhile.
    fn find<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvFound>>>;

    /// Reads an item whole, in no room but its own: for who reads one at a time.
    fn get<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>> {
        let found = self.find(store, key, now_ms);
        Box::pin(async move {
            match found.await? {
                Some(found) => found.into_entry(KvRoom::default()).await.map(Some),
                None => Ok(None),
            }
        })
    }

    /// Reads what is known of an item, without its value.
    fn head<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvHead>>>;

    /// Writes items in the order in which they stand, all in one commit, each seeing those before
    /// it. Each has its own result: its generation, which is greater than every earlier one of the
    /// engine, or why it was refused, which does not keep the others from being written. Whoever
    /// gets the answer may rely on the writes as far as the engine goes: on disk, they are there
    /// after a crash.
    ///
    /// A caller that stops waiting does not undo its writes.
    fn put_many<'a>(
        &'a self,
        store: &'a StoreId,
        writes: Vec<(KvKey, KvWrite)>,
        now_ms: u64,
    ) -> BoxFuture<'a, Vec<Result<u64>>>;

    /// Writes one item, as [`KvEngine::put_many`] does.
    fn put<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        write: KvWrite,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<u64>> {
        let written = self.put_many(store, vec![(key.clone(), write)], now_ms);
        let none = || Err(Error::new(Refusal::StoreFailed, "a write has no result"));
        Box::pin(async move { written.await.pop().unwrap_or_else(none) })
    }

    /// Deletes an item; `false` where there was none, whatever generation was asked for. With a
    /// generation, another one present is [`PreconditionFailed`](Refusal::PreconditionFailed).
    fn delete<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Lists keys in byte order, at most
    /// [`KV_LIST_MAX`](selvedge_model::limits::KV_LIST_MAX) a page.
    ///
    /// A key that exists throughout is listed exactly once, whatever is written between pages.
    /// Both modes are answered as strong ones are; the page echoes which one was asked for.
    fn list<'a>(
        &'a self,
        store: &'a StoreId,
        query: KvQuery,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<KvPage>>;

    /// How many items a store has; stops counting at `at_most`, so 1 asks whether it is empty.
    fn count<'a>(
        &'a self,
        store: &'a StoreId,
        at_most: usize,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<usize>>;

    /// Closes a store that has no items: a write that comes later is refused as
    /// [`StoreGone`](Refusal::StoreGone), and one that was acknowledged before is seen here. Lasts until
    /// [`reopen`](KvEngine::reopen) or the end of the process.
    fn close<'a>(&'a self, store: &'a StoreId, now_ms: u64) -> BoxFuture<'a, Result<Closing>>;

    /// How much may be on its way here at once. Who asks for room before a value is read gives it along with the write; a
    /// write without any waits for it here.
    fn under_way(&self) -> &UnderWay;

    /// How much of large values may be in memory at once that were read whole.
    fn being_read(&self) -> &UnderWay;

    /// Lets a store that was closed take writes again.
    fn reopen(&self, store: &StoreId);

    /// The first store behind this one, in the order of ids, that has items, expired or not.
    fn next_store<'a>(
        &'a self,
        after: Option<&'a StoreId>,
    ) -> BoxFuture<'a, Result<Option<StoreId>>>;

    /// Removes items of a store that is not linked any more, expired or not, a bounded number.
    /// What is written to it meanwhile may be removed or stay.
    fn drop_some<'a>(&'a self, store: &'a StoreId) -> BoxFuture<'a, Result<Progress>>;

    /// Removes items whose time to live is over, a bounded number. They are not served anyway.
    fn sweep(&self, now_ms: u64) -> BoxFuture<'_, Result<Progress>>;

    /// From now on tells somebody of every change, after it can be read and before its writer is
    /// answered, until they are gone.
    fn watch(&self, watch: std::sync::Weak<dyn Watch>);
}

/// Whether bounded work has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is nothing left to do.
    Done,
    /// Calling again goes on.
    More,
}
