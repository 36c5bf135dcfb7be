//! Validation, staleness, conditions and ranges, through the whole pipeline. The rules themselves
//! are tested in `selvedge-cache`.

use std::time::Duration;

use selvedge_testkit::{
    Edge, Fault, Method, MissReason, Reply, StalePermission, Verdict, ok, status,
};

const MANIFEST: &str = r#"
manifest_version = 1
name = "validation"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
[services.front]
type = "delivery"
domains = ["front.localhost"]
backends.site = { service = "site" }
[[services.front.rules]]
when = { path = "/**" }
then = { pass = true }
[services.ruled]
type = "delivery"
domains = ["ruled.localhost"]
backends.origin = { url = "http://origin.example" }
[[services.ruled.rules]]
when = { path = "/keyed" }
then = { key = { ignore_query = ["utm_*"], sort_query = true } }
[[services.ruled.rules]]
when = { status = ["5xx"] }
then = { ttl = "10s" }
"#;

const URL: &str = "http://site.localhost/";

async fn edge(replies: impl IntoIterator<Item = Reply>) -> Edge {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let script = edge.origin("site", "origin").on("/");
    replies.into_iter().fold(script, |script, reply| script.reply(reply));
    edge
}

fn tagged(body: &'static str) -> Reply {
    ok(body).max_age(60).header("etag", "\"1\"")
}

fn not_modified() -> Reply {
    status(304).max_age(60).header("etag", "\"1\"").header("x-new", "yes")
}

async fn later(edge: &Edge, seconds: u64) {
    edge.advance(Duration::from_secs(seconds)).await;
}

#[tokio::test]
async fn a_304_renews_what_is_stored() {
    let edge = edge([tagged("body"), not_modified()]).await;
    edge.get(URL).await;
    later(&edge, 61).await;
    let answer = edge.get(URL).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "body"));
    assert_eq!(answer.header("x-new"), "yes");
    assert_eq!(answer.hop("site").verdict, Verdict::Miss(MissReason::Stale));
    assert!(answer.header("cache-status").contains("fwd=stale; fwd-status=304"), "{answer:?}");
    assert_eq!(edge.origin("site", "origin").arrived()[1].headers["if-none-match"], "\"1\"");
    later(&edge, 59).await;
    let answer = edge.get(URL).await;
    assert_eq!((answer.hop("site").verdict, answer.header("age").as_str()), (Verdict::Hit, "59"));
}

#[tokio::test]
async fn a_304_about_something_else_is_asked_again() {
    let other = status(304).header("etag", "\"2\"");
    let edge = edge([tagged("old"), other, tagged("new")]).await;
    edge.get(URL).await;
    later(&edge, 61).await;
    let answer = edge.get(URL).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "new"));
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!(arrived.len(), 3);
    assert!(!arrived[2].headers.contains_key("if-none-match"));
}

#[tokio::test]
async fn the_clients_own_conditions_are_answered_from_the_shelf() {
    let edge = edge([tagged("body"), not_modified()]).await;
    edge.get(URL).await;
    for (tag, expected) in [("\"1\"", 304), ("W/\"1\"", 304), ("*", 304), ("\"2\"", 200)] {
        let answer = edge.request(Method::GET, URL).header("if-none-match", tag).send().await;
        assert_eq!(answer.status.as_u16(), expected, "{tag}");
        assert_eq!(answer.hop("site").verdict, Verdict::Hit);
    }
    later(&edge, 61).await;
    let answer = edge.request(Method::GET, URL).header("if-none-match", "\"2\"").send().await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "body"));
}

#[tokio::test]
async fn ranges_are_cut_from_what_is_stored() {
    let edge = edge([tagged("0123456789")]).await;
    edge.get(URL).await;
    for (range, code, body) in [
        ("bytes=2-4", 206, "234"),
        ("bytes=-3", 206, "789"),
        ("bytes=8-99", 206, "89"),
        ("bytes=20-", 416, ""),
        ("lines=1-2", 200, "0123456789"),
    ] {
        let answer = edge.request(Method::GET, URL).header("range", range).send().await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (code, body), "{range}");
    }
    let several = edge.request(Method::GET, URL).header("range", "bytes=0-1,4-5").send().await;
    assert_eq!(several.status.as_u16(), 206);
    assert!(several.header("content-type").starts_with("multipart/byteranges; boundary="));
    assert_eq!(several.header("content-length"), several.body.len().to_string());
    assert_eq!(edge.origin("site", "origin").count(), 1);
}

#[tokio::test]
async fn parts_are_stored_and_put_together() {
    let part = |range: &str, body: &'static str| {
        status(206).body(body).max_age(60).header("etag", "\"1\"").header("content-range", range)
    };
    let edge = edge([part("bytes 0-4/10", "01234"), part("bytes 5-9/10", "56789")]).await;
    let ask =
        async |range: &str| edge.request(Method::GET, URL).header("range", range).send().await;
    assert_eq!(ask("bytes=0-4").await.text(), "01234");
    let inside = ask("bytes=1-2").await;
    assert_eq!((inside.status.as_u16(), inside.text().as_str()), (206, "12"));
    assert_eq!(inside.hop("site").verdict, Verdict::Hit);
    assert_eq!(ask("bytes=5-9").await.text(), "56789");
    let whole = edge.get(URL).await;
    assert_eq!((whole.status.as_u16(), whole.text().as_str()), (200, "0123456789"));
    assert_eq!(whole.hop("site").verdict, Verdict::Hit);
}

#[tokio::test]
async fn stale_while_revalidate_serves_at_once_and_refreshes_behind() {
    let reply = |body: &'static str| {
        ok(body).header("cache-control", "max-age=60, stale-while-revalidate=30")
    };
    let edge = edge([reply("old"), reply("new")]).await;
    edge.get(URL).await;
    edge.advance(Duration::from_secs(61)).await;
    for _ in 0..3 {
        let answer = edge.get(URL).await;
        assert_eq!(answer.hop("site").verdict, Verdict::Stale(StalePermission::WhileRevalidate));
        assert_eq!((answer.text().as_str(), answer.header("age").as_str()), ("old", "61"));
    }
    edge.settle().await;
    assert_eq!(edge.origin("site", "origin").count(), 2);
    let answer = edge.get(URL).await;
    assert_eq!((answer.hop("site").verdict, answer.text().as_str()), (Verdict::Hit, "new"));
}

#[tokio::test]
async fn a_failing_origin_is_covered_where_that_is_allowed() {
    let allowed = || ok("old").header("cache-control", "max-age=60, stale-if-error=60");
    let forbidden = || ok("old").header("cache-control", "max-age=60, must-revalidate");
    let silent = || ok("old").max_age(60);
    for (first, then, expected) in [
        (allowed(), status(503), (200, Verdict::Stale(StalePermission::IfError))),
        (
            allowed(),
            status(200).fault(Fault::Reset),
            (200, Verdict::Stale(StalePermission::IfError)),
        ),
        (allowed(), status(404), (404, Verdict::Miss(MissReason::Stale))),
        (silent(), status(503), (503, Verdict::Miss(MissReason::Stale))),
        (
            silent(),
            status(200).fault(Fault::Refuse),
            (200, Verdict::Stale(StalePermission::Disconnected)),
        ),
        (forbidden(), status(200).fault(Fault::Refuse), (504, Verdict::Miss(MissReason::Stale))),
    ] {
        let edge = edge([first, then]).await;
        edge.get(URL).await;
        later(&edge, 61).await;
        let answer = edge.get(URL).await;
        assert_eq!((answer.status.as_u16(), answer.hop("site").verdict), expected);
    }
}

#[tokio::test]
async fn head_renews_or_outdates_what_get_stored() {
    for (tag, verdict) in [("\"1\"", Verdict::Hit), ("\"2\"", Verdict::Miss(MissReason::Stale))] {
        let head = status(200).max_age(60).header("etag", tag).header("content-length", "4");
        let edge = edge([tagged("body"), head, tagged("more")]).await;
        edge.get(URL).await;
        later(&edge, 61).await;
        edge.request(Method::HEAD, URL).send().await;
        assert_eq!(edge.get(URL).await.hop("site").verdict, verdict, "{tag}");
    }
}

#[tokio::test]
async fn conditions_that_are_the_origins_reach_it() {
    let edge = edge([tagged("body"), status(412)]).await;
    edge.get(URL).await;
    let answer = edge.request(Method::GET, URL).header("if-match", "\"9\"").send().await;
    assert_eq!(answer.status.as_u16(), 412);
    assert_eq!(edge.origin("site", "origin").arrived()[1].headers["if-match"], "\"9\"");
}

#[tokio::test]
async fn writes_take_away_what_they_name() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let origin = edge.origin("site", "origin");
    let _ = origin.on("/list").reply(ok("list").max_age(60));
    let _ = origin.on("/new").reply(status(201).header("location", "/list"));
    edge.get("http://site.localhost/list").await;
    edge.request(Method::POST, "http://site.localhost/new").body("x").send().await;
    let answer = edge.get("http://site.localhost/list").await;
    assert_eq!(answer.hop("site").verdict, Verdict::Miss(MissReason::UriMiss));
}

#[tokio::test]
async fn rules_change_keys_and_judge_responses() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let origin = edge.origin("ruled", "origin");
    let _ = origin.on("/keyed").reply(ok("x").max_age(60));
    let _ = origin.on("/broken").reply(status(503));
    let verdict = async |url: &str| edge.get(url).await.hop("ruled").verdict;
    verdict("http://ruled.localhost/keyed?a=1&b=2&utm_source=mail").await;
    assert_eq!(verdict("http://ruled.localhost/keyed?b=2&a=1").await, Verdict::Hit);
    assert!(!verdict("http://ruled.localhost/keyed?a=2&b=2").await.is_hit());
    assert_eq!(origin.arrived()[0].target, "/keyed?a=1&b=2&utm_source=mail");
    verdict("http://ruled.localhost/broken").await;
    assert_eq!(verdict("http://ruled.localhost/broken").await, Verdict::Hit);
}

#[tokio::test]
async fn a_read_with_a_body_is_passed() {
    let edge = edge([tagged("body")]).await;
    for _ in 0..2 {
        let answer = edge.request(Method::GET, URL).body("question").send().await;
        assert!(answer.header("cache-status").contains("fwd=bypass; detail=request-body"));
    }
    assert_eq!(edge.origin("site", "origin").count(), 2);
}

#[tokio::test]
async fn debug_headers_need_the_token() {
    let edge = Edge::from_toml(MANIFEST).admin_token("the token").start().await;
    let reply = tagged("body").header("surrogate-key", "k1 k2");
    let _ = edge.origin("site", "origin").on("/").reply(reply);
    let ask = async |key: &str| {
        let ask = edge.request(Method::GET, "http://front.localhost/").header("fastly-debug", "1");
        ask.header("fastly-key", key).send().await
    };
    let strangers = ask("a guess").await;
    assert_eq!(strangers.header("fastly-debug-path") + &strangers.header("surrogate-key"), "");
    let answer = ask("the token").await;
    let now = edge.now_ms() / 1000;
    assert_eq!(answer.header("surrogate-key"), "k1 k2");
    assert_eq!(
        answer.header("fastly-debug-path"),
        format!("(D cache-lhr1-LHR {now}) (D cache-lhr1-LHR {now}) (F cache-lhr1-LHR {now})")
    );
    assert_eq!(
        answer.header("fastly-debug-ttl"),
        "(M cache-lhr1-LHR - - -) (H cache-lhr1-LHR 60.000 0.000 0)"
    );
    assert_eq!(answer.header("fastly-debug-digest").len(), 64);
    let arrived = &edge.origin("site", "origin").arrived()[0].headers;
    assert!(!arrived.contains_key("fastly-key"));
    assert_eq!(answer.header("x-timer"), format!("S{now}.000000,VS0,VE0,VS0,VE0"));
}

#[tokio::test]
async fn a_stored_cookie_is_told() {
    let edge = edge([tagged("body").header("set-cookie", "a=1")]).await;
    let told = edge.get(URL).await.header("cache-status");
    assert!(told.contains("detail=set-cookie-stored"), "{told}");
}

#[tokio::test]
async fn what_turned_private_is_not_served_stale() {
    let allowed = ok("old").header("cache-control", "max-age=60, stale-while-revalidate=600");
    let private = ok("mine").header("cache-control", "private");
    let edge = edge([allowed, private]).await;
    edge.get(URL).await;
    later(&edge, 61).await;
    assert_eq!(edge.get(URL).await.text(), "old");
    edge.settle().await;
    let answer = edge.get(URL).await;
    assert_eq!((answer.text().as_str(), answer.hop("site").verdict.is_hit()), ("mine", false));
}

#[tokio::test]
async fn requests_without_a_host_are_known_by_their_backend() {
    use selvedge::{
        Binding, Ctx,
        model::need::{Need, NeedKind},
    };
    let manifest = r#"
manifest_version = 1
name = "two"
[pops.LHR]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
backends.a = { url = "http://a.example" }
backends.b = { url = "http://b.example" }
"#;
    struct To<const B: bool>(std::sync::Arc<dyn selvedge::Host>);
    impl<const B: bool> Binding for To<B> {
        const NEED: Need =
            Need { kind: NeedKind::Backend { chain_auth: None }, name: if B { "b" } else { "a" } };
        fn bind(ctx: &Ctx) -> selvedge::Result<Self> {
            Ok(Self(ctx.host().clone()))
        }
    }
    let site = selvedge::Service::new("site", axum::Router::new(), vec![]);
    let edge = Edge::from_toml(manifest).service(site).start().await;
    for name in ["a", "b"] {
        let _ = edge.origin("site", name).on("/").reply(ok(name).max_age(60));
    }
    let (a, b): (To<false>, To<true>) = (edge.bind("site"), edge.bind("site"));
    for (host, name) in [(&a.0, "a"), (&b.0, "b"), (&a.0, "a")] {
        let response = host.send(name, selvedge::Request::default()).await.unwrap();
        let body = selvedge::BodyExt::bytes(response.into_body(), 10).await.unwrap();
        assert_eq!(body, name);
    }
}
