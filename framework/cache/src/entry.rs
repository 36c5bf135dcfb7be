//! A stored response: its head with the times that its age is reckoned from, and its body or a part of it.
//!
//! What a head keeps of the response's header section is `fields`' part, what the shelf makes of entries `shelf`'s.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use http::header::DATE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::extent::Extent;
use crate::fields::{dated, storable_headers};
use crate::fill::StoredBody;
use crate::fresh::Freshness;
use crate::storable::{RequestView, ResponseView};
use crate::vary::{Variant, VaryStar};
use crate::when::date_field;

/// What a header costs beside its text: its place in the map and its allocation.
const HEADER_OVERHEAD: usize = 128;

/// What an entry costs beside its parts: its place in the shelf's map and order.
const ENTRY_OVERHEAD: usize = 128;

/// The shortest time between two background validations of one object.
const REFRESH_EVERY_MS: u64 = 1000;

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
    refreshed_at_ms: AtomicU64,
}

impl StoredHead {
    /// The head to keep of a response that `storable` let through.
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
        let headers = dated(storable_headers(response.headers), received_at_ms);
        let made_at_ms = date_field(&headers, DATE).at().unwrap_or(received_at_ms);
        let (hits, refreshed_at_ms) = (AtomicU64::new(0), AtomicU64::new(0));
        let status = response.status;
        Ok(Self {
            status,
            headers,
            variant,
            freshness,
            received_at_ms,
            made_at_ms,
            hits,
            refreshed_at_ms,
        })
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

    /// Counts a look-up that it answers.
    pub fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    /// What remains of its lifetime, in milliseconds; negative once it has expired.
    #[must_use]
    pub fn ttl_ms(&self, now_ms: u64) -> i64 {
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        signed(self.freshness.lifetime_ms).saturating_sub(signed(self.age_ms(now_ms)))
    }

    /// Whether the caller is the one to validate it in the background now: one in a second is.
    #[must_use]
    pub fn offer_refresh(&self, now_ms: u64) -> bool {
        let last = self.refreshed_at_ms.load(Ordering::Relaxed);
        let due = last == 0 || now_ms.saturating_sub(last) >= REFRESH_EVERY_MS;
        due && self
            .refreshed_at_ms
            .compare_exchange(last, now_ms.max(1), Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }

    /// The same head with these headers and a new life, as after a validation; its hits are kept.
    pub(crate) fn renewed(
        &self,
        headers: &HeaderMap,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Self {
        let mut head = self.copy();
        head.headers = dated(storable_headers(headers), received_at_ms);
        head.made_at_ms = date_field(&head.headers, DATE).at().unwrap_or(received_at_ms);
        (head.freshness, head.received_at_ms) = (freshness, received_at_ms);
        head
    }

    /// The same head with its hits as they are now.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            status: self.status,
            headers: self.headers.clone(),
            variant: self.variant.clone(),
            freshness: self.freshness,
            received_at_ms: self.received_at_ms,
            made_at_ms: self.made_at_ms,
            hits: AtomicU64::new(self.hits()),
            refreshed_at_ms: AtomicU64::new(0),
        }
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
    /// Its body, or what is stored of it.
    pub body: StoredBody,
    /// How much of the representation the body is.
    pub extent: Extent,
}

impl Entry {
    /// Puts a head and its whole body together; parts come from `partial`.
    #[must_use]
    pub fn new(head: StoredHead, body: StoredBody) -> Self {
        Self { head, body, extent: Extent::Whole }
    }

    /// Whether it has all of the representation.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.extent == Extent::Whole
    }

    /// Which bytes of the representation it has.
    #[must_use]
    pub fn bytes(&self) -> Range<u64> {
        let start = match self.extent {
            Extent::Whole => 0,
            Extent::Part { start, .. } => start,
        };
        start..start.saturating_add(self.body.len())
    }

    /// The length of the whole representation, where it is known.
    #[must_use]
    pub fn complete_length(&self) -> Option<u64> {
        match self.extent {
            Extent::Whole => Some(self.body.len()),
            Extent::Part { complete_length, .. } => complete_length,
        }
    }

    /// The same response as one whose lifetime is over: only a validation makes it answer again.
    #[must_use]
    pub fn expired(&self) -> Self {
        let mut head = self.head.copy();
        head.freshness.lifetime_ms = 0;
        Self { head, body: self.body.clone(), extent: self.extent }
    }

    /// Bytes that it keeps, its share of the shelf's own included.
    pub(crate) fn size(&self) -> u64 {
        let head = self.head.size() + size_of::<Self>() + ENTRY_OVERHEAD;
        self.body.size().saturating_add(head as u64)
    }
}
