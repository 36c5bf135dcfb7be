//! What a hard purge takes away: a URL in all its forms, surrogate keys, everything.

use std::time::Duration;

use selvedge_testkit::{Edge, Method, MissReason, Verdict, ok};

use super::{TOKEN, are_hits, counts, edge, post, warm};

const HOME: &str = "http://site.localhost/";
const OTHER: &str = "http://site.localhost/other";
const ABROAD: &str = "http://fastly.localhost/";

#[tokio::test]
async fn a_url_goes_and_nothing_else() {
    let edge = edge().await;
    warm(&edge, &[HOME, OTHER, ABROAD]).await;
    let answer = post(&edge, "/purge/site.localhost/").send().await;
    assert_eq!(counts(&answer), "IAD=1, LHR=0");
    let verdict = edge.get(HOME).await.hop("site").verdict;
    assert_eq!(verdict, Verdict::Miss(MissReason::UriMiss));
    assert_eq!(are_hits(&edge, &[OTHER, ABROAD]).await, [true, true]);
}

#[tokio::test]
async fn a_key_is_compared_whole() {
    let edge = edge().await;
    warm(&edge, &[HOME, OTHER, ABROAD]).await;
    for none in ["hom", "home2", "home*", "*", "HOME", "home,all"] {
        let answer = post(&edge, &format!("/service/site/purge/{none}")).send().await;
        assert_eq!(counts(&answer), "IAD=0, LHR=0", "{none}");
    }
    assert_eq!(are_hits(&edge, &[HOME, OTHER, ABROAD]).await, [true; 3]);
    let answer = post(&edge, "/service/site/purge/home").send().await;
    assert_eq!(counts(&answer), "IAD=1, LHR=0");
    assert_eq!(are_hits(&edge, &[HOME, OTHER, ABROAD]).await, [false, true, true]);
    let answer = post(&edge, "/service/site/purge/all").send().await;
    assert_eq!(counts(&answer), "IAD=2, LHR=0");
    assert_eq!(are_hits(&edge, &[HOME, OTHER, ABROAD]).await, [false, false, true]);
}

#[tokio::test]
async fn many_keys_count_an_object_once() {
    let edge = edge().await;
    warm(&edge, &[HOME, OTHER, ABROAD]).await;
    let ask = post(&edge, "/service/site/purge").header("surrogate-key", "home all home none");
    let answer = ask.send().await;
    assert_eq!(counts(&answer), "IAD=2, LHR=0");
    assert_eq!(answer.header("fastly-surrogate-key-count"), "3");
    assert_eq!(are_hits(&edge, &[HOME, OTHER, ABROAD]).await, [false, false, true]);
}

#[tokio::test]
async fn everything_goes_of_one_service_also_with_the_header_for_soft() {
    let edge = edge().await;
    for _ in 0..2 {
        warm(&edge, &[HOME, OTHER, ABROAD]).await;
        let ask = post(&edge, "/service/site/purge_all").header("fastly-soft-purge", "1");
        let answer = ask.send().await;
        assert_eq!(counts(&answer), "IAD=2, LHR=0");
        assert_eq!(answer.text(), r#"{"status":"ok"}"#);
        let verdict = edge.get(HOME).await.hop("site").verdict;
        assert_eq!(verdict, Verdict::Miss(MissReason::UriMiss));
        assert_eq!(are_hits(&edge, &[OTHER, ABROAD]).await, [false, true]);
    }
}

#[tokio::test]
async fn every_pop_is_purged_and_counted() {
    let edge = edge().await;
    for purge in ["/purge/site.localhost/", "/service/site/purge/home", "/service/site/purge_all"] {
        for pop in ["IAD", "LHR"] {
            edge.request(Method::GET, HOME).at(pop).send().await;
        }
        edge.request(Method::GET, ABROAD).at("LHR").send().await;
        let answer = post(&edge, purge).send().await;
        assert_eq!(counts(&answer), "IAD=1, LHR=1", "{purge}");
        for pop in ["IAD", "LHR"] {
            let verdict = edge.request(Method::GET, HOME).at(pop).send().await.hop("site").verdict;
            assert_eq!(verdict, Verdict::Miss(MissReason::UriMiss), "{purge} {pop}");
        }
        assert_eq!(counts(&post(&edge, "/service/site/purge_all").send().await), "IAD=1, LHR=1");
    }
}

#[tokio::test]
async fn what_is_stale_already_goes_too() {
    for (profile, service) in [("rfc", "site"), ("fastly", "fastly")] {
        let edge = edge().await;
        let reply = ok("x").header("cache-control", "max-age=60, stale-while-revalidate=600");
        let _ =
            edge.origin(service, "origin").on("/stale").reply(reply.header("surrogate-key", "s"));
        let url = format!("http://{service}.localhost/stale");
        for purge in [
            format!("/purge/{service}.localhost/stale"),
            format!("/service/{service}/purge/s"),
            format!("/service/{service}/purge_all"),
        ] {
            warm(&edge, &[&url]).await;
            edge.advance(Duration::from_secs(61)).await;
            assert_eq!(counts(&post(&edge, &purge).send().await), "IAD=1, LHR=0", "{profile}");
            let verdict = edge.get(&url).await.hop(service).verdict;
            assert_eq!(verdict, Verdict::Miss(MissReason::UriMiss), "{profile} {purge}");
        }
    }
}

const KEYED: &str = r#"
manifest_version = 1
name = "keyed"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
[[services.site.rules]]
when = { path = "/list", header = { x-bare = true } }
then.key = { ignore_query = true }
[[services.site.rules]]
when = { path = "/list" }
then.key = { sort_query = true, add_headers = ["x-device"] }
"#;

async fn keyed() -> Edge {
    let edge = Edge::from_toml(KEYED).admin_token(TOKEN).start().await;
    let reply = ok("x").max_age(60).header("vary", "x-variant");
    let _ = edge.origin("site", "origin").on("/list").reply(reply);
    edge
}

#[tokio::test]
async fn a_url_goes_with_all_variants_and_whatever_rules_made_of_it() {
    let edge = keyed().await;
    let ask = |query: &str, name: &str| {
        let url = format!("http://site.localhost/list{query}");
        edge.request(Method::GET, &url).header(name, "1").send()
    };
    let forms = [
        ("?a=1&b=2", "x-variant"),
        ("?b=2&a=1", "x-other"),
        ("?a=1&b=2", "x-device"),
        ("?c=3", "x-bare"),
    ];
    for (query, name) in forms {
        assert!(matches!(ask(query, name).await.hop("site").verdict, Verdict::Miss(_)));
    }
    ask("?a=2&b=2", "x-variant").await;
    let answer = post(&edge, "/purge/site.localhost/list?a=1&b=2").send().await;
    assert_eq!(counts(&answer), "LHR=4");
    for (query, name) in forms {
        let verdict = ask(query, name).await.hop("site").verdict;
        assert!(matches!(verdict, Verdict::Miss(_)), "{query} {name}");
    }
    assert_eq!(ask("?a=2&b=2", "x-variant").await.hop("site").verdict, Verdict::Hit);
}

#[tokio::test]
async fn a_url_is_purged_as_it_was_received() {
    let edge = edge().await;
    let urls = ["http://site.localhost/a%2Fb?x=%20", "http://site.localhost//a"];
    for path in ["/a%2Fb", "//a", "/a/b"] {
        let _ = edge.origin("site", "origin").on(path).reply(ok("x").max_age(60));
    }
    warm(&edge, &urls).await;
    let purge = |path: &'static str| {
        let ask = post(&edge, path);
        async move { counts(&ask.send().await) }
    };
    assert_eq!(purge("/purge/site.localhost/a/b?x=%20").await, "IAD=0, LHR=0");
    assert_eq!(purge("/purge/site.localhost/a%2Fb").await, "IAD=0, LHR=0");
    assert_eq!(purge("/purge/site.localhost/a%2Fb?x=%20").await, "IAD=1, LHR=0");
    assert_eq!(purge("/purge/site.localhost//a").await, "IAD=1, LHR=0");
    assert_eq!(are_hits(&edge, &urls).await, [false, false]);
    // As one segment, the way of generated clients: escapes are escaped once more.
    assert_eq!(purge("/purge/site.localhost%2Fa%252Fb%3Fx=%2520").await, "IAD=1, LHR=0");
}

#[tokio::test]
async fn the_ports_of_the_edge_are_one_place() {
    let edge = edge().await;
    for purge in
        ["/purge/site.localhost", "/purge/Site.localhost:443/", "/purge/site.localhost%3A80/"]
    {
        warm(&edge, &[HOME]).await;
        let ports = ["http://site.localhost:80/", "http://SITE.localhost:443/"];
        assert_eq!(are_hits(&edge, &ports).await, [true, true]);
        assert_eq!(counts(&post(&edge, purge).send().await), "IAD=1, LHR=0", "{purge}");
    }
}

#[tokio::test]
async fn a_purge_of_nothing_says_so() {
    let edge = edge().await;
    for path in
        ["/purge/site.localhost/never", "/service/site/purge/home", "/service/site/purge_all"]
    {
        assert_eq!(counts(&post(&edge, path).send().await), "IAD=0, LHR=0", "{path}");
    }
    warm(&edge, &[HOME]).await;
    for expected in ["IAD=1, LHR=0", "IAD=0, LHR=0"] {
        assert_eq!(counts(&post(&edge, "/service/site/purge/home").send().await), expected);
    }
    assert_eq!(counts(&post(&edge, "/service/site/purge_all").send().await), "IAD=0, LHR=0");
}
