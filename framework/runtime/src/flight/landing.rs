//! A response whose head is there and whose body is coming in: what those who wait for it are answered with.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, header};
use selvedge::{Body, Response};
use selvedge_cache::{
    answer::{Answer, BodyPlan, Piece, answer_coming, answer_headers_of},
    entry::StoredHead,
    fresh::FreshnessSource,
    object::{Life, life},
    partial::ContentRange,
    request::RequestDirectives,
    reuse::{Reuse, reuse},
    shelf::Began,
};

use super::stream::Stream;

/// A response on its way to the shelf.
pub struct Landing {
    /// Its head, as it will be stored.
    pub head: StoredHead,
    /// Which bytes of the representation it brings, if not all.
    pub range: Option<ContentRange>,
    /// Its body.
    pub stream: Arc<Stream>,
    /// When its fetch began.
    pub began: Began,
}

/// Whether a response may answer a request that came at this time and knows nothing of it, so that it need not ask
/// for itself.
#[must_use]
pub fn is_usable(head: &StoredHead, at_ms: u64) -> bool {
    match head.freshness().source {
        FreshnessSource::Object => life(head, at_ms) != Life::Expired,
        _ => !matches!(reuse(head, &RequestDirectives::default(), at_ms), Reuse::Validate(_)),
    }
}

impl Landing {
    /// The answer to a request; `None` where the body's beginning may have been forgotten. Who gets a part has asked
    /// for this very part.
    #[must_use]
    pub fn answer(&self, method: &Method, headers: &HeaderMap, now_ms: u64) -> Option<Response> {
        let planned = match self.range {
            None => answer_coming(&self.head, self.stream.declared(), method, headers, now_ms),
            Some(_) => self.part(now_ms),
        };
        let mut response = Response::new(self.body(&planned.body)?);
        *response.status_mut() = planned.status;
        *response.headers_mut() = planned.headers;
        Some(response)
    }

    fn part(&self, now_ms: u64) -> Answer {
        let mut headers = answer_headers_of(&self.head, now_ms);
        if let Some(length) = self.stream.declared() {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        Answer { status: self.head.status, headers, body: BodyPlan::Whole }
    }

    fn body(&self, plan: &BodyPlan) -> Option<Body> {
        let (from, to) = match plan {
            BodyPlan::Empty => return Some(Body::empty()),
            BodyPlan::Whole => (0, None),
            BodyPlan::Pieces(pieces) => match pieces.as_slice() {
                [Piece::Slice(range)] => (range.start, Some(range.end)),
                _ => return None,
            },
        };
        self.stream.reader(from, to).map(Body::new)
    }
}
