//! A chain in which several services cache is purged from the origin towards the client.

use http::Method;
use selvedge_model::{chain::ChainGraph, manifest::Manifest};
use selvedge_testkit::{Edge, ok};

use super::{account, leaf};

const FRONT: &str = r#"
[services.front]
type = "delivery"
domains = ["front.localhost"]
backends.back = { service = "back" }
"#;

async fn edge() -> Edge {
    let services = [FRONT.to_owned(), leaf("back")].concat();
    let edge = Edge::from_toml(&account(&services)).admin_token("t").start().await;
    edge.origin("back", "origin").on("/").reply(ok("old").max_age(60));
    edge.get("http://front.localhost/").await;
    edge.origin("back", "origin").forget();
    edge.origin("back", "origin").on("/").reply(ok("new").max_age(60));
    edge
}

async fn purge_all(edge: &Edge, service: &str) {
    let path = format!("/service/{service}/purge_all");
    let purged = edge.admin(Method::POST, &path).header("fastly-key", "t").send().await;
    assert_eq!(purged.status.as_u16(), 200, "{}", purged.text());
}

#[tokio::test]
async fn the_wrong_order_brings_the_old_object_back() {
    let edge = edge().await;
    purge_all(&edge, "front").await;
    assert_eq!(edge.get("http://front.localhost/").await.text(), "old");
    purge_all(&edge, "back").await;
    assert_eq!(
        edge.get("http://front.localhost/").await.text(),
        "old",
        "the first service has it again"
    );
}

#[tokio::test]
async fn the_order_of_the_graph_is_the_right_one() {
    let edge = edge().await;
    let manifest = account(&[FRONT.to_owned(), leaf("back")].concat());
    let graph = ChainGraph::of(&Manifest::parse(&manifest).0.unwrap());
    let order: Vec<String> = graph.purge_order().iter().map(ToString::to_string).collect();
    assert_eq!(order, ["back", "front"]);
    for service in &order {
        purge_all(&edge, service).await;
    }
    assert_eq!(edge.get("http://front.localhost/").await.text(), "new");
}

#[tokio::test]
async fn with_one_cache_in_the_chain_the_order_does_not_matter() {
    let front = FRONT.replace("type = \"delivery\"\n", "type = \"delivery\"\ncache = \"off\"\n");
    let services = [front, leaf("back")].concat();
    let edge = Edge::from_toml(&account(&services)).admin_token("t").start().await;
    edge.origin("back", "origin").on("/").reply(ok("old").max_age(60));
    edge.get("http://front.localhost/").await;
    edge.origin("back", "origin").forget();
    edge.origin("back", "origin").on("/").reply(ok("new").max_age(60));
    purge_all(&edge, "back").await;
    assert_eq!(edge.get("http://front.localhost/").await.text(), "new");
}

/// The first service asks the second for another path than it was asked for itself.
#[tokio::test]
async fn an_object_that_has_another_url_in_each_cache_is_purged_by_its_surrogate_key() {
    let front = format!(
        "{FRONT}[[services.front.rules]]\nthen.rewrite_path = {{ strip = \"/shop\", add = \"/v2\" }}\n"
    );
    let edge = Edge::from_toml(&account(&[front, leaf("back")].concat())).start().await;
    let url = "http://front.localhost/shop/page";
    let said = |text: &'static str| {
        edge.origin("back", "origin").forget();
        let page = ok(text).max_age(60).header("surrogate-key", "page");
        edge.origin("back", "origin").on("/v2/page").reply(page);
    };
    said("old");
    assert_eq!(edge.get(url).await.text(), "old");
    said("new");
    // In the right order, but the second service does not know the object by the URL of the first.
    edge.purge("back").url("http://back.localhost/shop/page");
    edge.purge("front").url(url);
    assert_eq!(edge.get(url).await.text(), "old");
    for service in ["back", "front"] {
        edge.purge(service).keys(&["page"]);
    }
    assert_eq!(edge.get(url).await.text(), "new");
}
