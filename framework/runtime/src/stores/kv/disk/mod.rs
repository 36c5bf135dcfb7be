//! The durable KV engine: one redb file for all KV stores of a node.
//!
//! A write is acknowledged after the commit that holds it has been synced, so it survives a crash
//! of the process and of the machine. All writes go through one thread, which commits those that
//! are waiting together: the cost of a sync is shared, and conditions are checked in order. Reads
//! go through a few threads of their own, each with a snapshot, and wait for no write. Neither
//! ever runs on a reactor, where one slow disk access would stall every connection of a core.
//!
//! After an I/O error or over a damaged page the file takes no writes until it is opened again;
//! they fail as `store failed`, and nothing acknowledged is lost.

use std::{path::Path, sync::Arc};

use redb::Database;
use selvedge::{
    Error, Refusal, Result,
    host::BoxFuture,
    store::kv::{KvEntry, KvPage, KvQuery, KvWrite},
};
use selvedge_model::{key::KvKey, name::StoreName};

use super::{KvEngine, page::Window};

mod open;
mod tables;

mod job;
mod readers;
mod snapshot;
mod writer;

#[cfg(test)]
mod tests;

pub use self::open::OpenError;

/// KV stores in a file.
///
/// Dropping it finishes the writes that are waiting, ends its threads and closes the file; this
/// blocks for as long as that takes.
#[derive(Debug)]
pub struct DiskKv {
    readers: readers::Readers,
    writer: writer::Writer,
}

impl DiskKv {
    /// Opens the file, or makes it; the folder must exist.
    ///
    /// # Errors
    /// Where another node has it open, where it is damaged, written by a newer version, or out of
    /// reach.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::start(open::database(path)?).map_err(|cause| OpenError::io(path, cause))
    }

    fn start(database: Database) -> std::io::Result<Self> {
        let database = Arc::new(database);
        let readers = readers::Readers::start(&database)?;
        Ok(Self { readers, writer: writer::Writer::start(database)? })
    }
}

impl KvEngine for DiskKv {
    fn get<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<Option<KvEntry>>> {
        let (store, key) = (store.clone(), key.clone());
        Box::pin(self.readers.run(move |database| snapshot::get(database, &store, &key, now_ms)))
    }

    fn put<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        write: KvWrite,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(self.writer.put(store, key, write, now_ms))
    }

    fn delete<'a>(
        &'a self,
        store: &'a StoreName,
        key: &'a KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(self.writer.delete(store, key, if_generation, now_ms))
    }

    fn list<'a>(
        &'a self,
        store: &'a StoreName,
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
}

/// What the caller is told when no answer comes: redb panics over some kinds of damage.
fn unanswered() -> Error {
    Error::new(Refusal::StoreFailed, "the KV file is damaged: a thread gave up on it")
}
