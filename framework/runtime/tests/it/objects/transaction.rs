//! Which period of its life gives whom what (platform.md section 6.3, with the exclusive ends of section 7.1).

use super::*;

/// Found, stale, to be inserted, to be inserted or updated.
fn state(transaction: &Transaction) -> (bool, bool, bool, bool) {
    let is_stale = transaction.found().is_some_and(Found::is_stale);
    let found = transaction.found().is_some();
    (found, is_stale, transaction.must_insert(), transaction.must_insert_or_update())
}

const FRESH: (bool, bool, bool, bool) = (true, false, false, false);
const STALE_MUST: (bool, bool, bool, bool) = (true, true, false, true);
const STALE: (bool, bool, bool, bool) = (true, true, false, false);
const MUST: (bool, bool, bool, bool) = (false, false, true, true);

#[tokio::test]
async fn each_period_gives_the_first_and_the_others_their_own() {
    for (at_ms, first, others) in [
        (0, FRESH, Some(FRESH)),
        (9_999, FRESH, Some(FRESH)),
        (10_000, STALE_MUST, Some(STALE)),
        (14_999, STALE_MUST, Some(STALE)),
        (15_000, MUST, None),
    ] {
        let site = Site::start().await;
        site.store("k", "a").await;
        site.advance_ms(at_ms).await;
        let leader = site.transaction("k").await;
        assert_eq!(state(&leader), first, "{at_ms}");
        for _ in 0..2 {
            let other = now(&mut site.ask("k").await).map(|other| state(&other));
            assert_eq!(other, others, "{at_ms}");
        }
    }
}

#[tokio::test]
async fn a_plain_lookup_finds_what_can_be_used_and_never_waits() {
    for (at_ms, found) in
        [(0, true), (9_999, true), (10_000, true), (14_999, true), (15_000, false)]
    {
        let site = Site::start().await;
        site.store("k", "a").await;
        site.advance_ms(at_ms).await;
        let _leader = site.ask("k").await.now_or_never();
        let looked = site.found("k").await;
        assert_eq!(looked.is_some(), found, "{at_ms}");
        assert!(looked.is_none_or(|found| found.is_usable()));
    }
    assert!(Site::start().await.found("k").await.is_none());
}

#[tokio::test]
async fn whoever_waits_gets_what_is_inserted() {
    let site = Site::start().await;
    let leader = site.transaction("k").await;
    let mut waiting = [site.ask("k").await, site.ask("k").await];
    assert!(waiting.iter_mut().all(|waiting| now(waiting).is_none()));
    leader.insert(secs(10)).execute_with("made").await.unwrap();
    for mut waiting in waiting {
        let transaction = now(&mut waiting).unwrap();
        assert_eq!(state(&transaction), FRESH);
        assert_eq!(text(transaction.found().unwrap()).await, "made");
    }
    assert_eq!(site.found("k").await.unwrap().hits(), 3);
}

#[tokio::test]
async fn what_is_stale_is_offered_once_in_a_second() {
    let site = Site::start().await;
    site.store("k", "a").await;
    site.advance(10).await;
    let must = async || site.transaction("k").await.must_insert_or_update();
    // Each offer is left at once; that makes no new one.
    assert!(must().await);
    assert!(!must().await);
    site.advance_ms(999).await;
    assert!(!must().await);
    site.advance_ms(1).await;
    assert!(must().await);
    // A plain look-up takes the next offer, and does nothing with it.
    site.advance(1).await;
    assert!(site.found("k").await.unwrap().is_stale());
    assert!(!must().await);
}

#[tokio::test]
async fn while_it_is_made_anew_there_is_no_other_offer() {
    let site = Site::start().await;
    site.store("k", "old").await;
    site.advance(10).await;
    let leader = site.transaction("k").await;
    let (mut writer, _) = leader.insert(secs(10)).execute_and_stream_back().await.unwrap();
    writer.write("ne").await.unwrap();
    site.advance(2).await;
    let other = site.transaction("k").await;
    assert_eq!((state(&other), text(other.found().unwrap()).await), (STALE, "old".to_owned()));
    writer.write("w").await.unwrap();
    writer.finish().await.unwrap();
    assert_eq!(text(&site.found("k").await.unwrap()).await, "new");
}

#[tokio::test]
async fn ages_are_as_of_the_beginning_of_the_look_up() {
    let site = Site::start().await;
    let insert = site.core().await.insert("k", secs(10)).initial_age(secs(3));
    insert.stale_while_revalidate(secs(5)).execute_with("a").await.unwrap();
    site.advance(2).await;
    let found = site.found("k").await.unwrap();
    site.advance(60).await;
    let told =
        (found.age(), found.max_age(), found.remaining_ttl(), found.stale_while_revalidate());
    assert_eq!(told, (secs(5), secs(10), secs(5), secs(5)));
    assert_eq!((found.is_usable(), found.is_stale(), found.hits()), (true, false, 1));
    // Who waits is given what was young enough when it asked.
    let leader = site.transaction("k").await;
    let mut waiting = site.ask("k").await;
    assert!(now(&mut waiting).is_none());
    site.advance(30).await;
    leader.insert(secs(1)).execute_with("b").await.unwrap();
    site.advance(30).await;
    assert_eq!(text(now(&mut waiting).unwrap().found().unwrap()).await, "b");
}

#[tokio::test]
async fn variants_are_told_apart() {
    let site = Site::start().await;
    let accept = |value| (header::ACCEPT, HeaderValue::from_static(value));
    for language in ["de", "en"] {
        let (name, value) = accept(language);
        let core = site.core().await;
        let transaction = core.transaction("k").header(name, value).await.unwrap();
        assert!(transaction.must_insert(), "{language}");
        let insert = transaction.insert(secs(10)).vary_by([header::ACCEPT]);
        insert.execute_with(language).await.unwrap();
    }
    for language in ["de", "en"] {
        let (name, value) = accept(language);
        let headers = HeaderMap::from_iter([(name, value)]);
        let found = site.core().await.lookup("k").headers(headers).await.unwrap();
        assert_eq!(text(&found.unwrap()).await, language);
    }
    assert!(site.found("k").await.is_none());
    // Of a variant that is known to be another, nobody waits for the first.
    let (name, value) = accept("fr");
    let french = site.core().await.transaction("k").header(name, value).await.unwrap();
    let (name, value) = accept("it");
    let italian = site.core().await.transaction("k").header(name, value).into_future();
    assert!(french.must_insert() && italian.now_or_never().unwrap().unwrap().must_insert());
}

#[tokio::test]
async fn a_by_itself_insert_may_vary_too() {
    let site = Site::start().await;
    let german = HeaderValue::from_static("de");
    let insert = site.core().await.insert("k", secs(10)).vary_by([header::ACCEPT]);
    insert.header(header::ACCEPT, german.clone()).execute_with("de").await.unwrap();
    let lookup = site.core().await.lookup("k");
    let found = lookup.header(header::ACCEPT, german).await.unwrap().unwrap();
    assert_eq!(text(&found).await, "de");
    assert!(site.found("k").await.is_none());
}

#[tokio::test]
async fn keys_belong_to_a_service_a_pop_and_a_space() {
    let site = Site::start().await;
    site.store("k", "core").await;
    site.hand().await.simple.get_or_set("k", "simple", secs(10)).await.unwrap();
    for (service, pop, there) in
        [("site", "LHR", true), ("site", "IAD", false), ("other", "LHR", false)]
    {
        let hand = site.hand_of(service, pop).await;
        assert_eq!(hand.core.lookup("k").await.unwrap().is_some(), there, "{service} {pop}");
        assert_eq!(hand.simple.get("k").await.unwrap().is_some(), there, "{service} {pop}");
    }
    assert_eq!(text(&site.found("k").await.unwrap()).await, "core");
    assert_eq!(site.hand().await.simple.get("k").await.unwrap().unwrap(), "simple");
}

#[tokio::test]
async fn a_key_is_any_bytes_up_to_4096() {
    let site = Site::start().await;
    let core = site.core().await;
    for key in [vec![0xff; 4096], Vec::new(), b"/".to_vec(), vec![0]] {
        core.insert(&key, secs(10)).execute_with(key.clone()).await.unwrap();
        let found = core.lookup(&key).await.unwrap().unwrap();
        assert_eq!(found.known_length(), Some(key.len() as u64));
    }
    let long = [0; 4097];
    assert_eq!(reason(core.lookup(long).await), Refusal::CacheKeyInvalid);
    assert_eq!(reason(core.transaction(long).await), Refusal::CacheKeyInvalid);
    assert_eq!(reason(core.replace(long).await), Refusal::CacheKeyInvalid);
    assert_eq!(reason(core.insert(long, secs(1)).execute().await), Refusal::CacheKeyInvalid);
    let simple = site.hand().await.simple;
    assert_eq!(reason(simple.get(long).await), Refusal::CacheKeyInvalid);
    assert_eq!(reason(simple.purge(long).await), Refusal::CacheKeyInvalid);
}
