//! A KV store is deleted while others write to it: what was acknowledged stays, and what stays was acknowledged.

use futures_util::future::join;

use super::Node;

#[tokio::test]
async fn no_acknowledged_write_goes_with_its_store() {
    let node = Node::start().await;
    for round in 0..40 {
        let made = node.json("POST /resources/stores/kv", r#"{"name":"s"}"#).await.text();
        let id = made.split('"').nth(3).unwrap().to_owned();
        let (item, store) = (
            format!("PUT /resources/stores/kv/{id}/keys/k"),
            format!("DELETE /resources/stores/kv/{id}"),
        );
        let (put, deleted) = join(node.call(&item, &[], b"v"), node.plain(&store)).await;
        let read = node.plain(&format!("GET /resources/stores/kv/{id}/keys/k")).await.status;
        match (put.status, deleted.status) {
            (200, 409) => assert_eq!(read, 200, "round {round}"),
            (404, 204) => assert_eq!(read, 404, "round {round}"),
            other => panic!("round {round}: {other:?}"),
        }
        node.plain(&format!("DELETE /resources/stores/kv/{id}/keys/k")).await;
        node.plain(&store).await;
    }
}

#[tokio::test]
async fn a_store_that_was_not_deleted_after_all_takes_writes() {
    let node = Node::start().await;
    let made = node.json("POST /resources/stores/kv", r#"{"name":"s"}"#).await.text();
    let id = made.split('"').nth(3).unwrap().to_owned();
    assert_eq!(node.plain("PUT /service/site/version/1/clone").await.status, 200);
    let link = format!("name=s&resource_id={id}");
    let linked = node.form("POST /service/site/version/2/resource", &link).await;
    assert_eq!(linked.status, 200, "{linked:?}");
    assert_eq!(node.plain(&format!("DELETE /resources/stores/kv/{id}")).await.status, 409);
    let line = format!("PUT /resources/stores/kv/{id}/keys/k");
    assert_eq!(node.call(&line, &[], b"v").await.status, 200);
}
