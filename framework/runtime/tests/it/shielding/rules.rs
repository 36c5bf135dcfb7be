//! What rules say of a request they say where it came in, and of the origin's answer where that comes in.

use http::Method;
use selvedge_testkit::{Edge, ok};

use super::{get_at, site, way};

const RULES: &str = r#"
[[services.site.rules]]
when = { path = "/shop/**" }
[services.site.rules.then]
ttl = "1m"
surrogate_keys = ["shop"]
vary = ["accept-language"]
rewrite_path = { strip = "/shop", add = "/v2" }
key = { add_headers = ["x-plan"] }
request_headers = { append = { x-in = "1" } }
origin_headers = { append = { x-from = "1" }, remove = ["x-secret"] }
response_headers = { append = { x-out = "1" }, remove = ["x-inner"] }
[[services.site.rules]]
then = { rewrite_path = { add = "/v1" } }
"#;

async fn edge() -> Edge {
    let edge = Edge::from_toml(&site(RULES)).admin_token("t").start().await;
    let page = ok("page").header("x-secret", "1").header("x-inner", "1");
    let _ = edge.origin("site", "origin").on("/v2/a").reply(page.clone());
    let _ = edge.origin("site", "origin").on("/v1/a").reply(page);
    edge
}

#[tokio::test]
async fn each_change_is_made_once() {
    let edge = edge().await;
    for (pop, hops) in [("LHR", 2), ("FRA", 2), ("LHR", 1), ("IAD", 1)] {
        let answer = get_at(&edge, pop, "http://site.localhost/shop/a").await;
        assert_eq!((answer.text().as_str(), way(&answer).len()), ("page", hops), "{pop}");
        let lines = |name: &str| answer.headers.get_all(name).iter().count();
        assert_eq!((lines("x-from"), lines("x-out"), lines("vary")), (1, 1, 1), "{pop}");
        assert_eq!((lines("x-secret"), lines("x-inner")), (0, 0), "{pop}");
    }
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!((arrived.len(), arrived[0].target.as_str()), (1, "/v2/a"));
    assert_eq!(arrived[0].headers.get_all("x-in").iter().count(), 1);
    get_at(&edge, "LHR", "http://site.localhost/a").await;
    assert_eq!(edge.origin("site", "origin").arrived()[1].target, "/v1/a");
}

#[tokio::test]
async fn both_know_the_object_by_the_same_key() {
    let edge = edge().await;
    for plan in ["gold", "tin"] {
        let ask = edge.request(Method::GET, "http://site.localhost/shop/a").at("LHR");
        ask.header("x-plan", plan).send().await;
    }
    assert_eq!(edge.origin("site", "origin").count(), 2);
    let purge = edge.admin(Method::POST, "/purge/site.localhost/shop/a").header("fastly-key", "t");
    assert_eq!(purge.send().await.header("selvedge-purged"), "FRA=0, IAD=2, LHR=2");
    get_at(&edge, "LHR", "http://site.localhost/shop/a").await;
    let purge = edge.admin(Method::POST, "/service/site/purge/shop").header("fastly-key", "t");
    assert_eq!(purge.send().await.header("selvedge-purged"), "FRA=0, IAD=1, LHR=1");
}

#[tokio::test]
async fn a_rule_counts_a_request_once() {
    let edge = edge().await;
    get_at(&edge, "LHR", "http://site.localhost/shop/a").await;
    let world = edge.world();
    let service = world.service_for_host("site.localhost").unwrap();
    let hits: Vec<u64> = service.rules().unwrap().counted().iter().map(|rule| rule.hits).collect();
    assert_eq!(hits, [1, 1]);
}

#[tokio::test]
async fn what_a_rule_answers_goes_nowhere() {
    let deny = "rules = [{ when = { path = \"/no/**\" }, then = { deny = true } }]";
    let edge = Edge::from_toml(&site(deny)).start().await;
    assert_eq!(way(&get_at(&edge, "LHR", "http://site.localhost/no/a").await).len(), 1);
}

#[tokio::test]
async fn a_rule_that_passes_passes_in_both() {
    let pass = "rules = [{ then = { pass = true } }]";
    let edge = Edge::from_toml(&site(pass)).start().await;
    let _ = edge.origin("site", "origin").on("/a").reply(ok("a").max_age(60));
    for count in 1..=2 {
        let answer = get_at(&edge, "LHR", "http://site.localhost/a").await;
        assert_eq!(way(&answer), ["site@IAD pass", "site@LHR pass"]);
        assert_eq!(edge.origin("site", "origin").count(), count);
    }
}
