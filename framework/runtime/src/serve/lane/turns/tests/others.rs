//! A connection that has much to answer lets others go first now and then.

use std::{
    future::{pending, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use hyper::rt::{Read as _, ReadBuf, Write as _};
use selvedge::{Body, Request, Response};
use tokio::io::{DuplexStream, duplex};

use super::{
    super::super::{Ask, Desk, Lane, Shared, in_turns},
    PLAIN, Woken, say,
};
use crate::{reply::Reply, serve::http1::Lanes, soon::Soon};

/// What the lane does not write itself.
fn later(_: &mut Request) -> Soon<Reply> {
    Soon::Later(Box::pin(pending()))
}

/// Stands where hyper does, and answers at once.
struct Hyper<A> {
    io: Shared<DuplexStream, A>,
    desk: Arc<Desk>,
    answered: Arc<AtomicUsize>,
}

impl<A: Ask> Hyper<A> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut room = [0; PLAIN.len()];
        let mut room = ReadBuf::new(&mut room);
        if Pin::new(&mut self.io).poll_read(cx, room.unfilled()).is_ready() {
            assert_eq!(room.filled(), PLAIN);
            drop(self.desk.watch(Response::new(Body::empty())));
            assert!(Pin::new(&mut self.io).poll_flush(cx).is_ready());
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
        Poll::Pending
    }
}

#[test]
fn others_have_their_turn_after_as_many_answers_as_hyper_gives_at_once() {
    let (mut client, server) = duplex(PLAIN.len() * 40);
    let (desk, answered) = (Desk::new(Arc::default()), Arc::new(AtomicUsize::new(0)));
    let lane = Lane::over(server, Lanes::Open, Arc::clone(&desk), later);
    let mut hyper = Hyper { io: lane.clone(), desk, answered: Arc::clone(&answered) };
    let mut served = pin!(in_turns(lane, poll_fn(move |cx| hyper.poll(cx))));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    say(&mut client, &PLAIN.repeat(40));
    // Who has more to answer comes again, and who has not does not.
    for (all, wakes) in [(16, 1), (32, 2), (40, 2), (40, 2)] {
        assert!(served.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        assert_eq!((answered.load(Ordering::Relaxed), woken.times()), (all, wakes));
    }
}
