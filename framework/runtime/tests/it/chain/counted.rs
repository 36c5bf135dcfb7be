//! What an operator sees of the chain guard.

use selvedge_testkit::{Edge, Method, ok};

use super::{SECRET, THIS, direct, once_manifest, once_token, token};

const TOKEN: &str = "an admin token";

async fn shown(edge: &Edge, service: &str) -> String {
    let ask = edge.admin(Method::GET, &format!("/service/{service}/chain"));
    ask.header("fastly-key", TOKEN).send().await.text()
}

#[tokio::test]
async fn whom_the_guard_refused_and_how_full_its_memory_is_can_be_seen() {
    let required = r#"require_chain_auth = { config = "config", secrets = "secrets""#;
    let manifest = once_manifest().replace(required, &format!("{required}, nonces = 2"));
    let edge = Edge::from_toml(&manifest).env("CHAIN_SECRET", SECRET).admin_token(TOKEN);
    let edge = edge.start().await;
    edge.origin("back", "origin").on("/").reply(ok("hello").max_age(60));
    let now_ms = edge.now_ms();
    let once = |number| once_token(number, &THIS, now_ms);
    let elsewhere = selvedge::chain::Purpose { target: "/other", ..THIS };
    let tokens = [
        once(1),
        once(1),
        once(2),
        once(3),
        once(4),
        once_token(5, &elsewhere, now_ms),
        token("1", SECRET, now_ms),
        "nonsense".to_owned(),
    ];
    for token in &tokens {
        edge.send(direct(&[token])).await;
    }
    edge.send(direct(&[])).await;
    assert_eq!(
        shown(&edge, "back").await,
        "{\"accept\":[\"one-time\"],\"nonces\":{\"remembered\":2,\"most\":2},\"refused\":{\
         \"chain mode refused\":1,\"chain nonces full\":2,\"chain secret unknown\":0,\
         \"chain signature wrong\":0,\"chain target wrong\":1,\"chain token expired\":0,\
         \"chain token malformed\":1,\"chain token missing\":1,\"chain token replayed\":1}}"
    );
    let none = shown(&edge, "front").await;
    assert!(
        none.starts_with("{\"accept\":[],\"nonces\":{\"remembered\":0,\"most\":null}"),
        "{none}"
    );
}
