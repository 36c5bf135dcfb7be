//! The process that is killed: writers that write as fast as they can, each to items of its own.

use std::{
    io::{Write, stdout},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use selvedge::store::kv::{InsertMode, KvWrite};
use selvedge_runtime::stores::kv::{DiskKv, KvEngine};

use super::{
    ledger::{NOW_MS, key, store},
    line::{Deed, Line, Step, content},
};
use crate::Outcome;

/// Writers at once, so that commits hold several writes.
const WRITERS: usize = 8;
/// Items of each.
const ITEMS: usize = 16;

/// Writes until it is killed. Deeds are numbered on from `last`.
///
/// # Errors
/// Where the file cannot be opened or written.
pub fn write(file: &Path, seed: u64, last: u64) -> Outcome<()> {
    let engine = DiskKv::open(file)?;
    let next = AtomicU64::new(last + 1);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let mut rng = fastrand::Rng::with_seed(seed);
        let writers = (0..WRITERS).map(|writer| endless(&engine, writer, rng.fork(), &next));
        futures_util::future::try_join_all(writers).await.map(drop)
    })
}

async fn endless(
    engine: &DiskKv,
    writer: usize,
    mut rng: fastrand::Rng,
    next: &AtomicU64,
) -> Outcome<()> {
    loop {
        let item = writer * ITEMS + rng.usize(..ITEMS);
        let deed = deed(next.fetch_add(1, Ordering::Relaxed), &mut rng);
        say(Line { item, deed, step: Step::Begun })?;
        act(engine, item, deed).await?;
        say(Line { item, deed, step: Step::Acknowledged })?;
    }
}

/// Mostly small values, some of several parts.
fn deed(number: u64, rng: &mut fastrand::Rng) -> Deed {
    let bytes = match rng.u8(..40) {
        0 => rng.usize(300_000..1_500_000),
        1..6 => rng.usize(4000..50_000),
        6 => 0,
        _ => rng.usize(1..1000),
    };
    match rng.u8(..8) {
        0 => Deed::Delete(number),
        1 => Deed::Append(number, bytes),
        _ => Deed::Overwrite(number, bytes),
    }
}

async fn act(engine: &DiskKv, item: usize, deed: Deed) -> Outcome<()> {
    let (store, key) = (store(), key(item)?);
    let (mode, number, bytes) = match deed {
        Deed::Overwrite(number, bytes) => (InsertMode::Overwrite, number, bytes),
        Deed::Append(number, bytes) => (InsertMode::Append, number, bytes),
        Deed::Delete(_) => {
            let deleted = engine.delete(&store, &key, None, NOW_MS).await;
            return deleted.map(drop).map_err(|error| error.chain().into());
        }
    };
    let value = Bytes::from(content(number, bytes)).into();
    let write = KvWrite { value, mode, ..KvWrite::default() };
    let written = engine.put(&store, &key, write, NOW_MS).await;
    written.map(drop).map_err(|error| error.chain().into())
}

/// A line is written at once and not kept in a buffer, which a kill would take along.
fn say(line: Line) -> Outcome<()> {
    let mut out = stdout().lock();
    out.write_all(format!("{line}\n").as_bytes())?;
    Ok(out.flush()?)
}
