//! What leaves on the wire, and when.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use hyper::rt::Write;

use super::*;

/// A connection that takes so many bytes before it has to rest.
struct Wire {
    text: Vec<u8>,
    room: usize,
}

impl Wire {
    fn with_room(room: usize) -> Self {
        Self { text: Vec::new(), room }
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap()
    }
}

impl Write for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = self.room.min(buf.len());
        self.text.extend_from_slice(&buf[..taken]);
        self.room -= taken;
        if taken == 0 { Poll::Pending } else { Poll::Ready(Ok(taken)) }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn hints(link: &str) -> HeaderMap {
    HeaderMap::from_iter([(http::header::LINK, HeaderValue::from_str(link).unwrap())])
}

fn opened() -> (Arc<Outlet>, Interim) {
    let outlet = Arc::new(Outlet::default());
    let interim = open(&outlet, "/page?a=1");
    (outlet, interim)
}

fn open(outlet: &Arc<Outlet>, target: &'static str) -> Interim {
    let request = outlet.number();
    outlet.open(request);
    Interim::by(outlet, request, &Uri::from_static(target))
}

fn write(outlet: &Outlet, which: Which, wire: &mut Wire) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    match outlet.poll_write(which, wire, &mut cx) {
        Poll::Ready(written) => written.is_ok(),
        Poll::Pending => false,
    }
}

#[test]
fn a_head_is_written_whole_and_without_what_is_not_the_clients() {
    let (outlet, interim) = opened();
    let mut headers = hints("</a.css>");
    for (name, value) in [
        ("connection", "x-own"),
        ("x-own", "1"),
        ("keep-alive", "5"),
        ("transfer-encoding", "chunked"),
        ("content-length", "3"),
        ("surrogate-key", "a"),
        ("surrogate-control", "max-age=5"),
        ("x-kept", "2"),
    ] {
        headers.append(name, HeaderValue::from_static(value));
    }
    interim.send(StatusCode::EARLY_HINTS, &headers);
    let mut wire = Wire::with_room(1000);
    assert!(write(&outlet, Which::All, &mut wire));
    assert_eq!(wire.text(), "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\nx-kept: 2\r\n\r\n");
}

#[test]
fn continue_switching_and_final_responses_are_not_passed_on() {
    let (outlet, interim) = opened();
    for status in [100, 101, 200, 404] {
        interim.send(StatusCode::from_u16(status).unwrap(), &hints("<x>"));
    }
    interim.send(StatusCode::from_u16(199).unwrap(), &HeaderMap::new());
    let mut wire = Wire::with_room(1000);
    assert!(write(&outlet, Which::All, &mut wire));
    assert_eq!(wire.text(), "HTTP/1.1 199 \r\n\r\n");
}

#[test]
fn a_head_that_is_begun_is_finished_and_no_other_is_begun_beside_a_message() {
    let (outlet, interim) = opened();
    interim.send(StatusCode::EARLY_HINTS, &hints("<1>"));
    interim.send(StatusCode::EARLY_HINTS, &hints("<2>"));
    let mut wire = Wire::with_room(0);
    assert!(write(&outlet, Which::Begun, &mut wire), "nothing is begun");
    wire.room = 5;
    assert!(!write(&outlet, Which::All, &mut wire));
    wire.room = 1000;
    assert!(write(&outlet, Which::Begun, &mut wire));
    assert_eq!(wire.text(), "HTTP/1.1 103 Early Hints\r\nlink: <1>\r\n\r\n");
    assert!(write(&outlet, Which::All, &mut wire));
    assert!(wire.text().ends_with("\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <2>\r\n\r\n"));
}

#[test]
fn a_response_waits_for_the_heads_ahead_of_it_and_ends_them() {
    let (outlet, interim) = opened();
    interim.send(StatusCode::EARLY_HINTS, &hints("<1>"));
    let mut answer = Box::pin(outlet.ahead_of(async { "answer" }));
    assert_eq!(answer.as_mut().now_or_never(), None);
    let mut wire = Wire::with_room(1000);
    assert!(write(&outlet, Which::All, &mut wire));
    assert_eq!(answer.as_mut().now_or_never(), Some("answer"));
    interim.send(StatusCode::EARLY_HINTS, &hints("<late>"));
    let at_once = outlet.number();
    let at_once = Interim::by(&outlet, at_once, &Uri::from_static("/"));
    at_once.send(StatusCode::EARLY_HINTS, &hints("<late at once>"));
    let next = open(&outlet, "/");
    interim.send(StatusCode::EARLY_HINTS, &hints("<later>"));
    next.send(StatusCode::EARLY_HINTS, &hints("<next>"));
    assert!(write(&outlet, Which::All, &mut wire));
    assert!(!wire.text().contains("late") && wire.text().contains("<next>"), "{}", wire.text());
}

#[test]
fn there_is_an_end_to_them() {
    let (outlet, interim) = opened();
    for _ in 0..100 {
        interim.send(StatusCode::PROCESSING, &HeaderMap::new());
    }
    let mut wire = Wire::with_room(100_000);
    assert!(write(&outlet, Which::All, &mut wire));
    assert_eq!(wire.text().matches("HTTP/1.1 102 ").count(), 16);
    let (outlet, interim) = opened();
    for _ in 0..16 {
        interim.send(StatusCode::EARLY_HINTS, &hints(&"x".repeat(10_000)));
    }
    let mut wire = Wire::with_room(1_000_000);
    assert!(write(&outlet, Which::All, &mut wire));
    assert_eq!(wire.text().matches("HTTP/1.1 103 ").count(), 3);
}

#[test]
fn only_what_the_client_asked_for_speaks_of_its_target() {
    let (_, interim) = opened();
    assert!(interim.to(&Uri::from_static("/page?a=1")).is_heard());
    assert!(interim.to(&Uri::from_static("http://other.example/page?a=1")).is_heard());
    for other in ["/page", "/page?a=2", "/fragment"] {
        assert!(!interim.to(&Uri::from_static(other)).is_heard(), "{other}");
    }
    assert!(!Interim::default().to(&Uri::from_static("/page?a=1")).is_heard());
}
