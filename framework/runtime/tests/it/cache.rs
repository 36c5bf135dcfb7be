//! The cache in the pipeline: what is looked up, stored, passed and forgotten.

use std::time::Duration;

use selvedge_testkit::{Edge, Fault, Method, MissReason, NoStore, PassReason, Verdict, ok, status};

const MANIFEST: &str = r#"
manifest_version = 1
name = "cache"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example", override_host = "inner.example" }
[[services.site.rules]]
when = { path = "/account/**" }
then = { pass = true }
[[services.site.rules]]
when = { path = "/pages/**", method = ["GET", "HEAD"] }
then = { ttl = "5m" }
[services.off]
type = "delivery"
cache = "off"
domains = ["off.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

async fn edge() -> Edge {
    Edge::from_toml(MANIFEST).start().await
}

async fn verdict(edge: &Edge, path: &str) -> Verdict {
    edge.get(&format!("http://site.localhost{path}")).await.hop("site").verdict
}

#[tokio::test]
async fn an_object_is_fresh_until_its_lifetime_is_over() {
    let edge = edge().await;
    edge.origin("site", "origin").on("/").reply(ok("a").max_age(60)).reply(ok("b").max_age(60));
    assert_eq!(verdict(&edge, "/").await, Verdict::Miss(MissReason::UriMiss));
    edge.advance(Duration::from_millis(59_999)).await;
    let answer = edge.get("http://site.localhost/").await;
    assert_eq!((answer.hop("site").verdict, answer.text().as_str()), (Verdict::Hit, "a"));
    assert_eq!(answer.header("age"), "59");
    edge.advance(Duration::from_millis(1)).await;
    let answer = edge.get("http://site.localhost/").await;
    assert_eq!(answer.hop("site").verdict, Verdict::Miss(MissReason::Stale));
    assert_eq!(answer.text(), "b");
}

#[tokio::test]
async fn rules_pass_and_set_a_time_to_live() {
    let edge = edge().await;
    let origin = edge.origin("site", "origin");
    for path in ["/account/me", "/account", "/pages/x"] {
        let _ = origin.on(path).reply(ok("x").max_age(60));
    }
    for path in ["/account/me", "/account", "/%61ccount/me", "/x/../account/me", "//account/me"] {
        let expected = Verdict::Pass(PassReason::Requested);
        assert_eq!(verdict(&edge, path).await, expected, "{path}");
    }
    verdict(&edge, "/pages/x").await;
    edge.advance(Duration::from_secs(299)).await;
    assert_eq!(verdict(&edge, "/pages/x").await, Verdict::Hit);
    edge.advance(Duration::from_secs(1)).await;
    assert_eq!(verdict(&edge, "/pages/x").await, Verdict::Miss(MissReason::Stale));
}

#[tokio::test]
async fn the_path_is_forwarded_as_it_was_received() {
    let edge = edge().await;
    edge.get("http://site.localhost/x/%2e%2e/%61ccount//me?a=1&a=2").await;
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!(arrived[0].target, "/x/%2e%2e/%61ccount//me?a=1&a=2");
    assert_eq!(arrived[0].headers["host"], "inner.example");
}

#[tokio::test]
async fn a_service_without_a_cache_neither_looks_up_nor_stores() {
    let edge = edge().await;
    edge.origin("off", "origin").on("/").reply(ok("x").max_age(60));
    for _ in 0..2 {
        let answer = edge.get("http://off.localhost/").await;
        assert_eq!(answer.hop("off").verdict, Verdict::Pass(PassReason::CacheOff));
    }
    assert_eq!(edge.origin("off", "origin").count(), 2);
}

#[tokio::test]
async fn services_do_not_see_each_others_objects() {
    let manifest = MANIFEST.replace("cache = \"off\"\n", "");
    let edge = Edge::from_toml(&manifest).start().await;
    for service in ["site", "off"] {
        edge.origin(service, "origin").on("/").reply(ok(service).max_age(60));
    }
    for service in ["site", "off", "site", "off"] {
        assert_eq!(edge.get(&format!("http://{service}.localhost/")).await.text(), service);
    }
}

#[tokio::test]
async fn head_reads_what_get_stored() {
    let edge = edge().await;
    edge.origin("site", "origin").on("/").reply(ok("four").max_age(60));
    edge.get("http://site.localhost/").await;
    let head = http::Request::head("http://site.localhost/").body(selvedge::Body::empty()).unwrap();
    let answer = edge.send(head).await;
    assert_eq!(answer.hop("site").verdict, Verdict::Hit);
    assert_eq!((answer.header("content-length").as_str(), answer.body.len()), ("4", 0));
}

#[tokio::test]
async fn a_write_takes_the_object_away_and_a_failed_one_does_not() {
    let edge = edge().await;
    let origin = edge.origin("site", "origin");
    let _ = origin.on("/").reply(ok("1").max_age(60)).reply(status(500)).reply(status(204));
    verdict(&edge, "/").await;
    edge.request(Method::PUT, "http://site.localhost/").body("new").send().await;
    assert_eq!(verdict(&edge, "/").await, Verdict::Hit);
    edge.request(Method::PUT, "http://site.localhost/").body("new").send().await;
    assert_eq!(verdict(&edge, "/").await, Verdict::Miss(MissReason::UriMiss));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_delivered_broken_and_never_served_as_the_whole() {
    let edge = edge().await;
    let chunks = || ["one".into(), "two".into()];
    let cut = ok("").chunks(chunks()).max_age(60).fault(Fault::Truncate(1));
    let whole = ok("").chunks(chunks()).max_age(60);
    edge.origin("site", "origin").on("/").reply(cut).reply(whole);
    let answer = edge.get("http://site.localhost/").await;
    assert!(answer.broken);
    assert_eq!(answer.text(), "one");
    let answer = edge.get("http://site.localhost/").await;
    assert_eq!(answer.hop("site").verdict, Verdict::Miss(MissReason::Partial));
    assert_eq!(answer.text(), "onetwo");
    assert_eq!(verdict(&edge, "/").await, Verdict::Hit);
}

#[tokio::test]
async fn a_client_that_leaves_early_stops_nothing() {
    let edge = edge().await;
    let chunks = ["one".into(), "two".into()];
    edge.origin("site", "origin").on("/").reply(ok("").chunks(chunks).max_age(60));
    let request =
        http::Request::get("http://site.localhost/").body(selvedge::Body::empty()).unwrap();
    drop(edge.open(request).await);
    let answer = edge.get("http://site.localhost/").await;
    assert_eq!((answer.hop("site").verdict, answer.text().as_str()), (Verdict::Hit, "onetwo"));
}

#[tokio::test]
async fn what_is_not_stored_says_why() {
    let edge = edge().await;
    let origin = edge.origin("site", "origin");
    let cases = [
        ("/no-store", ok("x").header("cache-control", "no-store"), NoStore::NoStoreDirective),
        ("/private", ok("x").header("cache-control", "private, max-age=9"), NoStore::Private),
        ("/nothing", ok("x"), NoStore::NoFreshness),
        ("/star", ok("x").max_age(60).header("vary", "*"), NoStore::VaryStar),
        ("/large", ok(vec![0; 9 << 20]).max_age(60), NoStore::TooLarge),
    ];
    for (path, reply, reason) in cases {
        let _ = origin.on(path).reply(reply);
        let answer = edge.get(&format!("http://site.localhost{path}")).await;
        assert_eq!(answer.hop("site").not_stored, Some(reason), "{path}");
        let told = format!("detail={}", reason.as_str());
        assert!(answer.header("cache-status").contains(&told), "{path}");
    }
}

#[tokio::test]
async fn variants_are_kept_side_by_side() {
    let edge = edge().await;
    let reply = |body: &'static str| ok(body).max_age(60).header("vary", "accept-language");
    edge.origin("site", "origin").on("/").reply(reply("hallo")).reply(reply("hello"));
    let ask = async |language: &str| {
        let request = http::Request::get("http://site.localhost/")
            .header("accept-language", language)
            .body(selvedge::Body::empty())
            .unwrap();
        let answer = edge.send(request).await;
        (answer.hop("site").verdict, answer.text())
    };
    assert_eq!(ask("de").await, (Verdict::Miss(MissReason::UriMiss), "hallo".to_owned()));
    assert_eq!(ask("en").await, (Verdict::Miss(MissReason::VaryMiss), "hello".to_owned()));
    assert_eq!(ask("de").await, (Verdict::Hit, "hallo".to_owned()));
    assert_eq!(ask("en").await, (Verdict::Hit, "hello".to_owned()));
}

#[tokio::test]
async fn surrogate_headers_decide_and_stay_inside() {
    let edge = edge().await;
    let reply = ok("x").header("surrogate-control", "max-age=60").header("surrogate-key", "k");
    edge.origin("site", "origin").on("/").reply(reply.header("cache-control", "no-store"));
    let first = edge.get("http://site.localhost/").await;
    let second = edge.get("http://site.localhost/").await;
    assert_eq!(second.hop("site").verdict, Verdict::Hit);
    for answer in [first, second] {
        assert_eq!(answer.header("surrogate-control") + &answer.header("surrogate-key"), "");
    }
}

#[tokio::test]
async fn a_variant_is_what_the_origin_was_asked_for() {
    let edge = edge().await;
    let reply = |body: &'static str| ok(body).max_age(60).header("vary", "accept-language");
    edge.origin("site", "origin").on("/").reply(reply("default")).reply(reply("hallo"));
    let ask =
        || edge.request(Method::GET, "http://site.localhost/").header("accept-language", "de");
    ask().header("connection", "accept-language").send().await;
    assert_eq!(ask().send().await.text(), "hallo");
}

#[tokio::test]
async fn one_failure_under_a_rules_ttl_is_not_everybodys_answer() {
    for code in [400, 403, 413, 414, 429, 431, 500, 503] {
        let edge = edge().await;
        let page = ok("recovered");
        edge.origin("site", "origin").on("/pages/x").reply(status(code)).reply(page);
        let url = "http://site.localhost/pages/x";
        assert_eq!(edge.get(url).await.status.as_u16(), code);
        assert_eq!(edge.get(url).await.text(), "recovered", "{code}");
        assert_eq!(edge.get(url).await.hop("site").verdict, Verdict::Hit);
    }
}

#[tokio::test]
async fn an_unknown_transfer_coding_alone_changes_nothing_and_is_not_kept() {
    let edge = edge().await;
    for coding in ["chunked", "identity, chunked", "foo"] {
        let path = format!("/{}", coding.len());
        let reply = ok("bytes").max_age(60).header("transfer-encoding", coding);
        let _ = edge.origin("site", "origin").on(&path).reply(reply);
        for _ in 0..2 {
            let answer = edge.get(&format!("http://site.localhost{path}")).await;
            assert_eq!(answer.text(), "bytes");
            assert_eq!(answer.header("transfer-encoding"), "");
        }
        let arrived = edge.origin("site", "origin").arrived();
        assert_eq!(arrived.iter().filter(|one| one.target == path).count(), 1, "{coding}");
    }
}

#[tokio::test]
async fn a_transfer_coding_that_nobody_asked_for_is_a_502() {
    let edge = edge().await;
    for coding in ["gzip, chunked", "gzip", "foo, chunked", "chunked, chunked"] {
        let path = format!("/{}", coding.len());
        let reply = ok("bytes").max_age(60).header("transfer-encoding", coding);
        let _ = edge.origin("site", "origin").on(&path).reply(reply);
        let url = format!("http://site.localhost{path}");
        let answer = edge.get(&url).await;
        assert_eq!(answer.status.as_u16(), 502, "{coding}");
        assert_eq!(answer.header("error-reason"), "invalid response");
    }
    // There is nothing to be read in the answer to a HEAD.
    let reply = status(200).header("transfer-encoding", "gzip, chunked");
    let _ = edge.origin("site", "origin").on("/head").reply(reply);
    let answer = edge.request(Method::HEAD, "http://site.localhost/head").send().await;
    assert_eq!(answer.status.as_u16(), 200);
}

#[tokio::test]
async fn a_length_that_is_said_twice_is_said_once() {
    let edge = edge().await;
    for (number, (said, told)) in
        [("5, 5", "5"), ("05", "5"), ("5,6", ""), ("+5", "")].into_iter().enumerate()
    {
        let path = format!("/{number}");
        let reply = ok("hello").max_age(60).header("content-length", said);
        let _ = edge.origin("site", "origin").on(&path).reply(reply);
        let url = format!("http://site.localhost{path}");
        let answer = edge.get(&url).await;
        assert_eq!(
            (answer.text().as_str(), answer.header("content-length").as_str()),
            ("hello", told)
        );
        assert_eq!(
            edge.get(&url).await.header("content-length"),
            "5",
            "{said}: it is known by then"
        );
    }
}

fn request(host: &str, method: Method, lines: &[(&str, &str)]) -> selvedge::Request {
    let mut request = http::Request::builder().method(method).uri("/").header("host", host);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    request.body(selvedge::Body::empty()).unwrap()
}

#[tokio::test]
async fn what_lies_on_the_shelf_is_answered_at_once() {
    let edge = edge().await;
    let origin = edge.origin("site", "origin");
    let _ = origin.on("/").reply(ok("a").max_age(60).header("etag", "\"e\""));
    let ask = |method, lines: &[_]| edge.at_once(request("site.localhost", method, lines));
    assert!(ask(Method::GET, &[]).is_none(), "it is not here yet");
    assert_eq!(origin.count(), 0, "what was dropped had not begun");
    assert_eq!(verdict(&edge, "/").await, Verdict::Miss(MissReason::UriMiss));
    let head = |response: selvedge::Response| {
        let cache = response.headers()["x-cache"].to_str().unwrap().to_owned();
        (response.status().as_u16(), cache)
    };
    let hit = |status| Some((status, "HIT".to_owned()));
    assert_eq!(ask(Method::GET, &[]).map(head), hit(200));
    assert_eq!(ask(Method::HEAD, &[]).map(head), hit(200));
    assert_eq!(ask(Method::GET, &[("if-none-match", "\"e\"")]).map(head), hit(304));
    assert_eq!(ask(Method::GET, &[("range", "bytes=0-0")]).map(head), hit(206));
    assert!(ask(Method::POST, &[]).is_none(), "it is for the origin");
    let unknown = edge.at_once(request("nobody.localhost", Method::GET, &[]));
    assert_eq!(unknown.map(|response| response.status().as_u16()), Some(421));
}
