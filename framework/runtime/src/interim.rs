//! Interim responses (1xx) of origins, on their way to the client whose request they answer (RFC 9110 section 15.2).
//!
//! An [`Interim`] rides with a request from hop to hop; the network hands it what comes ahead of the response, and the
//! connection that the request came on (`Outlet`) sends it. They are for whoever asked, and for nobody else: not for those
//! who wait for the same, not for the shelf. Only HTTP/1.1 connections have an outlet: HTTP/1.0 knows no interim responses,
//! and hyper's HTTP/2 server gives no way to its streams.

mod outlet;

use std::{io::Write as _, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri, header, uri::PathAndQuery};
use selvedge_cache::answer::strip_surrogate;

pub(crate) use self::outlet::{Outlet, Which};
use crate::headers::strip_hop_by_hop;

/// Where the interim responses to a request go; nowhere by default.
#[derive(Clone, Debug, Default)]
pub struct Interim(Option<Way>);

#[derive(Clone, Debug)]
struct Way {
    outlet: Arc<Outlet>,
    /// Which of the connection's requests it was.
    request: u64,
    /// What the client asked for.
    target: PathAndQuery,
}

impl Interim {
    /// Those to a request for `uri`, which came with this number on a connection with this outlet.
    pub(crate) fn by(outlet: &Arc<Outlet>, request: u64, uri: &Uri) -> Self {
        let way = uri.path_and_query().map(|target| Way {
            outlet: Arc::clone(outlet),
            request,
            target: target.clone(),
        });
        Self(way)
    }

    /// The same for a request that is sent on: what a handler asks for on its own account says nothing of the client's
    /// target, and `Link` fields would be read as if it did.
    pub(crate) fn to(&self, uri: &Uri) -> Self {
        let same = self.0.as_ref().filter(|way| uri.path_and_query() == Some(&way.target));
        Self(same.cloned())
    }

    /// Whether anybody hears them.
    pub(crate) fn is_heard(&self) -> bool {
        self.0.is_some()
    }

    /// Passes one on, without what concerns a connection or surrogates only. 100 and 101 are between the node and its
    /// backend.
    pub(crate) fn send(&self, status: StatusCode, headers: &HeaderMap) {
        let passes = status.is_informational()
            && status != StatusCode::CONTINUE
            && status != StatusCode::SWITCHING_PROTOCOLS;
        if let Some(way) = self.0.as_ref().filter(|_| passes) {
            way.outlet.send(way.request, head(status, headers.clone()));
        }
    }
}

/// A head as HTTP/1.1 writes it. Names and values are of a kind that needs no escaping.
fn head(status: StatusCode, mut headers: HeaderMap) -> Bytes {
    strip_hop_by_hop(&mut headers);
    strip_surrogate(&mut headers);
    headers.remove(header::CONTENT_LENGTH);
    let mut text = Vec::with_capacity(256);
    let reason = status.canonical_reason().unwrap_or_default();
    // Writing to memory cannot fail.
    let _ = write!(text, "HTTP/1.1 {} {reason}\r\n", status.as_u16());
    for (name, value) in &headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b"\r\n");
    text.into()
}

#[cfg(test)]
mod tests;
