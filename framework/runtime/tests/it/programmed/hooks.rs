//! When hooks run, on what, and what their errors come to.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use selvedge::prelude::*;
use selvedge_cache::StalePermission;
use selvedge_testkit::{Method, MissReason, NoStore, PassReason, Verdict, ok, status};

use super::{URL, ask, edge, fastly, origin, sending};

#[derive(Clone, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn up(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A service that counts its hooks, writes the count where the origin and the client see it.
fn counting(before: &Count, after: &Count) -> selvedge::Service {
    let (before, after) = (before.clone(), after.clone());
    sending(move |request| {
        let (before, after) = (before.clone(), after.clone());
        request
            .before_send(move |request| {
                request.headers_mut().insert("x-before", before.up().into());
                Ok(())
            })
            .after_send(move |candidate| {
                candidate.headers_mut().insert("x-after", after.up().into());
                Ok(())
            })
    })
}

#[tokio::test]
async fn hooks_run_for_a_miss_and_not_for_a_hit() {
    let (before, after) = <(Count, Count)>::default();
    let edge = edge(counting(&before, &after)).await;
    let _ = origin(&edge).on("/").reply(ok("a").max_age(60));
    for verdict in [Verdict::Miss(MissReason::UriMiss), Verdict::Hit, Verdict::Hit] {
        let answer = ask(&edge).await;
        assert_eq!(answer.hop("site").verdict, verdict);
        assert_eq!(answer.header("x-after"), "1");
    }
    assert_eq!((before.get(), after.get()), (1, 1));
    assert_eq!(origin(&edge).arrived()[0].headers["x-before"], "1");
}

#[tokio::test]
async fn hooks_run_again_for_a_revalidation_and_for_a_refresh_in_the_background() {
    let (before, after) = <(Count, Count)>::default();
    let edge = edge(counting(&before, &after)).await;
    let control = "max-age=60, stale-while-revalidate=30";
    let first = ok("a").header("cache-control", control).header("etag", "\"1\"");
    let same = status(304).header("cache-control", control).header("etag", "\"1\"");
    let _ = origin(&edge).on("/").reply(first).reply(same);
    ask(&edge).await;
    edge.advance(Duration::from_secs(91)).await;
    let renewed = ask(&edge).await;
    assert_eq!(renewed.hop("site").verdict, Verdict::Miss(MissReason::Stale));
    assert_eq!((renewed.text().as_str(), renewed.header("x-after").as_str()), ("a", "2"));
    assert_eq!(origin(&edge).arrived()[1].headers["if-none-match"], "\"1\"");
    edge.advance(Duration::from_secs(61)).await;
    let stale = ask(&edge).await;
    assert_eq!(stale.hop("site").verdict, Verdict::Stale(StalePermission::WhileRevalidate));
    assert_eq!((before.get(), after.get()), (2, 2));
    edge.settle().await;
    assert_eq!((before.get(), after.get()), (3, 3));
    let hit = ask(&edge).await;
    assert_eq!((hit.hop("site").verdict, hit.header("x-after").as_str()), (Verdict::Hit, "3"));
    assert_eq!(origin(&edge).arrived()[2].headers["x-before"], "3");
}

#[tokio::test]
async fn a_pass_has_a_sending_and_no_candidate() {
    let (before, after) = <(Count, Count)>::default();
    let edge = edge(counting(&before, &after)).await;
    let _ = origin(&edge).on("/").reply(ok("a"));
    let answer = edge.request(Method::POST, URL).body("x").send().await;
    assert_eq!(answer.hop("site").verdict, Verdict::Pass(PassReason::Method));
    assert_eq!((before.get(), after.get()), (1, 0));
    assert_eq!(origin(&edge).arrived()[0].headers["x-before"], "1");
}

#[tokio::test]
async fn the_handler_sees_whole_responses_only() {
    let edge = edge(counting(&Count::default(), &Count::default())).await;
    let _ = origin(&edge).on("/").reply(ok("whole").max_age(60));
    let asked = || edge.request(Method::GET, URL).header("range", "bytes=0-1");
    assert_eq!(asked().header("if-range", "\"1\"").send().await.status, 200);
    let arrived = &origin(&edge).arrived()[0].headers;
    assert!(!arrived.contains_key("range") && !arrived.contains_key("if-range"));
    let ranged = asked().send().await;
    assert_eq!((ranged.status.as_u16(), ranged.text().as_str()), (206, "wh"));
}

#[tokio::test]
async fn what_a_hook_says_about_the_connection_goes_no_further() {
    let service = sending(|request| {
        let request = request.before_send(|request| {
            request.headers_mut().insert("connection", HeaderValue::from_static("x-mine"));
            request.headers_mut().insert("x-mine", HeaderValue::from_static("1"));
            Ok(())
        });
        request.after_send(|candidate| {
            candidate.headers_mut().insert("keep-alive", HeaderValue::from_static("timeout=5"));
            Ok(())
        })
    });
    let edge = edge(service).await;
    let _ = origin(&edge).on("/").reply(ok("a").max_age(60));
    assert_eq!(ask(&edge).await.header("keep-alive"), "");
    let arrived = &origin(&edge).arrived()[0].headers;
    assert!(!arrived.contains_key("connection") && !arrived.contains_key("x-mine"));
}

/// Refuses what has a server error, as the way to serve stale instead of it.
fn refusing() -> selvedge::Service {
    sending(|request| {
        request.after_send(|candidate| match candidate.status().is_server_error() {
            true => Err(Error::new(Refusal::ResponseInvalid, "the origin is in trouble")),
            false => Ok(()),
        })
    })
}

#[tokio::test]
async fn an_error_of_after_send_serves_stale_inside_its_window_and_fails_after_it() {
    let edge = fastly(refusing()).await;
    let first = ok("old").header("cache-control", "max-age=60, stale-if-error=30");
    let _ = origin(&edge).on("/").reply(first).reply(status(503));
    ask(&edge).await;
    edge.advance(Duration::from_secs(90)).await;
    let stale = ask(&edge).await;
    assert_eq!((stale.status.as_u16(), stale.text().as_str()), (200, "old"));
    assert_eq!(stale.hop("site").verdict, Verdict::Stale(StalePermission::IfError));
    assert!(edge.logs()[0].1.contains("the origin is in trouble"), "{:?}", edge.logs());
    edge.advance(Duration::from_millis(1)).await;
    let failed = ask(&edge).await;
    assert_eq!(
        (failed.status.as_u16(), failed.header("error-reason").as_str()),
        (502, "invalid response")
    );
    assert_eq!(origin(&edge).count(), 3);
}

#[tokio::test]
async fn an_error_of_before_send_sends_nothing_and_serves_stale_too() {
    let calls = Count::default();
    let service = sending({
        let calls = calls.clone();
        move |request| {
            let calls = calls.clone();
            request.before_send(move |_| match calls.up() {
                1 => Ok(()),
                _ => Err(Error::new(Refusal::HandlerFailed, "no signature")),
            })
        }
    });
    let edge = fastly(service).await;
    let first = ok("old").header("cache-control", "max-age=60, stale-if-error=30");
    let _ = origin(&edge).on("/").reply(first);
    ask(&edge).await;
    edge.advance(Duration::from_secs(61)).await;
    assert_eq!(ask(&edge).await.text(), "old");
    let failed = edge.get("http://site.localhost/other").await;
    assert_eq!(failed.header("error-reason"), "handler failed");
    let passed = edge.request(Method::POST, URL).body("x").send().await;
    assert_eq!(passed.header("error-reason"), "handler failed");
    assert_eq!(origin(&edge).count(), 1);
}

#[tokio::test]
async fn an_error_in_the_background_leaves_the_object_as_it_was() {
    let edge = fastly(refusing()).await;
    let first = ok("old").header("cache-control", "max-age=60, stale-while-revalidate=30");
    let _ = origin(&edge).on("/").reply(first).reply(status(503)).reply(ok("new").max_age(60));
    ask(&edge).await;
    edge.advance(Duration::from_secs(61)).await;
    for text in ["old", "old", "new"] {
        assert_eq!(ask(&edge).await.text(), text);
        edge.advance(Duration::from_secs(1)).await;
    }
    assert_eq!(ask(&edge).await.hop("site").not_stored, None::<NoStore>);
    assert_eq!(origin(&edge).count(), 3);
}
