//! Refusals as a client sees them: a name, whose fault, and nothing from inside.

use selvedge_testkit::{Edge, Fault, Method, ok, status};

const MANIFEST: &str = r#"
manifest_version = 1
name = "errors"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

#[tokio::test]
async fn an_unknown_host_is_named() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let answer = edge.get("http://nowhere.example/").await;
    assert_eq!(answer.status.as_u16(), 421);
    assert_eq!(answer.header("error-reason"), "unknown domain");
    assert!(answer.text().contains("`nowhere.example`"), "{}", answer.text());
    assert!(!answer.text().contains("site.localhost"), "{}", answer.text());

    let edge = Edge::from_toml(MANIFEST).dev().start().await;
    let text = edge.get("http://nowhere.example/").await.text();
    assert!(text.contains("site.localhost"), "{text}");
}

#[tokio::test]
async fn a_request_must_name_one_host() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let asks: [&[&str]; 9] = [
        &[],
        &["site.localhost", "site.localhost"],
        &["a b"],
        &["\""],
        &["evil@site.localhost"],
        &["site.localhost:abc"],
        &["site.localhost:99999"],
        &["site.localhost:+80"],
        &["site.localhost:-1"],
    ];
    for hosts in asks {
        let mut request = http::Request::get("/");
        for host in hosts {
            request = request.header("host", *host);
        }
        let answer = edge.send(request.body(selvedge::Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 400, "{hosts:?}");
        assert_eq!(answer.header("error-reason"), "no host", "{hosts:?}");
    }
}

/// A port may be empty (RFC 9110 section 4.2, RFC 3986 section 3.2.3). It is the host without one, to the cache and beyond.
#[tokio::test]
async fn a_host_may_have_a_colon_and_no_port() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").on("/").reply(ok("hello").max_age(60));
    for (number, host) in
        ["site.localhost:", "SITE.localhost.:", "site.localhost"].into_iter().enumerate()
    {
        let request = http::Request::get("/").header("host", host);
        let answer = edge.send(request.body(selvedge::Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 200, "{host}");
        assert_eq!(answer.hop("site").verdict.is_hit(), number > 0, "{host}");
    }
    let sent = &edge.origin("site", "origin").arrived()[0].headers["host"];
    assert_eq!(sent, "site.localhost");
    assert_eq!(edge.get("http://site.localhost:/").await.status.as_u16(), 200);
    for host in [":", ".:", "evil.localhost:"] {
        let request = http::Request::get("/").header("host", host);
        let answer = edge.send(request.body(selvedge::Body::empty()).unwrap()).await;
        assert!(answer.status.is_client_error(), "{host}");
    }
}

#[tokio::test]
async fn an_asterisk_is_a_target_of_options_only() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").on("*").reply(ok("options"));
    for (method, code) in [("GET", 400), ("POST", 400), ("PURGE", 400), ("OPTIONS", 200)] {
        let request =
            http::Request::builder().method(method).uri("*").header("host", "site.localhost");
        let answer = edge.send(request.body(selvedge::Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), code, "{method}");
    }
}

#[tokio::test]
async fn a_dead_origin_has_a_name_and_a_page_without_internals() {
    let cases = [
        (Fault::Refuse, 502, "connection refused"),
        (Fault::Reset, 502, "connection terminated"),
        (Fault::Timeout, 504, "first byte timeout"),
    ];
    for (fault, code, reason) in cases {
        let edge = Edge::from_toml(MANIFEST).start().await;
        edge.origin("site", "origin").on("/").reply(status(200).fault(fault));
        let answer = edge.get("http://site.localhost/").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("error-reason").as_str()),
            (code, reason)
        );
        let text = answer.text();
        assert!(text.contains("request id: 00000000"), "{text}");
        assert!(!text.contains("scripted") && !text.contains("origin.example"), "{text}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn hop_by_hop_fields_stop_here() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let reply = ok("x").header("connection", "x-inner").header("x-inner", "1");
    edge.origin("site", "origin").on("/").reply(reply);
    let request = http::Request::get("http://site.localhost/")
        .header("connection", "x-mine, close")
        .header("x-mine", "1")
        .header("proxy-authorization", "secret")
        .header("via", "1.0 before")
        .body(selvedge::Body::empty())
        .unwrap();
    let answer = edge.send(request).await;
    assert_eq!(answer.header("x-inner") + &answer.header("connection"), "");
    let arrived = &edge.origin("site", "origin").arrived()[0].headers;
    for name in ["x-mine", "connection", "proxy-authorization"] {
        assert!(!arrived.contains_key(name), "{name}");
    }
    let via: Vec<_> = arrived.get_all("via").iter().collect();
    assert_eq!(via, ["1.0 before", "1.1 selvedge"]);
    assert_eq!(arrived["fastly-client-ip"], "127.0.0.1");
}

#[tokio::test]
async fn a_panic_is_a_500_and_the_edge_lives() {
    let manifest =
        MANIFEST.replace("type = \"delivery\"", "type = \"compute\"\nhandler = \"site\"");
    let router = axum::Router::new()
        .route("/panics", axum::routing::get(async || -> String { panic!("a secret thought") }))
        .fallback(async || "alive");
    let site = selvedge::Service::new("site", router, vec![]);
    let edge = Edge::from_toml(&manifest).service(site).start().await;
    let answer = edge.get("http://site.localhost/panics").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("error-reason").as_str()),
        (500, "handler panicked")
    );
    assert!(!answer.text().contains("thought"), "{}", answer.text());
    assert!(answer.hop("site").refused.as_ref().unwrap().1.contains("a secret thought"));
    assert_eq!(edge.get("http://site.localhost/").await.text(), "alive");
}

#[tokio::test]
async fn tunnels_are_refused() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let answer = edge.request(Method::CONNECT, "site.localhost:80").send().await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("error-reason").as_str()),
        (501, "tunnel refused")
    );
}

#[tokio::test]
async fn a_clients_connection_field_takes_nothing_that_we_vouch_for() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").otherwise().reply(ok("x"));
    let vouched = "fastly-client-ip, x-forwarded-for, x-forwarded-host, x-forwarded-proto";
    let ask = edge.request(Method::GET, "http://site.localhost/");
    ask.header("connection", vouched).send().await;
    let arrived = &edge.origin("site", "origin").arrived()[0].headers;
    for name in vouched.split(", ") {
        assert!(arrived.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn only_our_kinds_of_target_are_taken() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    for target in ["ftp://site.localhost/", "site.localhost:80"] {
        let answer = edge.request(Method::GET, target).send().await;
        assert_eq!(answer.header("error-reason"), "invalid target", "{target}");
    }
}

#[tokio::test]
async fn connection_takes_away_nothing_that_is_for_everybody() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").otherwise().reply(ok("x"));
    let loops = vec!["selvedge"; 20].join(", ");
    let ask = |name: &str| {
        let ask = edge.request(Method::GET, "http://site.localhost/").header("connection", name);
        ask.header("via", "1.0 before")
    };
    ask("host, via").send().await;
    let arrived = &edge.origin("site", "origin").arrived()[0].headers;
    assert_eq!(arrived["host"], "site.localhost");
    assert_eq!(arrived["x-forwarded-host"], "site.localhost");
    assert_eq!(arrived.get_all("via").iter().count(), 2);
    let looped = ask("cdn-loop").header("cdn-loop", &loops).send().await;
    assert_eq!(looped.header("error-reason"), "loop detected");
}

#[tokio::test]
async fn max_forwards_counts_down_and_ends_here() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").otherwise().reply(ok("x"));
    for (method, status, reason) in
        [(Method::OPTIONS, 200, ""), (Method::TRACE, 405, "trace refused")]
    {
        let ask = |steps: &str| {
            edge.request(method.clone(), "http://site.localhost/").header("max-forwards", steps)
        };
        let last = ask("0").send().await;
        assert_eq!((last.status.as_u16(), last.header("error-reason").as_str()), (status, reason));
        ask("5").send().await;
    }
    let arrived = edge.origin("site", "origin").arrived();
    assert_eq!(arrived.len(), 2);
    assert!(arrived.iter().all(|request| request.headers["max-forwards"] == "4"));
}

/// The connection undoes `chunked`; what is coded in another way beside it nobody could read (RFC 9112 section 6.1).
#[tokio::test]
async fn transfer_codings_beside_chunked_are_refused() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    edge.origin("site", "origin").otherwise().reply(ok("x"));
    let codings: [(&[&str], u16); 6] = [
        (&["chunked"], 200),
        (&["Chunked"], 200),
        (&["gzip, chunked"], 501),
        (&["gzip", "chunked"], 501),
        (&["chunked, chunked"], 501),
        (&["chunked", "chunked"], 501),
    ];
    for (lines, status) in codings {
        let ask = edge.request(Method::POST, "http://site.localhost/");
        let ask = lines.iter().fold(ask, |ask, line| ask.header("transfer-encoding", line));
        assert_eq!(ask.send().await.status.as_u16(), status, "{lines:?}");
    }
}

#[tokio::test]
async fn a_response_head_has_one_limit() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    for (length, status) in [(31_000, 200), (32_000, 502)] {
        let path = format!("/{length}");
        let long = ok("x").header("x-long", &"a".repeat(length));
        edge.origin("site", "origin").on(&path).reply(long);
        let answer = edge.get(&format!("http://site.localhost{path}")).await;
        assert_eq!(answer.status.as_u16(), status);
    }
}

/// A mistake of the origin's does not make public what it says is private.
#[tokio::test]
async fn connection_takes_no_rule_of_caching_away() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    for name in ["cdn-cache-control", "selvedge-cdn-cache-control", "surrogate-control"] {
        let path = format!("/{name}");
        let reply = ok("x").max_age(60).header(name, "no-store").header("connection", name);
        edge.origin("site", "origin").on(&path).reply(reply);
        let url = format!("http://site.localhost{path}");
        assert!(!edge.get(&url).await.hop("site").verdict.is_hit());
        assert!(!edge.get(&url).await.hop("site").verdict.is_hit(), "{name}");
    }
}
