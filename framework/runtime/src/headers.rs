//! Header work at the borders of a hop: what must not be forwarded, and what a hop adds (`served`).

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};

use crate::hops::CDN_LOOP;

mod served;
mod trailers;
mod vouched;

pub use self::{
    served::{
        SERVED, SERVED_BY, Served, X_CACHE, X_CACHE_HITS, X_TIMER, add_served, node, write_served,
    },
    trailers::guard_trailers,
    vouched::Vouched,
};

/// In dev: what is odd about the way of a request.
pub const FLAG: HeaderName = HeaderName::from_static("selvedge-flag");
/// In dev: the POP where a request enters.
pub const POP: HeaderName = HeaderName::from_static("selvedge-pop");
/// The name of a refusal.
pub const ERROR_REASON: HeaderName = HeaderName::from_static("error-reason");
/// The signed hop list between processes. Nothing signs one yet, so none from outside is kept.
const SIGNED_HOPS: HeaderName = HeaderName::from_static("selvedge-hops");

/// Fields for every recipient, which a `Connection` may not name (RFC 9110 section 7.6.1): without
/// them a request would reach another host than the cache knows it by, or dodge the loop guard.
static FOR_EVERYBODY: [HeaderName; 14] = [
    header::AGE,
    header::CACHE_CONTROL,
    HeaderName::from_static("cdn-cache-control"),
    CDN_LOOP,
    header::CONTENT_LENGTH,
    header::DATE,
    header::ETAG,
    header::EXPIRES,
    header::HOST,
    header::LAST_MODIFIED,
    HeaderName::from_static("selvedge-cdn-cache-control"),
    HeaderName::from_static("surrogate-control"),
    header::VARY,
    header::VIA,
];

/// What a client's request says to the edge itself, and not to a service behind it. To look at all fields once is less work
/// than to look each of these up.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'h> {
    /// Whom it is for.
    pub host: HostLines<'h>,
    /// Whether there is anything else, be it of the connection; most requests have nothing.
    pub more: bool,
}

/// The lines of `Host`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostLines<'h> {
    /// There is none.
    None,
    /// The only one.
    One(&'h HeaderValue),
    /// There are several, of which nobody should choose one.
    Several,
}

impl<'h> Heard<'h> {
    /// Of a request with these fields.
    #[must_use]
    pub fn of(headers: &'h HeaderMap) -> Self {
        let ours = |name: &str| {
            matches!(name, "cdn-loop" | "fastly-key" | "selvedge-hops" | "selvedge-pop")
        };
        let mut heard = Self { host: HostLines::None, more: false };
        for (name, value) in headers {
            match (*name == header::HOST, heard.host) {
                (true, HostLines::None) => heard.host = HostLines::One(value),
                (true, _) => heard.host = HostLines::Several,
                (false, _) => heard.more |= is_hop_by_hop(name) || ours(name.as_str()),
            }
        }
        heard
    }
}

/// At the edge: removes the fields of one connection, and what is between a client and us: a hop list that only we may
/// sign, the POP where the request enters.
pub fn strip_at_edge(headers: &mut HeaderMap) {
    strip_hop_by_hop(headers);
    headers.remove(SIGNED_HOPS);
    headers.remove(POP);
}

/// How many bytes a header section takes, with four for the colon, the space and the end of each line.
#[must_use]
pub fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// Writes the status line of a response as HTTP/1.1 has it (RFC 9112 section 4), without its end. A status that is not
/// registered has no reason, and the space before it stays.
pub fn write_status(status: StatusCode, out: &mut Vec<u8>) {
    if status == StatusCode::OK {
        return out.extend_from_slice(b"HTTP/1.1 200 OK");
    }
    let reason = status.canonical_reason().unwrap_or_default();
    for text in ["HTTP/1.1 ", status.as_str(), " ", reason] {
        out.extend_from_slice(text.as_bytes());
    }
}

/// Removes the fields of one connection, and those that its `Connection` names. Done where a message comes in: from a
/// client, from the network, from code. What lies on the shelf has none.
pub fn strip_hop_by_hop(headers: &mut HeaderMap) {
    if !headers.keys().any(is_hop_by_hop) {
        return;
    }
    let mut names: Vec<HeaderName> =
        headers.keys().filter(|name| is_hop_by_hop(name)).cloned().collect();
    names.extend(named_by_connection(headers));
    for name in names {
        headers.remove(name);
    }
}

/// Fields that concern one connection only (RFC 9110 section 7.6.1).
fn is_hop_by_hop(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "transfer-encoding"
            | "upgrade"
    )
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let lines = headers.get_all(header::CONNECTION).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .filter(|name| !FOR_EVERYBODY.contains(name))
        .collect()
}

/// Cookies that HTTP/2 has split into lines become one line again: rules, keys and origins read one (RFC 9113 section
/// 8.2.3).
pub fn join_crumbs(headers: &mut HeaderMap) {
    let crumbs: Vec<&[u8]> =
        headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if crumbs.len() < 2 {
        return;
    }
    if let Ok(whole) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..])) {
        headers.insert(header::COOKIE, whole);
    }
}

/// Says that we passed the message on (RFC 9110 section 7.6.3).
pub fn add_via(headers: &mut HeaderMap, received: Version) {
    let value = match received {
        Version::HTTP_10 => "1.0 selvedge",
        Version::HTTP_2 => "2 selvedge",
        _ => "1.1 selvedge",
    };
    headers.append(header::VIA, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests;
