//! One connection: HTTP/1.1, or HTTP/2 by prior knowledge, told apart by their first bytes.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use http::{HeaderValue, Method, Version, header};
use http_body::Body as _;
use hyper::{body::Incoming, ext::ReasonPhrase, server::conn::http2, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::Watcher,
};
use selvedge::{Body, Response};
use tokio::net::TcpStream;

use super::{
    Stop,
    asking::Asking,
    http1::{self, Lanes},
    lane::in_turns,
    portions::in_portions,
    protocol::{Protocol, first_bytes},
};
use crate::{edge::Arrival, entrance::Entrance, page::CloseAfter, reply::Reply};

/// A client that takes longer to send a request's head is let go, and one that says nothing for longer between requests.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A client that takes nothing of its answer for longer is let go.
const READ_STALL: Duration = Duration::from_secs(300);
/// The largest head of a request, in bytes: room for the documented 69 KB.
pub(super) const HEAD_MAX: usize = 80 * 1024;

/// Serves a connection to its end.
pub(super) async fn serve(
    entrance: Entrance,
    stream: TcpStream,
    peer: SocketAddr,
    watcher: Watcher,
    mut stop: Stop,
) {
    // Small answers leave at once; a socket that refuses is served all the same.
    let _ = stream.set_nodelay(true);
    let _ = let_go_of_stalled(&stream);
    // A connection that has asked for nothing does not hold up the node's end.
    let told = tokio::select! {
        told = first_bytes(&stream) => told,
        _ = stop.wait_for(|stop| *stop) => None,
    };
    let Some(told) = told else { return };
    let arrival = Arrival::from(Some(peer.ip()), "http");
    let asking = Asking::new(entrance, arrival);
    match told {
        Protocol::Http1 => {
            let broken = asking.broken();
            let at_last = move |stream: &_| broken.reset(stream);
            let (lane, connection) =
                http1::connection(asking, stream, at_last, Lanes::Open, Some(stop));
            tell(peer, in_turns(lane, watcher.watch(connection)).await);
        }
        Protocol::Http2 => http2(asking, stream, peer, watcher).await,
    }
}

async fn http2(asking: Asking, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
    // hyper would send what a response to HEAD has of content.
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (version, is_head) = (request.version(), request.method() == Method::HEAD);
        asking.reply(&mut asking.received(request)).then(move |reply| {
            let response = response(reply, version);
            Ok::<_, Infallible>(if is_head { without_content(response) } else { response })
        })
    });
    let connection = http2_builder().serve_connection(TokioIo::new(stream), service);
    tell(peer, watcher.watch(connection).await);
}

/// A client that takes nothing of its answer for so long is let go by the system: what it was reading would otherwise
/// stay in memory for as long as it likes.
#[cfg(target_os = "linux")]
pub(crate) fn let_go_of_stalled(stream: &TcpStream) -> std::io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(READ_STALL))
}

/// Other systems keep to their own limits.
#[cfg(not(target_os = "linux"))]
pub(crate) fn let_go_of_stalled(_: &TcpStream) -> std::io::Result<()> {
    Ok(())
}

/// How HTTP/2 is served.
pub(crate) fn http2_builder() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_TIMEOUT)
        .max_header_list_size(HEAD_MAX as u32);
    builder
}

/// A response for a connection of this version.
pub(super) fn response(reply: Reply, version: Version) -> Response {
    for_connection(in_portions(reply.into_response()), version)
}

/// The head of a response, with the length that its content would have (RFC 9110 section 9.3.2).
fn without_content(mut response: Response) -> Response {
    let length = response.body().size_hint().exact().filter(|_| !response.body().is_end_stream());
    if let Some(length) = length {
        response.headers_mut().entry(header::CONTENT_LENGTH).or_insert_with(|| length.into());
    }
    response.map(|_| Body::empty())
}

/// The last changes, which depend on the connection.
fn for_connection(mut response: Response, version: Version) -> Response {
    let close = response.extensions().get::<CloseAfter>().is_some();
    if close && version <= Version::HTTP_11 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if response.status().canonical_reason().is_none() {
        // hyper would make a reason up (RFC 9112 section 4: it may be empty).
        response.extensions_mut().get_or_insert_with(|| ReasonPhrase::from_static(b""));
    }
    *response.version_mut() = version;
    response
}

/// A malformed request is the client's fault and says so; a connection that just went away is
/// nobody's.
fn tell(peer: SocketAddr, served: hyper::Result<()>) {
    if let Some(error) = served.err().filter(hyper::Error::is_parse) {
        eprintln!("malformed request from {peer}: {error}");
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_client_that_stops_reading_is_let_go_by_the_system() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let_go_of_stalled(&stream).unwrap();
        let limit = socket2::SockRef::from(&stream).tcp_user_timeout().unwrap();
        assert_eq!(limit, Some(READ_STALL));
        drop(client);
    }
}
