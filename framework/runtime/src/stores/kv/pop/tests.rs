use std::{sync::Arc, time::Duration};

use selvedge::store::kv::{KvEntry, KvWrite};

use super::{PopKv, View};
use crate::{
    clock::ManualClock,
    stores::kv::{
        KvEngine, MemoryKv,
        contract::{NOW, kv_key, store_id, write},
    },
};

const LAG: u64 = 300;
const BYTES: usize = 1 << 20;

struct World {
    engine: Arc<dyn KvEngine>,
    here: PopKv,
    there: PopKv,
}

fn world(lag_ms: u64) -> World {
    let engine: Arc<dyn KvEngine> = Arc::new(MemoryKv::new());
    let pop = || PopKv::new(Arc::clone(&engine), View { bytes: BYTES, lag_ms });
    let (here, there) = (pop(), pop());
    World { engine, here, there }
}

async fn put(pop: &PopKv, text: &'static str, now_ms: u64) -> u64 {
    pop.put(&store_id("s"), &kv_key("k"), write(text), now_ms).await.unwrap()
}

async fn get(pop: &PopKv, now_ms: u64) -> Option<KvEntry> {
    pop.get(&store_id("s"), &kv_key("k"), &ManualClock::at(now_ms)).await.unwrap()
}

async fn text(pop: &PopKv, now_ms: u64) -> String {
    let value = get(pop, now_ms).await.map(|entry| entry.value.into_bytes().to_vec());
    String::from_utf8(value.unwrap_or_else(|| b"nothing".to_vec())).unwrap()
}

#[tokio::test]
async fn others_see_a_write_after_the_lag_and_the_writer_at_once() {
    let world = world(LAG);
    put(&world.here, "old", NOW).await;
    assert_eq!(text(&world.there, NOW).await, "old");
    put(&world.here, "new", NOW).await;
    assert_eq!(text(&world.here, NOW).await, "new");
    assert_eq!(text(&world.there, NOW + LAG - 1).await, "old");
    assert_eq!(text(&world.there, NOW + LAG).await, "new");
}

#[tokio::test]
async fn the_lag_counts_from_the_first_write() {
    let world = world(LAG);
    put(&world.here, "1", NOW).await;
    assert_eq!(text(&world.there, NOW).await, "1");
    put(&world.here, "2", NOW + 100).await;
    put(&world.here, "3", NOW + 200).await;
    assert_eq!(text(&world.there, NOW + 100 + LAG - 1).await, "1");
    assert_eq!(text(&world.there, NOW + 100 + LAG).await, "3");
}

#[tokio::test]
async fn without_a_lag_everybody_sees_it_at_once() {
    let world = world(0);
    assert_eq!(text(&world.there, NOW).await, "nothing");
    put(&world.here, "new", NOW).await;
    assert_eq!(text(&world.there, NOW).await, "new");
    let deleted = world.there.delete(&store_id("s"), &kv_key("k"), None, NOW).await;
    assert!(deleted.unwrap());
    assert_eq!(text(&world.here, NOW).await, "nothing");
}

/// A view that stopped hearing of changes would go on with what it has; so it must have been read from memory.
#[tokio::test]
async fn the_second_read_is_from_memory() {
    let world = world(LAG);
    assert_eq!(get(&world.here, NOW).await, None);
    put(&world.there, "new", NOW).await;
    assert_eq!(get(&world.here, NOW).await, None, "that there is none is kept, too");
    assert_eq!(text(&world.here, NOW + LAG).await, "new");
}

#[tokio::test]
async fn an_item_ends_in_memory_too() {
    let world = world(LAG);
    let ttl = Some(Duration::from_millis(50));
    let write = KvWrite { ttl, ..write("brief") };
    world.here.put(&store_id("s"), &kv_key("k"), write, NOW).await.unwrap();
    for pop in [&world.here, &world.there] {
        assert_eq!(text(pop, NOW).await, "brief");
        assert_eq!(text(pop, NOW + 49).await, "brief");
        assert_eq!(get(pop, NOW + 50).await, None);
    }
}

#[tokio::test]
async fn a_dropped_store_is_gone_at_once() {
    let world = world(LAG);
    put(&world.here, "old", NOW).await;
    get(&world.there, NOW).await.unwrap();
    world.engine.drop_some(&store_id("s")).await.unwrap();
    assert_eq!(get(&world.there, NOW).await, None);
    assert_eq!(get(&world.here, NOW).await, None);
}

#[tokio::test]
async fn memory_is_bounded_and_the_least_read_goes_first() {
    let world = world(LAG);
    let (store, clock) = (store_id("s"), ManualClock::at(NOW));
    let key = |number: usize| kv_key(&number.to_string());
    for number in 0..40 {
        let value = vec![b'v'; BYTES / 10];
        world.engine.put(&store, &key(number), write(value), NOW).await.unwrap();
        world.here.get(&store, &key(number), &clock).await.unwrap().unwrap();
        assert!(world.here.bytes() <= BYTES, "{}", world.here.bytes());
    }
    assert!(world.here.bytes() > BYTES / 2);
    let large = kv_key("large");
    world.engine.put(&store, &large, write(vec![b'v'; BYTES]), NOW).await.unwrap();
    let before = world.here.bytes();
    assert_eq!(world.here.get(&store, &large, &clock).await.unwrap().unwrap().value.len(), BYTES);
    assert_eq!(world.here.bytes(), before, "what would fill the memory is not kept");
}

/// A read that began before a write must not leave what it got for those after it.
#[tokio::test]
async fn an_old_read_leaves_nothing_behind() {
    use super::view::{Kept, Look};
    use crate::stores::kv::{Change, Watch};
    for lag_ms in [0, LAG] {
        let kept = Kept::new(View { bytes: BYTES, lag_ms });
        let (store, key) = (store_id("s"), kv_key("k"));
        let Look::Unknown(ticket) = kept.look(&store, &key, NOW) else { panic!("read before") };
        kept.changed(Change::Item { store: &store, key: &key, now_ms: NOW });
        kept.keep(ticket, &store, &key, None);
        assert!(matches!(kept.look(&store, &key, NOW), Look::Unknown(_)));
        assert_eq!(kept.bytes(), 0);
    }
}
