//! The one socket of an edge, for a test that asks for it.

use std::net::{SocketAddr, TcpListener};

use selvedge_runtime::admin;

use crate::Edge;

impl Edge {
    /// Opens the management API on a port of the loopback address, which the system chooses, and serves it for as long as
    /// the test's reactor runs.
    ///
    /// # Errors
    /// Where there is no port.
    pub async fn serve_admin(&self) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let router = self.inner.admin_router();
        drop(tokio::spawn(async move {
            let (_never, stop) = tokio::sync::watch::channel(false);
            admin::serve(listener, router, stop).await
        }));
        Ok(address)
    }
}
