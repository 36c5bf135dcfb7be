//! Every obligation ends in exactly one way, whatever is dropped.

use super::*;

/// Which of those who wait have the obligation now; the others wait on.
fn obliged(waiting: &mut Vec<Asking>) -> Vec<Transaction> {
    let mut obliged = Vec::new();
    waiting.retain_mut(|asking| match now(asking) {
        Some(transaction) => {
            assert!(transaction.must_insert());
            obliged.push(transaction);
            false
        }
        None => true,
    });
    obliged
}

async fn waiting(site: &Site, count: usize) -> Vec<Asking> {
    let mut waiting = Vec::new();
    for _ in 0..count {
        waiting.push(site.ask("k").await);
    }
    assert!(obliged(&mut waiting).is_empty());
    waiting
}

#[tokio::test]
async fn what_is_cancelled_or_dropped_passes_to_exactly_one() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = waiting(&site, 5).await;
    leader.cancel();
    for left in (0..5).rev() {
        let mut next = obliged(&mut waiting);
        assert_eq!((next.len(), waiting.len()), (1, left));
        assert!(obliged(&mut waiting).is_empty());
        // The first is cancelled, the others are dropped.
        drop(next.pop());
    }
    assert!(site.transaction("k").await.must_insert());
}

#[tokio::test]
async fn a_writer_that_is_dropped_stores_nothing_and_passes_the_obligation_on() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = waiting(&site, 3).await;
    let writer = leader.insert(secs(10)).execute().await.unwrap();
    drop(writer);
    let mut next = obliged(&mut waiting);
    assert_eq!((next.len(), waiting.len()), (1, 2));
    next.pop().unwrap().insert(secs(10)).execute_with("made").await.unwrap();
    for mut asking in waiting {
        assert_eq!(text(now(&mut asking).unwrap().found().unwrap()).await, "made");
    }
}

#[tokio::test]
async fn a_refused_insert_passes_the_obligation_on() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = waiting(&site, 2).await;
    assert_eq!(reason(leader.update(secs(10)).execute().await), Refusal::CacheMisused);
    assert_eq!(obliged(&mut waiting).len(), 1);
}

#[tokio::test]
async fn who_waits_and_goes_takes_nothing_along() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = waiting(&site, 3).await;
    drop(waiting.remove(0));
    drop(leader);
    // The first to be polled has it; it goes without having been told.
    let mut next = obliged(&mut waiting);
    assert_eq!((next.len(), waiting.len()), (1, 1));
    drop(next.pop());
    assert_eq!(obliged(&mut waiting).len(), 1);
}

#[tokio::test]
async fn what_is_expired_on_arrival_is_for_nobody_else() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = waiting(&site, 2).await;
    let writer = leader.insert(secs(0)).execute().await.unwrap();
    // The next does not wait for the end of what it cannot use.
    let mut next = obliged(&mut waiting);
    assert_eq!((next.len(), waiting.len()), (1, 1));
    writer.finish().await.unwrap();
    assert!(site.found("k").await.is_none());
    next.pop().unwrap().insert(secs(0)).execute_with("").await.unwrap();
    assert_eq!(obliged(&mut waiting).len(), 1);
}

#[tokio::test]
async fn what_is_too_large_for_one_is_too_large_for_all() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = waiting(&site, 2).await;
    let insert = leader.insert(secs(10)).known_length(64 * 1024 + 1);
    assert_eq!(reason(insert.execute().await), Refusal::ObjectTooLarge);
    assert_eq!(obliged(&mut waiting).len(), 2);
}

#[tokio::test]
async fn without_the_obligation_nothing_is_stored() {
    let site = Site::start().await;
    site.store("k", "a").await;
    let insert = site.transaction("k").await.insert(secs(99));
    assert_eq!(reason(insert.execute().await), Refusal::CacheMisused);
    let update = site.transaction("k").await.update(secs(99));
    assert_eq!(reason(update.execute().await), Refusal::CacheMisused);
    assert_eq!(site.found("k").await.unwrap().max_age(), secs(10));
}

#[tokio::test]
async fn a_wait_has_a_limit_and_ends_nothing_else() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut patient = site.ask("k").await;
    let core = site.core().await;
    let mut hasty =
        Box::pin(core.transaction("k").timeout(Duration::from_millis(250)).into_future());
    assert!(now(&mut patient).is_none() && now(&mut hasty).is_none());
    site.advance_ms(249).await;
    assert!(now(&mut hasty).is_none());
    site.advance_ms(1).await;
    assert_eq!(reason(hasty.now_or_never().unwrap()), Refusal::LookupTimeout);
    site.advance_ms(59_749).await;
    assert!(now(&mut patient).is_none());
    let mut last = site.ask("k").await;
    assert!(now(&mut last).is_none());
    site.advance_ms(1).await;
    assert_eq!(reason(patient.now_or_never().unwrap()), Refusal::LookupTimeout);
    leader.insert(secs(10)).execute_with("made").await.unwrap();
    assert!(now(&mut last).unwrap().found().is_some());
}
