//! Many callers at once.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::*;

const RACERS: usize = 8;
const ROUNDS: usize = 20;

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    no_update_is_lost(&Store::new(engine, "counter")).await;
    one_of_many_adds_wins(&Store::new(engine, "race")).await;
    appends_are_whole(&Store::new(engine, "appends")).await;
    listing_among_writes(&Store::new(engine, "busy")).await;
}

/// Each racer counts up by reading, adding one and writing under the generation it read.
async fn no_update_is_lost(store: &Store) {
    store.put("k", write("0")).await.unwrap();
    let racers: Vec<_> = (0..RACERS)
        .map(|_| {
            let store = store.clone();
            race(async move {
                for _ in 0..ROUNDS {
                    count_up(&store).await;
                }
            })
        })
        .collect();
    for racer in racers {
        racer.join().unwrap();
    }
    assert_eq!(store.value("k").await.unwrap(), (RACERS * ROUNDS).to_string());
}

async fn count_up(store: &Store) {
    loop {
        let entry = store.get("k").await.unwrap();
        let generation = entry.head.generation;
        let count: usize = str::from_utf8(&entry.value.into_bytes()).unwrap().parse().unwrap();
        let next = KvWrite { if_generation: Some(generation), ..write((count + 1).to_string()) };
        match store.put("k", next).await {
            Ok(_) => return,
            Err(error) => assert_eq!(error.refusal(), Refusal::PreconditionFailed),
        }
    }
}

async fn one_of_many_adds_wins(store: &Store) {
    let adds = (0..100).map(|_| store.put("k", with_mode(InsertMode::Add, "mine")));
    let results = join_all(adds).await;
    let generations: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(generations.len(), 1);
    assert_eq!(store.head("k").await.unwrap().generation, *generations[0]);
}

/// Also: generations given at once differ.
async fn appends_are_whole(store: &Store) {
    let appends = (0..100).map(|_| store.put("k", with_mode(InsertMode::Append, "ab")));
    let generations: BTreeSet<_> =
        join_all(appends).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(generations.len(), 100);
    assert_eq!(store.value("k").await.unwrap(), "ab".repeat(100));
}

/// Keys that stay are listed once each, whatever comes and goes around them.
async fn listing_among_writes(store: &Store) {
    let stays: Vec<_> = (0..5000).map(|number| format!("stays/{number:05}")).collect();
    join_all(stays.iter().map(|key| store.put(key, write("v")))).await;
    let mut listed = Vec::new();
    let mut cursor = None;
    for round in 0.. {
        let query = KvQuery { limit: Some(300), cursor, ..KvQuery::default() };
        let come_and_go = join_all((0..50).map(|number| {
            let key = format!("stays/{:05}/{round}", number * 100);
            async move {
                store.put(&key, write("v")).await.unwrap();
                store.delete(&key, None).await.unwrap();
            }
        }));
        let (page, _) = futures_util::future::join(store.list(query), come_and_go).await;
        let page = page.unwrap();
        listed.extend(page.keys.into_iter().filter(|key| key.len() == "stays/00000".len()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, stays);
}
