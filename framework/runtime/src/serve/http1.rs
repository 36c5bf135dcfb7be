//! A connection of HTTP/1.1, or 1.0: hyper, and below it a lane for plain hits.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use http_body::Body as _;
use hyper::{body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{rt::TokioTimer, server::graceful::GracefulConnection};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    ahead::Ahead,
    asking::Asking,
    conn::{HEAD_MAX, HEAD_TIMEOUT, response},
    core::Stop,
    lane::{Ask, Desk, Lane, Patience, Shared, Watched, in_turns},
    linger::{Linger, Unread},
};
use crate::{edge::Arrival, entrance::Entrance, reply::Reply, soon::Soon};

/// Whether connections have a lane for plain hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lanes {
    /// They have one.
    Open,
    /// hyper reads and writes everything. Clients see no difference.
    Closed,
}

/// Serves HTTP/1.1 over any stream to its end, as over a connection from this address.
///
/// # Errors
/// Where the stream fails, or what comes is not HTTP.
pub async fn serve_stream(
    entrance: Entrance,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: Option<IpAddr>,
    lanes: Lanes,
) -> hyper::Result<()> {
    let asking = Asking::new(entrance, Arrival::from(client, "http"));
    let (lane, connection) = connection(asking, stream, |_| (), lanes, None);
    in_turns(lane, connection).await
}

/// What hyper is given; nothing of it can fail.
type Served = Result<http::Response<Watched>, Infallible>;

/// The lane over a stream that lingers.
type Below<T, F, A> = Shared<Linger<T, F>, A>;

/// A connection, yet to be served in turns, what is done with its stream when it is let go, and who tells it that the node
/// stops.
pub(super) fn connection<
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    F: Fn(&T) + Unpin + 'static,
>(
    asking: Asking,
    stream: T,
    at_last: F,
    lanes: Lanes,
    stop: Option<Stop>,
) -> (Below<T, F, impl Ask>, impl GracefulConnection<Error = hyper::Error>) {
    let (desk, outlet, below) = (Desk::new(asking.unread()), asking.outlet(), asking.clone());
    let stream = Linger::new(stream, asking.unread(), at_last).until(stop);
    // What the lane reads has come as one portion, and so is within the limit.
    let lane = Lane::over(stream, lanes, Arc::clone(&desk), move |request| below.ask(request));
    let timer = Patience::new(&desk, HEAD_TIMEOUT);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (version, mut request) = (request.version(), asking.received(request));
        let reply = desk.take(&request).unwrap_or_else(|| {
            let has_body = !request.body().is_end_stream();
            let reply = asking.reply(&mut request);
            if has_body { after_body(reply, asking.unread()) } else { reply }
        });
        let desk = Arc::clone(&desk);
        let broken = asking.broken();
        reply.then(move |reply| -> Served {
            Ok(desk.watch(broken.watch(response(reply, version), version)))
        })
    });
    let above = Ahead::of(lane.clone(), outlet);
    (lane, http1_builder().timer(timer).serve_connection(above, service))
}

/// The answer to a request with a body. Where that was let go, hyper looks what has come of it before it writes the answer's
/// head: only then does the head say whether the connection goes on (RFC 9112 section 9.6).
fn after_body(reply: Soon<Reply>, unread: Arc<Unread>) -> Soon<Reply> {
    match reply {
        Soon::Later(reply) => Soon::Later(Box::pin(async move {
            let reply = reply.await;
            if unread.is_left() {
                tokio::task::yield_now().await;
            }
            reply
        })),
        now => now,
    }
}

/// How HTTP/1.1 is served.
pub(crate) fn http1_builder() -> Builder {
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_MAX);
    builder
}
