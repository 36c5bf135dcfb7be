//! What somebody with a captured token, or none, might try (the rest is in `one_time` and `signed`).

use http::HeaderValue;
use selvedge_testkit::{Edge, Refusal};

use super::{SECRET, THIS, direct, edge, once, once_token, token};

async fn refused(edge: &Edge, request: selvedge::Request) -> Refusal {
    let answer = edge.send(request).await;
    assert_eq!(answer.status.as_u16(), 403);
    answer.hop("back").refused.as_ref().unwrap().0
}

#[tokio::test]
async fn two_tokens_are_none_however_they_are_sent() {
    let edge = once().await;
    let (one, two) = (once_token(1, &THIS, edge.now_ms()), once_token(2, &THIS, edge.now_ms()));
    assert_eq!(refused(&edge, direct(&[&one, &two])).await, Refusal::ChainTokenMalformed);
    assert_eq!(refused(&edge, direct(&[&one, &one])).await, Refusal::ChainTokenMalformed);
    let joined = format!("{one}, {two}");
    assert_eq!(refused(&edge, direct(&[&joined])).await, Refusal::ChainTokenMalformed);
    assert_eq!(refused(&edge, direct(&[&one, ""])).await, Refusal::ChainTokenMalformed);
    // Nothing of that has used the token up.
    assert_eq!(edge.send(direct(&[&one])).await.status.as_u16(), 200);
}

#[tokio::test]
async fn one_token_has_one_spelling() {
    let edge = edge().await;
    let good = token("1", SECRET, edge.now_ms());
    let spellings = [
        good.to_uppercase(),
        format!("{good},"),
        format!(",{good}"),
        good.replace(',', ", "),
        good.replace(',', " ,"),
        good.replacen("1,", "01,", 1),
        format!("\"{good}\""),
        good.replace("0x", "0X"),
        good.replace("0x", ""),
    ];
    for spelling in spellings {
        let refusal = refused(&edge, direct(&[&spelling])).await;
        let known = [Refusal::ChainTokenMalformed, Refusal::ChainSecretUnknown];
        assert!(known.contains(&refusal), "{spelling}: {refusal:?}");
    }
}

#[tokio::test]
async fn a_token_in_a_trailer_or_under_another_name_is_none() {
    let edge = once().await;
    let good = HeaderValue::from_str(&once_token(1, &THIS, edge.now_ms())).unwrap();
    for name in ["edge_auth", "x-edge-auth", "edge-auth2", "selvedge-hops"] {
        let mut request = direct(&[]);
        request.headers_mut().insert(name, good.clone());
        assert_eq!(refused(&edge, request).await, Refusal::ChainTokenMissing, "{name}");
    }
    let mut request = direct(&[]);
    let trailers = http::HeaderMap::from_iter([(http::HeaderName::from_static("edge-auth"), good)]);
    *request.body_mut() = selvedge::Body::new(Trailing(Some(trailers)));
    assert_eq!(refused(&edge, request).await, Refusal::ChainTokenMissing);
}

/// An empty body with trailers.
struct Trailing(Option<http::HeaderMap>);

impl http_body::Body for Trailing {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::task::Poll::Ready(
            self.0.take().map(|trailers| Ok(http_body::Frame::trailers(trailers))),
        )
    }
}

#[tokio::test]
async fn a_token_named_by_connection_does_not_reach_the_guard() {
    let edge = once().await;
    let good = once_token(1, &THIS, edge.now_ms());
    let mut request = direct(&[&good]);
    request.headers_mut().insert("connection", HeaderValue::from_static("edge-auth"));
    assert_eq!(refused(&edge, request).await, Refusal::ChainTokenMissing);
}

#[tokio::test]
async fn a_forged_list_of_hops_opens_nothing() {
    let edge = once().await;
    for name in ["selvedge-hops", "fastly-ff", "cdn-loop", "via", "x-served-by"] {
        let mut request = direct(&[]);
        let forged = HeaderValue::from_static("cache-lhr1-LHR front, selvedge");
        request.headers_mut().insert(name, forged);
        assert_eq!(refused(&edge, request).await, Refusal::ChainTokenMissing, "{name}");
    }
}

#[tokio::test]
async fn a_client_s_own_token_goes_nowhere() {
    let edge = edge().await;
    let good = token("1", SECRET, edge.now_ms());
    let mut request = direct(&[&good]);
    *request.uri_mut() = "http://front.localhost/".parse().unwrap();
    // The first service asks for none: it signs by itself, whatever the client sent.
    assert_eq!(edge.send(request).await.status.as_u16(), 200);
    assert!(!edge.origin("back", "origin").arrived()[0].headers.contains_key("edge-auth"));
}

/// Each is accepted once, whoever sends it again and however often; what is remembered has a bound.
#[tokio::test]
async fn a_flood_of_captured_tokens_lets_none_in_twice_and_fills_no_memory() {
    const ROOM: usize = 500;
    const CAPTURED: u128 = 4000;
    let required = r#"require_chain_auth = { config = "config", secrets = "secrets""#;
    let manifest =
        super::once_manifest().replace(required, &format!("{required}, nonces = {ROOM}"));
    let edge = super::start(&manifest).await;
    // What lies on the shelf is answered at once, so that a request that gets in is seen to.
    assert_eq!(edge.get("http://front.localhost/").await.text(), "hello");
    let captured: Vec<String> =
        (0..CAPTURED).map(|number| once_token(number, &THIS, edge.now_ms())).collect();
    let mut got_in = 0;
    for _ in 0..5 {
        for token in &captured {
            let response = edge.at_once(direct(&[token])).unwrap();
            got_in += usize::from(response.status() == 200);
        }
    }
    // One place is the first service's own.
    assert_eq!(got_in, ROOM - 1);
    let world = edge.world();
    assert_eq!(world.services["back"].nonces.lock().unwrap().count(), ROOM);
    edge.advance(std::time::Duration::from_secs(2)).await;
    assert_eq!(refused(&edge, direct(&[&captured[0]])).await, Refusal::ChainTokenExpired);
}

#[tokio::test]
async fn a_token_for_one_host_of_a_service_is_none_for_another() {
    let domains = r#"domains = ["back.localhost"]"#;
    let two = domains.replace(']', r#", "other.localhost"]"#);
    let edge = super::start(&super::once_manifest().replace(domains, &two)).await;
    let good = once_token(1, &THIS, edge.now_ms());
    let elsewhere = super::asked("GET", "http://other.localhost/", &[&good]);
    assert_eq!(refused(&edge, elsewhere).await, Refusal::ChainTargetWrong);
    assert_eq!(edge.send(direct(&[&good])).await.status.as_u16(), 200);
}
