//! Whether a backend works, by its last probes (platform.md sections 1.4 and 5).
//!
//! One task probes, every core asks; so it is one number that both reach.

use std::sync::atomic::{AtomicU16, Ordering};

use selvedge_model::manifest::Healthcheck;

/// What the last probes of one backend said.
#[derive(Debug)]
pub struct Health {
    /// The probes that are looked at, a bit each, the newest lowest; 1 is a success.
    last: AtomicU16,
    looked_at: u16,
    threshold: u32,
}

impl Health {
    /// As a node starts with it.
    #[must_use]
    pub fn of(check: &Healthcheck) -> Self {
        Self {
            last: AtomicU16::new(ones(check.initial)),
            looked_at: ones(check.window),
            threshold: u32::try_from(check.threshold).unwrap_or(u32::MAX),
        }
    }

    /// Whether it works now.
    #[must_use]
    pub fn is_good(&self) -> bool {
        let last = self.last.load(Ordering::Relaxed) & self.looked_at;
        last.count_ones() >= self.threshold
    }

    /// Notes a probe; says whether the backend has begun or ceased to work by it.
    pub fn probed(&self, succeeded: bool) -> Option<Turn> {
        let was_good = self.is_good();
        let last = self.last.load(Ordering::Relaxed);
        self.last.store(last << 1 | u16::from(succeeded), Ordering::Relaxed);
        match (was_good, self.is_good()) {
            (false, true) => Some(Turn::Recovered),
            (true, false) => Some(Turn::Failed),
            _ => None,
        }
    }
}

/// What became of a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It works again.
    Recovered,
    /// It works no more.
    Failed,
}

impl Turn {
    /// The word in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "healthy",
            Self::Failed => "unhealthy",
        }
    }
}

/// So many ones; there are at most 15 probes.
fn ones(count: usize) -> u16 {
    let shift = u32::try_from(count).unwrap_or(u32::MAX);
    1_u16.checked_shl(shift).map_or(u16::MAX, |bit| bit - 1)
}

#[cfg(test)]
mod tests;
