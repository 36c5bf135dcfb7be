//! The thread that writes the KV file: it takes what is waiting, commits it as one, answers.
//!
//! While one commit is being synced the next group gathers, so the group grows with the load and
//! a lone write waits for nobody. Writes of a group run in the order in which they came, each
//! seeing those before it; each has its own result. If the group's commit fails, all of it fails.

use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use redb::{Database, Durability};
use tokio::sync::{mpsc, oneshot};

use super::{
    fault::Fault,
    file::File,
    job::{Act, Effect, Job, Slot},
    schema,
    tables::Tables,
};
use crate::stores::{
    damage::{self, Caught},
    kv::{closed::Closed, watch::Watchers},
};

/// Calls that can wait before further ones wait for room; what they bring is bounded by its bytes (`under_way`).
const WAITING: usize = 256;
/// At most so many calls, or the calls that reach so many bytes, make one commit.
const GROUP_MAX: usize = 256;
const GROUP_BYTES: usize = 32 * 1024 * 1024;
/// After there was no room, writes are refused for so long without another try: each costs opening the file again, for
/// which reads wait.
const PAUSE_MS: u64 = 100;

/// The writing side of the file.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(
        file: Arc<File>,
        watchers: Arc<Watchers>,
        closed: Arc<Closed>,
    ) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let commits = Arc::new(AtomicU64::new(0));
        let (counted, full_at_ms) = (Arc::clone(&commits), None);
        let work = Work { file, watchers, closed, commits: counted, full_at_ms };
        let thread = thread::Builder::new().name("kv-write".to_owned());
        let thread = thread.spawn(move || work.serve(receiver))?;
        Ok(Self { queue: Some(sender), thread: Some(thread), commits })
    }

    /// How many commits have been synced.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(super) async fn run<T>(
        &self,
        now_ms: u64,
        act: impl FnOnce(Slot<T>) -> Act,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let job = Job { now_ms, act: act(Slot::new(reply)) };
        let queue = self.queue.as_ref().ok_or(Fault::Unanswered)?;
        queue.send(job).await.map_err(|_| Fault::Unanswered)?;
        answer.await.map_err(|_| Fault::Unanswered)?
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

/// What the thread works with.
struct Work {
    file: Arc<File>,
    watchers: Arc<Watchers>,
    closed: Arc<Closed>,
    commits: Arc<AtomicU64>,
    full_at_ms: Option<u64>,
}

impl Work {
    fn serve(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut group = gather(first, &mut queue);
            let fault = self.commit(&mut group).err();
            if fault.is_some() {
                group.iter().for_each(|job| job.undo(&self.closed));
            }
            group.iter().for_each(|job| job.tell(&self.watchers));
            for job in group {
                job.answer(fault.as_ref());
            }
        }
    }

    fn commit(&mut self, group: &mut [Job]) -> Result<(), Fault> {
        let now_ms = group.iter().map(|job| job.now_ms).max().unwrap_or(0);
        // What removes is tried whenever it comes alone, as the file may have pages of its own left for it.
        if self.is_full(now_ms) && group.iter().any(Job::grows) {
            return Err(Fault::Full(None));
        }
        self.file.held().end(now_ms);
        // redb panics over some kinds of damage; that must not end the thread for all others.
        let write =
            || self.file.write(|database| commit(database, group, &self.closed)).map_err(Fault::of);
        match damage::guarded(Caught::Logged, write).unwrap_or(Err(Fault::Unanswered)) {
            Ok(Effect::Changed) => drop(self.commits.fetch_add(1, Ordering::Relaxed)),
            Ok(Effect::Nothing) => {}
            Err(fault) => {
                self.full_at_ms = matches!(fault, Fault::Full(_)).then_some(now_ms);
                return Err(fault);
            }
        }
        Ok(())
    }

    /// A clock that steps back ends the pause.
    fn is_full(&self, now_ms: u64) -> bool {
        self.full_at_ms.is_some_and(|at| (at..at.saturating_add(PAUSE_MS)).contains(&now_ms))
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

fn commit(database: &Database, group: &mut [Job], closed: &Closed) -> schema::Result<Effect> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    // A file that was not closed is open again at once, however large.
    transaction.set_quick_repair(true);
    let mut tables = Tables::open(&transaction)?;
    let mut effect = Effect::Nothing;
    for job in &mut *group {
        if job.run(&mut tables, closed)? == Effect::Changed {
            effect = Effect::Changed;
        }
    }
    if effect == Effect::Nothing {
        // Nothing but refusals: there is nothing to sync.
        drop(tables);
        transaction.abort()?;
        return Ok(effect);
    }
    tables.sweep(group.iter().map(|job| job.now_ms).min().unwrap_or(0))?;
    tables.finish()?;
    transaction.commit()?;
    Ok(effect)
}
