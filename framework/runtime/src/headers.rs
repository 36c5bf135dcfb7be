//! Header work at the borders of a hop: what must not be forwarded, and what a hop adds.

use http::{
    HeaderMap, HeaderName, HeaderValue, Version,
    header::{self, Entry},
};
use selvedge_cache::{decision::Verdict, fields::decimal};

use crate::{
    hop::{Hop, Outcome},
    hops::CDN_LOOP,
};

mod trailers;
mod vouched;

pub use self::{trailers::guard_trailers, vouched::Vouched};

/// Which services a response has come through, origin side first.
pub const SERVED_BY: HeaderName = HeaderName::from_static("x-served-by");
/// `HIT` or `MISS` for each of them.
pub const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// How often the object was reused, for each of them.
pub const X_CACHE_HITS: HeaderName = HeaderName::from_static("x-cache-hits");
/// When the first hop began, and how long each one took.
pub const X_TIMER: HeaderName = HeaderName::from_static("x-timer");
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

/// Whether a client's request has a field that is for the edge itself, and not for a service behind it. Most have none,
/// and to look at their names once is less work than to look each of these up.
#[must_use]
pub fn speak_to_edge(headers: &HeaderMap) -> bool {
    let ours =
        |name: &str| matches!(name, "cdn-loop" | "fastly-key" | "selvedge-hops" | "selvedge-pop");
    headers.keys().any(|name| is_hop_by_hop(name) || ours(name.as_str()))
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

/// What a hop adds to the lists that are read side by side.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    /// Which node it was.
    pub node: &'a HeaderValue,
    /// What its cache did.
    pub verdict: Verdict,
    /// How often the object had been reused.
    pub hits: u64,
    /// When the hop began, in milliseconds since the Unix epoch.
    pub started_ms: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl<'a> Served<'a> {
    /// What a hop did.
    #[must_use]
    pub fn by(hop: &'a Hop, took_ms: u64) -> Self {
        let (node, outcome) = (&hop.pop.served_by, hop.outcome());
        let Outcome { verdict, hits, .. } = outcome;
        Self { node, verdict, hits, started_ms: hop.started_ms, took_ms }
    }

    fn word(&self) -> &'static str {
        if self.verdict.is_hit() { "HIT" } else { "MISS" }
    }
}

/// How many fields [`add_served`] adds.
pub const SERVED: usize = 4;

/// The node of a POP as `X-Served-By` names it.
#[must_use]
pub fn node(pop: &str) -> String {
    format!("cache-{}1-{pop}", pop.to_ascii_lowercase())
}

/// Adds a hop's items to `X-Served-By`, `X-Cache`, `X-Cache-Hits` and `X-Timer`.
pub fn add_served(headers: &mut HeaderMap, served: &Served<'_>) {
    append_item(headers, SERVED_BY, served.node.clone());
    append_item(headers, X_CACHE, HeaderValue::from_static(served.word()));
    append_item(headers, X_CACHE_HITS, decimal(served.hits));
    add_timer(headers, served);
}

/// Writes the lines that [`add_served`] would put into a map that has none of them, hop after hop.
pub fn write_served(hops: &[Served<'_>], out: &mut Vec<u8>) {
    out.extend_from_slice(b"x-served-by");
    list(hops, out, |served, out| out.extend_from_slice(served.node.as_bytes()));
    out.extend_from_slice(b"\r\nx-cache");
    list(hops, out, |served, out| out.extend_from_slice(served.word().as_bytes()));
    out.extend_from_slice(b"\r\nx-cache-hits");
    list(hops, out, |served, out| {
        out.extend_from_slice(itoa::Buffer::new().format(served.hits).as_bytes());
    });
    out.extend_from_slice(b"\r\nx-timer: ");
    hops.first().into_iter().for_each(|first| push_start(out, first.started_ms));
    hops.iter().for_each(|served| push_took(out, served.took_ms));
    out.extend_from_slice(b"\r\n");
}

/// Writes the items of a list.
fn list<'a>(hops: &[Served<'a>], out: &mut Text, write: impl Fn(&Served<'a>, &mut Text)) {
    for (number, served) in hops.iter().enumerate() {
        out.extend_from_slice(if number == 0 { b": " } else { b", " });
        write(served, out);
    }
}

/// A text that becomes a value, or is written.
type Text = Vec<u8>;

/// `S{start},VS0,VE{took}`: the start is the first hop's, the pair each hop's own.
fn add_timer(headers: &mut HeaderMap, served: &Served<'_>) {
    let mut text = Text::with_capacity(64);
    let place = headers.entry(X_TIMER);
    match &place {
        Entry::Occupied(before) if before.get().to_str().is_ok() => {
            text.extend_from_slice(before.get().as_bytes());
        }
        Entry::Occupied(_) | Entry::Vacant(_) => push_start(&mut text, served.started_ms),
    }
    push_took(&mut text, served.took_ms);
    let Ok(value) = HeaderValue::from_bytes(&text) else { return };
    match place {
        Entry::Occupied(mut before) => drop(before.insert(value)),
        Entry::Vacant(place) => drop(place.insert(value)),
    }
}

/// `S1700000000.123000`: seconds and microseconds.
fn push_start(text: &mut Text, started_ms: u64) {
    let mut digits = itoa::Buffer::new();
    text.push(b'S');
    text.extend_from_slice(digits.format(started_ms / 1000).as_bytes());
    // The one in front keeps the zeros after it, and makes place for the point.
    let point = text.len();
    text.extend_from_slice(digits.format(1000 + started_ms % 1000).as_bytes());
    text[point] = b'.';
    text.extend_from_slice(b"000");
}

fn push_took(text: &mut Text, took_ms: u64) {
    text.extend_from_slice(b",VS0,VE");
    text.extend_from_slice(itoa::Buffer::new().format(took_ms).as_bytes());
}

/// Appends an item to a comma list, on one line, so that `HIT, MISS` reads as one.
fn append_item(headers: &mut HeaderMap, name: HeaderName, item: HeaderValue) {
    match headers.entry(name) {
        Entry::Vacant(place) => drop(place.insert(item)),
        Entry::Occupied(mut lines) => {
            let texts = lines.iter().chain([&item]).filter_map(|line| line.to_str().ok());
            let text = texts.collect::<Vec<_>>().join(", ");
            HeaderValue::from_str(&text).into_iter().for_each(|value| drop(lines.insert(value)));
        }
    }
}

#[cfg(test)]
mod tests;
