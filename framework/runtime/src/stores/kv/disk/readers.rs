//! The threads that read the KV file, and the queue to them.
//!
//! Threads of our own rather than `spawn_blocking`: their number is bounded for the whole node
//! and not per reactor, a read needs no particular runtime around it, and when the engine is
//! dropped they have ended, so the file is closed and can be opened again.

use std::{
    fmt, io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use redb::Database;
use selvedge::Result;
use tokio::sync::{mpsc, oneshot};

use super::{
    fault::{unanswered, unread},
    file::File,
    schema,
};

/// Reads that can be at the disk at once.
const THREADS: usize = 4;
/// Reads that can wait for a thread before further ones wait for room.
const WAITING: usize = 256;

type Job = Box<dyn FnOnce(&File) + Send>;
type Waiting = Arc<Mutex<mpsc::Receiver<Job>>>;

/// The reading side of the file.
pub(super) struct Readers {
    queue: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(super) fn start(file: &Arc<File>) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let waiting = Arc::new(Mutex::new(receiver));
        let mut readers = Self { queue: Some(sender), threads: Vec::new() };
        for _ in 0..THREADS {
            let (file, waiting) = (Arc::clone(file), Arc::clone(&waiting));
            let thread = thread::Builder::new().name("kv-read".to_owned());
            readers.threads.push(thread.spawn(move || serve(&file, &waiting))?);
        }
        Ok(readers)
    }

    /// Where reads wait, for who may outlive the threads.
    pub(super) fn queue(&self) -> Queue {
        Queue(self.queue.as_ref().map(mpsc::Sender::downgrade))
    }

    /// Runs a read on one of the threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl Fn(&Database) -> schema::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.queue().run(read).await
    }
}

/// The queue to the threads; it does not keep them.
#[derive(Clone)]
pub(super) struct Queue(Option<mpsc::WeakSender<Job>>);

impl Queue {
    /// Runs a read on one of the threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl Fn(&Database) -> schema::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(move |file: &File| {
            // A caller that has gone away needs no answer; reading 25 MiB for it would be waste.
            if !reply.is_closed() {
                let _ = reply.send(file.read(read));
            }
        });
        let queue = self.0.as_ref().and_then(mpsc::WeakSender::upgrade).ok_or_else(unanswered)?;
        queue.send(job).await.map_err(|_| unanswered())?;
        drop(queue);
        answer.await.map_err(|_| unanswered())?.map_err(unread)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue = None;
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

fn serve(file: &File, waiting: &Waiting) {
    while let Some(job) = next(waiting) {
        // One read that panics on a damaged page must not take the thread from all others.
        let _ = catch_unwind(AssertUnwindSafe(|| job(file)));
    }
}

/// Whoever holds the lock waits for the next job; the others wait for the lock.
fn next(waiting: &Waiting) -> Option<Job> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
}
