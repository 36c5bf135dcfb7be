//! The durable KV engine: one redb file for all KV stores of a node.
//!
//! A write is acknowledged after the commit that holds it has been synced, so it survives a crash
//! of the process and of the machine. All writes go through one thread, which commits those that
//! are waiting together: the cost of a sync is shared, and conditions are checked in order. Reads
//! go through a few threads of their own, each with a snapshot, and wait for no write. Neither
//! ever runs on a reactor, where one slow disk access would stall every connection of a core.
//!
//! After an I/O error the file is opened again at once: reads go on, and writes as soon as the disk
//! takes them. What was being written then is refused, by [`Refusal::StoreFull`] where there was no
//! room; nothing acknowledged is lost.
//!
//! A file that is not large is read through at start (`open`), as redb trusts its own pages.

use std::{
    path::Path,
    sync::{Arc, Weak},
};

use selvedge::{
    Result,
    host::BoxFuture,
    store::kv::{KvHead, KvPage, KvQuery, KvWrite},
};
use selvedge_model::{id::StoreId, key::KvKey};

use super::{
    Closing, KvEngine, KvFound, KvSource, Progress, UnderWay, Watch, closed::Closed, page::Window,
    watch::Watchers,
};

mod fault;
mod open;
mod schema;

mod parts;
mod tables;

mod held;

mod file;
mod job;
mod waiting;

mod readers;

mod parting;
mod snapshot;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use self::open::DAMAGED;
pub use self::open::OpenError;
use self::{
    held::Held,
    job::Act,
    open::{Access, Opener},
    snapshot::Found,
};

/// KV stores in a file.
///
/// Dropping it finishes the writes that are waiting, ends its threads and closes the file; this
/// blocks for as long as that takes.
#[derive(Debug)]
pub struct DiskKv {
    readers: readers::Readers,
    writer: writer::Writer,
    watchers: Arc<Watchers>,
    closed: Arc<Closed>,
    under_way: UnderWay,
    being_read: UnderWay,
    /// What readers of large values keep from being written over.
    held: Arc<Held>,
}

impl DiskKv {
    /// Opens the file, or makes it; the folder must exist.
    ///
    /// # Errors
    /// Where another node has it open, where it is damaged, written by another version, or out of
    /// reach.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let owned = path.to_owned();
        Self::open_with(Box::new(move |access| open::database(&owned, access)), path)
    }

    /// Looks at a file, which must be there, and leaves it as it is, byte for byte: what is written is gone with the engine.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn look(path: &Path) -> Result<Self, OpenError> {
        let owned = path.to_owned();
        Self::open_with(Box::new(move |_| open::database(&owned, Access::ReadsOnly)), path)
    }

    /// Opens whatever this opens, now and whenever it has to be opened again.
    fn open_with(opener: Opener, path: &Path) -> Result<Self, OpenError> {
        let file = Arc::new(file::File::open(opener)?);
        Self::start(file).map_err(|cause| OpenError::io(path, cause))
    }

    /// How many commits have been synced since it was opened.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    fn start(file: Arc<file::File>) -> std::io::Result<Self> {
        let (watchers, held) = (Arc::new(Watchers::default()), file.held());
        let readers = readers::Readers::start(&file)?;
        let closed = Arc::new(Closed::default());
        let writer = writer::Writer::start(file, Arc::clone(&watchers), Arc::clone(&closed))?;
        let (under_way, being_read) = (UnderWay::to_stores(), UnderWay::from_stores());
        Ok(Self { readers, writer, watchers, closed, under_way, being_read, held })
    }
}

impl KvEngine for DiskKv {
    fn find<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvFound>>> {
        let (store, key, held) = (store.clone(), key.clone(), Arc::clone(&self.held));
        Box::pin(async move {
            let find = move |database: &_| snapshot::find(database, &store, &key, now_ms, &held);
            Ok(self.readers.run(find).await?.map(|found| match found {
                Found::Whole(entry) => KvFound::from(entry),
                Found::Parts(parting) => {
                    let head = parting.head.clone();
                    let parts = parting::parts(parting, self.readers.queue());
                    KvFound { head, value: KvSource::Parts(parts) }
                }
            }))
        })
    }

    fn head<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvHead>>> {
        let (store, key) = (store.clone(), key.clone());
        Box::pin(self.readers.run(move |database| snapshot::head(database, &store, &key, now_ms)))
    }

    fn put_many<'a>(
        &'a self,
        store: &'a StoreId,
        mut writes: Vec<(KvKey, KvWrite)>,
        now_ms: u64,
    ) -> BoxFuture<'a, Vec<Result<u64>>> {
        let count = writes.len();
        Box::pin(async move {
            self.under_way.fill(&mut writes).await;
            let act = |slot| Act::Put(store.clone(), writes, slot);
            match self.writer.run(now_ms, act).await {
                Ok(results) => results,
                Err(fault) => (0..count).map(|_| Err(fault.clone().into())).collect(),
            }
        })
    }

    fn delete<'a>(
        &'a self,
        store: &'a StoreId,
        key: &'a KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<bool>> {
        let act = move |slot| Act::Delete(store.clone(), key.clone(), if_generation, slot);
        Box::pin(async move { self.writer.run(now_ms, act).await? })
    }

    fn list<'a>(
        &'a self,
        store: &'a StoreId,
        query: KvQuery,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<KvPage>> {
        let store = store.clone();
        Box::pin(async move {
            let window = Window::of(query)?;
            self.readers
                .run(move |database| snapshot::list(database, &store, &window, now_ms))
                .await
        })
    }

    fn count<'a>(
        &'a self,
        store: &'a StoreId,
        at_most: usize,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<usize>> {
        let store = store.clone();
        let count = move |database: &_| snapshot::count(database, &store, at_most, now_ms);
        Box::pin(self.readers.run(count))
    }

    fn close<'a>(&'a self, store: &'a StoreId, now_ms: u64) -> BoxFuture<'a, Result<Closing>> {
        let act = |slot| Act::Close(store.clone(), slot);
        Box::pin(async move { Ok(self.writer.run(now_ms, act).await?) })
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
        let after = after.cloned();
        Box::pin(self.readers.run(move |database| snapshot::next_store(database, after.as_ref())))
    }

    fn drop_some<'a>(&'a self, store: &'a StoreId) -> BoxFuture<'a, Result<Progress>> {
        let act = |slot| Act::Drop(store.clone(), slot);
        Box::pin(async move { Ok(self.writer.run(0, act).await?) })
    }

    fn sweep(&self, now_ms: u64) -> BoxFuture<'_, Result<Progress>> {
        Box::pin(async move { Ok(self.writer.run(now_ms, Act::Sweep).await?) })
    }

    fn watch(&self, watch: Weak<dyn Watch>) {
        self.watchers.add(watch);
    }
}
