//! Pages: order, prefix, limit, cursor.

use selvedge::store::kv::ListMode;
use selvedge_model::limits::KV_LIST_MAX;

use super::*;

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    let store = Store::new(engine, "listing");
    // Its neighbours in name, so that a listing that ran on would be seen.
    for neighbour in ["listing-", "listin", "listing0"] {
        Store::new(engine, neighbour).put("a/1", write("other store")).await.unwrap();
    }
    for key in ["b", "a/2", "a/1", "a", "a/10", "c", "B", "ä"] {
        store.put(key, write("v")).await.unwrap();
    }
    prefixes_in_byte_order(&store).await;
    pages_follow_each_other(&store).await;
    a_deleted_cursor_key_does_no_harm(&store).await;
    bad_queries_are_refused(&store).await;
    a_page_has_a_limit(&Store::new(engine, "many")).await;
    a_page_tells_what_was_asked_for(&store).await;
    a_hundred_thousand_keys(&Store::new(engine, "hundred-thousand")).await;
}

async fn a_page_tells_what_was_asked_for(store: &Store) {
    for mode in [ListMode::Strong, ListMode::Eventual] {
        let query = KvQuery { prefix: "a/".to_owned(), limit: Some(2), cursor: None, mode };
        let page = store.list(query).await.unwrap();
        assert_eq!((page.prefix.as_str(), page.limit, page.mode), ("a/", 2, mode));
        assert_eq!(page.keys, ["a/1", "a/10"]);
    }
}

/// Half of them under the prefix that is listed, page by page.
async fn a_hundred_thousand_keys(store: &Store) {
    let keys: Vec<String> =
        (0..100_000).map(|number| format!("{}/{:05}", number % 2, number / 2)).collect();
    for keys in keys.chunks(2000) {
        let writes = keys.iter().map(|key| (key.as_str(), write("")));
        for result in store.put_many(writes.collect()).await {
            result.unwrap();
        }
    }
    let listed = pages(store, "1/", 1000).await;
    assert_eq!(listed.len(), 50);
    let expected: Vec<_> = (0..50_000).map(|number| format!("1/{number:05}")).collect();
    assert!(listed.concat() == expected, "a page repeats or lacks a key");
    assert_eq!(store.count(usize::MAX).await, 100_000);
}

async fn prefixes_in_byte_order(store: &Store) {
    let cases: [(&str, &[&str]); 5] = [
        ("", &["B", "a", "a/1", "a/10", "a/2", "b", "c", "ä"]),
        ("a", &["a", "a/1", "a/10", "a/2"]),
        ("a/1", &["a/1", "a/10"]),
        ("ä", &["ä"]),
        ("zz", &[]),
    ];
    for (prefix, keys) in cases {
        let query = KvQuery { prefix: prefix.to_owned(), ..KvQuery::default() };
        let page = store.list(query).await.unwrap();
        assert_eq!(page.keys, keys, "prefix `{prefix}`");
        assert_eq!(page.next_cursor, None, "prefix `{prefix}`");
    }
}

async fn pages_follow_each_other(store: &Store) {
    for limit in 1..=5 {
        let pages = pages(store, "a", limit).await;
        let keys = pages.concat();
        assert_eq!(keys, ["a", "a/1", "a/10", "a/2"], "limit {limit}");
        assert_eq!(pages.len(), 4_usize.div_ceil(limit), "limit {limit}");
    }
}

async fn pages(store: &Store, prefix: &str, limit: usize) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = None;
    loop {
        let query =
            KvQuery { prefix: prefix.to_owned(), limit: Some(limit), cursor, ..KvQuery::default() };
        let page = store.list(query).await.unwrap();
        pages.push(page.keys);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return pages;
        }
    }
}

async fn a_deleted_cursor_key_does_no_harm(store: &Store) {
    store.put("a/11", write("v")).await.unwrap();
    let query = KvQuery { prefix: "a/".to_owned(), limit: Some(3), ..KvQuery::default() };
    let first = store.list(query.clone()).await.unwrap();
    assert_eq!(first.keys, ["a/1", "a/10", "a/11"]);
    store.delete("a/11", None).await.unwrap();
    let next = store.list(KvQuery { cursor: first.next_cursor, ..query }).await.unwrap();
    assert_eq!((next.keys, next.next_cursor), (vec!["a/2".to_owned()], None));
}

async fn bad_queries_are_refused(store: &Store) {
    let none = KvQuery { limit: Some(0), ..KvQuery::default() };
    assert_eq!(refusal(store.list(none).await), Refusal::KeyInvalid);
    let huge = "CgdiYXRjaC0y".repeat(200);
    let none_of_ours = [
        "",
        "?",
        "CgdiYXRjaC0",
        "CgdiYXRjaC0y ",
        "CgdiYXRjaC0yMg==",
        "CgZiYXRjaC0y",
        "EgdiYXRjaC0y",
        "CgA=",
        "CgL//w==",
        huge.as_str(),
    ];
    for cursor in none_of_ours {
        let query = KvQuery { cursor: Some(cursor.to_owned()), ..KvQuery::default() };
        assert_eq!(refusal(store.list(query).await), Refusal::KeyInvalid, "cursor `{cursor}`");
    }
}

async fn a_page_has_a_limit(store: &Store) {
    let keys: Vec<_> = (0..=KV_LIST_MAX).map(|number| format!("{number:05}")).collect();
    let writes = keys.iter().map(|key| (key.as_str(), write("")));
    assert!(store.put_many(writes.collect()).await.iter().all(Result::is_ok));
    for limit in [None, Some(KV_LIST_MAX + 1), Some(usize::MAX)] {
        let page = store.list(KvQuery { limit, ..KvQuery::default() }).await.unwrap();
        assert_eq!(page.keys, keys[..KV_LIST_MAX], "limit {limit:?}");
        assert!(page.next_cursor.is_some());
    }
}
