//! Modes, generations, metadata, time to live, deletion.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    nothing_is_there_at_first(&Store::new(engine, "empty")).await;
    modes(&Store::new(engine, "modes")).await;
    generations_grow(&Store::new(engine, "generations"), &Store::new(engine, "others")).await;
    generation_conditions(&Store::new(engine, "conditions")).await;
    metadata_goes_with_each_write(&Store::new(engine, "metadata")).await;
    expired_is_absent(&Store::new(engine, "expired")).await;
    time_to_live_goes_with_each_write(&Store::new(engine, "ttl")).await;
    deletion(&Store::new(engine, "deletion")).await;
}

async fn nothing_is_there_at_first(store: &Store) {
    assert_eq!(store.get("k").await, None);
    assert!(!store.delete("k", None).await.unwrap());
    assert_eq!(store.list(KvQuery::default()).await.unwrap(), KvPage::default());
}

async fn modes(store: &Store) {
    use InsertMode::{Add, Append, Overwrite, Prepend};
    let steps = [
        ("overwrite", Overwrite, "a", Ok("a")),
        ("overwrite", Overwrite, "b", Ok("b")),
        ("add", Add, "a", Ok("a")),
        ("add", Add, "b", Err("a")),
        ("append", Append, "a", Ok("a")),
        ("append", Append, "b", Ok("ab")),
        ("prepend", Prepend, "a", Ok("a")),
        ("prepend", Prepend, "b", Ok("ba")),
        ("empty", Append, "", Ok("")),
        ("empty", Add, "x", Err("")),
    ];
    for (key, mode, value, expected) in steps {
        let result = store.put(key, with_mode(mode, value)).await;
        let left = match expected {
            Ok(left) => result.map(|_| left).unwrap(),
            Err(left) => {
                assert_eq!(refusal(result), Refusal::PreconditionFailed);
                left
            }
        };
        assert_eq!(store.value(key).await.unwrap(), left, "{key} after {mode:?} of `{value}`");
    }
}

async fn generations_grow(store: &Store, other: &Store) {
    let first = store.put("k", write("1")).await.unwrap();
    assert!(first >= NOW * 1000, "microseconds since the epoch");
    assert_eq!(store.get("k").await.unwrap().generation, first);
    let elsewhere = other.put("k", write("1")).await.unwrap();
    assert_ne!(first, elsewhere);
    let mut last = elsewhere;
    // Neither a clock that steps back nor a deletion in between lets a generation come again.
    for now_ms in [NOW, NOW - 5000, 0, NOW + 1] {
        let next = store.at(now_ms).put("k", write("2")).await.unwrap();
        assert!(next > last, "{next} after {last}");
        last = next;
        store.delete("k", None).await.unwrap();
    }
    assert_eq!(last, (NOW + 1) * 1000);
}

async fn generation_conditions(store: &Store) {
    let stale = refusal(store.put("k", if_generation(7, "x")).await);
    assert_eq!(stale, Refusal::PreconditionFailed);
    assert_eq!(store.get("k").await, None);
    let first = store.put("k", if_generation(0, "1")).await.unwrap();
    assert_eq!(refusal(store.put("k", if_generation(0, "x")).await), Refusal::PreconditionFailed);
    let second = store.put("k", if_generation(first, "2")).await.unwrap();
    assert_eq!(
        refusal(store.put("k", if_generation(first, "x")).await),
        Refusal::PreconditionFailed
    );
    let append = KvWrite { mode: InsertMode::Append, ..if_generation(second, "3") };
    store.put("k", append).await.unwrap();
    let add = KvWrite { mode: InsertMode::Add, ..if_generation(second, "x") };
    assert_eq!(refusal(store.put("k", add).await), Refusal::PreconditionFailed);
    assert_eq!(store.value("k").await.unwrap(), "23");
}

async fn metadata_goes_with_each_write(store: &Store) {
    let with = |metadata: &str, mode, value| KvWrite {
        metadata: Some(metadata.to_owned()),
        ..with_mode(mode, value)
    };
    store.put("k", with("größe", InsertMode::Overwrite, "1")).await.unwrap();
    assert_eq!(store.get("k").await.unwrap().metadata, "größe");
    store.put("k", with("next", InsertMode::Prepend, "0")).await.unwrap();
    assert_eq!(store.get("k").await.unwrap().metadata, "next");
    store.put("k", with_mode(InsertMode::Append, "2")).await.unwrap();
    let entry = store.get("k").await.unwrap();
    assert_eq!((entry.metadata.as_str(), entry.value.as_ref()), ("", b"012".as_slice()));
}

async fn expired_is_absent(store: &Store) {
    for key in ["get", "add", "append", "generation", "delete", "list"] {
        store.put(key, with_ttl(SECOND, "old")).await.unwrap();
    }
    let before = store.after(SECOND - Duration::from_millis(1));
    assert_eq!(before.value("get").await.unwrap(), "old");
    let after = store.after(SECOND);
    assert_eq!(after.get("get").await, None);
    assert_eq!(after.list(KvQuery::default()).await.unwrap(), KvPage::default());
    assert!(!after.delete("delete", None).await.unwrap());
    after.put("add", with_mode(InsertMode::Add, "new")).await.unwrap();
    after.put("append", with_mode(InsertMode::Append, "new")).await.unwrap();
    after.put("generation", if_generation(0, "new")).await.unwrap();
    for key in ["add", "append", "generation"] {
        assert_eq!(after.value(key).await.unwrap(), "new", "{key}");
    }
    let keys = after.list(KvQuery::default()).await.unwrap().keys;
    assert_eq!(keys, ["add", "append", "generation"]);
}

async fn time_to_live_goes_with_each_write(store: &Store) {
    let later = store.after(10 * SECOND);
    store.put("kept", with_ttl(SECOND, "a")).await.unwrap();
    store.put("kept", with_mode(InsertMode::Append, "b")).await.unwrap();
    assert_eq!(later.value("kept").await.unwrap(), "ab", "a write without ttl stays");
    store.put("shortened", write("a")).await.unwrap();
    store.put("shortened", with_ttl(SECOND, "b")).await.unwrap();
    assert_eq!(later.get("shortened").await, None);
    store.put("endless", with_ttl(Duration::MAX, "a")).await.unwrap();
    assert_eq!(later.value("endless").await.unwrap(), "a");
    store.put("over", with_ttl(Duration::ZERO, "a")).await.unwrap();
    assert_eq!(store.get("over").await, None);
}

async fn deletion(store: &Store) {
    let generation = store.put("k", write("1")).await.unwrap();
    for other in [0, generation + 1] {
        let refused = refusal(store.delete("k", Some(other)).await);
        assert_eq!(refused, Refusal::PreconditionFailed);
    }
    assert!(store.delete("k", Some(generation)).await.unwrap());
    assert!(!store.delete("k", Some(generation)).await.unwrap());
    assert_eq!(store.get("k").await, None);
}
