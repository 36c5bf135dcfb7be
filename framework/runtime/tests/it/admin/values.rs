//! Values of KV items as large as they may be, in and out.

use selvedge_model::limits::KV_VALUE_MAX;

use super::{Node, node::TOKEN};

/// No two neighbours are alike, so that parts in a wrong order would show.
fn value(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|place| (place % 251) as u8).collect()
}

/// The same body without its length said before, in chunks.
fn chunked(line: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{line} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nFastly-Key: {TOKEN}\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    let mut request = head.into_bytes();
    for chunk in body.chunks(1_000_000) {
        request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend_from_slice(chunk);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    request
}

#[tokio::test]
async fn the_largest_value_goes_in_and_comes_out_whole() {
    let node = Node::start().await;
    let path = format!("/resources/stores/kv/{}/keys/large", node.store("kv", "large").await);
    let value = value(KV_VALUE_MAX);
    let put = node.call(&format!("PUT {path}"), &[], &value).await;
    assert_eq!(put.both(), (200, String::new()));
    let got = node.plain(&format!("GET {path}")).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("stored-content-length"), Some("26214400"));
    assert!(got.body == value);
    let put = node.raw(&chunked(&format!("PUT {path}"), &value[1..])).await;
    assert_eq!(put.both(), (200, String::new()));
    assert!(node.plain(&format!("GET {path}")).await.body == value[1..]);
}

#[tokio::test]
async fn a_larger_one_is_refused_and_nothing_is_written() {
    let node = Node::start().await;
    let path = format!("/resources/stores/kv/{}/keys/large", node.store("kv", "large").await);
    let line = format!("PUT {path}");
    // Said before, only the head is needed: nobody sends 25 MiB for nothing.
    let head = format!(
        "{line} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\nFastly-Key: {TOKEN}\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        KV_VALUE_MAX + 1
    );
    let refused = node.raw(head.as_bytes()).await;
    assert_eq!(refused.status, 413);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    // Not said before, it is read up to the limit.
    let refused = node.raw(&chunked(&line, &value(KV_VALUE_MAX + 1))).await;
    assert_eq!(refused.status, 413);
    assert_eq!(node.plain(&format!("GET {path}")).await.status, 404);
}

#[tokio::test]
async fn what_is_appended_counts_to_the_limit() {
    let node = Node::start().await;
    let line = format!("PUT /resources/stores/kv/{}/keys/k", node.store("kv", "grown").await);
    assert_eq!(node.call(&line, &[], &value(KV_VALUE_MAX - 1)).await.status, 200);
    let append = format!("{line}?append=true");
    assert_eq!(node.call(&append, &[], b"1").await.status, 200);
    assert_eq!(node.call(&append, &[], b"2").await.status, 413);
    assert_eq!(node.call(&format!("{line}?prepend=true"), &[], b"").await.status, 200);
}

#[tokio::test]
async fn a_body_that_breaks_off_writes_nothing() {
    let node = Node::start().await;
    let path = format!("/resources/stores/kv/{}/keys/half", node.store("kv", "half").await);
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: admin\r\nFastly-Key: {TOKEN}\r\nTransfer-Encoding: chunked\r\n\r\n\
         4\r\nhalf\r\nno chunk\r\n"
    );
    node.raw(head.as_bytes()).await;
    assert_eq!(node.plain(&format!("GET {path}")).await.status, 404);
}
