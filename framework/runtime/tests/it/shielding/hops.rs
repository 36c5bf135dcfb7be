//! Which POPs a request passes, and how the answer shows it.

use http::Method;
use selvedge_testkit::{Edge, ok};

use super::{account, page_at, site, way};

async fn edge() -> Edge {
    let edge = Edge::from_toml(&site("")).admin_token("t").start().await;
    let page = ok("page").max_age(60).header("surrogate-key", "pages");
    let _ = edge.origin("site", "origin").on("/page").reply(page);
    edge
}

#[tokio::test]
async fn a_miss_goes_through_the_shield_and_both_keep_a_copy() {
    let edge = edge().await;
    let answer = page_at(&edge, "LHR").await;
    assert_eq!(answer.text(), "page");
    assert_eq!(way(&answer), ["site@IAD miss", "site@LHR miss"]);
    assert_eq!(answer.hops.iter().map(|hop| hop.hop).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(way(&page_at(&edge, "LHR").await), ["site@LHR hit"]);
    assert_eq!(way(&page_at(&edge, "FRA").await), ["site@IAD hit", "site@FRA miss"]);
    assert_eq!(edge.origin("site", "origin").count(), 1);
}

#[tokio::test]
async fn in_the_shield_itself_there_is_one_pass_only() {
    let edge = edge().await;
    let answer = page_at(&edge, "IAD").await;
    assert_eq!(way(&answer), ["site@IAD miss"]);
    assert_eq!(answer.header("x-served-by"), "cache-iad1-IAD");
    assert_eq!(way(&page_at(&edge, "LHR").await), ["site@IAD hit", "site@LHR miss"]);
}

#[tokio::test]
async fn each_hop_has_its_item_the_shield_first() {
    let edge = edge().await;
    let first = page_at(&edge, "LHR").await;
    assert_eq!(first.header("x-served-by"), "cache-iad1-IAD, cache-lhr1-LHR");
    assert_eq!(first.header("x-cache"), "MISS, MISS");
    assert_eq!(first.header("x-cache-hits"), "0, 0");
    assert_eq!(
        first.header("cache-status"),
        "\"IAD/site\"; fwd=uri-miss; stored; ttl=60, \"LHR/site\"; fwd=uri-miss; stored; ttl=60"
    );
    let other = page_at(&edge, "FRA").await;
    assert_eq!(other.header("x-cache"), "HIT, MISS");
    assert_eq!(other.header("x-cache-hits"), "1, 0");
    let debugged = edge
        .request(Method::GET, "http://site.localhost/page")
        .at("FRA")
        .header("fastly-key", "t")
        .header("fastly-debug", "1")
        .send()
        .await;
    assert_eq!(debugged.header("x-cache"), "HIT, HIT", "what is stored says whence it came");
}

#[tokio::test]
async fn debug_headers_have_a_group_for_each_hop_the_newest_in_front() {
    let edge = edge().await;
    let ask = edge.request(Method::GET, "http://site.localhost/page").at("LHR");
    let answer = ask.header("fastly-key", "t").header("fastly-debug", "1").send().await;
    let path = answer.header("fastly-debug-path");
    let nodes: Vec<&str> = path.split(' ').filter(|word| word.starts_with("cache-")).collect();
    assert_eq!(
        nodes,
        ["cache-lhr1-LHR", "cache-lhr1-LHR", "cache-iad1-IAD", "cache-iad1-IAD"],
        "{path}"
    );
    assert_eq!(answer.header("surrogate-key"), "pages");
}

#[tokio::test]
async fn surrogate_fields_survive_between_the_pops_and_no_further() {
    let edge = edge().await;
    let answer = page_at(&edge, "LHR").await;
    assert!(!answer.headers.contains_key("surrogate-key"));
    let purge = edge.admin(Method::POST, "/service/site/purge/pages").header("fastly-key", "t");
    assert_eq!(purge.send().await.header("selvedge-purged"), "FRA=0, IAD=1, LHR=1");
    assert_eq!(way(&page_at(&edge, "LHR").await), ["site@IAD miss", "site@LHR miss"]);
}

#[tokio::test]
async fn a_pass_goes_through_the_shield_too() {
    let edge = edge().await;
    let _ = edge.origin("site", "origin").on("/form").reply(ok("taken"));
    let ask = edge.request(Method::POST, "http://site.localhost/form").at("LHR").body("a=b");
    let answer = ask.send().await;
    assert_eq!(way(&answer), ["site@IAD pass", "site@LHR pass"]);
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!((arrived.len(), arrived[0].body.as_ref()), (1, &b"a=b"[..]));
}

#[tokio::test]
async fn what_the_edge_says_of_a_client_is_said_once_and_hops_are_marked() {
    let edge = edge().await;
    let ask = edge.request(Method::GET, "http://site.localhost/page").at("LHR");
    ask.header("x-forwarded-for", "192.0.2.1").header("selvedge-pop", "FRA").send().await;
    let arrived = edge.origin("site", "origin").arrived().remove(0);
    let lines = |name: &str| arrived.headers.get_all(name).iter().count();
    let text = |name: &str| arrived.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(text("fastly-client-ip"), Some("127.0.0.1"));
    assert_eq!(text("x-forwarded-host"), Some("site.localhost"));
    assert_eq!(lines("x-forwarded-for"), 2, "the client's and ours");
    assert_eq!((lines("cdn-loop"), lines("via")), (2, 2));
    assert_eq!(text("selvedge-pop"), None);
    assert_eq!(text("fastly-key"), None);
}

#[tokio::test]
async fn many_requests_in_many_pops_are_one_fetch() {
    let edge = edge().await;
    let asks = ["LHR", "LHR", "FRA", "IAD", "FRA", "LHR"].map(|pop| page_at(&edge, pop));
    let answers = futures_util::future::join_all(asks).await;
    assert!(answers.iter().all(|answer| answer.text() == "page"));
    assert_eq!(edge.origin("site", "origin").count(), 1);
}

#[tokio::test]
async fn hops_over_shields_count_for_the_loop_guard() {
    // Each round is a hop in each POP: the 21st is in the eleventh round.
    let round = "[services.round]\ntype = \"delivery\"\ndomains = [\"round.localhost\"]\n\
                 cache = \"off\"\nbackends.self = { service = \"round\", shield = \"IAD\" }\n";
    let edge = Edge::from_toml(&account(round)).dev().start().await;
    let ask = edge.request(Method::GET, "http://round.localhost/").at("LHR");
    let answer = ask.send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("error-reason").as_str()),
        (503, "loop detected")
    );
    assert_eq!(answer.hops.iter().map(|hop| hop.hop).max(), Some(21));
}

#[tokio::test]
async fn in_dev_a_request_chooses_where_it_enters() {
    let edge = Edge::from_toml(&site("")).dev().start().await;
    let _ = edge.origin("site", "origin").on("/page").reply(ok("page").max_age(60));
    let send = |pop: &'static str| {
        let request = http::Request::get("http://site.localhost/page").header("selvedge-pop", pop);
        edge.open(request.body(selvedge::Body::empty()).unwrap())
    };
    let served = send("LHR").await.headers()["x-served-by"].clone();
    assert_eq!(served, "cache-iad1-IAD, cache-lhr1-LHR");
    let refused = send("LHT").await;
    assert_eq!(refused.status().as_u16(), 400);
    assert_eq!(refused.headers()["error-reason"], "unknown POP");
    // In production it is nobody's business.
    let edge = super::hops::edge().await;
    let request = http::Request::get("http://site.localhost/page").header("selvedge-pop", "LHT");
    let answer = edge.open(request.body(selvedge::Body::empty()).unwrap()).await;
    assert_eq!(answer.headers()["x-served-by"], "cache-iad1-IAD, cache-fra1-FRA");
}
