//! A secret is replaced while requests go on: add the new one, switch the id, drop the old one.

use http::Method;
use selvedge_testkit::Edge;

use super::{MANIFEST, SECRET, direct, once_manifest, start, token};

const TOKEN: &str = "the token of the test";

async fn call(edge: &Edge, method: Method, path: &str, body: &'static str) {
    let ask = edge.admin(method, path).header("fastly-key", TOKEN);
    let ask = ask.header("content-type", "application/x-www-form-urlencoded");
    let answer = ask.body(body).send().await;
    assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text());
}

async fn edge(manifest: &str) -> Edge {
    let edge =
        Edge::from_toml(manifest).env("CHAIN_SECRET", SECRET).admin_token(TOKEN).start().await;
    edge.origin("back", "origin").on("/").reply(selvedge_testkit::ok("hello").max_age(60));
    edge
}

/// The id of a store, as the management API says it.
async fn store(edge: &Edge, kind: &str) -> String {
    let path = format!("/resources/stores/{kind}");
    let answer = edge.admin(Method::GET, &path).header("fastly-key", TOKEN).send().await;
    let text = answer.text();
    let (_, rest) = text.split_once(r#""id":""#).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn both_secrets_are_good_until_the_old_one_is_dropped() {
    for manifest in [MANIFEST.to_owned(), once_manifest()] {
        let edge = edge(&manifest).await;
        assert_eq!(edge.get("http://front.localhost/").await.status.as_u16(), 200);
        let (config, secrets) = (store(&edge, "config").await, store(&edge, "secret").await);
        let item = format!("/resources/stores/config/{config}/item/edge_auth_secret_id");
        call(&edge, Method::PUT, &item, "item_value=2").await;
        assert_eq!(edge.get("http://front.localhost/").await.status.as_u16(), 200);
        if manifest == MANIFEST {
            let old = token("1", SECRET, edge.now_ms());
            assert_eq!(edge.send(direct(&[&old])).await.status.as_u16(), 200);
        }
        call(&edge, Method::DELETE, &format!("/resources/stores/secret/{secrets}/secrets/1"), "")
            .await;
        let old = token("1", SECRET, edge.now_ms());
        assert_eq!(edge.send(direct(&[&old])).await.status.as_u16(), 403);
        assert_eq!(edge.get("http://front.localhost/").await.status.as_u16(), 200);
    }
}

#[tokio::test]
async fn an_id_without_a_secret_is_the_senders_fault() {
    let edge =
        start(&MANIFEST.replace(r#"edge_auth_secret_id = "1""#, r#"edge_auth_secret_id = "3""#))
            .await;
    let answer = edge.get("http://front.localhost/").await;
    assert_eq!(answer.header("error-reason"), "chain secret missing");
}
