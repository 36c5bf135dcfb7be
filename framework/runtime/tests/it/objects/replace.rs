//! Another object in the place of what is there.

use selvedge::cache::core::{Replace, ReplaceStrategy};

use super::*;

async fn replace(site: &Site, strategy: ReplaceStrategy) -> BoxFuture<'static, Result<Replace>> {
    Box::pin(site.core().await.replace("k").strategy(strategy).into_future())
}

#[tokio::test]
async fn at_once_and_what_is_there_can_be_used_until_then() {
    let site = Site::start().await;
    site.store("k", "old").await;
    let replace = site.core().await.replace("k").await.unwrap();
    assert_eq!(text(replace.existing_object().unwrap()).await, "old");
    let mut writer = replace.insert(secs(10)).execute().await.unwrap();
    writer.write("new").await.unwrap();
    assert_eq!(text(&site.found("k").await.unwrap()).await, "old");
    writer.finish().await.unwrap();
    assert_eq!(text(&site.found("k").await.unwrap()).await, "new");
}

#[tokio::test]
async fn at_once_waits_for_nobody() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let replace = now(&mut replace(&site, ReplaceStrategy::Immediate).await).unwrap();
    assert!(replace.existing_object().is_none());
    replace.insert(secs(10)).execute_with("replaced").await.unwrap();
    leader.insert(secs(10)).execute_with("led").await.unwrap();
    assert_eq!(text(&site.found("k").await.unwrap()).await, "led");
}

#[tokio::test]
async fn with_a_forced_miss_what_is_there_is_gone_and_others_wait() {
    let site = Site::start().await;
    site.store("k", "old").await;
    let replace = now(&mut replace(&site, ReplaceStrategy::ImmediateForceMiss).await).unwrap();
    assert_eq!(text(replace.existing_object().unwrap()).await, "old");
    assert!(site.found("k").await.is_none());
    let mut waiting = site.ask("k").await;
    assert!(now(&mut waiting).is_none());
    replace.insert(secs(10)).execute_with("new").await.unwrap();
    assert_eq!(text(now(&mut waiting).unwrap().found().unwrap()).await, "new");
}

#[tokio::test]
async fn one_after_another_they_can_count() {
    let site = Site::start().await;
    let mut counting: Vec<_> = Vec::new();
    for _ in 0..10 {
        let core = site.core().await;
        counting.push(tokio::spawn(async move {
            let replace = core.replace("k").strategy(ReplaceStrategy::Wait).await?;
            let count: u64 = match replace.existing_object() {
                Some(found) => read(found.to_stream()?).await?.parse()?,
                None => 0,
            };
            tokio::task::yield_now().await;
            replace.insert(secs(10)).execute_with((count + 1).to_string()).await
        }));
    }
    for counting in counting {
        counting.await.unwrap().unwrap();
    }
    assert_eq!(text(&site.found("k").await.unwrap()).await, "10");
}

#[tokio::test]
async fn its_wait_has_a_limit() {
    let site = Site::start().await;
    let _leader = site.transaction("k").await;
    let core = site.core().await;
    let waiting = core.replace("k").strategy(ReplaceStrategy::Wait).timeout(secs(1));
    let mut waiting: BoxFuture<'static, _> = Box::pin(waiting.into_future());
    assert!(now(&mut waiting).is_none());
    site.advance(1).await;
    assert_eq!(reason(waiting.now_or_never().unwrap()), Refusal::LookupTimeout);
}
