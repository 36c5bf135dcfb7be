//! Who sent a request, as far as it matters: the operator, or anybody.
//!
//! Decided once, at the edge, by the admin token in `Fastly-Key`. The token is taken out there, so
//! that no handler and no origin sees it; what it proved rides in the hop's context.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use selvedge::{Request, store::secret::Secret};
use subtle::ConstantTimeEq;

use crate::purge;

const FASTLY_KEY: HeaderName = HeaderName::from_static("fastly-key");

/// Who sent a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// Whoever has the token of the management API.
    Operator,
    /// Anybody, to purge something. A service that sends the request on lends it nothing: what the
    /// service may purge by its chain token, this client may not.
    Purging,
    /// Anybody, for anything else. A PURGE that a service sends on the way is the service's own.
    #[default]
    Anybody,
}

impl Caller {
    /// Whose request this is. Takes the token out of it.
    #[must_use]
    pub fn take_from(request: &mut Request, token: Option<&Secret>) -> Self {
        match takes_token(request.headers_mut(), token) {
            true => Self::Operator,
            false => Self::of(request.method()),
        }
    }

    /// Whose request this is without a token in it.
    #[must_use]
    pub fn of(method: &Method) -> Self {
        match purge::is_purge(method) {
            true => Self::Purging,
            false => Self::Anybody,
        }
    }
}

/// Removes `Fastly-Key`, and says whether it was the token. Of two fields neither is: nobody should choose one.
pub(crate) fn takes_token(headers: &mut HeaderMap, token: Option<&Secret>) -> bool {
    let is_one = headers.get_all(FASTLY_KEY).iter().count() == 1;
    let given = headers.remove(FASTLY_KEY).filter(|_| is_one);
    token.is_some_and(|token| is_token(token, given.as_ref()))
}

/// Compares in constant time. An empty token is none.
fn is_token(token: &Secret, given: Option<&HeaderValue>) -> bool {
    let given = given.map(HeaderValue::as_bytes).unwrap_or_default();
    !token.plaintext().is_empty() && bool::from(token.plaintext().ct_eq(given))
}
