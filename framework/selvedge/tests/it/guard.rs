//! The guard layer: no valid token, no handler.

use std::sync::Arc;

use selvedge::{
    Ctx, Service,
    chain::{ChainAuth, EDGE_AUTH, InboundToken, Nonce, Purpose, Signer},
    prelude::*,
    store::secret::Secret,
};

use crate::edge::{Edge, NOW_MS, call, get, text};

fn guarded() -> Service {
    let handler = async |request: Request| {
        let seen = request.headers().contains_key(EDGE_AUTH);
        let kept = request.extensions().get::<InboundToken>().is_some();
        format!("reached; token in headers: {seen}, in extensions: {kept}")
    };
    let router = Router::new().fallback(handler).layer(ChainAuth::new("config", "secrets"));
    Service::new("guarded", router, Vec::new())
}

fn edge() -> Arc<Edge> {
    Arc::new(Edge { secrets: [("7", "s3cret"), ("9", "")].into(), ..Edge::new() })
}

fn signed(id: &str, secret: &str, now_ms: u64) -> HeaderValue {
    let secret = Secret::new(secret.as_bytes().to_vec());
    Signer { secret_id: id, secret: &secret, pop: "LHR", now_ms }.signed().unwrap()
}

fn one_time(target: &str) -> HeaderValue {
    let secret = Secret::new(b"s3cret".to_vec());
    let signer = Signer { secret_id: "7", secret: &secret, pop: "LHR", now_ms: NOW_MS };
    let (method, authority) = ("GET", "Shop.localhost");
    signer
        .one_time(Nonce([1; 16]), &Purpose { service: "shop", method, authority, target })
        .unwrap()
}

/// Does what an edge does with the header before a handler runs.
async fn answer(edge: &Arc<Edge>, service: &Service, tokens: &[HeaderValue]) -> Response {
    let mut request = get("/");
    for token in tokens {
        request.headers_mut().append(EDGE_AUTH, token.clone());
    }
    let token = InboundToken::take_from(&mut request, "shop.localhost");
    request.extensions_mut().insert(token);
    call(edge, service, request).await
}

#[tokio::test]
async fn a_valid_token_reaches_the_handler_and_stays_outside() {
    let token = signed("7", "s3cret", NOW_MS);
    let response = answer(&edge(), &guarded(), &[token]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, "reached; token in headers: false, in extensions: false");
    let response = answer(&edge(), &guarded(), &[one_time("/")]).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_other_request_is_refused_by_name() {
    let good = signed("7", "s3cret", NOW_MS);
    let cases: [(&[HeaderValue], &str); 9] = [
        (&[], "chain token missing"),
        (&[good.clone(), good], "chain token malformed"),
        (&[HeaderValue::from_static("v2,x")], "chain token malformed"),
        (&[HeaderValue::from_static("x")], "chain signature wrong"),
        (&[one_time("/other")], "chain target wrong"),
        (&[signed("8", "s3cret", NOW_MS)], "chain secret unknown"),
        (&[signed("9", "s3cret", NOW_MS)], "chain secret unknown"),
        (&[signed("7", "other", NOW_MS)], "chain signature wrong"),
        (&[signed("7", "s3cret", NOW_MS - 2000)], "chain token expired"),
    ];
    for (tokens, reason) in cases {
        let response = answer(&edge(), &guarded(), tokens).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{reason}");
        assert_eq!(response.headers()["error-reason"], reason);
        assert!(!text(response).await.contains("secrets"));
    }
}

#[tokio::test]
async fn a_header_that_no_edge_took_out_is_no_token() {
    let mut request = get("/");
    let token = signed("7", "s3cret", NOW_MS);
    request.headers_mut().insert(EDGE_AUTH, token);
    let response = call(&edge(), &guarded(), request).await;
    assert_eq!(response.headers()["error-reason"], "chain token missing");
}

#[tokio::test]
async fn a_store_that_is_not_linked_is_the_services_fault() {
    let router = Router::new().fallback(async || "reached");
    let service =
        Service::new("misled", router.layer(ChainAuth::new("config", "elsewhere")), Vec::new());
    let token = signed("7", "s3cret", NOW_MS);
    let response = answer(&edge(), &service, &[token]).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.headers()["error-reason"], "unknown link");
}

#[tokio::test]
async fn without_an_edge_nothing_passes() {
    let response = guarded().call(get("/")).await;
    assert_eq!(response.headers()["error-reason"], "no edge");
    assert!(Ctx::of(&get("/").into_parts().0).is_err());
}
