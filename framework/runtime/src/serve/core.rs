//! One core: a reactor, its listeners, its connections, and how they end.

use std::{io, net::TcpListener, time::Duration};

use hyper_util::server::graceful::GracefulShutdown;
use tokio::{net, sync::watch, time};

use super::{accept::accept, conn};
use crate::{background::Background, entrance::Entrance};

/// How long connections, and what handlers left for later, may go on after the node was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Turns true when the node is to stop.
pub type Stop = watch::Receiver<bool>;

/// What one core does.
pub struct CoreJob {
    /// Where its requests come in.
    pub entrance: Entrance,
    /// The sockets that it accepts on.
    pub listeners: Vec<TcpListener>,
    /// When it is to end.
    pub stop: Stop,
}

/// What had not ended in time when a core stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Connections of this core.
    pub connections: usize,
    /// Pieces of work that handlers left for after their response, of the whole node.
    pub work: usize,
}

/// Serves until told to stop, then drains. Returns what was cut.
///
/// # Errors
/// Where a listener cannot be used by the reactor.
pub async fn run_core(job: CoreJob) -> io::Result<Cut> {
    let CoreJob { entrance, listeners, stop } = job;
    let graceful = GracefulShutdown::new();
    let mut accepting = Vec::new();
    for listener in listeners {
        let listener = net::TcpListener::from_std(listener)?;
        let serve = |stream, peer| {
            drop(tokio::spawn(conn::serve(
                entrance.clone(),
                stream,
                peer,
                graceful.watcher(),
                stop.clone(),
            )));
        };
        accepting.push(accept(listener, stop.clone(), serve));
    }
    futures_util::future::join_all(accepting).await;
    Ok(drain(graceful, &*entrance.worlds.now().background).await)
}

/// Connections first: what they answer may leave more to do.
async fn drain(graceful: GracefulShutdown, background: &dyn Background) -> Cut {
    let until = time::Instant::now() + DRAIN;
    let open = graceful.count();
    let connections = match time::timeout_at(until, graceful.shutdown()).await {
        Ok(()) => 0,
        Err(_) => open,
    };
    let work = match time::timeout_at(until, background.kept()).await {
        Ok(()) => 0,
        Err(_) => background.promised(),
    };
    Cut { connections, work }
}

#[cfg(test)]
mod tests;
