//! What the tests of flights need: heads, a place where they meet, and wakers that can be asked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use selvedge_cache::{
    Policy, StoredHead, Times,
    key::Key,
    policy::Override,
    shelf::Shelf,
    storable::{RequestView, ResponseView, storable},
};

use super::{Flights, Landing, Stream, Waits};

/// The field that selects the variants.
pub(super) const VARIANT: HeaderName = HeaderName::from_static("v");

pub(super) fn key(path: &str) -> Key {
    Key::new("shop", "shop.localhost", path)
}

/// The header section of a request for a variant.
pub(super) fn asking_for(variant: u8) -> HeaderMap {
    let value = HeaderValue::from(u16::from(variant));
    HeaderMap::from_iter([(VARIANT, value)])
}

/// The head of what such a request was answered with.
pub(super) fn head(request: &HeaderMap) -> StoredHead {
    let response = HeaderMap::from_iter([(http::header::VARY, HeaderValue::from_static("v"))]);
    let request = RequestView { method: &Method::GET, headers: request };
    let response = ResponseView { status: StatusCode::OK, headers: &response };
    let over = Override { ttl: Some(Duration::from_secs(60)), ..Override::default() };
    let times = Times { requested_at_ms: 0, received_at_ms: 0 };
    let fresh = storable(&request, &response, &Policy::default(), &over, times).unwrap();
    StoredHead::new(&request, &response, fresh, 0).unwrap()
}

/// A shelf and its flights.
pub(super) struct Place {
    pub(super) shelf: Shelf,
    pub(super) waits: Arc<Waits>,
    pub(super) flights: Arc<Flights>,
}

impl Place {
    pub(super) fn new() -> Self {
        let waits = Arc::new(Waits::default());
        let flights = Arc::new(Flights::new(Arc::clone(&waits)));
        Self { shelf: Shelf::new(1_000_000), waits, flights }
    }

    /// A response to such a request that begins to come in now.
    pub(super) fn landing(&self, request: &HeaderMap) -> Arc<Landing> {
        let stream = Stream::new(u64::MAX, None, self.shelf.room());
        let began = self.shelf.begin();
        Arc::new(Landing { head: head(request), range: None, stream, began })
    }
}

/// Whether something was woken since it was last asked.
#[derive(Default)]
pub(super) struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Bell {
    pub(super) fn has_rung(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Something that is polled when it was woken, and not otherwise.
pub(super) struct Task<T> {
    future: BoxFuture<'static, T>,
    bell: Arc<Bell>,
}

impl<T> Task<T> {
    /// A task that was not polled yet.
    pub(super) fn new(future: impl Future<Output = T> + Send + 'static) -> Self {
        let bell = Arc::new(Bell::default());
        bell.0.store(true, Ordering::Relaxed);
        Self { future: Box::pin(future), bell }
    }

    /// Polls it if it was woken; gives what came of it.
    pub(super) fn run(&mut self) -> Option<T> {
        if !self.bell.has_rung() {
            return None;
        }
        let waker = Waker::from(Arc::clone(&self.bell));
        match self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }
}
