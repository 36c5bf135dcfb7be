//! A compute service whose backend is behind a shield: its code runs once, in the POP where the request came in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::{Edge, ok};

use super::{account, get_at, way};

#[backend("origin")]
struct Origin;

const SERVICE: &str = "[services.code]\ntype = \"compute\"\nhandler = \"code\"\n\
                       domains = [\"code.localhost\"]\n\
                       backends.origin = { url = \"http://code.example\", shield = \"IAD\" }\n";

const URL: &str = "http://code.localhost/page";

/// An edge whose code sends for `/inner`, as `change` has it.
async fn edge(change: impl Fn(Request) -> Request + Clone + Send + Sync + 'static) -> Edge {
    let answer = move |origin: Origin, place: Place, _request: Request| {
        let change = change.clone();
        async move {
            let request = Request::new(Body::empty());
            let (mut head, body) = request.into_parts();
            head.uri = "/inner".parse().unwrap();
            let mut response = origin.send(change(Request::from_parts(head, body))).await?;
            let at = format!("{} {}", place.pop, place.visits);
            response.headers_mut().append("x-ran-at", at.parse().unwrap());
            Ok::<_, selvedge::Error>(response)
        }
    };
    let service = Service::new("code", Router::new().fallback(answer), vec![Origin::NEED]);
    let edge = Edge::from_toml(&account(SERVICE)).service(service).start().await;
    let _ = edge.origin("code", "origin").on("/inner").reply(ok("inner"));
    edge
}

#[tokio::test]
async fn it_runs_where_the_request_came_in_and_the_send_goes_on_at_the_shield() {
    let edge = edge(|request| request.cache(Cache::ttl(Duration::from_secs(60)))).await;
    let answer = get_at(&edge, "LHR", URL).await;
    assert_eq!((answer.text().as_str(), answer.header("x-ran-at").as_str()), ("inner", "LHR 0"));
    assert_eq!(way(&answer), ["code@IAD miss", "code@LHR miss"]);
    assert_eq!(answer.header("x-served-by"), "cache-iad1-IAD, cache-lhr1-LHR");
    edge.advance(Duration::from_secs(40)).await;
    let answer = get_at(&edge, "FRA", URL).await;
    assert_eq!(way(&answer), ["code@IAD hit", "code@FRA miss"]);
    // What the code says of the lifetime counts from the origin's answer.
    edge.advance(Duration::from_secs(20)).await;
    assert_eq!(way(&get_at(&edge, "FRA", URL).await), ["code@IAD miss", "code@FRA miss"]);
}

#[tokio::test]
async fn its_hooks_run_once_at_the_shield() {
    let ran = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ran);
    let edge = edge(move |request| {
        let counted = Arc::clone(&counted);
        request
            .before_send(|request| {
                request.headers_mut().append("x-before", HeaderValue::from_static("1"));
                Ok(())
            })
            .after_send(move |candidate| {
                counted.fetch_add(1, Ordering::SeqCst);
                candidate.headers_mut().append("x-after", HeaderValue::from_static("1"));
                candidate.set_ttl(Duration::from_secs(60));
                Ok(())
            })
    })
    .await;
    for (pop, hops) in [("LHR", 2), ("FRA", 2), ("LHR", 1)] {
        let answer = get_at(&edge, pop, URL).await;
        assert_eq!((answer.hops.len(), answer.header("x-after").as_str()), (hops, "1"), "{pop}");
    }
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    let arrived = edge.origin("code", "origin").arrived();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].headers.get_all("x-before").iter().count(), 1);
}

#[tokio::test]
async fn a_pass_runs_its_hook_once_too() {
    let edge = edge(|request| {
        request.cache(Cache::Pass).before_send(|request| {
            request.headers_mut().append("x-before", HeaderValue::from_static("1"));
            Ok(())
        })
    })
    .await;
    let answer = get_at(&edge, "LHR", URL).await;
    assert_eq!(way(&answer), ["code@IAD pass", "code@LHR pass"]);
    let arrived = edge.origin("code", "origin").arrived();
    assert_eq!(arrived[0].headers.get_all("x-before").iter().count(), 1);
}
