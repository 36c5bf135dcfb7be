//! The errors of the older endpoints: `{"msg": "...", "detail": "..."}` (platform.md section 1.3).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use selvedge_model::suggest;
use serde::Serialize;

/// Why a call failed: what kind of failure it is, and what can be done about it.
#[derive(Debug, Serialize)]
pub(super) struct LegacyError {
    #[serde(skip)]
    status: StatusCode,
    msg: &'static str,
    detail: String,
}

impl LegacyError {
    /// The call itself is wrong.
    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, msg: "Bad request", detail: detail.into() }
    }

    /// What it is about does not exist.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, msg: "Record not found", detail: detail.into() }
    }

    /// The same for something that has a name, with the nearest name that exists.
    pub(super) fn no_such<'a>(
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
    ) -> Self {
        let hint = suggest::hint(name, known).map(|hint| format!("; {hint}"));
        Self::not_found(format!("there is no {what} `{name}`{}", hint.unwrap_or_default()))
    }

    /// The path takes another method.
    pub(super) fn method_not_allowed() -> Self {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self { status, msg: "Method not allowed", detail: "purges are `POST`".to_owned() }
    }

    /// The token is missing or wrong.
    pub(super) fn unauthorised() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            msg: "Provided credentials are missing or invalid",
            detail: "send the admin token in the `Fastly-Key` header".to_owned(),
        }
    }
}

impl IntoResponse for LegacyError {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}
