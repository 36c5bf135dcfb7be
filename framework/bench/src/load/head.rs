//! How long an answer is, read from its head.

use std::mem::MaybeUninit;

use httparse::{ParserConfig, Response, Status};

use crate::Outcome;

/// More fields than any of the servers sends.
const FIELDS_MAX: usize = 64;

/// The lengths of the head and of the body; `None` while the head is not there as a whole.
///
/// # Errors
/// Where it is no head of a 200 with a `Content-Length`.
pub(super) fn lengths(bytes: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    let mut response = Response::new(&mut []);
    let parser = ParserConfig::default();
    let parsed = parser.parse_response_with_uninit_headers(&mut response, bytes, &mut fields)?;
    let Status::Complete(head) = parsed else { return Ok(None) };
    if response.code != Some(200) {
        return Err(format!("not a 200: {:?} {:?}", response.code, response.reason).into());
    }
    let mut fields = response.headers.iter();
    let length = fields.find(|field| field.name.eq_ignore_ascii_case("content-length"));
    let length = length.ok_or("an answer without `Content-Length`")?.value;
    Ok(Some((head, std::str::from_utf8(length)?.trim().parse()?)))
}
