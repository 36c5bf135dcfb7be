//! Figures: latencies of one round, and the least, the middle and the most over all rounds.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::Outcome;

/// What takes longer is counted as this long: a minute.
const LONGEST_NS: u64 = 60_000_000_000;

/// The latencies of one round, to three digits.
#[derive(Debug)]
pub struct Latencies(Histogram<u64>);

impl Latencies {
    /// None so far.
    ///
    /// # Errors
    /// Never with these bounds.
    pub fn new() -> Outcome<Self> {
        Ok(Self(Histogram::new_with_bounds(1, LONGEST_NS, 3)?))
    }

    /// Counts one.
    pub fn add(&mut self, latency: Duration) {
        self.0.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    /// How many there are.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
    pub fn count(&self) -> f64 {
        self.0.len() as f64
    }

    /// What this share of them is not above, in microseconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a round are far below 2^52")]
    pub fn quantile_us(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1000.0
    }
}

/// One figure in every round.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Adds a round's.
    pub fn add(&mut self, sample: f64) {
        self.0.push(sample);
        self.0.sort_by(f64::total_cmp);
    }

    /// The least.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    /// The middle one; the upper one of two.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.0.get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The most.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Latencies, Samples};

    #[test]
    fn a_quantile_is_a_latency() {
        let mut latencies = Latencies::new().unwrap();
        (1..=100).for_each(|us| latencies.add(Duration::from_micros(us)));
        assert!((latencies.quantile_us(0.5) - 50.0).abs() < 0.1);
        assert!((latencies.quantile_us(0.99) - 99.0).abs() < 0.1);
    }

    #[test]
    fn the_middle_is_the_median() {
        let mut samples = Samples::default();
        [3.0, 1.0, 200.0].into_iter().for_each(|sample| samples.add(sample));
        assert_eq!((samples.min(), samples.median(), samples.max()), (1.0, 3.0, 200.0));
    }
}
