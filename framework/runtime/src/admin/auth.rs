//! Who may use the management API: whoever sends the token as `Fastly-Key`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use selvedge::store::secret::Secret;

use super::legacy::LegacyError;
use crate::caller::takes_token;

/// Lets a request through if it carries the token, compared in constant time.
pub(super) async fn require_token(
    State(token): State<Arc<Secret>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut response = match takes_token(request.headers_mut(), Some(&token)) {
        true => next.run(request).await,
        false => LegacyError::unauthorised().into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
