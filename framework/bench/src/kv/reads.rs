//! Reads of single items at the engine, which keeps none.

use std::time::Instant;

use selvedge_bench::{Outcome, samples::Latencies};
use selvedge_runtime::stores::kv::KvEngine;

use crate::figures::{NOW_MS, key, said, show, store};

/// Reads random items of so many.
pub(crate) async fn measure(engine: &dyn KvEngine, keys: usize, name: &str) -> Outcome<()> {
    let (store, mut rng) = (store(), fastrand::Rng::with_seed(1));
    let mut latencies = Latencies::new()?;
    for _ in 0..50_000 {
        let key = key(rng.usize(..keys))?;
        let start = Instant::now();
        let found = engine.get(&store, &key, NOW_MS).await.map_err(said)?;
        latencies.add(start.elapsed());
        if found.is_none() {
            return Err(format!("`{key}` is gone").into());
        }
    }
    show(name, &latencies);
    Ok(())
}
