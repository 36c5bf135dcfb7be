//! Who may use the management API: whoever sends the token as `Fastly-Key`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use selvedge::store::secret::Secret;

use super::wire::{Failed, failed::Kind};
use crate::caller::takes_token;

/// Lets a request through if it carries the token, compared in constant time.
pub(super) async fn require_token(
    State(token): State<Arc<Secret>>,
    mut request: Request,
    next: Next,
) -> Response {
    match takes_token(request.headers_mut(), Some(&token)) {
        true => next.run(request).await,
        false => {
            let detail = "send the admin token in the `Fastly-Key` header";
            Failed::new(Kind::Unauthorised, detail).into_response()
        }
    }
}
