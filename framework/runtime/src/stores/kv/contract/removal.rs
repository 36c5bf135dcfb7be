//! What is removed without being asked for by key: expired items, and whole stores.

use std::sync::{Mutex, Weak};

use super::*;
use crate::stores::kv::{Change, Closing, Watch};

const SECOND: Duration = Duration::from_secs(1);

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    counting(&Store::new(engine, "counting")).await;
    sweeping(&Store::new(engine, "sweeping")).await;
    dropping(engine).await;
    changes_are_told(engine).await;
    closing(&Store::new(engine, "closing")).await;
    closing_among_writes(engine).await;
    stores_in_order(engine).await;
}

async fn closing(store: &Store) {
    store.put("k", with_ttl(SECOND, "v")).await.unwrap();
    assert_eq!(store.engine.close(&store.id, NOW).await.unwrap(), Closing::NotEmpty);
    store.put("k", with_ttl(SECOND, "v")).await.unwrap();
    let later = store.after(SECOND);
    assert_eq!(store.engine.close(&store.id, later.now_ms).await.unwrap(), Closing::Closed);
    assert_eq!(refusal(later.put("k", write("v")).await), Refusal::StoreGone);
    let many = later.put_many(vec![("a", write("v")), ("b", write("v"))]).await;
    assert!(many.into_iter().all(|one| refusal(one) == Refusal::StoreGone));
    assert_eq!(later.count(9).await, 0);
    store.engine.reopen(&store.id);
    later.put("k", write("v")).await.unwrap();
    assert_eq!(later.value("k").await.unwrap(), "v");
}

/// Whoever comes first, no write is acknowledged that a closed store has lost.
async fn closing_among_writes(engine: &Arc<dyn KvEngine>) {
    for round in 0..50 {
        let store = Store::new(engine, &format!("closed-{round}"));
        let (put, closed) = futures_util::future::join(
            store.put("k", write("v")),
            store.engine.close(&store.id, NOW),
        )
        .await;
        match closed.unwrap() {
            Closing::NotEmpty => drop(put.unwrap()),
            Closing::Closed => assert_eq!(refusal(put), Refusal::StoreGone),
        }
    }
}

/// One after the other, each once, and only those that have items.
async fn stores_in_order(engine: &Arc<dyn KvEngine>) {
    let mine = ["order-a", "order-b", "order-none"].map(|name| Store::new(engine, name));
    for store in &mine[..2] {
        store.put_many((0..3).map(|_| ("k", write("v"))).collect()).await;
    }
    let mut found: Vec<StoreId> = Vec::new();
    while let Some(next) = engine.next_store(found.last()).await.unwrap() {
        assert!(found.last().is_none_or(|last| *last < next));
        found.push(next);
    }
    let there: Vec<bool> = mine.iter().map(|store| found.contains(&store.id)).collect();
    assert_eq!(there, [true, true, false]);
}

async fn counting(store: &Store) {
    assert_eq!(store.count(1).await, 0);
    store.put("a", with_ttl(SECOND, "v")).await.unwrap();
    store.put("b", write("v")).await.unwrap();
    store.put("c", write("v")).await.unwrap();
    assert_eq!((store.count(1).await, store.count(2).await, store.count(9).await), (1, 2, 3));
    let later = store.after(SECOND);
    assert_eq!(later.count(9).await, 2);
}

/// More than one step's worth; what is left afterwards is what was not over.
async fn sweeping(store: &Store) {
    let names: Vec<_> = (0..1000).map(|number| format!("{number:04}")).collect();
    let puts = names.iter().map(|name| (name.as_str(), with_ttl(SECOND, "brief")));
    store.put_many(puts.collect()).await;
    store.put("stays", with_ttl(2 * SECOND, "v")).await.unwrap();
    let later = store.after(SECOND);
    while later.engine.sweep(later.now_ms).await.unwrap() == Progress::More {}
    // Seen with the clock of before, since nothing that is over is shown at any rate.
    assert_eq!(store.list(KvQuery::default()).await.unwrap().keys, ["stays"]);
    assert_eq!(store.value("stays").await.unwrap(), "v");
}

async fn dropping(engine: &Arc<dyn KvEngine>) {
    let (gone, stays) = (Store::new(engine, "gone"), Store::new(engine, "stays"));
    let names: Vec<_> = (0..1000).map(|number| format!("{number:04}")).collect();
    for store in [&gone, &stays] {
        store.put_many(names.iter().map(|name| (name.as_str(), write("v"))).collect()).await;
        store.put("ends", with_ttl(SECOND, "v")).await.unwrap();
    }
    while engine.drop_some(&gone.id).await.unwrap() == Progress::More {}
    assert_eq!((gone.count(9).await, stays.count(9999).await), (0, 1001));
    assert_eq!(engine.drop_some(&gone.id).await.unwrap(), Progress::Done);
    gone.put("0001", with_mode(InsertMode::Append, "new")).await.unwrap();
    assert_eq!(gone.value("0001").await.unwrap(), "new", "nothing is left of the old one");
}

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Watch for Heard {
    fn changed(&self, change: Change<'_>) {
        let text = match change {
            Change::Item { key, now_ms, .. } => format!("{key} {}", now_ms - NOW),
            Change::Store { .. } => "all".to_owned(),
        };
        self.0.lock().unwrap().push(text);
    }
}

async fn changes_are_told(engine: &Arc<dyn KvEngine>) {
    let store = Store::new(engine, "told");
    let heard = Arc::new(Heard::default());
    let watch: Weak<dyn Watch> = Arc::<Heard>::downgrade(&heard);
    engine.watch(watch);
    store.put("a", write("1")).await.unwrap();
    store.put_many(vec![("b", write("1")), ("c", write("1"))]).await;
    store.after(SECOND).delete("a", None).await.unwrap();
    engine.drop_some(&store.id).await.unwrap();
    assert_eq!(*heard.0.lock().unwrap(), ["a 0", "b 0", "c 0", "a 1000", "all"]);
}
