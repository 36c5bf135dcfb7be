//! One connection: HTTP/1.1, or HTTP/2 by prior knowledge, told apart by their first bytes.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use http::{HeaderValue, Request, Response, Version, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::Watcher},
};
use selvedge::Body;
use tokio::net::TcpStream;

use crate::{
    edge::{Arrival, Edge},
    page::CloseAfter,
};

/// A client that takes longer to send a request's head is let go.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest head of a request, in bytes: room for the documented 69 KB.
const HEAD_MAX: usize = 80 * 1024;

/// Serves a connection to its end.
pub(super) async fn serve(edge: Edge, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
    // Small answers leave at once; a socket that refuses is served all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(edge.clone(), peer, request));
    let builder = builder();
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tell(peer, &*error);
    }
}

fn builder() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_MAX);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(HEAD_MAX as u32);
    builder
}

async fn answer(
    edge: Edge,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let version = request.version();
    let arrival = Arrival { client: Some(peer.ip()), scheme: "http" };
    let response = edge.receive(request.map(Body::new), arrival).await;
    Ok(for_connection(response, version))
}

/// The last changes, which depend on the connection.
fn for_connection(mut response: Response<Body>, version: Version) -> Response<Body> {
    let close = response.extensions().get::<CloseAfter>().is_some();
    if close && version <= Version::HTTP_11 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    *response.version_mut() = version;
    response
}

/// A malformed request is the client's fault and says so; a connection that just went away is
/// nobody's.
fn tell(peer: SocketAddr, error: &(dyn std::error::Error + Send + Sync + 'static)) {
    let malformed = error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse);
    if malformed {
        eprintln!("malformed request from {peer}: {error}");
    }
}
