//! Durable writes of 1 KiB: one writer, then as many as share commits.

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use selvedge_bench::{Outcome, samples::Latencies};
use selvedge_runtime::stores::kv::{DiskKv, KvEngine};

use crate::figures::{NOW_MS, key, said, show, store, tell, write};

const TIME: Duration = Duration::from_secs(5);
const BYTES: usize = 1024;

pub(crate) async fn measure(folder: &Path) -> Outcome<()> {
    for writers in [1, 64] {
        let engine = DiskKv::open(&folder.join(format!("writes-{writers}.redb")))?;
        let start = Instant::now();
        let all = (0..writers).map(|writer| write_on(&engine, writer, start));
        let all = try_join_all(all).await?;
        let seconds = start.elapsed().as_secs_f64();
        let mut latencies = Latencies::new()?;
        all.iter().flatten().for_each(|latency| latencies.add(*latency));
        show(&format!("durable write, 1 KiB, {writers} writers"), &latencies);
        let commits = u32::try_from(engine.commits()).map_or(f64::NAN, f64::from);
        tell("  writes a second", &format!("{:.0}", latencies.count() / seconds));
        tell("  commits", &format!("{commits:.0}"));
        tell("  writes per commit", &format!("{:.1}", latencies.count() / commits));
    }
    Ok(())
}

/// One writer, who waits for each write before the next.
async fn write_on(engine: &DiskKv, writer: usize, start: Instant) -> Outcome<Vec<Duration>> {
    let (store, mut latencies) = (store(), Vec::new());
    while start.elapsed() < TIME {
        let key = key(writer * 1_000_000 + latencies.len())?;
        let asked = Instant::now();
        engine.put(&store, &key, write(BYTES), NOW_MS).await.map_err(said)?;
        latencies.push(asked.elapsed());
    }
    Ok(latencies)
}
