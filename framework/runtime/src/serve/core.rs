//! One core: a reactor, its listeners, its connections, and how they end.

use std::{io, net::TcpListener, time::Duration};

use hyper_util::server::graceful::GracefulShutdown;
use tokio::{net, sync::watch, time};

use super::conn;
use crate::edge::Edge;

/// How long a connection may go on after the node was told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// The pause after the system refused a connection, for example because files ran out.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

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
        accepting.push(accept(&edge, listener, &graceful, stop.clone()));
    }
    futures_util::future::join_all(accepting).await;
    let open = graceful.count();
    match time::timeout(DRAIN, graceful.shutdown()).await {
        Ok(()) => Ok(0),
        Err(_) => Ok(open),
    }
}

async fn accept(
    edge: &Edge,
    listener: net::TcpListener,
    graceful: &GracefulShutdown,
    mut stop: Stop,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                drop(tokio::spawn(conn::serve(edge.clone(), stream, peer, graceful.watcher())));
            }
            Err(_) => time::sleep(REFUSED_PAUSE).await,
        }
    }
}
