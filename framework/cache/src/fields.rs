//! Which header fields of a response are stored (RFC 9111 section 3.1, RFC 9110 section 7.6.1).
//!
//! Header values that arrive are slices of a connection's buffer, so they are copied, as bodies are (`fill`).

use http::header::{
    AGE, CONNECTION, DATE, InvalidHeaderValue, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::governing::Governing;
use crate::when::format_http_date;

/// A line of a header section.
pub(crate) type Field<'a> = (&'a HeaderName, &'a HeaderValue);

/// A copy of the headers that may be stored: no hop-by-hop ones, none that `Connection` names, none that a qualified
/// `private` or `no-cache` withholds (sections 5.2.2.4 and 5.2.2.7), and no `Age`, which is kept as a number and
/// generated anew on each reuse.
#[must_use]
pub fn storable_headers(headers: &HeaderMap) -> HeaderMap {
    storable(headers).into_iter().map(|(name, value)| (name.clone(), own(value))).collect()
}

/// The same without a copy.
pub(crate) fn storable(headers: &HeaderMap) -> Vec<Field<'_>> {
    let governing = Governing::of(headers);
    let withheld = &governing.directives().withheld;
    let is_kept = |(name, _): &Field<'_>| **name != AGE && !withheld.contains(name);
    of_message(headers).filter(is_kept).collect()
}

/// A copy of the headers that speak of the response and not of the connection that it came through.
pub(crate) fn without_hop_by_hop(headers: &HeaderMap) -> HeaderMap {
    of_message(headers).map(|(name, value)| (name.clone(), own(value))).collect()
}

fn of_message(headers: &HeaderMap) -> impl Iterator<Item = Field<'_>> {
    let named = named_by_connection(headers);
    headers.iter().filter(move |(name, _)| !is_dropped(name) && !named.contains(name))
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let lines = headers.get_all(CONNECTION).iter().map(|line| line.as_bytes());
    let members = lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    members.filter_map(|member| HeaderName::from_bytes(member).ok()).collect()
}

fn is_dropped(name: &HeaderName) -> bool {
    let hop_by_hop = [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];
    let text = name.as_str();
    hop_by_hop.contains(name) || text == "keep-alive" || text.starts_with("proxy-")
}

/// The same value in memory of its own.
fn own(value: &HeaderValue) -> HeaderValue {
    let copy = HeaderValue::from_bytes(value.as_bytes());
    let mut copy = copy.unwrap_or_else(|_| value.clone());
    copy.set_sensitive(value.is_sensitive());
    copy
}

/// The `Date` that headers lack: the time of receipt, as RFC 9110 section 6.6.1 asks of a recipient with a clock.
pub(crate) fn missing_date(fields: &[Field<'_>], received_at_ms: u64) -> Option<HeaderValue> {
    let is_there = fields.iter().any(|(name, _)| **name == DATE);
    if is_there { None } else { receipt_date(received_at_ms).ok() }
}

fn receipt_date(received_at_ms: u64) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::from_str(&format_http_date(received_at_ms))
}

/// A number as a field's value. Made of every hit, so it is one allocation: `HeaderValue::from` takes two.
#[must_use]
pub fn decimal(number: u64) -> HeaderValue {
    let text = HeaderValue::from_str(itoa::Buffer::new().format(number));
    text.unwrap_or_else(|_| HeaderValue::from(number))
}

/// Writes a number as a field's value has it. Ages, hits and times of an answer are often a digit.
pub fn write_decimal(out: &mut Vec<u8>, number: u64) {
    match number {
        0..=9 => out.push(b'0' + number as u8),
        _ => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
    }
}
