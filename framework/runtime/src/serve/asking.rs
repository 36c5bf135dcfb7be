//! The pipeline as a connection asks it: each request with what it needs to know of the connection, and each answer behind
//! what was sent ahead of it.

use std::sync::Arc;

use http::Version;
use hyper::body::Incoming;
use selvedge::Request;

use super::{body::body, conn::HEAD_MAX, linger::Unread, reset::Broken};
use crate::{
    edge::Arrival,
    entrance::Entrance,
    headers,
    interim::{Interim, Outlet},
    reply::Reply,
    soon::Soon,
};

/// The pipeline, for the requests of one connection.
#[derive(Clone)]
pub(super) struct Asking {
    entrance: Entrance,
    arrival: Arrival,
    outlet: Arc<Outlet>,
    unread: Arc<Unread>,
    broken: Broken,
}

impl Asking {
    pub(super) fn new(entrance: Entrance, arrival: Arrival) -> Self {
        Self {
            entrance,
            arrival,
            outlet: Arc::default(),
            unread: Arc::default(),
            broken: Broken::default(),
        }
    }

    pub(super) fn outlet(&self) -> Arc<Outlet> {
        Arc::clone(&self.outlet)
    }

    /// What hyper has read of a request, with a body that must keep coming.
    pub(super) fn received(&self, request: http::Request<Incoming>) -> Request {
        request.map(|incoming| body(incoming, self.entrance.uploads, &self.unread))
    }

    /// Whether a body has broken off whose end nothing but that of the connection tells.
    pub(super) fn broken(&self) -> Broken {
        self.broken.clone()
    }

    pub(super) fn unread(&self) -> Arc<Unread> {
        Arc::clone(&self.unread)
    }

    /// The answer to a request whose head may be too large.
    pub(super) fn reply(&self, request: &mut Request) -> Soon<Reply> {
        match headers::size(request.headers()) {
            ..=HEAD_MAX => self.ask(request),
            size => Soon::Now(Reply::Made(self.entrance.edge().refuse_head(size))),
        }
    }

    /// The same for one whose head is not. A hit is answered at once, and leaves the request where it is.
    pub(super) fn ask(&self, request: &mut Request) -> Soon<Reply> {
        let (version, edge) = (request.version(), self.entrance.edge());
        // HTTP/1.0 knows no interim responses, and one connection of HTTP/2 has many requests at once.
        if version == Version::HTTP_11 {
            let number = self.outlet.number();
            let interim = Interim::by(&self.outlet, number, request.uri());
            ahead(&self.outlet, number, edge.reply(request, &self.arrival, interim))
        } else {
            edge.reply(request, &self.arrival, Interim::default())
        }
    }
}

/// The answer to the request with this number, once all that was sent ahead of it has left. Ahead of one that is there
/// nothing can be sent.
fn ahead(outlet: &Arc<Outlet>, request: u64, answer: Soon<Reply>) -> Soon<Reply> {
    match answer {
        Soon::Later(answer) => {
            outlet.open(request);
            let outlet = Arc::clone(outlet);
            Soon::Later(Box::pin(async move { outlet.ahead_of(answer).await }))
        }
        now => now,
    }
}
