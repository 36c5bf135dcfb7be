//! What each mode sends, and what a service accepts.

use selvedge::chain::Token;
use selvedge_testkit::{Edge, Refusal, ok};

use super::{MANIFEST, SECRET, direct};

/// A service that signs towards an origin.
pub(super) fn towards_origin(mode: &str) -> String {
    let signing = format!(
        r#"url = "http://origin.example"
chain_auth = {{ config = "config", secrets = "secrets"{mode} }}"#
    );
    MANIFEST
        .replace(r#"require_chain_auth = { config = "config", secrets = "secrets", accept = ["signed"] }"#, "")
        .replace(r#"url = "http://origin.example""#, &signing)
}

async fn sent(mode: &str) -> String {
    let edge = Edge::from_toml(&towards_origin(mode)).env("CHAIN_SECRET", SECRET).start().await;
    let origin = edge.origin("back", "origin");
    origin.on("/").reply(ok("hello"));
    assert_eq!(edge.send(direct(&[])).await.status.as_u16(), 200);
    let arrived = origin.arrived();
    arrived[0].headers["edge-auth"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn towards_an_origin_the_default_is_signed() {
    for mode in ["", r#", mode = "signed""#] {
        let token = sent(mode).await;
        assert!(matches!(Token::parse(token.as_bytes()), Some(Token::Signed(_))), "{token}");
    }
}

#[tokio::test]
async fn a_shared_secret_is_sent_as_it_is() {
    assert_eq!(sent(r#", mode = "shared""#).await, SECRET);
}

#[tokio::test]
async fn a_shared_secret_opens_where_it_is_accepted() {
    let manifest = MANIFEST
        .replace(r#"mode = "signed""#, r#"mode = "shared""#)
        .replace(r#"accept = ["signed"]"#, r#"accept = ["shared"]"#);
    let edge = super::start(&manifest).await;
    assert_eq!(edge.get("http://front.localhost/").await.text(), "hello");
    for (secret, refusal) in
        [("a guess", Refusal::ChainSignatureWrong), ("1", Refusal::ChainSignatureWrong)]
    {
        let answer = edge.send(direct(&[secret])).await;
        assert_eq!(answer.hop("back").refused.as_ref().unwrap().0, refusal);
    }
    // Every secret of the store is a valid one, so that they can be rotated.
    assert_eq!(edge.send(direct(&["another secret-seed"])).await.status.as_u16(), 200);
}
