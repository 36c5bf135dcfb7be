//! Runs a test in many orders of its threads.
//!
//! `SELVEDGE_RACES=N` makes it N times as many. What fails prints its schedule, which `shuttle::replay` repeats;
//! `SHUTTLE_RANDOM_SEED` picks other orders than the usual ones.

use shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler},
};

/// How many orders of each kind are tried, unless more are wanted.
const ORDERS: usize = 1_000;

/// How many changes of thread are enough to show most races.
const DEPTH: usize = 3;

/// The seed of the usual orders: a run that fails fails again.
const SEED: u64 = 4;

/// Tries a test in random orders, then in orders that run one thread for as long as it can, but for a few changes.
pub(crate) fn check(test: impl Fn() + Send + Sync + Clone + 'static) {
    let orders = ORDERS * times();
    let random = RandomScheduler::new_from_seed(SEED, orders);
    Runner::new(random, config()).run(test.clone());
    Runner::new(PctScheduler::new_from_seed(SEED, DEPTH, orders), config()).run(test);
}

fn times() -> usize {
    std::env::var("SELVEDGE_RACES").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// That all atomic operations are taken to be in one order is known.
fn config() -> Config {
    let mut config = Config::new();
    config.silence_warnings = true;
    config.stack_size = 512 * 1024;
    config
}
