//! The thread that writes the KV file: it takes what is waiting, commits it as one, answers.
//!
//! While one commit is being synced the next group gathers, so the group grows with the load and
//! a lone write waits for nobody. Writes of a group run in the order in which they came, each
//! seeing those before it; each has its own result. If the group's commit fails, all of it fails.

use std::{
    fmt, io,
    sync::Arc,
    thread::{self, JoinHandle},
};

use redb::{Database, Durability};
use selvedge::{Result, store::kv::KvWrite};
use selvedge_model::{key::KvKey, name::StoreName};
use tokio::sync::{mpsc, oneshot};

use super::{
    job::{Act, Job, Slot},
    tables::{self, Tables},
    unanswered,
};

/// Writes that can wait before further ones wait for room.
const WAITING: usize = 256;
/// At most so many writes, or the writes that reach so many bytes, make one commit.
const GROUP_MAX: usize = 256;
const GROUP_BYTES: usize = 32 * 1024 * 1024;

/// The writing side of the file.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(database: Arc<Database>) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let thread = thread::Builder::new().name("kv-write".to_owned());
        let thread = thread.spawn(move || serve(&database, receiver))?;
        Ok(Self { queue: Some(sender), thread: Some(thread) })
    }

    pub(super) async fn put(
        &self,
        store: &StoreName,
        key: &KvKey,
        write: KvWrite,
        now_ms: u64,
    ) -> Result<u64> {
        self.run(store, key, now_ms, |slot| Act::Put(write, slot)).await
    }

    pub(super) async fn delete(
        &self,
        store: &StoreName,
        key: &KvKey,
        if_generation: Option<u64>,
        now_ms: u64,
    ) -> Result<bool> {
        self.run(store, key, now_ms, |slot| Act::Delete(if_generation, slot)).await
    }

    async fn run<T>(
        &self,
        store: &StoreName,
        key: &KvKey,
        now_ms: u64,
        act: impl FnOnce(Slot<T>) -> Act,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let act = act(Slot::new(reply));
        let job = Job { store: store.clone(), key: key.clone(), now_ms, act };
        self.queue.as_ref().ok_or_else(unanswered)?.send(job).await.map_err(|_| unanswered())?;
        answer.await.map_err(|_| unanswered())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has told its callers by dropping their replies.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

fn serve(database: &Database, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = gather(first, &mut queue);
        let failure = commit(database, &mut group).err().map(Arc::new);
        for job in group {
            job.answer(failure.as_ref());
        }
    }
}

fn gather(first: Job, queue: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut bytes = first.bytes();
    let mut group = vec![first];
    while group.len() < GROUP_MAX && bytes < GROUP_BYTES {
        let Ok(job) = queue.try_recv() else { break };
        bytes = bytes.saturating_add(job.bytes());
        group.push(job);
    }
    group
}

fn commit(database: &Database, group: &mut [Job]) -> tables::Result<()> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    let mut tables = Tables::open(&transaction)?;
    let mut changed = false;
    for job in &mut *group {
        changed |= job.run(&mut tables)?;
    }
    if !changed {
        // Nothing but refusals: there is nothing to sync.
        drop(tables);
        return Ok(transaction.abort()?);
    }
    tables.sweep(group.iter().map(|job| job.now_ms).min().unwrap_or(0))?;
    drop(tables);
    Ok(transaction.commit()?)
}
