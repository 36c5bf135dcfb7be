//! Nobody waits for itself: services that ask each other for what the other is fetching.

use std::sync::Arc;

use selvedge::{Binding, Service, prelude::*};
use selvedge_testkit::{Answer, Edge, Gate, PassReason, Verdict, ok};
use tokio::task::JoinHandle;

use crate::site::rest;

/// Two services, each the other's backend, and one origin behind each.
const MANIFEST: &str = r#"
manifest_version = 1
name = "crossing"
[pops.LHR]
[services.a]
type = "compute"
handler = "a"
domains = ["a.localhost"]
backends.other = { service = "b" }
backends.origin = { url = "http://origin.example" }
[services.b]
type = "compute"
handler = "b"
domains = ["b.localhost"]
backends.other = { service = "a" }
backends.origin = { url = "http://origin.example" }
"#;

#[backend("other")]
struct Other;

#[backend("itself")]
struct Itself;

#[backend("origin")]
struct Origin;

/// A page that has the other's page in it, three levels deep; the last has a part of its own origin.
fn rendering(name: &'static str) -> Service {
    let answer = move |other: Other, origin: Origin, request: Request| async move {
        let depth = request.headers().get("x-depth").map_or(0, |depth| depth.as_bytes()[0] - b'0');
        // The origin is slow, so that two pages are under way together.
        origin.send(to("/gate", 0)).await?;
        let inner = match depth {
            3.. => origin.send(to("/part", 0)).await?,
            _ => other.send(to("/page", depth + 1)).await?,
        };
        let (inner, body) = inner.into_parts();
        let mut response = Response::new(body);
        // What the caches behind said stays in front of what those before add.
        for line in inner.headers.get_all("cache-status") {
            response.headers_mut().append("cache-status", line.clone());
        }
        response.headers_mut().insert("cache-control", HeaderValue::from_static("max-age=60"));
        Ok::<_, Error>(response)
    };
    Service::new(name, Router::new().fallback(answer), vec![Other::NEED, Origin::NEED])
}

fn to(path: &str, depth: u8) -> Request {
    let request = http::Request::builder().uri(path).header("x-depth", depth.to_string());
    request.body(Body::empty()).unwrap()
}

async fn crossing(gate: &Gate) -> Arc<Edge> {
    let edge = Edge::from_toml(MANIFEST).service(rendering("a")).service(rendering("b"));
    let edge = edge.start().await;
    for service in ["a", "b"] {
        let origin = edge.origin(service, "origin");
        let _ = origin.on("/part").reply(ok("the part").max_age(60));
        let never = ok("").header("cache-control", "no-store").held(gate);
        let _ = origin.on("/gate").reply(never);
    }
    Arc::new(edge)
}

/// A client asks one of the services.
fn ask(edge: &Arc<Edge>, host: &str) -> JoinHandle<Answer> {
    let (edge, url) = (Arc::clone(edge), format!("http://{host}.localhost/page"));
    tokio::spawn(async move { edge.get(&url).await })
}

/// What `Cache-Status` says of a request that could not wait for what it descends from.
const TOLD: &str = "fwd=bypass; detail=ancestor";

/// The answer, which must be there.
async fn answered(ask: JoinHandle<Answer>) -> Answer {
    rest().await;
    assert!(ask.is_finished(), "somebody waits for itself");
    ask.await.unwrap()
}

/// The answer of pages that ask each other: the text, whoever made it, and somebody on the way did not wait.
async fn made(ask: JoinHandle<Answer>) {
    let answer = answered(ask).await;
    assert_eq!(answer.text(), "the part");
    assert!(answer.header("cache-status").contains(TOLD), "{}", answer.header("cache-status"));
}

/// The page of `a` asks `b`, whose page asks `a` for the same: the last would wait for the first, and goes alone.
#[tokio::test]
async fn a_request_does_not_wait_for_what_it_descends_from() {
    let gate = Gate::closed();
    gate.open();
    let edge = crossing(&gate).await;
    let answer = answered(ask(&edge, "a")).await;
    assert_eq!(answer.text(), "the part");
    let ancestor = Verdict::Pass(PassReason::Ancestor);
    assert!(answer.hops.iter().any(|hop| hop.verdict == ancestor), "{:?}", answer.hops);
    let told = answer.header("cache-status");
    assert!(told.contains(&format!("\"LHR/a\"; {TOLD}, \"LHR/b\"; fwd=uri-miss")), "{told}");
    assert_eq!(edge.origin("b", "origin").arrived().last().unwrap().target, "/part");
}

/// Both pages at once: `a` leads one fetch of `b`, `b` one of `a`, and each renders what the other waits for.
#[tokio::test]
async fn two_services_that_ask_each_other_do_not_wait_for_each_other() {
    let gate = Gate::closed();
    let edge = crossing(&gate).await;
    let asks = ["a", "b", "a", "b"].map(|host| ask(&edge, host));
    rest().await;
    gate.open();
    for ask in asks {
        made(ask).await;
    }
}

/// A service that is its own backend, with pages that ask each other: one waits for the other, not both.
#[tokio::test]
async fn pages_of_one_service_that_ask_each_other_do_not_wait_for_each_other() {
    let manifest = r#"
manifest_version = 1
name = "itself"
[pops.LHR]
[services.a]
type = "compute"
handler = "a"
domains = ["a.localhost"]
backends.itself = { service = "a" }
backends.origin = { url = "http://origin.example" }
"#;
    let answer = |itself: Itself, origin: Origin, request: Request| async move {
        origin.send(to("/gate", 0)).await?;
        let other = if request.uri().path() == "/one" { "/two" } else { "/one" };
        let depth = request.headers().get("x-depth").map_or(0, |depth| depth.as_bytes()[0] - b'0');
        match depth {
            3.. => origin.send(to("/part", 0)).await,
            _ => itself.send(to(other, depth + 1)).await,
        }
    };
    let needs = vec![Itself::NEED, Origin::NEED];
    let service = Service::new("a", Router::new().fallback(answer), needs);
    let edge = Arc::new(Edge::from_toml(manifest).service(service).start().await);
    let gate = Gate::closed();
    let origin = edge.origin("a", "origin");
    let _ = origin.on("/part").reply(ok("the part").max_age(60));
    let _ = origin.on("/gate").reply(ok("").header("cache-control", "no-store").held(&gate));
    let asks = ["one", "two"].map(|page| {
        let (edge, url) = (Arc::clone(&edge), format!("http://a.localhost/{page}"));
        tokio::spawn(async move { edge.get(&url).await })
    });
    rest().await;
    gate.open();
    for ask in asks {
        made(ask).await;
    }
}
