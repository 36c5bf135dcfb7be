//! Many clients who want the same at once: how often the origin is asked, and what each is answered.
//!
//! Clients are polled by hand, and only when they were woken, in an order that the test picks: a wake-up that is lost is
//! a client that never ends.

mod random;
mod rules;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::future::LocalBoxFuture;
use selvedge_testkit::Answer;

/// How often what goes on beside the clients gets its turn: enough for the longest chain of tasks that wake each other.
const TURNS: usize = 32;

/// Whether somebody was woken since he was last polled.
struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A client at work.
struct Client<'a> {
    answer: LocalBoxFuture<'a, Answer>,
    bell: Arc<Bell>,
}

impl<'a> Client<'a> {
    fn new(answer: impl Future<Output = Answer> + 'a) -> Self {
        Self { answer: Box::pin(answer), bell: Arc::new(Bell(AtomicBool::new(true))) }
    }

    /// Polls it if it was woken; its answer, if it has one now.
    fn run(&mut self) -> Option<Answer> {
        if !self.bell.0.swap(false, Ordering::Relaxed) {
            return None;
        }
        let waker = Waker::from(Arc::clone(&self.bell));
        match self.answer.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }
}

/// Lets everything beside the clients go on until nothing does.
async fn others() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

/// Lets all clients and everything beside them go on until nothing does; the answers of those who got one.
async fn everybody(clients: &mut Vec<Client<'_>>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for _ in 0..TURNS {
        clients.retain_mut(|client| match client.run() {
            Some(answer) => {
                answers.push(answer);
                false
            }
            None => true,
        });
        others().await;
    }
    answers
}
