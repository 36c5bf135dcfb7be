//! A director of choice `fallback` where a member takes no request: the next one gets it, as it was.

use http::Method;
use selvedge::Body;
use selvedge_testkit::{Edge, Fault, Gate, Roots, ok};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{asked, head};

const MANIFEST: &str = r#"
manifest_version = 1
name = "fallback"
[pops.LHR]
[config_stores.settings]
contents = { edge_auth_secret_id = "1" }
[secret_stores.keys]
items = [{ key = "1", data = "a secret of the test" }]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backend = "steady"
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
[services.site.backends]
one = { url = "http://ONE", max_connections = 1, chain_auth = { config = "config", secrets = "secrets" } }
two = { url = "http://TWO", chain_auth = { config = "config", secrets = "secrets" } }
inner = { service = "inner", chain_auth = { config = "config", secrets = "secrets" } }
[services.site.directors]
steady = { choice = "fallback", backends = ["one", "two"] }
inward = { choice = "fallback", backends = ["one", "inner"] }
[[services.site.rules]]
when.path = "/inward/**"
then = { backend = "inward", pass = true }
[[services.site.rules]]
then = { pass = true, request_headers = { append = { X-Rule = "once" } } }
[services.inner]
type = "delivery"
domains = ["inner.localhost"]
links = { config = { config_store = "settings" }, secrets = { secret_store = "keys" } }
require_chain_auth = { config = "config", secrets = "secrets" }
backends.origin.url = "http://origin.example"
"#;

const HOME: &str = "http://site.localhost/";

async fn scripted() -> Edge {
    let manifest = MANIFEST.replace("ONE", "one.example").replace("TWO", "two.example");
    let edge = Edge::from_toml(&manifest).start().await;
    let _ = edge.origin("site", "two").on("/").reply(ok("two"));
    let _ = edge.origin("inner", "origin").on("/inward/x").reply(ok("inner"));
    edge
}

#[tokio::test]
async fn a_member_that_refuses_connections_is_passed_over_by_name() {
    let edge = scripted().await;
    let _ = edge.origin("site", "one").on("/").reply(ok("").fault(Fault::Refuse));
    assert_eq!(head(&edge, HOME, &[]).await.text(), "two");
    let line = "director `steady` goes on from `one`: connection refused".to_owned();
    assert_eq!(edge.logs(), [("site".to_owned(), line)]);
    // What the first attempt added is not sent twice.
    let arrived = edge.origin("site", "two").arrived();
    let headers = &arrived[0].headers;
    for name in ["cdn-loop", "via", "edge-auth", "x-rule"] {
        assert_eq!(headers.get_all(name).iter().count(), 1, "{name}");
    }
}

/// The first attempt is signed for an origin, the second for the service that it enters.
#[tokio::test]
async fn each_attempt_is_signed_by_itself() {
    let edge = scripted().await;
    let _ = edge.origin("site", "one").on("/inward/x").reply(ok("").fault(Fault::Refuse));
    let answer = head(&edge, "http://site.localhost/inward/x", &[]).await;
    assert_eq!(answer.text(), "inner");
    let arrived = edge.origin("site", "one").arrived();
    let token = arrived[0].headers["edge-auth"].to_str().unwrap();
    assert!(token.starts_with("1,"), "{token}");
}

#[tokio::test]
async fn a_member_at_its_limit_is_passed_over() {
    let edge = scripted().await;
    let gate = Gate::closed();
    gate.allow(1);
    let _ = edge.origin("site", "one").on("/slow").reply(ok("slow").held(&gate));
    let _ = edge.origin("site", "one").on("/").reply(ok("one"));
    let slow = http::Request::get("http://site.localhost/slow").body(Body::empty()).unwrap();
    let slow = edge.open(slow).await;
    assert_eq!(head(&edge, HOME, &[]).await.text(), "two");
    assert!(edge.logs()[0].1.ends_with("`one`: connection limit"), "{:?}", edge.logs());
    drop(slow);
    assert_eq!(head(&edge, HOME, &[]).await.text(), "one");
}

#[tokio::test]
async fn what_may_have_reached_a_member_is_not_sent_to_another() {
    for fault in [Fault::Reset, Fault::Timeout] {
        let edge = scripted().await;
        let _ = edge.origin("site", "one").on("/").reply(ok("").fault(fault));
        assert!(head(&edge, HOME, &[]).await.status.is_server_error(), "{fault:?}");
        assert_eq!(edge.origin("site", "two").count(), 0, "{fault:?}");
    }
    // A scripted origin reads the body before it fails.
    let edge = scripted().await;
    let _ = edge.origin("site", "one").on("/").reply(ok("").fault(Fault::Refuse));
    let answer = edge.request(Method::POST, HOME).body("a body").send().await;
    assert_eq!(answer.header("error-reason"), "connection refused");
    assert_eq!(edge.origin("site", "two").count(), 0);
}

#[tokio::test]
async fn where_nobody_takes_it_the_last_one_says_why() {
    let edge = scripted().await;
    let _ = edge.origin("site", "one").on("/").reply(ok("").fault(Fault::Refuse));
    edge.origin("site", "two").forget();
    let _ = edge.origin("site", "two").on("/").reply(ok("").fault(Fault::Timeout));
    let answer = asked(&edge, Method::GET, HOME, &[]).await;
    assert_eq!(answer.header("error-reason"), "first byte timeout");
}

/// Over the network: nobody listens on port 1, so that not a byte of the body was read for the first attempt.
#[tokio::test]
async fn a_body_of_which_nothing_was_read_goes_to_the_next_member_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let two = listener.local_addr().unwrap().to_string();
    let manifest = MANIFEST.replace("ONE", "127.0.0.1:1").replace("TWO", &two);
    let edge = Edge::from_toml(&manifest).network(Roots::none()).start().await;
    let read = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = Vec::new();
        while !text.ends_with(b"a body") {
            assert!(stream.read_buf(&mut text).await.unwrap() > 0, "{}", text.escape_ascii());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
        String::from_utf8(text).unwrap()
    });
    let answer = edge.request(Method::POST, HOME).body("a body").send().await;
    assert_eq!(answer.text(), "ok");
    let sent = read.await.unwrap().to_ascii_lowercase();
    assert!(sent.contains("\r\ncontent-length: 6\r\n"), "{sent}");
}
