//! A disk that fails for a while: writes that find no room are refused by name, reads go on, and writes do when there is
//! room again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use selvedge::Refusal;

use crate::stores::{
    kv::{
        KvEngine,
        contract::{Store, write},
    },
    sim::{Room, Sim},
};

/// Both kinds of full disks, with small and large values.
#[tokio::test]
async fn reads_go_on_while_there_is_no_room() {
    for room in [Room::NoMore, Room::None] {
        for bytes in [100, 3_000_000] {
            fills_up(room, bytes).await;
        }
    }
}

async fn fills_up(room: Room, bytes: usize) {
    let disk = Sim::default();
    let engine: Arc<dyn KvEngine> = Arc::new(disk.engine().unwrap());
    let mut store = Store::new(&engine, "s");
    store.put("kept", write("kept")).await.unwrap();
    disk.set_room(room);
    let mut written = Vec::new();
    let refused = loop {
        let key = format!("{:05}", written.len());
        match store.put(&key, write(vec![7; bytes])).await {
            Ok(_) => written.push(key),
            Err(error) => break error,
        }
    };
    assert_eq!(refused.refusal(), Refusal::StoreFull, "{}", refused.chain());
    let asked = Instant::now();
    assert_eq!(store.value("kept").await.unwrap(), "kept", "{room:?}");
    // Not a measurement: a bound that the platform promises.
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(
        store.list(Default::default()).await.unwrap().keys.len(),
        written.len().min(999) + 1
    );
    for pause in [0, 50, 200, 400] {
        store = store.after(Duration::from_millis(pause));
        let error = store.put("new", write(vec![7; bytes])).await.unwrap_err();
        assert_eq!(error.refusal(), Refusal::StoreFull, "{room:?}: {}", error.chain());
        assert_eq!(store.value("kept").await.unwrap(), "kept", "{room:?}");
    }
    disk.set_room(Room::Plenty);
    let store = store.after(Duration::from_secs(1));
    store.put("new", write("new")).await.unwrap();
    drop(store);
    drop(engine);
    let engine: Arc<dyn KvEngine> = Arc::new(disk.engine().unwrap());
    let store = Store::new(&engine, "s");
    assert_eq!(store.value("new").await.unwrap(), "new");
    for key in written {
        assert_eq!(store.value(&key).await.unwrap().len(), bytes, "{room:?}: {key}");
    }
}

/// redb would refuse everything after it; whoever asks does not even notice.
#[tokio::test]
async fn a_read_that_fails_is_done_again() {
    let disk = Sim::default();
    let value = vec![7; 3_000_000];
    let engine: Arc<dyn KvEngine> = Arc::new(disk.engine().unwrap());
    Store::new(&engine, "s").put("k", write(value.clone())).await.unwrap();
    drop(engine);
    let engine: Arc<dyn KvEngine> = Arc::new(disk.engine().unwrap());
    let store = Store::new(&engine, "s");
    disk.fails_reads(1);
    assert_eq!(store.value("k").await.unwrap(), value);
    disk.fails_reads(1);
    store.put("k2", write("v")).await.unwrap_or_default();
    disk.fails_reads(0);
    store.put("k2", write("new")).await.unwrap();
    assert_eq!(store.value("k2").await.unwrap(), "new");
    assert_eq!(store.value("k").await.unwrap(), value);
}
