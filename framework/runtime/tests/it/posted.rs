//! The answer to a POST, stored for GET while something else happens. What is stored, and when, is in the timelines
//! (`9110-9.3.3.post`); here is what only a body or another request can show.

use bytes::Bytes;
use http_body_util::BodyExt;
use selvedge_testkit::{Edge, Fault, Gate, Method, Reply, Verdict, ok};

const MANIFEST: &str = r#"
manifest_version = 1
name = "posted"
[pops.LHR]
[services.site]
type = "delivery"
domains = ["site.localhost"]
backends.origin = { url = "http://origin.example" }
"#;

const URL: &str = "http://site.localhost/a";

/// An answer of `/a` itself.
fn of_a(body: &'static str) -> Reply {
    ok(body).max_age(60).header("content-location", "/a")
}

async fn verdict(edge: &Edge) -> Verdict {
    edge.get(URL).await.hop("site").verdict
}

/// Posts, does something when the first bytes of the answer have come, and reads the rest.
async fn posted_around(edge: &Edge, during: impl AsyncFnOnce(&Edge)) {
    let gate = Gate::closed();
    let reply = of_a("").chunks(["one", "two"].map(Bytes::from)).held(&gate);
    let _ = edge.origin("site", "origin").on("/a").reply(reply).reply(ok("now").max_age(60));
    gate.allow(2);
    let request = http::Request::post(URL).body(selvedge::Body::from("x"));
    let mut body = edge.open(request.unwrap()).await.into_body();
    assert!(body.frame().await.unwrap().is_ok());
    during(edge).await;
    gate.open();
    assert_eq!(body.collect().await.unwrap().to_bytes(), "two");
    edge.settle().await;
}

#[tokio::test]
async fn it_is_stored_while_it_comes() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    posted_around(&edge, async |_| {}).await;
    let answer = edge.get(URL).await;
    assert_eq!((answer.hop("site").verdict, answer.text()), (Verdict::Hit, "onetwo".to_owned()));
}

#[tokio::test]
async fn a_purge_meanwhile_is_for_it_too() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    posted_around(&edge, async |edge| drop(edge.purge("site").url(URL))).await;
    assert!(!verdict(&edge).await.is_hit());
}

#[tokio::test]
async fn a_write_meanwhile_is_for_it_too() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    posted_around(&edge, async |edge| {
        assert_eq!(edge.request(Method::PUT, URL).send().await.status, 200);
    })
    .await;
    assert!(!verdict(&edge).await.is_hit());
}

#[tokio::test]
async fn a_purge_of_anything_before_its_head_leaves_it_out() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let gate = Gate::closed();
    let _ = edge.origin("site", "origin").on("/a").reply(of_a("written").held(&gate));
    let (answer, ()) = tokio::join!(edge.request(Method::POST, URL).send(), async {
        while edge.origin("site", "origin").count() == 0 {
            tokio::task::yield_now().await;
        }
        let _ = edge.purge("site").url("http://site.localhost/elsewhere");
        gate.open();
    });
    assert_eq!(answer.text(), "written");
    assert_eq!(answer.hop("site").not_stored.map(|no| no.as_str()), Some("purged"));
    assert!(!verdict(&edge).await.is_hit());
}

#[tokio::test]
async fn one_that_breaks_off_is_no_answer() {
    let edge = Edge::from_toml(MANIFEST).start().await;
    let broken = of_a("half of it").fault(Fault::TruncateAt(4));
    let _ = edge.origin("site", "origin").on("/a").reply(broken).reply(ok("whole").max_age(60));
    assert!(edge.request(Method::POST, URL).send().await.broken);
    let range = edge.request(Method::GET, URL).header("range", "bytes=0-1").send().await;
    assert!(!range.hop("site").verdict.is_hit());
    let answer = edge.get(URL).await;
    assert_eq!((answer.text(), answer.broken), ("whole".to_owned(), false));
}
