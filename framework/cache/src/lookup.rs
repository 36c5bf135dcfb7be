//! May a request use the cache at all (RFC 9111 section 4).
//!
//! Whether something stored may then answer it is decided in `reuse`.

use http::Method;

use crate::decision::PassReason;

/// Whether a request with this method asks the cache.
///
/// # Errors
///
/// [`PassReason::Method`] for all but GET and HEAD.
pub fn may_look_up(method: &Method) -> Result<(), PassReason> {
    match *method {
        Method::GET | Method::HEAD => Ok(()),
        _ => Err(PassReason::Method),
    }
}
