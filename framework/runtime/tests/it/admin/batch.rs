//! Batches that are longer than what is held of them.

use base64::{Engine, engine::general_purpose::STANDARD};
use selvedge_model::limits::KV_VALUE_MAX;

use super::Node;

fn line(key: &str, value: &[u8]) -> String {
    format!("{{\"key\":\"{key}\",\"value\":\"{}\"}}\n", STANDARD.encode(value))
}

#[tokio::test]
async fn a_batch_of_many_lines_is_written_in_their_order() {
    let node = Node::start().await;
    let store = format!("/resources/stores/kv/{}", node.store("kv", "many").await);
    // More than several groups; every key twice, the second time with what must stay.
    let lines = |value: &'static [u8]| (0..700).map(move |n| line(&format!("k{n:03}"), value));
    let body: String = lines(b"first").chain(lines(b"second")).collect();
    let done = node.call(&format!("PUT {store}/batch"), &[], body.as_bytes()).await;
    assert_eq!(done.both(), (200, r#"{"type":"","title":"success","errors":[]}"#.to_owned()));
    for key in ["k000", "k255", "k256", "k699"] {
        assert_eq!(node.plain(&format!("GET {store}/keys/{key}")).await.text(), "second");
    }
    let page = node.plain(&format!("GET {store}/keys?limit=1000")).await.text();
    assert_eq!(page.matches("\"k").count(), 700);
}

#[tokio::test]
async fn the_largest_value_fits_into_a_line_and_a_larger_one_is_said_to_be_so() {
    let node = Node::start().await;
    let store = format!("/resources/stores/kv/{}", node.store("kv", "large").await);
    let over = "x".repeat(KV_VALUE_MAX * 2);
    let body = [
        line("before", b"1"),
        line("largest", &vec![7; KV_VALUE_MAX]),
        line("larger", &vec![7; KV_VALUE_MAX + 1]),
        format!("{{\"key\":\"endless\",\"value\":\"{over}\"}}\n"),
        line("after", b"2"),
    ];
    let done = node.call(&format!("PUT {store}/batch"), &[], body.concat().as_bytes()).await;
    let errors = r#"[{"key":"larger","index":2,"code":"413","reason":"the value has at most 26214400 bytes, not 26214401"},{"key":"","index":3,"code":"413","reason":"the line is longer than an item of 26214400 bytes can be"}]"#;
    assert_eq!(
        done.both(),
        (207, format!(r#"{{"type":"","title":"multi-status","errors":{errors}}}"#))
    );
    let keys = node.plain(&format!("GET {store}/keys")).await;
    assert_eq!(keys.text(), r#"{"data":["after","before","largest"],"meta":{"limit":1000}}"#);
    let largest = node.plain(&format!("GET {store}/keys/largest")).await;
    assert_eq!(largest.header("content-length"), Some("26214400"));
}

#[tokio::test]
async fn a_batch_with_too_much_wrong_is_given_up() {
    let node = Node::start().await;
    let store = format!("/resources/stores/kv/{}", node.store("kv", "wrong").await);
    let wrong = line("..", b"").repeat(1000);
    let enough = format!("{}{wrong}", line("first", b""));
    let done = node.call(&format!("PUT {store}/batch"), &[], enough.as_bytes()).await;
    assert_eq!((done.status, done.text().matches("\"index\":").count()), (207, 1000));
    let more = format!("{enough}{}", line("last", b""));
    let done = node.call(&format!("PUT {store}/batch"), &[], more.as_bytes()).await.text();
    let end = r#"{"key":"","index":1001,"code":"400","reason":"1000 lines failed; this one and the rest were not read"}]}"#;
    assert!(done.ends_with(end), "{done}");
    let keys = node.plain(&format!("GET {store}/keys")).await;
    assert_eq!(keys.text(), r#"{"data":["first"],"meta":{"limit":1000}}"#);
}
