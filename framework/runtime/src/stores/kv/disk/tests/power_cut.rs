//! A thousand power cuts: what was acknowledged is there, and nothing is there by half.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use fastrand::Rng;
use futures_util::future::join_all;
use selvedge::store::kv::{InsertMode, KvWrite};

use crate::stores::{
    kv::{KvEngine, contract::Store},
    sim::Sim,
};

const SEEDS: u64 = 1000;

/// More than any power lasts.
const ROUNDS: usize = 200;

/// What may be found under a key.
#[derive(Default)]
struct Key {
    acknowledged: Option<Bytes>,
    /// What the writes that failed would have made of it.
    possible: Vec<Option<Bytes>>,
}

#[test]
fn nothing_acknowledged_is_lost() {
    let failed: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                (0..SEEDS).filter(|seed| seed % 2 == half).filter_map(run).collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What went wrong with this seed.
fn run(seed: u64) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(cuts(seed)).err().map(|what| format!("seed {seed}: {what}"))
}

/// Two cuts, each after the file was opened again after the one before.
async fn cuts(seed: u64) -> Result<(), String> {
    let mut rng = Rng::with_seed(seed);
    let disk = Sim::default();
    let mut keys: BTreeMap<usize, Key> = BTreeMap::new();
    let mut generation = 0;
    // A file is made under another name, so none is ever found half made.
    drop(disk.engine().map_err(|error| format!("cannot be made: {error}"))?);
    for _ in 0..2 {
        disk.dies_after(rng.u64(1..150));
        if let Ok(engine) = disk.engine() {
            let engine: Arc<dyn KvEngine> = Arc::new(engine);
            let store = Store::new(&engine, "s");
            for _ in 0..ROUNDS {
                if !write(&store, &mut keys, &mut generation, &mut rng).await {
                    break;
                }
            }
        }
        disk.dies();
        disk.comes_back(&mut rng);
        check(&disk, &mut keys, &mut generation).await?;
    }
    Ok(())
}

/// A few writes at once, to different keys; whether all were acknowledged.
async fn write(
    store: &Store,
    keys: &mut BTreeMap<usize, Key>,
    generation: &mut u64,
    rng: &mut Rng,
) -> bool {
    let count = rng.usize(1..6);
    let chosen = rng.choose_multiple(0..12, count);
    let writes: Vec<_> = chosen.into_iter().map(|key| (key, write_of(rng))).collect();
    let results = join_all(writes.iter().map(|(key, write)| {
        let (store, write) = (store.clone(), write.clone());
        async move {
            match write {
                Some(write) => store.put(&name(*key), write).await,
                None => store.delete(&name(*key), None).await.map(|_| 0),
            }
        }
    }))
    .await;
    let mut all = true;
    for ((key, write), result) in writes.into_iter().zip(results) {
        let key = keys.entry(key).or_default();
        let after = write.map(|write| after(key.acknowledged.as_ref(), write));
        match result {
            Ok(given) => {
                key.acknowledged = after;
                *generation = given.max(*generation);
            }
            Err(_) => {
                key.possible.push(after);
                all = false;
            }
        }
    }
    all
}

fn name(key: usize) -> String {
    format!("key {key}")
}

/// A write, or a deletion.
fn write_of(rng: &mut Rng) -> Option<KvWrite> {
    let bytes = match rng.u8(..12) {
        0 => 0,
        1 => rng.usize(260_000..600_000),
        2 => rng.usize(4000..20_000),
        _ => rng.usize(1..200),
    };
    let mode = match rng.u8(..6) {
        0 => return None,
        1 => InsertMode::Append,
        2 => InsertMode::Prepend,
        _ => InsertMode::Overwrite,
    };
    // Each write has a content of its own, so that an old one is not taken for a new one.
    let mut value = rng.u64(..).to_le_bytes().repeat(bytes.div_ceil(8));
    value.truncate(bytes);
    Some(KvWrite { value: value.into(), mode, ..KvWrite::default() })
}

fn after(before: Option<&Bytes>, write: KvWrite) -> Bytes {
    let (old, new) = (before.cloned().unwrap_or_default(), write.value.into_bytes());
    match write.mode {
        InsertMode::Append => [old, new].concat().into(),
        InsertMode::Prepend => [new, old].concat().into(),
        InsertMode::Overwrite | InsertMode::Add => new,
    }
}

/// What is there after the cut is what may be; from now on it is what must be.
async fn check(
    disk: &Sim,
    keys: &mut BTreeMap<usize, Key>,
    generation: &mut u64,
) -> Result<(), String> {
    let engine = disk.engine().map_err(|error| format!("does not open: {error}"))?;
    let engine: Arc<dyn KvEngine> = Arc::new(engine);
    let store = Store::new(&engine, "s");
    for (number, key) in keys {
        let found = store.value(&name(*number)).await;
        let possible = std::mem::take(&mut key.possible);
        if found != key.acknowledged && !possible.contains(&found) {
            let length = |value: &Option<Bytes>| value.as_ref().map(Bytes::len);
            let lengths = (length(&key.acknowledged), length(&found));
            return Err(format!("key {number}: acknowledged and found have lengths {lengths:?}"));
        }
        key.acknowledged = found;
    }
    let next = store.put("after", KvWrite::default()).await;
    let next = next.map_err(|error| format!("takes no writes: {}", error.chain()))?;
    if next <= *generation {
        return Err(format!("generation {next} came after {generation}"));
    }
    *generation = next;
    Ok(())
}
