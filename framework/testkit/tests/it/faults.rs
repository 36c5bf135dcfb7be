//! What origins answer, and how they fail.

use bytes::Bytes;
use selvedge_testkit::{Edge, Fault, Gate, fails, ok, status};

use crate::{failure, shop::shop};

const URL: &str = "http://catalog.localhost/";

async fn edge() -> Edge {
    shop().start().await
}

#[tokio::test]
async fn replies_follow_each_other_and_the_last_one_stays() {
    let edge = edge().await;
    let origin = edge.origin("catalog", "origin");
    let private = |text: &'static str| ok(text).header("cache-control", "no-store");
    origin.on("/").reply(private("a")).then(private("b"));
    let ask = async || edge.get(URL).await.text();
    assert_eq!([ask().await, ask().await, ask().await], ["a", "b", "b"]);
    origin.on("/").reply(private("c"));
    assert_eq!([ask().await, ask().await], ["c", "c"]);
    origin.on("/").reply_with(move |arrived| private("made").header("x-saw", arrived.path()));
    assert_eq!(edge.get(URL).await.header("x-saw"), "/");
    assert_eq!((origin.count(), origin.count_of("/"), origin.count_of("/x")), (6, 6, 0));
}

#[tokio::test]
async fn of_several_targets_the_one_that_says_most_answers() {
    let edge = edge().await;
    let origin = edge.origin("catalog", "origin");
    origin.on("GET /a?x=1").reply(ok("method and query"));
    origin.on("/a?x=1").reply(ok("query"));
    origin.on("GET /a").reply(ok("method"));
    origin.on("/a").reply(ok("path"));
    origin.otherwise().reply(ok("anything"));
    for (line, text) in [
        ("GET http://catalog.localhost/a?x=1", "method and query"),
        ("POST http://catalog.localhost/a?x=1", "query"),
        ("GET http://catalog.localhost/a?x=2", "method"),
        ("POST http://catalog.localhost/a", "path"),
        ("GET http://catalog.localhost/b", "anything"),
    ] {
        assert_eq!(edge.ask(line).await.text(), text, "{line}");
    }
    origin.forget();
    origin.otherwise().reply(ok("forgotten"));
    assert_eq!(edge.ask("POST http://catalog.localhost/a").await.text(), "forgotten");
}

#[tokio::test]
async fn a_request_that_no_reply_is_for_fails_the_test() {
    let text = failure(async {
        let edge = edge().await;
        edge.origin("catalog", "origin").on("GET /users/1").reply(ok("x"));
        edge.get("http://catalog.localhost/users/2?full").await;
    });
    let text = text.await;
    let start = "`GET /users/2?full` reached the origin `origin` of service `catalog`, which has no reply for \
                 it; it has replies for `GET /users/1`\n  hint: `edge.origin(\"catalog\", \"origin\")\
                 .on(\"/users/2\").reply(..)`\n  asked at ";
    assert!(text.starts_with(start) && text.contains("faults.rs:"), "{text}");
}

#[tokio::test]
async fn a_lenient_edge_answers_404() {
    let edge = shop().lenient().start().await;
    assert_eq!(edge.get(URL).await.status, 404);
    let origin = edge.origin("catalog", "origin");
    origin.on("/").reply(ok("x"));
    let text = failure(async move { origin.assert_count(2) }).await;
    assert_eq!(text, "1 requests reached the origin `origin` of service `catalog`, not 2: `GET /`");
}

#[tokio::test]
async fn each_failure_before_a_head_has_its_name() {
    for (fault, code, reason) in [
        (Fault::Dns, 502, "dns error"),
        (Fault::Refuse, 502, "connection refused"),
        (Fault::ConnectTimeout, 504, "connect timeout"),
        (Fault::Tls, 502, "tls error"),
        (Fault::Reset, 502, "connection terminated"),
        (Fault::Timeout, 504, "first byte timeout"),
        (Fault::Garbage, 502, "invalid response"),
    ] {
        let edge = edge().await;
        edge.origin("catalog", "origin").on("/").reply(fails(fault)).then(ok("again"));
        let answer = edge.get(URL).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("error-reason").as_str()),
            (code, reason)
        );
        assert_eq!(answer.refusal().unwrap().0.reason(), reason);
        assert_eq!(edge.get(URL).await.text(), "again");
    }
}

#[tokio::test]
async fn a_body_breaks_off_where_the_script_says() {
    for (fault, chunked, body) in [
        (Fault::ResetAfterHead, false, ""),
        (Fault::ResetAfterHead, true, ""),
        (Fault::TruncateAt(3), false, "abc"),
        (Fault::TruncateAt(3), true, "abc"),
        (Fault::Truncate(1), false, "ab"),
    ] {
        let edge = edge().await;
        let reply = ok("").chunks(["ab", "cd"].map(Bytes::from)).max_age(60).fault(fault);
        let reply = if chunked { reply.chunked() } else { reply };
        edge.origin("catalog", "origin").on("/").reply(reply).then(ok("whole"));
        let answer = edge.get(URL).await;
        assert_eq!((answer.status.as_u16(), answer.broken), (200, true), "{fault:?}");
        assert_eq!(answer.text(), body, "{fault:?}");
        let length = if chunked { "" } else { "4" };
        assert_eq!(answer.header("content-length"), length, "{fault:?}");
        // What broke off is never served again.
        assert_eq!(edge.get(URL).await.text(), "whole", "{fault:?}");
    }
}

#[tokio::test]
async fn a_gate_holds_a_reply_back() {
    let edge = edge().await;
    let gate = Gate::closed();
    edge.origin("catalog", "origin").on("/").reply(ok("x").held(&gate));
    let asked = edge.get(URL).begin();
    edge.settle().await;
    assert!(!asked.is_answered());
    gate.open();
    edge.settle().await;
    assert!(asked.is_answered());
    assert_eq!(asked.await.text(), "x");
}

#[tokio::test]
async fn an_error_status_is_an_answer() {
    let edge = edge().await;
    edge.origin("catalog", "origin").on("/").reply(status(503).body("busy"));
    let answer = edge.get(URL).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (503, "busy"));
    assert_eq!(answer.refusal(), None);
}
