//! The parts of a path, unescaped.

use axum::extract::{FromRequestParts, Path, rejection::PathRejection};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::Failed;

/// Where a call points: the variable segments of its path, in order.
pub(in crate::admin) struct At<T>(pub(in crate::admin) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(segments)) => Ok(Self(segments)),
            Err(error) => Err(unreadable(&error)),
        }
    }
}

/// What a segment should have been.
fn unreadable(error: &PathRejection) -> Failed {
    let text = error.body_text();
    let why = text.strip_prefix("Invalid URL: ").unwrap_or(&text);
    Failed::bad_request(format!("the path is not as expected: {why}"))
}
