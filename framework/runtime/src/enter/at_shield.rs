//! A service goes on with a request in the POP that is its shield.
//!
//! It is a hop like any other, guarded against loops and told; but it is not entered from outside: chain guard and rules are
//! behind the request already, and the answer leaves the service elsewhere.

use http::HeaderMap;
use selvedge::{Error, Request, Response, host::BoxFuture};

use super::{Asked, Entering, deliver_made, hop, served, tell};
use crate::{
    fetch::{self, Shielded},
    headers,
    hops::Way,
};

/// A hop at a shield that has no response.
pub(crate) struct Failed {
    /// Why.
    pub(crate) error: Error,
    /// The hop's own header items.
    pub(crate) headers: HeaderMap,
}

/// Lets the same service go on with a request in another POP. Its guard and its rules are behind the request already.
pub(crate) fn enter_shield(
    entering: Entering,
    shielded: Shielded,
    request: Request,
) -> BoxFuture<'static, Result<Response, Failed>> {
    Box::pin(async move {
        let asked = Asked::of(&request);
        let (hop, _) = hop(entering, Way::Shielded);
        let answer = match hop.check() {
            Ok(()) => fetch::go_on_at_shield(&hop, shielded, request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(response) => Ok(deliver_made(&hop, &asked, response)),
            Err(error) => {
                let mut headers = hop.take_behind();
                headers::add_served(&mut headers, &served(&hop));
                tell(&hop, &asked, error.status(), Some(&error));
                Err(Failed { error, headers })
            }
        }
    })
}
