//! The one socket of an edge, for a test that asks for it.

use std::net::{SocketAddr, TcpListener};

use selvedge::model::limits::API_WRITES_PER_HOUR;
use selvedge_runtime::{
    admin::{self, Port},
    serve::Uploads,
};
use tokio::io::{DuplexStream, duplex};

use crate::Edge;

impl Edge {
    /// Opens the management API on a port of the loopback address, which the system chooses, and serves it for as long as
    /// the test's reactor runs.
    ///
    /// # Errors
    /// Where there is no port.
    pub async fn serve_admin(&self) -> std::io::Result<SocketAddr> {
        self.serve_admin_within(API_WRITES_PER_HOUR).await
    }

    /// A connection of HTTP/1.1 to the management API that holds so many bytes on the way, each way.
    #[must_use]
    pub fn admin_wire(&self, holds: usize) -> DuplexStream {
        let (client, server) = duplex(holds);
        let router = self.inner.admin_router(API_WRITES_PER_HOUR);
        drop(tokio::spawn(admin::serve_stream(server, router, Uploads::default())));
        client
    }

    /// The same for so many writes an hour.
    ///
    /// # Errors
    /// Where there is no port to be had.
    pub async fn serve_admin_within(&self, writes_per_hour: u64) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let router = self.inner.admin_router(writes_per_hour);
        drop(tokio::spawn(async move {
            let (_never, stop) = tokio::sync::watch::channel(false);
            admin::serve(Port { listener, router, uploads: Uploads::default() }, stop).await
        }));
        Ok(address)
    }
}
