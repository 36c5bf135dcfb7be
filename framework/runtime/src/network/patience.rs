//! How long the head of a response is waited for. Connecting has a time of its own. Then the first byte is late where
//! nothing has moved for too long: neither the request's body, nor what is written to the connection. While the client has
//! yet to send some of the body, the backend is not to blame.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use tokio::time::{Instant, timeout_at};

/// What an exchange waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// More of the request's body, from the client.
    Client,
    /// The backend, since something was last written to it, if anything was.
    Backend(Option<Instant>),
}

/// The head of the response on a connection that is `made` first; `None` where it is late.
pub(super) async fn head_within<F: Future>(
    response: F,
    made: impl Future<Output = ()>,
    wait: impl Fn() -> Wait,
    limit: Duration,
) -> Option<F::Output> {
    let mut response = pin!(response);
    if let Either::Left((head, _)) = select(response.as_mut(), pin!(made)).await {
        return Some(head);
    }
    let connected = Instant::now();
    loop {
        let late = || latest(wait(), connected, limit);
        match timeout_at(late(), response.as_mut()).await {
            Ok(head) => return Some(head),
            // Something may have moved meanwhile.
            Err(_) if late() <= Instant::now() => return None,
            Err(_) => {}
        }
    }
}

/// When the first byte is late, as things are.
fn latest(wait: Wait, connected: Instant, limit: Duration) -> Instant {
    let since = match wait {
        Wait::Client => Instant::now(),
        Wait::Backend(moved) => moved.map_or(connected, |moved| moved.max(connected)),
    };
    since + limit
}

#[cfg(test)]
mod tests;
