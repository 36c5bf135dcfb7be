//! What a test gets for a request: the whole answer, and how it came about.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use selvedge::Response;
use selvedge_runtime::trace::HopEvent;

use crate::produced;

/// An answer, read to its end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as far as it came.
    pub body: Bytes,
    /// Whether the body broke off.
    pub broken: bool,
    /// The hops, in the order in which they had their response: origin side first.
    pub hops: Vec<HopEvent>,
}

impl Answer {
    pub(crate) async fn read(response: Response, hops: Vec<HopEvent>) -> Self {
        let (head, mut body) = response.into_parts();
        let mut bytes = Vec::new();
        let mut broken = false;
        while let Some(frame) = body.frame().await {
            match frame.map(data) {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => {}
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        produced::keep_debug(&(&head.headers, &hops));
        produced::keep(&bytes);
        Self { status: head.status, headers: head.headers, body: bytes.into(), broken, hops }
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's lines, joined by `, `; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let lines = self.headers.get_all(name).iter();
        let texts: Vec<_> = lines.map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
        texts.join(", ")
    }

    /// A service's hop, the one nearest to the client.
    ///
    /// # Panics
    /// Where the service had no part in the answer.
    #[expect(clippy::panic, reason = "a test that asks for a hop that was not there has failed")]
    #[must_use]
    #[track_caller]
    pub fn hop(&self, service: &str) -> &HopEvent {
        match self.hops.iter().rev().find(|hop| hop.service == service) {
            Some(hop) => hop,
            None => panic!("`{service}` had no part in the answer; the hops are {:?}", self.hops),
        }
    }
}

fn data(frame: http_body::Frame<Bytes>) -> Option<Bytes> {
    frame.into_data().ok()
}
