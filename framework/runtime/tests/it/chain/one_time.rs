//! Mode `one-time`: a token opens one door, for one request, once.

use std::time::Duration;

use selvedge::chain::Purpose;
use selvedge_testkit::{Edge, Refusal};

use super::{THIS, asked, direct, once, once_manifest, once_token, start, token};

async fn refusal(edge: &Edge, request: selvedge::Request) -> Option<Refusal> {
    let answer = edge.send(request).await;
    let refused = answer.hop("back").refused.as_ref().map(|refused| refused.0);
    assert_eq!(answer.status.as_u16() == 403, refused.is_some());
    refused
}

#[tokio::test]
async fn it_is_what_services_of_an_account_use_among_themselves() {
    let edge = once().await;
    for _ in 0..3 {
        assert_eq!(edge.get("http://front.localhost/").await.text(), "hello");
    }
    let arrived = edge.origin("back", "origin").arrived();
    assert!(!arrived[0].headers.contains_key("edge-auth"));
    assert_eq!(edge.origin("back", "origin").count(), 1);
}

#[tokio::test]
async fn it_is_accepted_once() {
    let edge = once().await;
    let good = once_token(1, &THIS, edge.now_ms());
    assert_eq!(refusal(&edge, direct(&[&good])).await, None);
    assert_eq!(refusal(&edge, direct(&[&good])).await, Some(Refusal::ChainTokenReplayed));
    edge.advance(Duration::from_millis(1999)).await;
    assert_eq!(refusal(&edge, direct(&[&good])).await, Some(Refusal::ChainTokenReplayed));
    edge.advance(Duration::from_millis(1)).await;
    assert_eq!(refusal(&edge, direct(&[&good])).await, Some(Refusal::ChainTokenExpired));
}

#[tokio::test]
async fn it_is_good_for_one_request_only() {
    let edge = once().await;
    let now_ms = edge.now_ms();
    let good = |number| once_token(number, &THIS, now_ms);
    let (one, two) = (good(1), good(2));
    let elsewhere = asked("GET", "http://back.localhost/other", &[&one]);
    assert_eq!(refusal(&edge, elsewhere).await, Some(Refusal::ChainTargetWrong));
    let otherwise = asked("DELETE", "http://back.localhost/", &[&two]);
    assert_eq!(refusal(&edge, otherwise).await, Some(Refusal::ChainTargetWrong));
    let queried = asked("GET", "http://back.localhost/?a", &[&two]);
    assert_eq!(refusal(&edge, queried).await, Some(Refusal::ChainTargetWrong));
    let another = once_token(3, &Purpose { service: "front", ..THIS }, now_ms);
    assert_eq!(refusal(&edge, direct(&[&another])).await, Some(Refusal::ChainTargetWrong));
    // What was refused has used nothing up.
    assert_eq!(refusal(&edge, direct(&[&one])).await, None);
}

#[tokio::test]
async fn a_weaker_token_does_not_stand_in_for_it() {
    let edge = once().await;
    let signed = token("1", super::SECRET, edge.now_ms());
    assert_eq!(refusal(&edge, direct(&[&signed])).await, Some(Refusal::ChainModeRefused));
}

#[tokio::test]
async fn a_full_memory_refuses_and_forgets_nothing() {
    let manifest = once_manifest();
    let required = r#"require_chain_auth = { config = "config", secrets = "secrets""#;
    let manifest = manifest.replace(required, &format!("{required}, nonces = 3"));
    let edge = start(&manifest).await;
    let token = |number: u128, edge: &Edge| once_token(number, &THIS, edge.now_ms());
    for number in 0..3 {
        assert_eq!(refusal(&edge, direct(&[&token(number, &edge)])).await, None);
    }
    let fourth = token(3, &edge);
    assert_eq!(refusal(&edge, direct(&[&fourth])).await, Some(Refusal::ChainNoncesFull));
    let first = token(0, &edge);
    assert_eq!(refusal(&edge, direct(&[&first])).await, Some(Refusal::ChainTokenReplayed));
    edge.advance(Duration::from_secs(2)).await;
    let fresh = token(3, &edge);
    assert_eq!(refusal(&edge, direct(&[&fresh])).await, None);
}

#[tokio::test]
async fn a_request_that_is_sent_again_gets_another_token() {
    let edge = once().await;
    // The first answer is stale at once, so that each further one is a validation of its own.
    let origin = edge.origin("back", "origin");
    origin.on("/stale").reply(selvedge_testkit::ok("stale").max_age(0));
    for _ in 0..3 {
        assert_eq!(edge.get("http://front.localhost/stale").await.status.as_u16(), 200);
    }
}
