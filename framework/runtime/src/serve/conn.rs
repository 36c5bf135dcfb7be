//! One connection: HTTP/1.1, or HTTP/2 by prior knowledge, told apart by their first bytes.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use http::{HeaderValue, Method, Version, header};
use http_body::Body as _;
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::Watcher,
};
use selvedge::{Body, Request, Response};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    Stop,
    body::body,
    http1::{self, Lanes},
    lane::in_turns,
    linger::Unread,
    portions::in_portions,
    reset::Broken,
};
use crate::{
    edge::Arrival,
    entrance::Entrance,
    headers,
    interim::{Interim, Outlet},
    page::CloseAfter,
    reply::Reply,
    soon::Soon,
};

/// A client that takes longer to send a request's head is let go.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A client that takes nothing of its answer for longer is let go.
const READ_STALL: Duration = Duration::from_secs(300);
/// How every HTTP/2 connection begins.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The pause between two looks at a connection that has begun to say so.
const PEEK_AGAIN: Duration = Duration::from_millis(20);
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
            let (lane, connection) = http1::connection(asking, stream, at_last, Lanes::Open);
            tell(peer, in_turns(lane, watcher.watch(connection)).await);
        }
        Protocol::Http2 => http2(asking, stream, peer, watcher).await,
    }
}

async fn http2(asking: Asking, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
    let service = service_fn(move |request| asking.service(request));
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

/// What a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// HTTP/1.1 or 1.0, or what is neither.
    Http1,
    /// HTTP/2, by prior knowledge.
    Http2,
}

/// Waits until a connection has said enough to tell its protocol; none if it does not in time.
pub(crate) async fn first_bytes(stream: &TcpStream) -> Option<Protocol> {
    timeout(HEAD_TIMEOUT, told_protocol(stream)).await.ok()?
}

async fn told_protocol(stream: &TcpStream) -> Option<Protocol> {
    let mut first = [0; HTTP2.len()];
    loop {
        match stream.peek(&mut first).await {
            Ok(0) | Err(_) => return None,
            Ok(length) if first[..length] != HTTP2[..length] => return Some(Protocol::Http1),
            Ok(length) if length == HTTP2.len() => return Some(Protocol::Http2),
            // Peeking again at once would find the same bytes.
            Ok(_) => sleep(PEEK_AGAIN).await,
        }
    }
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

    /// The same as hyper calls it for HTTP/2, where it would send what a response to HEAD has of content.
    fn service(&self, request: http::Request<Incoming>) -> Soon<Result<Response, Infallible>> {
        let (version, is_head) = (request.version(), request.method() == Method::HEAD);
        self.reply(&mut self.received(request)).then(move |reply| {
            let response = response(reply, version);
            Ok(if is_head { without_content(response) } else { response })
        })
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
