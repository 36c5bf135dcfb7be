//! The parts of a path, unescaped.

use axum::extract::{
    FromRequestParts, Path, RawPathParams, path::ErrorKind, rejection::PathRejection,
};
use http::request::Parts;
use selvedge_model::number::whole;
use serde::de::DeserializeOwned;

use super::Failed;

/// Where a call points: the variable segments of its path, in order.
pub(in crate::admin) struct At<T>(pub(in crate::admin) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failed> {
        check_escapes(parts.uri.path(), "the path")?;
        check_version(parts, state).await?;
        match Path::from_request_parts(parts, state).await {
            Ok(Path(segments)) => Ok(Self(segments)),
            Err(error) => Err(unreadable(error)),
        }
    }
}

/// That each percent sign begins an escape. One that begins none would be taken for itself, so that two texts were one.
pub(super) fn check_escapes(text: &str, what: &str) -> Result<(), Failed> {
    let mut pieces = text.split('%').skip(1);
    let is_escape = |piece: &str| {
        let digits = piece.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    match pieces.find(|piece| !is_escape(piece)) {
        None => Ok(()),
        Some(piece) => {
            let wrong: String = piece.chars().take(2).collect();
            Err(Failed::bad_request(format!(
                "{what} has `%{wrong}`, which is no escape: two hexadecimal digits follow a percent sign, and `%25` is \
                 one itself"
            )))
        }
    }
}

/// What stands for a version in the pattern of a path.
const VERSION: &str = "version";

/// That what stands for a version is a number with one spelling. The only numbers in paths are those of versions.
async fn check_version<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<(), Failed> {
    // What has no parameters, or unreadable ones, is refused by whoever wants them.
    let Ok(segments) = RawPathParams::from_request_parts(parts, state).await else { return Ok(()) };
    match segments.iter().find(|(name, text)| *name == VERSION && whole::<u32>(text).is_none()) {
        None => Ok(()),
        Some((_, text)) => Err(Failed::bad_request(no_version(text))),
    }
}

/// What a segment should have been.
fn unreadable(error: PathRejection) -> Failed {
    let text = error.body_text();
    let kind = match error {
        PathRejection::FailedToDeserializePathParams(error) => Some(error.into_kind()),
        _ => None,
    };
    let detail = match kind {
        Some(ErrorKind::InvalidUtf8InPathParam { key }) => {
            format!("`{key}` in the path is not UTF-8")
        }
        _ => format!("the path is not as expected: {text}"),
    };
    Failed::bad_request(detail)
}

fn no_version(text: &str) -> String {
    format!(
        "`{text}` is no version: a version is a whole number from 1 to {} without sign or leading zeros, and the path of the \
         service lists those there are",
        u32::MAX
    )
}
