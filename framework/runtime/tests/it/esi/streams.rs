//! A page comes out as it comes in: text at once, fragments asked for side by side and passed on in their order.

use futures_util::FutureExt;
use http_body_util::BodyExt;
use selvedge::Body;
use selvedge_model::limits::ESI_AHEAD_MAX;
use selvedge_testkit::{Edge, Gate, ok};

use super::{URL, html, replies, with_page};

async fn open(edge: &Edge) -> Body {
    let request = http::Request::builder().uri(URL).body(Body::empty()).unwrap();
    edge.open(request).await.into_body()
}

/// All that comes without anybody letting anything more through.
async fn come(body: &mut Body) -> String {
    let mut text = String::new();
    for _ in 0..200 {
        while let Some(Some(frame)) = body.frame().now_or_never() {
            text.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
        }
        tokio::task::yield_now().await;
    }
    text
}

#[tokio::test]
async fn text_comes_before_the_fragment_behind_it() {
    let edge = with_page("before<esi:include src=\"/f\"/>after").await;
    let gate = Gate::closed();
    replies(&edge, "/f", ok("").chunks(["one".into(), "two".into()]).held(&gate));
    let mut body = open(&edge).await;
    assert_eq!(come(&mut body).await, "before");
    gate.allow(2);
    assert_eq!(come(&mut body).await, "one");
    gate.open();
    assert_eq!(come(&mut body).await, "twoafter");
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn some_fragments_are_asked_for_ahead_and_come_in_order() {
    let tags = (0..8).map(|n| format!("<esi:include src=\"/f/{n}\"/>"));
    let edge = with_page(&tags.collect::<String>()).await;
    let gate = Gate::closed();
    replies(&edge, "/f/0", ok("0").held(&gate));
    (1..8).for_each(|n| replies(&edge, &format!("/f/{n}"), ok(n.to_string())));
    let mut body = open(&edge).await;
    assert_eq!(come(&mut body).await, "");
    let asked = || edge.origin("site", "origin").count() - 1;
    assert_eq!(asked(), ESI_AHEAD_MAX);
    gate.open();
    assert_eq!(come(&mut body).await, "01234567");
    assert_eq!(asked(), 8);
}

#[tokio::test]
async fn a_template_comes_in_while_it_goes_out() {
    let edge = with_page("").await;
    let gate = Gate::closed();
    let origin = edge.origin("site", "origin");
    origin.forget();
    let chunks = ["a<esi:inc".into(), "lude src=\"/f\"/>b<es".into(), "m>".into()];
    replies(&edge, "/page", html("").chunks(chunks).held(&gate));
    replies(&edge, "/f", ok("f"));
    gate.allow(2);
    let mut body = open(&edge).await;
    assert_eq!(come(&mut body).await, "a");
    gate.allow(1);
    assert_eq!(come(&mut body).await, "fb");
    gate.open();
    assert_eq!(come(&mut body).await, "<esm>");
    assert!(body.frame().await.is_none());
}

/// Nobody reads, so nothing is asked for; who leaves, leaves nothing behind.
#[tokio::test]
async fn fragments_are_asked_for_when_somebody_reads() {
    let edge = with_page("<esi:include src=\"/f\"/>").await;
    replies(&edge, "/f", html("f"));
    drop(open(&edge).await);
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert_eq!(edge.origin("site", "origin").count(), 1);
}
