//! Freshness as a head keeps it: what [`Freshness`] says, in a third of its memory. The lifetime and the age stand in the
//! head itself, since a soft purge changes the one.
//!
//! What is longer than 24 days is kept in whole seconds: of an age the next one, of all else the last, so that nothing is
//! fresh for longer than was said.

use crate::fresh::{Freshness, FreshnessSource};
use crate::stale::StaleRules;

const STALE_FORBIDDEN: u8 = 1;
const STALE_IMPLICITLY_FORBIDDEN: u8 = 2;
const ALWAYS_VALIDATE: u8 = 4;
const IMMUTABLE: u8 = 8;

/// Who decided, and what is said with yes or no.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    source: FreshnessSource,
    bits: u8,
}

/// How long it may be served stale: while it is validated, and if that fails.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windows([Span; 2]);

/// Milliseconds up to 2^31, and from there on seconds, counted from there; beyond 68 years for ever. The longer span is the
/// greater number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) u32);

impl Said {
    pub(super) fn of(freshness: &Freshness) -> Self {
        let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let bits = bit(freshness.stale.forbidden, STALE_FORBIDDEN)
            | bit(freshness.stale.implicit_forbidden, STALE_IMPLICITLY_FORBIDDEN)
            | bit(freshness.always_validate, ALWAYS_VALIDATE)
            | bit(freshness.immutable, IMMUTABLE);
        Self { source: freshness.source, bits }
    }

    fn says(self, bit: u8) -> bool {
        self.bits & bit != 0
    }
}

impl Windows {
    pub(super) fn of(freshness: &Freshness) -> Self {
        let stale = freshness.stale;
        Self([stale.while_revalidate_ms, stale.if_error_ms].map(Span::within))
    }
}

impl Span {
    const IN_SECONDS: u32 = 1 << 31;
    const EVER: u32 = u32::MAX;

    /// The longest that is no longer.
    pub(super) fn within(ms: u64) -> Self {
        match u32::try_from(ms).ok().filter(|ms| *ms < Self::IN_SECONDS) {
            Some(ms) => Self(ms),
            None => Self::seconds(ms / 1000),
        }
    }

    /// The shortest that is no shorter.
    pub(super) fn at_least(ms: u64) -> Self {
        let short = Self::within(ms);
        if short.ms() < ms { Self(short.0.saturating_add(1)) } else { short }
    }

    #[inline]
    pub(super) fn ms(self) -> u64 {
        match self.0 {
            Self::EVER => u64::MAX,
            ms if ms < Self::IN_SECONDS => ms.into(),
            seconds => (u64::from(seconds & !Self::IN_SECONDS) + Self::first_second()) * 1000,
        }
    }

    fn seconds(all: u64) -> Self {
        let later = u32::try_from(all - Self::first_second()).ok();
        let later = later.filter(|later| *later < Self::IN_SECONDS);
        Self(later.map_or(Self::EVER, |later| Self::IN_SECONDS | later))
    }

    /// The last whole second before seconds are counted.
    fn first_second() -> u64 {
        u64::from(Self::IN_SECONDS) / 1000
    }
}

/// All of it again.
pub(super) fn freshness(
    lifetime: Span,
    initial_age: Span,
    said: Said,
    Windows([swr, sie]): Windows,
) -> Freshness {
    let stale = StaleRules {
        forbidden: said.says(STALE_FORBIDDEN),
        while_revalidate_ms: swr.ms(),
        if_error_ms: sie.ms(),
        implicit_forbidden: said.says(STALE_IMPLICITLY_FORBIDDEN),
    };
    Freshness {
        lifetime_ms: lifetime.ms(),
        initial_age_ms: initial_age.ms(),
        source: said.source,
        stale,
        always_validate: said.says(ALWAYS_VALIDATE),
        immutable: said.says(IMMUTABLE),
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;
    use crate::when::MAX_SECONDS;

    fn kept(freshness: Freshness) -> Freshness {
        let (said, windows) = (Said::of(&freshness), Windows::of(&freshness));
        let lifetime = Span::within(freshness.lifetime_ms);
        super::freshness(lifetime, Span::at_least(freshness.initial_age_ms), said, windows)
    }

    #[test]
    fn what_is_kept_is_what_was_said() {
        for bits in 0..16_u8 {
            let is = |bit: u8| bits & bit != 0;
            let stale = StaleRules {
                forbidden: is(1),
                while_revalidate_ms: u64::from(bits) * 1001,
                if_error_ms: 86_400_000 * u64::from(bits),
                implicit_forbidden: is(2),
            };
            let freshness = Freshness {
                lifetime_ms: u64::MAX,
                initial_age_ms: u64::from(bits),
                source: FreshnessSource::MaxAge,
                stale,
                always_validate: is(4),
                immutable: is(8),
            };
            assert_eq!(kept(freshness), freshness);
        }
    }

    /// What was said, the span that is kept of a lifetime, and of an age.
    #[test]
    fn a_long_span_is_kept_in_seconds() {
        let (day, last) = (86_400_000, 1000 * ((1 << 31) - 1 + (1 << 31) / 1000 - 1));
        let cases = [
            (0, 0, 0),
            (1, 1, 1),
            (24 * day + 1, 24 * day + 1, 24 * day + 1),
            ((1 << 31) - 1, (1 << 31) - 1, (1 << 31) - 1),
            (1 << 31, (1 << 31) / 1000 * 1000, ((1 << 31) / 1000 + 1) * 1000),
            (365 * day, 365 * day, 365 * day),
            (365 * day + 999, 365 * day, 365 * day + 1000),
            (1000 * MAX_SECONDS, 1000 * MAX_SECONDS, 1000 * MAX_SECONDS),
            (last, last, last),
            (last + 1, last, u64::MAX),
            (last + 1000, u64::MAX, u64::MAX),
            (u64::MAX, u64::MAX, u64::MAX),
        ];
        for (said, lifetime, age) in cases {
            assert_eq!(Span::within(said).ms(), lifetime, "{said}");
            assert_eq!(Span::at_least(said).ms(), age, "{said}");
        }
        let kept = cases.map(|(said, ..)| Span::within(said).0);
        assert!(kept.is_sorted(), "a soft purge compares them as they are kept");
    }
}
