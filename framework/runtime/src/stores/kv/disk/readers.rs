//! The threads that read the KV file, and the queue to them.
//!
//! Threads of our own rather than `spawn_blocking`: their number is bounded for the whole node
//! and not per reactor, a read needs no particular runtime around it, and when the engine is
//! dropped they have ended, so the file is closed and can be opened again.

use std::{
    fmt, io,
    sync::Arc,
    thread::{self, JoinHandle},
};

use redb::Database;
use selvedge::Result;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    fault::{unanswered, unread},
    file::File,
    schema,
    waiting::Waiting,
};
use crate::stores::damage::{self, Caught};

/// Reads that can be at the disk at once.
const THREADS: usize = 4;
/// Reads that can be at the disk or wait for a thread before further ones wait for room.
const ROOM: usize = 256;
/// A read, and its place in the queue.
struct Job {
    read: Box<dyn FnOnce(&File) + Send>,
    _place: OwnedSemaphorePermit,
}

/// The reading side of the file.
pub(super) struct Readers {
    queue: Queue,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(super) fn start(file: &Arc<File>) -> io::Result<Self> {
        let queue = Queue { waiting: Arc::default(), room: Arc::new(Semaphore::new(ROOM)) };
        let mut readers = Self { queue, threads: Vec::new() };
        for _ in 0..THREADS {
            let (file, waiting) = (Arc::clone(file), Arc::clone(&readers.queue.waiting));
            let thread = thread::Builder::new().name("kv-read".to_owned());
            readers.threads.push(thread.spawn(move || serve(&file, &waiting))?);
        }
        Ok(readers)
    }

    /// Where reads wait, for who may outlive the threads.
    pub(super) fn queue(&self) -> Queue {
        self.queue.clone()
    }

    /// Runs a read on one of the threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl Fn(&Database) -> schema::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.queue.run(read).await
    }
}

/// The queue to the threads; it does not keep them.
#[derive(Clone)]
pub(super) struct Queue {
    waiting: Arc<Waiting<Job>>,
    room: Arc<Semaphore>,
}

impl Queue {
    /// Runs a read on one of the threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl Fn(&Database) -> schema::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let read = Box::new(move |file: &File| {
            // A caller that has gone away needs no answer; reading 25 MiB for it would be waste.
            if !reply.is_closed() {
                let _ = reply.send(file.read(read));
            }
        });
        let place = Arc::clone(&self.room).acquire_owned().await.map_err(|_| unanswered())?;
        self.waiting.push(Job { read, _place: place }).map_err(|_| unanswered())?;
        answer.await.map_err(|_| unanswered())?.map_err(unread)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.waiting.end();
        for thread in self.threads.drain(..) {
            // A thread that panicked has told its callers by dropping their replies.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

fn serve(file: &File, waiting: &Waiting<Job>) {
    while let Some(job) = waiting.next() {
        // One read that panics on a damaged page must not take the thread from all others.
        let _ = damage::guarded(Caught::Logged, || (job.read)(file));
    }
}
