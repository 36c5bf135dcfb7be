//! Values on their way to stores share a node's room, whoever brings them: handlers and the management API.

use std::pin::pin;

use futures_util::future::{Either, select};
use selvedge::{Binding, Service, model::limits::KV_VALUE_MAX, prelude::*};
use selvedge_model::limits::{STORE_WAY_KIB, STORE_WAY_WAIT_MS};
use selvedge_testkit::{Edge, Method};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Node, node::TOKEN};

const MANIFEST: &str = r#"
manifest_version = 1
name = "room"
[pops.LHR]
[kv_stores.files-store]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links.files = { kv_store = "files-store" }
"#;

#[kv_store("files")]
struct Files;

fn site() -> Service {
    let put = |files: Files, uri: Uri, body: Body| async move {
        files.put_body(uri.path(), body).await.map(|_| "written")
    };
    Service::new("site", Router::new().fallback(routing::put(put)), vec![Files::NEED])
}

async fn node() -> Node {
    Node::of(Edge::from_toml(MANIFEST).service(site()).admin_token(TOKEN).start().await).await
}

/// A client that says that it has a large value, is told to go on, and sends nothing.
async fn silent(node: &Node, path: &str) -> TcpStream {
    let mut client = node.connect().await;
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: admin\r\nFastly-Key: {TOKEN}\r\nExpect: 100-continue\r\n\
         Content-Length: {KV_VALUE_MAX}\r\n\r\n"
    );
    client.write_all(head.as_bytes()).await.unwrap();
    let mut told = [0; 12];
    client.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 100");
    client
}

/// As many of them as there is room for.
async fn fill(node: &Node, path: &str) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for _ in 0..STORE_WAY_KIB * 1024 / KV_VALUE_MAX {
        clients.push(silent(node, path).await);
    }
    clients
}

/// What comes of work when time goes by for as long as it waits.
async fn in_time<T>(node: &Node, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        node.wait(STORE_WAY_WAIT_MS / 1000).await;
        match select(work, pin!(tokio::task::yield_now())).await {
            Either::Left((done, _)) => return done,
            Either::Right(((), rest)) => work = rest,
        }
    }
}

async fn handler(node: &Node, bytes: usize) -> (u16, Option<String>) {
    let put = node.edge.request(Method::PUT, "http://site.localhost/file");
    let answer = put.body(vec![b'v'; bytes]).send().await;
    let reason = answer.headers.get("error-reason").map(|it| it.to_str().unwrap().to_owned());
    (answer.status.as_u16(), reason)
}

#[tokio::test]
async fn who_finds_no_room_in_time_is_told_so_and_what_is_small_goes_on() {
    let node = node().await;
    let path = format!("/resources/stores/kv/{}/keys/large", node.store("kv", "other").await);
    let large = vec![b'v'; KV_VALUE_MAX];
    let clients = fill(&node, &path).await;
    assert_eq!(handler(&node, 1000).await, (200, None));
    let refused = (429, Some("too many requests".to_owned()));
    assert_eq!(in_time(&node, handler(&node, KV_VALUE_MAX)).await, refused);
    let line = format!("PUT {path}");
    let called = in_time(&node, node.call(&line, &[], &large)).await;
    assert_eq!(called.status, 429);
    let says = "no room for 26214400 bytes on their way to stores came free in 10000 ms";
    assert_eq!(called.field("detail"), says);
    let config = node.store("config", "settings").await;
    let patch = format!("PATCH /resources/stores/config/{config}/items");
    assert_eq!(in_time(&node, node.json(&patch, &" ".repeat(KV_VALUE_MAX))).await.status, 429);
    drop(clients);
    // They wait for as long as it takes the node to see that the clients are gone: the clock stands still.
    assert_eq!(handler(&node, KV_VALUE_MAX).await, (200, None));
    assert_eq!(node.call(&line, &[], &large).await.status, 200);
}
