//! Which protocol a connection speaks, by its first bytes.

use std::time::Duration;

use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::conn::HEAD_TIMEOUT;

/// How every HTTP/2 connection begins.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The pause between two looks at a connection that has begun to say so.
const PEEK_AGAIN: Duration = Duration::from_millis(20);

/// What a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// HTTP/1.1 or 1.0, or what is neither.
    Http1,
    /// HTTP/2, by prior knowledge.
    Http2,
}

/// Waits until a connection has said enough to tell its protocol; none if it does not in time, which begins anew with its
/// first byte.
pub(crate) async fn first_bytes(stream: &TcpStream) -> Option<Protocol> {
    timeout(HEAD_TIMEOUT, stream.readable()).await.ok()?.ok()?;
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
