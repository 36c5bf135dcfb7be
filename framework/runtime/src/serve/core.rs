//! One core: a reactor, its listeners, its connections, and how they end.

use std::{io, net::TcpListener, time::Duration};

use hyper_util::server::graceful::GracefulShutdown;
use tokio::{net, sync::watch, time};

use super::{accept::accept, conn};
use crate::edge::Edge;

/// How long a connection may go on after the node was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Turns true when the node is to stop.
pub type Stop = watch::Receiver<bool>;

/// What one core does.
pub struct CoreJob {
    /// The world, and the way out of it.
    pub edge: Edge,
    /// The sockets that it accepts on.
    pub listeners: Vec<TcpListener>,
    /// When it is to end.
    pub stop: Stop,
}

/// Serves until told to stop, then drains. Returns how many connections were cut.
///
/// # Errors
/// Where a listener cannot be used by the reactor.
pub async fn run_core(job: CoreJob) -> io::Result<usize> {
    let CoreJob { edge, listeners, stop } = job;
    let graceful = GracefulShutdown::new();
    let mut accepting = Vec::new();
    for listener in listeners {
        let listener = net::TcpListener::from_std(listener)?;
        let serve = |stream, peer| {
            drop(tokio::spawn(conn::serve(
                edge.clone(),
                stream,
                peer,
                graceful.watcher(),
                stop.clone(),
            )));
        };
        accepting.push(accept(listener, stop.clone(), serve));
    }
    futures_util::future::join_all(accepting).await;
    let open = graceful.count();
    match time::timeout(DRAIN, graceful.shutdown()).await {
        Ok(()) => Ok(0),
        Err(_) => Ok(open),
    }
}
