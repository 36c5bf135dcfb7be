//! The `curl` commands of the platform's pages on resource links and on data stores, with the URLs of platform.md sections
//! 1.2 and 2.3 in their blanks: as the bytes that curl sends for them, and by curl itself where the machine has it, as CI's
//! does. The answers have the fields of those pages, in their order.

use std::{io::ErrorKind, process::Command};

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

/// What the pages show of a store, of a list of stores, and of a link.
const STORE: [&str; 4] = ["id", "name", "created_at", "updated_at"];
const LIST: [&str; 8] =
    ["data", "id", "name", "created_at", "updated_at", "meta", "limit", "total"];
const LINK: [&str; 10] = [
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

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const JSON: &str = "Content-Type: application/json";
const ACCEPT: &str = "Accept: application/json";

/// The names of an answer's fields, at all depths, in their order.
fn fields(reply: &Reply) -> Vec<String> {
    fields_of(&reply.text())
}

fn fields_of(text: &str) -> Vec<String> {
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
    assert_eq!(fields(&listed), LIST);
    assert!(listed.text().ends_with(r#""meta":{"limit":1000,"total":1}}"#), "{}", listed.text());

    let service = service(&node).await;
    let line = format!("POST /service/{service}/version/2/resource");
    let data = format!("name=users-store-linked-to-service-a&resource_id={store}");
    let linked = curl(&node, &line, &[FORM, ACCEPT], &data).await;
    assert_eq!(linked.status, 200);
    assert_eq!(fields(&linked), LINK);
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
    assert_eq!(fields(&made), STORE);

    let line = format!("POST /service/{}/version/2/resource", service(&node).await);
    let data = format!("name=example-store-service-a&resource_id={}", made.field("id"));
    let linked = curl(&node, &line, &[FORM, ACCEPT], &data).await;
    assert_eq!((linked.status, linked.field("name").as_str()), (200, "example-store-service-a"));
}

/// The commands as the pages have them: of resource links, then of data stores. The first argument that is empty is where
/// the URL goes.
const LIST_STORES: &str =
    r#"curl -X GET "" -H "Fastly-Key: YOUR_FASTLY_TOKEN" -H "Accept: application/json""#;
const LINK_STORE: &str = r#"curl -i -X POST "" -H "Fastly-Key: YOUR_FASTLY_TOKEN" -H "Content-Type: application/x-www-form-urlencoded" -H "Accept: application/json" -d "name=users-store-linked-to-service-a&resource_id=5lom7wyacubg7hw0w3ulfb""#;
const MAKE_STORE: &str = r#"curl -i -X POST "" -H "Fastly-Key: YOUR_FASTLY_TOKEN" -H "Content-Type: application/json" -H "Accept: application/json" -d '{"name":"example-store"}'"#;
const LINK_THAT: &str = r#"curl -i -X POST "" -H "Fastly-Key: YOUR_FASTLY_TOKEN" -H "Content-Type: application/x-www-form-urlencoded" -H "Accept: application/json" -d "name=example-store-service-a&resource_id=YOUR_KV_STORE_ID""#;

/// What a shell prints that runs a command with this in its blanks.
async fn run(command: &str, url: &str, store: &str) -> String {
    let command = command
        .replacen("\"\"", &format!("\"{url}\""), 1)
        .replace("YOUR_FASTLY_TOKEN", TOKEN)
        .replace("5lom7wyacubg7hw0w3ulfb", store)
        .replace("YOUR_KV_STORE_ID", store);
    let run = move || Command::new("sh").args(["-c", &command]).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The value of an answer's first field of this name.
fn value<'a>(text: &'a str, field: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\"{field}\":\"")).unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn curl_itself_is_answered_as_the_pages_show() {
    if let Err(error) = Command::new("curl").arg("--version").output() {
        assert_eq!(error.kind(), ErrorKind::NotFound);
        eprintln!("there is no curl here, so nothing was tried with it");
        return;
    }
    let node = Node::start().await;
    let api = format!("http://{}", node.address());
    let (stores, service) = (format!("{api}/resources/stores/kv"), service(&node).await);
    let links = format!("{api}/service/{service}/version/2/resource");

    let store = node.store("kv", "users-store").await;
    let listed = run(LIST_STORES, &stores, "").await;
    assert_eq!(fields_of(&listed), LIST);
    assert_eq!((value(&listed, "id"), value(&listed, "name")), (store.as_str(), "users-store"));
    assert!(listed.ends_with(r#""meta":{"limit":1000,"total":1}}"#), "{listed}");

    let linked = run(LINK_STORE, &links, &store).await;
    let (head, linked) = linked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(fields_of(linked), LINK);
    assert_eq!(value(linked, "name"), "users-store-linked-to-service-a");
    assert_eq!(value(linked, "service_id"), service);
    assert_eq!(value(linked, "resource_id"), store);
    assert_eq!(value(linked, "resource_type"), "kv-store");

    let made = run(MAKE_STORE, &stores, "").await;
    let (head, made) = made.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201 Created\r\n"), "{head}");
    assert_eq!(fields_of(made), STORE);
    assert_eq!(value(made, "name"), "example-store");

    let linked = run(LINK_THAT, &links, value(made, "id")).await;
    let (head, linked) = linked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(fields_of(linked), LINK);
    assert_eq!(value(linked, "name"), "example-store-service-a");
}
