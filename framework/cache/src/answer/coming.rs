//! The answer that a response gives while its body is still coming in (RFC 9110 sections 13.2 and 14.2).
//!
//! The same as that of a stored one, as far as it can be known: without a declared length no range can be placed, so
//! the whole is sent, which a server may always do. Several ranges at once are answered with the whole, too.

use http::header::{CONTENT_LENGTH, IF_RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::ranged::{one_range, unsatisfiable};
use super::{Answer, BodyPlan, answer_headers_of, not_modified, set_content_length};
use crate::condition::{self, Condition};
use crate::entry::StoredHead;
use crate::range::{self, RangeAnswer};

/// Answers a request from a whole response of which `length` bytes will come, if anybody has said how many.
#[must_use]
pub fn answer_coming(
    head: &StoredHead,
    length: Option<u64>,
    method: &Method,
    request_headers: &HeaderMap,
    now_ms: u64,
) -> Answer {
    if condition::evaluate(method, request_headers, head) == Condition::NotModified {
        return not_modified(head, now_ms);
    }
    let mut headers = answer_headers_of(head, now_ms);
    match length {
        None => drop(headers.remove(CONTENT_LENGTH)),
        Some(length) => set_content_length(&mut headers, head.status, length),
    }
    let Some(length) = length else { return whole(head.status, method, headers) };
    match range::evaluate(method, request_headers, head, length) {
        RangeAnswer::Unsatisfiable => unsatisfiable(&headers, length),
        RangeAnswer::Parts(ranges) => match ranges.as_slice() {
            [range] => {
                one_range(range, Some(length), headers, request_headers.contains_key(IF_RANGE))
            }
            _ => whole(head.status, method, headers),
        },
        RangeAnswer::Whole => whole(head.status, method, headers),
    }
}

fn whole(status: StatusCode, method: &Method, headers: HeaderMap) -> Answer {
    let empty = headers.get(CONTENT_LENGTH) == Some(&HeaderValue::from(0));
    let body = match *method == Method::HEAD || empty {
        true => BodyPlan::Empty,
        false => BodyPlan::Whole,
    };
    Answer { status, headers, body }
}
