//! Who may use the management API: whoever sends the token as `Fastly-Key`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use selvedge::store::secret::Secret;
use serde_json::json;
use subtle::ConstantTimeEq;

const FASTLY_KEY: HeaderName = HeaderName::from_static("fastly-key");

/// Lets a request through if it carries the token, compared in constant time.
pub(super) async fn require_token(
    State(token): State<Arc<Secret>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match is_allowed(&token, &request) {
        true => next.run(request).await,
        false => refused(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn is_allowed(token: &Secret, request: &Request) -> bool {
    let given = request.headers().get(FASTLY_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    !token.plaintext().is_empty() && bool::from(token.plaintext().ct_eq(given))
}

fn refused() -> Response {
    let detail = "send the admin token in the `Fastly-Key` header";
    let body = json!({ "msg": "Provided credentials are missing or invalid", "detail": detail });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

/// Says what there is.
pub(super) async fn no_such_endpoint() -> Response {
    let body = json!({ "msg": "Record not found", "detail": "there is `GET /account`" });
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}
