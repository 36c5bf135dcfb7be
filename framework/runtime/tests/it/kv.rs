//! KV stores through handlers: what one POP writes and another one reads, bodies in and out.

use std::time::Duration;

use selvedge::{Binding, Service, model::limits::KV_VALUE_MAX, prelude::*};
use selvedge_testkit::{Answer, Edge, Method};

const MANIFEST: &str = r#"
manifest_version = 1
name = "kv"
[pops.LHR]
[pops.IAD]
[kv_stores.files-store]
[services.site]
type = "compute"
handler = "site"
domains = ["site.localhost"]
links.files = { kv_store = "files-store" }
"#;

#[kv_store("files")]
struct Files;

/// Files by path: PUT writes one, for a minute where the query says so; GET reads one.
fn site() -> Service {
    let put = |files: Files, uri: Uri, body: Body| async move {
        let put = files.put_body(uri.path(), body);
        let put = if uri.query() == Some("brief") { put.ttl(Duration::from_secs(60)) } else { put };
        Ok::<_, Error>(put.await?.to_string())
    };
    let get = |files: Files, uri: Uri| async move {
        Ok::<_, Error>(match files.get_body(uri.path()).await? {
            Some(item) => item.value.into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        })
    };
    let router = Router::new().fallback(routing::get(get).put(put));
    Service::new("site", router, vec![Files::NEED])
}

async fn put(edge: &Edge, pop: &str, path: &str, body: impl Into<Body>) -> Answer {
    let url = format!("http://site.localhost{path}");
    edge.request(Method::PUT, &url).at(pop).body(body).send().await
}

async fn get(edge: &Edge, pop: &str, path: &str) -> String {
    let url = format!("http://site.localhost{path}");
    let answer = edge.request(Method::GET, &url).at(pop).send().await;
    if answer.status == StatusCode::NOT_FOUND { "none".to_owned() } else { answer.text() }
}

#[tokio::test]
async fn another_pop_sees_a_write_after_the_lag() {
    let lag = Duration::from_millis(300);
    let edge = Edge::from_toml(MANIFEST).kv_lag(lag).service(site()).start().await;
    assert_eq!(put(&edge, "LHR", "/a", "old").await.status, 200);
    assert_eq!(get(&edge, "IAD", "/a").await, "old");
    put(&edge, "LHR", "/a", "new").await;
    assert_eq!(get(&edge, "LHR", "/a").await, "new");
    assert_eq!(get(&edge, "IAD", "/a").await, "old");
    edge.advance(lag).await;
    assert_eq!(get(&edge, "IAD", "/a").await, "new");
}

#[tokio::test]
async fn without_a_lag_it_sees_it_at_once() {
    let edge = Edge::from_toml(MANIFEST).service(site()).start().await;
    assert_eq!(get(&edge, "IAD", "/a").await, "none");
    put(&edge, "LHR", "/a", "new").await;
    assert_eq!(get(&edge, "IAD", "/a").await, "new");
}

#[tokio::test]
async fn an_item_ends_in_every_pop() {
    let edge = Edge::from_toml(MANIFEST).service(site()).start().await;
    put(&edge, "LHR", "/a?brief", "v").await;
    assert_eq!(
        (get(&edge, "LHR", "/a").await, get(&edge, "IAD", "/a").await),
        ("v".into(), "v".into())
    );
    edge.advance(Duration::from_secs(60)).await;
    for pop in ["LHR", "IAD"] {
        assert_eq!(get(&edge, pop, "/a").await, "none", "{pop}");
    }
}

#[tokio::test]
async fn the_largest_value_goes_through_and_one_byte_more_does_not() {
    let edge = Edge::from_toml(MANIFEST).service(site()).start().await;
    assert_eq!(put(&edge, "LHR", "/a", vec![b'x'; KV_VALUE_MAX]).await.status, 200);
    let url = "http://site.localhost/a";
    for _ in 0..2 {
        let answer = edge.request(Method::GET, url).at("LHR").send().await;
        assert_eq!(answer.body.len(), KV_VALUE_MAX);
    }
    let refused = put(&edge, "LHR", "/a", vec![b'x'; KV_VALUE_MAX + 1]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
}
