//! Answers of calls that did what they were to do.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Serialize;

use super::Failed;

/// What an endpoint answers.
pub(in crate::admin) type Reply = Result<Response, Failed>;

/// 200 with what there is now.
pub(in crate::admin) fn ok(shown: impl Serialize) -> Reply {
    Ok(Json(shown).into_response())
}

/// 201 with what was made.
pub(in crate::admin) fn created(shown: impl Serialize) -> Reply {
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// 200 with `{"status":"ok"}`, where nothing else is to be said.
pub(in crate::admin) fn done() -> Reply {
    #[derive(Serialize)]
    struct Done {
        status: &'static str,
    }
    ok(Done { status: "ok" })
}

/// 204 without a body.
pub(in crate::admin) fn gone() -> Reply {
    Ok(StatusCode::NO_CONTENT.into_response())
}
