//! When a write makes what is stored under its URI worthless (RFC 9111 section 4.4).

use http::{Method, StatusCode};

/// Whether all that is stored for the target URI must go: the method is not known to be safe, and the answer is not
/// an error.
#[must_use]
pub fn invalidates(method: &Method, status: StatusCode) -> bool {
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    !safe && (status.is_success() || status.is_redirection())
}
