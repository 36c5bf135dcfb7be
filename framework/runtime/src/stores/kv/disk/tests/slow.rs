//! Slow readers of large values: how little they hold, and what others may do meanwhile.

use std::{sync::Arc, time::Duration};

use selvedge::Refusal;
use selvedge_model::limits::{KV_SNAPSHOT_MS, KV_VALUE_MAX};

use super::*;
use crate::{
    clock::ManualClock,
    stores::{
        kv::{
            PopKv, View,
            contract::{Store, large},
            disk::parts::PART,
        },
        sim::Room,
    },
};

fn engine() -> (Sim, Arc<dyn KvEngine>) {
    let disk = Sim::default();
    let engine = disk.engine().unwrap();
    (disk, Arc::new(engine))
}

#[tokio::test]
async fn a_reader_holds_one_part() {
    let (_disk, engine) = engine();
    let store = Store::new(&engine, "s");
    store.put("k", write(vec![7; KV_VALUE_MAX])).await.unwrap();
    let reading = store.begin("k").await;
    assert!(reading.read.len() <= PART, "{} bytes", reading.read.len());
    assert_eq!(reading.rest().await.unwrap().len(), KV_VALUE_MAX);
}

/// A snapshot is taken away by the first commit after its time; then the value must be the same one still.
#[tokio::test]
async fn who_takes_too_long_gets_the_same_value_or_none() {
    let (_disk, engine) = engine();
    let store = Store::new(&engine, "s");
    let late = store.after(Duration::from_millis(KV_SNAPSHOT_MS));
    for key in ["same", "other", "longer", "gone", "in time"] {
        store.put(key, large(1)).await.unwrap();
    }
    let same = store.begin("same").await;
    let (other, longer) = (store.begin("other").await, store.begin("longer").await);
    let gone = store.begin("gone").await;
    let in_time = late.begin("in time").await;
    late.put("other", large(2)).await.unwrap();
    let append = selvedge::store::kv::InsertMode::Append;
    let more = selvedge::store::kv::KvWrite { mode: append, ..write("more") };
    late.put("longer", more).await.unwrap();
    late.delete("gone", None).await.unwrap();
    late.put("in time", large(2)).await.unwrap();
    assert!(same.rest().await.unwrap().iter().all(|byte| *byte == 1));
    for reading in [other, longer, gone] {
        let error = reading.rest().await.unwrap_err().to_string();
        assert!(error.contains("written over or deleted while it was being read"), "{error}");
    }
    assert!(in_time.rest().await.unwrap().iter().all(|byte| *byte == 1));
}

/// The file is opened again after an I/O error; that nobody reads the old one any more is not for readers to notice.
#[tokio::test]
async fn a_file_that_is_opened_again_is_read_on() {
    let (disk, engine) = engine();
    let store = Store::new(&engine, "s");
    store.put("k", large(1)).await.unwrap();
    let reading = store.begin("k").await;
    disk.set_room(Room::None);
    store.put("other", large(2)).await.unwrap_err();
    disk.set_room(Room::Plenty);
    assert!(reading.rest().await.unwrap().iter().all(|byte| *byte == 1));
    store.after(Duration::from_secs(1)).put("other", large(2)).await.unwrap();
}

#[tokio::test]
async fn a_reader_does_not_keep_the_file_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kv.redb");
    let engine: Arc<dyn KvEngine> = Arc::new(DiskKv::open(&path).unwrap());
    let store = Store::new(&engine, "s");
    store.put("k", large(1)).await.unwrap();
    let reading = store.begin("k").await;
    drop((store, engine));
    drop(DiskKv::open(&path).unwrap());
    reading.rest().await.unwrap_err();
}

/// Whoever reads large values whole shares room, which lasts as long as the bytes; a body needs none.
#[tokio::test]
async fn values_that_are_read_whole_have_room() {
    let (_disk, engine) = engine();
    let (store, id, key) = (Store::new(&engine, "s"), store_id("s"), kv_key("k"));
    store.put("k", large(1)).await.unwrap();
    store.put("small", write("small")).await.unwrap();
    let pop = PopKv::new(Arc::clone(&engine), View { bytes: 0, lag_ms: 0 });
    let clock = ManualClock::at(NOW);
    let all = engine.being_read().free();
    let entry = pop.get(&id, &key, &clock).await.unwrap().unwrap();
    let taken = all - engine.being_read().free();
    assert!(taken >= entry.value.len(), "{taken}");
    let piece = entry.value.into_bytes().slice(10..11);
    assert_eq!(all - engine.being_read().free(), taken);
    let rest = engine.being_read().room(all - taken, &clock).await.unwrap();
    pop.get(&id, &kv_key("small"), &clock).await.unwrap().unwrap();
    drop(pop.body(&id, &key, NOW).await.unwrap().unwrap());
    let refused = async {
        let waiting = pop.get(&id, &key, &clock);
        let time = async {
            while clock.next_wake_ms().is_none() {
                tokio::task::yield_now().await;
            }
            clock.advance(Duration::from_secs(10));
        };
        futures_util::future::join(waiting, time).await.0
    };
    assert_eq!(refused.await.unwrap_err().refusal(), Refusal::TooManyRequests);
    drop(piece);
    assert_eq!(engine.being_read().free(), taken);
    drop(rest);
    assert_eq!(engine.being_read().free(), all);
}
