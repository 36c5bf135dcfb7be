//! Several writes at once.

use super::*;

pub(super) async fn check(engine: &Arc<dyn KvEngine>) {
    each_has_its_own_result(&Store::new(engine, "batch")).await;
    each_sees_those_before_it(&Store::new(engine, "batch-order")).await;
    assert!(Store::new(engine, "batch-none").put_many(Vec::new()).await.is_empty());
}

async fn each_has_its_own_result(store: &Store) {
    store.put("there", write("old")).await.unwrap();
    let too_long = KvWrite { metadata: Some("m".repeat(2001)), ..write("x") };
    let results = store
        .put_many(vec![
            ("a", write("1")),
            ("there", with_mode(InsertMode::Add, "new")),
            ("long", too_long),
            ("b", write("2")),
        ])
        .await;
    let [Ok(first), Err(exists), Err(long), Ok(second)] = results.as_slice() else {
        panic!("{results:?}");
    };
    assert!(first < second);
    assert_eq!(exists.refusal(), Refusal::PreconditionFailed);
    assert_eq!(long.refusal(), Refusal::TooLarge);
    assert_eq!(store.list(KvQuery::default()).await.unwrap().keys, ["a", "b", "there"]);
    assert_eq!(store.head("b").await.unwrap().generation, *second);
}

async fn each_sees_those_before_it(store: &Store) {
    let add = |value| ("k", with_mode(InsertMode::Add, value));
    let append = |value| ("k", with_mode(InsertMode::Append, value));
    let results = store.put_many(vec![append("a"), add("x"), append("b"), append("c")]).await;
    let refused: Vec<bool> = results.iter().map(Result::is_err).collect();
    assert_eq!(refused, [false, true, false, false]);
    assert_eq!(store.value("k").await.unwrap(), "abc");
}
