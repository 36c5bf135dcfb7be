//! What a handler decides about a response before it is stored, and what the cache makes of it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::BodyExt as _;
use selvedge::{Service, cache::Candidate, prelude::*};
use selvedge_testkit::{Edge, Method, MissReason, NoStore, Verdict, ok, status};

use super::{MANIFEST, URL, ask, edge, fastly, inside, origin, sending};

/// A service whose candidates are changed like this.
fn changing(change: impl Fn(&mut Candidate) + Clone + Send + Sync + 'static) -> Service {
    sending(move |request| {
        let change = change.clone();
        request.after_send(move |candidate| {
            change(candidate);
            Ok(())
        })
    })
}

#[tokio::test]
async fn a_ttl_for_this_response_is_for_any_status_and_counts_from_receipt() {
    let service = || changing(|candidate| candidate.set_ttl(Duration::from_secs(10)));
    for edge in [edge(service()).await, fastly(service()).await] {
        let _ = origin(&edge).on("/").reply(status(403).header("age", "100"));
        ask(&edge).await;
        edge.advance(Duration::from_millis(9_999)).await;
        let hit = ask(&edge).await;
        assert_eq!((hit.status.as_u16(), hit.hop("site").verdict), (403, Verdict::Hit));
        edge.advance(Duration::from_millis(1)).await;
        assert_eq!(ask(&edge).await.hop("site").verdict, Verdict::Miss(MissReason::Stale));
    }
}

#[tokio::test]
async fn the_handler_sees_what_the_cache_suggests() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let service = changing({
        let seen = Arc::clone(&seen);
        move |candidate| {
            let told = format!(
                "{} ttl={:?} age={:?} swr={:?} sie={:?} cacheable={} why={:?} stale={} update={} net={}",
                candidate.status().as_u16(),
                candidate.ttl(),
                candidate.age(),
                candidate.stale_while_revalidate(),
                candidate.stale_if_error(),
                candidate.is_cacheable(),
                candidate.why_not_cacheable(),
                candidate.is_stale(),
                candidate.is_update(),
                candidate.stale_if_error_available(),
            );
            seen.lock().unwrap().push(told);
        }
    });
    let edge = edge(service).await;
    let control = "max-age=60, stale-while-revalidate=5, stale-if-error=9";
    let first = ok("a").header("cache-control", control).header("age", "10");
    let _ = origin(&edge)
        .on("/")
        .reply(first.header("etag", "\"1\""))
        .reply(status(304).max_age(20).header("etag", "\"1\""));
    let _ = origin(&edge).on("/private").reply(ok("b").header("cache-control", "private"));
    ask(&edge).await;
    edge.advance(Duration::from_secs(56)).await;
    ask(&edge).await;
    edge.get("http://site.localhost/private").await;
    let expected = [
        "200 ttl=50s age=10s swr=5s sie=9s cacheable=true why=None stale=false update=false net=false",
        "304 ttl=20s age=0ns swr=0ns sie=0ns cacheable=true why=None stale=false update=true net=true",
        "200 ttl=0ns age=0ns swr=0ns sie=0ns cacheable=false why=Some(\"private\") stale=true update=false net=false",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn set_cacheable_wins_over_what_is_forbidden_under_fastly_only() {
    let service = || {
        changing(|candidate| {
            candidate.set_cacheable();
            candidate.set_ttl(Duration::from_secs(60));
        })
    };
    let private = || ok("a").header("cache-control", "private").header("set-cookie", "a=b");
    let rfc = edge(service()).await;
    let _ = origin(&rfc).on("/").reply(private());
    assert_eq!(ask(&rfc).await.hop("site").not_stored, Some(NoStore::Private));
    let fastly = fastly(service()).await;
    let _ = origin(&fastly).on("/").reply(private());
    assert_eq!(ask(&fastly).await.hop("site").not_stored, None);
    assert_eq!(ask(&fastly).await.hop("site").verdict, Verdict::Hit);
}

#[tokio::test]
async fn headers_that_the_handler_changes_are_judged_anew() {
    let service = changing(|candidate| {
        candidate.headers_mut().insert("cache-control", HeaderValue::from_static("max-age=60"));
        candidate.headers_mut().remove("x-internal");
        candidate.set_status(StatusCode::NOT_FOUND);
    });
    let edge = edge(service).await;
    let reply = ok("a").header("cache-control", "private").header("x-internal", "1");
    let _ = origin(&edge).on("/").reply(reply);
    for verdict in [Verdict::Miss(MissReason::UriMiss), Verdict::Hit] {
        let answer = ask(&edge).await;
        assert_eq!((answer.status.as_u16(), answer.hop("site").verdict), (404, verdict));
        assert_eq!(answer.header("cache-control"), "max-age=60");
        assert_eq!(answer.header("x-internal"), "");
    }
}

#[tokio::test]
async fn uncacheable_is_not_stored_with_a_mark_or_without() {
    for record in [true, false] {
        let edge = edge(changing(move |candidate| candidate.set_uncacheable(record))).await;
        let _ = origin(&edge).on("/").reply(ok("a").max_age(60));
        for _ in 0..2 {
            assert_eq!(ask(&edge).await.hop("site").not_stored, Some(NoStore::Uncacheable));
        }
        assert_eq!(origin(&edge).count(), 2);
    }
}

#[tokio::test]
async fn an_update_that_is_uncacheable_answers_once_and_takes_the_object_away() {
    let edge = edge(changing(|candidate| {
        if candidate.is_update() {
            candidate.set_status(StatusCode::OK);
            candidate.set_uncacheable(true);
        }
    }))
    .await;
    let _ = origin(&edge)
        .on("/")
        .reply(ok("old").max_age(60).header("etag", "\"1\""))
        .reply(status(304).max_age(60).header("etag", "\"1\""))
        .reply(ok("new").max_age(60));
    ask(&edge).await;
    edge.advance(Duration::from_secs(60)).await;
    let answered = ask(&edge).await;
    assert_eq!(
        (answered.text().as_str(), answered.hop("site").not_stored),
        ("old", Some(NoStore::Uncacheable))
    );
    assert_eq!(ask(&edge).await.text(), "new");
}

#[tokio::test]
async fn vary_that_the_handler_adds_tells_variants_apart() {
    let edge = edge(changing(|candidate| {
        candidate.append_vary(header::ACCEPT_LANGUAGE);
    }))
    .await;
    let reply = |text: &'static str| ok(text).max_age(60);
    let _ = origin(&edge).on("/").reply(reply("hallo")).reply(reply("hello"));
    let ask = async |language| {
        edge.request(Method::GET, URL).header("accept-language", language).send().await
    };
    assert_eq!(ask("de").await.text(), "hallo");
    let other = ask("en").await;
    assert_eq!(
        (other.text().as_str(), other.hop("site").verdict),
        ("hello", Verdict::Miss(MissReason::VaryMiss))
    );
    assert_eq!(ask("de").await.text(), "hallo");
    assert_eq!(origin(&edge).count(), 2);
}

#[tokio::test]
async fn surrogate_keys_that_the_handler_sets_replace_all_others() {
    let service = sending(|request| {
        request.cache(Cache::Inherit.surrogate_key("asked")).after_send(|candidate| {
            let keys = candidate.surrogate_keys();
            let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
            assert_eq!(keys, ["own", "asked"]);
            assert!(candidate.set_surrogate_keys(["bad key"]).is_err());
            candidate.set_surrogate_keys(["mine", "too"])
        })
    });
    let edge = Edge::from_toml(MANIFEST).service(service).admin_token("t").start().await;
    let _ = origin(&edge).on("/").reply(ok("a").max_age(60).header("surrogate-key", "own"));
    for _ in 0..2 {
        assert_eq!(inside(&edge, "surrogate-key").await, "mine, too");
    }
}

/// Puts a body into capitals.
fn loud(body: Body) -> Body {
    Body::new(body.map_frame(|frame| frame.map_data(|data| data.to_ascii_uppercase().into())))
}

#[tokio::test]
async fn a_transformed_body_is_stored_transformed_once() {
    let edge = edge(changing(|candidate| candidate.set_body_transform(loud))).await;
    let first = ok("").chunks(["loud ".into(), "and clear".into()]).max_age(60);
    let same = status(304).max_age(60).header("etag", "\"1\"");
    let _ = origin(&edge).on("/").reply(first.header("etag", "\"1\"")).reply(same);
    for seconds in [0, 30, 30, 30] {
        edge.advance(Duration::from_secs(seconds)).await;
        let answer = ask(&edge).await;
        assert_eq!(
            (answer.text().as_str(), answer.header("etag").as_str()),
            ("LOUD AND CLEAR", "W/\"1\"")
        );
    }
    assert_eq!(origin(&edge).count(), 2);
    let head = edge.request(Method::HEAD, URL).send().await;
    assert_eq!(head.header("content-length"), "14");
    let part = edge.request(Method::GET, URL).header("range", "bytes=0-3").send().await;
    assert_eq!(part.text(), "LOUD");
}
