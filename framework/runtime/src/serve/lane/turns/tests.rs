use std::{
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use futures_util::FutureExt as _;
use hyper::rt::{Read as _, ReadBuf};
use selvedge::{Body, Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::{super::Lane, in_turns};
use crate::{
    reply::Reply,
    serve::{http1::Lanes, lane::Desk},
    soon::Soon,
};

mod others;

const PLAIN: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// What stands where hyper does: it counts how often it is asked, and never ends.
#[derive(Default)]
struct Above {
    asked: AtomicUsize,
    waker: Mutex<Option<Waker>>,
}

impl Above {
    fn poll(&self, cx: &Context<'_>) -> Poll<()> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    }

    /// How often it was asked since this was last asked.
    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::Relaxed)
    }

    fn wake(&self) {
        self.waker.lock().unwrap().take().unwrap().wake();
    }
}

fn answer(_: &mut Request) -> Soon<Reply> {
    Soon::Now(Reply::Made(Response::new(Body::from("made"))))
}

/// A connection in turns, and what its client and hyper see of it.
fn connection() -> (DuplexStream, Arc<Above>, Pin<Box<impl Future<Output = ()>>>) {
    let (client, server) = duplex(1024);
    let lane = Lane::over(server, Lanes::Open, Desk::new(Arc::default()), answer);
    let above = Arc::new(Above::default());
    let asked = Arc::clone(&above);
    (client, above, Box::pin(in_turns(lane, poll_fn(move |cx| asked.poll(cx)))))
}

fn say(client: &mut DuplexStream, text: &[u8]) {
    client.write_all(text).now_or_never().unwrap().unwrap();
}

fn hear(client: &mut DuplexStream) -> String {
    let mut text = [0; 1024];
    let length = client.read(&mut text).now_or_never().map_or(0, Result::unwrap);
    String::from_utf8(text[..length].to_vec()).unwrap()
}

#[test]
fn hyper_is_not_asked_for_what_the_lane_answers() {
    let (mut client, above, mut served) = connection();
    assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 1), "it has yet to begin");
    for _ in 0..3 {
        say(&mut client, PLAIN);
        assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 0));
        assert!(hear(&mut client).ends_with("\r\n\r\nmade"));
    }
}

#[test]
fn hyper_is_asked_once_for_each_time_that_it_is_woken() {
    let (_client, above, mut served) = connection();
    assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 1));
    above.wake();
    assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 1));
    assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 0));
}

#[test]
fn hyper_is_asked_at_once_for_what_is_not_the_lanes() {
    for says in [&b"GET / HTTP/1.0\r\n\r\n"[..], b""] {
        let (mut client, above, mut served) = connection();
        assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 1));
        say(&mut client, says);
        client.shutdown().now_or_never().unwrap().unwrap();
        assert_eq!((served.as_mut().now_or_never(), above.asked()), (None, 1), "{says:?}");
    }
}

#[test]
fn hyper_hears_how_the_connection_failed() {
    let (mut client, server) = duplex(1024);
    let lane = Lane::over(server, Lanes::Open, Desk::new(Arc::default()), answer);
    let mut below = lane.clone();
    let mut read = |cx: &mut Context<'_>| {
        let mut room = [0; 8];
        Pin::new(&mut below).poll_read(cx, ReadBuf::new(&mut room).unfilled())
    };
    let above = poll_fn(|cx| match read(cx) {
        Poll::Ready(heard) => Poll::Ready((heard, read(cx))),
        Poll::Pending => Poll::Pending,
    });
    let mut served = Box::pin(in_turns(lane, above));
    assert!(served.as_mut().now_or_never().is_none(), "it is the lane's turn");
    say(&mut client, PLAIN);
    drop(client);
    let (heard, then) = served.as_mut().now_or_never().unwrap();
    assert_eq!(heard.unwrap_err().kind(), std::io::ErrorKind::BrokenPipe);
    assert!(matches!(then, Poll::Ready(Ok(()))), "and that is the end");
}

#[test]
fn who_polls_it_next_is_woken() {
    let (mut client, above, mut served) = connection();
    let (first, second) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
    for woken in [&first, &second] {
        let waker = Waker::from(Arc::clone(woken));
        assert!(served.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        assert_eq!(above.asked(), 1, "it has a new waker");
    }
    above.wake();
    say(&mut client, PLAIN);
    assert_eq!((first.times(), second.times()), (0, 2));
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Woken {
    fn times(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl std::task::Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
