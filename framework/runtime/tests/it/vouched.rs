//! What the edge says of clients is said wherever it is seen, and counts where it chooses; their own words never do.

use std::time::Duration;

use selvedge_testkit::{Answer, Builder, Edge, Method, MissReason, Verdict, ok};

fn edge_of(rules: &str) -> Builder {
    Edge::from_toml(&format!(
        r#"
manifest_version = 1
name = "vouched"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = {{ url = "http://origin.example" }}
{rules}
"#
    ))
}

async fn get(edge: &Edge, scheme: &str) -> Answer {
    let request = edge.request(Method::GET, "http://site.localhost/");
    request.header("x-forwarded-proto", scheme).header("x-forwarded-for", "6.6.6.6").send().await
}

/// What the origin was told of the client, request by request.
fn told(edge: &Edge) -> Vec<[String; 3]> {
    let names = ["x-forwarded-for", "x-forwarded-proto", "fastly-client-ip"];
    let lines = |headers: &http::HeaderMap, name: &str| {
        let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap());
        lines.collect::<Vec<_>>().join(", ")
    };
    let arrived = edge.origin("site", "origin").arrived();
    arrived.iter().map(|request| names.map(|name| lines(&request.headers, name))).collect()
}

fn once() -> [String; 3] {
    ["6.6.6.6, 127.0.0.1", "http", "127.0.0.1"].map(str::to_owned)
}

#[tokio::test]
async fn a_miss_a_refresh_and_a_pass_say_it_once() {
    let edge = edge_of("").start().await;
    let reply = ok("page").header("cache-control", "max-age=10, stale-while-revalidate=60");
    edge.origin("site", "origin").on("/").reply(reply.header("etag", "\"1\""));
    get(&edge, "https").await;
    edge.advance(Duration::from_secs(20)).await;
    assert!(matches!(get(&edge, "https").await.hop("site").verdict, Verdict::Stale(_)));
    edge.settle().await;
    let post = edge.request(Method::POST, "http://site.localhost/");
    post.header("x-forwarded-for", "6.6.6.6").send().await;
    assert_eq!(told(&edge), [once(), once(), once()]);
}

#[tokio::test]
async fn variants_are_chosen_by_our_word() {
    let edge = edge_of("").start().await;
    let reply = ok("page").max_age(60).header("vary", "X-Forwarded-Proto");
    edge.origin("site", "origin").on("/").reply(reply);
    get(&edge, "https").await;
    for scheme in ["gopher", "https", "http"] {
        assert_eq!(get(&edge, scheme).await.hop("site").verdict, Verdict::Hit, "{scheme}");
    }
    assert_eq!(told(&edge), [once()]);
}

/// Whoever writes what we would have said gets no other client's variant.
#[tokio::test]
async fn nobody_can_pass_for_another_client() {
    let edge = edge_of("").start().await;
    let reply = ok("page").max_age(60).header("vary", "accept, x-forwarded-for");
    edge.origin("site", "origin").on("/").reply(reply);
    let from = async |way: &str| {
        let request = edge.request(Method::GET, "http://site.localhost/");
        request.header("x-forwarded-for", way).send().await.hop("site").verdict
    };
    from("1.1.1.1").await;
    assert_eq!(from("1.1.1.1, 127.0.0.1").await, Verdict::Miss(MissReason::VaryMiss));
    assert_eq!(from("1.1.1.1").await, Verdict::Hit);
}

#[tokio::test]
async fn rules_see_our_word() {
    let rules = r#"
[[services.site.rules]]
when.header.x-forwarded-proto = "https"
then.pass = true
"#;
    let edge = edge_of(rules).start().await;
    edge.origin("site", "origin").on("/").reply(ok("page").max_age(60));
    get(&edge, "https").await;
    assert_eq!(get(&edge, "https").await.hop("site").verdict, Verdict::Hit);
}

#[tokio::test]
async fn keys_have_our_word() {
    let rules = r#"
[[services.site.rules]]
then.key.add_headers = ["x-forwarded-proto"]
"#;
    let edge = edge_of(rules).start().await;
    edge.origin("site", "origin").on("/").reply(ok("page").max_age(60));
    get(&edge, "https").await;
    assert_eq!(get(&edge, "gopher").await.hop("site").verdict, Verdict::Hit);
    assert_eq!(told(&edge), [once()]);
}

/// A service that has no part in it passes on to the next one what there is to say of the client.
#[tokio::test]
async fn the_next_service_of_a_chain_hears_it_once_and_of_the_client_host() {
    let services = r#"
[services.middle]
type = "delivery"
domains = ["middle.localhost"]
cache = "off"
backends.site = { service = "site" }
[services.front]
type = "delivery"
domains = ["front.localhost"]
backends.middle = { service = "middle" }
[[services.front.rules]]
then.pass = true
"#;
    let edge = edge_of(services).start().await;
    let reply = ok("page").max_age(60).header("vary", "x-forwarded-host, x-forwarded-proto");
    edge.origin("site", "origin").on("/").reply(reply);
    let from = async |host: &str| {
        let request = edge.request(Method::GET, &format!("http://{host}.localhost/"));
        let request = request.header("x-forwarded-for", "6.6.6.6");
        let request = request.header("x-forwarded-host", "front.localhost");
        request.send().await.hop("site").verdict
    };
    from("front").await;
    assert_eq!(from("front").await, Verdict::Hit);
    assert_eq!(from("middle").await, Verdict::Miss(MissReason::VaryMiss));
    assert_eq!(from("site").await, Verdict::Miss(MissReason::VaryMiss));
    assert_eq!(told(&edge), [once(), once(), once()]);
    let hosts: Vec<String> = edge
        .origin("site", "origin")
        .arrived()
        .iter()
        .map(|request| request.headers["x-forwarded-host"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(hosts, ["front.localhost", "middle.localhost", "site.localhost"]);
}
