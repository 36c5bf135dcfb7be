//! A new life for what was found: its body stays, its metadata is replaced.

use super::*;

async fn old(site: &Site) {
    let insert = site.core().await.insert("k", secs(10)).stale_while_revalidate(secs(5));
    let insert = insert.user_metadata("old").surrogate_keys(["tag", "no key"]);
    insert.execute_with("body").await.unwrap();
    site.advance(12).await;
}

#[tokio::test]
async fn what_is_not_said_is_nothing_but_for_what_is_purged_by() {
    let site = Site::start().await;
    old(&site).await;
    site.transaction("k").await.update(secs(20)).execute().await.unwrap();
    site.advance_ms(19_999).await;
    let found = site.found("k").await.unwrap();
    assert_eq!((text(&found).await.as_str(), found.user_metadata()), ("body", Bytes::new()));
    assert_eq!((found.age(), found.max_age()), (Duration::from_millis(19_999), secs(20)));
    assert_eq!((found.stale_while_revalidate(), found.hits()), (secs(0), 2));
    site.hand().await.purge.surrogate_key("tag").await.unwrap();
    assert!(site.found("k").await.is_none());
}

#[tokio::test]
async fn what_is_said_takes_the_place_of_what_was() {
    let site = Site::start().await;
    old(&site).await;
    let update = site.transaction("k").await.update(secs(20)).age(secs(5));
    let update = update.stale_while_revalidate(secs(3)).user_metadata("new");
    update.surrogate_keys(["other"]).execute().await.unwrap();
    site.hand().await.purge.surrogate_key("tag").await.unwrap();
    site.advance(15).await;
    let found = site.found("k").await.unwrap();
    assert_eq!((found.user_metadata(), found.age()), ("new".into(), secs(20)));
    assert!(found.is_stale());
    site.hand().await.purge.surrogate_key("other").await.unwrap();
    assert!(site.found("k").await.is_none());
}

#[tokio::test]
async fn those_who_wait_get_the_object_in_its_new_life() {
    let site = Site::start().await;
    old(&site).await;
    let leader = site.transaction("k").await;
    assert!(leader.found().is_some());
    site.advance(3).await;
    let mut waiting = site.ask("k").await;
    assert!(now(&mut waiting).is_none());
    leader.update(secs(20)).execute().await.unwrap();
    let transaction = now(&mut waiting).unwrap();
    assert!(!transaction.must_insert_or_update());
    assert_eq!(text(transaction.found().unwrap()).await, "body");
}

#[tokio::test]
async fn an_object_that_was_purged_meanwhile_is_not_brought_back() {
    let site = Site::start().await;
    old(&site).await;
    let leader = site.transaction("k").await;
    site.hand().await.purge.surrogate_key("tag").await.unwrap();
    leader.update(secs(20)).execute().await.unwrap();
    assert!(site.found("k").await.is_none());
}
