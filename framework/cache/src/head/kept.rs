//! Freshness as a head keeps it: what [`Freshness`] says, in a third of its memory. The lifetime and the age stand in the
//! head itself, since a soft purge changes the one.

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
pub(super) struct Windows([Window; 2]);

/// Milliseconds, or seconds where it is more than 24 days.
#[derive(Debug, Clone, Copy)]
struct Window(u32);

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
        Self([stale.while_revalidate_ms, stale.if_error_ms].map(Window::of))
    }
}

impl Window {
    const IN_SECONDS: u32 = 1 << 31;

    /// Beyond 68 years it does not count.
    fn of(ms: u64) -> Self {
        let fits = |number: u64| u32::try_from(number).ok().filter(|it| *it < Self::IN_SECONDS);
        let in_seconds = || Self::IN_SECONDS | fits(ms / 1000).unwrap_or(Self::IN_SECONDS - 1);
        Self(fits(ms).unwrap_or_else(in_seconds))
    }

    fn ms(self) -> u64 {
        match self.0 & Self::IN_SECONDS {
            0 => u64::from(self.0),
            _ => u64::from(self.0 & !Self::IN_SECONDS) * 1000,
        }
    }
}

/// All of it again.
pub(super) fn freshness(
    lifetime_ms: u64,
    initial_age_ms: u64,
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
        lifetime_ms,
        initial_age_ms,
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

    fn kept(freshness: Freshness) -> Freshness {
        let (said, windows) = (Said::of(&freshness), Windows::of(&freshness));
        super::freshness(freshness.lifetime_ms, freshness.initial_age_ms, said, windows)
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

    #[test]
    fn a_long_window_is_kept_in_seconds() {
        let day = 86_400_000;
        let cases = [
            (0, 0),
            (1, 1),
            (24 * day + 1, 24 * day + 1),
            ((1 << 31) - 1, (1 << 31) - 1),
            (1 << 31, (1 << 31) / 1000 * 1000),
            (365 * day, 365 * day),
            (365 * day + 999, 365 * day),
            (u64::MAX, ((1 << 31) - 1) * 1000),
        ];
        for (said, kept) in cases {
            assert_eq!(Window::of(said).ms(), kept, "{said}");
        }
    }
}
