//! What each hop says of itself to the client, in lists that are read side by side (platform.md section 9).

use http::{HeaderMap, HeaderName, HeaderValue, header::Entry};
use selvedge_cache::{
    decision::Verdict,
    fields::{decimal, write_decimal},
};

use crate::hop::{Hop, Outcome};

/// Which services a response has come through, origin side first.
pub const SERVED_BY: HeaderName = HeaderName::from_static("x-served-by");
/// `HIT` or `MISS` for each of them.
pub const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// How often the object was reused, for each of them.
pub const X_CACHE_HITS: HeaderName = HeaderName::from_static("x-cache-hits");
/// When the first hop began, and how long each one took.
pub const X_TIMER: HeaderName = HeaderName::from_static("x-timer");

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
    /// What a hop did, by what it noted.
    #[must_use]
    pub fn by(hop: &'a Hop, took_ms: u64) -> Self {
        let Outcome { verdict, hits, .. } = hop.outcome();
        let (node, started_ms) = (&hop.pop.served_by, hop.started_ms);
        Self { node, verdict, hits, started_ms, took_ms }
    }

    /// What a hop did that was done at this time, where it has not noted that.
    #[must_use]
    pub fn of(hop: &'a Hop, outcome: Outcome, done_ms: u64) -> Self {
        let Outcome { verdict, hits, .. } = outcome;
        let (node, started_ms) = (&hop.pop.served_by, hop.started_ms);
        Self { node, verdict, hits, started_ms, took_ms: done_ms.saturating_sub(started_ms) }
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

/// Writes the lines that [`add_served`] would put into a map that has none of them, hop after hop; each behind the end
/// of the line before.
pub fn write_served(hops: &[Served<'_>], out: &mut Vec<u8>) {
    out.extend_from_slice(b"\r\nx-served-by: ");
    list(hops, out, |served, out| out.extend_from_slice(served.node.as_bytes()));
    out.extend_from_slice(b"\r\nx-cache: ");
    list(hops, out, |served, out| out.extend_from_slice(served.word().as_bytes()));
    out.extend_from_slice(b"\r\nx-cache-hits: ");
    list(hops, out, |served, out| write_decimal(out, served.hits));
    out.extend_from_slice(b"\r\nx-timer: ");
    hops.first().into_iter().for_each(|first| push_start(out, first.started_ms));
    hops.iter().for_each(|served| push_took(out, served.took_ms));
}

/// Writes the items of a list.
fn list<'a>(hops: &[Served<'a>], out: &mut Text, write: impl Fn(&Served<'a>, &mut Text)) {
    let Some((first, others)) = hops.split_first() else { return };
    write(first, out);
    for served in others {
        out.extend_from_slice(b", ");
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
    text.push(b'S');
    write_decimal(text, started_ms / 1000);
    let ms = (started_ms % 1000) as u16;
    let digit = |number: u16| b'0' + (number % 10) as u8;
    text.extend_from_slice(&[b'.', digit(ms / 100), digit(ms / 10), digit(ms), b'0', b'0', b'0']);
}

fn push_took(text: &mut Text, took_ms: u64) {
    text.extend_from_slice(b",VS0,VE");
    write_decimal(text, took_ms);
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
