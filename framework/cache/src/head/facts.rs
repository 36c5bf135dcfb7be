//! What is known of a head beside its header section: what it is an answer to, the times that its age is reckoned from,
//! and the counters that its readers share. What is made of the freshness is `reuse`'s part.

use std::sync::atomic::{AtomicU32, Ordering};

use http::StatusCode;

use super::kept::{self, Said, Span, Windows};
use crate::fresh::{Freshness, FreshnessSource};
use crate::stale::StaleRules;
use crate::sync;
use crate::vary::Variant;

/// The shortest time between two background validations of one object.
const REFRESH_EVERY_MS: u32 = 1000;

/// A request that came so much before the last of them is not the one to do the next.
const BEFORE_MS: u32 = 3_600_000;

/// Nobody was told to validate it.
const NEVER: u32 = 0;

/// So many hits are counted, and no more.
const MOST_HITS: u32 = u32::MAX / 2;

/// What is known of a head beside its header section.
#[derive(Debug)]
pub struct Facts {
    /// Its status.
    pub status: StatusCode,
    /// The request headers that it was chosen by.
    pub variant: Variant,
    /// When it arrived, in unix milliseconds.
    pub received_at_ms: u64,
    said: Said,
    /// A [`Span`]; a soft purge ends it at the age that it had then.
    lifetime: AtomicU32,
    initial_age: Span,
    windows: Windows,
    hits: AtomicU32,
    /// The lower half of the time when somebody was last told to validate it.
    refreshed_at_ms: AtomicU32,
    /// What the block and a small body take of the budget for as long as anybody holds the block. It is the block's, and
    /// lies here because there is room for it.
    pub(crate) charged: sync::atomic::AtomicU32,
}

impl Facts {
    pub(super) fn of(
        status: StatusCode,
        variant: Variant,
        freshness: Freshness,
        received_at_ms: u64,
    ) -> Self {
        Self {
            status,
            variant,
            received_at_ms,
            said: Said::of(&freshness),
            lifetime: AtomicU32::new(Span::within(freshness.lifetime_ms).0),
            initial_age: Span::at_least(freshness.initial_age_ms),
            windows: Windows::of(&freshness),
            hits: AtomicU32::new(0),
            refreshed_at_ms: AtomicU32::new(NEVER),
            charged: Default::default(),
        }
    }

    /// Of a body that waits for its head.
    pub(crate) fn none() -> Self {
        let freshness = Freshness {
            lifetime_ms: 0,
            initial_age_ms: 0,
            source: FreshnessSource::Object,
            stale: StaleRules::default(),
            always_validate: false,
            immutable: false,
        };
        Self::of(StatusCode::OK, Variant::default(), freshness, 0)
    }

    /// The same with hits so far, which are counted on from there; nobody was told yet to validate it.
    pub(super) fn copy(&self) -> Self {
        Self {
            status: self.status,
            variant: self.variant.clone(),
            received_at_ms: self.received_at_ms,
            said: self.said,
            lifetime: AtomicU32::new(self.lifetime.load(Ordering::Relaxed)),
            initial_age: self.initial_age,
            windows: self.windows,
            hits: AtomicU32::new(self.hits.load(Ordering::Relaxed).min(MOST_HITS)),
            refreshed_at_ms: AtomicU32::new(NEVER),
            charged: Default::default(),
        }
    }

    /// The same with a new life; all that stands in no header line is kept.
    pub(super) fn renewed(&self, freshness: Freshness, received_at_ms: u64) -> Self {
        let mut new = Self::of(self.status, self.variant.clone(), freshness, received_at_ms);
        new.set_hits(self.hits());
        new
    }

    pub(super) fn set_hits(&mut self, hits: u64) {
        self.hits = AtomicU32::new(u32::try_from(hits).unwrap_or(MOST_HITS).min(MOST_HITS));
    }

    pub(super) fn expire(&mut self) {
        self.lifetime = AtomicU32::new(0);
    }

    /// How long it is fresh, and its age on arrival. After a soft purge its lifetime is the age that it had then.
    #[must_use]
    pub fn freshness(&self) -> Freshness {
        kept::freshness(self.lifetime(), self.initial_age, self.said, self.windows)
    }

    fn lifetime(&self) -> Span {
        Span(self.lifetime.load(Ordering::Relaxed))
    }

    /// Its age now: the age on arrival and the time spent here (RFC 9111 section 4.2.3, `current_age`). For a request
    /// that came before it arrived and waited for it, it is as much younger.
    #[must_use]
    pub fn age_ms(&self, now_ms: u64) -> u64 {
        let resident_ms = now_ms.saturating_sub(self.received_at_ms);
        let waited_ms = self.received_at_ms.saturating_sub(now_ms);
        self.initial_age.ms().saturating_sub(waited_ms).saturating_add(resident_ms)
    }

    /// What remains of its lifetime, in milliseconds; negative once it has expired.
    #[must_use]
    pub fn ttl_ms(&self, now_ms: u64) -> i64 {
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        signed(self.lifetime().ms()).saturating_sub(signed(self.age_ms(now_ms)))
    }

    /// Ends its lifetime at this moment, if it has not ended before; for everybody who holds it.
    pub(crate) fn outdate(&self, at_ms: u64) {
        self.lifetime.fetch_min(Span::within(self.age_ms(at_ms)).0, Ordering::Relaxed);
    }

    /// How many look-ups it has answered, and before it what it took the place of; two thousand million at most.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed).min(MOST_HITS).into()
    }

    /// Counts a look-up that it answers.
    pub fn count_hit(&self) {
        // As many as there are threads may come by at once, and there are not so many.
        if self.hits.fetch_add(1, Ordering::Relaxed) >= MOST_HITS {
            self.hits.store(MOST_HITS, Ordering::Relaxed);
        }
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

    /// Reads a byte of it, to have the memory at hand.
    pub(crate) fn first(&self) -> u8 {
        self.received_at_ms as u8
    }

    /// Bytes that hang on it, for the shelf's accounts.
    pub(crate) fn size(&self) -> usize {
        self.variant.size()
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn so_many_hits_are_counted_and_no_more() {
        let most = u64::from(MOST_HITS);
        for (before, after) in [(0, 2), (most - 2, most), (most, most), (u64::MAX, most)] {
            let mut facts = Facts::none();
            facts.set_hits(before);
            facts.count_hit();
            facts.count_hit();
            assert_eq!(facts.hits(), after, "{before}");
            assert_eq!(facts.copy().hits(), after, "{before}");
        }
    }
}
