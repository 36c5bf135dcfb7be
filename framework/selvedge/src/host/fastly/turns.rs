//! Runs futures where there is one thread and no reactor: what waits, waits for requests that were sent.
//!
//! Every other act of the platform blocks and is done when it is first polled. Where nothing is under way and nobody was
//! woken, nothing ever will be, and that is said instead of waiting for good.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use ::fastly::{
    Response,
    http::request::{PendingRequest, PollResult, SendError, select},
};

use crate::{Error, Refusal};

/// Nothing that is under way can wake the future.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stalled;

impl From<Stalled> for Error {
    fn from(_: Stalled) -> Self {
        let detail = "the handler waits for something that is no act of the platform, such as a timer or another \
                      thread; there is nothing here that would wake it";
        Self::new(Refusal::Unsupported, detail)
    }
}

/// Runs a future to its end; inside another one, too.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Stalled> {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut work = pin!(work);
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Ok(done);
        }
        match woken.0.swap(false, Ordering::Relaxed) {
            true => look(),
            false => wait(&woken)?,
        }
    }
}

/// Whether the future should be polled again.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits until the future was woken.
fn wait(woken: &Woken) -> Result<(), Stalled> {
    while !woken.0.swap(false, Ordering::Relaxed) {
        turn()?;
    }
    Ok(())
}

/// Takes the answers that are there. A future that wakes itself until it has one would never let anybody wait.
fn look() {
    for (number, request) in WAITING.with_borrow_mut(Waiting::take) {
        match request.poll() {
            PollResult::Pending(request) => {
                WAITING.with_borrow_mut(|all| all.put_back(number, request));
            }
            PollResult::Done(answer) => arrived(number, answer),
        }
    }
}

/// Waits until one of the requests that are under way has its answer.
fn turn() -> Result<(), Stalled> {
    let waiting = WAITING.with_borrow_mut(Waiting::take);
    let (number, answer) = match <[_; 1]>::try_from(waiting) {
        Ok([(number, only)]) => (number, only.wait()),
        Err(waiting) if waiting.is_empty() => return Err(Stalled),
        Err(waiting) => first_of(waiting),
    };
    arrived(number, answer);
    Ok(())
}

fn arrived(number: u64, answer: Answered) {
    let waker = WAITING.with_borrow_mut(|all| all.answered(number, answer));
    waker.into_iter().for_each(Waker::wake);
}

/// The first of several to be answered; the others go back.
///
/// The platform's `select` says which are left, in no order. They are told apart by where the URL of what was sent lies:
/// it does not move with its request.
fn first_of(waiting: Vec<(u64, PendingRequest)>) -> (u64, Answered) {
    let mut numbers: BTreeMap<usize, u64> =
        waiting.iter().map(|(number, request)| (mark(request), *number)).collect();
    let (answer, left) = select(waiting.into_iter().map(|(_, request)| request));
    for request in left {
        if let Some(number) = numbers.remove(&mark(&request)) {
            WAITING.with_borrow_mut(|all| all.put_back(number, request));
        }
    }
    let number = numbers.into_values().next().unwrap_or_default();
    (number, answer)
}

fn mark(request: &PendingRequest) -> usize {
    request.sent_req().get_url_str().as_ptr().addr()
}

type Answered = Result<Response, SendError>;

thread_local! {
    /// The requests that were sent and are waited for. The program has one thread.
    static WAITING: RefCell<Waiting> = const { RefCell::new(Waiting { last: 0, all: BTreeMap::new() }) };
}

struct Waiting {
    last: u64,
    all: BTreeMap<u64, UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    request: Option<PendingRequest>,
    answer: Option<Box<Answered>>,
    waker: Option<Waker>,
}

impl Waiting {
    fn add(&mut self, request: PendingRequest) -> u64 {
        self.last += 1;
        self.all.insert(self.last, UnderWay { request: Some(request), ..UnderWay::default() });
        self.last
    }

    fn take(&mut self) -> Vec<(u64, PendingRequest)> {
        let all = self.all.iter_mut();
        all.filter_map(|(number, one)| Some((*number, one.request.take()?))).collect()
    }

    fn put_back(&mut self, number: u64, request: PendingRequest) {
        if let Some(one) = self.all.get_mut(&number) {
            one.request = Some(request);
        }
    }

    fn answered(&mut self, number: u64, answer: Answered) -> Option<Waker> {
        let one = self.all.get_mut(&number)?;
        one.answer = Some(Box::new(answer));
        one.waker.take()
    }
}

/// The answer to a request that is under way. Dropping it lets the request go.
pub(super) struct Answer(u64);

impl Answer {
    pub(super) fn to(request: PendingRequest) -> Self {
        Self(WAITING.with_borrow_mut(|all| all.add(request)))
    }
}

impl Future for Answer {
    type Output = Answered;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answered> {
        WAITING.with_borrow_mut(|all| {
            let one = all.all.entry(self.0).or_default();
            match one.answer.take() {
                Some(answer) => Poll::Ready(*answer),
                None => {
                    one.waker = Some(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let gone = WAITING.with_borrow_mut(|all| all.all.remove(&self.0));
        drop(gone);
    }
}
