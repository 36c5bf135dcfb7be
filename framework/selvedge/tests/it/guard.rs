//! The guard layer: no valid token, no handler.

use std::sync::Arc;

use selvedge::{
    __private::InboundToken,
    Ctx, Service,
    chain::{ChainAuth, EDGE_AUTH, sign},
    prelude::*,
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

/// Does what an edge does with the header before a handler runs.
async fn answer(edge: &Arc<Edge>, service: &Service, tokens: &[HeaderValue]) -> Response {
    let mut request = get("/");
    for token in tokens {
        request.headers_mut().append(EDGE_AUTH, token.clone());
    }
    let token = InboundToken::take_from(request.headers_mut());
    request.extensions_mut().insert(token);
    call(edge, service, request).await
}

#[tokio::test]
async fn a_valid_token_reaches_the_handler_and_stays_outside() {
    let token = sign("7", b"s3cret", "LHR", NOW_MS).unwrap();
    let response = answer(&edge(), &guarded(), &[token]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, "reached; token in headers: false, in extensions: false");
}

#[tokio::test]
async fn every_other_request_is_refused_by_name() {
    let token = |id, secret: &[u8], at| sign(id, secret, "LHR", at).unwrap();
    let good = token("7", b"s3cret", NOW_MS);
    let cases: [(&[HeaderValue], &str); 7] = [
        (&[], "chain token missing"),
        (&[good.clone(), good], "chain token malformed"),
        (&[HeaderValue::from_static("x")], "chain token malformed"),
        (&[token("8", b"s3cret", NOW_MS)], "chain secret unknown"),
        (&[token("9", b"s3cret", NOW_MS)], "chain secret unknown"),
        (&[token("7", b"other", NOW_MS)], "chain signature wrong"),
        (&[token("7", b"s3cret", NOW_MS - 2000)], "chain token expired"),
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
    let token = sign("7", b"s3cret", "LHR", NOW_MS).unwrap();
    request.headers_mut().insert(EDGE_AUTH, token);
    let response = call(&edge(), &guarded(), request).await;
    assert_eq!(response.headers()["error-reason"], "chain token missing");
}

#[tokio::test]
async fn a_store_that_is_not_linked_is_the_services_fault() {
    let router = Router::new().fallback(async || "reached");
    let service =
        Service::new("misled", router.layer(ChainAuth::new("config", "elsewhere")), Vec::new());
    let token = sign("7", b"s3cret", "LHR", NOW_MS).unwrap();
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
