//! Heads of requests, as far as the lane takes them: whole ones of HTTP/1.1, without a body, on a connection that stays.
//!
//! They are read with the parser that hyper has, and taken for what hyper takes them for (RFC 9112 sections 3 and 5).
//! Whatever hyper would treat in a special way is not looked into here.

use std::mem::MaybeUninit;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use httparse::{Header, Status};
use selvedge::Request;

/// As many fields as hyper takes.
const FIELDS_MAX: usize = 100;

/// Room for what services add where they pass a request on.
const ADDED: usize = 4;

/// Room for so many fields is kept for the next request of a connection.
const KEPT: usize = 32;

/// Why a connection leaves the lane: where the next request begins is hyper's to say, or whether there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// The head has not come as a whole.
    Unfinished,
    /// hyper has an answer to it, or none.
    Malformed,
    /// It is not HTTP/1.1.
    Version,
    /// It has a body, or says so.
    Body,
    /// It speaks of the connection: its end, or another protocol.
    Connection,
    /// It waits to be told to go on.
    Expectation,
    /// A tunnel is asked for.
    Tunnel,
}

/// Reads the request that `input` begins with, and says how many bytes it took. Its parts share the memory of `input`.
///
/// # Errors
/// Where it is not the lane's; some of it may have been read then. `request` is to be an empty one.
pub(super) fn read(input: &Bytes, request: &mut Request) -> Result<usize, Leave> {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    let (head, length) = parse(input, &mut fields)?;
    *request.method_mut() = method(&head)?;
    *request.uri_mut() = uri(input, &head)?;
    read_fields(input, head.headers, request.headers_mut())?;
    Ok(length)
}

/// Empties a request that was lent and has come back, and keeps the room that its fields took.
pub(super) fn clear(request: &mut Request) {
    if request.headers().capacity() > KEPT {
        return *request = Request::default();
    }
    request.headers_mut().clear();
    request.extensions_mut().clear();
    *request.uri_mut() = Uri::default();
}

/// Whether a request that hyper has read is the one that `text` begins with.
pub(super) fn is_of(text: &Bytes, request: &Request) -> bool {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS_MAX];
    parse(text, &mut fields).is_ok_and(|(head, _)| {
        method(&head).is_ok_and(|method| method == *request.method())
            && uri(text, &head).is_ok_and(|uri| uri == *request.uri())
    })
}

fn parse<'a, 'f>(
    input: &'a [u8],
    fields: &'f mut [MaybeUninit<Header<'a>>],
) -> Result<(httparse::Request<'f, 'a>, usize), Leave> {
    let mut head = httparse::Request::new(&mut []);
    match head.parse_with_uninit_headers(input, fields) {
        Ok(Status::Complete(length)) if head.version == Some(1) => Ok((head, length)),
        Ok(Status::Complete(_)) => Err(Leave::Version),
        Ok(Status::Partial) => Err(Leave::Unfinished),
        Err(_) => Err(Leave::Malformed),
    }
}

fn method(head: &httparse::Request<'_, '_>) -> Result<Method, Leave> {
    let text = head.method.unwrap_or_default();
    match Method::from_bytes(text.as_bytes()) {
        Ok(Method::CONNECT) => Err(Leave::Tunnel),
        method => method.map_err(|_| Leave::Malformed),
    }
}

fn uri(input: &Bytes, head: &httparse::Request<'_, '_>) -> Result<Uri, Leave> {
    let text = head.path.unwrap_or_default();
    Uri::from_maybe_shared(input.slice_ref(text.as_bytes())).map_err(|_| Leave::Malformed)
}

fn read_fields(input: &Bytes, fields: &[Header<'_>], headers: &mut HeaderMap) -> Result<(), Leave> {
    headers.try_reserve(fields.len() + ADDED).map_err(|_| Leave::Malformed)?;
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| Leave::Malformed)?;
        is_plain(&name, field.value)?;
        let value = HeaderValue::from_maybe_shared(input.slice_ref(field.value));
        let value = value.map_err(|_| Leave::Malformed)?;
        headers.try_append(name, value).map_err(|_| Leave::Malformed)?;
    }
    Ok(())
}

/// Fields by which hyper does more than to hand them on.
fn is_plain(name: &HeaderName, value: &[u8]) -> Result<(), Leave> {
    match *name {
        header::CONNECTION if value.eq_ignore_ascii_case(b"keep-alive") => Ok(()),
        header::CONNECTION | header::UPGRADE => Err(Leave::Connection),
        header::CONTENT_LENGTH | header::TRANSFER_ENCODING => Err(Leave::Body),
        header::EXPECT => Err(Leave::Expectation),
        // It says whether trailers may be sent.
        header::TE => Err(Leave::Connection),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
