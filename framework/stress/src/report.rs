//! What a run tells.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What must not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Violation {
    /// A body that is not its object's, or not all of one version.
    WrongBody,
    /// A version that a purge had taken away before the request was sent.
    Purged,
    /// A status that nobody sent and no fault explains.
    WrongStatus,
    /// A request that did not end.
    Stuck,
    /// More than one fetch for one collapse group.
    SecondFetch,
    /// A purge that was not done.
    PurgeRefused,
    /// More memory than allowed.
    Memory,
}

/// What happened in a run.
#[derive(Debug)]
pub struct Report {
    pub(crate) seed: u64,
    pub(crate) took: Duration,
    /// At the beginning, at most, and allowed, in bytes.
    pub(crate) memory: (u64, u64, u64),
    pub(crate) counts: BTreeMap<&'static str, u64>,
    pub(crate) violations: BTreeMap<Violation, (u64, Vec<String>)>,
}

impl Report {
    /// Whether nothing happened that must not, and enough did to say so.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.violations.is_empty() && self.count("whole") > 0 && self.count("purge") > 0
    }

    /// How often something happened, by its word in the report.
    #[must_use]
    pub fn count(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or_default()
    }

    /// How often something happened that must not.
    #[must_use]
    pub fn violations(&self, of: Violation) -> u64 {
        self.violations.get(&of).map_or(0, |(count, _)| *count)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (idle, peak, limit) = self.memory;
        let mib = |bytes: u64| bytes / (1024 * 1024);
        writeln!(f, "seed {}, {:.1} s", self.seed, self.took.as_secs_f64())?;
        let (idle, peak, limit) = (mib(idle), mib(peak), mib(limit));
        writeln!(f, "memory: {idle} MiB idle, {peak} at most, {limit} allowed")?;
        for (what, count) in &self.counts {
            writeln!(f, "{what:<24}{count:>9}")?;
        }
        for (violation, (count, told)) in &self.violations {
            writeln!(f, "must not happen: {violation:?}, {count} times")?;
            told.iter().try_for_each(|what| writeln!(f, "  {what}"))?;
        }
        if self.violations.is_empty() { writeln!(f, "all held") } else { Ok(()) }
    }
}
