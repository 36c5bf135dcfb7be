//! A connection to an edge without a socket: bytes in, bytes out.

use std::net::{IpAddr, Ipv4Addr};

use selvedge_runtime::{
    entrance::Entrance,
    serve::{Lanes, serve_stream},
};
use tokio::io::{DuplexStream, duplex};

use crate::Edge;

impl Edge {
    /// Opens a connection of HTTP/1.1 that holds so many bytes on the way, each way. It is served for as long as the
    /// runtime that the test runs in.
    #[must_use]
    pub fn wire(&self, holds: usize, lanes: Lanes) -> DuplexStream {
        let (client, server) = duplex(holds);
        let from = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        drop(tokio::spawn(serve_stream(self.inner.entrance.clone(), server, from, lanes)));
        client
    }

    /// Where its connections hand in what comes, for tests of what the node makes of a request before it is written.
    #[must_use]
    pub fn entrance(&self) -> &Entrance {
        &self.inner.entrance
    }
}
