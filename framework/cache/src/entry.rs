//! A stored response: its head with the times that its age is reckoned from, and its whole body.
//!
//! Heads own their bytes: header values that arrive are slices of a connection's buffer, so they are copied, as
//! bodies are (`fill`). Which headers are kept follows RFC 9111 section 3.1.

use std::sync::atomic::{AtomicU64, Ordering};

use http::header::{AGE, CONNECTION, DATE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::fill::StoredBody;
use crate::fresh::Freshness;
use crate::storable::{RequestView, ResponseView};
use crate::vary::{Variant, VaryStar};
use crate::when::{date_field, format_http_date};

/// What a header costs beside its text: its place in the map and its allocation.
const HEADER_OVERHEAD: usize = 128;

/// What an entry costs beside its parts: its place in the shelf's map and order.
const ENTRY_OVERHEAD: usize = 128;

/// The head of a stored response.
#[derive(Debug)]
pub struct StoredHead {
    /// Its status.
    pub status: StatusCode,
    /// Its storable headers, always with a `Date`.
    pub headers: HeaderMap,
    /// The request headers that it was chosen by.
    pub variant: Variant,
    /// How long it is fresh, and its age on arrival.
    pub freshness: Freshness,
    /// When it arrived, in unix milliseconds.
    pub received_at_ms: u64,
    made_at_ms: u64,
    hits: AtomicU64,
}

impl StoredHead {
    /// The head to keep of a response that `storable` let through.
    ///
    /// A missing `Date` becomes the time of receipt, as RFC 9110 section 6.6.1 asks of a recipient with a clock.
    ///
    /// # Errors
    ///
    /// [`VaryStar`], which `storable` refuses too.
    pub fn new(
        request: &RequestView<'_>,
        response: &ResponseView<'_>,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Result<Self, VaryStar> {
        let variant = Variant::of(response.headers, request.headers)?;
        let mut headers = storable_headers(response.headers);
        if let (false, Ok(date)) = (headers.contains_key(DATE), receipt_date(received_at_ms)) {
            headers.insert(DATE, date);
        }
        let made_at_ms = date_field(&headers, DATE).at().unwrap_or(received_at_ms);
        let hits = AtomicU64::new(0);
        let status = response.status;
        Ok(Self { status, headers, variant, freshness, received_at_ms, made_at_ms, hits })
    }

    /// Its age now: the age on arrival and the time spent here (RFC 9111 section 4.2.3, `current_age`).
    #[must_use]
    pub fn age_ms(&self, now_ms: u64) -> u64 {
        let resident_ms = now_ms.saturating_sub(self.received_at_ms);
        self.freshness.initial_age_ms.saturating_add(resident_ms)
    }

    /// When the origin made it: its `Date`, or the time of receipt if that is no date.
    #[must_use]
    pub fn made_at_ms(&self) -> u64 {
        self.made_at_ms
    }

    /// How many look-ups it has answered.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    /// Counts a look-up that it answers; the shelf does so itself.
    pub(crate) fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    fn size(&self) -> usize {
        let header_size = |(name, value): (&HeaderName, &HeaderValue)| {
            HEADER_OVERHEAD + name.as_str().len() + value.len()
        };
        self.headers.iter().map(header_size).sum::<usize>() + self.variant.size()
    }
}

/// A stored response; shared as `Arc<Entry>` by the shelf and those who are reading it.
#[derive(Debug)]
pub struct Entry {
    /// Its head.
    pub head: StoredHead,
    /// Its whole body.
    pub body: StoredBody,
}

impl Entry {
    /// Puts head and body together.
    #[must_use]
    pub fn new(head: StoredHead, body: StoredBody) -> Self {
        Self { head, body }
    }

    /// Bytes that it keeps, its share of the shelf's own included.
    pub(crate) fn size(&self) -> u64 {
        let head = self.head.size() + size_of::<Self>() + ENTRY_OVERHEAD;
        self.body.size().saturating_add(head as u64)
    }
}

/// A copy of the headers that may be stored: no hop-by-hop ones, none that `Connection` names, and no `Age`, which
/// is kept as a number and generated anew on each reuse.
#[must_use]
pub fn storable_headers(headers: &HeaderMap) -> HeaderMap {
    let named = named_by_connection(headers);
    let kept = headers.iter().filter(|(name, _)| !is_dropped(name) && !named.contains(*name));
    kept.map(|(name, value)| (name.clone(), own(value))).collect()
}

fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let lines = headers.get_all(CONNECTION).iter().map(|line| line.as_bytes());
    let members = lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    members.filter_map(|member| HeaderName::from_bytes(member).ok()).collect()
}

fn is_dropped(name: &HeaderName) -> bool {
    let hop_by_hop = [AGE, CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];
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

fn receipt_date(received_at_ms: u64) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    HeaderValue::from_str(&format_http_date(received_at_ms))
}
