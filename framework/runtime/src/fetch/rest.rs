//! A stored part and the rest of it from the origin, put together as the rest comes in.

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::StatusCode;
use selvedge::{Body, Response};
use selvedge_cache::{
    fill::StoredBody,
    rest::{Answered, Rest},
    storable::ResponseView,
};

use super::body::Chunks;

const BODY_LENGTH: &str = "the rest of a stored part is not as long as its `Content-Range` says";

/// An answer with what is stored put to it.
pub(super) enum Completed {
    /// Whatever was asked for, this is not less than it.
    Whole(Response),
    /// It answers the question for the rest with something else than the rest.
    Unfit(Response),
}

/// Makes a whole of the rest; any other answer is left as it is.
pub(super) fn completed(rest: Option<&Rest>, response: Response) -> Completed {
    let Some(rest) = rest else { return Completed::Whole(response) };
    let view = ResponseView { status: response.status(), headers: response.headers() };
    match rest.judge(&view) {
        Answered::Other => Completed::Whole(response),
        Answered::Unfit => Completed::Unfit(response),
        Answered::Rest(headers) => {
            let (mut head, body) = response.into_parts();
            head.status = StatusCode::OK;
            head.headers = headers;
            Completed::Whole(Response::from_parts(head, whole(rest, body)))
        }
    }
}

fn whole(rest: &Rest, body: Body) -> Body {
    let missing = rest.missing();
    let middle = exactly(body, missing.end.saturating_sub(missing.start));
    Body::from_stream(stored(rest.before()).chain(middle).chain(stored(rest.after())))
}

fn stored(body: Option<&StoredBody>) -> impl Stream<Item = Result<Bytes, axum::Error>> + use<> {
    let body = body.map_or_else(Body::empty, |body| Body::new(Chunks::stored(body)));
    body.into_data_stream()
}

/// A body that breaks off where it is longer or shorter than it should be: what comes after it has its place.
fn exactly(body: Body, length: u64) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    stream::try_unfold((body.into_data_stream(), length), async |(mut body, left)| {
        let piece = body.next().await.transpose()?;
        match piece {
            None if left == 0 => Ok(None),
            Some(piece) if piece.len() as u64 <= left => {
                let left = left.saturating_sub(piece.len() as u64);
                Ok(Some((piece, (body, left))))
            }
            _ => Err(axum::Error::new(BODY_LENGTH)),
        }
    })
}
