//! Taking connections until the node stops, also when the system refuses one.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    time,
};

use super::Stop;

/// The pause after the system refused a connection, for example because files ran out.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// Gives each connection to `serve`, which must not wait.
pub(crate) async fn accept(
    listener: TcpListener,
    mut stop: Stop,
    serve: impl Fn(TcpStream, SocketAddr),
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match accepted {
            Ok((stream, peer)) => serve(stream, peer),
            Err(_) => time::sleep(REFUSED_PAUSE).await,
        }
    }
}
