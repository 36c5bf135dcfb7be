//! Plain functions as handlers: they run where nobody else waits for them, and wait for the
//! platform with [`wait`].
//!
//! Not an executor: the host chooses the thread ([`Host::run_plain`]), and its reactor drives what
//! the thread waits for. On wasm there is one thread and no reactor, and the host takes its turns itself.

use std::{
    cell::RefCell,
    future::IntoFuture,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Wake,
    thread::{self, Thread},
};

use crate::{Error, Host, Refusal, Result};

/// Waits for an act of the platform in a handler that is a plain `fn`.
///
/// ```
/// use selvedge::prelude::*;
///
/// #[kv_store("users", value = Text)]
/// pub struct Users;
///
/// #[edge_handler(path = "/users/{id}")]
/// pub fn name(users: Users, Path(id): Path<String>) -> Result<Response> {
///     let name = selvedge::wait(users.get(&id))?;
///     Ok(name.unwrap_or_else(|| "nobody".to_owned()).into_response())
/// }
/// ```
///
/// # Errors
/// [`Refusal::WaitMisplaced`] anywhere else: there it would stall every request of the core. Once
/// the client is gone nobody needs the answer, and every wait ends with [`Refusal::HandlerFailed`].
/// Otherwise what the act answers.
pub fn wait<T>(act: impl IntoFuture<Output = Result<T>>) -> Result<T> {
    let Some(stay) = STAY.with_borrow(Option::clone) else {
        let detail = "`selvedge::wait` works in a handler that is a plain `fn`, on the thread that \
                      the edge runs it on; write `.await` in what is `async`, and in a test call a plain \
                      handler by the testkit's `Edge::run_plain`";
        return Err(Error::new(Refusal::WaitMisplaced, detail));
    };
    finish(&stay, act.into_future())
}

/// Parks this thread until the act is done; the reactor's threads wake it.
#[cfg(not(target_arch = "wasm32"))]
fn finish<T>(stay: &Arc<Stay>, act: impl Future<Output = Result<T>>) -> Result<T> {
    use std::task::{Context, Poll, Waker};

    let waker = Waker::from(Arc::clone(stay));
    let mut act = std::pin::pin!(act);
    loop {
        if stay.gone.load(Ordering::Acquire) {
            return Err(Error::new(Refusal::HandlerFailed, "the client is gone"));
        }
        if let Poll::Ready(done) = act.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        // A wake-up since the poll is not lost: it made the next park return at once.
        thread::park();
    }
}

/// No other thread would wake this one.
#[cfg(all(target_arch = "wasm32", target_os = "wasi"))]
fn finish<T>(_: &Arc<Stay>, act: impl Future<Output = Result<T>>) -> Result<T> {
    match crate::host::fastly::turns::block_on(act) {
        Ok(done) => done,
        Err(stalled) => Err(stalled.into()),
    }
}

thread_local! {
    /// The plain handler that this thread runs.
    static STAY: RefCell<Option<Arc<Stay>>> = const { RefCell::new(None) };
}

/// One run of a plain handler, as seen from both sides.
#[derive(Default)]
struct Stay {
    thread: Mutex<Option<Thread>>,
    gone: AtomicBool,
}

impl Wake for Stay {
    fn wake(self: Arc<Self>) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = &*thread {
            thread.unpark();
        }
    }
}

/// Runs a plain function where it may block, and hands out what it returned; `None` where it was
/// not run to its end.
pub(crate) async fn run<T: Send + 'static>(
    host: &Arc<dyn Host>,
    function: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let stay = Arc::new(Stay::default());
    let answer = Arc::new(Mutex::new(None));
    let (inside, slot) = (Arc::clone(&stay), Arc::clone(&answer));
    let leaving = Leaving(stay);
    host.run_plain(Box::new(move || {
        let value = within(inside, function);
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    }))
    .await;
    drop(leaving);
    answer.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Runs a function as a plain handler on this thread, which may block: [`wait`] works in it. For whoever calls a handler
/// without an edge, as the testkit does; no reactor may run on the thread.
pub fn here<T>(function: impl FnOnce() -> T) -> T {
    within(Arc::default(), function)
}

fn within<T>(stay: Arc<Stay>, function: impl FnOnce() -> T) -> T {
    let _entered = Entered::new(stay);
    function()
}

/// Tells the handler, when the request is dropped, that nobody waits for its answer.
struct Leaving(Arc<Stay>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.gone.store(true, Ordering::Release);
        Arc::clone(&self.0).wake();
    }
}

/// The time in which a thread runs a plain handler; it ends when the handler panics, too.
struct Entered(Option<Arc<Stay>>);

impl Entered {
    fn new(stay: Arc<Stay>) -> Self {
        *stay.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current());
        Self(STAY.replace(Some(stay)))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        STAY.set(self.0.take());
    }
}
