//! What came from the network, made fit for the hop that asked: a head within its limit, a body that can be read, one
//! length, no fields of that connection.

use http::{HeaderMap, HeaderValue, header};
use http_body::Body as _;
use selvedge::{Error, Refusal, Response, Result};
use selvedge_model::limits::RESPONSE_HEAD_MAX;

use super::coding::Coding;
use crate::headers;

/// What came from the network: fields of that connection stay there.
pub(super) fn received(mut response: Response) -> Result<Response> {
    let version = response.version();
    // A connection reads a little more at times, and it should not depend on that what is taken.
    let head = headers::size(response.headers());
    if head > RESPONSE_HEAD_MAX {
        let detail = format!("its head takes {head} bytes, and {RESPONSE_HEAD_MAX} are the most");
        return Err(Error::new(Refusal::ResponseInvalid, detail));
    }
    // Without a body there is nothing that could not be read.
    let has_body = !response.body().is_end_stream();
    if has_body && Coding::of(response.headers()) == Coding::Unreadable {
        let detail = "its body has a transfer coding beside `chunked`, for which nobody asked";
        return Err(Error::new(Refusal::ResponseInvalid, detail));
    }
    // Chunks say where the body ends, and nothing else does (RFC 9112 section 6.3).
    if response.headers().contains_key(header::TRANSFER_ENCODING) {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    settle_length(response.headers_mut());
    headers::strip_hop_by_hop(response.headers_mut());
    headers::add_via(response.headers_mut(), version);
    Ok(response)
}

/// A length that is said several times over is said once; what says no one length is taken off (RFC 9110 section 8.6).
fn settle_length(headers: &mut HeaderMap) {
    let lines = headers.get_all(header::CONTENT_LENGTH).iter();
    let members = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let lengths = members.map(|member| {
        let digits = std::str::from_utf8(member.trim_ascii()).ok()?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>().ok())?
    });
    let lengths: Vec<Option<u64>> = lengths.collect();
    match lengths.as_slice() {
        [] => {}
        [Some(first), rest @ ..] if rest.iter().all(|other| *other == Some(*first)) => {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(*first));
        }
        _ => drop(headers.remove(header::CONTENT_LENGTH)),
    }
}
