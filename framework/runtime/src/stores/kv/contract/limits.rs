//! Sizes and odd keys.

use futures_util::FutureExt;
use selvedge::store::kv::KvGather;
use selvedge_model::limits::{KV_KEY_MAX, KV_METADATA_MAX, KV_VALUE_MAX};

use super::*;
use crate::clock::ManualClock;

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    keys_are_taken_literally(&Store::new(engine, "keys")).await;
    metadata_has_a_limit(&Store::new(engine, "metadata-limit")).await;
    values_have_a_limit(&Store::new(engine, "value-limit")).await;
    values_under_way_have_a_limit(&Store::new(engine, "under-way")).await;
}

async fn keys_are_taken_literally(store: &Store) {
    let longest = "x".repeat(KV_KEY_MAX);
    let wide = "\u{1F980}".repeat(KV_KEY_MAX / 4);
    let nearly = "x".repeat(KV_KEY_MAX - 1);
    let keys = [
        "a/../b",
        "b",
        "a/b",
        "%2e",
        "%2E",
        "%2F",
        "?x#y",
        "../..",
        "./a",
        "a\\b",
        "a b+c&d=e",
        "\u{FFFF}",
        "\u{202E}rtl",
        "...",
        "/",
        "//",
        "\0",
        "\0\0",
        " ",
        "~",
        "key",
        "KEY",
        "é",
        "e\u{301}",
        "\u{10FFFF}",
        &longest,
        &wide,
        &nearly,
    ];
    for key in keys {
        store.put(key, write(key.to_owned())).await.unwrap();
    }
    for key in keys {
        assert_eq!(store.value(key).await.unwrap(), key.to_owned());
    }
    let mut sorted = keys.map(str::to_owned).to_vec();
    sorted.sort();
    assert_eq!(store.list(KvQuery::default()).await.unwrap().keys, sorted);
}

async fn metadata_has_a_limit(store: &Store) {
    let with = |bytes| KvWrite { metadata: Some("m".repeat(bytes)), ..write("v") };
    store.put("k", with(KV_METADATA_MAX)).await.unwrap();
    assert_eq!(refusal(store.put("k", with(KV_METADATA_MAX + 1)).await), Refusal::TooLarge);
    assert_eq!(store.get("k").await.unwrap().head.metadata.len(), KV_METADATA_MAX);
}

async fn values_have_a_limit(store: &Store) {
    // No two parts of it are the same.
    let full: Bytes = (0..KV_VALUE_MAX).map(|at| (at / 4093 % 251) as u8).collect();
    store.put("k", write(full.clone())).await.unwrap();
    for mode in [InsertMode::Append, InsertMode::Prepend] {
        let refused = refusal(store.put("k", with_mode(mode, "x")).await);
        assert_eq!(refused, Refusal::TooLarge, "{mode:?}");
    }
    store.put("k", with_mode(InsertMode::Append, "")).await.unwrap();
    let over = Bytes::from(vec![7; KV_VALUE_MAX + 1]);
    assert_eq!(refusal(store.put("k", write(over)).await), Refusal::TooLarge);
    assert!(store.value("k").await.unwrap() == full, "a full value came back altered");
    let chunks = full.chunks(1_000_003).map(Bytes::copy_from_slice);
    let mut cut = KvGather::default();
    chunks.for_each(|chunk| cut.push(chunk));
    let cut = KvWrite { value: cut.finish(), ..KvWrite::default() };
    store.put("k", cut).await.unwrap();
    assert!(store.value("k").await.unwrap() == full, "a value in chunks came back altered");
    store.put("empty", write("")).await.unwrap();
    assert_eq!(store.value("empty").await.unwrap(), "");
    assert!(store.delete("k", None).await.unwrap());
}

/// A write that brings no room waits until there is some; what one brings is given back when it has been written.
async fn values_under_way_have_a_limit(store: &Store) {
    let (under_way, clock) = (store.engine.under_way(), ManualClock::at(NOW));
    let most = under_way.free();
    let all = under_way.room(most, &clock).await.unwrap();
    let mut waiting = Box::pin(store.put("k", write("waits")));
    assert!((&mut waiting).now_or_never().is_none());
    let brings = KvWrite { room: all.clone(), ..write("brings its own") };
    store.put("other", brings).await.unwrap();
    assert!((&mut waiting).now_or_never().is_none());
    drop(all);
    waiting.await.unwrap();
    assert_eq!(store.value("k").await.unwrap(), "waits");
    assert_eq!(under_way.free(), most);
}
