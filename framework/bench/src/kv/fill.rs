//! A store with many keys: how long it takes to fill, to open, to read and to list, and what it takes of memory.

use std::path::Path;
use std::time::Instant;

use selvedge::store::kv::KvQuery;
use selvedge_bench::{Outcome, samples::Latencies};
use selvedge_runtime::stores::kv::{DiskKv, KvEngine};

use crate::figures::{NOW_MS, key, resident, said, seconds, show, store, tell, write};
use crate::reads;

const BATCH: usize = 1000;

/// The short form has values of 1 KiB; the long one small ones, so that it fits on a disk.
const LONG: usize = 1_000_000;

pub(crate) async fn measure(folder: &Path, keys: usize) -> Outcome<()> {
    let path = folder.join("fill.redb");
    let bytes = if keys >= LONG { 64 } else { 1024 };
    println!("{keys} keys with values of {bytes} bytes");
    let start = Instant::now();
    fill(&path, keys, bytes).await?;
    tell("  filled in", &seconds(start.elapsed()));
    tell("  file, MiB", &(std::fs::metadata(&path)?.len() / (1024 * 1024)).to_string());
    let before = resident()?;
    let start = Instant::now();
    let engine = DiskKv::open(&path)?;
    tell("  opened in", &seconds(start.elapsed()));
    reads::measure(&engine, keys, "  uncached read, one caller").await?;
    pages(&engine, keys).await?;
    let more = resident()?.saturating_sub(before);
    tell("  memory for it, MiB", &(more / (1024 * 1024)).to_string());
    unclosed(&path, engine)
}

/// What a killed process leaves is a copy of the file while it is open.
fn unclosed(path: &Path, engine: DiskKv) -> Outcome<()> {
    let copy = path.with_extension("unclosed");
    std::fs::copy(path, &copy)?;
    drop(engine);
    let start = Instant::now();
    let _engine = DiskKv::open(&copy)?;
    tell("  opened after a kill in", &seconds(start.elapsed()));
    Ok(())
}

async fn fill(path: &Path, keys: usize, bytes: usize) -> Outcome<()> {
    let (engine, store) = (DiskKv::open(path)?, store());
    for first in (0..keys).step_by(BATCH) {
        let batch = first..keys.min(first + BATCH);
        let writes =
            batch.map(|number| Ok((key(number)?, write(bytes)))).collect::<Outcome<_>>()?;
        for written in engine.put_many(&store, writes, NOW_MS).await {
            written.map_err(said)?;
        }
    }
    Ok(())
}

/// Pages of a thousand keys, from the first on.
async fn pages(engine: &DiskKv, keys: usize) -> Outcome<()> {
    let (store, mut latencies, mut cursor) = (store(), Latencies::new()?, None);
    for _ in 0..keys.div_ceil(1000).min(1000) {
        let start = Instant::now();
        let query = KvQuery { cursor, ..KvQuery::default() };
        let page = engine.list(&store, query, NOW_MS).await.map_err(said)?;
        latencies.add(start.elapsed());
        cursor = page.next_cursor;
    }
    show("  page of 1000 keys", &latencies);
    Ok(())
}
