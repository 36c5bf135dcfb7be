//! Work that handlers leave for after their response: it begins when the response's body has been
//! sent or dropped, and is never forgotten while the node runs. Where it panics, the operator is
//! told: nobody waits for it.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt as _;
use selvedge::{Error, Refusal, Response, after::Later, host::BoxFuture};

use crate::{
    background::Background, enter::panic_text, hop::Hop, ids::RequestId, kept::keeping,
    trace::Tell, world::Service,
};

type Work = BoxFuture<'static, ()>;

/// What a hop's handler leaves for after its response; nothing is made before it asks.
#[derive(Default)]
pub struct Left(Mutex<Asked>);

#[derive(Default)]
enum Asked {
    #[default]
    NotYet,
    Before(Arc<Queue>),
    /// The response has been sent, and nobody had asked.
    TooLate,
}

impl Left {
    /// Where the handler leaves work, and whose that is.
    #[must_use]
    pub fn queue(
        &self,
        background: &Arc<dyn Background>,
        whose: impl FnOnce() -> Whose,
    ) -> Arc<Queue> {
        let queue = |state| Arc::new(Queue::new(background, whose(), state));
        let mut asked = lock(&self.0);
        match &*asked {
            Asked::Before(queue) => Arc::clone(queue),
            Asked::TooLate => queue(State::Begun),
            Asked::NotYet => {
                let queue = queue(State::Waiting(Vec::new()));
                *asked = Asked::Before(Arc::clone(&queue));
                queue
            }
        }
    }

    /// Whether the handler has asked for it.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        matches!(*lock(&self.0), Asked::Before(_))
    }

    /// The response has been sent, or never will be: what was left begins.
    pub fn begin(&self) {
        let asked = std::mem::replace(&mut *lock(&self.0), Asked::TooLate);
        if let Asked::Before(queue) = asked {
            queue.begin();
        }
    }
}

/// The work of one hop.
pub struct Queue {
    background: Arc<dyn Background>,
    whose: Arc<Whose>,
    state: Mutex<State>,
}

/// Whose work it is: what is told where it panics.
pub struct Whose {
    tell: Arc<dyn Tell>,
    service: Arc<Service>,
    request: RequestId,
}

impl Whose {
    /// A hop's.
    #[must_use]
    pub fn of(hop: &Hop) -> Self {
        let (tell, service) = (Arc::clone(&hop.world().tell), Arc::clone(&hop.service));
        Self { tell, service, request: hop.along.id }
    }

    async fn minded(self: Arc<Self>, work: Work) {
        if let Err(panic) = AssertUnwindSafe(work).catch_unwind().await {
            let refused = Error::new(Refusal::HandlerPanicked, panic_text(&*panic));
            let line = format!("{} after the response: {refused}", self.request);
            self.tell.panicked_after(self.service.name(), &line);
        }
    }
}

enum State {
    /// The response is still being made or sent.
    Waiting(Vec<Work>),
    /// It has been sent: nothing waits any more.
    Begun,
}

impl Queue {
    fn new(background: &Arc<dyn Background>, whose: Whose, state: State) -> Self {
        let background = Arc::clone(background);
        Self { background, whose: Arc::new(whose), state: Mutex::new(state) }
    }

    fn begin(&self) {
        let state = std::mem::replace(&mut *lock(&self.state), State::Begun);
        if let State::Waiting(works) = state {
            works.into_iter().for_each(|work| self.background.promise(work));
        }
    }

    /// Keeps the work if it has to wait, and gives it back otherwise.
    fn keep(&self, work: Work) -> Option<Work> {
        match &mut *lock(&self.state) {
            State::Waiting(works) => {
                works.push(work);
                None
            }
            State::Begun => Some(work),
        }
    }
}

impl Later for Queue {
    fn leave(&self, work: Work) {
        let work: Work = Box::pin(Arc::clone(&self.whose).minded(work));
        if let Some(work) = self.keep(work) {
            self.background.promise(work);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends a hop when it is dropped: with the response's body, or with a request that was given up.
pub struct Farewell(Arc<Hop>);

impl Farewell {
    /// For a hop that has just begun.
    #[must_use]
    pub fn of(hop: &Arc<Hop>) -> Self {
        Self(Arc::clone(hop))
    }

    /// Puts the hop's end off until the response's body is dropped, if anything may wait for it.
    #[must_use]
    pub fn with(self, response: Response) -> Response {
        match self.0.left.is_asked() {
            true => response.map(|body| keeping(body, self)),
            false => response,
        }
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.left.begin();
    }
}
