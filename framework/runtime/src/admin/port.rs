//! The listener of the management API, and its connections: HTTP as the node serves it everywhere, with the same patience.

use std::{convert::Infallible, io, net::TcpListener, sync::Arc, time::Duration};

use axum::Router;
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use selvedge::Response;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net,
};

use super::answer;
use crate::serve::{self, Linger, Protocol, Stop, Unread};

/// Where the API is served, and how.
pub struct Port {
    /// Where connections come in.
    pub listener: TcpListener,
    /// The endpoints.
    pub router: Router,
    /// How long the next piece of a call's body may take.
    pub upload_idle: Duration,
}

/// Serves the API until told to stop.
///
/// # Errors
/// Where the listener cannot be used by the reactor.
pub async fn serve(port: Port, stop: Stop) -> io::Result<()> {
    let Port { listener, router, upload_idle } = port;
    let listener = net::TcpListener::from_std(listener)?;
    let serve = |stream, _| drop(tokio::spawn(connection(stream, router.clone(), upload_idle)));
    serve::accept(listener, stop, serve).await;
    Ok(())
}

async fn connection(stream: net::TcpStream, router: Router, upload_idle: Duration) {
    let _ = serve::let_go_of_stalled(&stream);
    if let Some(protocol) = serve::first_bytes(&stream).await {
        speak(protocol, stream, router, upload_idle).await;
    }
}

/// Serves HTTP/1.1 over any stream to its end.
pub async fn serve_stream(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    upload_idle: Duration,
) {
    speak(Protocol::Http1, stream, router, upload_idle).await;
}

async fn speak(
    protocol: Protocol,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    upload_idle: Duration,
) {
    let unread = Arc::new(Unread::default());
    let io = TokioIo::new(Linger::new(stream, Arc::clone(&unread), |_| ()));
    let service = service_fn(move |request: Request<Incoming>| {
        let request = request.map(|body| serve::body(body, upload_idle, &unread));
        let answer = answer(router.clone(), request);
        async move { Ok::<Response, Infallible>(serve::in_portions(answer.await)) }
    });
    // The client went away, or sent what is not HTTP and was told so by the library.
    let _ = match protocol {
        Protocol::Http1 => serve::http1_builder().serve_connection(io, service).await,
        Protocol::Http2 => serve::http2_builder().serve_connection(io, service).await,
    };
}
