//! How full the caches are, as the management API tells it.

use selvedge_testkit::{Edge, ok};

use super::{
    Node,
    node::{MANIFEST, TOKEN},
};

const BUDGET: u64 = 40_000;

async fn told(node: &Node) -> serde_json::Value {
    let told = node.plain("GET /account/shelves").await;
    assert_eq!(told.status, 200);
    serde_json::from_slice(&told.body).unwrap()
}

#[tokio::test]
async fn a_shelf_tells_what_it_has_and_what_it_had_to_let_go() {
    let edge = Edge::from_toml(MANIFEST).admin_token(TOKEN).shelf_bytes(BUDGET).start().await;
    let _ = edge.origin("site", "origin").otherwise().reply(ok("x".repeat(3_000)).max_age(60));
    let node = Node::of(edge).await;
    let empty = serde_json::json!([{
        "pop": "LHR", "used_bytes": 0, "budget_bytes": BUDGET,
        "max_object_bytes": BUDGET / 8, "objects": 0, "evicted": 0,
    }]);
    assert_eq!(told(&node).await, empty);
    for number in 0..20 {
        node.edge.get(&format!("http://site.localhost/{number}")).await.assert_status(200);
    }
    let full = &told(&node).await[0];
    let figure = |name: &str| full[name].as_u64().unwrap();
    assert!((30_000..=BUDGET).contains(&figure("used_bytes")), "{full}");
    assert_eq!(figure("objects") + figure("evicted"), 20, "{full}");
    assert!(figure("evicted") >= 7, "{full}");
}
