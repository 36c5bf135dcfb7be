//! Compute and delivery services hand requests to each other.

use std::time::Duration;

use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::Edge;

use super::{account, answers, leaf};

#[backend("next")]
struct Next;

/// A handler that marks each request and sends it on.
fn handler(cache: Cache) -> Service {
    let answer = move |next: Next, mut request: Request| {
        let cache = cache.clone();
        async move {
            request.headers_mut().insert("x-seen-by", HeaderValue::from_static("code"));
            next.send(request.cache(cache)).await
        }
    };
    Service::new("code", Router::new().fallback(answer), vec![Next::NEED])
}

const CODE: &str = r#"
[services.code]
type = "compute"
handler = "code"
domains = ["code.localhost"]
backends.next = { service = "back" }
"#;

async fn edge(services: &[String], cache: Cache) -> Edge {
    let edge = Edge::from_toml(&account(&services.concat())).service(handler(cache)).start().await;
    answers(&edge, "back", "/");
    edge
}

#[tokio::test]
async fn code_passes_and_the_rules_behind_it_cache() {
    let rules = "[[services.back.rules]]\nthen = { ttl = \"5m\" }\n".to_owned();
    let edge = edge(&[CODE.to_owned(), leaf("back"), rules], Cache::Pass).await;
    let first = edge.get("http://code.localhost/").await;
    assert_eq!(first.text(), "back /");
    edge.advance(Duration::from_secs(200)).await;
    // The origin said a minute, the rule five: the second service decides, the first has stored nothing.
    let second = edge.get("http://code.localhost/").await;
    assert_eq!(second.header("x-cache"), "HIT, MISS");
    assert_eq!(second.hop("back").verdict.as_str(), "hit");
    let arrived = edge.origin("back", "origin").arrived();
    assert_eq!(
        (arrived.len(), &arrived[0].headers["x-seen-by"]),
        (1, &HeaderValue::from_static("code"))
    );
}

#[tokio::test]
async fn code_without_a_cache_layer_leaves_it_to_the_service_behind() {
    let off = CODE.replace("handler = \"code\"\n", "handler = \"code\"\ncache = \"off\"\n");
    let edge = edge(&[off, leaf("back")], Cache::Inherit).await;
    for _ in 0..2 {
        edge.get("http://code.localhost/").await;
    }
    let answer = edge.get("http://code.localhost/").await;
    assert_eq!(answer.header("x-cache"), "HIT, MISS");
    assert!(
        answer.header("cache-status").contains("detail=cache-off"),
        "{}",
        answer.header("cache-status")
    );
}

#[tokio::test]
async fn code_that_does_not_pass_has_a_copy_of_its_own() {
    let edge = edge(&[CODE.to_owned(), leaf("back")], Cache::Inherit).await;
    edge.get("http://code.localhost/").await;
    let answer = edge.get("http://code.localhost/").await;
    assert_eq!(answer.hop("code").verdict.as_str(), "hit");
    assert_eq!(answer.hops.len(), 1, "the service behind was not asked");
}

#[tokio::test]
async fn a_sandwich_has_rules_on_both_sides_of_code() {
    let front = r#"
[services.front]
type = "delivery"
domains = ["www.localhost"]
backends.code = { service = "code" }
[[services.front.rules]]
when = { path = "/private/**" }
then = { deny = true }
"#;
    let edge = edge(&[front.to_owned(), CODE.to_owned(), leaf("back")], Cache::Pass).await;
    let answer = edge.get("http://www.localhost/").await;
    assert_eq!(answer.text(), "back /");
    let services: Vec<&str> = answer.hops.iter().map(|hop| hop.service.as_str()).collect();
    assert_eq!(answer.hops.len(), 3, "{services:?}");
    assert_eq!(answer.header("x-served-by").matches("LHR").count(), 3);
    assert_eq!(edge.get("http://www.localhost/private/x").await.status.as_u16(), 403);
    // What the outer service has stored is answered without the other two.
    assert_eq!(edge.get("http://www.localhost/").await.hops.len(), 1);
}
