//! The `curl` commands of the platform's pages on resource links and on data stores, as the bytes that curl sends for them,
//! with the URLs of platform.md sections 1.2 and 2.3 in their blanks. The answers have the fields of those pages, in their
//! order.

use super::{Node, Reply, node::TOKEN};

/// What curl adds by itself.
const CURL: &str = "Host: 127.0.0.1\r\nUser-Agent: curl/8.14.1\r\nConnection: close\r\n";

async fn curl(node: &Node, line: &str, headers: &[&str], data: &str) -> Reply {
    let mut head = format!("{line} HTTP/1.1\r\n{CURL}Fastly-Key: {TOKEN}\r\n");
    for header in headers {
        head.push_str(&format!("{header}\r\n"));
    }
    if !data.is_empty() {
        head.push_str(&format!("Content-Length: {}\r\n", data.len()));
    }
    node.raw(format!("{head}\r\n{data}").as_bytes()).await
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const JSON: &str = "Content-Type: application/json";
const ACCEPT: &str = "Accept: application/json";

/// The names of an answer's fields, at all depths, in their order.
fn fields(reply: &Reply) -> Vec<String> {
    let text = reply.text();
    let parts: Vec<&str> = text.split('"').collect();
    let after = parts.iter().skip(1);
    let names = parts.iter().zip(after).filter(|(_, after)| after.starts_with(':'));
    names.map(|(name, _)| (*name).to_owned()).collect()
}

async fn service(node: &Node) -> String {
    node.plain("PUT /service/site/version/1/clone").await.field("service_id")
}

#[tokio::test]
async fn a_kv_store_is_listed_and_linked_as_the_page_on_resources_shows() {
    let node = Node::start().await;
    let store = node.store("kv", "users-store").await;
    let listed = curl(&node, "GET /resources/stores/kv", &[ACCEPT], "").await;
    assert_eq!(listed.status, 200);
    let shown = ["data", "id", "name", "created_at", "updated_at", "meta", "limit", "total"];
    assert_eq!(fields(&listed), shown);
    assert!(listed.text().ends_with(r#""meta":{"limit":1000,"total":1}}"#), "{}", listed.text());

    let service = service(&node).await;
    let line = format!("POST /service/{service}/version/2/resource");
    let data = format!("name=users-store-linked-to-service-a&resource_id={store}");
    let linked = curl(&node, &line, &[FORM, ACCEPT], &data).await;
    assert_eq!(linked.status, 200);
    let shown = [
        "id",
        "name",
        "service_id",
        "version",
        "created_at",
        "updated_at",
        "deleted_at",
        "resource_id",
        "resource_type",
        "href",
    ];
    assert_eq!(fields(&linked), shown);
    let text = linked.text();
    for part in [
        r#""name":"users-store-linked-to-service-a","#,
        &format!(r#""service_id":"{service}","version":2,"#),
        r#""deleted_at":null,"#,
        &format!(r#""resource_id":"{store}","resource_type":"kv-store","href":null}}"#),
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[tokio::test]
async fn a_kv_store_is_made_and_linked_as_the_page_on_data_stores_shows() {
    let node = Node::start().await;
    let made = r#"{"name":"example-store"}"#;
    let made = curl(&node, "POST /resources/stores/kv", &[JSON, ACCEPT], made).await;
    assert_eq!((made.status, made.field("name").as_str()), (201, "example-store"));
    assert_eq!(fields(&made), ["id", "name", "created_at", "updated_at"]);

    let line = format!("POST /service/{}/version/2/resource", service(&node).await);
    let data = format!("name=example-store-service-a&resource_id={}", made.field("id"));
    let linked = curl(&node, &line, &[FORM, ACCEPT], &data).await;
    assert_eq!((linked.status, linked.field("name").as_str()), (200, "example-store-service-a"));
}
