//! The origin of every server that is measured: small, fast, and it counts what it is asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;

use crate::Outcome;
use crate::bare;
use crate::cores::Core;
use crate::targets::Target;

/// The longest body that it sends.
pub const BODY_MAX: usize = 1024 * 1024;

/// The bytes of the head's fields that it sends, names and values, without `Content-Length` and
/// `Date`, whose lengths vary.
pub const HEAD_BYTES: usize =
    "cache-control".len() + KEPT.len() + "content-type".len() + TYPE.len();

const KEPT: &str = "max-age=86400";
const TYPE: &str = "text/plain";

/// An origin on a thread of this process.
pub struct Origin {
    /// Where it listens.
    pub address: SocketAddr,
    asked: Arc<AtomicU64>,
}

impl Origin {
    /// Starts one.
    ///
    /// # Errors
    /// Where there is no port or no thread.
    pub fn start(core: Option<Core>) -> Outcome<Self> {
        let asked = Arc::new(AtomicU64::new(0));
        let (counter, bytes) = (Arc::clone(&asked), Bytes::from(vec![b'x'; BODY_MAX]));
        let answer = move |request: &Request<Incoming>| {
            counter.fetch_add(1, Ordering::Relaxed);
            answer(request.uri().path(), &bytes)
        };
        Ok(Self { address: bare::serve(answer, &[core])?.address, asked })
    }

    /// How many requests it has had.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// What may be kept for a day, so that nothing expires while it is measured.
fn answer(path: &str, bytes: &Bytes) -> Response<Full<Bytes>> {
    let size = Target::parse(path).map(|target| target.size).filter(|size| *size <= BODY_MAX);
    let Some(size) = size else {
        let mut missing = Response::new(Full::default());
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let mut response = Response::new(Full::new(bytes.slice(..size)));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TYPE));
    response
}
