//! The head of a stored response, with the times that its age is reckoned from and the counters that its readers share.
//!
//! What is kept of the response's header section is `fields`' part, what it says `head/section`'s, what is made of the
//! freshness `reuse`'s.

mod common;
mod further;
mod kept;
mod lines;
mod names;
mod section;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use bytes::Bytes;
use http::header::DATE;
use http::{HeaderMap, StatusCode};
use selvedge_model::key::SurrogateKey;

use self::further::Further;
use self::kept::{Said, Windows};
pub(crate) use self::lines::Line;
use self::lines::Lines;
pub(crate) use self::names::Role;
use crate::fields::{dated, storable_headers};
use crate::fresh::Freshness;
use crate::storable::{RequestView, ResponseView};
use crate::vary::{Variant, VaryStar};

/// The shortest time between two background validations of one object.
const REFRESH_EVERY_MS: u32 = 1000;

/// A request that came so much before the last of them is not the one to do the next.
const BEFORE_MS: u32 = 3_600_000;

/// Nobody was told to validate it.
const NEVER: u32 = 0;

/// The head of a stored response, or of an object that code stores, which has no header section.
#[derive(Debug)]
pub struct StoredHead {
    /// Its status.
    pub status: StatusCode,
    /// The request headers that it was chosen by.
    pub variant: Variant,
    /// When it arrived, in unix milliseconds.
    pub received_at_ms: u64,
    /// Its storable headers, always with a `Date`; and its hits, which it shares with what is on its way to the shelf.
    lines: Lines,
    said: Said,
    /// In milliseconds; a soft purge ends it at the age that it had then.
    lifetime_ms: AtomicU64,
    initial_age_ms: u64,
    windows: Windows,
    further: Option<Arc<Further>>,
    /// The lower half of the time when somebody was last told to validate it.
    refreshed_at_ms: AtomicU32,
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
        Ok(Self {
            status: response.status,
            ..Self::of(&headers, variant, freshness, received_at_ms)
        })
    }

    /// The head of an object that code stores.
    #[must_use]
    pub fn of_object(variant: Variant, freshness: Freshness, received_at_ms: u64) -> Self {
        Self::of(&HeaderMap::new(), variant, freshness, received_at_ms)
    }

    fn of(
        headers: &HeaderMap,
        variant: Variant,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Self {
        Self {
            status: StatusCode::OK,
            variant,
            received_at_ms,
            lines: Lines::of(headers, 0),
            said: Said::of(&freshness),
            lifetime_ms: AtomicU64::new(freshness.lifetime_ms),
            initial_age_ms: freshness.initial_age_ms,
            windows: Windows::of(&freshness),
            further: None,
            refreshed_at_ms: AtomicU32::new(NEVER),
        }
    }

    /// How long it is fresh, and its age on arrival. After a soft purge its lifetime is the age that it had then.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        let lifetime_ms = self.lifetime_ms.load(Ordering::Relaxed);
        kept::freshness(lifetime_ms, self.initial_age_ms, self.said, self.windows)
    }

    /// Its age now: the age on arrival and the time spent here (RFC 9111 section 4.2.3, `current_age`). For a request
    /// that came before it arrived and waited for it, it is as much younger.
    #[must_use]
    pub fn age_ms(&self, now_ms: u64) -> u64 {
        let resident_ms = now_ms.saturating_sub(self.received_at_ms);
        let waited_ms = self.received_at_ms.saturating_sub(now_ms);
        self.initial_age_ms.saturating_sub(waited_ms).saturating_add(resident_ms)
    }

    /// When the origin made it: its `Date`, or the time of receipt if that is no date.
    #[must_use]
    pub fn made_at_ms(&self) -> u64 {
        self.date(&DATE).at().unwrap_or(self.received_at_ms)
    }

    /// How many look-ups it has answered.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.lines.hits().load(Ordering::Relaxed)
    }

    /// Counts a look-up that it answers.
    pub fn count_hit(&self) {
        self.lines.hits().fetch_add(1, Ordering::Relaxed);
    }

    /// What remains of its lifetime, in milliseconds; negative once it has expired.
    #[must_use]
    pub fn ttl_ms(&self, now_ms: u64) -> i64 {
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        signed(self.freshness().lifetime_ms).saturating_sub(signed(self.age_ms(now_ms)))
    }

    /// Whether the caller is the one to validate it in the background now: one in a second is.
    #[must_use]
    pub fn offer_refresh(&self, now_ms: u64) -> bool {
        let last = self.refreshed_at_ms.load(Ordering::Relaxed);
        // The upper half changes every 49 days, which nobody takes for a second or an hour.
        let now = (now_ms as u32).max(NEVER + 1);
        let due = REFRESH_EVERY_MS..=u32::MAX - BEFORE_MS;
        let due = last == NEVER || due.contains(&now.wrapping_sub(last));
        let (told, relaxed) = (&self.refreshed_at_ms, Ordering::Relaxed);
        due && told.compare_exchange(last, now, relaxed, relaxed).is_ok()
    }

    /// Gives it surrogate keys beside those of its `Surrogate-Key` lines, in the place of any given before. A validation
    /// keeps them.
    pub fn set_surrogate_keys(&mut self, keys: Vec<SurrogateKey>) {
        self.set_further(Further { keys: keys.into(), metadata: self.user_metadata() });
    }

    /// Gives it bytes that mean something to the code that stores it, in the place of any given before.
    pub fn set_user_metadata(&mut self, metadata: Bytes) {
        let keys = self.further.as_ref().map(|further| further.keys.clone()).unwrap_or_default();
        self.set_further(Further { keys, metadata });
    }

    /// The bytes that were given so; none otherwise.
    #[must_use]
    pub fn user_metadata(&self) -> Bytes {
        self.further.as_ref().map(|further| further.metadata.clone()).unwrap_or_default()
    }

    /// Counts so many look-ups in advance: those of the object whose place it takes.
    #[must_use]
    pub fn after_hits(self, hits: u64) -> Self {
        Self { lines: self.lines.after_hits(hits), ..self }
    }

    fn further_keys(&self) -> &[SurrogateKey] {
        self.further.as_ref().map(|further| &*further.keys).unwrap_or_default()
    }

    /// Most heads have nothing further, and no room for it.
    fn set_further(&mut self, further: Further) {
        let is_any = !further.keys.is_empty() || !further.metadata.is_empty();
        self.further = is_any.then(|| Arc::new(further));
    }

    /// Ends its lifetime at this moment, if it has not ended before; for everybody who holds it.
    pub(crate) fn outdate(&self, at_ms: u64) {
        self.lifetime_ms.fetch_min(self.age_ms(at_ms), Ordering::Relaxed);
    }

    /// The same head with these headers and a new life, as after a validation; its hits so far count on.
    pub(crate) fn renewed(
        &self,
        headers: &HeaderMap,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Self {
        let mut head = self.copy();
        let headers = dated(storable_headers(headers), received_at_ms);
        head.lines = Lines::of(&headers, self.hits());
        (head.said, head.windows) = (Said::of(&freshness), Windows::of(&freshness));
        head.lifetime_ms = AtomicU64::new(freshness.lifetime_ms);
        (head.initial_age_ms, head.received_at_ms) = (freshness.initial_age_ms, received_at_ms);
        head
    }

    /// The same head with its lifetime over.
    pub(crate) fn expired(&self) -> Self {
        let mut head = self.copy();
        head.lifetime_ms = AtomicU64::new(0);
        head
    }

    /// The same head; its hits are counted together from now on.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {
            status: self.status,
            variant: self.variant.clone(),
            received_at_ms: self.received_at_ms,
            lines: self.lines.clone(),
            said: self.said,
            lifetime_ms: AtomicU64::new(self.lifetime_ms.load(Ordering::Relaxed)),
            initial_age_ms: self.initial_age_ms,
            windows: self.windows,
            further: self.further.clone(),
            refreshed_at_ms: AtomicU32::new(NEVER),
        }
    }

    /// Reads what a hit reads of it.
    pub(crate) fn touch(&self) -> u8 {
        let times = self.received_at_ms ^ self.lifetime_ms.load(Ordering::Relaxed);
        self.lines.touch() ^ times as u8
    }

    /// Bytes that it keeps, for the shelf's accounts.
    pub(crate) fn size(&self) -> usize {
        let further = self.further.as_deref().map_or(0, Further::size);
        size_of::<Self>() + self.lines.size() + self.variant.size() + further
    }
}
