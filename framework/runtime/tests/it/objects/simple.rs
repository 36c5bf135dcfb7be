//! The simple cache (platform.md section 7.2).

use std::{
    future::pending,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use selvedge::cache::simple::{CacheEntry, PurgeScope};

use super::*;

async fn simple(site: &Site) -> SimpleCache {
    site.hand().await.simple
}

#[tokio::test]
async fn a_value_is_kept_for_its_ttl_and_no_longer() {
    let site = Site::start().await;
    let cache = simple(&site).await;
    assert_eq!(cache.get("k").await.unwrap(), None);
    assert_eq!(cache.get_or_set("k", "a", secs(10)).await.unwrap(), "a");
    assert_eq!(cache.get_or_set("k", "b", secs(10)).await.unwrap(), "a");
    site.advance_ms(9_999).await;
    assert_eq!(cache.get("k").await.unwrap().unwrap(), "a");
    site.advance_ms(1).await;
    assert_eq!(cache.get("k").await.unwrap(), None);
    assert_eq!(cache.get_or_set("k", "c", secs(10)).await.unwrap(), "c");
}

#[tokio::test]
async fn many_who_want_a_value_make_it_once() {
    for one_handler in [false, true] {
        let site = Site::start().await;
        let made = AtomicUsize::new(0);
        let mut hands = vec![simple(&site).await];
        for _ in 1..20 {
            hands.push(match one_handler {
                true => hands[0].clone(),
                false => simple(&site).await,
            });
        }
        let asked = hands.iter().map(|cache| {
            cache.get_or_set_with("k", async || {
                tokio::task::yield_now().await;
                let number = made.fetch_add(1, Ordering::Relaxed);
                Ok((format!("value {number}"), secs(10)))
            })
        });
        for value in join_all(asked).await {
            assert_eq!(value.unwrap(), "value 0", "{one_handler}");
        }
        assert_eq!(made.into_inner(), 1, "{one_handler}");
    }
}

#[tokio::test]
async fn an_error_is_returned_and_the_next_one_makes_it() {
    let site = Site::start().await;
    let (one, two) = (simple(&site).await, simple(&site).await);
    let failing = one.get_or_set_with("k", async || {
        tokio::task::yield_now().await;
        Err::<CacheEntry, _>(Error::new(Refusal::DnsError, "on purpose"))
    });
    let making =
        two.get_or_set_with("k", async || Ok(CacheEntry { value: "made".into(), ttl: secs(10) }));
    let (failed, made) = futures_util::future::join(failing, making).await;
    assert_eq!((reason(failed), made.unwrap()), (Refusal::DnsError, "made".into()));
    assert_eq!(one.get("k").await.unwrap().unwrap(), "made");
}

#[tokio::test]
async fn who_is_dropped_while_it_makes_a_value_leaves_it_to_the_next() {
    let site = Site::start().await;
    let (one, two) = (simple(&site).await, simple(&site).await);
    let mut stuck = Box::pin(one.get_or_set_with("k", pending::<Result<CacheEntry>>));
    let mut waiting = Box::pin(two.get_or_set("k", "made", secs(10)));
    assert!((&mut stuck).now_or_never().is_none() && (&mut waiting).now_or_never().is_none());
    drop(stuck);
    assert_eq!(waiting.now_or_never().unwrap().unwrap(), "made");
}

#[tokio::test]
async fn what_cannot_be_kept_is_returned() {
    let site = Site::start().await;
    let cache = simple(&site).await;
    let large = vec![b'x'; 64 * 1024 + 1];
    assert_eq!(cache.get_or_set("k", large.clone(), secs(10)).await.unwrap(), large);
    assert_eq!(cache.get("k").await.unwrap(), None);
    assert_eq!(cache.get_or_set("k", "a", secs(0)).await.unwrap(), "a");
    assert_eq!(cache.get("k").await.unwrap(), None);
}

#[tokio::test]
async fn a_value_is_purged_in_one_pop_or_in_all() {
    for (scope, left) in [(PurgeScope::Pop, true), (PurgeScope::Global, false)] {
        let site = Site::start().await;
        let (here, there) = (simple(&site).await, site.hand_of("site", "IAD").await.simple);
        for cache in [&here, &there] {
            cache.get_or_set("k", "a", secs(10)).await.unwrap();
            cache.get_or_set("j", "a", secs(10)).await.unwrap();
        }
        here.purge_in("k", scope).await.unwrap();
        assert_eq!(here.get("k").await.unwrap(), None, "{scope:?}");
        assert_eq!(there.get("k").await.unwrap().is_some(), left, "{scope:?}");
        assert!(here.get("j").await.unwrap().is_some());
    }
    let site = Site::start().await;
    let cache = simple(&site).await;
    cache.get_or_set("k", "a", secs(10)).await.unwrap();
    cache.purge("k").await.unwrap();
    assert_eq!(cache.get("k").await.unwrap(), None);
}

/// The SHA-256 of `abc` is the one of FIPS 180-4; of `abcLHR` and `abcIAD` it is known by its effect.
#[tokio::test]
async fn a_value_carries_the_surrogate_keys_of_the_platform() {
    const ABC: &str = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
    for (key, gone) in [(ABC.to_owned(), true), (ABC.to_lowercase(), false)] {
        let site = Site::start().await;
        simple(&site).await.get_or_set("abc", "a", secs(10)).await.unwrap();
        site.hand().await.purge.surrogate_key(key).await.unwrap();
        assert_eq!(simple(&site).await.get("abc").await.unwrap().is_none(), gone);
    }
}

#[tokio::test]
async fn a_value_that_is_being_made_is_purged_too() {
    let site = Site::start().await;
    let cache = simple(&site).await;
    let value = cache
        .get_or_set_with("k", async || {
            simple(&site).await.purge("k").await?;
            Ok(("made", secs(10)))
        })
        .await;
    assert_eq!(value.unwrap(), "made");
    assert_eq!(cache.get("k").await.unwrap(), None);
}
