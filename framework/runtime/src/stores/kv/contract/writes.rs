//! Modes, generations, metadata, time to live, deletion.

use selvedge_model::limits::KV_LIST_MAX;

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
    heads(&Store::new(engine, "heads")).await;
    growth(&Store::new(engine, "growth")).await;
}

/// The page of a store without keys.
fn empty() -> KvPage {
    KvPage { limit: KV_LIST_MAX, ..KvPage::default() }
}

async fn heads(store: &Store) {
    assert_eq!(store.head("k").await, None);
    let write = KvWrite { metadata: Some("m".to_owned()), ..with_ttl(SECOND, "12345") };
    let generation = store.put("k", write).await.unwrap();
    let head = KvHead {
        generation,
        metadata: "m".to_owned(),
        length: 5,
        modified_ms: NOW,
        expires_ms: Some(NOW + 1000),
    };
    assert_eq!(store.head("k").await.unwrap(), head);
    assert_eq!(store.get("k").await.unwrap().head, head);
    assert_eq!(store.after(SECOND).head("k").await, None);
    let later = store.after(SECOND / 2);
    later.put("k", with_mode(InsertMode::Append, "678")).await.unwrap();
    let head = later.head("k").await.unwrap();
    assert_eq!((head.length, head.modified_ms, head.expires_ms), (8, NOW + 500, None));
}

/// A value that grows at both ends, over many sizes, has every byte in its place.
async fn growth(store: &Store) {
    let mut expected = std::collections::VecDeque::new();
    for (round, bytes) in
        [1, 0, 300_000, 7, 250_000, 100_000, 1, 700_000, 2].into_iter().enumerate()
    {
        let mark = u8::try_from(round).unwrap();
        let (head, tail) = (vec![mark; bytes], vec![mark | 0x80; bytes]);
        let before = KvWrite { mode: InsertMode::Prepend, ..write(head.clone()) };
        store.put("k", before).await.unwrap();
        let behind = KvWrite { mode: InsertMode::Append, ..write(tail.clone()) };
        store.put("k", behind).await.unwrap();
        head.into_iter().for_each(|byte| expected.push_front(byte));
        expected.extend(tail);
        let value = store.value("k").await.unwrap();
        assert!(value.iter().eq(expected.iter()), "round {round}");
    }
    store.put("k", write("small")).await.unwrap();
    assert_eq!(store.value("k").await.unwrap(), "small", "nothing is left of what was larger");
}

async fn nothing_is_there_at_first(store: &Store) {
    assert_eq!(store.get("k").await, None);
    assert!(!store.delete("k", None).await.unwrap());
    assert_eq!(store.list(KvQuery::default()).await.unwrap(), empty());
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
    assert_eq!(store.head("k").await.unwrap().generation, first);
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
    assert_eq!(store.head("k").await.unwrap().metadata, "größe");
    store.put("k", with("next", InsertMode::Prepend, "0")).await.unwrap();
    assert_eq!(store.head("k").await.unwrap().metadata, "next");
    store.put("k", with_mode(InsertMode::Append, "2")).await.unwrap();
    let entry = store.get("k").await.unwrap();
    assert_eq!(
        (entry.head.metadata.as_str(), entry.value.into_bytes().as_ref()),
        ("", b"012".as_slice())
    );
}

async fn expired_is_absent(store: &Store) {
    for key in ["get", "add", "append", "generation", "delete", "list"] {
        store.put(key, with_ttl(SECOND, "old")).await.unwrap();
    }
    let before = store.after(SECOND - Duration::from_millis(1));
    assert_eq!(before.value("get").await.unwrap(), "old");
    let after = store.after(SECOND);
    assert_eq!(after.get("get").await, None);
    assert_eq!(after.list(KvQuery::default()).await.unwrap(), empty());
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
